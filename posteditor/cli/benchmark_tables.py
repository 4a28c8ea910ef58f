"""A benchmark's report as tables of plain text."""

from collections.abc import Callable, Iterator, Sequence

from posteditor.cli.options import KINDS
from posteditor.cli.output import table_lines
from posteditor.core.score import Score
from posteditor.services.benchmark.report import NOTHING, Category, Difference, Row, RunReport, SetReport

_BEST = "*"


def report_lines(report: RunReport) -> Iterator[str]:
    """All tables, then the signatures."""
    for one in report.sets:
        yield from _set_lines(one, report)
        yield ""
    yield f"{_BEST} best of its column. improved, worse: by cased sentence TER. precision: of the changed segments."
    yield "over-edited: of the perfect segments. gain: word edits to the reference saved per 100 words edited."
    if report.resamples or report.trials:
        yield (
            f"p: of {report.resamples:,} paired bootstrap resamples / {report.trials:,} trials of approximate "
            f"randomisation, seed {report.seed}."
        )
    scores = report.sets[0].rows[0].scores if report.sets else {}
    for score in scores.values():
        yield f"{score.name}: {score.signature}"


def _set_lines(one: SetReport, report: RunReport) -> Iterator[str]:
    kind = KINDS.get(one.reference_kind or "", "nobody said how they came about (--reference-kind)")
    of_all = f"{one.scored:,}" if one.scored == one.segments else f"{one.scored:,} of {one.segments:,}"
    yield f"{one.name}: {of_all} segments, threshold {report.threshold}; references: {kind}"
    yield from _score_table(one.rows)
    yield from _difference_tables(one.rows)
    yield from _comet_table(one.rows)
    yield from _count_table(one.rows)
    for row in one.rows[1:] or one.rows:
        if row.categories:
            yield ""
            yield f"{_name(row.rewriter)} by category"
            yield from _category_table(row.categories)
    for row in one.rows:
        if row.refused:
            counts = ", ".join(f"{rule} {count:,}" for rule, count in row.refused.items())
            yield f"hunks of {_name(row.rewriter)} withdrawn by the gate: {counts}"


def _score_table(rows: Sequence[Row]) -> Iterator[str]:
    names = list(rows[0].scores)
    labels = [_label(score) for score in rows[0].scores.values()]
    columns = [_marked([row.scores[name] for row in rows]) for name in names]
    yield from table_lines(
        ["", *labels],
        [[_name(row.rewriter), *cells] for row, cells in zip(rows, zip(*columns, strict=True), strict=True)],
    )


def _label(score: Score) -> str:
    return f"{score.name}{'' if score.higher_is_better else ' (lower is better)'}"


def _marked(scores: Sequence[Score]) -> list[str]:
    """The cells of a column, the best marked unless all are alike."""
    shown = [f"{score.value:.2f}" for score in scores]
    ordered = sorted((score.value for score in scores), reverse=scores[0].higher_is_better)
    best = f"{ordered[0]:.2f}" if len(set(shown)) > 1 else ""
    intervals = [f" [{one.interval.low:.2f}, {one.interval.high:.2f}]" if one.interval else "" for one in scores]
    return [
        f"{cell}{_BEST if cell == best else ' '}{interval}" for cell, interval in zip(shown, intervals, strict=True)
    ]


def _difference_tables(rows: Sequence[Row]) -> Iterator[str]:
    for baseline in dict.fromkeys(one.baseline for row in rows for one in row.differences):
        compared = [(row, [one for one in row.differences if one.baseline == baseline]) for row in rows]
        lines = [[_name(row.rewriter), *map(_difference, found)] for row, found in compared if found]
        first = next(row for row, found in compared if found)
        labels = [first.scores[one.metric].name for one in first.differences if one.baseline == baseline]
        yield ""
        yield f"less {_name(baseline)} (p)"
        yield from table_lines(["", *labels], lines)


