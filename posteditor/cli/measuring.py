"""Commands that measure: score, stats."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posteditor.cli import options
from posteditor.cli.output import print_json, print_line, print_table, progress, say

if TYPE_CHECKING:
    from posteditor.core.score import Score
    from posteditor.services.evaluating import Effort, SegmentScores


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(score)
    app.command()(stats)


def score(  # noqa: PLR0913 (the contract's options)
    paths: options.Paths,
    references: options.References = None,
    metric: Annotated[
        list[str] | None,
        typer.Option("--metric", metavar="NAME", help="bleu, chrf, chrf++, ter, ter-cased; repeatable."),
    ] = None,
    segments: Annotated[bool, typer.Option("--segments", help="Also print each segment's scores.")] = False,
    resamples: Annotated[int, typer.Option(min=0, help="Bootstrap resamples for the intervals; 0 for none.")] = 1000,
    seed: Annotated[int, typer.Option(help="Seed of the bootstrap.")] = 12345,
    reference_kind: options.ReferenceKind = None,
    target_lang: options.TargetLang = None,
    format_name: options.Format = None,
    columns: options.Columns = None,
    header: options.Header = False,
    skip_bad: options.SkipBad = False,
    json: options.Json = False,
) -> None:
    """Score the mt, and the targets where there are any, against the references."""
    from posteditor.services.evaluating import ScoreOptions
    from posteditor.services.scoring_files import score_paths

    wanted = ScoreOptions(
        **({"metrics": tuple(metric)} if metric else {}),
        target_lang=target_lang,
        resamples=resamples,
        seed=seed,
        reference_kind=None if reference_kind is None else reference_kind.value,
    )
    collected: list[SegmentScores] = []
    on_segment: Callable[[SegmentScores], None] | None = None
    if segments:
        on_segment = collected.append if json else _print_segment
    read = options.read_options(format_name, columns, header, skip_bad)
    with progress("scoring") as report:
        result = score_paths(
            list(paths), read, wanted, references=references or [], on_segment=on_segment, on_progress=report
        )
    if json:
        value = result.to_json()
        if segments:
            value["per_segment"] = [one.to_json() for one in collected]
        print_json("score", value)
    else:
        names = list(next(iter(result.scores.values())))
        rows = [[row, *(_cell(scores[name]) for name in names)] for row, scores in result.scores.items()]
        labels = [
            f"{one.name}{'' if one.higher_is_better else ' (lower is better)'}"
            for one in next(iter(result.scores.values())).values()
        ]
        print_table(["", *labels], rows)
        for one in next(iter(result.scores.values())).values():
            print_line(f"{one.name}: {one.signature}")
        print_line(
            f"{result.scored} of {result.segments} segments have references; {result.with_target} have a target."
        )
        if result.reference_kind is not None:
            print_line(f"references: {options.KINDS[result.reference_kind]}.")
        if result.effort is not None:
            print_line(_effort(result.effort))
    for warning in result.warnings:
        say(warning)


def _effort(effort: "Effort") -> str:
    return (
        f"from mt to target, {effort.segments:,} segments, {effort.changed:,} changed: HTER {effort.hter:.2f}, "
        f"word edit rate {effort.word_edit_rate:.2f}, character edit rate {effort.character_edit_rate:.2f}"
    )


def _cell(score: "Score") -> str:
    text = f"{score.value:.2f}"
    if score.interval is not None:
        text += f" [{score.interval.low:.2f}, {score.interval.high:.2f}]"
    return text


def _print_segment(one: "SegmentScores") -> None:
    parts = [f"{one.segment.position}", one.segment.id or ""]
    for row, scores in one.scores.items():
        parts += [f"{row} {name} {value.value:.2f}" for name, value in scores.items()]
    print_line("\t".join(parts))


def stats(project: Annotated[Path, typer.Argument(help="A project.")], json: options.Json = False) -> None:
    """Say how far a project has come and what was done to it."""
    from posteditor.services.statistics import project_statistics

    result = project_statistics(project)
    if json:
        print_json("stats", result.to_json())
        return
    from posteditor.cli.reports import statistics_lines

    for line in statistics_lines(result):
        print_line(line)
