"""A comparison as plain text: a table per test set, and the segments that differ most with their words marked."""

import os
import sys
from collections.abc import Iterator, Sequence

from posteditor.cli.output import print_line, say, table_lines
from posteditor.core.suggestion import Suggestion
from posteditor.services.benchmark.comparing import Comparison, MetricDifference, SetComparison, Shown, SideName
from posteditor.services.benchmark.report import NOTHING
from posteditor.tui.diff_pieces import diff_pieces
from posteditor.tui.visible import visible
from posteditor.tui.withdrawn import withdrawn_lines

_COLOURS = {"same": ("", ""), "old": ("\x1b[31;9m", "\x1b[0m"), "new": ("\x1b[32;4m", "\x1b[0m")}


def print_comparison(result: Comparison) -> None:
    """Write all of it."""
    for note in result.notes:
        say(f"note: {note}")
    print_line(f"A: {_side(result.a)}")
    print_line(f"B: {_side(result.b)}")
    for one in result.sets:
        print_line()
        for line in _set_lines(one, result):
            print_line(line)
        for title, every in (("gained most", one.gained), ("lost most", one.lost)):
            for shown in every:
                _print_segment(title, shown, result)
    print_line()
    for line in _footer(result):
        print_line(line)


def _side(side: SideName) -> str:
    rewriter = "do-nothing" if side.rewriter == NOTHING else side.rewriter
    return f"{rewriter} in {side.run}, threshold {side.threshold}"


def _set_lines(one: SetComparison, result: Comparison) -> Iterator[str]:
    is_same_model = result.a.rewriter == result.b.rewriter
    changed = is_same_model and one.revision_a != one.revision_b
    revisions = f"; another revision of the model: {one.revision_a}, {one.revision_b}" if changed else ""
    yield f"{one.name}: {one.segments:,} segments{revisions}"
    headers = ["", "A", "B", "B less A", "better"]
    headers += ["p (bootstrap)"] if result.resamples else []
    headers += ["p (randomisation)"] if result.trials else []
    yield from table_lines(headers, [_row(metric, result) for metric in one.metrics])
    yield (
        f"B is better than A in {one.better:,} segments, worse in {one.worse:,}, equal in {one.equal:,}; "
        f"the texts differ in {one.texts_differ:,}."
    )


def _row(metric: MetricDifference, result: Comparison) -> list[str]:
    label = f"{metric.a.name}{'' if metric.a.higher_is_better else ' (lower is better)'}"
    cells = [label, f"{metric.a.value:.2f}", f"{metric.b.value:.2f}", f"{metric.difference:+.2f}", metric.better or "="]
    cells += [_p(metric.bootstrap_p)] if result.resamples else []
    cells += [_p(metric.randomisation_p)] if result.trials else []
    return cells


def _p(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _footer(result: Comparison) -> Iterator[str]:
    yield "better, worse: by the segment's own TER, case-sensitive."
    if result.resamples or result.trials:
        yield (
            f"p: of {result.resamples:,} paired bootstrap resamples and {result.trials:,} trials of approximate "
            f"randomisation, seed {result.seed}."
        )
    for metric in result.sets[0].metrics:
        yield f"{metric.a.name}: {metric.a.signature}"


def _print_segment(title: str, shown: Shown, result: Comparison) -> None:
    difference, segment = shown.difference, shown.texts.segment
    name = f" ({difference.id})" if difference.id is not None else ""
    print_line()
    print_line(
        visible(
            f"{title}: {difference.position}{name}  {difference.gain:+.1f} TER points, "
            f"{difference.gain_edits:+g} edits; TER of mt {difference.before:.1f}, A {difference.a:.1f}, "
            f"B {difference.b:.1f}"
        )
    )
    if segment.source is not None:
        print_line(f"  source  {visible(segment.source)}")
    print_line(f"  mt      {visible(segment.mt)}")
    sides: Sequence[tuple[str, SideName, Suggestion]] = (
        ("A", result.a, shown.texts.a),
        ("B", result.b, shown.texts.b),
    )
    for label, side, suggestion in sides:
        if side.rewriter != NOTHING:
            _print_side(label, segment.mt, suggestion)
    for reference in segment.references:
        print_line(f"  ref     {visible(reference)}")


def _print_side(label: str, mt: str, suggestion: Suggestion) -> None:
    """The text with its changes marked; a terminal gets colours on top of the marks."""
    colourful = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    parts = []
    for piece in diff_pieces(mt, suggestion):
        on, off = _COLOURS[piece.kind] if colourful else ("", "")
        parts.append(f"{on}{piece.text}{off}")
    # The pieces are safe for a terminal already; our own escapes would not come through print_line.
    sys.stdout.write(f"  {label}       {''.join(parts)}\n")
    if suggestion.error:
        print_line(f"          gave up: {visible(suggestion.error)}")
    for line in withdrawn_lines(mt, suggestion):
        print_line(f"          {line}")
