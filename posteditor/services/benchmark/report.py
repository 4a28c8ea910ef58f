"""What a benchmark says, as plain values: the content of ``report.json``, from which every other form is made.

Scores are on 0-100. A rewriter's text for a segment is its suggestion as the gate let it through, the mt where there is
none; do-nothing is the first row of every test set.
"""

from dataclasses import dataclass
from typing import Any

from posteditor.core.score import Score
from posteditor.services.benchmark.json_values import to_json

NOTHING = "none"
"""SPEC of do-nothing."""
DECIDING_METRIC = "ter-cased"
"""Says whether a segment improved: case counts, for putting it right is part of the work."""
REPORT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Difference:
    """A corpus score of one rewriter less that of another, and whether it may be chance."""

    metric: str
    """Its name in the registry."""
    baseline: str
    """SPEC of the other rewriter."""
    value: float
    """Score less score; whether more is better is the metric's affair."""
    bootstrap_p: float | None
    """Of the paired bootstrap, two-sided; None where it was not asked for."""
    randomisation_p: float | None
    """Of approximate randomisation, likewise."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """The segments of one kind."""

    label: str
    """Such as "11-20 words"."""
    segments: int
    changed: int
    improved: int
    deteriorated: int
    before: dict[str, float]
    """Corpus scores of the mt, by metric name; empty where there are no segments."""
    after: dict[str, float]
    """Corpus scores of the rewriter's texts."""


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """The edits of like confidence, each made alone in its mt."""

    low: float
    high: float
    """Confidences from ``low`` to below ``high``; 1 belongs to the last bin."""
    edits: int
    mean_confidence: float
    helped: int
    """Edits after which fewer word edits were left to the reference (cased TER)."""
    hurt: int
    """Edits after which more were left."""


@dataclass(frozen=True, slots=True)
class Category:
    """The segments of one category of a challenge set, counted."""

    name: str
    segments: int
    perfect: int
    """Segments whose mt equals a reference."""
    guarded: int
    """Segments with strings that must come through."""
    changed: int
    corrected: int
    """Segments whose text equals a reference in the end."""
    better: int
    worse: int
    over_edited: int
    """Perfect segments that were changed."""
    violations: int
    """Guarded segments in which a string was lost."""


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast a rewriter was on this machine."""

    seconds_to_load: float
    """From SPEC to ready; the libraries' own loading counts for the first model of a process."""
    median_seconds: float
    """A segment asked for alone; of a sample of the test set."""
    percentile_95_seconds: float
    timed_segments: int
    """In the sample."""
    segments_per_second: float
    """In batches, gate included, scoring not."""
    words_per_second: float
    """Likewise, words of the mt."""
    peak_memory_bytes: int | None
    """Of the process, from before the model was loaded to the end; None where the system does not tell."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A segment that a rewriter gave up on; it counts as left alone."""

    position: int
    id: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class CometRow:
    """What COMET says of one rewriter on one test set."""

    score: Score
    """On 0-100, with its interval."""
    segments: int
    """That were scored: those with a reference and a source."""
    differences: tuple[Difference, ...]
    """To do-nothing, and to the first model where this is another one."""
    gain_to_edit: float | None
    """Points gained over do-nothing for each edit to every 100 words; None where nothing was edited."""
    gain_per_100_edited_words: float | None
    """Points gained over do-nothing, those of all segments added up, per 100 edited words; None likewise."""


@dataclass(frozen=True, slots=True)
class Row:
    """One rewriter on one test set. Counts are of segments that have a reference, unless they say otherwise."""

    rewriter: str
    """Its SPEC; "none" for do-nothing."""
    revision: str
    """Changes with the weights."""
    segments: int
    changed: int
    improved: int
    """Changed segments whose cased sentence TER fell."""
    deteriorated: int
    """Changed segments whose cased sentence TER rose; the other changed ones stayed as good as they were."""
    perfect: int
    """Segments whose mt equals a reference, so that nothing was to be done."""
    over_edited: int
    """Perfect segments that were changed."""
    failures: tuple[Failure, ...]
    """At most a hundred of them."""
    failed: int
    edits: int
    """Hunks that were made."""
    edited_words: int
    """Words inserted, deleted or replaced between mt and text."""
    words: int
    """Of the mt."""
    word_edit_rate: float
    """Word edits still to be made from text to nearest reference, per 100 words of the reference."""
    character_edit_rate: float
    """The same in characters."""
    gain_per_100_edited_words: float | None
    """Word edits to the reference saved (cased TER, shifts count one) per 100 edited words; None without any."""
    refused: dict[str, int]
    """Hunks that the gate withdrew, by rule, the most frequent first."""
    scores: dict[str, Score]
    """Corpus scores by metric name."""
    differences: tuple[Difference, ...]
    """To do-nothing, and to the first model where this is another one."""
    by_length: tuple[Bucket, ...]
    """By words of the mt."""
    by_quality: tuple[Bucket, ...]
    """By the mt's own cased sentence TER."""
    calibration: tuple[CalibrationBin, ...]
    """Bins with edits only."""
    categories: tuple[Category, ...]
    """Of a challenge set, in the order of the file; empty for other test sets."""
    speed: Speed | None
    """None for do-nothing."""
    comet: CometRow | None = None
    """None where COMET was not asked for, or no segment has a source."""

    @property
    def unchanged(self) -> int:
        """Segments left alone, or changed to no effect on their TER."""
        return self.segments - self.improved - self.deteriorated

    @property
    def precision(self) -> float | None:
        """The share of changed segments that improved, 0-100; None where nothing was changed."""
        return 100 * self.improved / self.changed if self.changed else None

    @property
    def edits_per_100_words(self) -> float:
        """Words edited per 100 words of the mt."""
        return 100 * self.edited_words / self.words if self.words else 0.0


@dataclass(frozen=True, slots=True)
class SetReport:
    """All rewriters on one test set."""

    name: str
    path: str
    system: str
    """The MT system; empty where there is only one."""
    reference_kind: str | None
    """"post-edit": of this very mt, so that its TER is HTER; "independent"; None when nobody said."""
    source_lang: str | None
    target_lang: str | None
    sha256: str
    """Of all texts: equal for two runs over the same data."""
    segments: int
    scored: int
    """Those that have a reference; no rewriter is asked about the others."""
    references: int
    """Of the segment that has most."""
    warnings: tuple[str, ...]
    """Sentences for the person."""
    rows: tuple[Row, ...]
    """Do-nothing first."""


@dataclass(frozen=True, slots=True)
class RunReport:
    """A whole run."""

    version: int
    """Of this layout."""
    posteditor: str
    threshold: str
    """show or apply."""
    gate_off: tuple[str, ...]
    metrics: tuple[str, ...]
    """Names in the registry, in the order of the columns."""
    resamples: int
    trials: int
    seed: int
    environment: dict[str, str]
    """Versions and hardware, by name."""
    sets: tuple[SetReport, ...]

    def to_json(self) -> dict[str, Any]:
        """Everything as plain JSON values, the derived numbers among them; ``json_values.from_json`` reads it back."""
        value: dict[str, Any] = to_json(self)
        for one, plain in zip(self.sets, value["sets"], strict=True):
            for row, entry in zip(one.rows, plain["rows"], strict=True):
                entry["unchanged"] = row.unchanged
                entry["precision"] = row.precision
                entry["edits_per_100_words"] = row.edits_per_100_words
        return value
