"""From the answers of one rewriter on one test set to its row in the report."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from posteditor.core.score import Score
from posteditor.core.segment import Segment
from posteditor.rewriters.gate import rule_of
from posteditor.scoring.effort import EditRate, add_up, character_edit_rate, word_edit_rate
from posteditor.scoring.intervals import StatisticsTable, score_with_interval
from posteditor.scoring.metrics import Metric, Statistics
from posteditor.scoring.running import RunningCorpus
from posteditor.services.benchmark.cells import Answer, Portion
from posteditor.services.benchmark.lost_strings import lost_strings
from posteditor.services.benchmark.report import DECIDING_METRIC, Category, Difference, Failure, Row
from posteditor.services.benchmark.set_files import Tested
from posteditor.services.benchmark.tallies import (
    LENGTH_LABELS,
    LENGTHS,
    QUALITIES,
    QUALITY_LABELS,
    BucketTally,
    CalibrationTally,
    Outcome,
)

_FAILURES = 100
Measured = tuple[Segment, Answer, Answer]
"""A segment, the rewriter's answer, and do-nothing's."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The statistics of one rewriter on one test set: what its tests and intervals are drawn from."""

    tables: tuple[StatisticsTable, ...]
    """By metric."""
    corpora: tuple[RunningCorpus, ...]

    @classmethod
    def of(cls, metrics: Sequence[Metric], answers: Iterable[tuple[Sequence[Statistics], int]]) -> "Tables":
        """Add up the statistics of segments with so many references each."""
        found = cls(
            tuple(StatisticsTable(metric.width) for metric in metrics), tuple(RunningCorpus(one) for one in metrics)
        )
        for statistics, references in answers:
            for table, corpus, numbers in zip(found.tables, found.corpora, statistics, strict=True):
                table.append(numbers)
                corpus.add(numbers, references)
        return found

    def scores(self, resamples: int, seed: int) -> dict[str, Score]:
        """The corpus scores with their intervals, by metric name."""
        pairs = zip(self.corpora, self.tables, strict=True)
        found = {
            one.metric.name: score_with_interval(one, table, resamples=resamples, seed=seed) for one, table in pairs
        }
        return {name: score for name, score in found.items() if score is not None}


def make_row(
    rewriter: str,
    measured: Iterable[Measured],
    tested: Sequence[Tested] | None,
    metrics: Sequence[Metric],
    scores: dict[str, Score],
    differences: tuple[Difference, ...],
    ending: Portion,
) -> Row:
    """The row.

    Args:
        rewriter: Its SPEC.
        measured: In order; gone through once.
        tested: What a challenge set says of each of its segments, by position; None for another test set.
        metrics: Those whose statistics the answers have.
        scores: Corpus scores by metric name.
        differences: To other rewriters.
        ending: Says the revision and the speed.
    """
    counts = _Counts(metrics)
    categories: dict[str, Counter[str]] = {}
    for segment, answer, nothing in measured:
        outcome = counts.add(segment, answer, nothing)
        if tested is not None:
            said = tested[segment.position - 1]
            categories.setdefault(said.category, Counter()).update(_judged(segment, answer, said, outcome))
    return counts.row(
        rewriter, scores, differences, tuple(Category(name, **found) for name, found in categories.items()), ending
    )


