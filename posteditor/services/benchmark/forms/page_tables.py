"""The tables of scores, and the shape that all tables of the page have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from posteditor.core.score import Score
from posteditor.services.benchmark.forms.cells import baselines_of, best_rows, difference_of, is_significant, name_of
from posteditor.services.benchmark.forms.page_text import NOT_KNOWN, number, p_value, shortened, signed
from posteditor.services.benchmark.forms.svg import Style
from posteditor.services.benchmark.report import DECIDING_METRIC, NOTHING, Difference, Row, RunReport, SetReport

_ROW, _COLUMN = 56, 32
"""So many characters of a rewriter's name stand before a row and over a column."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A number as text."""

    text: str
    note: str = ""
    """Smaller, below the text."""
    is_best: bool = False
    is_significant: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """The name of a row or column."""

    text: str
    note: str = ""
    style: Style | None = None
    """Of a rewriter, whose mark goes before the name; None for all else."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row, or a heading over the rows that follow where there are no cells."""

    head: Head
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a head for each column and each row."""

    caption: str
    corner: str
    """Over the heads of the rows."""
    columns: tuple[Head, ...]
    lines: tuple[Line, ...]


Styles = Mapping[str, Style]


def head_of(row: Row, styles: Styles) -> Head:
    """A rewriter's mark and name, shortened where it is long; the full one stands at the end of the page."""
    return _head(row.rewriter, styles, _ROW)


def column_of(row: Row, styles: Styles) -> Head:
    """The same for a column, where there is less room."""
    return _head(row.rewriter, styles, _COLUMN)


def _head(spec: str, styles: Styles, most: int) -> Head:
    return Head(shortened(name_of(spec), most), style=styles[spec])


def score_table(one: SetReport, metrics: Sequence[str], styles: Styles) -> Table:
    """Rewriters by metrics, with 95 % intervals where there are some; the best of each metric is marked."""
    best = {metric: best_rows(one.rows, metric) for metric in metrics if one.rows}
    lines = (
        Line(
            head_of(row, styles),
            tuple(_score(row.scores[metric], is_best=place in best[metric]) for metric in metrics),
        )
        for place, row in enumerate(one.rows)
    )
    return Table(
        "Corpus scores",
        "Rewriter",
        _metric_heads(one, metrics),
        tuple(lines),
    )


def difference_tables(one: SetReport, metrics: Sequence[str], styles: Styles) -> tuple[Table, ...]:
    """A table for each baseline."""
    found = []
    for baseline in baselines_of(one.rows):
        lines = (
            Line(
                head_of(row, styles),
                tuple(_difference(difference_of(row, metric, baseline)) for metric in metrics),
            )
            for row in one.rows
            if any(each.baseline == baseline for each in row.differences)
        )
        caption = f"Differences to {name_of(baseline)}"
        found.append(Table(caption, "Rewriter", _metric_heads(one, metrics), tuple(lines)))
    return tuple(found)


def overview(report: RunReport, styles: Styles) -> Table | None:
    """The deciding metric of every rewriter on every test set; None where there are fewer than two test sets."""
    if len(report.sets) < 2:
        return None
    columns = []
    for one in report.sets:
        best = best_rows(one.rows, DECIDING_METRIC) if one.rows else frozenset()
        columns.append({row.rewriter: _in_overview(row, is_best=place in best) for place, row in enumerate(one.rows)})
    heads = tuple(Head(one.name, note=f"{one.scored:,} segments") for one in report.sets)
    specs = dict.fromkeys(row.rewriter for one in report.sets for row in one.rows)
    lines = (
        Line(
            _head(spec, styles, _ROW),
            tuple(column.get(spec, Cell(NOT_KNOWN)) for column in columns),
        )
        for spec in specs
    )
    return Table("TER (cased) on all test sets; lower is better", "Rewriter", heads, tuple(lines))


def _in_overview(row: Row, *, is_best: bool) -> Cell:
    difference = difference_of(row, DECIDING_METRIC, NOTHING)
    return Cell(
        number(row.scores[DECIDING_METRIC].value, 2),
        note="" if difference is None else signed(difference.value),
        is_best=is_best,
        is_significant=difference is not None and is_significant(difference),
    )


def _metric_heads(one: SetReport, metrics: Sequence[str]) -> tuple[Head, ...]:
    if not one.rows:
        return tuple(Head(metric) for metric in metrics)
    scores = (one.rows[0].scores[metric] for metric in metrics)
    return tuple(Head(f"{score.name}\u00a0{'↑' if score.higher_is_better else '↓'}") for score in scores)


def _score(score: Score, *, is_best: bool) -> Cell:
    interval = score.interval
    note = "" if interval is None else f"[{number(interval.low, 2)}, {number(interval.high, 2)}]"
    return Cell(number(score.value, 2), note, is_best=is_best)


def _difference(difference: Difference | None) -> Cell:
    if difference is None:
        return Cell(NOT_KNOWN)
    tests = (difference.bootstrap_p, difference.randomisation_p)
    note = "" if tests == (None, None) else f"p {' / '.join(map(p_value, tests))}"
    return Cell(signed(difference.value), note, is_significant=is_significant(difference))
