"""Every score equals sacrebleu's own, sentence and corpus, with one and with many references."""

import subprocess
import sys
from collections.abc import Callable
from itertools import zip_longest
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.ter import TER
from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a
from sacrebleu.tokenizers.tokenizer_re import TokenizerRegexp

from posteditor.core.score import Score
from posteditor.errors import ScoringError
from posteditor.scoring.metrics import (
    DEFAULT_METRICS,
    SLOW_METRICS,
    Metric,
    corpus_statistics,
    create_metric,
    create_metrics,
    metric_names,
)
from posteditor.scoring.running import RunningCorpus
from tests.scoring.made_up_pairs import texts

# By name: how sacrebleu is asked for a corpus and for a sentence.
ORACLES: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    "bleu": (BLEU, lambda: BLEU(effective_order=True)),
    "chrf": (CHRF, CHRF),
    "chrf++": (lambda: CHRF(word_order=2), lambda: CHRF(word_order=2)),
    "ter": (TER, TER),
    "ter-cased": (lambda: TER(case_sensitive=True), lambda: TER(case_sensitive=True)),
}


def _corpus(metric: Metric, pairs: list[tuple[str, tuple[str, ...]]]) -> Score:
    corpus = RunningCorpus(metric)
    for text, references in pairs:
        if references:
            corpus.add(metric.statistics(text, references), len(references))
    score = corpus.score()
    assert score is not None
    return score


def test_every_metric_has_an_oracle() -> None:
    assert set(metric_names()) == set(ORACLES)
    assert set(DEFAULT_METRICS) <= set(metric_names())


@pytest.mark.parametrize("name", ORACLES)
@pytest.mark.parametrize("references", [1, 3])
def test_equals_sacrebleu(name: str, references: int) -> None:
    metric, sentence_oracle = create_metric(name), ORACLES[name][1]()
    # sacrebleu's own TER is what takes the time here.
    pairs = list(texts(references, 150 if name in SLOW_METRICS else 700, references=references))
    for text, refs in pairs:
        score = metric.sentence_score(metric.statistics(text, refs), references)
        assert score.value == sentence_oracle.sentence_score(text, list(refs)).score, (text, refs)
        assert score.signature == str(sentence_oracle.get_signature())
    oracle = ORACLES[name][0]()
    streams = [list(stream) for stream in zip(*(refs for _, refs in pairs), strict=True)]
    expected = oracle.corpus_score([text for text, _ in pairs], streams)
    got = _corpus(metric, pairs)
    assert (got.value, got.signature) == (expected.score, str(oracle.get_signature()))
    assert got.higher_is_better is not name.startswith("ter")


@pytest.mark.parametrize("name", ORACLES)
def test_segments_with_different_numbers_of_references(name: str) -> None:
    pairs = [(text, refs[: 1 + number % 3]) for number, (text, refs) in enumerate(texts(9, 120, references=3))]
    oracle = ORACLES[name][0]()
    streams = [list(stream) for stream in zip_longest(*(refs for _, refs in pairs))]
    expected = oracle.corpus_score([text for text, _ in pairs], streams)
    got = _corpus(create_metric(name), [*pairs, ("left out", ())])
    assert (got.value, got.signature) == (expected.score, str(oracle.get_signature()))
    assert "nrefs:var" in got.signature


@pytest.mark.parametrize("name", ORACLES)
@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("", ""),
        ("", "a reference"),
        ("a text", ""),
        (" \t", "\n"),
        ("the same words", "the same words"),
        ("The Same Words", "the same words"),
        ("aaa", "bbb"),
        ("漢字かな交じり文", "漢字かな文"),
        ("👩‍👩‍👧 😀", "😀 👩‍👩‍👧"),
        ("\udcff lone surrogate", "lone surrogate"),
        ("\x1b[31m[bold]", "[/]"),
        ("word " * 500, "word " * 400 + "end"),
    ],
)
def test_edge_cases_equal_sacrebleu(name: str, text: str, reference: str) -> None:
    metric = create_metric(name)
    statistics = metric.statistics(text, (reference,))
    assert len(statistics) == metric.width
    expected = ORACLES[name][1]().sentence_score(text, [reference]).score
    assert metric.sentence_score(statistics).value == expected
    assert metric.corpus_score(statistics).value == ORACLES[name][0]().corpus_score([text], [[reference]]).score


@pytest.mark.parametrize("name", ORACLES)
def test_scale_and_direction(name: str) -> None:
    metric = create_metric(name)
    same = metric.sentence_score(metric.statistics("one two three four five", ("one two three four five",))).value
    other = metric.sentence_score(metric.statistics("x y z", ("one two three four five",))).value
    best, worst = (100, 0) if metric.higher_is_better else (0, 100)
    assert same == pytest.approx(best)
    assert other == worst


