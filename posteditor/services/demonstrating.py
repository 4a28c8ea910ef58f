"""The shipped demo without a terminal: rewrites of the demo corpus and what they are worth against its references."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posteditor.core.score import Score
from posteditor.core.segment import Segment
from posteditor.core.suggestion import Suggestion
from posteditor.formats.options import ReadOptions
from posteditor.formats.reading import open_segments
from posteditor.rewriters.gate import Gate, rule_of
from posteditor.rewriters.running import suggest
from posteditor.rewriters.specs import Threshold, load_rewriter
from posteditor.scoring.metrics import DEFAULT_METRICS, Metric, create_metrics
from posteditor.scoring.running import RunningCorpus
from posteditor.shipped import shipped_corpus

DEMO_LANGUAGE = "en"
_BATCH = 16


@dataclass(frozen=True, slots=True)
class DemoSegment:
    """One segment, its suggestion, and the sentence TER (0-100, lower is better) of mt and suggestion."""

    segment: Segment
    suggestion: Suggestion
    ter_mt: float
    ter_suggestion: float


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What a rewriter does to the demo corpus."""

    rewriter: str
    segments: int
    changed: int
    improved: int
    """Changed segments whose TER against the reference fell."""
    deteriorated: int
    """Changed segments whose TER rose."""
    refused: int
    """Segments in which the gate withdrew something."""
    scores: dict[str, tuple[Score, Score]]
    """By metric: corpus score of doing nothing, and of taking every suggestion."""
    withdrawn: dict[str, int]
    """Hunks that the gate withdrew, by rule, the most frequent first."""

    def to_json(self) -> dict[str, Any]:
        """Everything as plain JSON values."""
        return {
            "rewriter": self.rewriter,
            "segments": self.segments,
            "changed": self.changed,
            "improved": self.improved,
            "deteriorated": self.deteriorated,
            "refused": self.refused,
            "withdrawn": self.withdrawn,
            "scores": {
                name: {"do-nothing": nothing.to_json(), "suggestions": taken.to_json()}
                for name, (nothing, taken) in self.scores.items()
            },
        }


class Demonstration:
    """Iterate to get every segment with its suggestion; ``report`` sums up what has gone by."""

    def __init__(self, spec: str, *, path: Path | None = None, limit: int | None = None, threshold: Threshold = "show"):
        """Load the rewriter.

        Args:
            spec: A rewriter SPEC.
            path: A corpus with references; the shipped demo when None.
            limit: Stop after so many segments.

        Raises:
            ModelError: The rewriter can't be loaded, or the shipped corpus is missing.
        """
        self._path = path or shipped_corpus("demo.tsv")
        self._limit = limit
        self._rewriter = load_rewriter(spec, threshold=threshold, target_lang=DEMO_LANGUAGE)
        self._metrics = create_metrics(DEFAULT_METRICS, DEMO_LANGUAGE)
        self._totals = {metric.name: (RunningCorpus(metric), RunningCorpus(metric)) for metric in self._metrics}
        self._withdrawn: Counter[str] = Counter()
        self._counts = {"segments": 0, "changed": 0, "improved": 0, "deteriorated": 0, "refused": 0}

    def __iter__(self) -> Iterator[DemoSegment]:
        """All segments in order."""
        with open_segments([self._path], ReadOptions()) as reader:
            batch: list[Segment] = []
            for segment in reader:
                if self._limit is not None and segment.position > self._limit:
                    break
                batch.append(segment)
                if len(batch) == _BATCH:
                    yield from self._rewrite(batch)
                    batch = []
            yield from self._rewrite(batch)

    def _rewrite(self, segments: Sequence[Segment]) -> Iterator[DemoSegment]:
        for segment, suggestion in zip(segments, suggest(self._rewriter, segments, Gate()), strict=True):
            ter = {metric.name: self._score(segment, suggestion, metric) for metric in self._metrics}["ter"]
            self._count(segment, suggestion, *ter)
            yield DemoSegment(segment, suggestion, *ter)

    def _score(self, segment: Segment, suggestion: Suggestion, metric: Metric) -> tuple[float, float]:
        """The sentence scores of mt and suggestion, which also go into the totals."""
        values = []
        for text, total in zip((segment.mt, suggestion.text), self._totals[metric.name], strict=True):
            statistics = metric.statistics(text, segment.references)
            total.add(statistics, len(segment.references))
            values.append(metric.sentence_score(statistics, len(segment.references)).value)
        return values[0], values[1]

    def _count(self, segment: Segment, suggestion: Suggestion, before: float, after: float) -> None:
        changed = suggestion.text != segment.mt
        self._counts["segments"] += 1
        self._counts["changed"] += changed
        self._counts["improved"] += changed and after < before
        self._counts["deteriorated"] += changed and after > before
        self._counts["refused"] += bool(suggestion.refused)
        self._withdrawn.update(rule_of(each.reason) for each in suggestion.refused)

    def report(self) -> DemoReport:
        """The sums over the segments iterated so far, of which there is at least one."""
        scores = {}
        for name, totals in self._totals.items():
            nothing, taken = (total.score() for total in totals)
            if nothing is not None and taken is not None:
                scores[name] = (nothing, taken)
        withdrawn = dict(self._withdrawn.most_common())
        return DemoReport(rewriter=self._rewriter.name, scores=scores, withdrawn=withdrawn, **self._counts)
