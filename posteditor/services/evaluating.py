"""Scoring a file against its references: what the mt is worth as it came in, and what the work on it is worth.

Segments stream through and only numbers are kept: the totals, and the statistics that the intervals are drawn from.
sacrebleu is loaded when the first segment is scored.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from posteditor.core.inline_tags import with_plain_texts
from posteditor.core.score import Score
from posteditor.core.segment import Segment
from posteditor.errors import ScoringError
from posteditor.scoring.effort import EditRate, add_up, character_edit_rate, hter, word_edit_rate
from posteditor.scoring.intervals import DEFAULT_RESAMPLES, DEFAULT_SEED, StatisticsTable, score_with_interval
from posteditor.scoring.metrics import DEFAULT_METRICS, Metric, Statistics, create_metrics
from posteditor.scoring.running import RunningCorpus

if TYPE_CHECKING:
    from posteditor.formats.options import ReadOptions

MT = "mt"
"""Name of the row that scores the mt: doing nothing."""
TARGET = "target"
"""Name of the row that scores the work so far: the target, or the mt where there is none."""

_PROGRESS_EVERY = 100  # segments
_TOKENIZED_LINES = 100  # sacrebleu warns from this many on


@dataclass(frozen=True, slots=True)
class ScoreOptions:
    """What to compute."""

    metrics: Sequence[str] = DEFAULT_METRICS
    """Names in the registry."""
    target_lang: str | None = None
    """BCP 47; None when unknown, which matters for Chinese, Japanese and Korean only."""
    resamples: int = DEFAULT_RESAMPLES
    """Bootstrap resamples of the intervals; 0 for no intervals."""
    seed: int = DEFAULT_SEED
    reference_kind: Literal["post-edit", "independent"] | None = None
    """Whether the references correct this very mt, so that its TER is HTER; None when nobody said."""


@dataclass(frozen=True, slots=True)
class SegmentScores:
    """Sentence scores of one segment: by row ("mt", and "target" where there is one), then by metric name."""

    segment: Segment
    scores: Mapping[str, Mapping[str, Score]]

    def to_json(self) -> dict[str, Any]:
        """Position, line, id and scores as plain JSON values, without the texts."""
        return {
            "position": self.segment.position,
            "line": self.segment.line,
            "id": self.segment.id,
            "scores": _scores_to_json(self.scores),
        }


@dataclass(frozen=True, slots=True)
class Effort:
    """What lies between the mt and the target, over all segments that have a target, references or not."""

    segments: int
    changed: int
    """Those whose target is another text than the mt."""
    word_edit_rate: float
    """Word edits per 100 words of the target; a moved word is two."""
    character_edit_rate: float
    """Characters likewise."""
    hter: float
    """TER of the mt against its own target, case-insensitive; a moved phrase is one edit."""


@dataclass(frozen=True, slots=True)
class FileScores:
    """Corpus scores of a file."""

    segments: int
    """All segments of the file."""
    scored: int
    """Those that have references; the others are left out of every score."""
    with_target: int
    """Scored segments that have a target; while it is 0 there is no row for the target."""
    scores: Mapping[str, Mapping[str, Score]]
    """By row ("mt", "target"), then by metric name."""
    reference_kind: str | None = None
    """As in the options."""
    effort: Effort | None = None
    """None where no segment has a target."""
    warnings: tuple[str, ...] = ()
    """Sentences for the person."""
    skipped: int = 0
    """Bad records that were passed over on request; they are in none of the other counts."""

    def to_json(self) -> dict[str, Any]:
        """Everything as plain JSON values: the content of the command's envelope."""
        return {
            "segments": self.segments,
            "scored": self.scored,
            "with_target": self.with_target,
            "skipped": self.skipped,
            "scores": _scores_to_json(self.scores),
            "reference_kind": self.reference_kind,
            "effort": None if self.effort is None else asdict(self.effort),
            "warnings": list(self.warnings),
        }


