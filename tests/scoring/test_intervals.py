"""Intervals are the ones that sacrebleu computes with the same seed."""

import numpy as np
import pytest
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.ter import TER

from posteditor.errors import ScoringError
from posteditor.scoring.intervals import StatisticsTable, bootstrap_interval, score_with_interval
from posteditor.scoring.metrics import Metric, create_metric
from posteditor.scoring.running import RunningCorpus
from tests.scoring.made_up_pairs import texts


def _corpus(metric: Metric, pairs: list[tuple[str, tuple[str, ...]]]) -> tuple[RunningCorpus, StatisticsTable]:
    corpus, table = RunningCorpus(metric), StatisticsTable(metric.width)
    for text, references in pairs:
        statistics = metric.statistics(text, references)
        corpus.add(statistics, len(references))
        table.append(statistics)
    return corpus, table


@pytest.mark.parametrize("name", ["bleu", "chrf++", "ter"])
@pytest.mark.parametrize("references", [1, 3])
@pytest.mark.parametrize("resamples", [1000, 99])
def test_equals_sacrebleu(name: str, references: int, resamples: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SACREBLEU_SEED", raising=False)
    pairs = list(texts(8, 61, references=references, longest=12))
    corpus, table = _corpus(create_metric(name), pairs)
    oracle = {"bleu": BLEU(), "chrf++": CHRF(word_order=2), "ter": TER()}[name]
    streams = [list(stream) for stream in zip(*(refs for _, refs in pairs), strict=True)]
    expected = oracle.corpus_score([text for text, _ in pairs], streams, n_bootstrap=resamples)
    score = score_with_interval(corpus, table, resamples=resamples)
    assert score is not None
    assert score.interval is not None
    assert (score.value, score.signature) == (expected.score, str(oracle.get_signature()))
    assert 0.5 * (score.interval.high - score.interval.low) == expected._ci
    assert score.interval.low <= score.interval.high


def test_the_next_plain_score_has_a_plain_signature() -> None:
    corpus, table = _corpus(create_metric("bleu"), list(texts(8, 5)))
    score_with_interval(corpus, table, resamples=40)
    score = corpus.score()
    assert score is not None
    assert "bs:" not in score.signature


def test_seeds_make_a_difference_and_repeat() -> None:
    metric = create_metric("ter")
    _, table = _corpus(metric, list(texts(8, 40)))
    one, two, again = (bootstrap_interval(metric, table, resamples=200, seed=seed) for seed in (1, 2, 1))
    assert one == again != two


def test_drawing_one_by_one_is_drawing_all_at_once() -> None:
    """sacrebleu draws all indices with one call; equal streams are what makes equal intervals."""
    at_once = np.random.default_rng(5).choice(61, size=(7, 61), replace=True)
    generator = np.random.default_rng(5)
    assert [generator.integers(0, 61, size=61).tolist() for _ in range(7)] == at_once.tolist()


def test_too_few_segments() -> None:
    corpus, table = _corpus(create_metric("bleu"), [("a b c d", ("a b c d",))])
    with pytest.raises(ScoringError, match="at least 2 segments"):
        bootstrap_interval(corpus.metric, table)
    score = score_with_interval(corpus, table)
    assert score == corpus.score()


def test_a_table_refuses_statistics_of_another_metric() -> None:
    with pytest.raises(ValueError, match="3 numbers, expected 2"):
        StatisticsTable(2).append((1, 2, 3))
