"""Asking one rewriter about one test set, and measuring what it answers and how long it takes."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from time import perf_counter

import numpy as np

from posteditor.core.segment import Segment
from posteditor.core.suggestion import Suggestion, apply_edits
from posteditor.rewriters.gate import Gate
from posteditor.rewriters.protocol import Rewriter
from posteditor.rewriters.running import suggest
from posteditor.scoring.metrics import Metric, Statistics
from posteditor.services.benchmark.cells import Answer, CellJournal, Portion
from posteditor.services.benchmark.peak_memory import peak_memory
from posteditor.services.benchmark.report import DECIDING_METRIC, Speed
from posteditor.services.context import with_neighbours

BATCH = 64
"""Segments that a rewriter is given together; a rewriter sorts them by length itself."""
_TIMED = 40
"""Segments asked for alone."""


class Answering:
    """One rewriter at work on one test set."""

    def __init__(self, rewriter: Rewriter, gate: Gate, metrics: Sequence[Metric], tell: Callable[[int], None]) -> None:
        """Take them; ``tell`` is given the number of segments just done."""
        self._rewriter = rewriter
        self._gate = gate
        self._metrics = metrics
        self._deciding = next(metric for metric in metrics if metric.name == DECIDING_METRIC)
        self._tell = tell

    def fill(
        self, journal: CellJournal, segments: Callable[[], Iterator[Segment]], nothing: Callable[[], Iterator[Answer]]
    ) -> None:
        """Answer what is not in the journal yet.

        Args:
            journal: Of this rewriter and test set.
            segments: Opens the test set.
            nothing: Opens the answers of do-nothing, so that what is left alone is not scored again; empty while do-
                nothing itself is at work.

        Raises:
            UsageError: The disk is full or the journal can't be written.
        """
        base = islice(nothing(), journal.answered, None)
        rest = islice(with_references(segments()), journal.answered, None)
        while batch := list(islice(rest, BATCH)):
            started = perf_counter()
            suggestions = list(suggest(self._rewriter, batch, self._gate))
            seconds = perf_counter() - started
            known: list[Answer | None] = [next(base, None) for _ in batch]
            answers = [self._answer(*each) for each in zip(batch, suggestions, known, strict=True)]
            journal.add(Portion(tuple(answers), seconds))
            self._tell(len(batch))

    def speed(self, journal: CellJournal, segments: Callable[[], Iterator[Segment]]) -> Speed | None:
        """How fast it was, after the journal is full: some of the segments are asked for once more, one at a time."""
        words = sum(len(segment.mt.split()) for segment in with_references(segments()))
        step = max(1, journal.answered // _TIMED)
        taken: list[float] = []
        for number, segment in enumerate(islice(with_references(segments()), 0, None, step)):
            if len(taken) == _TIMED:
                break
            started = perf_counter()
            list(suggest(self._rewriter, [segment], self._gate))
            if number or journal.answered == 1:  # the first one finds caches empty
                taken.append(perf_counter() - started)
        if not taken or not journal.seconds:
            return None
        median, late = np.percentile(taken, [50, 95])
        return Speed(
            seconds_to_load=journal.seconds_to_load,
            median_seconds=float(median),
            percentile_95_seconds=float(late),
            timed_segments=len(taken),
            segments_per_second=journal.answered / journal.seconds,
            words_per_second=words / journal.seconds,
            peak_memory_bytes=peak_memory(),
        )

    def _answer(self, segment: Segment, suggestion: Suggestion, nothing: Answer | None) -> Answer:
        if nothing is not None and suggestion.text == segment.mt:
            return Answer(segment.position, suggestion, nothing.statistics)
        statistics = tuple(metric.statistics(suggestion.text, segment.references) for metric in self._metrics)
        if nothing is None or not suggestion.edits:
            return Answer(segment.position, suggestion, statistics)
        place = self._metrics.index(self._deciding)
        return Answer(
            segment.position,
            suggestion,
            statistics,
            self._helps(segment, suggestion, nothing.statistics[place], statistics[place]),
        )

    def _helps(
        self, segment: Segment, suggestion: Suggestion, before: Statistics, after: Statistics
    ) -> tuple[float, ...]:
        """By how much each edit alone brings the mt nearer; the first of TER's statistics is the number of edits."""
        if len(suggestion.edits) == 1:
            return (before[0] - after[0],)
        alone = (apply_edits(segment.mt, [edit]) for edit in suggestion.edits)
        return tuple(before[0] - self._deciding.statistics(text, segment.references)[0] for text in alone)


def with_references(segments: Iterator[Segment]) -> Iterator[Segment]:
    """The segments that can be measured, each with its neighbours of all kinds."""
    return (segment for segment in with_neighbours(segments) if segment.references)