def score_file(
    paths: Sequence[Path],
    read_options: "ReadOptions",
    options: ScoreOptions | None = None,
    *,
    references: Sequence[Path] = (),
    on_segment: Callable[[SegmentScores], None] | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> FileScores:
    """The scores of a file, or of several parallel files, in memory that does not grow with its texts.

    Args:
        paths: As for ``open_segments``.
        read_options: How to read them.
        options: What to compute; the default metrics when None.
        references: Files with one reference per segment, beside those in the file itself.
        on_segment: Gets the sentence scores of each segment that has references, in order.
        on_progress: Gets the number of segments read so far, now and then.

    Raises:
        CorpusError: A file can't be read.
        AlignmentError: A references file has another number of lines than the file has segments.
        ScoringError: No segment has references, or a metric can't be had.
    """
    from posteditor.formats.detection import TAGGED
    from posteditor.formats.reading import open_segments  # the formats are of no use to who only wants the types

    with open_segments(paths, read_options, references=references) as segments:
        has_tags = segments.format in TAGGED
        read = map(with_plain_texts, segments) if has_tags else segments
        scores = score_segments(read, options, on_segment=on_segment, on_progress=on_progress)
        return replace(scores, skipped=segments.skipped_count)


def score_segments(
    segments: Iterable[Segment],
    options: ScoreOptions | None = None,
    *,
    on_segment: Callable[[SegmentScores], None] | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> FileScores:
    """The scores of a stream of segments; arguments and errors as for ``score_file``."""
    options = options or ScoreOptions()
    evaluation = _Evaluation(create_metrics(options.metrics, options.target_lang), on_segment)
    for number, segment in enumerate(segments, 1):
        evaluation.add(segment)
        if on_progress is not None and not number % _PROGRESS_EVERY:
            on_progress(number)
    return evaluation.result(options)


class _Row:
    """The running totals of every metric for one kind of text."""

    def __init__(self, corpora: list[RunningCorpus], tables: list[StatisticsTable]) -> None:
        self._corpora = corpora
        self._tables = tables

    @classmethod
    def empty(cls, metrics: Sequence[Metric]) -> "_Row":
        return cls([RunningCorpus(metric) for metric in metrics], [StatisticsTable(metric.width) for metric in metrics])

    def copy(self) -> "_Row":
        return _Row([corpus.copy() for corpus in self._corpora], [table.copy() for table in self._tables])

    def add(self, statistics: Sequence[Statistics], reference_count: int) -> None:
        for corpus, table, numbers in zip(self._corpora, self._tables, statistics, strict=True):
            corpus.add(numbers, reference_count)
            table.append(numbers)

    def scores(self, resamples: int, seed: int) -> dict[str, Score]:
        found = {}
        for corpus, table in zip(self._corpora, self._tables, strict=True):
            score = score_with_interval(corpus, table, resamples=resamples, seed=seed)
            if score is not None:
                found[corpus.metric.name] = score
        return found


class _Efforts:
    """What was edited so far."""

    def __init__(self) -> None:
        self._segments = self._changed = 0
        self._rates: tuple[EditRate, ...] = (EditRate(0, 0),) * 3

    def add(self, mt: str, target: str) -> None:
        self._segments += 1
        self._changed += mt != target
        new = (word_edit_rate(mt, target), character_edit_rate(mt, target), hter(mt, target))
        self._rates = tuple(add_up(pair) for pair in zip(self._rates, new, strict=True))

    def result(self) -> Effort | None:
        if not self._segments:
            return None
        return Effort(self._segments, self._changed, *(rate.value for rate in self._rates))


class _Evaluation:
    """What is known of a file after so many of its segments."""

    def __init__(self, metrics: Sequence[Metric], on_segment: Callable[[SegmentScores], None] | None) -> None:
        self._metrics = metrics
        self._on_segment = on_segment
        self._mt = _Row.empty(metrics)
        self._target: _Row | None = None  # the same as the mt's until the first target comes
        self._efforts = _Efforts()
        self._segments = self._scored = self._with_target = self._tokenized = 0

    def add(self, segment: Segment) -> None:
        self._segments += 1
        if segment.target is not None:
            self._efforts.add(segment.mt, segment.target)
        if not segment.references:
            return
        self._scored += 1
        self._tokenized += segment.text.endswith(" .")
        statistics = {MT: self._statistics(segment.mt, segment.references)}
        if segment.target is not None:
            self._with_target += 1
            self._target = self._target or self._mt.copy()
            statistics[TARGET] = (
                statistics[MT] if segment.target == segment.mt else self._statistics(segment.target, segment.references)
            )
        self._mt.add(statistics[MT], len(segment.references))
        if self._target is not None:
            self._target.add(statistics.get(TARGET, statistics[MT]), len(segment.references))
        if self._on_segment is not None:
            self._on_segment(SegmentScores(segment, self._sentence_scores(statistics, len(segment.references))))

    def _statistics(self, text: str, references: Sequence[str]) -> list[Statistics]:
        return [metric.statistics(text, references) for metric in self._metrics]

    def _sentence_scores(
        self, statistics: Mapping[str, Sequence[Statistics]], reference_count: int
    ) -> dict[str, dict[str, Score]]:
        return {
            row: {
                metric.name: metric.sentence_score(numbers, reference_count)
                for metric, numbers in zip(self._metrics, of_row, strict=True)
            }
            for row, of_row in statistics.items()
        }

    def result(self, options: ScoreOptions) -> FileScores:
        if not self._scored:
            raise ScoringError(
                f"none of the {self._segments} segments has a reference",
                hint="Give a references file with --references FILE, or a column named reference.",
            )
        rows = {MT: self._mt} | ({TARGET: self._target} if self._target else {})
        return FileScores(
            segments=self._segments,
            scored=self._scored,
            with_target=self._with_target,
            scores={name: row.scores(options.resamples, options.seed) for name, row in rows.items()},
            reference_kind=options.reference_kind,
            effort=self._efforts.result(),
            warnings=self._warnings(),
        )

    def _warnings(self) -> tuple[str, ...]:
        if self._tokenized < _TOKENIZED_LINES:
            return ()
        return (
            f"{self._tokenized} texts end in a tokenized period (' .'): the scores are meant for detokenized text, "
            "and BLEU of tokenized text can't be compared with other people's.",
        )


def _scores_to_json(scores: Mapping[str, Mapping[str, Score]]) -> dict[str, dict[str, Any]]:
    return {row: {name: score.to_json() for name, score in of_row.items()} for row, of_row in scores.items()}
