"""Sums over the segments of a test set from which a report's buckets and bins come."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from posteditor.scoring.metrics import Metric, Statistics
from posteditor.scoring.running import RunningCorpus
from posteditor.services.benchmark.report import Bucket, CalibrationBin

LENGTHS = (11, 21, 31, 41)
LENGTH_LABELS = ("up to 10 words", "11-20 words", "21-30 words", "31-40 words", "more than 40 words")
QUALITIES = (1e-9, 10.0, 20.0, 40.0)
QUALITY_LABELS = ("TER 0", "TER up to 10", "TER 10-20", "TER 20-40", "TER 40 and more")
_BINS = 10


@dataclass(slots=True)
class Outcome:
    """What became of one segment."""

    before: Sequence[Statistics]
    after: Sequence[Statistics]
    references: int
    changed: bool
    improved: bool
    deteriorated: bool


class BucketTally:
    """The segments sorted into buckets by a number."""

    def __init__(self, metrics: Sequence[Metric], edges: Sequence[float], labels: Sequence[str]) -> None:
        """Take ascending edges, each the first number of the next bucket, and one label more than edges."""
        self._edges = edges
        self._buckets = [_Sums(metrics, label) for label in labels]

    def add(self, number: float, outcome: Outcome) -> None:
        """A segment comes in."""
        self._buckets[bisect_right(self._edges, number)].add(outcome)

    def buckets(self) -> tuple[Bucket, ...]:
        """All of them, in order."""
        return tuple(each.bucket() for each in self._buckets)


class _Sums:
    def __init__(self, metrics: Sequence[Metric], label: str) -> None:
        self._label = label
        self._before = [RunningCorpus(metric) for metric in metrics]
        self._after = [RunningCorpus(metric) for metric in metrics]
        self._segments = self._changed = self._improved = self._deteriorated = 0

    def add(self, outcome: Outcome) -> None:
        self._segments += 1
        self._changed += outcome.changed
        self._improved += outcome.improved
        self._deteriorated += outcome.deteriorated
        for corpora, statistics in ((self._before, outcome.before), (self._after, outcome.after)):
            for corpus, numbers in zip(corpora, statistics, strict=True):
                corpus.add(numbers, outcome.references)

    def bucket(self) -> Bucket:
        return Bucket(
            self._label,
            self._segments,
            self._changed,
            self._improved,
            self._deteriorated,
            _values(self._before),
            _values(self._after),
        )


def _values(corpora: Sequence[RunningCorpus]) -> dict[str, float]:
    found = ((corpus.metric.name, corpus.score()) for corpus in corpora)
    return {name: score.value for name, score in found if score is not None}


@dataclass(slots=True)
class CalibrationTally:
    """Edits by confidence."""

    _edits: list[int] = field(default_factory=lambda: [0] * _BINS)
    _confidences: list[float] = field(default_factory=lambda: [0.0] * _BINS)
    _helped: list[int] = field(default_factory=lambda: [0] * _BINS)
    _hurt: list[int] = field(default_factory=lambda: [0] * _BINS)

    def add(self, confidence: float, help_: float) -> None:
        """An edit comes in: its confidence, 0-1, and how many word edits it saved, below 0 for the other way."""
        place = min(_BINS - 1, int(confidence * _BINS))
        self._edits[place] += 1
        self._confidences[place] += confidence
        self._helped[place] += help_ > 0
        self._hurt[place] += help_ < 0

    def bins(self) -> tuple[CalibrationBin, ...]:
        """Those with edits, in order."""
        return tuple(
            CalibrationBin(
                low=place / _BINS,
                high=(place + 1) / _BINS,
                edits=count,
                mean_confidence=self._confidences[place] / count,
                helped=self._helped[place],
                hurt=self._hurt[place],
            )
            for place, count in enumerate(self._edits)
            if count
        )
