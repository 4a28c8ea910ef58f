"""Commands on files: convert, export, recover."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer

from posteditor.cli import options
from posteditor.cli.output import print_json, progress, say
from posteditor.core.segment import Status
from posteditor.errors import UsageError


class PairsChoice(StrEnum):
    """Which pairs an export is to hold."""

    PARALLEL = "parallel"
    TRAINING = "training"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(convert)
    app.command()(export)
    app.command()(recover)


def convert(  # noqa: PLR0913 (the contract's options)
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="IN... OUT",
            help="A file, parallel text files or a project; last, the file to write.",
        ),
    ],
    sources: options.TextSources = None,
    split: options.Split = None,
    seed: options.SplitSeed = 1,
    source_lang: options.SourceLang = None,
    target_lang: options.TargetLang = None,
    format_name: options.Format = None,
    columns: options.Columns = None,
    header: options.Header = False,
    skip_bad: options.SkipBad = False,
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    """Write a file in another format, and say what that format can't hold."""
    from posteditor.services.transfer import convert as convert_file

    if len(paths) < 2:
        raise UsageError("convert needs two names: what to read and what to write", hint="posteditor convert IN OUT")
    *inputs, output = paths
    read = options.read_options(format_name, columns, header, skip_bad, source_lang, target_lang)
    with progress("converting") as report:
        if split is None:
            result: _Report = convert_file(inputs, output, read, sources=sources, force=force, progress=report)
        else:
            from posteditor.services.split_exporting import convert_splits
            from posteditor.services.splitting import SplitOptions

            splits = SplitOptions.parsed(split, seed=seed)
            result = convert_splits(inputs, output, read, splits, sources=sources, force=force, progress=report)
    _tell("convert", result, json)


def export(  # noqa: PLR0913 (the contract's options)
    project: Annotated[Path, typer.Argument(help="A project, or the file it was made from.")],
    output: options.Output,
    status: Annotated[
        list[Status] | None, typer.Option("--status", help="Only segments with this status; may be repeated.")
    ] = None,
    pairs: Annotated[
        PairsChoice | None,
        typer.Option(
            "--pairs",
            help="Only pairs, of confirmed and reviewed segments unless --status says more: "
            "parallel (source, target) or training (mt, target).",
        ),
    ] = None,
    provenance: Annotated[
        bool,
        typer.Option("--provenance", help="Say who or which rewriter made each target, when, and how sure it was."),
    ] = False,
    sources: options.TextSources = None,
    split: options.Split = None,
    seed: options.SplitSeed = 1,
    format_name: options.Format = None,
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    """Write the targets of a project into the format that came in, or into another one.

    Without edits the original comes out byte for byte.
    """
    from posteditor.services.exporting import Pairs, export_project

    statuses = frozenset(status) if status else None
    kind = Pairs(pairs) if pairs is not None else None
    if split is None:
        result: _Report = export_project(
            project, output, statuses=statuses, format=format_name, force=force, pairs=kind, provenance=provenance,
            sources=sources,
        )  # fmt: skip
    else:
        from posteditor.services.split_exporting import export_splits
        from posteditor.services.splitting import SplitOptions

        splits = SplitOptions.parsed(split, seed=seed)
        with progress("exporting") as report:
            result = export_splits(
                project, output, splits, statuses=statuses, format=format_name, force=force, pairs=kind,
                provenance=provenance, sources=sources, progress=report,
            )  # fmt: skip
    _tell("export", result, json)


def recover(project: Annotated[Path, typer.Argument(help="A project.")], json: options.Json = False) -> None:
    """Check a project after a crash, and save what can be saved of a damaged one."""
    from posteditor.cli.reports import recovery_lines
    from posteditor.services.recovering import recover as recover_project

    result = recover_project(project)
    if json:
        print_json("recover", result.to_json())
    for line in recovery_lines(result):
        say(line)


class _Report(Protocol):
    """What was written."""

    def to_json(self) -> dict[str, Any]: ...

    def summary(self) -> tuple[str, ...]: ...


def _tell(command: str, result: _Report, json: bool) -> None:
    if json:
        print_json(command, result.to_json())
    for line in result.summary():
        say(line)
