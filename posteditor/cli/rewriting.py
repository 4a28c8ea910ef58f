"""Commands that run rewriters without the editor: rewrite, models."""

from typing import Annotated

import typer

from posteditor.cli import options
from posteditor.cli.output import print_json, print_line, print_table, progress, say
from posteditor.errors import UsageError


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(rewrite)
    app.command()(models)


def rewrite(  # noqa: PLR0913 (the contract's options)
    paths: options.Paths,
    output: options.Output,
    model: Annotated[
        str, typer.Option("--model", metavar="SPEC", help="default, none, or a model folder.")
    ] = "default",
    engine: Annotated[str, typer.Option(help="local; ray comes with a later version.")] = "local",
    target_lang: options.TargetLang = None,
    format_name: options.Format = None,
    columns: options.Columns = None,
    header: options.Header = False,
    skip_bad: options.SkipBad = False,
    force: options.Force = False,
    json: options.Json = False,
    limit: options.Limit = None,
) -> None:
    """Write suggestions for a whole file: its columns, and suggestion, rewriter, confidence and refused beside them.

    Stopped at any moment, the same command goes on where it was.
    """
    if engine != "local":
        raise UsageError(f"--engine {engine}: this version has only the local engine", hint="Leave --engine out.")
    from posteditor.services.rewriting import RewriteOptions, rewrite_file  # loads torch

    with progress("rewriting") as report:
        result = rewrite_file(
            list(paths),
            output,
            RewriteOptions(
                spec=model,
                read=options.read_options(format_name, columns, header, skip_bad),
                target_lang=target_lang,
                force=force,
                limit=limit,
            ),
            on_progress=report,
        )
    if json:
        print_json("rewrite", result.to_json())
    for line in result.summary():
        say(line)


def models(json: options.Json = False) -> None:
    """List the rewriters that are installed here."""
    from posteditor.services.models import list_models

    found = list_models()
    if json:
        print_json("models", [model.to_json() for model in found])
        return
    rows = [[m.spec, m.family, ",".join(m.languages) or "any", m.revision, str(m.path or "")] for m in found]
    print_table(["spec", "family", "languages", "revision", "folder"], rows, numeric_from=9)
    print_line()
    print_line("Any other folder with a token-classification model may be named with --model FOLDER.")
