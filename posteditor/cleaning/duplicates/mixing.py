"""Hashes of 64 bits of 64 bits, for whole arrays."""

import numpy as np
from numpy.typing import NDArray

_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each value spread over all 64 bits; different values stay different, and zero stays zero.

    Source: Steele, Lea and Flood (2014), Fast Splittable Pseudorandom Number Generators (OOPSLA), the finalizer with
    Stafford's constants (variant 13).
    """
    spread = values ^ (values >> np.uint64(30))
    spread *= _FIRST
    spread ^= spread >> np.uint64(27)
    spread *= _SECOND
    spread ^= spread >> np.uint64(31)
    return spread


def hashed_rows(rows: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """A hash of each row of bytes."""
    words = -(-rows.shape[1] // 8)
    padded = np.zeros((len(rows), words * 8), np.uint8)
    padded[:, : rows.shape[1]] = rows
    columns = padded.view("<u8").astype(np.uint64, copy=False)
    result = np.full(len(rows), rows.shape[1], np.uint64)
    for word in range(words):
        result = mixed(result + columns[:, word])
    return result