def _difference(one: Difference) -> str:
    p_values = " / ".join(_p(value) for value in (one.bootstrap_p, one.randomisation_p) if value is not None)
    return f"{one.value:+.2f}" + (f" ({p_values})" if p_values else "")


def _p(value: float) -> str:
    return f"{value:.3f}"


def _comet_table(rows: Sequence[Row]) -> Iterator[str]:
    found = [(row, row.comet) for row in rows if row.comet is not None]
    if not found:
        return
    cells = _marked([comet.score for _, comet in found])
    lines = []
    for cell, (row, comet) in zip(cells, found, strict=True):
        changes = [f"{_difference(one)} to {_name(one.baseline)}" for one in comet.differences]
        gains = [
            "-" if gain is None else f"{gain:+.2f}" for gain in (comet.gain_to_edit, comet.gain_per_100_edited_words)
        ]
        lines.append([_name(row.rewriter), f"{comet.segments:,}", cell, ", ".join(changes) or "-", *gains])
    yield ""
    yield from table_lines(["", "segments", "COMET", "difference (p)", "gain-to-edit", "gain/100 edited words"], lines)
    yield found[0][1].score.signature


def _count_table(rows: Sequence[Row]) -> Iterator[str]:
    columns: dict[str, Callable[[Row], str]] = {
        "changed": lambda row: f"{row.changed:,}",
        "improved": lambda row: f"{row.improved:,}",
        "worse": lambda row: f"{row.deteriorated:,}",
        "precision": lambda row: _percent(row.precision),
        "over-edited": lambda row: _rate(row.over_edited, row.perfect),
        "edits/100 words": lambda row: f"{row.edits_per_100_words:.1f}",
        "gain": lambda row: "-" if row.gain_per_100_edited_words is None else f"{row.gain_per_100_edited_words:+.1f}",
        "word/char edit rate": lambda row: f"{row.word_edit_rate:.2f}/{row.character_edit_rate:.2f}",
        "ms median/95 %": _latency,
        "segments/s": lambda row: "-" if row.speed is None else f"{row.speed.segments_per_second:,.1f}",
        "words/s": lambda row: "-" if row.speed is None else f"{row.speed.words_per_second:,.0f}",
        "load s": lambda row: "-" if row.speed is None else f"{row.speed.seconds_to_load:.1f}",
        "peak MB": _memory,
    }
    yield ""
    yield from table_lines(
        ["", *columns], [[_name(row.rewriter), *(cell(row) for cell in columns.values())] for row in rows]
    )


def _latency(row: Row) -> str:
    if row.speed is None:
        return "-"
    return f"{1000 * row.speed.median_seconds:.1f}/{1000 * row.speed.percentile_95_seconds:.1f}"


def _memory(row: Row) -> str:
    if row.speed is None or row.speed.peak_memory_bytes is None:
        return "-"
    return f"{row.speed.peak_memory_bytes / 1e6:,.0f}"


def _category_table(categories: Sequence[Category]) -> Iterator[str]:
    everything = Category(
        "all",
        *(sum(getattr(one, name) for one in categories) for name in Category.__dataclass_fields__ if name != "name"),
    )
    yield from table_lines(
        ["category", "segments", "changed", "corrected", "better", "worse", "over-edited", "lost"],
        [
            [
                one.name,
                f"{one.segments}",
                _rate(one.changed, one.segments),
                _rate(one.corrected, one.segments),
                _rate(one.better, one.segments),
                _rate(one.worse, one.segments),
                _rate(one.over_edited, one.perfect),
                _rate(one.violations, one.guarded),
            ]
            for one in (*categories, everything)
        ],
    )


def _rate(count: int, total: int) -> str:
    """A share with the count it comes from; a dash where there is nothing to have a share of."""
    return f"{count / total:.1%} ({count:,})" if total else "-"


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f} %"


def _name(spec: str) -> str:
    return "do-nothing" if spec == NOTHING else spec
