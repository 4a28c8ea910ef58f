"""How scores are spread, in little memory whatever they are: counted by value, to three digits."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, inf, isfinite, log10

import numpy as np
from numpy.typing import NDArray

from posteditor.cleaning.rule import Bound

Tally = Counter[float]
"""Score, to three significant digits, to the number of pairs; NaN is left out."""

_EXACT = 1000
"""Whole numbers below are counted as they are."""
_SLACK = 1e-9
"""For what arithmetic with fractions leaves over."""


def tally(scores: NDArray[np.float64]) -> Tally:
    """The scores, counted."""
    if not len(scores):
        return Tally()
    low, high = scores.min(), scores.max()
    if low == high:
        return Tally({_rounded(float(low)): len(scores)})
    if low >= 0 and high < _EXACT and (scores == (whole := scores.astype(np.int64))).all():
        counts = np.bincount(whole)
        values = np.flatnonzero(counts)
        return Tally(dict(zip(map(float, values.tolist()), counts[values].tolist(), strict=True)))
    found: Tally = Counter()
    distinct, counts = np.unique(scores[scores == scores], return_counts=True)
    for value, count in zip(distinct.tolist(), counts.tolist(), strict=True):
        found[_rounded(value)] += count
    return found


def _rounded(value: float) -> float:
    if (value.is_integer() and abs(value) < _EXACT) or not isfinite(value):
        return value
    return float(f"{value:.2e}")


@dataclass(frozen=True, slots=True)
class Bar:
    """The scores from ``low`` up to, but without, ``high``; where both are the same, that one score."""

    low: float
    high: float
    count: int


def bars(scores: Mapping[float, int], bound: Bound, most: int = 20) -> list[Bar]:
    """The scores as at most ``most`` bars of like width, one for what lies far beyond, and one for infinite scores.

    Args:
        bound: Its ends are shown if scores go so far.
        most: At least 2.
    """
    finite = sorted((value, count) for value, count in scores.items() if isfinite(value))
    endless = sum(count for value, count in scores.items() if not isfinite(value))
    found = _finite_bars(finite, bound, most) if finite else []
    if endless:
        found.append(Bar(inf, inf, endless))
    return found


def _finite_bars(finite: Sequence[tuple[float, int]], bound: Bound, most: int) -> list[Bar]:
    low, last = finite[0][0], finite[-1][0]
    are_whole = all(value.is_integer() for value, _ in finite)
    if are_whole and last - low < most:
        counts_of = dict(finite)
        return [Bar(value, value, counts_of.get(float(value), 0)) for value in range(int(low), int(last) + 1)]
    high = _useful_end(finite, bound)
    width = max(_round_width((high - low) / (most - 1)), _resolution(high), 1.0 if are_whole else 0.0)
    first = floor(low / width + _SLACK)
    count = floor(high / width + _SLACK) - first + 1
    counts = [0] * (count + 1)
    for value, number in finite:
        counts[min(floor(value / width + _SLACK) - first, count)] += number
    edges = [float(f"{(first + place) * width:.12g}") for place in range(count + 1)]
    found = [Bar(edges[place], edges[place + 1], counts[place]) for place in range(count)]
    if counts[count]:
        found.append(Bar(edges[count], max(last, edges[count]), counts[count]))
    return found


def _useful_end(finite: Sequence[tuple[float, int]], bound: Bound) -> float:
    """Where the bars end: behind 99 of 100 scores and the upper bound; what lies beyond goes into one last bar."""
    total = sum(count for _, count in finite)
    last = end = finite[-1][0]
    seen = 0
    for value, count in finite:
        seen += count
        if seen >= total * 0.99:
            end = value
            break
    return max(end, bound.high) if bound.high <= last else end


def _resolution(value: float) -> float:
    """The step between two scores of this size that a tally tells apart."""
    return 10.0 ** (floor(log10(abs(value))) - 2) if value else 0.0


def _round_width(width: float) -> float:
    """A width of 1, 2 or 5 times a power of ten, not under ``width``."""
    if width <= 0:
        return 0.01
    power = 10.0 ** floor(log10(width))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= width * (1 - _SLACK))
