"""Sorting more numbers than fit the memory: sorted runs in one temporary file, merged block by block."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posteditor.cleaning.duplicates.flat_file import FlatFile

Rows = NDArray[np.uint64]

_LEAST_ROWS = 1024
_LEAST_BLOCK = 64
"""Rows of a run that are read at once when memory is short."""
_MOST_ROWS = 1 << 17
"""In one block handed out."""


class SortedRuns:
    """Rows of one or two numbers, sorted by the first, then by the second.

    Args:
        path: The file for what does not fit the memory; made when it is needed.
        columns: 1 or 2. With two, rows have to be added in ascending order of the second.
        memory: Bytes to work with.
    """

    def __init__(self, path: Path, columns: int, memory: int) -> None:
        self._path = path
        self._columns = columns
        self._memory = memory
        # Rows are there twice while they are put together; sorting two columns takes an index and a copy as well.
        copies = 2.0 if columns == 1 else 2.5
        self._capacity = max(_LEAST_ROWS, int(memory / (8 * columns * copies)))
        self._waiting: list[Rows] = []
        self._waiting_rows = 0
        self._file: FlatFile | None = None
        self._bounds: list[int] = [0]

    def add(self, rows: Rows) -> None:
        """Take rows: (rows, columns), or (rows,) for one column.

        Raises:
            UsageError: The disk is full or fails.
        """
        rows = rows.reshape(-1, self._columns)
        while len(rows):
            some = rows[: self._capacity - self._waiting_rows]
            self._waiting.append(some.copy() if len(some) < len(rows) else some)
            self._waiting_rows += len(some)
            rows = rows[len(some) :]
            if self._waiting_rows >= self._capacity:
                self.spill()

    def spill(self) -> None:
        """Write what is in memory to the disk, and give the memory back.

        Raises:
            UsageError: The disk is full or fails.
        """
        if not self._waiting_rows:
            return
        if self._file is None:
            self._file = FlatFile(self._path, np.uint64, self._columns)
        self._file.append(self._sorted())
        self._bounds.append(self._file.rows)

    def merged(self) -> Iterator[Rows]:
        """All rows in order, in blocks of (rows, columns); once.

        Raises:
            UsageError: The disk is full or fails.
        """
        if self._file is None:
            rows = self._sorted()
            for start in range(0, len(rows), _MOST_ROWS):
                yield rows[start : start + _MOST_ROWS]
            return
        self.spill()
        self._file.flush()
        runs = [_Run(self._file, *bounds) for bounds in pairwise(self._bounds)]
        # The blocks themselves, those of them that are handed out, and these once more, sorted.
        block = max(_LEAST_BLOCK, min(_MOST_ROWS, self._memory // (8 * self._columns * 4)) // len(runs))
        while runs := [run for run in runs if run.fill(block)]:
            yield self._in_order(_taken(runs))

    def _sorted(self) -> Rows:
        rows = np.concatenate(self._waiting) if self._waiting else np.empty((0, self._columns), np.uint64)
        self._waiting, self._waiting_rows = [], 0
        return self._in_order(rows)

    def _in_order(self, rows: Rows) -> Rows:
        if self._columns == 1:
            rows.sort(axis=0)
            return rows
        return rows[np.argsort(rows[:, 0], kind="stable")]

    def close(self) -> None:
        """Give memory and disk back."""
        self._waiting, self._waiting_rows = [], 0
        if self._file is not None:
            self._file.close()


class _Run:
    """A sorted stretch of the file, of which a block is in memory."""

    def __init__(self, file: FlatFile, start: int, end: int) -> None:
        self._file = file
        self._next, self._end = start, end
        self.block: Rows = np.empty((0, 1), np.uint64)

    def fill(self, rows: int) -> bool:
        """Read on if the block is used up; whether there is anything left."""
        if not len(self.block) and self._next < self._end:
            count = min(rows, self._end - self._next)
            self.block = self._file.stretch(self._next, count)
            self._next += count
        return len(self.block) > 0

    @property
    def is_all_here(self) -> bool:
        return self._next == self._end

    def take(self, last: tuple[int, ...] | None) -> Rows:
        """Hand out the rows up to and including ``last``; None for all."""
        count = len(self.block) if last is None else _rows_up_to(self.block, last)
        taken, self.block = self.block[:count], self.block[count:]
        return taken


def _taken(runs: list[_Run]) -> Rows:
    """All rows in memory that no row still on the disk can come before, run by run."""
    limits = [tuple(run.block[-1].tolist()) for run in runs if not run.is_all_here]
    last = min(limits) if limits else None
    return np.concatenate([run.take(last) for run in runs])


def _rows_up_to(rows: Rows, last: tuple[int, ...]) -> int:
    key = np.uint64(last[0])
    end = int(np.searchsorted(rows[:, 0], key, side="right"))
    if len(last) == 1:
        return end
    start = int(np.searchsorted(rows[:, 0], key, side="left"))
    return start + int(np.searchsorted(rows[start:end, 1], np.uint64(last[1]), side="right"))
