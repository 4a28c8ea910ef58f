"""Charts as inline SVG: bars to both sides, points against a logarithmic axis, lines over classes, reliability.

A chart is wide enough for two beside each other on a page and for one on a phone. Every mark tells its numbers under
the mouse, and the description tells all of them to screen readers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from posteditor.services.benchmark.forms.label_places import Wanted, placed
from posteditor.services.benchmark.forms.page_text import (
    columns_of,
    compact,
    number,
    percent,
    shortened,
    signed,
    visible,
)
from posteditor.services.benchmark.forms.scales import Scale, linear, logarithmic, tick_label
from posteditor.services.benchmark.forms.svg import Style, element, line, mark, picture, polyline, text

WIDTH = 460.0
FEW = 10
"""Marks of fewer segments are hollow: such a value is mostly chance."""
_LEFT, _RIGHT, _TOP = 54.0, WIDTH - 12, 22.0
_LINE = 15.0
_NAME_COLUMNS, _FEW_COLUMNS, _MANY = 28, 18, 7
"""Columns of a name beside its point, and fewer where there are many points."""
_COLUMN = 6.9
"""The width of a column of text."""


@dataclass(frozen=True, slots=True)
class Titled:
    """What every chart is called by."""

    identity: str
    """Unique on the page, made of letters, digits and hyphens."""
    title: str


@dataclass(frozen=True, slots=True)
class TwoSided:
    """A rewriter's good and bad counts."""

    name: str
    style: Style
    good: int
    bad: int


@dataclass(frozen=True, slots=True)
class Point:
    """A rewriter's place in a plane."""

    name: str
    style: Style
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Line:
    """A rewriter's values by class."""

    name: str
    style: Style
    values: tuple[tuple[float | None, int], ...]
    """For each class the value, None for a gap, and the segments it is of."""


def two_sided_bars(chart: Titled, bars: Sequence[TwoSided], good: str, bad: str) -> Markup:
    """Bars to the right for what is good and hatched ones to the left for what is bad, a rewriter below the other."""
    left, right, pitch = 50.0, WIDTH - 50, 44.0
    scale = linear([value for bar in bars for value in (bar.good, -bar.bad)], left, right)
    bottom = _TOP + 10 + pitch * len(bars)
    content: list[str] = [_hatches(chart.identity, bars)]
    for value in scale.ticks():
        if value != round(value):
            continue  # segments are whole
        content.append(line(scale(value), _TOP, scale(value), bottom, "grid"))
        content.append(text(tick_label(abs(value)), scale(value), bottom + 15, class_="tick", anchor="middle"))
    content.append(text(f"← {bad}", 4, 13, class_="axis"))
    content.append(text(f"{good} →", WIDTH - 12, 13, class_="axis", anchor="end"))
    for place, bar in enumerate(bars):
        y = _TOP + 22 + pitch * place
        content.append(text(shortened(bar.name, 50), left, y, class_="label halo"))
        content += _bar_pair(chart.identity, bar, scale, y + 6)
    content.append(text("segments", (left + right) / 2, bottom + 31, class_="axis", anchor="middle"))
    told = "; ".join(f"{bar.name}: {bar.good:,} {good}, {bar.bad:,} {bad}" for bar in bars)
    return picture(chart.identity, chart.title, f"Segments. {told}.", WIDTH, bottom + 38, content)


def _bar_pair(identity: str, bar: TwoSided, scale: Scale, y: float) -> Iterator[Markup]:
    zero, height = scale(0), 15.0
    hint = element("title", f"{visible(bar.name)}: {bar.good:,} better, {bar.bad:,} worse")
    good, bad = scale(bar.good) - zero, zero - scale(-bar.bad)
    hatch = f"url(#{identity}-{bar.style.colour})"
    yield element(
        "g",
        hint,
        element("rect", x=zero, y=y, width=good, height=height, class_="bar"),
        element("rect", x=zero - bad, y=y, width=bad, height=height, class_="hatched", fill=hatch),
        class_=bar.style.colour,
    )
    yield line(zero, y - 3, zero, y + height + 3, "zero")
    yield text(f"{bar.good:,}", zero + good + 5, y + 12, class_="value")
    yield text(f"{bar.bad:,}", zero - bad - 5, y + 12, class_="value", anchor="end")


