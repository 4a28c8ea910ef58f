"""Statistics of many texts at once are the ones that sacrebleu counts text by text."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posteditor.errors import ScoringError
from posteditor.scoring import ngram_matches
from posteditor.scoring.metrics import create_metric, metric_names
from posteditor.scoring.ngram_matches import matching_ngrams
from tests.scoring.made_up_pairs import texts


def assert_counted_alike(name: str, systems: list[list[str]], references: list[list[str]], lang: str = "") -> None:
    metric = create_metric(name, lang)
    found = metric.statistics_of_systems(systems, references)
    expected = [
        [metric.statistics(text, ours) for text in theirs] for theirs, ours in zip(systems, references, strict=True)
    ]
    assert found.dtype == np.float64
    assert found.tolist() == [[list(row) for row in rows] for rows in expected]


def made_up(seed: int, segments: int, most: int) -> tuple[list[list[str]], list[list[str]]]:
    """Three systems, the last of which is often one of the references, and 1 to ``most`` references."""
    pairs = list(texts(seed, segments, references=most))
    references = [list(refs[: 1 + number % most]) for number, (_, refs) in enumerate(pairs)]
    others = [pairs[number - 1][0] for number in range(segments)]
    systems = [[text, other, refs[-1]] for (text, _), other, refs in zip(pairs, others, references, strict=True)]
    return systems, references


@pytest.mark.parametrize("name", metric_names())
@pytest.mark.parametrize("most", [1, 2, 4])
def test_made_up_texts(name: str, most: int) -> None:
    assert_counted_alike(name, *made_up(most, 150, most))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_any_texts(data: st.DataObject) -> None:
    text = st.text(max_size=20) | st.text("ab. ", max_size=30)
    systems = data.draw(st.integers(1, 3))
    segments = data.draw(
        st.lists(
            st.tuples(st.lists(text, min_size=systems, max_size=systems), st.lists(text, min_size=1, max_size=3)),
            min_size=1,
            max_size=4,
        )
    )
    for name in ("bleu", "chrf", "chrf++"):
        assert_counted_alike(name, [theirs for theirs, _ in segments], [ours for _, ours in segments])


@pytest.mark.parametrize("name", ["bleu", "chrf", "chrf++"])
@pytest.mark.parametrize("text", ["", " \t", "a", "\udcff \ud800", "漢字かな交じり文。", "👩‍👩‍👧 😀", "word " * 500])
def test_edge_cases(name: str, text: str) -> None:
    assert_counted_alike(name, [[text, ""], ["a b", text]], [[text, "a reference"], [""]])


def test_chinese_words_are_cut_as_for_one_text() -> None:
    assert_counted_alike("bleu", [["他拒绝置评。"]], [["他拒绝详细说明。"]], "zh")


@pytest.mark.parametrize("name", ["bleu", "chrf", "chrf++"])
@pytest.mark.parametrize("bits", [22, 26, 40, 62])
def test_many_different_symbols(name: str, bits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Integers too small for six characters of a large alphabet: n-grams are numbered anew in between."""
    monkeypatch.setattr(ngram_matches, "_BITS", bits)
    rng = random.Random(bits)
    references = [["".join(chr(0x4E00 + rng.randrange(300)) + " " * rng.randrange(2) for _ in range(120))]]
    systems = [[references[0][0][7:], references[0][0][:50] * 2, references[0][0].replace("一", " ")]]
    assert_counted_alike(name, systems * 2, references * 2)


def test_matches_counted_by_hand() -> None:
    symbols = np.array([0, 1, 0, 1, 0, 0, 1, 1, 0])  # references 0 1 0 and 1 0, text 0 1 1 0
    lengths = np.array([[3, 2, 4]])
    apart = matching_ngrams(symbols, lengths, 2, 3, merged=False)
    assert apart.tolist() == [[[[3]], [[2]]], [[[2]], [[1]]], [[[0]], [[0]]]]
    assert matching_ngrams(symbols, lengths, 2, 3, merged=True).tolist() == [[[[3]]], [[[2]]], [[[0]]]]


@pytest.mark.parametrize("name", metric_names())
def test_no_references_is_an_error(name: str) -> None:
    with pytest.raises(ScoringError, match="without references"):
        create_metric(name).statistics_of_systems([["a"], ["b"]], [["a"], []])
