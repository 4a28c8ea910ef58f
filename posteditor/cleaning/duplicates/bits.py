"""A yes or no for each ordinal, in an eighth of a byte."""

import numpy as np
from numpy.typing import NDArray


class Bits:
    """Starts with no for all."""

    def __init__(self, count: int) -> None:
        self.data = bytearray(count // 8 + 1)
        """Bit ``n & 7`` of byte ``n >> 3`` belongs to ordinal n."""
        self._array = np.frombuffer(self.data, np.uint8)

    def set(self, ordinals: NDArray[np.uint64]) -> None:
        """Yes for these."""
        np.bitwise_or.at(self._array, (ordinals >> 3).astype(np.int64), _masks(ordinals))

    def at(self, ordinals: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Those of some ordinals."""
        found: NDArray[np.bool_] = (self._array[(ordinals >> 3).astype(np.int64)] & _masks(ordinals)) != 0
        return found

    def stretch(self, start: int, count: int) -> NDArray[np.bool_]:
        """Those of ``count`` ordinals from ``start`` on."""
        first = start >> 3
        unpacked = np.unpackbits(self._array[first : (start + count + 7) // 8], bitorder="little")
        return unpacked[start - 8 * first : start - 8 * first + count].astype(np.bool_)


def _masks(ordinals: NDArray[np.uint64]) -> NDArray[np.uint8]:
    return np.left_shift(np.uint8(1), (ordinals & np.uint64(7)).astype(np.uint8))
