"""A report as Markdown: a table of scores and one of counts for each test set, signatures as notes."""

from collections.abc import Iterator, Sequence

from posteditor.core.score import Score
from posteditor.services.benchmark.forms.cells import (
    COUNTS,
    baselines_of,
    best_rows,
    difference_of,
    is_significant,
    kind_of,
    name_of,
    signatures,
)
from posteditor.services.benchmark.report import Difference, Row, RunReport, SetReport

_SPECIAL = "\\`*_{}[]<>()#+!|~$&"
"""What CommonMark and the tables of GitHub's dialect may take for markup within a line."""


def markdown(report: RunReport) -> str:
    """The text; best scores are bold, differences that all tests call significant (p < 0.05) carry a star."""
    return "\n".join(_lines(report)) + "\n"


def escaped(text: str) -> str:
    """Text that stands for itself in a cell."""
    plain = "".join(character if character.isprintable() else " " for character in text)
    return "".join(f"\\{character}" if character in _SPECIAL else character for character in plain)


def _lines(report: RunReport) -> Iterator[str]:
    yield "# Benchmark"
    yield ""
    yield f"posteditor {escaped(report.posteditor)}, threshold {report.threshold}, seed {report.seed}."
    for each in report.sets:
        yield from _set_lines(each, report.metrics)
    yield ""
    yield "Bold: the best of its column. Star: p < 0.05 by every test made."
    yield ""
    for one in signatures(report):
        where = f" (on {', '.join(map(escaped, one.sets))})" if one.sets else ""
        yield f"- {escaped(one.metric)}: `{one.text}`{where}"


def _set_lines(one: SetReport, metrics: Sequence[str]) -> Iterator[str]:
    yield ""
    yield f"## {escaped(one.name)}"
    yield ""
    yield f"{one.scored:,} of {one.segments:,} segments; {kind_of(one)}."
    for warning in one.warnings:
        yield ""
        yield f"Note: {escaped(warning)}"
    if not one.rows:
        return
    yield ""
    labels = [one.rows[0].scores[metric] for metric in metrics]
    header = [f"{escaped(score.name)} {'↑' if score.higher_is_better else '↓'}" for score in labels]
    yield from _table(["", *header], _score_rows(one.rows, metrics))
    for baseline in baselines_of(one.rows):
        yield ""
        yield from _table(
            [f"less {escaped(name_of(baseline))}", *header], _difference_rows(one.rows, metrics, baseline)
        )
    yield ""
    names = [count.name.replace("_", " ") for count in COUNTS]
    yield from _table(["", *names], [[escaped(name_of(row.rewriter)), *_counts(row)] for row in one.rows])


def _score_rows(rows: Sequence[Row], metrics: Sequence[str]) -> list[list[str]]:
    best = {metric: best_rows(rows, metric) for metric in metrics}
    return [
        [
            escaped(name_of(row.rewriter)),
            *(_score(row.scores[metric], is_best=place in best[metric]) for metric in metrics),
        ]
        for place, row in enumerate(rows)
    ]


def _score(score: Score, *, is_best: bool) -> str:
    value = f"**{score.value:.2f}**" if is_best else f"{score.value:.2f}"
    interval = score.interval
    return value if interval is None else f"{value} \\[{interval.low:.2f}, {interval.high:.2f}\\]"


def _difference_rows(rows: Sequence[Row], metrics: Sequence[str], baseline: str) -> list[list[str]]:
    found = [(row, [difference_of(row, metric, baseline) for metric in metrics]) for row in rows]
    return [
        [escaped(name_of(row.rewriter)), *(_difference(each) for each in of_row)]
        for row, of_row in found
        if any(of_row)
    ]


def _difference(difference: Difference | None) -> str:
    if difference is None:
        return ""
    star = "\\*" if is_significant(difference) else ""
    p_values = [one for one in (difference.bootstrap_p, difference.randomisation_p) if one is not None]
    told = f" (p {' / '.join(f'{one:.3f}' for one in p_values)})" if p_values else ""
    return f"{difference.value:+.2f}{star}{told}"


def _counts(row: Row) -> list[str]:
    values = ((count, count.value(row)) for count in COUNTS)
    return ["" if value is None else f"{value:,.{count.digits}f}" for count, value in values]


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield "| --- |" + " ---: |" * (len(header) - 1)
    for row in rows:
        yield f"| {' | '.join(row)} |"
