"""Commands on files: convert, export, recover."""

from pathlib import Path
from typing import Annotated

import typer

from posteditor.cli import options
from posteditor.cli.output import print_json, progress, say
from posteditor.core.segment import Status


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(convert)
    app.command()(export)
    app.command()(recover)


def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help="A file or a project.")],
    output: Annotated[Path, typer.Argument(metavar="OUT", help="File to write; its name says the format.")],
    format_name: options.Format = None,
    columns: options.Columns = None,
    header: options.Header = False,
    skip_bad: options.SkipBad = False,
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    """Write a file in another format, and say what that format can't hold."""
    from posteditor.services.transfer import convert as convert_file

    read = options.read_options(format_name, columns, header, skip_bad)
    with progress("converting") as report:
        result = convert_file(source, output, read, force=force, progress=report)
    if json:
        print_json("convert", result.to_json())
    for line in result.summary():
        say(line)


def export(
    project: Annotated[Path, typer.Argument(help="A project, or the file it was made from.")],
    output: options.Output,
    status: Annotated[
        list[Status] | None, typer.Option("--status", help="Only segments with this status; may be repeated.")
    ] = None,
    format_name: options.Format = None,
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    """Write the targets of a project into the format that came in, or into another one.

    Without edits the original comes out byte for byte.
    """
    from posteditor.services.exporting import export_project

    result = export_project(
        project, output, statuses=frozenset(status) if status else None, format=format_name, force=force
    )
    if json:
        print_json("export", result.to_json())
    for line in result.summary():
        say(line)


def recover(project: Annotated[Path, typer.Argument(help="A project.")], json: options.Json = False) -> None:
    """Check a project after a crash, and save what can be saved of a damaged one."""
    from posteditor.cli.reports import recovery_lines
    from posteditor.services.recovering import recover as recover_project

    result = recover_project(project)
    if json:
        print_json("recover", result.to_json())
    for line in recovery_lines(result):
        say(line)