def _hatches(identity: str, bars: Sequence[TwoSided]) -> Markup:
    colours = dict.fromkeys(bar.style.colour for bar in bars)
    patterns = (
        element(
            "pattern",
            element("rect", width=6, height=6, class_="paper"),
            element("rect", width=2.4, height=6, class_="mark"),
            id=f"{identity}-{colour}",
            width=6,
            height=6,
            patternUnits="userSpaceOnUse",
            patternTransform="rotate(45)",
            class_=colour,
        )
        for colour in colours
    )
    return element("defs", *patterns)


def scatter(chart: Titled, points: Sequence[Point], x_label: str, y_label: str, zero_label: str) -> Markup:
    """Points against a logarithmic x axis, all x above 0, each with its name; the line at y 0 has a name too."""
    bottom = 262.0
    x = logarithmic([point.x for point in points], _LEFT, _RIGHT)
    y = linear([point.y for point in points], bottom, _TOP + 8)
    content = [*_left_axis(y, y_label), *_bottom_axis(x, bottom, x_label)]
    near = [x(point.x) for point in points if abs(y(point.y) - y(0)) < 2 * _LINE]
    is_right = sum(place > WIDTH / 2 for place in near) * 2 <= len(near)
    place, anchor = (_RIGHT - 2, "end") if is_right else (_LEFT + 2, "start")
    content.append(text(zero_label, place, y(0) - 5, class_="label quiet halo", anchor=anchor))
    content += _names(points, x, y, bottom)
    for point in points:
        hint = f"{visible(point.name)}: {number(point.x, 2)} {x_label}, {signed(point.y)}"
        content.append(mark(point.style, x(point.x), y(point.y), 6, hint=hint))
    told = "; ".join(f"{one.name}: {number(one.x, 2)} {x_label}, {signed(one.y)}" for one in points)
    return picture(chart.identity, chart.title, f"{y_label}. {told}.", WIDTH, bottom + 38, content)


def _names(points: Sequence[Point], x: Scale, y: Scale, bottom: float) -> Iterator[Markup]:
    names = [shortened(point.name, _NAME_COLUMNS if len(points) < _MANY else _FEW_COLUMNS) for point in points]
    wanted = [
        Wanted(x(point.x), y(point.y), _COLUMN * columns_of(name)) for point, name in zip(points, names, strict=True)
    ]
    for one, name, place in zip(wanted, names, placed(wanted, _LEFT, _TOP, WIDTH, bottom), strict=True):
        if place.is_far:
            yield line(one.x, one.y, place.x, place.y - 4, "leader")
        yield text(name, place.x, place.y, class_="label halo", anchor=place.anchor)


def lines(chart: Titled, classes: Sequence[tuple[str, str]], found: Sequence[Line], y_label: str) -> Markup:
    """A line for each rewriter over classes, which have a label and a second line for their size."""
    bottom = 232.0
    y = linear([value for one in found for value, _ in one.values if value is not None], bottom, _TOP + 8)
    pitch = (_RIGHT - _LEFT) / max(1, len(classes))
    middles = [_LEFT + pitch * (place + 0.5) for place in range(len(classes))]
    content = list(_left_axis(y, y_label))
    for middle, (label, size) in zip(middles, classes, strict=True):
        content.append(text(label, middle, bottom + 17, class_="tick", anchor="middle"))
        content.append(text(size, middle, bottom + 31, class_="tick quiet", anchor="middle"))
    dodge = min(9.0, 40 / max(1, len(found)))
    told = []
    for place, one in enumerate(found):
        shift = dodge * (place - (len(found) - 1) / 2)
        content += _line(one, [middle + shift for middle in middles], y, classes)
        values = (f"{label} {signed(value)}" for (label, _), (value, _) in zip(classes, one.values, strict=True))
        told.append(f"{one.name}: {', '.join(values)}")
    return picture(chart.identity, chart.title, f"{y_label}. {'; '.join(told)}.", WIDTH, bottom + 38, content)


