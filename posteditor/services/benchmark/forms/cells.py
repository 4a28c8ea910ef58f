"""What the tables of all forms share: columns by name, which value is best, and how p-values are told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from posteditor.services.benchmark.report import NOTHING, Difference, Row, RunReport, SetReport

KINDS = {
    "post-edit": "references are post-edits of this mt, so that its TER is HTER",
    "independent": "references are independent of the mt",
}
UNKNOWN_KIND = "nobody said how the references came about"
SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Count:
    """A column of counts, rates and times."""

    name: str
    """Short and unique, such as ``changed``."""
    value: Callable[[Row], float | int | None]
    """None where a rewriter has no such value."""
    digits: int = 0


@dataclass(frozen=True, slots=True)
class Signature:
    """How a metric was computed on some of the test sets."""

    metric: str
    text: str
    sets: tuple[str, ...]
    """Names of the test sets that it holds for; empty where it holds for all."""


def _speed(name: str) -> Callable[[Row], float | int | None]:
    return lambda row: None if row.speed is None else getattr(row.speed, name)


COUNTS = (
    Count("segments", lambda row: row.segments),
    Count("changed", lambda row: row.changed),
    Count("improved", lambda row: row.improved),
    Count("deteriorated", lambda row: row.deteriorated),
    Count("unchanged", lambda row: row.unchanged),
    Count("precision", lambda row: row.precision, 1),
    Count("perfect", lambda row: row.perfect),
    Count("over_edited", lambda row: row.over_edited),
    Count("failed", lambda row: row.failed),
    Count("edits", lambda row: row.edits),
    Count("edits_per_100_words", lambda row: row.edits_per_100_words, 2),
    Count("gain_per_100_edited_words", lambda row: row.gain_per_100_edited_words, 2),
    Count("word_edit_rate", lambda row: row.word_edit_rate, 2),
    Count("character_edit_rate", lambda row: row.character_edit_rate, 2),
    Count("comet", lambda row: None if row.comet is None else row.comet.score.value, 2),
    Count("gain_to_edit", lambda row: None if row.comet is None else row.comet.gain_to_edit, 3),
    Count("refused", lambda row: sum(row.refused.values())),
    Count("seconds_to_load", _speed("seconds_to_load"), 2),
    Count("median_seconds", _speed("median_seconds"), 4),
    Count("percentile_95_seconds", _speed("percentile_95_seconds"), 4),
    Count("segments_per_second", _speed("segments_per_second"), 2),
    Count("words_per_second", _speed("words_per_second"), 1),
    Count("peak_memory_bytes", _speed("peak_memory_bytes")),
)
"""Every column that is no score."""


def name_of(spec: str) -> str:
    """A rewriter as people call it."""
    return "do-nothing" if spec == NOTHING else spec


def kind_of(one: SetReport) -> str:
    """How the references came about, in words."""
    return KINDS.get(one.reference_kind or "", UNKNOWN_KIND)


def best_rows(rows: Sequence[Row], metric: str) -> frozenset[int]:
    """The places of the rows with the best score as it is printed; none where all are alike."""
    shown = [f"{row.scores[metric].value:.2f}" for row in rows]
    if len(set(shown)) < 2:
        return frozenset()
    better = max if rows[0].scores[metric].higher_is_better else min
    best = better(shown, key=float)
    return frozenset(place for place, text in enumerate(shown) if text == best)


def signatures(report: RunReport) -> tuple[Signature, ...]:
    """All signatures, metric by metric: test sets differ in references and languages."""
    found: dict[tuple[str, str], list[str]] = {}
    for metric in report.metrics:
        for one in report.sets:
            for score in (row.scores[metric] for row in one.rows[:1]):
                found.setdefault((score.name, score.signature), []).append(one.name)
    scored = sum(1 for one in report.sets if one.rows)
    return tuple(
        Signature(metric, text, () if len(names) == scored else tuple(names)) for (metric, text), names in found.items()
    )


def difference_of(row: Row, metric: str, baseline: str) -> Difference | None:
    """The row's difference to a baseline; None to itself, or where it was not tested."""
    found = (one for one in row.differences if (one.metric, one.baseline) == (metric, baseline))
    return next(found, None)


def baselines_of(rows: Sequence[Row]) -> tuple[str, ...]:
    """The rewriters that others are compared with."""
    return tuple(dict.fromkeys(one.baseline for row in rows for one in row.differences))


def is_significant(difference: Difference) -> bool:
    """Whether every test that was made gives less than five in a hundred; false where none was made."""
    p_values = [one for one in (difference.bootstrap_p, difference.randomisation_p) if one is not None]
    return bool(p_values) and max(p_values) < SIGNIFICANT
