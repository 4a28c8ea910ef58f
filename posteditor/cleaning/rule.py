"""What a rule and a fixer are, for those that come with posteditor and for plug-ins.

A rule scores pairs in batches, and decides by a score alone. So scores can be kept, and thresholds changed without
scoring again. A fixer makes a better text of a text. Both are dataclasses whose fields are their settings, named and
checked as ``settings`` describes.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from math import inf
from typing import Any, ClassVar, Protocol, Self, cast, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Score = float | tuple[float, ...]
"""Of one pair: a number, or one for each part of the rule's ``parts``. NaN is a score that could not be had."""

Numbers = Sequence[float] | NDArray[np.float64] | NDArray[np.int64]

Columns = tuple[NDArray[np.float64], ...]
"""The scores of many pairs, part by part."""

SIDES = ("source", "target")
"""Parts of a rule that looks at each text by itself."""
WHOLE = ("",)
"""The one part of a rule that looks at the pair."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a pair was rejected."""

    score: float
    """Of the part that decided."""
    threshold: float
    words: str
    """Such as "target 312 over 150"; follows the name of the rule."""


@dataclass(frozen=True, slots=True)
class Languages:
    """BCP 47 tags; None where nobody said."""

    source: str | None = None
    target: str | None = None


class Rule(Protocol):
    """Scores pairs and rejects by the score."""

    @property
    def parts(self) -> Sequence[str]:
        """Names of the components of a score: ``WHOLE``, ``SIDES`` or others."""
        ...

    def scores(self, sources: Sequence[str], targets: Sequence[str]) -> Sequence[Score]:
        """One score per pair, the same whatever else is in the batch."""
        ...

    def rejects(self, score: Score) -> bool:
        """Whether a pair with this score has to go; depends on nothing but score and settings."""
        ...

    def reason(self, score: Score) -> Reason:
        """Why, for a score that is rejected."""
        ...


class Fixer(Protocol):
    """Makes a better text of a text."""

    @property
    def sides(self) -> Sequence[str]:
        """Which texts of a pair it is for."""
        ...

    def fix(self, text: str) -> str:
        """The text, or a better one; fixing that again changes nothing."""
        ...


@runtime_checkable
class WantsLanguages(Protocol):
    """A rule or fixer that has to know the languages."""

    def for_languages(self, languages: Languages) -> Self:
        """The same one, knowing them.

        Raises:
            SettingError: It can't do without one that is not given, or not with one that is.
        """
        ...


@runtime_checkable
class TellsDetails(Protocol):
    """A rule that can say more about a pair it rejected."""

    def details(self, source: str, target: str) -> str:
        """What is wrong with the pair; empty when there is nothing to add."""
        ...


@runtime_checkable
class HasKey(Protocol):
    """A rule or fixer that depends on more than its settings, such as the content of a file."""

    def key(self) -> str:
        """Differs when that differs."""
        ...


@dataclass(frozen=True, slots=True)
class Bound:
    """Between what a part of a score may lie, both included."""

    low: float = -inf
    high: float = inf

    @property
    def ends(self) -> tuple[float, ...]:
        """Those that there are."""
        return tuple(end for end in (self.low, self.high) if abs(end) != inf)