def test_signatures_as_sacrebleu_writes_them() -> None:
    start = "nrefs:1|case:"
    signatures = [create_metric(name).corpus_score((1,) * create_metric(name).width).signature for name in ORACLES]
    assert [signature[: signature.rindex("|version:")] for signature in signatures] == [
        start + "mixed|eff:no|tok:13a|smooth:exp",
        start + "mixed|eff:yes|nc:6|nw:0|space:no",
        start + "mixed|eff:yes|nc:6|nw:2|space:no",
        start + "lc|tok:tercom|norm:no|punct:yes|asian:no",
        start + "mixed|tok:tercom|norm:no|punct:yes|asian:no",
    ]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.lists(st.text(max_size=60), min_size=1, max_size=3))
def test_any_text_equals_sacrebleu(text: str, references: list[str]) -> None:
    for name, (_, oracle) in ORACLES.items():
        metric = create_metric(name)
        expected = oracle().sentence_score(text, references).score
        assert metric.sentence_score(metric.statistics(text, references)).value == expected


def test_case_counts_only_for_the_cased_error_rate() -> None:
    values = {
        name: create_metric(name).sentence_score(create_metric(name).statistics("The Aide", ("the aide",))).value
        for name in ("ter", "ter-cased")
    }
    assert values == {"ter": 0, "ter-cased": 100}


@pytest.mark.parametrize("tag", ["zh", "zh-Hant-TW", "zh_CN", "cmn"])
def test_chinese_is_cut_as_sacrebleu_cuts_it(tag: str) -> None:
    metric = create_metric("BLEU", tag)
    expected = BLEU(tokenize="zh", effective_order=True).sentence_score("他拒绝置评。", ["他拒绝详细说明。"])
    score = metric.sentence_score(metric.statistics("他拒绝置评。", ("他拒绝详细说明。",)))
    assert score.value == expected.score
    assert "tok:zh" in score.signature


@pytest.mark.parametrize(("tag", "extra"), [("ja", "sacrebleu[ja]"), ("ko-KR", "sacrebleu[ko]")])
def test_a_missing_tokenizer_is_told_with_its_remedy(tag: str, extra: str) -> None:
    pytest.importorskip("sacrebleu")
    try:
        score = create_metric("bleu", tag).corpus_score((1,) * 10)
    except ScoringError as error:
        assert extra in error.hint
    else:  # the extra is installed here
        assert "mecab" in score.signature
    assert create_metric("chrf++", tag).label == "chrF++"


def test_an_unknown_metric_is_told_with_the_known_ones() -> None:
    with pytest.raises(ScoringError, match="unknown metric 'chrff'") as caught:
        create_metric("chrff")
    assert "Did you mean chrf?" in caught.value.hint
    assert all(name in caught.value.hint for name in metric_names())


def test_names_ignore_case_and_repetition() -> None:
    assert [metric.name for metric in create_metrics(["TER", "chrF++", "ter"])] == ["ter", "chrf++"]


def test_lengths_are_checked_because_sacrebleu_cuts_silently() -> None:
    assert BLEU().corpus_score(["a b c d", "x"], [["a b c d"]]).score == pytest.approx(100)
    with pytest.raises(ScoringError, match="2 texts but references for 1 segments"):
        corpus_statistics(create_metric("bleu"), ["a b c d", "x"], [("a b c d",)])


@pytest.mark.parametrize("name", ORACLES)
def test_no_references_is_an_error(name: str) -> None:
    with pytest.raises(ScoringError, match="without references"):
        create_metric(name).statistics("text", ())


def test_sacrebleu_does_not_keep_the_texts_of_a_long_file() -> None:
    metric = create_metric("bleu")
    for number in range(3000):
        metric.statistics(f"text {number}", (f"reference {number}",))
    for tokenizer in (Tokenizer13a, TokenizerRegexp):
        kept = tokenizer.__call__.cache_info().currsize
        assert 0 < kept <= 2100


def test_corpus_statistics_leave_out_segments_without_references() -> None:
    metric = create_metric("ter")
    assert corpus_statistics(metric, ["a", "b"], [(), ("b c",)]) == [(1, 2.0)]


def test_importing_costs_no_sacrebleu() -> None:
    modules = ["posteditor.scoring.metrics", "posteditor.scoring.intervals", "posteditor.scoring.running"]
    modules += ["posteditor.scoring.significance", "posteditor.scoring.many_systems"]
    modules += ["posteditor.scoring.effort", "posteditor.services.evaluating", "posteditor.services.scoring_lane"]
    code = f"import sys, {', '.join(modules)}; print([m for m in ('sacrebleu', 'numpy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
