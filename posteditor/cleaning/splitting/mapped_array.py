"""Arrays that are too large for the memory and are used in no order."""

import contextlib
import mmap
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from posteditor.cleaning.duplicates.disk import told

_BLOCK = 1 << 16


class MappedArray:
    """Numbers in a temporary file that is mapped into memory; the system keeps what is in use.

    Its blocks are written once when it is made, so that a full disk is noticed then, and not by a signal later on.

    Raises:
        UsageError: The disk is full or fails.
    """

    def __init__(self, path: Path, dtype: DTypeLike, count: int) -> None:
        self._path = path
        self._dtype = np.dtype(dtype)
        self._filled = 0
        self._count = count
        with told(path):
            self._file = path.open("w+b")
        self._map: mmap.mmap | None = None

    def fill(self, values: NDArray[Any]) -> None:
        """The next values of an array that is being made.

        Raises:
            UsageError: The disk is full or fails.
        """
        with told(self._path):
            self._file.write(np.ascontiguousarray(values, self._dtype).data)
        self._filled += len(values)

    def fill_rest(self, value: int) -> None:
        """All other values are this one.

        Raises:
            UsageError: The disk is full or fails.
        """
        while self._filled < self._count:
            self.fill(np.full(min(_BLOCK, self._count - self._filled), value, self._dtype))

    def view(self) -> memoryview:
        """The bytes, to be written to and to be released; there must be values."""
        if self._map is None:
            with told(self._path):
                self._file.flush()
                self._map = mmap.mmap(self._file.fileno(), 0)
        return memoryview(self._map)

    def array(self) -> NDArray[Any]:
        """The same as an array; not to be kept."""
        return np.frombuffer(self.view(), self._dtype)

    def let_go(self) -> None:
        """Give back the memory that parts in use take; their values stay."""
        if self._map is not None:
            self._map.madvise(mmap.MADV_DONTNEED)

    def close(self) -> None:
        """Give memory and disk back."""
        if self._map is not None:
            with contextlib.suppress(BufferError):  # an error has left an array behind: the map goes with it
                self._map.close()
        self._file.close()
        self._path.unlink(missing_ok=True)
