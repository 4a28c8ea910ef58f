"""The command that compares rewriters: bench."""

import shutil
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posteditor.cli import options
from posteditor.cli.output import print_json, print_line, progress, say
from posteditor.errors import UsageError
from posteditor.services.consent import require_consent

if TYPE_CHECKING:
    from posteditor.services.benchmark.report import RunReport

_DEFAULT_MODELS = ("default",)


class ThresholdChoice(StrEnum):
    """How sure a rewriter has to be of an edit."""

    SHOW = "show"
    APPLY = "apply"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(bench)


def bench(  # noqa: PLR0913 (the contract's options)
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH...",
            help="Test sets: tables with references, challenge sets, SOURCE,MT,REFERENCE text files, folders of "
            "MLQE-PE or WMT files, WMT's XML, M2, sacrebleu:NAME/SRC-TGT; :SELECTION behind what holds several.",
            show_default=False,
        ),
    ],
    model: options.Model = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="RUN_DIR", help="Folder to keep the run in; the same call goes on there."
        ),
    ] = None,
    threshold: Annotated[
        ThresholdChoice, typer.Option(help="apply: as in batches; show: as in the editor, less strict.")
    ] = ThresholdChoice.APPLY,
    metric: Annotated[
        list[str] | None,
        typer.Option("--metric", metavar="NAME", help="bleu, chrf, chrf++, ter, ter-cased; repeatable."),
    ] = None,
    comet: Annotated[
        str | None,
        typer.Option(metavar="MODEL", help="Also score with this model of COMET, by comet-score ($POSTEDITOR_COMET)."),
    ] = None,
    reference_kind: options.ReferenceKind = None,
    source_lang: options.SourceLang = None,
    target_lang: options.TargetLang = None,
    glossary: options.Glossary = None,
    allow_remote: options.AllowRemote = False,
    gate_off: options.GateOff = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only so many segments of each test set.")] = None,
    sample: Annotated[int | None, typer.Option(min=1, help="Only so many of each test set, drawn by --seed.")] = None,
    resamples: Annotated[int, typer.Option(min=0, help="Bootstrap resamples for intervals and p; 0 for none.")] = 1000,
    trials: Annotated[int, typer.Option(min=0, help="Trials of approximate randomisation; 0 for none.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of bootstrap, randomisation and --sample.")] = 12345,
    plots: Annotated[bool, typer.Option("--plots", help="Also plot the figures, in text.")] = False,
    browse: Annotated[
        bool, typer.Option("--browse", help="Then go through the first model's segments on a screen; needs -o.")
    ] = False,
    format_name: options.Format = None,
    columns: options.Columns = None,
    header: options.Header = False,
    force: Annotated[bool, typer.Option("--force", help="Begin RUN_DIR anew if it holds another run.")] = False,
    json: options.Json = False,
) -> None:
    """Compare rewriters with each other and with doing nothing: scores, significance, counts, speed."""
    from posteditor.services.benchmark.options import BenchmarkOptions
    from posteditor.services.benchmark.running import benchmark

    specs = tuple(model or _DEFAULT_MODELS)
    if browse and output is None:
        raise UsageError("--browse needs a run folder", hint="name one with -o RUN_DIR")
    require_consent(specs, allowed=allow_remote)
    wanted = BenchmarkOptions(
        threshold=threshold.value,
        source_lang=source_lang,
        target_lang=target_lang,
        glossary=glossary,
        gate_off=options.gate_off(gate_off),
        reference_kind=None if reference_kind is None else reference_kind.value,
        limit=limit,
        sample=sample,
        resamples=resamples,
        trials=trials,
        seed=seed,
        comet=comet,
        force=force,
        **({"metrics": tuple(metric)} if metric else {}),
    )
    read = options.read_options(format_name, columns, header, skip_bad=False)
    with progress("benchmarking") as tell:
        report = benchmark(
            paths, specs, wanted, read=read, run_folder=output, on_note=say,
            on_progress=lambda done, total, spec: tell(done, total, spec),
        )  # fmt: skip
    if json:
        print_json("bench", report.to_json())
    else:
        _print(report, plots)
    _say_failures(report)
    if browse and output is not None:
        from posteditor.cli.comparing import browse as browse_run

        browse_run(output, "none", next((spec for spec in specs if spec != "none"), "none"))


def _print(report: "RunReport", plots: bool) -> None:
    from posteditor.cli.benchmark_tables import report_lines

    for line in report_lines(report):
        print_line(line)
    if plots:
        from posteditor.services.benchmark.forms.terminal_plots import plot_lines

        for line in plot_lines(report, _width(), ascii_only=not _has_blocks()):
            print_line(line)


def _width() -> int:
    """Of the terminal; 80 columns where there is none."""
    return shutil.get_terminal_size((80, 24)).columns


def _has_blocks() -> bool:
    """Whether the output can write the characters that bars are made of."""
    try:
        "█▏│".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _say_failures(report: "RunReport") -> None:
    for one in report.sets:
        for row in one.rows:
            if row.failed:
                first = row.failures[0]
                say(
                    f"{one.name}: {row.rewriter} gave up on {row.failed:,} segments, which count as left alone; "
                    f"the first is {first.position}: {first.reason}"
                )
