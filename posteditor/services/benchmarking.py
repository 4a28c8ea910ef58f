"""Rewriters side by side on files with references or challenge sets; do-nothing is always one of them.

Each rewriter is loaded once and goes through all files. What it proposes is scored as if somebody had taken all of it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from posteditor.core.score import Score
from posteditor.core.segment import Segment
from posteditor.errors import CorpusError
from posteditor.formats.options import ReadOptions
from posteditor.formats.reading import open_segments
from posteditor.rewriters.gate import Gate, rule_of
from posteditor.rewriters.protocol import Rewriter
from posteditor.rewriters.running import suggest
from posteditor.rewriters.specs import Threshold, load_rewriter
from posteditor.scoring.intervals import DEFAULT_RESAMPLES, DEFAULT_SEED
from posteditor.scoring.metrics import DEFAULT_METRICS
from posteditor.services.challenge_set import (
    ChallengeItem,
    column_names,
    has_references,
    is_challenge,
    read_challenge,
)
from posteditor.services.challenging import ChallengeReport, run_challenge
from posteditor.services.context import with_neighbours
from posteditor.services.evaluating import MT, TARGET, ScoreOptions, SegmentScores, score_segments

NOTHING = "none"
"""SPEC of do-nothing, which stands in every comparison."""
DECIDING_METRIC = "ter-cased"
"""The metric that says whether a segment improved: case counts, for putting it right is part of the work."""
METRICS = (*DEFAULT_METRICS, DECIDING_METRIC)
_BATCH = 16


@dataclass(frozen=True, slots=True)
class BenchmarkOptions:
    """How to run, and how to score."""

    threshold: Threshold = "apply"
    source_lang: str | None = None
    """BCP 47; None when nobody said."""
    target_lang: str | None = None
    """BCP 47; None when nobody said."""
    glossary: Path | None = None
    """Terms and their translations, for rewriters that can be told."""
    resamples: int = DEFAULT_RESAMPLES
    """Bootstrap resamples of the intervals; 0 for no intervals."""
    seed: int = DEFAULT_SEED
    gate_off: tuple[str, ...] = ()
    """Rules of the gate that are switched off."""


@dataclass(frozen=True, slots=True)
class ReferenceReport:
    """What one rewriter makes of a file with references."""

    rewriter: str
    """Its SPEC; "none" for do-nothing."""
    threshold: Threshold
    segments: int
    """Those that have a reference; the others are left out."""
    changed: int
    improved: int
    """Changed segments whose sentence TER fell."""
    deteriorated: int
    """Changed segments whose sentence TER rose."""
    failed: int
    """Segments that the rewriter gave up on; their text is the mt."""
    scores: dict[str, Score]
    """Corpus scores by metric name."""
    refused: dict[str, int] = field(default_factory=dict)
    """Hunks that the gate withdrew, by rule, the most frequent first."""

    def to_json(self) -> dict[str, Any]:
        """Everything as plain JSON values."""
        counts = ("rewriter", "threshold", "segments", "changed", "improved", "deteriorated", "failed")
        return {name: getattr(self, name) for name in counts} | {
            "metric": DECIDING_METRIC,
            "refused": self.refused,
            "scores": {name: score.to_json() for name, score in self.scores.items()},
        }


@dataclass(frozen=True, slots=True)
class FileBenchmark:
    """All rewriters on one file; one of the two tuples is empty."""

    path: Path
    challenges: tuple[ChallengeReport, ...] = ()
    """For a challenge set; do-nothing comes first."""
    references: tuple[ReferenceReport, ...] = ()
    """For any other file with references; do-nothing comes first."""

    def to_json(self) -> dict[str, Any]:
        """Everything as plain JSON values."""
        return {
            "path": str(self.path),
            "kind": "challenge" if self.challenges else "references",
            "rewriters": [report.to_json() for report in self.challenges or self.references],
        }


def benchmark(
    paths: Sequence[Path],
    specs: Sequence[str],
    options: BenchmarkOptions | None = None,
    *,
    on_progress: Callable[[int], None] | None = None,
) -> list[FileBenchmark]:
    """One result per file, in order.

    Args:
        paths: Challenge sets, and files with a reference column; all are looked at before any model is loaded.
        specs: Rewriter SPECs; do-nothing comes in any case.
        options: How to run and score; the defaults when None.
        on_progress: Gets the number of segments done so far, over all files and rewriters.

    Raises:
        CorpusError: A file can't be read, or has neither categories nor references.
        ScoringError: No segment of a file has a reference.
        ModelError: A rewriter can't be loaded, or declines the language.
    """
    options = options or BenchmarkOptions()
    inputs = [_look_at(path) for path in paths]
    challenges: dict[int, list[ChallengeReport]] = {}
    references: dict[int, list[ReferenceReport]] = {}
    progress = _Progress(on_progress)
    for spec in dict.fromkeys((NOTHING, *specs)):
        rewriter = load_rewriter(
            spec,
            threshold=options.threshold,
            source_lang=options.source_lang,
            target_lang=options.target_lang,
            glossary=options.glossary,
            gate_off=options.gate_off,
        )
        try:
            for number, items in enumerate(inputs):
                if items is not None:
                    report = run_challenge(
                        items, rewriter, options.threshold, gate_off=options.gate_off, on_progress=progress.step
                    )
                    challenges.setdefault(number, []).append(report)
                else:
                    scored = _run_references(paths[number], rewriter, options, progress)
                    references.setdefault(number, []).append(scored)
        finally:
            rewriter.close()
    return [
        FileBenchmark(path, tuple(challenges.get(number, ())), tuple(references.get(number, ())))
        for number, path in enumerate(paths)
    ]


def _look_at(path: Path) -> tuple[ChallengeItem, ...] | None:
    """The items of a challenge set; None for another file that has references."""
    columns = column_names(path)
    if is_challenge(columns):
        return read_challenge(path)
    if not has_references(columns):
        raise CorpusError(
            path,
            "there is nothing in it to measure against: neither a column category nor a column reference",
            hint="name the column of the reference translations reference; a challenge set has a category beside it",
        )
    return None


class _Progress:
    """Adds up the segments of several runs."""

    def __init__(self, tell: Callable[[int], None] | None) -> None:
        self._tell = tell
        self._done = 0

    def step(self, _of_this_run: int) -> None:
        self._done += 1
        if self._tell is not None:
            self._tell(self._done)


def _run_references(path: Path, rewriter: Rewriter, options: BenchmarkOptions, progress: _Progress) -> ReferenceReport:
    counts: Counter[str] = Counter()
    refused: Counter[str] = Counter()

    def rewritten() -> Iterator[Segment]:
        with open_segments([path], ReadOptions()) as reader:
            rest, gate = (
                with_neighbours(replace(segment, target=None) for segment in reader),
                Gate(off=options.gate_off),
            )
            while batch := list(islice(rest, _BATCH)):
                for segment, suggestion in zip(batch, suggest(rewriter, batch, gate), strict=True):
                    counts["failed"] += bool(suggestion.error)
                    refused.update(rule_of(each.reason) for each in suggestion.refused)
                    progress.step(1)
                    yield replace(segment, target=suggestion.text)

    def count(one: SegmentScores) -> None:
        counts["changed"] += one.segment.target != one.segment.mt
        before, after = (one.scores[row][DECIDING_METRIC].value for row in (MT, TARGET))
        counts["improved"] += after < before
        counts["deteriorated"] += after > before

    wanted = ScoreOptions(METRICS, options.target_lang, options.resamples, options.seed)
    scores = score_segments(rewritten(), wanted, on_segment=count)
    return ReferenceReport(
        rewriter=rewriter.name,
        threshold=options.threshold,
        segments=scores.scored,
        changed=counts["changed"],
        improved=counts["improved"],
        deteriorated=counts["deteriorated"],
        failed=counts["failed"],
        scores=dict(scores.scores[TARGET]),
        refused=dict(refused.most_common()),
    )
