"""What a suggestion changes, seen as facts: the numbers, names and so on that it loses and gains, and by which hunks.

A *fact* is something found at a place in a text. Facts that lie outside all hunks and are found again at the shifted
place are kept; all others are lost or gained, and each is put down to the hunks that touch it. So the facts of the mt,
minus the lost ones, plus the gained ones, are exactly the facts of the suggestion.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Protocol

from posteditor.core.suggestion import Edit, apply_edits
from posteditor.core.words import Word, split_words


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a rule protects, at its place."""

    start: int
    end: int
    value: str
    """Equal for what counts as the same: "1,000" and "1000", "Paris" and "paris"."""
    is_firm: bool = True
    """False for what may come and go by itself and yet can stand for a firm one of the same value."""


@dataclass(frozen=True, slots=True)
class Shifted:
    """A fact that was lost or gained, and the indices of the hunks that did it (one or more)."""

    fact: Fact
    hunks: range


class Reading(Protocol):
    """What one rule sees in one change."""

    def links(self) -> Iterable[Collection[int]]:
        """Sets of hunks that have to be judged together."""
        ...

    def fault(self, hunks: Set[int]) -> str:
        """Why these hunks, made together, break the rule; empty when they don't."""
        ...


class Change:
    """An mt and what its edits make of it."""

    def __init__(self, mt: str, edits: Sequence[Edit], source: str | None) -> None:
        """Raises ValueError where the edits overlap, are out of order or reach outside the mt."""
        self.mt = mt
        self.edits = edits
        self.source = source
        self.text = apply_edits(mt, edits)
        self._old_starts = [edit.start for edit in edits]
        self._old_ends = [edit.end for edit in edits]
        self._new_starts: list[int] = []
        self._new_ends: list[int] = []
        grown = 0
        for edit in edits:
            self._new_starts.append(edit.start + grown)
            self._new_ends.append(edit.start + grown + len(edit.replacement))
            grown += len(edit.replacement) - (edit.end - edit.start)

    @cached_property
    def old_words(self) -> list[Word]:
        """The words and marks of the mt, without white space."""
        return [word for word in split_words(self.mt) if not word.is_space]

    @cached_property
    def new_words(self) -> list[Word]:
        """The words and marks of the suggestion, without white space."""
        return [word for word in split_words(self.text) if not word.is_space]

    def shifts(self, old: Sequence[Fact], new: Sequence[Fact]) -> tuple[list[Shifted], list[Shifted]]:
        """The facts lost and those gained, of all facts of the mt and of the suggestion."""
        found = {(fact.start, fact.end, fact.value, fact.is_firm) for fact in new}
        kept: set[tuple[int, int, str, bool]] = set()
        lost = []
        for fact in old:
            image = self._image(fact)
            if image in found:
                kept.add(image)
            else:
                lost.append(Shifted(fact, _touching(fact, self._old_starts, self._old_ends)))
        gained = [
            Shifted(fact, _touching(fact, self._new_starts, self._new_ends))
            for fact in new
            if (fact.start, fact.end, fact.value, fact.is_firm) not in kept
        ]
        return lost, gained

    def _image(self, fact: Fact) -> tuple[int, int, str, bool]:
        """The fact where it lies in the suggestion; -1 when a hunk reaches into it."""
        before = bisect_right(self._old_ends, fact.start)
        # An empty hunk at the very start of the fact may stand before or behind its start in the order; both keep it.
        if before < len(self._old_starts) and self._old_starts[before] < fact.end:
            return -1, -1, "", False
        shift = self._new_ends[before - 1] - self._old_ends[before - 1] if before else 0
        return fact.start + shift, fact.end + shift, fact.value, fact.is_firm


class FactsReading:
    """The reading of a rule that compares the facts lost with the facts gained."""

    def __init__(
        self, shifts: tuple[list[Shifted], list[Shifted]], compare: Callable[[list[Fact], list[Fact]], str]
    ) -> None:
        self._lost, self._gained = shifts
        self._compare = compare

    def links(self) -> Iterable[Collection[int]]:
        """Hunks that share a fact, and hunks of which one loses what the other gains."""
        for shifted in (*self._lost, *self._gained):
            if len(shifted.hunks) > 1:
                yield shifted.hunks
        yield from moves(self._lost, self._gained)

    def fault(self, hunks: Set[int]) -> str:
        """The comparison of what these hunks lose and gain."""
        lost = [shifted.fact for shifted in self._lost if shifted.hunks[0] in hunks]
        gained = [shifted.fact for shifted in self._gained if shifted.hunks[0] in hunks]
        return self._compare(lost, gained) if lost or gained else ""


def moves(lost: Sequence[Shifted], gained: Sequence[Shifted]) -> Iterable[Collection[int]]:
    """Pairs of hunks, each as near as can be, of which one loses what the other gains."""
    firm: dict[str, Counter[int]] = {}
    loose: dict[str, Counter[int]] = {}
    for shifts, step in ((lost, -1), (gained, 1)):
        for shifted in shifts:
            balances = firm if shifted.fact.is_firm else loose
            balances.setdefault(shifted.fact.value, Counter())[shifted.hunks[0]] += step
    for value, balance in firm.items():
        other = loose.get(value, Counter())
        _settle_within(balance, other)
        yield from _pairs(balance, balance)
        yield from _pairs(balance, other)
        yield from _pairs(other, balance)


def _settle_within(firm: Counter[int], loose: Counter[int]) -> None:
    """Let each hunk make up for its own losses first."""
    for hunk, net in firm.items():
        if net * loose[hunk] < 0:
            settled = min(abs(net), abs(loose[hunk])) * (1 if net > 0 else -1)
            firm[hunk] -= settled
            loose[hunk] += settled


def _pairs(losers: Counter[int], gainers: Counter[int]) -> Iterable[Collection[int]]:
    """Pair off hunks with a loss and the nearest with a gain, until one side has none left."""
    for loser in sorted(losers):
        while losers[loser] < 0:
            gainer = min((hunk for hunk, net in gainers.items() if net > 0), key=partial(_distance, loser), default=-1)
            if gainer < 0:
                return
            losers[loser] += 1
            gainers[gainer] -= 1
            yield loser, gainer


def _distance(one: int, other: int) -> int:
    return abs(one - other)


def _touching(fact: Fact, starts: Sequence[int], ends: Sequence[int]) -> range:
    """The hunks that overlap the fact, else those that abut on it, else the nearest one."""
    overlapping = range(bisect_right(ends, fact.start), bisect_left(starts, fact.end))
    if overlapping:
        return overlapping
    abutting = range(bisect_left(ends, fact.start), bisect_right(starts, fact.end))
    if abutting:
        return abutting
    after = bisect_left(starts, fact.start)
    candidates = [index for index in (after - 1, after) if 0 <= index < len(starts)]
    nearest = min(candidates, key=lambda index: max(starts[index] - fact.end, fact.start - ends[index]))
    return range(nearest, nearest + 1)
