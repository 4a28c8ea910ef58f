"""The rule about how texts end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, log
from typing import ClassVar, Literal

import numpy as np

from posteditor.cleaning.rule import Bound, BoundedRule, Numbers
from posteditor.cleaning.text_column import CharacterSet, column

_BEHIND = " \t\n\r\xa0\u3000\u202f\"'”’»›“‘«‹)]}）］｝」』】〉》"
"""What may stand behind the mark that ends a sentence."""
_KINDS = {
    **dict.fromkeys(".。．｡।॥۔։።", "."),
    **dict.fromkeys("?？؟;⸮፧", "?"),
    **dict.fromkeys("!！", "!"),
    **dict.fromkeys("…⋯", "…"),
}
_LIKE = {("…", "."), (".", "…")}
_COUNTED = CharacterSet(".?!…")


@dataclass(frozen=True, slots=True, kw_only=True)
class PunctuationRule(BoundedRule):
    """The sides end in different marks.

    With ``measure = "last"`` the score is 1 for the same kind of mark (also none on both sides), 0.5 where one side
    has none, 0 for different kinds. With "counts" it is the measure of Vázquez et al. (2019), -ln(1 + n): n is how much
    the numbers of . ? ! … differ, plus all of them beyond the first of each side.
    """

    measure: Literal["last", "counts"] = "last"
    min: float = 0.5
    """At most 1; with "counts" it is a negative number, such as -2."""
    BOUNDS: ClassVar[Mapping[str, tuple[float, float]]] = {"min": (-inf, 1)}

    def columns(self, sources: Sequence[str], targets: Sequence[str]) -> tuple[Numbers, ...]:
        """The score of each pair."""
        if self.measure == "last":
            return (list(map(_last_marks, sources, targets)),)
        ones, others = column(sources).counts(_COUNTED), column(targets).counts(_COUNTED)
        found = np.abs(ones - others) + np.maximum(ones - 1, 0) + np.maximum(others - 1, 0)
        logarithms = [-log(number + 1) for number in range(int(found.max(initial=0)) + 1)]
        return (np.array(logarithms)[found],)

    def bounds(self) -> tuple[Bound, ...]:
        """As set."""
        return (Bound(self.min),)

    def details(self, source: str, target: str) -> str:
        """The two ends."""
        return f"{_end(source)!r} and {_end(target)!r}" if self.measure == "last" else ""


def _end(text: str) -> str:
    return text.rstrip(_BEHIND)[-1:]


def _last_marks(source: str, target: str) -> float:
    one, other = source[-1:], target[-1:]
    if one == other == ".":
        return 1.0
    one, other = _KINDS.get(_end(source), ""), _KINDS.get(_end(target), "")
    if one == other or (one, other) in _LIKE:
        return 1.0
    return 0.0 if one and other else 0.5
