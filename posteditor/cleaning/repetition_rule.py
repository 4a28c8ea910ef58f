"""The rule about texts that go round in circles, as those of machine translation sometimes do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from posteditor.cleaning.rule import SIDES, Bound, BoundedRule, Numbers
from posteditor.cleaning.settings import PerSide
from posteditor.cleaning.text_column import column


@dataclass(frozen=True, slots=True, kw_only=True)
class RepetitionRule(BoundedRule):
    """A side says the same again and again. Score: the share of its n-grams that stood in it before, 0-1."""

    n: int = 3
    unit: Literal["words", "chars"] = "words"
    """``chars`` for languages that put no spaces between words."""
    max: PerSide = (0.3, 0.3)
    IS_COSTLY: ClassVar[bool] = True
    parts: ClassVar[Sequence[str]] = SIDES
    BOUNDS: ClassVar[Mapping[str, tuple[float, float]]] = {"n": (1, 20), "max": (0, 1)}

    def columns(self, sources: Sequence[str], targets: Sequence[str]) -> tuple[Numbers, ...]:
        """The share of each side."""
        return self._shares(sources), self._shares(targets)

    def bounds(self) -> tuple[Bound, ...]:
        """As set."""
        return Bound(high=self.max[0]), Bound(high=self.max[1])

    def _shares(self, texts: Sequence[str]) -> list[float]:
        units: Sequence[Sequence[str]] = column(texts).words if self.unit == "words" else texts
        return [_share(each, self.n) for each in units]


def _share(units: Sequence[str], n: int) -> float:
    count = len(units) - n + 1
    # A repeated n-gram is made of repeated units: at least n of them.
    if count < 2 or len(units) - len(set(units)) < 1:
        return 0.0
    grams = set(zip(*(units[start : start + count] for start in range(n)), strict=True))
    return 1 - len(grams) / count
