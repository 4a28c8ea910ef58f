"""The table of what each rewriter did to a test set and how fast it was: measures by rewriters."""

from collections.abc import Callable
from dataclasses import dataclass

from posteditor.services.benchmark.forms.page_tables import Cell, Head, Line, Styles, Table, column_of
from posteditor.services.benchmark.forms.page_text import NOT_KNOWN, duration, number, percent, size_in_bytes
from posteditor.services.benchmark.report import Row, SetReport, Speed


@dataclass(frozen=True, slots=True)
class Measure:
    """A row of the table."""

    name: str
    cell: Callable[[Row], Cell]
    note: str = ""


def _count(read: Callable[[Row], int]) -> Callable[[Row], Cell]:
    return lambda row: Cell(number(read(row)))


def _share(read: Callable[[Row], int]) -> Callable[[Row], Cell]:
    return lambda row: Cell(number(read(row)), percent(read(row), row.segments))


def _number(read: Callable[[Row], float | None]) -> Callable[[Row], Cell]:
    return lambda row: Cell(number(read(row), 2))


def _speed(tell: Callable[[Speed], str]) -> Callable[[Row], Cell]:
    return lambda row: Cell(NOT_KNOWN if row.speed is None else tell(row.speed))


def _precision(row: Row) -> Cell:
    return Cell(NOT_KNOWN) if row.precision is None else Cell(f"{number(row.precision, 1)}\u202f%")


def _over_edited(row: Row) -> Cell:
    return Cell(f"{row.over_edited:,} of {row.perfect:,}", percent(row.over_edited, row.perfect) if row.perfect else "")


GROUPS = (
    (
        "Segments",
        (
            Measure("changed", _share(lambda row: row.changed)),
            Measure("improved", _share(lambda row: row.improved), "cased TER fell"),
            Measure("deteriorated", _share(lambda row: row.deteriorated), "cased TER rose"),
            Measure("unchanged", _share(lambda row: row.unchanged), "left alone, or to no effect"),
            Measure("precision", _precision, "improved of changed"),
            Measure("over-edited", _over_edited, "of those that were perfect"),
            Measure("given up on", _count(lambda row: row.failed)),
        ),
    ),
    (
        "Edits",
        (
            Measure("edits", _count(lambda row: row.edits)),
            Measure("edits refused by the gate", _count(lambda row: sum(row.refused.values()))),
            Measure("words edited per 100", _number(lambda row: row.edits_per_100_words)),
            Measure(
                "gain per 100 edited words", _number(lambda row: row.gain_per_100_edited_words), "word edits saved"
            ),
            Measure("word edit rate left", _number(lambda row: row.word_edit_rate), "% of the reference"),
            Measure("character edit rate left", _number(lambda row: row.character_edit_rate), "% of the reference"),
        ),
    ),
    (
        "Speed and memory",
        (
            Measure("loading", _speed(lambda speed: duration(speed.seconds_to_load))),
            Measure("a segment alone", _speed(lambda speed: duration(speed.median_seconds)), "median"),
            Measure(
                "slowest in twenty", _speed(lambda speed: duration(speed.percentile_95_seconds)), "95th percentile"
            ),
            Measure("segments per second", _speed(lambda speed: number(speed.segments_per_second, 2)), "in batches"),
            Measure("words per second", _speed(lambda speed: number(speed.words_per_second, 1)), "in batches"),
            Measure("peak memory", _speed(lambda speed: size_in_bytes(speed.peak_memory_bytes)), "of the process"),
        ),
    ),
)


def count_table(one: SetReport, styles: Styles) -> Table:
    """All measures, in groups."""
    lines = []
    for group, measures in GROUPS:
        lines.append(Line(Head(group)))
        lines += [Line(Head(measure.name, measure.note), tuple(map(measure.cell, one.rows))) for measure in measures]
    columns = tuple(column_of(row, styles) for row in one.rows)
    return Table("What was done, and how fast", "", columns, tuple(lines))
