"""Running totals give the same score as counting again."""

import pytest

from posteditor.scoring.metrics import create_metric, metric_names
from posteditor.scoring.running import RunningCorpus
from tests.scoring.made_up_pairs import texts


def test_nothing_has_no_score() -> None:
    assert RunningCorpus(create_metric("bleu")).score() is None


@pytest.mark.parametrize("name", metric_names())
def test_changes_give_what_counting_again_gives(name: str) -> None:
    metric = create_metric(name)
    pairs = [(*metric_pair, len(metric_pair[1])) for metric_pair in texts(3, 60, references=3, longest=12)]
    changed = [text for text, _ in texts(4, 60, longest=12)]
    corpus, again = RunningCorpus(metric), RunningCorpus(metric)
    for text, references, count in pairs:
        corpus.add(metric.statistics(text, references), count)
    untouched = corpus.copy()
    before = corpus.score()
    for (text, references, count), other in zip(pairs, changed, strict=True):
        corpus.replace(metric.statistics(text, references), metric.statistics(other, references))
        again.add(metric.statistics(other, references), count)
    assert corpus.score() == again.score() != before
    assert untouched.score() == before


def test_a_segment_can_go_again() -> None:
    metric = create_metric("ter")
    corpus = RunningCorpus(metric)
    corpus.add((1, 4.0), 1)
    corpus.add((3, 5.0), 2)
    assert corpus.count == 2
    corpus.remove((3, 5.0), 2)
    assert corpus.count == 1
    assert corpus.totals == (1, 4.0)
    score = corpus.score()
    assert score is not None
    assert score.signature.startswith("nrefs:1|")


def test_statistics_of_another_metric_are_refused() -> None:
    corpus = RunningCorpus(create_metric("ter"))
    with pytest.raises(ValueError, match="zip"):
        corpus.add((1, 2, 3))
