"""The tables behind the charts of a test set, and those of the gate, of categories and of failures."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields

from posteditor.services.benchmark.forms.page_charts import change_of
from posteditor.services.benchmark.forms.page_tables import Cell, Head, Line, Styles, Table, column_of, head_of
from posteditor.services.benchmark.forms.page_text import NOT_KNOWN, number, percent, signed
from posteditor.services.benchmark.report import (
    DECIDING_METRIC,
    NOTHING,
    Bucket,
    CalibrationBin,
    Category,
    Row,
    SetReport,
)

_PLACES = 20
"""So many segments are named for one reason of failures."""


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """The segments that a rewriter gave up on for one reason."""

    rewriter: Head
    reason: str
    count: int
    places: str
    """Their positions and names, the first ones where there are many."""


def detail_tables(one: SetReport, styles: Styles) -> tuple[Table, ...]:
    """Numbers of the charts; tables without a number are left out."""
    models = _models(one)
    return tuple(
        table
        for table in (
            _bucket_table("Change of TER (cased) by words of the mt", models, lambda row: row.by_length, styles),
            _bucket_table("Change of TER (cased) by the mt’s own TER", models, lambda row: row.by_quality, styles),
            _calibration_table(models, styles),
        )
        if table.lines
    )


def refusal_table(one: SetReport, styles: Styles) -> Table | None:
    """Edits that the gate withdrew, by rule; None where it withdrew nothing."""
    total: Counter[str] = Counter()
    for row in one.rows:
        total.update(row.refused)
    rows = [row for row in _models(one) if row.refused]
    if not rows:
        return None
    lines = (
        Line(Head(rule), tuple(Cell(number(row.refused.get(rule, 0))) for row in rows))
        for rule, _ in total.most_common()
    )
    return Table("Edits that the gate refused", "Rule", tuple(column_of(row, styles) for row in rows), tuple(lines))


def category_table(one: SetReport, styles: Styles) -> Table | None:
    """Rewriters under each category of a challenge set, and under all of them; None for other test sets."""
    rows = [row for row in _models(one) or one.rows if row.categories]
    if not rows:
        return None
    names = dict.fromkeys(category.name for row in rows for category in row.categories)
    lines: list[Line] = []
    for name in names:
        found = [(row, category) for row in rows for category in row.categories if category.name == name]
        lines += _category_lines(name, found, styles)
    if len(names) > 1:
        lines += _category_lines("all categories", [(row, _total(row.categories)) for row in rows], styles)
    heads = ("changed", "corrected", "better", "worse", "over-edited", "strings lost")
    notes = ("", "equal to a reference", "cased TER fell", "cased TER rose", "of perfect", "of guarded")
    columns = tuple(Head(head, note) for head, note in zip(heads, notes, strict=True))
    return Table("Categories of the challenge set", "Category, rewriter", columns, tuple(lines))


def failure_groups(one: SetReport, styles: Styles) -> tuple[FailureGroup, ...]:
    """Failures by rewriter and reason, the most frequent reason first; they may be the first hundred only."""
    return tuple(group for row in one.rows for group in _failure_groups(row, styles))


def _models(one: SetReport) -> list[Row]:
    return [row for row in one.rows if row.rewriter != NOTHING]


def _bucket_table(
    caption: str, models: Sequence[Row], read: Callable[[Row], tuple[Bucket, ...]], styles: Styles
) -> Table:
    by_label = [{bucket.label: bucket for bucket in read(row)} for row in models]
    labels = dict.fromkeys(label for buckets in by_label for label in buckets)
    lines = []
    for label in labels:
        found = [buckets.get(label) for buckets in by_label]
        first = next(bucket for bucket in found if bucket is not None)
        before = number(first.before.get(DECIDING_METRIC), 2)
        lines.append(Line(Head(label), (Cell(number(first.segments)), Cell(before), *map(_bucket_cell, found))))
    columns = (Head("number"), Head("TER of the mt"), *(column_of(row, styles) for row in models))
    return Table(caption, "Segments", columns, tuple(lines))


def _bucket_cell(bucket: Bucket | None) -> Cell:
    if bucket is None or not bucket.segments:
        return Cell(NOT_KNOWN)
    return Cell(signed(change_of(bucket)), f"{bucket.improved:,} better, {bucket.deteriorated:,} worse")


def _calibration_table(models: Sequence[Row], styles: Styles) -> Table:
    rows = [row for row in models if row.calibration]
    bins = sorted({(each.low, each.high) for row in rows for each in row.calibration})
    lines = []
    for low, high in bins:
        found = ({(one.low, one.high): one for one in row.calibration}.get((low, high)) for row in rows)
        lines.append(Line(Head(f"{low:.1f}–{high:.1f}"), tuple(map(_bin_cell, found))))
    caption = "Calibration: mean confidence → share of edits that helped"
    return Table(caption, "Confidence", tuple(column_of(row, styles) for row in rows), tuple(lines))


def _bin_cell(one: CalibrationBin | None) -> Cell:
    if one is None:
        return Cell(NOT_KNOWN)
    note = f"{one.helped:,} of {one.edits:,}; {one.hurt:,} hurt"
    return Cell(f"{number(one.mean_confidence, 2)} → {percent(one.helped, one.edits)}", note)


def _category_lines(name: str, found: Sequence[tuple[Row, Category]], styles: Styles) -> Iterator[Line]:
    _, first = found[0]
    counts = f"{first.segments:,} segments, {first.perfect:,} perfect, {first.guarded:,} guarded"
    yield Line(Head(name, counts))
    for row, one in found:
        plain = (one.changed, one.corrected, one.better, one.worse)
        of_those = ((one.over_edited, one.perfect), (one.violations, one.guarded))
        cells = (*map(number, plain), *(f"{part:,} of {whole:,}" if whole else NOT_KNOWN for part, whole in of_those))
        yield Line(head_of(row, styles), tuple(map(Cell, cells)))


def _total(categories: Sequence[Category]) -> Category:
    names = [field.name for field in fields(Category) if field.name != "name"]
    return Category("", **{name: sum(getattr(one, name) for one in categories) for name in names})


def _failure_groups(row: Row, styles: Styles) -> Iterator[FailureGroup]:
    reasons = Counter(failure.reason for failure in row.failures)
    for reason, count in reasons.most_common():
        named = [
            str(one.position) if one.id is None else f"{one.position} ({one.id})"
            for one in row.failures
            if one.reason == reason
        ]
        more = ", …" if len(named) > _PLACES else ""
        yield FailureGroup(head_of(row, styles), reason, count, ", ".join(named[:_PLACES]) + more)
    if row.failed > len(row.failures):
        rest = row.failed - len(row.failures)
        yield FailureGroup(head_of(row, styles), "not listed", rest, NOT_KNOWN)
