"""Which pairs repeat an earlier one: in the order of the input, in bounded memory.

A pair goes if it is an exact or a near duplicate of an earlier pair *that stays*, and it is reported with the earliest
such pair. (The other way, to keep the first of each chain of pairs that resemble each other, would drop pairs that
resemble nothing that is kept.) The result depends on the pairs, their order and the settings alone: not on the memory,
on batches or on the machine.

How: pairs with the same signature are found by sorting hashes of signatures, and set aside. The others become
candidates where they have a band of their signatures in common, found by sorting each band; whole signatures decide.
All sorting is done in sorted runs on the disk. Where more than 17 have a band in common, each is a candidate with the
first and the last eight before it only, so that no input takes quadratic time.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from posteditor.cleaning.duplicates.added_pairs import AddedPairs
from posteditor.cleaning.duplicates.bits import Bits
from posteditor.cleaning.duplicates.greedy import Decisions, decide
from posteditor.cleaning.duplicates.groups import OrdinalPairs, Ordinals
from posteditor.cleaning.duplicates.settings import DuplicateSettings
from posteditor.cleaning.duplicates.sorted_runs import SortedRuns

_STRETCH = 1 << 15
"""Ordinals of which duplicates are handed out at once."""
_HIGH = np.uint64(32)
_LOW = np.uint64(0xFFFF_FFFF)


class DuplicateKind(StrEnum):
    """How a pair repeats another one."""

    EXACT = "exact"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A pair that goes."""

    position: int
    first: int
    """Position of the earliest pair that it repeats among those that stay."""
    kind: DuplicateKind
    similarity: float
    """0-1: the estimated Jaccard index of the two; 1 for exact duplicates."""


class DuplicateFinder:
    """Takes pairs in the order of the input, then tells which of them repeat an earlier one.

    Args:
        folder: For temporary files, some 250 bytes a pair with the usual settings; they are removed on leaving the
            ``with`` block, whatever happens.
        settings: ``on`` may not be ``either``.
        memory: Bytes for work, 16 MiB or more; a quarter of a byte a pair comes on top.

    Raises:
        SettingError: ``on`` is ``either``.
        UsageError: The folder can't be written to, or the memory is too little.
    """

    def __init__(self, folder: Path, settings: DuplicateSettings, memory: int) -> None:
        settings.check()
        self._settings = settings
        self._memory = memory
        self._pairs = AddedPairs(folder, "duplicates", settings, memory)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give memory and disk back."""
        self._pairs.close()

    @property
    def pairs(self) -> int:
        """How many were added."""
        return len(self._pairs)

    @property
    def cut(self) -> int:
        """After ``finish``: how often a pair was not compared with all that have a band in common with it."""
        return self._pairs.views[0].cut

    def add_batch(self, positions: Sequence[int], sources: Sequence[str | None], targets: Sequence[str | None]) -> None:
        """Take pairs by their texts.

        Args:
            positions: Ascending, also from call to call.

        Raises:
            UsageError: The disk is full or fails, or a library is not installed.
            ValueError: Positions do not ascend.
        """
        self._pairs.add_batch(positions, sources, targets)

    def add_fingerprints(self, positions: Sequence[int], fingerprints: Sequence[bytes]) -> None:
        """Take pairs by what ``fingerprints`` made of them with the same ``settings.identity()``.

        Args:
            positions: Ascending, also from call to call.

        Raises:
            UsageError: The disk is full or fails.
            ValueError: Positions do not ascend, or a fingerprint was made with other settings.
        """
        self._pairs.add_fingerprints(positions, fingerprints)

    def finish(self) -> Iterator[Duplicate]:
        """All pairs that go, ascending by position; once, after all were added.

        Raises:
            UsageError: The disk is full or fails.
        """
        self._pairs.flush()
        view = self._pairs.views[0]
        with ExitStack() as stack:
            path = self._pairs.folder
            copies = stack.enter_context(closing(SortedRuns(path / "copies", 1, self._memory // 8)))
            decisions = stack.enter_context(closing(Decisions(path / "decisions", len(self._pairs))))
            aside = Bits(len(self._pairs))
            for later, first in view.copies():
                later, first = self._really_copies(later, first)
                aside.set(later)
                copies.add((later << _HIGH) | first)
            if self._settings.near is not None:
                copies.spill()
                decide(view, view.candidates(aside), self._settings.matches_needed, decisions)
            yield from self._reported(copies, decisions)

    def _really_copies(self, later: Ordinals, first: Ordinals) -> OrdinalPairs:
        """Without those that only a hash of 64 bits holds for copies."""
        same = (self._pairs.keys.at(later) == self._pairs.keys.at(first)).all(axis=1)
        if self._settings.near is not None and not same.all():
            other = np.flatnonzero(~same)
            view = self._pairs.views[0]
            same[other] = view.matches(later[other], first[other]) == self._settings.permutations
        return later[same], first[same]

    def _reported(self, copies: SortedRuns, decisions: Decisions) -> Iterator[Duplicate]:
        merged = copies.merged()
        waiting = np.empty(0, np.uint64)
        is_more = True
        for start in range(0, len(self._pairs), _STRETCH):
            end = min(start + _STRETCH, len(self._pairs))
            limit = np.uint64(end) << _HIGH
            parts = [waiting]
            while is_more and (not len(parts[-1]) or parts[-1][-1] < limit):
                block = next(merged, None)
                is_more = block is not None
                if block is not None:
                    parts.append(block[:, 0])
            waiting = np.concatenate(parts)
            here = int(np.searchsorted(waiting, limit))
            yield from self._of_stretch(start, end - start, waiting[:here], decisions)
            waiting = waiting[here:]

    def _of_stretch(
        self, start: int, count: int, copies: NDArray[np.uint64], decisions: Decisions
    ) -> Iterator[Duplicate]:
        near = np.flatnonzero(decisions.gone.stretch(start, count)).astype(np.uint64) + np.uint64(start)
        near_firsts, near_matches = decisions.at(near)
        later, firsts = copies >> _HIGH, copies & _LOW
        matches = np.full(len(later), self._settings.permutations, np.int64)
        moved = np.flatnonzero(decisions.gone.at(firsts))
        firsts[moved], matches[moved] = decisions.at(firsts[moved])
        order = np.argsort(ordinals := np.concatenate([near, later]), kind="stable")
        ordinals = ordinals[order]
        firsts = np.concatenate([near_firsts, firsts])[order]
        matches = np.concatenate([near_matches, matches])[order]
        yield from self._duplicates(ordinals, firsts, matches)

    def _duplicates(self, ordinals: Ordinals, firsts: Ordinals, matches: NDArray[np.int64]) -> Iterator[Duplicate]:
        pairs = self._pairs
        exact = np.zeros(len(ordinals), np.bool_)
        if self._settings.exact:
            exact = (pairs.keys.at(ordinals) == pairs.keys.at(firsts)).all(axis=1)
        positions, first_positions = pairs.positions.at(ordinals)[:, 0], pairs.positions.at(firsts)[:, 0]
        similarities = [self._settings.similarity(count) for count in range(self._settings.permutations + 1)]
        for position, first, is_exact, count in zip(
            positions.tolist(), first_positions.tolist(), exact.tolist(), matches.tolist(), strict=True
        ):
            kind = DuplicateKind.EXACT if is_exact else DuplicateKind.NEAR
            yield Duplicate(position, first, kind, similarities[count])
