"""The command that compares rewriters: bench."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posteditor.cli import options
from posteditor.cli.output import print_json, print_line, print_table, progress, say
from posteditor.services.consent import require_consent

if TYPE_CHECKING:
    from posteditor.core.score import Score
    from posteditor.services.benchmarking import FileBenchmark, ReferenceReport
    from posteditor.services.challenging import CategoryCounts, ChallengeReport

_NOTHING = "none"
_DO_NOTHING = "do-nothing"
_DEFAULT_MODELS = ("default",)


class ThresholdChoice(StrEnum):
    """How sure a rewriter has to be of an edit."""

    SHOW = "show"
    APPLY = "apply"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(bench)


def bench(
    paths: Annotated[list[Path], typer.Argument(help="Files with references, or challenge sets.", show_default=False)],
    model: options.Model = None,
    threshold: Annotated[
        ThresholdChoice, typer.Option(help="apply: as in batches; show: as in the editor, less strict.")
    ] = ThresholdChoice.APPLY,
    source_lang: options.SourceLang = None,
    target_lang: options.TargetLang = None,
    glossary: options.Glossary = None,
    allow_remote: options.AllowRemote = False,
    gate_off: options.GateOff = None,
    resamples: Annotated[int, typer.Option(min=0, help="Bootstrap resamples for the intervals; 0 for none.")] = 1000,
    json: options.Json = False,
) -> None:
    """Compare rewriters with each other and with doing nothing, on references or by category of a challenge set."""
    from posteditor.services.benchmarking import BenchmarkOptions, benchmark

    specs = model or _DEFAULT_MODELS
    require_consent(specs, allowed=allow_remote)
    rules_off = options.gate_off(gate_off)
    wanted = BenchmarkOptions(threshold.value, source_lang, target_lang, glossary, resamples, gate_off=rules_off)
    with progress("benchmarking") as report:
        results = benchmark(paths, specs, wanted, on_progress=report)
    if json:
        print_json("bench", {"threshold": threshold.value, "files": [result.to_json() for result in results]})
    else:
        for number, result in enumerate(results):
            if number:
                print_line()
            _print_file(result, threshold)
    for result in results:
        _say_refusals(result)
        _say_failures(result)


def _print_file(result: "FileBenchmark", threshold: ThresholdChoice) -> None:
    if result.challenges:
        nothing, *others = result.challenges
        for number, report in enumerate(others or [nothing]):
            if number:
                print_line()
            print_line(f"{result.path}: {_name(report.rewriter)}, threshold {threshold.value}")
            _print_challenge(report, nothing)
        print_line("corrected: the text equals a reference. better, worse: by sentence TER, case-sensitive.")
        print_line(
            "over-edited: of the perfect segments. lost: segments in which a number, name, negation or tag went."
        )
    else:
        print_line(f"{result.path}: threshold {threshold.value}")
        _print_references(result.references)


def _print_challenge(report: "ChallengeReport", nothing: "ChallengeReport") -> None:
    rows = [[name, *_cells(counts)] for name, counts in report.categories.items()]
    rows.append(["all", *_cells(report.total)])
    if report is not nothing:
        rows.append([_DO_NOTHING, *_cells(nothing.total)])
    print_table(["category", "segments", "changed", "corrected", "better", "worse", "over-edited", "lost"], rows)


def _cells(counts: "CategoryCounts") -> list[str]:
    everything = counts.segments
    return [
        f"{everything}",
        _rate(counts.changed, everything),
        _rate(counts.corrected, everything),
        _rate(counts.better, everything),
        _rate(counts.worse, everything),
        _rate(counts.over_edited, counts.perfect),
        _rate(counts.violations, counts.guarded),
    ]


def _rate(count: int, total: int) -> str:
    """A share with the count it comes from; a dash where there is nothing to have a share of."""
    return f"{count / total:.1%} ({count})" if total else "-"


def _print_references(reports: "Sequence[ReferenceReport]") -> None:
    scores = reports[0].scores
    labels = [f"{one.name}{'' if one.higher_is_better else ' (lower is better)'}" for one in scores.values()]
    rows = [
        [
            _name(one.rewriter),
            f"{one.segments}",
            *(_score(one.scores[name]) for name in scores),
            f"{one.changed}",
            f"{one.improved}",
            f"{one.deteriorated}",
        ]
        for one in reports
    ]
    print_table(["", "segments", *labels, "changed", "improved", "deteriorated"], rows)
    print_line("improved, deteriorated: by sentence TER, case-sensitive.")
    for score in scores.values():
        print_line(f"{score.name}: {score.signature}")


def _score(score: "Score") -> str:
    text = f"{score.value:.2f}"
    if score.interval is not None:
        text += f" [{score.interval.low:.2f}, {score.interval.high:.2f}]"
    return text


def _name(spec: str) -> str:
    return _DO_NOTHING if spec == _NOTHING else spec


def _say_refusals(result: "FileBenchmark") -> None:
    refused = [(one.rewriter, one.refused) for one in result.challenges]
    refused += [(one.rewriter, one.refused) for one in result.references]
    for rewriter, by_rule in refused:
        if by_rule:
            counts = ", ".join(f"{rule} {count:,}" for rule, count in by_rule.items())
            say(f"{result.path}: {rewriter}: hunks withdrawn by the gate: {counts}")


def _say_failures(result: "FileBenchmark") -> None:
    failed = [(one.rewriter, one.total.failed) for one in result.challenges]
    failed += [(one.rewriter, one.failed) for one in result.references]
    for rewriter, count in failed:
        if count:
            say(f"{result.path}: {rewriter} gave up on {count} segments, which count as unchanged.")
