"""Aligning long sequences by the words that occur once: right for all, near the best for what is mostly the same."""

import random
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posteditor.core.anchors import Pairs, anchored_pairs
from posteditor.core.diff import _longest_common, word_diff
from posteditor.core.suggestion import apply_edits

WORDS = st.lists(st.sampled_from("abcdefgh,.xyz"), max_size=40)


@given(WORDS, WORDS, st.sampled_from([0, 10, 100]))
def test_pairs_are_equal_words_that_rise_on_both_sides(old: list[str], new: list[str], most_cells: int) -> None:
    asked = []

    def align(left: Sequence[str], right: Sequence[str]) -> Pairs:
        asked.append(len(left) * len(right))
        return _longest_common(left, right)

    pairs = anchored_pairs(old, new, align, most_cells=most_cells)
    assert all(old[i] == new[j] for i, j in pairs)
    assert all(i < k and j < m for (i, j), (k, m) in pairwise(pairs))
    assert max(asked, default=0) <= most_cells


def test_unique_words_hold_the_rest_in_place() -> None:
    pairs = anchored_pairs("xaxbxcx", "yaycyby", lambda left, right: [], most_cells=1)
    assert len(pairs) == 2, "a and one of b, c that crossed"
    assert anchored_pairs("ab", "ab", lambda left, right: [], most_cells=0) == [(0, 0), (1, 1)]


def long_text(words: int, rng: random.Random) -> list[str]:
    vocabulary = [f"w{number}" for number in range(2000)]
    return rng.choices(vocabulary, [1 / (number + 1) for number in range(2000)], k=words)


def test_the_diff_of_a_long_text_shows_the_words_that_changed() -> None:
    rng = random.Random(3)
    old = long_text(5000, rng)
    changed = sorted(rng.sample(range(5000), 300))
    new = [f"new{index}" if index in set(changed) else word for index, word in enumerate(old)]
    edits = word_diff(" ".join(old), " ".join(new))
    assert apply_edits(" ".join(old), edits) == " ".join(new)
    replaced = sum(len(edit.replacement.split()) for edit in edits)
    assert 300 <= replaced <= 330


@pytest.mark.parametrize(
    ("old", "new"),
    [("word " * 5000, "WORD " * 5000), ("a b " * 2500, "b a c " * 2500), ("a " * 20_000, "a b " * 5000)],
)
def test_a_text_that_only_repeats_itself_is_no_trap(old: str, new: str) -> None:
    assert apply_edits(old, word_diff(old, new)) == new  # a table of all words would take minutes
