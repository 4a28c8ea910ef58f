"""Totals of the statistics over random choices of segments, drawn as sacrebleu draws them.

A resample is a row of counts, how often each segment was drawn, so that its totals are a product of matrices. Single
precision is enough for it as long as every total stays below the integers that it holds exactly; then no order of
summation makes a difference. Where that does not hold, the segments are added up one after the other as sacrebleu
does, which is slow. Draws are made in blocks: besides the tables (for exchanges, one more of the same size per system)
and the totals, memory holds at most 25 MB, or 24 bytes a segment (60 for exchanges) where that is more.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from posteditor.errors import ScoringError

if TYPE_CHECKING:
    from posteditor.scoring.intervals import StatisticsTable

Singles = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

_BLOCK = 1 << 20  # draws at once
_BITS_DRAWN = 32  # random bits that numpy fetches at once, and throws away at the end of a call
_SINGLE = 2.0**24  # all integers up to here are exact in single precision


def resampled_totals(tables: Sequence["StatisticsTable"], resamples: int, seed: int) -> list[Singles]:
    """The totals of every resample: as many segments as there are, drawn with replacement, the same for all tables.

    Args:
        tables: One row per segment; all of the same segments.
        resamples: How many.
        seed: Of the random generator.

    Returns:
        For each table, in order, totals of shape (resamples, width); each is, to the last bit, what sacrebleu adds up.

    Raises:
        ScoringError: Fewer than 2 segments, or tables of different lengths.
    """
    segments = _common_length(tables)
    generator = np.random.default_rng(seed)
    rows = [table.rows() for table in tables]
    limits = [_exact_below(numbers) for numbers in rows]
    totals = [np.empty((resamples, table.width), np.float32) for table in tables]
    for start, stop in _blocks(resamples, max(1, _BLOCK // segments)):
        drawn = generator.integers(0, segments, size=(stop - start, segments))
        counts = np.empty(drawn.shape, np.float32)
        for number, segment_numbers in enumerate(drawn):
            counts[number] = np.bincount(segment_numbers, minlength=segments)
        for numbers, limit, total in zip(rows, limits, totals, strict=True):
            np.matmul(counts, numbers, out=total[start:stop])
            if not (total[start:stop] < limit).all():
                total[start:stop] = [np.take(numbers, one, axis=0).sum(0) for one in drawn]
    return totals


def exchanged_totals(
    baseline: "StatisticsTable", systems: Sequence["StatisticsTable"], trials: int, seed: int
) -> list[tuple[Doubles, Doubles]]:
    """The totals of a system and of the baseline after each segment changed sides or not, by the toss of a coin.

    Args:
        baseline: One row per segment.
        systems: The same segments.
        trials: How many times all coins are tossed; the same for all systems.
        seed: Of the random generator.

    Returns:
        For each system, in order, the totals of both sides, each of shape (trials, width). Whole numbers, halves and
        quarters are exact; other numbers have the rounding of a product of matrices.

    Raises:
        ScoringError: Fewer than 2 segments, or tables of different lengths.
    """
    segments = _common_length([baseline, *systems])
    pairs = [_Pair(baseline, system) for system in systems]
    totals = [(np.empty((trials, baseline.width)), np.empty((trials, baseline.width))) for _ in systems]
    for start, chosen in _coins(trials, segments, seed):
        here = slice(start, start + len(chosen))
        for pair, (one, other) in zip(pairs, totals, strict=True):
            one[here], other[here] = pair.totals(chosen)
    return totals


class _Pair:
    """The baseline and a system, between which segments are exchanged."""

    def __init__(self, baseline: "StatisticsTable", system: "StatisticsTable") -> None:
        ours, theirs = baseline.rows(), system.rows()
        limit = 0.0
        if baseline.is_exact_in_single_precision and system.is_exact_in_single_precision:
            limit = min(_exact_below(ours), _exact_below(theirs))
        self._difference: npt.NDArray[np.floating[Any]] | None = None
        if limit:
            self._difference = ours - theirs
            if not (np.abs(self._difference).sum(0, dtype=np.float64) < limit).all():
                self._difference = self._difference.astype(np.float64)
            self._sums = baseline.exact_rows().sum(0), system.exact_rows().sum(0)
        else:
            self._both = baseline.exact_rows(), system.exact_rows()

    def totals(self, chosen: npt.NDArray[np.bool_]) -> tuple[Doubles, Doubles]:
        """Both sides when the chosen segments, shape (trials, segments), are the baseline's on the first one."""
        if self._difference is None:
            # Rounding matters here, so this is the very expression that sacrebleu evaluates.
            (ours, theirs), rest = self._both, ~chosen
            return chosen @ ours + rest @ theirs, rest @ ours + chosen @ theirs
        moved = (chosen.astype(self._difference.dtype) @ self._difference).astype(np.float64)
        ours_sum, theirs_sum = self._sums
        return theirs_sum + moved, ours_sum - moved


def _coins(trials: int, segments: int, seed: int) -> Iterator[tuple[int, npt.NDArray[np.bool_]]]:
    """Number of the first trial and a block of tosses of shape (trials of the block, segments), again and again.

    Calls ask for multiples of the bits that are fetched at once, so that they give the stream of one large call.
    """
    generator = np.random.default_rng(seed)
    at_once = max(1, _BLOCK // segments)
    for start, stop in _blocks(trials, -(-at_once // _BITS_DRAWN) * _BITS_DRAWN):
        tossed = generator.integers(2, size=(stop - start, segments), dtype=np.bool_)
        for first, last in _blocks(stop - start, at_once):
            yield start + first, tossed[first:last]


def _blocks(count: int, size: int) -> Iterator[tuple[int, int]]:
    for start in range(0, count, size):
        yield start, min(start + size, count)


def _exact_below(rows: Singles) -> float:
    """Below this, sums of these numbers are exact in single precision; 0 when there is no such bound.

    The numbers are not negative, so a total below it also had only partial sums below it, whatever their order, and
    rounding never brings a larger total under it.
    """
    for parts in (1, 2, 4):  # means over two or four references are halves and quarters
        scaled = rows * np.float32(parts)
        if np.array_equal(scaled, np.rint(scaled)):
            return _SINGLE / parts
    return 0.0


def _common_length(tables: Sequence["StatisticsTable"]) -> int:
    lengths = [len(table) for table in tables]
    for length in lengths[1:]:
        if length != lengths[0]:
            raise ScoringError(
                f"a paired test needs the same segments: {lengths[0]} of the first system, {length} of another",
                hint="Score every system on the same file.",
            )
    if lengths[0] < 2:
        raise ScoringError(f"resampling needs at least 2 segments, not {lengths[0]}")
    return lengths[0]
