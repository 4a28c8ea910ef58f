"""Rules about how long texts and words are, and about texts that say nothing or the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from posteditor.cleaning.rule import SIDES, Bound, BoundedRule, Numbers
from posteditor.cleaning.settings import PerSide
from posteditor.cleaning.text_column import column

_NOTHING = (
    " \t\n\r\f\v\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\u200b\u200c\u200d\u2060\ufeff\u00ad"
    + "".join(map(chr, range(0x2000, 0x200B)))
)
"""White space, and characters that can't be seen."""

Unit = Literal["words", "chars"]


def _lengths(texts: Sequence[str], unit: Unit) -> NDArray[np.int64]:
    return column(texts).word_counts if unit == "words" else column(texts).lengths


@dataclass(frozen=True, slots=True, kw_only=True)
class EmptyRule(BoundedRule):
    """A side has nothing that can be seen. Score: 1 for a text, 0 for none."""

    parts: ClassVar[Sequence[str]] = SIDES

    def columns(self, sources: Sequence[str], targets: Sequence[str]) -> tuple[Numbers, ...]:
        """For each side whether there is a text."""
        return _filled(sources), _filled(targets)

    def bounds(self) -> tuple[Bound, ...]:
        """Both must have one."""
        return Bound(1), Bound(1)

    def words(self, part: str, value: float, threshold: float) -> str:
        """Which side."""
        return f"no {part}"


def _filled(texts: Sequence[str]) -> list[int]:
    return [1 if text.strip(_NOTHING) else 0 for text in texts]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdenticalRule(BoundedRule):
    """The target is the source, but for case and white space. Score: 1 or 0.

    Texts without letters, such as numbers, are the same in many languages and no fault.
    """

    least_words: int = 1
    """Shorter texts are let through: names and titles stay the same in many languages."""
    BOUNDS: ClassVar[Mapping[str, tuple[float, float]]] = {"least_words": (1, inf)}

    def columns(self, sources: Sequence[str], targets: Sequence[str]) -> tuple[Numbers, ...]:
        """Whether they are the same."""
        ones, others = column(sources), column(targets)
        found = np.zeros(len(ones))
        candidates = (ones.word_counts == others.word_counts) & (ones.word_counts >= self.least_words)
        for place in np.flatnonzero(candidates).tolist():
            found[place] = _same(ones[place], others[place])
        return (found,)

    def bounds(self) -> tuple[Bound, ...]:
        """It must not be."""
        return (Bound(high=0),)

    def words(self, part: str, value: float, threshold: float) -> str:
        """The fault."""
        return "the target is the source"


def _same(one: str, other: str) -> bool:
    if one != other and one.casefold().split() != other.casefold().split():
        return False
    return any(map(str.isalpha, one))


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthRule(BoundedRule):
    """A side is too short or too long. Score: its length."""

    unit: Unit = "words"
    """What white space separates, or code points."""
    min: PerSide = (1, 1)
    max: PerSide = (150, 150)
    parts: ClassVar[Sequence[str]] = SIDES
    BOUNDS: ClassVar[Mapping[str, tuple[float, float]]] = {"min": (0, inf), "max": (0, inf)}

    def columns(self, sources: Sequence[str], targets: Sequence[str]) -> tuple[Numbers, ...]:
        """The length of each side."""
        return _lengths(sources, self.unit), _lengths(targets, self.unit)

    def bounds(self) -> tuple[Bound, ...]:
        """As set."""
        return Bound(self.min[0], self.max[0]), Bound(self.min[1], self.max[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthRatioRule(BoundedRule):
    """One side is much longer than the other.

    Score: the longer by the shorter length, 0 where both have none, infinite where one has none.
    """

    unit: Unit = "chars"
    max: float = 3.0
    expected: float = 1.0
    """How long a target usually is, in lengths of its source."""
    BOUNDS: ClassVar[Mapping[str, tuple[float, float]]] = {"max": (1, inf), "expected": (0.05, 20)}

    def columns(self, sources: Sequence[str], targets: Sequence[str]) -> tuple[Numbers, ...]:
        """The ratio of each pair."""
        ones, others = _lengths(sources, self.unit) * self.expected, _lengths(targets, self.unit)
        shorter, longer = np.minimum(ones, others), np.maximum(ones, others)
        ratios = np.full(len(shorter), inf)
        np.divide(longer, shorter, out=ratios, where=shorter > 0)
        ratios[longer == 0] = 0
        return (ratios,)

    def bounds(self) -> tuple[Bound, ...]:
        """As set."""
        return (Bound(high=self.max),)


@dataclass(frozen=True, slots=True, kw_only=True)
class LongestWordRule(BoundedRule):
    """A side has a very long word, as broken text and program code do. Score: the code points of the longest."""

    max: PerSide = (60, 60)
    parts: ClassVar[Sequence[str]] = SIDES
    BOUNDS: ClassVar[Mapping[str, tuple[float, float]]] = {"max": (1, inf)}

    def columns(self, sources: Sequence[str], targets: Sequence[str]) -> tuple[Numbers, ...]:
        """The longest of each side."""
        return column(sources).longest_words, column(targets).longest_words

    def bounds(self) -> tuple[Bound, ...]:
        """As set."""
        return Bound(high=self.max[0]), Bound(high=self.max[1])
