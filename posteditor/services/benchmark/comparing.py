"""Two rewriters on the test sets they have in common: what differs, by how much, and whether it may be chance."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from posteditor.core.score import Score
from posteditor.scoring.intervals import DEFAULT_RESAMPLES, DEFAULT_SEED, StatisticsTable
from posteditor.scoring.metrics import Metric
from posteditor.scoring.significance import approximate_randomisation, paired_bootstrap
from posteditor.services.benchmark.cell_numbers import CellNumbers, read_numbers
from posteditor.services.benchmark.json_values import to_json
from posteditor.services.benchmark.kept_segments import KeptSegments
from posteditor.services.benchmark.number_cache import quick_numbers
from posteditor.services.benchmark.options import DEFAULT_TRIALS
from posteditor.services.benchmark.pairing import Pairing, SetPair
from posteditor.services.benchmark.segment_differences import (
    Kind,
    SegmentDifference,
    SegmentDifferences,
    SegmentTexts,
    gained_and_lost,
)

Progress = Callable[[int, int, str], None]
"""Told how many answers are read, of how many, and what is being done."""


@dataclass(frozen=True, slots=True)
class CompareOptions:
    """What the person asked for."""

    segments: int = 0
    """How many of the segments that gained most, and of those that lost most."""
    resamples: int = DEFAULT_RESAMPLES
    """Of the paired bootstrap; 0 for no such p-values."""
    trials: int = DEFAULT_TRIALS
    """Of approximate randomisation; 0 for no such p-values."""
    seed: int = DEFAULT_SEED


@dataclass(frozen=True, slots=True)
class MetricDifference:
    """One metric on both sides."""

    metric: str
    """Its name in the registry."""
    a: Score
    b: Score
    difference: float
    """B's score less A's; whether more is better is the metric's affair."""
    bootstrap_p: float | None
    """Of the paired bootstrap, two-sided; None for equal scores, for fewer than 2 segments or if not asked for."""
    randomisation_p: float | None
    """Of approximate randomisation, likewise."""

    @property
    def better(self) -> str:
        """ "A" or "B"; empty where the scores are equal."""
        if not self.difference:
            return ""
        return "B" if (self.difference > 0) == self.a.higher_is_better else "A"


@dataclass(frozen=True, slots=True)
class Shown:
    """A segment that gained or lost much."""

    difference: SegmentDifference
    texts: SegmentTexts


@dataclass(frozen=True, slots=True)
class SetComparison:
    """Both sides on one test set."""

    name: str
    sha256: str
    """Of all texts."""
    segments: int
    """Those with references, the others are not compared."""
    revision_a: str
    """Of A's weights."""
    revision_b: str
    metrics: tuple[MetricDifference, ...]
    better: int
    """Segments where B's cased sentence TER is lower than A's."""
    worse: int
    """Segments where it is higher."""
    equal: int
    """Segments where it is the same."""
    texts_differ: int
    """Segments of which the two made different texts."""
    gained: tuple[Shown, ...]
    """As many as were asked for, the largest gains of B first."""
    lost: tuple[Shown, ...]
    """The same for its losses."""


@dataclass(frozen=True, slots=True)
class SideName:
    """A side as it was found."""

    run: str
    """The run's folder."""
    rewriter: str
    """SPEC; "none" for do-nothing."""
    threshold: str
    """show or apply."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything there is to say."""

    a: SideName
    b: SideName
    notes: tuple[str, ...]
    """Sentences on what else differs, and what was left out."""
    resamples: int
    trials: int
    seed: int
    sets: tuple[SetComparison, ...]

    def to_json(self) -> dict[str, Any]:
        """Everything as plain JSON values, which side is better among them."""
        value: dict[str, Any] = to_json(self)
        for one, plain in zip(self.sets, value["sets"], strict=True):
            for metric, entry in zip(one.metrics, plain["metrics"], strict=True):
                entry["better"] = metric.better
                entry["a"], entry["b"] = metric.a.to_json(), metric.b.to_json()
            for name, shown in (("gained", one.gained), ("lost", one.lost)):
                plain[name] = [_shown_to_json(each) for each in shown]
        return value


def compare(
    pairing: Pairing, options: CompareOptions, *, on_progress: Progress = lambda done, total, stage: None
) -> Comparison:
    """Compare B with A on every test set that they have in common.

    Args:
        pairing: The two.
        options: What is wanted.
        on_progress: Told how far the reading has come.

    Raises:
        CorpusError: A run folder is damaged.
    """
    return Comparison(
        a=_name(pairing, "a"),
        b=_name(pairing, "b"),
        notes=pairing.notes,
        resamples=options.resamples,
        trials=options.trials,
        seed=options.seed,
        sets=tuple(_compare_set(pairing, pair, options, on_progress) for pair in pairing.sets),
    )


