"""Which differences between texts don't count."""

import unicodedata
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posteditor.cleaning.duplicates.folding import Characters, characters, folded_further, wide
from posteditor.cleaning.duplicates.settings import Fold

FOLDS: list[Fold] = ["form", "space", "case", "punctuation", "digits"]
TEXTS = st.lists(st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=12), max_size=6)


def read(folded: Characters) -> list[str]:
    return ["".join(map(chr, folded.codes[start:end].tolist())) for start, end in pairwise(folded.offsets.tolist())]


@pytest.mark.parametrize(
    ("folds", "text", "expected"),
    [
        ((), " A\u0301\u00a0 b\n", " A\u0301\u00a0 b\n"),
        (("form",), "A\u0301", "\u00c1"),
        (("space",), "  a \t\u3000b\u200b\u00ad\r\nc  ", "a b c"),
        (("space",), " \n ", ""),
        (("case",), "ÀB ΑΣΣ ﬀ ß ẞ", "àb ασσ ﬀ ß ß"),
        (("punctuation",), "«Non-stop», 5 €!", "Nonstop 5 "),
        (("punctuation", "space"), "a , b . ", "a b"),
        (("digits",), "in 1999: ١٢٫٥ 007", "in 0: 0٫0 0"),
        (("space",), "in 1999 007", "in 1999 007"),
        (("digits",), "a  b", "a  b"),
        (("case", "space"), "\U00020000 \U0001f600", "\U00020000 \U0001f600"),
    ],
)
def test_what_each_fold_does(folds: tuple[str, ...], text: str, expected: str) -> None:
    # Neighbours on both sides: nothing may reach across.
    assert read(characters([text, text, "", text], folds)) == [expected, expected, "", expected]


@given(TEXTS, st.sets(st.sampled_from(FOLDS)))
def test_folded_together_as_alone(texts: list[str], folds: set[str]) -> None:
    assert read(characters(texts, sorted(folds))) == [
        text for one in texts for text in read(characters([one], sorted(folds)))
    ]


@given(TEXTS)
def test_nothing_folded_is_the_text(texts: list[str]) -> None:
    assert read(characters(texts, ())) == texts


@given(TEXTS)
def test_space_folds_what_split_splits(texts: list[str]) -> None:
    for text, folded in zip(texts, read(characters(texts, ("space",))), strict=True):
        visible = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
        visible = "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in visible)
        assert folded == " ".join(visible.split())


@given(TEXTS, st.sets(st.sampled_from(FOLDS)), st.sets(st.sampled_from(FOLDS)))
def test_what_is_the_same_stays_the_same_when_more_is_folded(texts: list[str], few: set[str], more: set[str]) -> None:
    before, after = sorted(few), sorted(few | more)
    variants = [*texts, *(unicodedata.normalize("NFD", text) for text in texts), *(text.upper() for text in texts)]
    folded = characters(variants, before)
    further = read(folded_further(folded, before, after))
    of_one: dict[str, str] = {}
    for early, late in zip(read(folded), further, strict=True):
        assert of_one.setdefault(early, late) == late


def test_wide_characters() -> None:
    codes = np.array([ord(letter) for letter in "a語カ글é\U00020000\U0001f1e9\U000e0041"], np.uint32)
    assert wide(codes).tolist() == [False, True, True, True, False, True, False, False]
