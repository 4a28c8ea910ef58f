"""Rows of one size in a temporary file: appended, then read from the start, or by their places."""

import contextlib
import os
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from posteditor.cleaning.duplicates.disk import told

_BUFFER = 1 << 16
_STRETCH = 1 << 20
"""Bytes read at once where many rows of a stretch are wanted."""
_SPARSE = 1 << 12
"""Where wanted rows are further apart than this many bytes on average, each is read by itself."""


class FlatFile:
    """Rows of ``columns`` values of one type.

    Files are read rather than mapped: pages of a mapped file count as memory of the process, and a mapped file on a
    full disk kills it.
    """

    def __init__(self, path: Path, dtype: DTypeLike, columns: int = 1) -> None:
        self._path = path
        self._dtype = np.dtype(dtype)
        self._columns = columns
        self._width = self._dtype.itemsize * columns
        with told(path):
            self._file = path.open("w+b", buffering=_BUFFER)
        self.rows = 0
        """How many there are."""

    def append(self, rows: NDArray[Any]) -> None:
        """Write rows after those that are there.

        Raises:
            UsageError: The disk is full or fails.
        """
        data = np.ascontiguousarray(rows, self._dtype).reshape(-1, self._columns)
        with told(self._path):
            self._file.write(data.data)
        self.rows += len(data)

    def flush(self) -> None:
        """Make what was appended readable.

        Raises:
            UsageError: The disk is full or fails.
        """
        with told(self._path):
            self._file.flush()

    def blocks(self, rows: int) -> Iterator[tuple[int, NDArray[Any]]]:
        """All rows in order, so many at a time, each time with the place of the first one."""
        for start in range(0, self.rows, rows):
            yield start, self.stretch(start, min(rows, self.rows - start))

    def stretch(self, start: int, count: int) -> NDArray[Any]:
        """``count`` rows from place ``start`` on: (count, columns)."""
        with told(self._path):
            data = os.pread(self._file.fileno(), count * self._width, start * self._width)
        return self._as_rows(data)

    def at(self, places: NDArray[Any]) -> NDArray[Any]:
        """The rows at some places, in the order asked for: (places, columns)."""
        found = np.empty((len(places), self._columns), self._dtype)
        if not len(places):
            return found
        order = np.argsort(places, kind="stable")
        wanted = places[order].astype(np.int64)
        if (wanted[-1] - wanted[0]) * self._width > _SPARSE * len(wanted):
            found[order] = self._one_by_one(wanted)
            return found
        stretch = max(1, _STRETCH // self._width)
        breaks = np.flatnonzero(np.diff(wanted // stretch)) + 1
        bounds = [0, *breaks.tolist(), len(wanted)]
        for start, end in pairwise(bounds):
            first = int(wanted[start])
            found[order[start:end]] = self.stretch(first, int(wanted[end - 1]) - first + 1)[wanted[start:end] - first]
        return found

    def _one_by_one(self, wanted: NDArray[np.int64]) -> NDArray[Any]:
        descriptor, width = self._file.fileno(), self._width
        with told(self._path):
            return self._as_rows(b"".join([os.pread(descriptor, width, place * width) for place in wanted.tolist()]))

    def _as_rows(self, data: bytes) -> NDArray[Any]:
        return np.frombuffer(data, self._dtype).reshape(-1, self._columns)

    def close(self) -> None:
        """Close and remove the file; safe to call twice."""
        with contextlib.suppress(OSError):  # what is left in the buffer does not fit the disk; nobody wants it
            self._file.close()
        self._path.unlink(missing_ok=True)