def read_differences(
    pairing: Pairing, pair: SetPair, *, on_progress: Progress = lambda done, total, stage: None
) -> SegmentDifferences:
    """The segments of one test set, without the numbers that only whole corpora need.

    Args:
        pairing: The two.
        pair: One of its test sets.
        on_progress: Told how far it has come; what it raises ends the reading.

    Raises:
        CorpusError: A run folder is damaged.
    """
    return _read(pairing, pair, (pair.deciding,), on_progress)[0]


def _read(
    pairing: Pairing, pair: SetPair, wanted: Sequence[int], on_progress: Progress
) -> tuple[SegmentDifferences, CellNumbers, CellNumbers]:
    """The segments, and the numbers of both sides for the wanted ones of the metrics."""
    done = 0
    files = pairing.cells(pair)
    total = pair.a.scored * len(set(files))

    def tell(count: int) -> None:
        nonlocal done
        done += count
        on_progress(done, total, pair.name)

    deciding = pair.metrics[pair.deciding]
    nothing = quick_numbers(files[0], deciding.width, pair.places_a[pair.deciding], on_progress=tell)
    sides = []
    for file, places in zip(files[1:], (pair.places_a, pair.places_b), strict=True):
        if len(wanted) > 1:
            widths = [pair.metrics[place].width for place in wanted]
            sides.append(read_numbers(file, widths, [places[place] for place in wanted], on_progress=tell))
        elif file == files[0]:
            sides.append(nothing)
        else:
            sides.append(quick_numbers(file, deciding.width, places[pair.deciding], on_progress=tell))
    a, b = sides
    segments = KeptSegments(pairing.kept_file(pair))
    found = SegmentDifferences(segments, nothing, a, b, deciding, wanted.index(pair.deciding))
    return found, a, b


def _compare_set(pairing: Pairing, pair: SetPair, options: CompareOptions, on_progress: Progress) -> SetComparison:
    found, a, b = _read(pairing, pair, range(len(pair.metrics)), on_progress)
    gained, lost = gained_and_lost(found, options.segments)
    references = _reference_count(KeptSegments(pairing.kept_file(pair)))
    better, worse = found.count(Kind.IMPROVED), found.count(Kind.DETERIORATED)
    return SetComparison(
        name=pair.name,
        sha256=pair.a.sha256,
        segments=len(found),
        revision_a=a.revision,
        revision_b=b.revision,
        metrics=tuple(
            _of_metric(metric, table_a, table_b, references, options)
            for metric, table_a, table_b in zip(pair.metrics, a.tables, b.tables, strict=True)
        ),
        better=better,
        worse=worse,
        equal=len(found) - better - worse,
        texts_differ=found.count(Kind.CHANGED),
        gained=tuple(Shown(found.difference(index), found.texts(index)) for index in gained),
        lost=tuple(Shown(found.difference(index), found.texts(index)) for index in lost),
    )


def _of_metric(
    metric: Metric, a: StatisticsTable, b: StatisticsTable, references: int | None, options: CompareOptions
) -> MetricDifference:
    score_a, score_b = (metric.corpus_score(table.exact_rows().sum(0).tolist(), references) for table in (a, b))
    difference = score_b.value - score_a.value
    bootstrap_p = randomisation_p = None
    if difference and len(a) > 1:  # of equal scores a test says nothing, and one segment can't be resampled
        if options.resamples:
            (tested,) = paired_bootstrap(metric, a, [b], resamples=options.resamples, seed=options.seed)
            bootstrap_p = tested.p_value
        if options.trials:
            (tested,) = approximate_randomisation(metric, a, [b], trials=options.trials, seed=options.seed)
            randomisation_p = tested.p_value
    return MetricDifference(metric.name, score_a, score_b, difference, bootstrap_p, randomisation_p)


def _reference_count(segments: KeptSegments) -> int | None:
    """References per segment, of those that have any; None where segments differ."""
    counts = {len(segment.references) for segment in segments} - {0}
    return counts.pop() if len(counts) == 1 else None


def _name(pairing: Pairing, which: str) -> SideName:
    side = pairing.a if which == "a" else pairing.b
    return SideName(str(side.run.path), side.rewriter, str(side.run.settings.get("threshold", "")))


def _shown_to_json(one: Shown) -> dict[str, Any]:
    segment = one.texts.segment
    value: dict[str, Any] = to_json(one.difference)
    return value | {
        "source": segment.source,
        "mt": segment.mt,
        "references": list(segment.references),
        "suggestion_a": one.texts.a.to_json(),
        "suggestion_b": one.texts.b.to_json(),
    }
