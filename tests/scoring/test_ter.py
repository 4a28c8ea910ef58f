"""Our TER is sacrebleu's, number for number, and can be called off."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sacrebleu.metrics.lib_ter import BeamEditDistance, trace_to_alignment, translation_edit_rate

from posteditor.scoring.banded import BandedDistance, Cancelled
from posteditor.scoring.ter import edits_to, never_stop
from tests.scoring.made_up_pairs import word_pairs


def _shuffled(count: int, seed: int) -> tuple[list[str], list[str]]:
    reference = [f"w{number}" for number in range(count)]
    text = list(reference)
    random.Random(seed).shuffle(text)
    return text, reference


def _assert_aligned_like_sacrebleu(text: list[str], reference: list[str]) -> None:
    codes = {word: chr(0x100 + number) for number, word in enumerate(dict.fromkeys([*text, *reference]))}
    distances = BandedDistance("".join(codes[word] for word in reference), len(text), never_stop)
    alignment, rows = distances.align("".join(codes[word] for word in text))
    distance, trace = BeamEditDistance(reference)(text)
    # They align by rewriting the other way round, so missing words are words too many.
    places, reference_wrong, text_wrong = trace_to_alignment(trace.translate(str.maketrans("id", "di")))
    assert alignment.distance == distance
    assert list(alignment.text_wrong) == [bool(wrong) for wrong in text_wrong]
    assert list(alignment.reference_wrong) == [bool(wrong) for wrong in reference_wrong]
    assert list(alignment.text_at) == [places[at] for at in range(len(reference))]
    middle = len(text) // 2
    assert distances.distance("".join(codes[word] for word in text), rows, middle) == distance


@pytest.mark.parametrize(
    ("text", "reference", "edits"),
    [
        # Counted by hand: shifts and other edits are worth one each.
        ("", "", 0),
        ("", "a b", 2),
        ("a b", "", 2),
        ("a b c", "a b c", 0),
        ("a x c", "a b c", 1),
        ("c d e a b", "a b c d e", 1),
        ("b a", "a b", 1),
        ("a b c d e f g", "e f g a b c d", 1),
        ("a b", "x y", 2),
    ],
)
def test_by_hand(text: str, reference: str, edits: int) -> None:
    assert edits_to(text.split(), reference.split()) == edits


def test_garbled_pairs_equal_sacrebleu() -> None:
    for text, reference in word_pairs(1, 1500, 28):
        assert edits_to(text, reference) == translation_edit_rate(text, reference)[0], (text, reference)


def test_long_garbled_pairs_equal_sacrebleu() -> None:
    for text, reference in word_pairs(2, 40, 150):
        assert edits_to(text, reference) == translation_edit_rate(text, reference)[0], (text, reference)


@pytest.mark.parametrize(("count", "sentences"), [(26, 5), (40, 3), (80, 1)])
def test_shuffled_sentences_equal_sacrebleu(count: int, sentences: int) -> None:
    for seed in range(sentences):
        text, reference = _shuffled(count, seed)
        assert edits_to(text, reference) == translation_edit_rate(text, reference)[0]


@pytest.mark.slow
def test_many_pairs_equal_sacrebleu() -> None:
    for text, reference in [*word_pairs(3, 8_000, 40), *word_pairs(4, 150, 200)]:
        assert edits_to(text, reference) == translation_edit_rate(text, reference)[0], (text, reference)


_WORDS = st.lists(st.sampled_from("abcde"), max_size=30)


@settings(max_examples=200, deadline=None)
@given(_WORDS, _WORDS)
def test_any_pair_equals_sacrebleu(text: list[str], reference: list[str]) -> None:
    assert edits_to(text, reference) == translation_edit_rate(text, reference)[0]


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 120), st.integers(1, 400), st.integers(1, 6), st.integers(0, 2**32))
def test_the_band_cuts_where_sacrebleu_cuts(text_length: int, width: int, words: int, seed: int) -> None:
    rng = random.Random(seed)
    text = [str(rng.randrange(words)) for _ in range(text_length)]
    reference = [str(rng.randrange(words)) for _ in range(width)]
    _assert_aligned_like_sacrebleu(text, reference)


def test_the_band_can_miss_the_shortest_way() -> None:
    """Sixty words moved past the band: the plain distance is 120, what counts is more."""
    reference = [f"w{number}" for number in range(200)]
    text = [f"x{number}" for number in range(60)] + reference[:140]
    _assert_aligned_like_sacrebleu(text, reference)
    assert edits_to(text, reference) == translation_edit_rate(text, reference)[0] > 120


def test_long_sentences_can_be_called_off() -> None:
    text, reference = _shuffled(160, 1)
    asked = 0

    def should_stop() -> bool:
        nonlocal asked
        asked += 1
        return asked == 5

    with pytest.raises(Cancelled):
        edits_to(text, reference, should_stop)
    assert asked == 5


def test_alignments_of_huge_sentences_can_be_called_off() -> None:
    with pytest.raises(Cancelled):
        edits_to(["a", "b"] * 2000, ["b", "c"] * 2000, lambda: True)


def test_one_word_repeated_is_quick_to_see_as_equal() -> None:
    assert edits_to(["the"] * 3000, ["the"] * 3000) == 0
