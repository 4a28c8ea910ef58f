"""What a cleaning run and a sample look like in the terminal."""

from collections.abc import Iterator, Sequence
from math import isfinite
from typing import TYPE_CHECKING

from posteditor.cleaning.histogram import Bar, bars
from posteditor.cleaning.rule import Bound
from posteditor.cli.output import print_json, print_line, table_lines

if TYPE_CHECKING:
    from posteditor.services.cleaning.result import PartScores, StepReport
    from posteditor.services.cleaning.sampling import Preview, StepDifference

_HEIGHTS = " ▁▂▃▄▅▆▇█"
_MOST_BARS = 32
_TAKES = {"rule": "rejected", "fixer": "changed", "duplicates": "rejected"}


def report_lines(steps: Sequence["StepReport"], width: int) -> Iterator[str]:
    """What each step did: a table, then how the scores are spread, with thresholds marked."""
    rows = [
        [step.name, f"{step.reached:,}", f"{step.taken:,}", _share(step.taken, step.reached), _TAKES[step.kind]]
        for step in steps
    ]
    yield from table_lines(["step", "reached", "took", "%", ""], rows)
    room = max(10, min(_MOST_BARS, width - 50))
    charts = [(step, part) for step in steps for part in step.parts if part.tally]
    if not charts:
        return
    names = [f"{step.name} {part.part}".strip() for step, part in charts]
    wide = max(map(len, names))
    yield ""
    yield "scores of the pairs that reached each rule; ┃ is the threshold, and bars show the logarithm of the number"
    for name, (_, part) in zip(names, charts, strict=True):
        yield f"{name:{wide}}  {_histogram(part, room)}"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}" if whole else "-"


def _histogram(part: "PartScores", room: int) -> str:
    """One line: the ends of the range, and a column for each bar."""
    found = bars(part.tally, part.bound, room)
    finite = [bar for bar in found if isfinite(bar.low)]
    drawn = "".join(_marked(finite, part.bound))
    endless = sum(bar.count for bar in found if not isfinite(bar.low))
    ends = f"{finite[0].low:.4g} {drawn} {finite[-1].high:.4g}" if finite else ""
    marks = ", ".join(f"{mark:.4g}" for mark in part.bound.ends)
    return f"{ends}{f'  ∞: {endless:,}' if endless else ''}{f'  ┃ {marks}' if marks else ''}".strip()


def _marked(found: Sequence[Bar], bound: Bound) -> Iterator[str]:
    """The columns, with marks where they lie among scores; a score that is the threshold is kept."""
    most = max((bar.count for bar in found), default=0)
    low_place = next((place for place, bar in enumerate(found) if bar.low >= bound.low), len(found))
    high_place = next((place for place, bar in enumerate(found) if bar.low > bound.high), len(found))
    for place, bar in enumerate(found):
        if (place == low_place and place > 0) or place == high_place:
            yield "┃"
        yield _column(bar.count, most)


def _column(count: int, most: int) -> str:
    if not count:
        return _HEIGHTS[0]
    steps = len(_HEIGHTS) - 1
    share = (count.bit_length() - 1) / max(1, most.bit_length() - 1)
    return _HEIGHTS[max(1, round(share * steps))]


def print_sample(preview: "Preview", *, json: bool) -> None:
    """What each step takes of a sample, with examples."""
    if json:
        print_json("clean", preview.to_json())
        return
    rows = [
        [step.name, f"{step.reached:,}", f"{step.taken:,}", _share(step.taken, step.reached), _TAKES[step.kind]]
        for step in preview.steps
    ]
    print_line(f"{preview.pairs:,} of {preview.total:,} pairs, drawn with seed {preview.seed}")
    print_line()
    for line in table_lines(["step", "reached", "took", "%", ""], rows):
        print_line(line)
    for step, examples in zip(preview.steps, preview.examples, strict=True):
        if not examples:
            continue
        print_line()
        print_line(f"{step.name}: {step.taken:,} {_TAKES[step.kind]}")
        for example in examples:
            for line in example.lines():
                print_line(f"  {line}")


def print_diff(found: "StepDifference", *, json: bool) -> None:
    """What differs behind two steps."""
    if json:
        print_json("clean", found.to_json())
        return
    for line in found.lines():
        print_line(line)
