"""The rule about figures that one side has and the other has not."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from posteditor.cleaning.rule import Bound, BoundedRule, Numbers
from posteditor.cleaning.text_column import CharacterSet, TextColumn, column

_FIGURE = re.compile(r"\d+(?:[.,'’٫٬:/\u00a0\u202f\u2009-]\d+)*")
_SEPARATORS = re.compile(r"[^\d]+")
_DIGITS = CharacterSet(pattern=r"\p{Nd}+")
_ASCII_DIGITS = CharacterSet("123456789")
_NOT_A_DIGIT = bytes(set(range(256)) - set(b"123456789"))
_MOST_IN_WORDS = 20
_MOST_TOLD = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRule(BoundedRule):
    """The sides have different figures. Score, 0-1: how alike they are, 1 where neither has any.

    With ``measure = "figures"`` it is twice the number of figures on both sides by that of all, whatever separates
    their digits and in whatever script these are. Figures up to 20 may be missing on one side, where they may stand in
    words or in Roman numerals. With "digits" it is the likeness (``difflib``) of the rows of all ASCII digits but
    zeros.
    """

    measure: Literal["figures", "digits"] = "figures"
    min: float = 0.5
    BOUNDS: ClassVar[Mapping[str, tuple[float, float]]] = {"min": (0, 1)}

    def columns(self, sources: Sequence[str], targets: Sequence[str]) -> tuple[Numbers, ...]:
        """The likeness of each pair."""
        ones, others = column(sources), column(targets)
        found = np.ones(len(ones))
        if self.measure == "figures":
            likeness, places = _figure_likeness, (ones.counts(_DIGITS) > 0) | (others.counts(_DIGITS) > 0)
        else:
            likeness, places = _digit_likeness, ~_same_digits(ones, others)
        for place in np.flatnonzero(places).tolist():
            found[place] = likeness(ones[place], others[place])
        return (found,)

    def bounds(self) -> tuple[Bound, ...]:
        """As set."""
        return (Bound(self.min),)

    def details(self, source: str, target: str) -> str:
        """The figures that only one side has."""
        ones, others = _counted(_figures(source)), _counted(_figures(target))
        only = [("source", ones - others), ("target", others - ones)]
        return ", ".join(
            f"only the {side} has {' '.join(list(found.elements())[:_MOST_TOLD])}" for side, found in only if found
        )


def _same_digits(ones: TextColumn, others: TextColumn) -> NDArray[np.bool_]:
    """For each pair whether both have the same row of digits."""
    first, first_counts = ones.picked(_ASCII_DIGITS)
    second, second_counts = others.picked(_ASCII_DIGITS)
    same: NDArray[np.bool_] = first_counts == second_counts
    differs = first[np.repeat(same, first_counts)] != second[np.repeat(same, second_counts)]
    pairs = np.repeat(np.flatnonzero(same), first_counts[same])
    same[pairs[differs]] = False
    return same


def _figures(text: str) -> list[str]:
    """The figures, as ASCII digits without what separates them."""
    found = _FIGURE.findall(text)
    if not found:
        return found
    return [_digits(figure) for figure in found]


def _digits(figure: str) -> str:
    digits = _SEPARATORS.sub("", figure)
    if not digits.isascii():
        digits = "".join(str(int(digit)) for digit in digits)
    return digits


def _figure_likeness(source: str, target: str) -> float:
    ones, others = _figures(source), _figures(target)
    # The same digits in a row are the same figures, parted in other ways: 2 000 and 2000, 11: 00 and 11.00.
    if ones == others or "".join(ones) == "".join(others):
        return 1.0
    first, second = _counted(ones), _counted(others)
    only_first, only_second = first - second, second - first
    if not only_second:
        only_first = _large(only_first)
    elif not only_first:
        only_second = _large(only_second)
    common = 2 * (first & second).total()
    total = common + only_first.total() + only_second.total()
    return common / total if total else 1.0


def _counted(figures: Sequence[str]) -> Counter[str]:
    return Counter(figure.lstrip("0") or "0" for figure in figures)


def _large(figures: Counter[str]) -> Counter[str]:
    """Those that nobody writes in words or in Roman numerals."""
    return Counter({figure: count for figure, count in figures.items() if int(figure) > _MOST_IN_WORDS})


def _digit_likeness(source: str, target: str) -> float:
    ones = source.encode("utf-8", "surrogatepass").translate(None, _NOT_A_DIGIT)
    others = target.encode("utf-8", "surrogatepass").translate(None, _NOT_A_DIGIT)
    if ones == others:
        return 1.0
    if not (ones and others):
        return 0.0
    return SequenceMatcher(None, ones, others).ratio()
