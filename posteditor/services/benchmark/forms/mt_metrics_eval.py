"""A run in the folder layout of mt-metrics-eval, for its tools and for the meta-evaluation of metrics.

::

    SET/sources/LP.txt                    a line for each segment
    SET/references/LP.refA.txt            refB and so on where there are more
    SET/documents/LP.docs                 domain and document of each line
    SET/system-outputs/LP/SYSTEM.txt
    SET/metric-scores/LP/METRIC-refA.seg.score    system and score, a segment a line, system after system
    SET/metric-scores/LP/METRIC-refA.sys.score    system and score

LP is the pair of languages, such as ``de-en``; ``xx`` where nobody said. Scores are ours, 0-100, all references taken
together; error rates are written with the sign turned, for that layout's tools take more for better.

Source: google-research/mt-metrics-eval, README, "File organization and naming convention".
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from posteditor.core.segment import Segment
from posteditor.formats.atomic import atomic_output
from posteditor.services.benchmark.forms.cells import name_of

_UNKNOWN = "xx"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class SystemOutput:
    """What one rewriter made of a test set."""

    name: str
    """Its SPEC."""
    file_name: str
    """The same, safe as the name of a file."""
    texts: Callable[[], Iterator[str]]
    segment_scores: Callable[[str], Iterator[float]]
    """By metric name; one for each text."""
    corpus_scores: dict[str, float]
    """By metric name."""


def write_mt_metrics_eval(
    folder: Path,
    segments: Callable[[], Iterator[Segment]],
    systems: Sequence[SystemOutput],
    metrics: Sequence[tuple[str, bool]],
    *,
    source_lang: str | None,
    target_lang: str | None,
    references: int,
) -> None:
    """Write a test set's folder.

    Args:
        folder: Of the test set.
        segments: Opens the segments, all of which have references.
        systems: In the order of the report.
        metrics: Names, and whether more is better.
        source_lang: BCP 47; None when nobody said.
        target_lang: BCP 47; None when nobody said.
        references: Of the segment that has most; where another has fewer its line is empty.

    Raises:
        UsageError: The folder can't be written to.
    """
    pair = f"{source_lang or _UNKNOWN}-{target_lang or _UNKNOWN}"
    _write(folder / "sources" / f"{pair}.txt", (segment.source or "" for segment in segments()))
    for number in range(min(references, len(_LETTERS))):
        name = f"{pair}.ref{_LETTERS[number]}.txt"
        _write(folder / "references" / name, (_nth(segment.references, number) for segment in segments()))
    _write(folder / "documents" / f"{pair}.docs", (f"all\t{folder.name}" for _ in segments()))
    for system in systems:
        _write(folder / "system-outputs" / pair / f"{system.file_name}.txt", system.texts())
    scores = folder / "metric-scores" / pair
    for metric, more_is_better in metrics:
        sign = 1 if more_is_better else -1
        _write(scores / f"{metric}-refA.seg.score", _segment_lines(systems, metric, sign))
        corpus = (f"{_name(one)}\t{sign * one.corpus_scores[metric]}" for one in systems)
        _write(scores / f"{metric}-refA.sys.score", corpus)


def _segment_lines(systems: Sequence[SystemOutput], metric: str, sign: int) -> Iterator[str]:
    for system in systems:
        for score in system.segment_scores(metric):
            yield f"{_name(system)}\t{sign * score}"


def _name(system: SystemOutput) -> str:
    return name_of(system.name) if system.name == "none" else system.file_name


def _nth(texts: Sequence[str], number: int) -> str:
    return texts[number] if number < len(texts) else ""


def _write(path: Path, lines: Iterable[str]) -> None:
    """A line for each text; a line break within one would shift all that follow, so it becomes a space."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_output(path, force=True) as out:
        for line in lines:
            out.write(" ".join(line.splitlines()).encode("utf-8", "replace") + b"\n")
