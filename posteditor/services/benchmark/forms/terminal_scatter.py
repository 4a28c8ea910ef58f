"""A plot of points as lines of text: a letter for each point, a logarithmic axis across, a line at 0."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from posteditor.services.benchmark.forms.scales import linear, logarithmic, tick_label

_ROWS = 13
_LEFT = 9
"""Columns before the plot, for the numbers of the upright axis."""
_MANY = "*"
"""Where points fall on each other."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A rewriter's place."""

    name: str
    mark: str
    """One character."""
    x: float
    """Above 0."""
    y: float


def scatter_lines(dots: Sequence[Dot], width: int, baseline: str, *, ascii_only: bool = False) -> Iterator[str]:
    """The plot without names; ``baseline`` is the name of the line at 0. At least one dot, all of them finite."""
    columns = width - _LEFT - 2
    x = logarithmic([dot.x for dot in dots], 0, columns - 1)
    y = linear([dot.y for dot in dots], _ROWS - 1, 0)
    upright, across, corner, tick = "|-++" if ascii_only else "│─└┴"
    grid = [[" "] * columns for _ in range(_ROWS)]
    zero = round(y(0))
    grid[zero] = list(f"{across * 3} {baseline} ".ljust(columns, across))[:columns]
    taken: set[tuple[int, int]] = set()
    for dot in dots:
        place = (round(y(dot.y)), round(x(dot.x)))
        grid[place[0]][place[1]] = _MANY if place in taken else dot.mark
        taken.add(place)
    labels = {round(y(value)): tick_label(value) for value in y.ticks(4)}
    for number, cells in enumerate(grid):
        label = labels.get(number, "").rjust(_LEFT - 1)
        line = f"{label} {upright}{''.join(cells)}".rstrip()
        yield line.replace("\u2212", "-")
    axis, below = [across] * columns, [" "] * (columns + 1)
    free = 0
    for value in x.ticks():
        column, told = round(x(value)), tick_label(value)
        axis[column] = tick
        begin = min(max(0, column - len(told) // 2), columns - len(told))
        if begin >= free:
            below[begin : begin + len(told)] = told
            free = begin + len(told) + 1
    yield " " * _LEFT + corner + "".join(axis)
    yield (" " * (_LEFT + 1) + "".join(below)).rstrip()
