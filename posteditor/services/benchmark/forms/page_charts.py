"""The charts of a test set: what is drawn, and under which name; how it is drawn is the affair of ``charts``."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from posteditor.services.benchmark.forms.cells import difference_of, name_of
from posteditor.services.benchmark.forms.charts import (
    FEW,
    Line,
    Point,
    Titled,
    TwoSided,
    lines,
    reliability,
    scatter,
    two_sided_bars,
)
from posteditor.services.benchmark.forms.page_text import compact, shortened
from posteditor.services.benchmark.forms.svg import DO_NOTHING, Style
from posteditor.services.benchmark.report import DECIDING_METRIC, NOTHING, Bucket, Row, RunReport, SetReport

Styles = Mapping[str, Style]
_CHANGE = "TER (cased) after less before; lower is better"


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with what stands below it."""

    drawing: Markup
    title: str
    """For eyes; that of the drawing says more where figures stand in a row."""
    note: str = ""
    is_small: bool = False
    """One of a row of like ones."""


def styles_of(report: RunReport) -> dict[str, Style]:
    """A style for each rewriter of the run, the same on every test set."""
    specs = dict.fromkeys(row.rewriter for one in report.sets for row in one.rows)
    models = [spec for spec in specs if spec != NOTHING]
    return {NOTHING: DO_NOTHING} | {spec: Style.of_place(place) for place, spec in enumerate(models)}


def figures(one: SetReport, identity: str, styles: Styles) -> tuple[Figure, ...]:
    """All charts for which the test set has numbers; ``identity`` tells it from the other sets of the page."""
    models = [row for row in one.rows if row.rewriter != NOTHING]
    return tuple(_figures(models, identity, styles)) if models else ()


def _figures(models: Sequence[Row], identity: str, styles: Styles) -> Iterator[Figure]:
    title = "Segments that improved and that deteriorated"
    bars = [TwoSided(name_of(row.rewriter), styles[row.rewriter], row.improved, row.deteriorated) for row in models]
    drawing = two_sided_bars(Titled(f"{identity}-effect", title), bars, "improved", "deteriorated")
    yield Figure(drawing, title, "By their cased sentence TER. Hatched: deteriorated.")
    points = list(_points(models, styles))
    if points:
        title = "Score against speed"
        drawing = scatter(
            Titled(f"{identity}-speed", title),
            points,
            "segments per second",
            "TER (cased) less that of do-nothing; lower is better",
            "do-nothing",
        )
        yield Figure(drawing, title, "Speed in batches, gate included, on a logarithmic axis.")
    for kind, title in (("length", "Change by words of the mt"), ("quality", "Change by the mt’s own TER")):
        found = [row.by_length if kind == "length" else row.by_quality for row in models]
        if any(bucket.segments for buckets in found for bucket in buckets):
            drawing = _change(Titled(f"{identity}-{kind}", title), models, found, styles)
            yield Figure(drawing, title, f"n: segments. Hollow: fewer than {FEW} of them.")
    for place, row in enumerate(models):
        if row.calibration:
            name = shortened(name_of(row.rewriter), 40)
            title = f"Calibration of {name}"
            bins = [(one.mean_confidence, one.helped / max(1, one.edits), one.edits) for one in row.calibration]
            drawing = reliability(Titled(f"{identity}-calibration-{place}", title), styles[row.rewriter], bins)
            yield Figure(drawing, name, is_small=True)


def _points(models: Sequence[Row], styles: Styles) -> Iterator[Point]:
    for row in models:
        difference = difference_of(row, DECIDING_METRIC, NOTHING)
        if row.speed is None or difference is None:
            continue
        x, y = row.speed.segments_per_second, difference.value
        if x > 0 and math.isfinite(x) and math.isfinite(y):
            yield Point(name_of(row.rewriter), styles[row.rewriter], x, y)


def _change(chart: Titled, models: Sequence[Row], found: Sequence[Sequence[Bucket]], styles: Styles) -> Markup:
    sizes: dict[str, int] = {}
    for buckets in found:
        for bucket in buckets:
            sizes[bucket.label] = max(bucket.segments, sizes.get(bucket.label, 0))
    classes = [(short_label(label), f"n {compact(size)}") for label, size in sizes.items()]
    drawn = []
    for row, buckets in zip(models, found, strict=True):
        by_label = {bucket.label: bucket for bucket in buckets}
        values = tuple(_value(by_label.get(label)) for label in sizes)
        drawn.append(Line(name_of(row.rewriter), styles[row.rewriter], values))
    return lines(chart, classes, drawn, _CHANGE)


def _value(bucket: Bucket | None) -> tuple[float | None, int]:
    if bucket is None:
        return None, 0
    change = change_of(bucket)
    return (change if change is None or math.isfinite(change) else None), bucket.segments


def change_of(bucket: Bucket) -> float | None:
    """The deciding metric after less before; None without segments."""
    before, after = bucket.before.get(DECIDING_METRIC), bucket.after.get(DECIDING_METRIC)
    return None if before is None or after is None else after - before


def short_label(label: str) -> str:
    """A bucket's label without what the chart's title says: "11-20 words" is "11–20"."""
    plain = label.removesuffix(" words").removeprefix("TER ").replace("-", "–")
    for long, short in (("up to ", "≤ "), ("more than ", "> ")):
        if plain.startswith(long):
            return short + plain.removeprefix(long)
    return f"≥ {plain.removesuffix(' and more')}" if plain.endswith(" and more") else plain
