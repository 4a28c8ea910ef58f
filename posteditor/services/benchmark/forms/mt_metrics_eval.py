"""A run in the folder layout of mt-metrics-eval, for its tools and for the meta-evaluation of metrics.

::

    SET/sources/LP.txt                    a line for each segment
    SET/references/LP.refA.txt            refB and so on where there are more
    SET/documents/LP.docs                 domain and document of each line
    SET/system-outputs/LP/SYSTEM.txt
    SET/metric-scores/LP/METRIC-REFS.seg.score    system and score, a segment a line, system after system
    SET/metric-scores/LP/METRIC-REFS.sys.score    system and score

SYSTEM is the same in names of files and in scores: its tools refuse scores of a system that has no output. REFS names
every reference that the scores were computed with, joined by dots: ``refA``, or ``refA.refB`` where there are two.

LP is the pair of languages, such as ``de-en``; ``xx`` where nobody said. Scores are ours, 0-100, all references taken
together; error rates are written with the sign turned, for that layout's tools take more for better.

Source: google-research/mt-metrics-eval, README, "File organization and naming convention", and how its data.py reads
that (``EvalSet.CheckScores``, ``EvalSet.ParseMetricName``, ``ReadScoreFile``).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from posteditor.core.segment import Segment
from posteditor.formats.atomic import atomic_output

_UNKNOWN = "xx"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class SystemOutput:
    """What one rewriter made of a test set."""

    name: str
    """Its SPEC as the name of a file, without spaces."""
    texts: Callable[[], Iterator[str]]
    segment_scores: Callable[[], Iterator[Sequence[float]]]
    """For each text those of all metrics, in their order."""
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
) -> int:
    """Write a test set's folder; the lines in which a line break became a space are counted.

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
    joined = _write(folder / "sources" / f"{pair}.txt", (segment.source or "" for segment in segments()))
    names = [_reference_name(number) for number in range(references)]
    for number, name in enumerate(names):
        texts = (_nth(segment.references, number) for segment in segments())
        joined += _write(folder / "references" / f"{pair}.{name}.txt", texts)
    _write(folder / "documents" / f"{pair}.docs", (f"all\t{folder.name}" for _ in segments()))
    for system in systems:
        joined += _write(folder / "system-outputs" / pair / f"{system.name}.txt", system.texts())
    scores = folder / "metric-scores" / pair
    scorers = {metric: f"{metric}-{'.'.join(names)}" for metric, _ in metrics}
    signs = [1 if more_is_better else -1 for _, more_is_better in metrics]
    for (metric, _), sign in zip(metrics, signs, strict=True):
        corpus = (f"{one.name}\t{sign * one.corpus_scores[metric]}" for one in systems)
        _write(scores / f"{scorers[metric]}.sys.score", corpus)
    _write_segment_scores([scores / f"{scorer}.seg.score" for scorer in scorers.values()], systems, signs)
    return joined


def _write_segment_scores(paths: Sequence[Path], systems: Sequence[SystemOutput], signs: Sequence[int]) -> None:
    """A file for each metric, all at once: the answers of a system are gone through a single time."""
    with ExitStack() as stack:
        files = [stack.enter_context(atomic_output(path, force=True)) for path in paths]
        for system in systems:
            for scores in system.segment_scores():
                for file, sign, score in zip(files, signs, scores, strict=True):
                    file.write(f"{system.name}\t{sign * score}\n".encode())


def _reference_name(number: int) -> str:
    return f"ref{_LETTERS[number] if number < len(_LETTERS) else number + 1}"


def _nth(texts: Sequence[str], number: int) -> str:
    return texts[number] if number < len(texts) else ""


def _write(path: Path, lines: Iterable[str]) -> int:
    """A line for each text; a line break within one would shift all that follow, so it becomes a space.

    Returns:
        How many texts had one.
    """
    joined = 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_output(path, force=True) as out:
        for line in lines:
            plain = " ".join(line.splitlines())
            joined += plain != line
            out.write(plain.encode("utf-8", "replace") + b"\n")
    return joined
