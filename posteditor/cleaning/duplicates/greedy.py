"""Which pairs go because they resemble an earlier one that stays."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posteditor.cleaning.duplicates.bits import Bits
from posteditor.cleaning.duplicates.flat_file import FlatFile
from posteditor.cleaning.duplicates.groups import OrdinalPairs
from posteditor.cleaning.duplicates.view_index import ViewIndex

_WINDOW = 1 << 16


class Decisions:
    """For each ordinal, the earlier one that it goes for and how many values their signatures have in common.

    Written once for ascending ordinals; most have none.
    """

    def __init__(self, path: Path, count: int) -> None:
        self.gone = Bits(count)
        """Ordinals that have one."""
        self._count = count
        self._file = FlatFile(path, np.uint32, 2)
        self._window = np.zeros((_WINDOW, 2), np.uint32)

    def put(self, ordinals: NDArray[np.uint64], firsts: NDArray[np.uint64], matches: NDArray[np.int64]) -> None:
        """Note some; their bits are set already.

        Raises:
            UsageError: The disk is full or fails.
        """
        while len(ordinals):
            start = self._file.rows
            inside = int(np.searchsorted(ordinals, np.uint64(start + _WINDOW)))
            places = ordinals[:inside].astype(np.int64) - start
            self._window[places, 0], self._window[places, 1] = firsts[:inside], matches[:inside]
            ordinals, firsts, matches = ordinals[inside:], firsts[inside:], matches[inside:]
            if len(ordinals):
                self._write_window()

    def end(self) -> None:
        """Nothing more to note.

        Raises:
            UsageError: The disk is full or fails.
        """
        while self._file.rows < self._count:
            self._write_window()
        self._file.flush()

    def at(self, ordinals: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """Whom these go for, and by how many values."""
        rows = self._file.at(ordinals)
        return rows[:, 0].astype(np.uint64), rows[:, 1].astype(np.int64)

    def _write_window(self) -> None:
        self._file.append(self._window)
        self._window[:] = 0

    def close(self) -> None:
        """Give memory and disk back."""
        self._file.close()


def decide(view: ViewIndex, candidates: Iterable[OrdinalPairs], needed: int, decisions: Decisions) -> None:
    """Go through candidates in order: one goes for the earliest that it resembles among those that stay.

    Args:
        candidates: Ascending by the later one, then by the earlier one.
        needed: Values that signatures need to have in common.

    Raises:
        UsageError: The disk is full or fails.
    """
    gone = decisions.gone.data
    last_gone = -1
    for later, earlier in candidates:
        open_still = ~decisions.gone.at(earlier)
        later, earlier = later[open_still], earlier[open_still]
        matches = view.matches(later, earlier)
        alike = matches >= needed
        found: list[tuple[int, int, int]] = []
        for one, first, count in zip(
            later[alike].tolist(), earlier[alike].tolist(), matches[alike].tolist(), strict=True
        ):
            # Earlier ones are decided: candidates come in order.
            if one != last_gone and not gone[first >> 3] >> (first & 7) & 1:
                gone[one >> 3] |= 1 << (one & 7)
                last_gone = one
                found.append((one, first, count))
        if found:
            columns = np.array(found, np.uint64)
            decisions.put(columns[:, 0], columns[:, 1], columns[:, 2].astype(np.int64))
    decisions.end()
