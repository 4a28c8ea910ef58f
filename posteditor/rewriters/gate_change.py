"""What a suggestion changes, seen as facts: the numbers, names and so on that it loses and gains, and by which hunks.

A *fact* is something found at a place in a text. Facts that lie outside all hunks and are found again at the shifted
place are kept; all others are lost or gained, and each is put down to the hunks that touch it. So the facts of the mt,
minus the lost ones, plus the gained ones, are exactly the facts of the suggestion.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence, Set
from functools import lru_cache, partial
from typing import NamedTuple, Protocol

from posteditor.core.segment import Segment
from posteditor.core.suggestion import Edit, apply_edits
from posteditor.core.words import Word, split_words

_CHUNK = re.compile(r"\S+")
_LONG_CHUNK = 40
"""Characters; longer ones come once."""
TEXTS_REMEMBERED = 16
"""Texts whose words and facts are kept: an mt is looked at again after each withdrawal, and for each rewriter."""


class Fact(NamedTuple):
    """Something that a rule protects, at its place."""

    start: int
    end: int
    value: str
    """Equal for what counts as the same: "1,000" and "1000", "Paris" and "paris"."""
    is_firm: bool = True
    """False for what may come and go by itself and yet can stand for a firm one of the same value."""


class Shifted(NamedTuple):
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


class Rule(Protocol):
    """Something that a suggestion must not do."""

    name: str
    """Stands before the colon of every reason."""

    def read(self, change: "Change") -> Reading | None:
        """What the rule sees in this change; None where that is nothing."""
        ...


class Change:
    """A segment's mt and what its edits make of it."""

    def __init__(self, segment: Segment, edits: Sequence[Edit]) -> None:
        """Raises ValueError where the edits overlap, are out of order or reach outside the mt."""
        self.segment = segment
        self.mt = segment.mt
        self.source = segment.source
        self.edits = edits
        self.text = apply_edits(self.mt, edits)
        self._old_starts = [edit.start for edit in edits]
        self._old_ends = [edit.end for edit in edits]
        self._new_starts: list[int] = []
        self._new_ends: list[int] = []
        grown = 0
        for edit in edits:
            self._new_starts.append(edit.start + grown)
            self._new_ends.append(edit.start + grown + len(edit.replacement))
            grown += len(edit.replacement) - (edit.end - edit.start)

    @property
    def growth(self) -> int:
        """By how many characters the hunk that makes the text longest does so; negative when none does."""
        return max(len(edit.replacement) - (edit.end - edit.start) for edit in self.edits)

    @property
    def new_spans(self) -> list[tuple[int, int]]:
        """Where the replacements lie in the suggestion, one start and end per edit."""
        return list(zip(self._new_starts, self._new_ends, strict=True))

    def shifts(self, old: Sequence[Fact], new: Sequence[Fact]) -> "Shifts":
        """The facts lost and those gained, of all facts of the mt and of the suggestion."""
        if not (old or new):
            return [], []
        found = set(new)
        kept: set[Fact] = set()
        lost = []
        for fact in old:
            image = self._image(fact)
            if image in found:
                kept.add(image)
            else:
                lost.append(Shifted(fact, _touching(fact, self._old_starts, self._old_ends)))
        gained = [Shifted(fact, _touching(fact, self._new_starts, self._new_ends)) for fact in new if fact not in kept]
        return lost, gained

    def _image(self, fact: Fact) -> Fact:
        """The fact where it lies in the suggestion; one that is nowhere when a hunk reaches into it."""
        if fact.end <= self._old_starts[0]:
            return fact
        before = bisect_right(self._old_ends, fact.start)
        # An empty hunk at the very start of the fact may stand before or behind its start in the order; both keep it.
        if before < len(self._old_starts) and self._old_starts[before] < fact.end:
            return Fact(-1, -1, "", is_firm=False)
        shift = self._new_ends[before - 1] - self._old_ends[before - 1] if before else 0
        return Fact(fact.start + shift, fact.end + shift, fact.value, fact.is_firm)


@lru_cache(maxsize=TEXTS_REMEMBERED)
def words_of(text: str) -> tuple[Word, ...]:
    """The words and marks of a text, without white space."""
    words: list[Word] = []
    for match in _CHUNK.finditer(text):
        start, chunk = match.start(), match.group()
        if len(chunk) > _LONG_CHUNK:
            words += (Word(start + at, start + end, word) for at, end, word in split_words(chunk))
            continue
        for at, end, word in _words_of_chunk(chunk):
            words.append(Word(start + at, start + end, word))
    return tuple(words)


@lru_cache(maxsize=20_000)
def _words_of_chunk(chunk: str) -> tuple[Word, ...]:
    """The same for what stands between blanks, most of which was seen before: no word reaches over a blank."""
    return tuple(split_words(chunk))


class WholeReading:
    """The reading of a rule about the suggestion as a whole: all hunks go, with this fault."""

    def __init__(self, change: Change, fault: str) -> None:
        self._count = len(change.edits)
        self._fault = fault

    def links(self) -> Iterable[Collection[int]]:
        """All hunks."""
        yield range(self._count)

    def fault(self, hunks: Set[int]) -> str:
        """The same for all hunks."""
        return self._fault


def whole_reading(change: Change, fault: str) -> WholeReading | None:
    """The reading of a fault; None where ``fault`` is empty."""
    return WholeReading(change, fault) if fault else None


Shifts = tuple[list[Shifted], list[Shifted]]
"""The facts lost and those gained."""
Comparison = Callable[[list[Fact], list[Fact]], str]
"""What is wrong with losing these facts and gaining those; empty when nothing is."""


class FactsReading:
    """The reading of a rule that compares the facts lost with the facts gained."""

    def __init__(self, shifts: Shifts, compare: Comparison) -> None:
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


def facts_reading(shifts: Shifts, compare: Comparison) -> FactsReading | None:
    """The reading of these facts; None where nothing is lost or gained."""
    return FactsReading(shifts, compare) if any(shifts) else None


def moves(lost: Sequence[Shifted], gained: Sequence[Shifted]) -> Iterable[Collection[int]]:
    """Pairs of hunks, each as near as can be, of which one loses what the other gains."""
    shared = {shifted.fact.value for shifted in lost}.intersection(shifted.fact.value for shifted in gained)
    if not shared:
        return
    firm: dict[str, Counter[int]] = {}
    loose: dict[str, Counter[int]] = {}
    for shifts, step in ((lost, -1), (gained, 1)):
        for shifted in shifts:
            if shifted.fact.value not in shared:
                continue
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
