"""Plots of a report as lines of text, for people who sit at the other end of an ssh connection.

Bars are made of eighths of a block, so that a column of the terminal tells eight values apart; ``ascii_only`` draws
them with ``#``. Drawn here rather than by a library: bars with their numbers beside them are all that is needed.
"""

from collections.abc import Iterator, Sequence

from posteditor.services.benchmark.forms.cells import name_of
from posteditor.services.benchmark.report import DECIDING_METRIC, NOTHING, Bucket, Row, RunReport, SetReport

_EIGHTHS = " ▏▎▍▌▋▊▉"
_LABEL = 24
_NUMBER = 9
_LEAST_BAR = 8


def plot_lines(report: RunReport, width: int = 80, *, ascii_only: bool = False) -> Iterator[str]:
    """All plots of all test sets; no line is wider than ``width``, which is at least 50."""
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

    def label(self, text: str) -> str:
        plain = "".join(character if character.isprintable() else "?" for character in text)
        if self._ascii:
            plain = plain.encode("ascii", "replace").decode("ascii")
        dots = "..." if self._ascii else "…"
        return plain if len(plain) <= _LABEL else plain[: _LABEL - len(dots)] + dots

    def heading(self, text: str) -> str:
        """A line above a plot."""
        return text if len(text) <= self.width else text[: self.width]

    def bar(self, label: str, value: float, most: float, number: str) -> str:
        """A bar from the left, as long as ``value`` is of ``most``; both 0 or more."""
        return f"{self.label(label):{_LABEL}} {number:>{_NUMBER}} {self._bar(value, most, self.bar_width)}".rstrip()

    def two_sided(self, label: str, value: float, most: float, number: str) -> str:
        """A bar from the middle, to the left below 0 and to the right above."""
        half = (self.bar_width - 1) // 2
        filled = round(half * abs(value) / most) if most else 0
        block, axis = ("#", "|") if self._ascii else ("█", "│")
        left = (block * filled).rjust(half) if value < 0 else " " * half
        right = block * filled if value > 0 else ""
        return f"{self.label(label):{_LABEL}} {number:>{_NUMBER}} {left}{axis}{right}".rstrip()

    def _bar(self, value: float, most: float, width: int) -> str:
        eighths = round(8 * width * value / most) if most else 0
        if self._ascii:
            return "#" * round(eighths / 8)
        whole, rest = divmod(eighths, 8)
        return "█" * whole + (_EIGHTHS[rest] if rest else "")


def _set_plots(one: SetReport, models: Sequence[Row], canvas: _Canvas) -> Iterator[str]:
    name = canvas.label(one.name)
    most = max(max(row.improved, row.deteriorated) for row in models)
    yield canvas.heading(f"{name}: segments improved and worse")
    for row in models:
        yield canvas.bar(f"{name_of(row.rewriter)} better", row.improved, most, f"{row.improved:,}")
        yield canvas.bar(f"{name_of(row.rewriter)} worse", row.deteriorated, most, f"{row.deteriorated:,}")
    yield from _speed_plot(name, models, canvas)
    for title, kind in (("by length of the mt", "by_length"), ("by the mt's own TER", "by_quality")):
        changes = [(row, _changes(getattr(row, kind))) for row in models]
        greatest = max((abs(value) for _, found in changes for _, value in found), default=0.0)
        yield ""
        yield canvas.heading(f"{name}: TER (cased) {title}, left is better")
        for row, found in changes:
            if len(models) > 1:
                yield f"  {canvas.label(name_of(row.rewriter))}"
            for label, value in found:
                yield canvas.two_sided(label, value, greatest, f"{value:+.2f}")
    yield from _calibration_plots(name, models, canvas)
    yield ""


def _speed_plot(name: str, models: Sequence[Row], canvas: _Canvas) -> Iterator[str]:
    timed = [(row, row.speed.segments_per_second) for row in models if row.speed is not None]
    if timed:
        fastest = max(rate for _, rate in timed)
        yield ""
        yield canvas.heading(f"{name}: segments a second, with the change of TER (cased)")
        for row, rate in timed:
            change = next((each.value for each in row.differences if each.metric == DECIDING_METRIC), 0.0)
            yield canvas.bar(f"{name_of(row.rewriter)} {change:+.2f}", rate, fastest, f"{rate:,.1f}")


def _changes(buckets: Sequence[Bucket]) -> list[tuple[str, float]]:
    """By bucket that has segments, its label and how its score moved."""
    return [
        (f"{one.label} ({one.segments:,})", one.after[DECIDING_METRIC] - one.before[DECIDING_METRIC])
        for one in buckets
        if DECIDING_METRIC in one.before and DECIDING_METRIC in one.after
    ]


def _calibration_plots(name: str, models: Sequence[Row], canvas: _Canvas) -> Iterator[str]:
    for row in models:
        if not row.calibration:
            continue
        yield ""
        yield canvas.heading(f"{name}: edits of {canvas.label(name_of(row.rewriter))} that helped, by confidence")
        for one in row.calibration:
            share = one.helped / one.edits
            label = f"{one.low:.1f}-{one.high:.1f} ({one.edits:,} edits)"
            yield canvas.bar(label, share, 1.0, f"{100 * share:.0f} %")