class BoundedRule(ABC):
    """A rule whose scores must lie within bounds; gives deciding and reasons. To be defined: ``columns``, ``bounds``.

    Attributes:
        parts: As in ``Rule``.
        THRESHOLDS: Settings that are only for deciding: scores don't depend on them.
        BOUNDS: The least and the greatest value that a numeric setting may have.
        IS_COSTLY: Whether scoring takes so long that it is left out for pairs which are rejected already.
    """

    __slots__ = ()

    parts: ClassVar[Sequence[str]] = WHOLE
    THRESHOLDS: ClassVar[frozenset[str]] = frozenset({"min", "max"})
    BOUNDS: ClassVar[Mapping[str, tuple[float, float]]] = {}
    IS_COSTLY: ClassVar[bool] = False

    @abstractmethod
    def columns(self, sources: Sequence[str], targets: Sequence[str]) -> tuple[Numbers, ...]:
        """The scores of pairs, part by part."""

    @abstractmethod
    def bounds(self) -> tuple[Bound, ...]:
        """One per part."""

    def scores(self, sources: Sequence[str], targets: Sequence[str]) -> list[Score]:
        """The scores of pairs."""
        return scores_of(as_columns(self.columns(sources, targets)))

    def rejects(self, score: Score) -> bool:
        """Whether a part lies outside."""
        values = score if isinstance(score, tuple) else (score,)
        return not all(bound.low <= value <= bound.high for value, bound in zip(values, self.bounds(), strict=True))

    def reason(self, score: Score) -> Reason:
        """The first part that lies outside."""
        values = score if isinstance(score, tuple) else (score,)
        for part, value, bound in zip(self.parts, values, self.bounds(), strict=True):
            if not bound.low <= value <= bound.high:
                threshold = bound.low if value < bound.low else bound.high
                return Reason(value, threshold, self.words(part, value, threshold))
        raise ValueError(f"{score} is not rejected")

    def words(self, part: str, value: float, threshold: float) -> str:
        """A reason in words."""
        return f"{part} {value:.4g} {'under' if value < threshold else 'over'} {threshold:.4g}".lstrip()


def score_columns(rule: Rule, sources: Sequence[str], targets: Sequence[str]) -> Columns:
    """The scores of pairs, part by part.

    Raises:
        ValueError: The rule, a plug-in, did not give one score per pair.
    """
    if isinstance(rule, BoundedRule):
        return as_columns(rule.columns(sources, targets))
    scores = rule.scores(sources, targets)
    if len(scores) != len(sources):
        raise ValueError(f"the rule {rule!r} gave {len(scores)} scores for {len(sources)} pairs")
    if not scores or not isinstance(scores[0], tuple):
        return as_columns((cast(Sequence[float], scores),) if len(rule.parts) == 1 else ((),) * len(rule.parts))
    return as_columns(tuple(zip(*cast(Sequence[tuple[float, ...]], scores), strict=True)))


def as_columns(columns: tuple[Numbers, ...]) -> Columns:
    """Numbers as arrays."""
    return tuple(np.asarray(column, np.float64) for column in columns)


def scores_of(columns: Columns) -> list[Score]:
    """Columns as scores."""
    lists = [column.tolist() for column in columns]
    return lists[0] if len(lists) == 1 else list(zip(*lists, strict=True))


def score_at(columns: Columns, place: int) -> Score:
    """One score of many."""
    values = tuple(float(column[place]) for column in columns)
    return values if len(values) > 1 else values[0]


def rejected(rule: Rule, columns: Columns) -> NDArray[np.bool_]:
    """Which scores a rule rejects."""
    if isinstance(rule, BoundedRule):
        fine = np.ones(len(columns[0]), np.bool_)
        for column, bound in zip(columns, rule.bounds(), strict=True):
            fine &= (column >= bound.low) & (column <= bound.high)
        return ~fine
    return np.fromiter(map(rule.rejects, scores_of(columns)), np.bool_, len(columns[0]))


def is_costly(rule: Rule) -> bool:
    """Whether to leave out what is rejected already; so for plug-ins that don't say."""
    return bool(getattr(rule, "IS_COSTLY", True))


def part_bounds(rule: Rule) -> tuple[Bound, ...]:
    """The bounds of each part, for charts; none for the parts of a rule that has other ways to decide."""
    return rule.bounds() if isinstance(rule, BoundedRule) else tuple(Bound() for _ in rule.parts)


def scoring_settings(rule: Any) -> dict[str, Any]:
    """All settings that scores depend on, as plain JSON values."""
    aside: frozenset[str] = getattr(type(rule), "THRESHOLDS", frozenset())
    return {name: value for name, value in all_settings(rule).items() if name not in aside}


def all_settings(step: Any) -> dict[str, Any]:
    """All settings of a rule or fixer, as plain JSON values."""
    settings = {each.name: _plain(getattr(step, each.name)) for each in fields(step) if not each.name.startswith("_")}
    return {**settings, "key": step.key()} if isinstance(step, HasKey) else settings


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(map(_plain, value))
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
