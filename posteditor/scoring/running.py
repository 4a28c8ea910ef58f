"""A corpus score that grows with its segments and moves in O(1) when one of them changes."""

from collections import Counter

from posteditor.core.score import Score
from posteditor.scoring.metrics import Metric, Statistics


class RunningCorpus:
    """The totals of one metric over a changing set of segments; the segments' own statistics are kept elsewhere."""

    def __init__(self, metric: Metric) -> None:
        self.metric = metric
        self._totals: Statistics = (0,) * metric.width
        self._reference_counts: Counter[int] = Counter()

    @property
    def count(self) -> int:
        """How many segments are in it."""
        return self._reference_counts.total()

    @property
    def totals(self) -> Statistics:
        """The statistics of all segments, added up."""
        return self._totals

    @property
    def reference_count(self) -> int | None:
        """References per segment; None when segments differ."""
        counts = [count for count, segments in self._reference_counts.items() if segments]
        return counts[0] if len(counts) == 1 else None

    def add(self, statistics: Statistics, reference_count: int = 1) -> None:
        """A segment comes in."""
        self._totals = tuple(total + new for total, new in zip(self._totals, statistics, strict=True))
        self._reference_counts[reference_count] += 1

    def remove(self, statistics: Statistics, reference_count: int = 1) -> None:
        """A segment goes, with the statistics it came in with."""
        self._totals = tuple(total - old for total, old in zip(self._totals, statistics, strict=True))
        self._reference_counts[reference_count] -= 1

    def replace(self, old: Statistics, new: Statistics) -> None:
        """A segment's text changed; its references did not.

        The differences are added, so that numbers which did not change leave the totals exactly as they were.
        """
        changes = zip(self._totals, old, new, strict=True)
        self._totals = tuple(total + (after - before) for total, before, after in changes)

    def copy(self) -> "RunningCorpus":
        """The same totals, to go on from separately."""
        twin = RunningCorpus(self.metric)
        twin._totals = self._totals
        twin._reference_counts = self._reference_counts.copy()
        return twin

    def score(self) -> Score | None:
        """The corpus score now; None while no segment is in it."""
        if not self.count:
            return None
        return self.metric.corpus_score(self._totals, self.reference_count)
