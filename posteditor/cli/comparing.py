"""The command that compares two runs, or two rewriters of one: compare; and the screen that browses what differs."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posteditor.cli import options
from posteditor.cli.output import print_json, progress, say
from posteditor.errors import PostEditorError, UsageError

if TYPE_CHECKING:
    from posteditor.services.benchmark.pairing import Pairing
    from posteditor.tui.benchmark_view import BrowserView

_SIDE = "RUN_DIR, or RUN_DIR:SPEC for one of the models in it; none is do-nothing."


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(compare)


def compare(
    a: Annotated[str, typer.Argument(metavar="A", help=_SIDE, show_default=False)],
    b: Annotated[str, typer.Argument(metavar="B", help="The same; it is B that gains or loses.", show_default=False)],
    segments: Annotated[
        int, typer.Option(min=0, help="Show so many of the segments that gained most, and that lost most.")
    ] = 0,
    resamples: Annotated[int, typer.Option(min=0, help="Resamples of the paired bootstrap; 0 for none.")] = 1000,
    trials: Annotated[int, typer.Option(min=0, help="Trials of approximate randomisation; 0 for none.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of both tests.")] = 12345,
    browse_them: Annotated[
        bool, typer.Option("--browse", help="Open a screen with the segments instead; e there opens the editor.")
    ] = False,
    json: options.Json = False,
) -> None:
    """Compare two runs of bench, or two models of one: paired tests, and the segments that differ."""
    from posteditor.services.benchmark.comparing import CompareOptions
    from posteditor.services.benchmark.comparing import compare as run_comparison
    from posteditor.services.benchmark.pairing import pair_up
    from posteditor.services.benchmark.sides import find_sides

    if browse_them and json:
        raise UsageError("--browse opens a screen, --json prints", hint="leave one of them out")
    pairing = pair_up(*find_sides(a, b))
    if browse_them:
        _browse(pairing)
        return
    with progress("comparing") as tell:
        result = run_comparison(pairing, CompareOptions(segments, resamples, trials, seed), on_progress=tell)
    if json:
        print_json("compare", result.to_json())
        return
    from posteditor.cli.comparison_tables import print_comparison

    print_comparison(result)


def browse(run_dir: Path, a: str, b: str) -> None:
    """Open the screen on two rewriters of one run, by their SPECs: "none" for do-nothing.

    Raises:
        UsageError: This is no terminal, or the run does not have both.
        CorpusError: The folder holds no run, or a damaged one.
    """
    from posteditor.services.benchmark.pairing import pair_up
    from posteditor.services.benchmark.sides import sides_in_run

    _browse(pair_up(*sides_in_run(run_dir, a, b)))


def _browse(pairing: "Pairing") -> None:
    """Browse, and edit what the person picks, until they leave."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("--browse needs a terminal", hint="run it in one, or use --segments N")
    from posteditor.tui.benchmark_browser import run_browser
    from posteditor.tui.benchmark_view import BrowserView

    for note in pairing.notes:
        say(f"note: {note}")
    view = BrowserView(pairing)
    with progress("reading") as tell:
        view.load(0, tell)
    while (wanted := run_browser(view)) is not None:
        try:
            _edit(view, wanted.index)
        except PostEditorError as error:
            view.trouble = error


def _edit(view: "BrowserView", index: int) -> None:
    """The editor at a segment of the current test set, with the models of both sides."""
    from posteditor.services.benchmark.editing_runs import edit_request, open_run_segment
    from posteditor.services.benchmark.report import NOTHING
    from posteditor.tui.app import run_editor
    from posteditor.tui.editor_setup import EditorSetup

    pairing, kept, run = view.pairing, view.pair.a, view.pairing.a.run
    texts = view.segments.texts(index)
    suggestions = [
        (suggestion, revision)
        for side, suggestion, revision in zip(
            (pairing.a, pairing.b), (texts.a, texts.b), view.segments.revisions, strict=True
        )
        if side.rewriter != NOTHING
    ]
    with progress("importing") as tell:
        session, remarks = open_run_segment(run, kept, texts.segment.position, suggestions, progress=tell)
    with session:
        for remark in remarks:
            say(remark)
        models = dict.fromkeys(side.rewriter for side in (pairing.a, pairing.b) if side.rewriter != NOTHING)
        run_editor(
            EditorSetup(
                session,
                models=tuple(models),
                name=kept.name,
                export_path=edit_request(run, kept).proposed_export(),
                gate_off=tuple(run.settings.get("gate_off") or ()),
            )
        )