def _line(one: Line, xs: Sequence[float], y: Scale, classes: Sequence[tuple[str, str]]) -> Iterator[Markup]:
    run: list[tuple[float, float]] = []
    marks = []
    for x, (value, segments), (label, _) in zip(xs, one.values, classes, strict=True):
        if value is None:
            yield from _stretch(one.style, run)
            run = []
            continue
        run.append((x, y(value)))
        hint = f"{visible(one.name)}, {label}: {signed(value)} in {segments:,} segments"
        marks.append(mark(one.style, x, y(value), 4.5, hint=hint, hollow=segments < FEW))
    yield from _stretch(one.style, run)
    yield from marks


def _stretch(style: Style, run: Sequence[tuple[float, float]]) -> Iterator[Markup]:
    if len(run) > 1:
        yield element("g", polyline(run, "through"), class_=style.colour)


def reliability(chart: Titled, style: Style, bins: Sequence[tuple[float, float, int]]) -> Markup:
    """Mean confidence, 0-1, against the share that it was right, 0-1; marks as large as their counts, told above."""
    width, left, bottom = 260.0, 44.0, 222.0
    x, y = Scale(0, 1, left, width - 14), Scale(0, 1, bottom, _TOP + 8)
    content: list[str] = []
    for value in (0, 0.25, 0.5, 0.75, 1):
        content.append(line(left, y(value), width - 14, y(value), "zero" if value == 0 else "grid"))
        content.append(text(f"{100 * value:.0f}", left - 7, y(value) + 4, class_="tick", anchor="end"))
        content.append(text(f"{100 * value:.0f}", x(value), bottom + 16, class_="tick", anchor="middle"))
    content.append(line(x(0), y(0), x(1), y(1), "leader"))
    content.append(text("edits that helped, %", 4, 13, class_="axis"))
    content.append(text("mean confidence, %", (left + width) / 2, bottom + 33, class_="axis", anchor="middle"))
    points = [(x(confidence), y(share)) for confidence, share, _ in bins]
    content += _stretch(style, points)
    most = max((count for _, _, count in bins), default=1)
    for place, ((px, py), (confidence, share, count)) in enumerate(zip(points, bins, strict=True)):
        radius = 3 + 6 * (count / most) ** 0.5
        hint = f"confidence {confidence:.2f}: {percent(share, 1)} of {count:,} edits helped"
        content.append(mark(style, px, py, radius, hint=hint))
        below = place % 2 == 1 and len(bins) > 5 and py < bottom - 25
        shift = radius * 1.3 + 13 if below else -radius * 1.3 - 4
        content.append(text(compact(count), px, py + shift, class_="tick halo", anchor="middle"))
    told = "; ".join(f"confidence {one:.2f}: {percent(share, 1)} of {count:,}" for one, share, count in bins)
    return picture(chart.identity, chart.title, f"Share of edits that helped. {told}.", width, bottom + 40, content)


def _left_axis(scale: Scale, label: str) -> Iterator[Markup]:
    for value in scale.ticks():
        yield line(_LEFT, scale(value), _RIGHT, scale(value), "zero" if value == 0 else "grid")
        yield text(tick_label(value), _LEFT - 7, scale(value) + 4, class_="tick", anchor="end")
    yield text(label, 4, 13, class_="axis")


def _bottom_axis(scale: Scale, bottom: float, label: str) -> Iterator[Markup]:
    yield line(_LEFT, bottom, _RIGHT, bottom, "edge")
    for value in scale.ticks():
        yield line(scale(value), bottom, scale(value), bottom + 4, "edge")
        yield text(tick_label(value), scale(value), bottom + 17, class_="tick", anchor="middle")
    yield text(label, (_LEFT + _RIGHT) / 2, bottom + 33, class_="axis", anchor="middle")
