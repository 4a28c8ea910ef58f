"""Plots of a report as lines of text, for people who sit at the other end of an ssh connection.

Bars are made of eighths of a block, so that a column of the terminal tells eight values apart; ``ascii_only`` draws
them with ``#``. Drawn here rather than by a library: bars with their numbers beside them, and one plot of points, are
all that is needed.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import cycle
from string import ascii_lowercase

from posteditor.services.benchmark.forms.cells import difference_of, name_of
from posteditor.services.benchmark.forms.page_text import columns_of, shortened, visible
from posteditor.services.benchmark.forms.terminal_scatter import Dot, scatter_lines
from posteditor.services.benchmark.report import DECIDING_METRIC, NOTHING, Bucket, Row, RunReport, SetReport

_EIGHTHS = " ▏▎▍▌▋▊▉"
_LABEL = 24
_NUMBER = 9
_LEAST_BAR = 8


def plot_lines(report: RunReport, width: int = 80, *, ascii_only: bool = False) -> Iterator[str]:
    """All plots of all test sets; no line has more columns than ``width``, which is at least 50."""
    canvas = _Canvas(max(50, width), ascii_only)
    for one in report.sets:
        models = [row for row in one.rows if row.rewriter != NOTHING]
        if models:
            yield from _set_plots(one, models, canvas)


class _Canvas:
    def __init__(self, width: int, ascii_only: bool) -> None:
        self.width = width
        self.bar_width = max(_LEAST_BAR, width - _LABEL - _NUMBER - 2)
        self._ascii = ascii_only

    def label(self, text: str, after: str = "", columns: int = _LABEL) -> str:
        """The text, without its middle where it is too long, and ``after`` whole; at most so many columns."""
        plain = visible(text)
        if self._ascii:
            plain = "".join(one if one.isascii() else "?" for one in plain)
        short = shortened(plain, columns - len(after))
        return (short.replace("…", "~") if self._ascii else short) + after

    def heading(self, name: str, title: str) -> str:
        """A line above a plot; a long name makes room for the title."""
        return self.label(self.label(name, columns=max(8, self.width - columns_of(title))) + title, columns=self.width)

    def scatter(self, dots: Sequence[Dot], baseline: str) -> Iterator[str]:
        """Points with their names below."""
        yield from scatter_lines(dots, self.width, baseline, ascii_only=self._ascii)
        for dot in dots:
            numbers = f" {dot.x:,.1f} segments/s, {dot.y:+.2f}"
            yield f"  {dot.mark}  {self.label(dot.name, numbers, self.width - 5)}"

    def bar(self, label: str, value: float, most: float, number: str) -> str:
        """A bar from the left, as long as ``value`` is of ``most``; both 0 or more."""
        return f"{_padded(label)} {number:>{_NUMBER}} {self._bar(value, most, self.bar_width)}".rstrip()

    def two_sided(self, label: str, value: float, most: float, number: str) -> str:
        """A bar from the middle, to the left below 0 and to the right above."""
        half = (self.bar_width - 1) // 2
        filled = round(half * abs(value) / most) if most else 0
        block, axis = ("#", "|") if self._ascii else ("█", "│")
        left = (block * filled).rjust(half) if value < 0 else " " * half
        right = block * filled if value > 0 else ""
        return f"{_padded(label)} {number:>{_NUMBER}} {left}{axis}{right}".rstrip()

    def _bar(self, value: float, most: float, width: int) -> str:
        eighths = round(8 * width * value / most) if most else 0
        if self._ascii:
            return "#" * round(eighths / 8)
        whole, rest = divmod(eighths, 8)
        return "█" * whole + (_EIGHTHS[rest] if rest else "")


def _padded(label: str) -> str:
    return label + " " * (_LABEL - columns_of(label))


def _set_plots(one: SetReport, models: Sequence[Row], canvas: _Canvas) -> Iterator[str]:
    name = one.name
    most = max(max(row.improved, row.deteriorated) for row in models)
    yield canvas.heading(name, ": segments improved and worse")
    for row in models:
        yield canvas.bar(canvas.label(name_of(row.rewriter), " better"), row.improved, most, f"{row.improved:,}")
        yield canvas.bar(canvas.label(name_of(row.rewriter), " worse"), row.deteriorated, most, f"{row.deteriorated:,}")
    yield from _speed_plot(name, models, canvas)
    for title, kind in (("by length of the mt", "by_length"), ("by the mt's own TER", "by_quality")):
        changes = [(row, _changes(getattr(row, kind), canvas)) for row in models]
        greatest = max((abs(value) for _, found in changes for _, value in found), default=0.0)
        yield ""
        yield canvas.heading(name, f": TER (cased) {title}, left is better")
        for row, found in changes:
            if len(models) > 1:
                yield f"  {canvas.label(name_of(row.rewriter))}"
            for label, value in found:
                yield canvas.two_sided(label, value, greatest, f"{value:+.2f}")
    yield from _calibration_plots(name, models, canvas)
    yield ""


def _speed_plot(name: str, models: Sequence[Row], canvas: _Canvas) -> Iterator[str]:
    dots = []
    for row, mark in zip(models, cycle(ascii_lowercase), strict=False):
        difference = difference_of(row, DECIDING_METRIC, NOTHING)
        if row.speed is not None and difference is not None:
            dots.append(Dot(name_of(row.rewriter), mark, row.speed.segments_per_second, difference.value))
    dots = [dot for dot in dots if dot.x > 0 and math.isfinite(dot.x) and math.isfinite(dot.y)]
    if dots:
        yield ""
        yield canvas.heading(name, ": TER (cased) by segments/s, lower is better")
        yield from canvas.scatter(dots, "do-nothing")


def _changes(buckets: Sequence[Bucket], canvas: _Canvas) -> list[tuple[str, float]]:
    """By bucket that has segments, its label and how its score moved."""
    return [
        (canvas.label(one.label, f" ({one.segments:,})"), one.after[DECIDING_METRIC] - one.before[DECIDING_METRIC])
        for one in buckets
        if DECIDING_METRIC in one.before and DECIDING_METRIC in one.after
    ]


def _calibration_plots(name: str, models: Sequence[Row], canvas: _Canvas) -> Iterator[str]:
    for row in models:
        if not row.calibration:
            continue
        yield ""
        yield canvas.heading(name, f": edits of {canvas.label(name_of(row.rewriter))} that helped, by confidence")
        for one in row.calibration:
            share = one.helped / one.edits
            label = canvas.label(f"{one.low:.1f}-{one.high:.1f}", f" ({one.edits:,} edits)")
            yield canvas.bar(label, share, 1.0, f"{100 * share:.0f} %")
