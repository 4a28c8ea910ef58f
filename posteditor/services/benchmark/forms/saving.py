"""Writing a report into its run folder in every form."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from posteditor.formats.atomic import atomic_output
from posteditor.scoring.metrics import Metric, create_metrics
from posteditor.services.benchmark import set_files
from posteditor.services.benchmark.answering import with_references
from posteditor.services.benchmark.cells import read_answers
from posteditor.services.benchmark.forms.csv_table import csv_table
from posteditor.services.benchmark.forms.html_page import html_page
from posteditor.services.benchmark.forms.latex import latex
from posteditor.services.benchmark.forms.markdown import markdown
from posteditor.services.benchmark.forms.mt_metrics_eval import SystemOutput, write_mt_metrics_eval
from posteditor.services.benchmark.report import RunReport, SetReport
from posteditor.services.benchmark.run_folder import RunFolder, file_name

MT_METRICS_EVAL = "mt-metrics-eval"
_FORMS: dict[str, Callable[[RunReport], str]] = {
    "report.csv": csv_table,
    "report.md": markdown,
    "report.tex": latex,
    "report.html": html_page,
}


def save_forms(run: RunFolder, report: RunReport) -> tuple[str, ...]:
    """Write them all, replacing those of an earlier report.

    Returns:
        Sentences for the person: what a form could not hold as it was.

    Raises:
        UsageError: The folder can't be written to.
    """
    for name, make in _FORMS.items():
        with atomic_output(run.path / name, force=True) as out:
            out.write(make(report).encode("utf-8", "replace"))
    return tuple(
        f"{one.name}: line breaks within {joined:,} texts are spaces in {MT_METRICS_EVAL}"
        for one in report.sets
        if (joined := _save_mt_metrics_eval(run, one, report.metrics))
    )


def _save_mt_metrics_eval(run: RunFolder, one: SetReport, names: tuple[str, ...]) -> int:
    metrics = create_metrics(names, one.target_lang)
    kept = run.set_file(one.name)
    systems = [
        SystemOutput(
            name=file_name(row.rewriter),
            texts=partial(_texts, run.cell_file(one.name, row.rewriter)),
            segment_scores=partial(_scores, run.cell_file(one.name, row.rewriter), metrics),
            corpus_scores={name: row.scores[name].value for name in names},
        )
        for row in one.rows
    ]
    return write_mt_metrics_eval(
        run.path / MT_METRICS_EVAL / one.name,
        lambda: with_references(set_files.read(kept)),
        systems,
        [(metric.name, metric.higher_is_better) for metric in metrics],
        source_lang=one.source_lang,
        target_lang=one.target_lang,
        references=one.references,
    )


def _texts(cell: Path) -> Iterator[str]:
    return (answer.suggestion.text for answer in read_answers(cell))


def _scores(cell: Path, metrics: tuple[Metric, ...]) -> Iterator[list[float]]:
    for answer in read_answers(cell):
        yield [metric.sentence_score(one).value for metric, one in zip(metrics, answer.statistics, strict=True)]
