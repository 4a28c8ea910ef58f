"""What we use of sacrebleu beyond its public interface exists and gives what we take it to give."""

import inspect
import sys
from typing import Any

import pytest
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.ter import TER

METRICS: dict[str, tuple[Any, int]] = {
    "bleu": (BLEU(), 10),
    "chrf": (CHRF(), 18),
    "chrf++": (CHRF(word_order=2), 24),
    "ter": (TER(), 2),
}


@pytest.mark.parametrize("name", METRICS)
def test_statistics_of_a_segment_are_numbers_of_a_fixed_width(name: str) -> None:
    metric, width = METRICS[name]
    for text, reference in [("a b c", "a c"), ("", ""), ("", "a"), ("a", "")]:
        known = metric._extract_reference_info([metric._preprocess_segment(reference)])
        statistics = metric._compute_segment_statistics(metric._preprocess_segment(text), known)
        assert len(statistics) == width
        assert all(isinstance(number, int | float) for number in statistics)


@pytest.mark.parametrize("name", METRICS)
def test_a_score_follows_from_added_statistics(name: str) -> None:
    metric, _ = METRICS[name]
    texts, references = ["a b c d e", "x y"], ["a b c d f", "x z"]
    statistics = metric._extract_corpus_statistics(texts, [references])
    totals = [sum(column) for column in zip(*statistics, strict=True)]
    score = metric._compute_score_from_stats(totals)
    assert score.score == metric.corpus_score(texts, [references]).score
    assert totals == [sum(column) for column in zip(*statistics, strict=True)]  # and leaves them alone


def test_chrf_cuts_words_with_a_method_of_its_own() -> None:
    assert [METRICS[name][0].word_order for name in ("chrf", "chrf++")] == [0, 2]
    assert METRICS["chrf++"][0]._remove_punctuation("a (b) c.") == ["a", "(b", ")", "c", "."]


@pytest.mark.parametrize("name", METRICS)
def test_the_signature_reads_these_attributes(name: str) -> None:
    metric, _ = METRICS[name]
    metric.num_refs, metric.n_bootstrap, metric.seed = -1, 500, "7"
    assert str(metric.get_signature()).startswith("nrefs:var|bs:500|seed:7|")
    metric.num_refs, metric.n_bootstrap, metric.seed = 2, None, None
    assert str(metric.get_signature()).startswith("nrefs:2|case:")


def test_a_missing_tokenizer_raises_runtime_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "MeCab", None)  # as if it were not installed
    monkeypatch.delitem(sys.modules, "sacrebleu.tokenizers.tokenizer_ja_mecab", raising=False)
    with pytest.raises(RuntimeError):
        BLEU(tokenize="ja-mecab")


def test_ter_has_the_limits_that_we_keep() -> None:
    from sacrebleu.metrics import lib_ter

    from posteditor.scoring import banded, ter

    assert lib_ter._MAX_SHIFT_SIZE == ter.MAX_SHIFT_SIZE
    assert lib_ter._MAX_SHIFT_DIST == ter.MAX_SHIFT_DISTANCE
    assert lib_ter._MAX_SHIFT_CANDIDATES == ter.MAX_SHIFT_CANDIDATES
    assert lib_ter._BEAM_WIDTH == banded.BEAM_WIDTH
    assert list(inspect.signature(lib_ter.translation_edit_rate).parameters) == ["words_hyp", "words_ref"]
