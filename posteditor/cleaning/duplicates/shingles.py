"""The set of shingles of a text, as hashes."""

import numpy as np
from numpy.typing import NDArray

from posteditor.cleaning.duplicates.folding import Characters, wide
from posteditor.cleaning.duplicates.mixing import mixed

MOST_UNITS = 24_000
"""Only so many units at the start of a text are looked at: a segment of many megabytes is no sentence."""
_BASE = np.uint64(0x9E3779B97F4A7C15)
_SECOND_HALF = np.uint64(1 << 32)


def shingle_hashes(
    texts: Characters, size: int, salts: NDArray[np.uint64]
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """A hash for each run of ``size`` units; a text that is shorter has one shingle, an empty one none.

    A unit is a code point; a wide character is two. So a shingle is about a word in most writing systems.

    Args:
        salts: For each text; the same shingle in texts of different salts has different hashes.

    Returns:
        The hashes of all texts one after the other, and where each text starts (one more than there are texts).
    """
    units, lengths = _units(texts)
    counts = np.maximum(np.minimum(lengths, 1), lengths - size + 1)
    offsets = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=offsets[1:])
    # Texts are set apart by size - 1 zeros, so that a window never reaches into the next one.
    gaps = np.arange(len(lengths)) * (size - 1)
    starts = np.cumsum(lengths) - lengths + gaps
    padded = np.zeros(len(units) + len(lengths) * (size - 1), np.uint64)
    padded[np.arange(len(units)) + np.repeat(gaps, lengths)] = units
    windows = _rolled(padded, size)[np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], counts)]
    if salts.any():
        windows ^= np.repeat(salts, counts)
    return mixed(windows), offsets


def _units(texts: Characters) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    if (texts.lengths > MOST_UNITS).any():
        places = np.arange(len(texts.codes)) - np.repeat(texts.offsets[:-1], texts.lengths)
        texts = texts.kept(places < MOST_UNITS)
    units = texts.codes.astype(np.uint64)
    units += np.uint64(1)  # zero stands between texts
    double = wide(texts.codes)
    if not double.any():
        return units, texts.lengths
    units = np.repeat(units, 1 + double)
    units[np.cumsum(1 + double)[double] - 1] |= _SECOND_HALF
    before = np.zeros(len(double) + 1, np.int64)
    np.cumsum(double, out=before[1:])
    return units, np.diff(texts.offsets + before[texts.offsets])


def _rolled(units: NDArray[np.uint64], size: int) -> NDArray[np.uint64]:
    """For each place the polynomial of the units from there on, modulo 2**64."""
    if len(units) < size:
        return units[:0]
    count = len(units) - size + 1
    rolled = units[:count].copy()
    for step in range(1, size):
        rolled *= _BASE
        rolled += units[step : step + count]
    return rolled
