"""The command that makes a model: train."""

from pathlib import Path
from typing import Annotated

import typer

from posteditor.cli import options
from posteditor.cli.output import print_json, say


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(train)


def train(
    config: Annotated[Path, typer.Argument(metavar="CONFIG", help="The recipe, a TOML file.", show_default=False)],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FOLDER", help="Model folder to write.")],
    data: Annotated[
        Path, typer.Option("--data", metavar="FOLDER", help="Folder with the files that the recipe names.")
    ] = Path(),
    work: Annotated[
        Path | None,
        typer.Option("--work", metavar="FOLDER", help="Folder for checkpoints; else the output's name and .work."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing model, at the end of the run.")] = False,
    json: options.Json = False,
) -> None:
    """Train a rewriter from a recipe: weights, tokenizer, thresholds, figures and card in one folder.

    The folder appears at the end, whole. Stopped at any moment, the same command goes on from the last checkpoint.
    """
    from posteditor.services.training import train_model

    kept = work or output.with_name(output.name + ".work")
    try:
        report = train_model(config, output, data=data, work=kept, force=force, on_message=say)
    except KeyboardInterrupt:
        say(f"stopped; the same command goes on from what is kept in {kept}")
        raise
    if json:
        print_json("train", report.to_json())
    for line in report.summary():
        say(line)