class _Counts:
    """What adds up over the segments."""

    def __init__(self, metrics: Sequence[Metric]) -> None:
        self._metrics = metrics
        self._place = next(place for place, metric in enumerate(metrics) if metric.name == DECIDING_METRIC)
        self._sums: Counter[str] = Counter()
        self._saved = 0.0
        self._refused: Counter[str] = Counter()
        self._failures: list[Failure] = []
        self._word_rate = self._character_rate = EditRate(0, 0)
        self._by_length = BucketTally(metrics, LENGTHS, LENGTH_LABELS)
        self._by_quality = BucketTally(metrics, QUALITIES, QUALITY_LABELS)
        self._calibration = CalibrationTally()

    def add(self, segment: Segment, answer: Answer, nothing: Answer) -> Outcome:
        """A segment comes in; what became of it."""
        suggestion = answer.suggestion
        before, after = nothing.statistics[self._place], answer.statistics[self._place]
        score = self._metrics[self._place].sentence_score
        quality = score(before).value
        difference = 0.0 if before == after else score(after).value - quality
        changed, perfect = suggestion.text != segment.mt, segment.mt in segment.references
        outcome = Outcome(
            nothing.statistics, answer.statistics, len(segment.references), changed, difference < 0, difference > 0
        )
        self._sums.update(
            segments=1,
            changed=changed,
            improved=outcome.improved,
            deteriorated=outcome.deteriorated,
            perfect=perfect,
            over_edited=perfect and changed,
            failed=bool(suggestion.error),
            edits=len(suggestion.edits),
            edited_words=word_edit_rate(segment.mt, suggestion.text).edits if changed else 0,
            words=len(segment.mt.split()),
        )
        self._saved += before[0] - after[0]
        self._refused.update(rule_of(each.reason) for each in suggestion.refused)
        if suggestion.error and len(self._failures) < _FAILURES:
            self._failures.append(Failure(segment.position, segment.id, suggestion.error))
        self._add_rates(segment, suggestion.text)
        self._by_length.add(len(segment.mt.split()), outcome)
        self._by_quality.add(quality, outcome)
        for edit, help_ in zip(suggestion.edits, answer.helps, strict=False):
            self._calibration.add(edit.confidence, help_)
        return outcome

    def _add_rates(self, segment: Segment, text: str) -> None:
        rates = [word_edit_rate(text, reference) for reference in segment.references]
        nearest = min(range(len(rates)), key=lambda place: rates[place].value)
        self._word_rate = add_up((self._word_rate, rates[nearest]))
        character_rate = character_edit_rate(text, segment.references[nearest])
        self._character_rate = add_up((self._character_rate, character_rate))

    def row(
        self,
        rewriter: str,
        scores: dict[str, Score],
        differences: tuple[Difference, ...],
        categories: tuple[Category, ...],
        ending: Portion,
    ) -> Row:
        """The row for all that came in."""
        sums = self._sums
        return Row(
            rewriter=rewriter,
            revision=ending.revision or "",
            segments=sums["segments"],
            changed=sums["changed"],
            improved=sums["improved"],
            deteriorated=sums["deteriorated"],
            perfect=sums["perfect"],
            over_edited=sums["over_edited"],
            failures=tuple(self._failures),
            failed=sums["failed"],
            edits=sums["edits"],
            edited_words=sums["edited_words"],
            words=sums["words"],
            word_edit_rate=self._word_rate.value,
            character_edit_rate=self._character_rate.value,
            gain_per_100_edited_words=100 * self._saved / sums["edited_words"] if sums["edited_words"] else None,
            refused=dict(self._refused.most_common()),
            scores=scores,
            differences=differences,
            by_length=self._by_length.buckets(),
            by_quality=self._by_quality.buckets(),
            calibration=self._calibration.bins(),
            categories=categories,
            speed=ending.speed,
        )


def _judged(segment: Segment, answer: Answer, said: Tested, outcome: Outcome) -> dict[str, int]:
    text = answer.suggestion.text
    perfect = segment.mt in segment.references
    found = {
        "segments": 1,
        "perfect": perfect,
        "guarded": bool(said.keep),
        "changed": outcome.changed,
        "corrected": text in segment.references,
        "better": outcome.improved,
        "worse": outcome.deteriorated,
        "over_edited": outcome.changed and perfect,
        "violations": bool(lost_strings(said.keep, segment.mt, text)),
    }
    return {name: int(count) for name, count in found.items()}


def measured(segments: Iterator[Segment], answers: Iterator[Answer], nothing: Iterator[Answer]) -> Iterator[Measured]:
    """The segments with their answers side by side; ValueError where the three don't belong together."""
    for segment, answer, base in zip(segments, answers, nothing, strict=True):
        if not segment.position == answer.position == base.position:
            raise ValueError(f"segment {segment.position} stands beside answers to {answer.position}, {base.position}")
        yield segment, answer, base
