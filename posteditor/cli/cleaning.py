"""The command that cleans corpora: clean."""

import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posteditor.cli import options
from posteditor.cli.output import print_json, progress, say
from posteditor.errors import UsageError

if TYPE_CHECKING:
    from posteditor.services.cleaning.options import CleanOptions

_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
_LEAST_MEMORY = 64 << 20

_File = Annotated[Path | None, typer.Option(metavar="FILE")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(clean)


def clean(  # noqa: PLR0913 (the contract's options)
    paths: Annotated[
        list[Path] | None, typer.Argument(help="A file, or two or more parallel text files.", show_default=False)
    ] = None,
    output: Annotated[
        list[Path] | None,
        typer.Option("-o", "--output", metavar="OUT", help="File to write; for parallel text files one for each."),
    ] = None,
    rules: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Rules (TOML); else those of --print-rules.")
    ] = None,
    rejected: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="For the pairs that go, and why; else OUT's name and .rejected.jsonl."),
    ] = None,
    no_rejected: Annotated[bool, typer.Option("--no-rejected", help="Don't keep the pairs that go.")] = False,
    fixed: Annotated[
        Path | None, typer.Option(metavar="FILE", help="For the texts that were repaired, before and after.")
    ] = None,
    scores: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="For all scores (TSV); there already, they are used and nothing is scored."),
    ] = None,
    report: Annotated[Path | None, typer.Option(metavar="FILE", help="For the report as a page (HTML).")] = None,
    with_fixes: Annotated[
        Path | None,
        typer.Option(metavar="PROJECT", help="Project made of rejected pairs; those confirmed in it come back."),
    ] = None,
    sample: Annotated[
        int | None, typer.Option(min=1, help="Only show what each step does to so many pairs, drawn at random.")
    ] = None,
    diff: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="A B", help="With --sample: what differs behind two steps; the first is input."),
    ] = None,
    print_rules: Annotated[bool, typer.Option("--print-rules", help="Print the rules (of --rules) and leave.")] = False,
    engine: Annotated[str, typer.Option(help="local, or ray: a cluster of machines; OUT is then a folder.")] = "local",
    ray_address: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="HOST:PORT of the cluster, or auto; else this machine alone.")
    ] = None,
    source_lang: options.SourceLang = None,
    target_lang: options.TargetLang = None,
    format_name: options.Format = None,
    columns: options.Columns = None,
    header: options.Header = False,
    skip_bad: options.SkipBad = False,
    limit: options.Limit = None,
    seed: Annotated[int, typer.Option(min=0, help="Decides which pairs --sample draws.")] = 1,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; else one for each core.")] = None,
    memory: Annotated[str, typer.Option(metavar="SIZE", help="For finding duplicates, such as 512M or 4G.")] = "1G",
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    """Clean a corpus: rules decide on every pair, and each that goes has a reason.

    Stopped at any moment, the same command goes on where it was.
    """
    from posteditor.services.cleaning.options import CleanOptions, all_cores, default_rejects

    if print_rules:
        _print_rules(rules)
        return
    if not paths:
        raise UsageError("no file was given", hint="Name a corpus: posteditor clean CORPUS -o OUT")
    read = options.read_options(format_name, columns, header, skip_bad, source_lang, target_lang)
    asked = CleanOptions(
        read=read, fixed=fixed, scores=scores, report=report, with_fixes=with_fixes, limit=limit, force=force,
        jobs=jobs or all_cores(), memory=_bytes(memory),
        **({} if rules is None else {"rules": rules}),
    )  # fmt: skip
    if sample is not None:
        _sample(paths, asked, sample, seed, diff, json)
        return
    if diff is not None:
        raise UsageError("--diff goes with --sample", hint="Add --sample 1000, for example.")
    if not output:
        raise UsageError("OUT is missing", hint="Add -o OUT, or --sample 1000 to see what the rules would do.")
    if not no_rejected:
        asked = _with_rejects(asked, rejected or default_rejects(output[0]))
    _run(paths, output, asked, engine, ray_address, json)


def _with_rejects(asked: "CleanOptions", path: Path) -> "CleanOptions":
    from dataclasses import replace

    return replace(asked, rejected=path)


def _run(
    paths: list[Path], output: list[Path], asked: "CleanOptions", engine: str, ray_address: str | None, json: bool
) -> None:
    from posteditor.cli.cleaning_report import report_lines

    with progress("cleaning") as tell:
        if engine == "ray":
            from posteditor.services.cleaning.ray_running import clean_files_on_ray
            from posteditor.services.ray_cluster import RayOptions

            result = clean_files_on_ray(paths, output, asked, RayOptions(ray_address, cpus=1), on_progress=tell)
        elif engine != "local":
            raise UsageError(f"--engine {engine}: there is no such engine", hint="Known are local and ray.")
        elif ray_address:
            raise UsageError("--ray-address is for --engine ray", hint="Add --engine ray.")
        else:
            from posteditor.services.cleaning.running import clean_files

            result = clean_files(paths, output, asked, on_progress=tell)
    if json:
        print_json("clean", result.to_json())
    else:
        for line in report_lines(result.steps, shutil.get_terminal_size().columns):
            say(line)
    for line in result.summary():
        say(line)


def _sample(
    paths: list[Path], asked: "CleanOptions", count: int, seed: int, diff: tuple[str, str] | None, json: bool
) -> None:
    from posteditor.cli.cleaning_report import print_diff, print_sample
    from posteditor.services.cleaning.sampling import draw_sample

    with progress("reading") as tell:
        preview = draw_sample(paths, asked, count, seed, on_progress=tell)
    for remark in preview.remarks:
        say(remark)
    if diff is not None:
        print_diff(preview.difference(*diff), json=json)
    else:
        print_sample(preview, json=json)


def _print_rules(rules: Path | None) -> None:
    from posteditor.cleaning.rules_file import DEFAULT_RULES
    from posteditor.errors import CorpusError

    path = rules or DEFAULT_RULES
    try:
        sys.stdout.write(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(path, f"can't be read: {error}", hint="Check the name and the folder.") from error


def _bytes(size: str) -> int:
    """Such as 512M, in bytes.

    Raises:
        UsageError: It is no size, or too small to work with.
    """
    found = re.fullmatch(r"(\d{1,12})([KMGT]?)(?:i?B)?", size.strip(), re.IGNORECASE)
    if found is None:
        raise UsageError(f"--memory {size}: is no size", hint="Say 512M or 4G, for example.")
    wanted = int(found[1]) * _UNITS[found[2].upper()]
    if wanted < _LEAST_MEMORY:
        raise UsageError(f"--memory {size}: is too little", hint=f"Give at least {_LEAST_MEMORY >> 20}M.")
    return wanted
