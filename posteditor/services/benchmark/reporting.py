"""From a run folder to its report, and the report's file."""

import json
from dataclasses import replace
from pathlib import Path

from posteditor import __version__
from posteditor.formats.atomic import atomic_output
from posteditor.scoring.metrics import Metric, create_metrics
from posteditor.services.benchmark import set_files
from posteditor.services.benchmark.answering import with_references
from posteditor.services.benchmark.cells import read_answers, read_ending
from posteditor.services.benchmark.differences import differences
from posteditor.services.benchmark.json_values import from_json
from posteditor.services.benchmark.options import BenchmarkOptions
from posteditor.services.benchmark.report import NOTHING, REPORT_VERSION, CometRow, RunReport, SetReport
from posteditor.services.benchmark.row_making import Tables, make_row, measured
from posteditor.services.benchmark.run_folder import RunFolder
from posteditor.services.benchmark.set_files import KeptSet

REPORT = "report.json"


def save_report(run: RunFolder, options: BenchmarkOptions) -> RunReport:
    """Make the report of a run all of whose cells are finished, and write ``report.json``.

    Raises:
        UsageError: The folder can't be written to.
    """
    report = RunReport(
        version=REPORT_VERSION,
        posteditor=__version__,
        threshold=options.threshold,
        gate_off=options.gate_off,
        metrics=options.all_metrics,
        resamples=options.resamples,
        trials=options.trials,
        seed=options.seed,
        environment=run.environment,
        sets=tuple(_set_report(run, kept, options) for kept in run.sets.values()),
    )
    with atomic_output(run.path / REPORT, force=True) as out:
        out.write(json.dumps(report.to_json(), ensure_ascii=False, indent=1).encode("utf-8") + b"\n")
    return report


def read_report(folder: Path) -> RunReport | None:
    """The report in a run folder; None where there is none that this version can read."""
    try:
        return from_json(RunReport, json.loads((folder / REPORT).read_bytes()))
    except (OSError, ValueError):
        return None


def _set_report(run: RunFolder, kept: KeptSet, options: BenchmarkOptions) -> SetReport:
    metrics = create_metrics(options.all_metrics, options.target_lang or kept.target_lang)
    tables = {spec: _tables(run, kept, spec, metrics) for spec in run.rewriters}
    models = [spec for spec in run.rewriters if spec != NOTHING]
    tested = set_files.read_tested(run.set_file(kept.name)) if kept.is_challenge else None
    found = differences(
        tables, (NOTHING, *models[:1]), metrics, resamples=options.resamples, trials=options.trials, seed=options.seed
    )
    by_comet = _comet_rows(run, kept, options)
    rows = []
    for spec in run.rewriters:
        cell, nothing = run.cell_file(kept.name, spec), run.cell_file(kept.name, NOTHING)
        segments = with_references(set_files.read(run.set_file(kept.name)))
        scores = tables[spec].scores(options.resamples, options.seed)
        side_by_side = measured(segments, read_answers(cell), read_answers(nothing))
        row = make_row(spec, side_by_side, tested, metrics, scores, found[spec], read_ending(cell))
        rows.append(replace(row, comet=by_comet.get(spec)))
    return SetReport(
        name=kept.name,
        path=kept.path,
        system=kept.system,
        reference_kind=kept.reference_kind,
        source_lang=options.source_lang or kept.source_lang,
        target_lang=options.target_lang or kept.target_lang,
        sha256=kept.sha256,
        segments=kept.segments,
        scored=kept.scored,
        references=kept.references,
        warnings=kept.warnings,
        rows=tuple(rows),
    )


def _comet_rows(run: RunFolder, kept: KeptSet, options: BenchmarkOptions) -> dict[str, CometRow]:
    if options.comet is None:
        return {}
    from posteditor.scoring.comet import Comet  # only for who asks for it
    from posteditor.services.benchmark.comet_cells import comet_rows

    return comet_rows(
        run, kept, Comet(options.comet), resamples=options.resamples, trials=options.trials, seed=options.seed
    )


def _tables(run: RunFolder, kept: KeptSet, spec: str, metrics: tuple[Metric, ...]) -> Tables:
    segments = with_references(set_files.read(run.set_file(kept.name)))
    answers = read_answers(run.cell_file(kept.name, spec))
    return Tables.of(
        metrics,
        ((answer.statistics, len(one.references)) for one, answer in zip(segments, answers, strict=True)),
    )
