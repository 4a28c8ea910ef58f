"""Commands that open the editor: edit, demo."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from posteditor.cli import options
from posteditor.cli.output import print_json, print_line, print_table, progress, say
from posteditor.errors import UsageError
from posteditor.services.consent import require_consent

if TYPE_CHECKING:
    from posteditor.services.demonstrating import DemoReport
    from posteditor.services.opening import Decision, OpenRequest

_NOTHING = "none"
_DEFAULT_MODELS = ["default"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(edit)
    app.command()(demo)


def edit(  # noqa: PLR0913 (the contract's options)
    paths: options.Paths,
    model: options.Model = None,
    references: options.References = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="Line by line, for screen readers and simple terminals.")
    ] = False,
    project: Annotated[Path | None, typer.Option(help="Where the project goes, if not beside the file.")] = None,
    author: Annotated[
        str,
        typer.Option(
            envvar="POSTEDITOR_AUTHOR", metavar="NAME", help="Who edits; stands in the history and in --provenance."
        ),
    ] = "human",
    source_lang: options.SourceLang = None,
    target_lang: options.TargetLang = None,
    glossary: options.Glossary = None,
    allow_remote: options.AllowRemote = False,
    tm: options.Tm = None,
    gate_off: options.GateOff = None,
    format_name: options.Format = None,
    columns: options.Columns = None,
    header: options.Header = False,
    skip_bad: options.SkipBad = False,
) -> None:
    """Open a file in the editor. The first time this makes PATH.postedit, which keeps every edit and the original."""
    from posteditor.services.opening import OpenRequest

    request = OpenRequest(
        paths=tuple(paths),
        project=project,
        references=tuple(references or ()),
        read=options.read_options(format_name, columns, header, skip_bad, source_lang, target_lang),
        source_lang=source_lang,
        target_lang=target_lang,
        author=author,
    )
    extras = _Extras(tuple(tm or ()), glossary, allow_remote, options.gate_off(gate_off))
    _edit(request, model or _DEFAULT_MODELS, plain=plain, name=paths[-1].name, extras=extras)


class _Extras(NamedTuple):
    """What models are given and allowed besides."""

    tm: tuple[Path, ...] = ()
    glossary: Path | None = None
    allow_remote: bool = False
    gate_off: tuple[str, ...] = ()


def _edit(request: "OpenRequest", models: list[str], *, plain: bool, name: str, extras: _Extras = _Extras()) -> None:
    from posteditor.services.opening import open_for_editing

    if not plain and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("the editor needs a terminal", hint="Run it in one, or use --plain.")
    with progress("importing") as report:
        session, remarks = open_for_editing(request, progress=report, on_change=_ask_about_change)
    with session:
        for remark in remarks:
            say(remark)
        wanted = tuple(spec for spec in dict.fromkeys(models) if spec != _NOTHING)
        if plain:
            from posteditor.cli.plain_editor import PlainEditor

            PlainEditor(session, wanted, sys.stdin, sys.stdout, **extras._asdict()).run()
            return
        from posteditor.tui.app import run_editor
        from posteditor.tui.editor_setup import EditorSetup

        export_path = request.proposed_export()
        run_editor(EditorSetup(session, models=wanted, name=name, export_path=export_path, **extras._asdict()))


def _ask_about_change(what: str) -> "Decision":
    say(what)
    if not sys.stdin.isatty():
        say("The project is left as it is; run this in a terminal to take the changes in.")
        return "later"
    say("[u] update: take the new version in; work on segments that are still there is kept")
    say("[k] keep: go on with the version in the project, and don't ask again for this one")
    answer = typer.prompt("u or k (anything else: keep for now)", default="", show_default=False, err=True)
    decisions: dict[str, Decision] = {"u": "update", "k": "keep"}
    return decisions.get(answer.strip().lower()[:1], "later")


def demo(
    print_only: Annotated[bool, typer.Option("--print", help="Print rewrites and scores; needs no terminal.")] = False,
    model: Annotated[str, typer.Option("--model", metavar="SPEC", help="A rewriter.")] = "default",
    project: Annotated[Path | None, typer.Option(help="Keep the demo's project in this file.")] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Line by line.")] = False,
    limit: options.Limit = None,
    json: options.Json = False,
) -> None:
    """Open the editor on the shipped demo corpus, or print what the model makes of it."""
    if print_only:
        _print_demo(model, limit, json=json)
        return
    from posteditor.services.opening import OpenRequest
    from posteditor.shipped import shipped_corpus

    corpus = shipped_corpus("demo.tsv")
    with TemporaryDirectory(prefix="posteditor-demo-") as folder:
        place = project or Path(folder) / "demo.tsv.postedit"
        request = OpenRequest(paths=(corpus,), project=place, target_lang="en")
        _edit(request, [model], plain=plain, name="demo.tsv")
    if project is None:
        say("The demo's project was thrown away; posteditor demo --project FILE keeps it.")


def _print_demo(model: str, limit: int | None, *, json: bool) -> None:
    from posteditor.services.demonstrating import Demonstration

    require_consent([model], allowed=False)
    demonstration = Demonstration(model, limit=limit)
    values = []
    for one in demonstration:
        if json:
            values.append({"id": one.segment.id, "mt": one.segment.mt, "suggestion": one.suggestion.to_json()})
            continue
        print_line(f"{one.segment.position:>4} mt   {one.segment.mt}")
        if one.suggestion.edits:
            print_line(f"     now  {one.suggestion.text}")
        print_line(f"     ref  {one.segment.references[0]}")
        if one.suggestion.edits:
            print_line(f"     TER  {one.ter_mt:.1f} -> {one.ter_suggestion:.1f}")
    report = demonstration.report()
    if json:
        print_json("demo", {**report.to_json(), "per_segment": values})
    else:
        _print_report(report)


def _print_report(report: "DemoReport") -> None:
    print_line()
    rows = []
    for nothing, taken in report.scores.values():
        name = f"{nothing.name}{'' if nothing.higher_is_better else ' (lower is better)'}"
        rows.append([name, f"{nothing.value:.2f}", f"{taken.value:.2f}"])
    print_table(["", "do-nothing", report.rewriter], rows)
    print_line(
        f"{report.segments} segments: {report.changed} changed, of these {report.improved} better and "
        f"{report.deteriorated} worse by TER; the gate withdrew something in {report.refused}."
    )
    if report.withdrawn:
        counts = ", ".join(f"{rule} {count:,}" for rule, count in report.withdrawn.items())
        print_line(f"hunks withdrawn by the gate: {counts}")
    for nothing, _ in report.scores.values():
        print_line(f"{nothing.name}: {nothing.signature}")
