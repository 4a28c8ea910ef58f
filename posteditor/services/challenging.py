"""What a rewriter does to a challenge set, category by category.

Everything goes through the gate, as it does in the editor and in batches. Better and worse are told by sentence TER,
case-sensitive, against the nearest reference.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from itertools import islice
from pathlib import Path
from typing import Any

from posteditor.core.segment import Segment
from posteditor.core.suggestion import Suggestion
from posteditor.rewriters.gate import Gate, rule_of
from posteditor.rewriters.protocol import Rewriter
from posteditor.rewriters.running import suggest
from posteditor.rewriters.specs import Threshold, load_rewriter
from posteditor.scoring.metrics import Metric, create_metric
from posteditor.services.challenge_set import ChallengeItem, read_challenge

ALL = "all"
"""The category of the sums."""
CHALLENGE_METRIC = "ter-cased"
_BATCH = 16


@dataclass(frozen=True, slots=True)
class CategoryCounts:
    """The segments of one category, counted."""

    segments: int = 0
    perfect: int = 0
    """Segments whose mt equals a reference: whatever is done to them is one edit too many."""
    guarded: int = 0
    """Segments with strings that must come through."""
    changed: int = 0
    corrected: int = 0
    """Segments whose text equals a reference in the end; perfect ones that were left alone count as well."""
    better: int = 0
    worse: int = 0
    over_edited: int = 0
    """Perfect segments that were changed."""
    violations: int = 0
    """Guarded segments in which a string was lost."""
    failed: int = 0
    """Segments that the rewriter gave up on; their text is the mt."""


@dataclass(frozen=True, slots=True)
class ChallengeReport:
    """What one rewriter does to a challenge set."""

    rewriter: str
    """Its SPEC; "none" for do-nothing."""
    threshold: Threshold
    categories: Mapping[str, CategoryCounts] = field(default_factory=dict)
    """In the order of the file."""
    refused: Mapping[str, int] = field(default_factory=dict)
    """Hunks that the gate withdrew, by rule, the most frequent first."""

    @property
    def total(self) -> CategoryCounts:
        """The sums over all categories."""
        names = [one.name for one in fields(CategoryCounts)]
        return CategoryCounts(*(sum(getattr(counts, name) for counts in self.categories.values()) for name in names))

    def to_json(self) -> dict[str, Any]:
        """The counts as plain JSON values, the sums under "all"."""
        return {
            "rewriter": self.rewriter,
            "threshold": self.threshold,
            "metric": CHALLENGE_METRIC,
            "categories": {name: asdict(counts) for name, counts in self.categories.items()},
            ALL: asdict(self.total),
            "refused": dict(self.refused),
        }


def challenge(path: Path, spec: str, *, threshold: Threshold = "apply") -> ChallengeReport:
    """Load a rewriter and run it over a challenge set.

    Args:
        path: A challenge set.
        spec: A rewriter SPEC; "none" for do-nothing.
        threshold: How sure the rewriter has to be of an edit.

    Raises:
        CorpusError: The file can't be read or is no challenge set.
        ModelError: The rewriter can't be loaded.
    """
    items = read_challenge(path)
    rewriter = load_rewriter(spec, threshold=threshold)
    try:
        return run_challenge(items, rewriter, threshold)
    finally:
        rewriter.close()


def run_challenge(
    items: Sequence[ChallengeItem],
    rewriter: Rewriter,
    threshold: Threshold,
    *,
    gate_off: Collection[str] = (),
    on_progress: Callable[[int], None] | None = None,
) -> ChallengeReport:
    """The report of a loaded rewriter, which stays open.

    Args:
        items: The challenge set.
        rewriter: Loaded with ``threshold``.
        threshold: How sure it has to be of an edit.
        gate_off: Rules of the gate that are switched off.
        on_progress: Told how many items are done.
    """
    metric = create_metric(CHALLENGE_METRIC)
    counts: dict[str, Counter[str]] = {}
    refused: Counter[str] = Counter()
    for done, (item, suggestion) in enumerate(_suggestions(items, rewriter, Gate(off=gate_off)), 1):
        refused.update(rule_of(each.reason) for each in suggestion.refused)
        counts.setdefault(item.category, Counter()).update(_judged(item, suggestion, metric))
        if on_progress is not None:
            on_progress(done)
    categories = {name: CategoryCounts(**found) for name, found in counts.items()}
    return ChallengeReport(rewriter.name, threshold, categories, dict(refused.most_common()))


def lost_strings(keep: Sequence[str], before: str, after: str) -> tuple[str, ...]:
    """Those of ``keep`` that occur less often in ``after`` than in ``before``.

    Part of a longer word or number is no occurrence: "not" is not in "nothing", nor "14" in "140" or "14.5".
    """
    return tuple(text for text in keep if _occurrences(text, after) < _occurrences(text, before))


def _occurrences(text: str, within: str) -> int:
    ahead = r"(?<!\w)(?<!\d[.,])" if text[0].isalnum() else ""
    behind = r"(?!\w)(?![.,]\d)" if text[-1].isalnum() else ""
    return len(re.findall(ahead + re.escape(text) + behind, within))


def _suggestions(
    items: Sequence[ChallengeItem], rewriter: Rewriter, gate: Gate
) -> Iterator[tuple[ChallengeItem, Suggestion]]:
    rest = iter(items)
    while batch := list(islice(rest, _BATCH)):
        yield from zip(batch, suggest(rewriter, [item.segment for item in batch], gate), strict=True)


def _judged(item: ChallengeItem, suggestion: Suggestion, metric: Metric) -> dict[str, int]:
    """What one segment adds to the counts of its category, by their names."""
    segment, text = item.segment, suggestion.text
    changed = text != segment.mt
    perfect = segment.mt in segment.references
    before, after = _distance(segment.mt, segment, metric), _distance(text, segment, metric)
    found: dict[str, int] = {
        "segments": 1,
        "perfect": perfect,
        "guarded": bool(item.keep),
        "changed": changed,
        "corrected": text in segment.references,
        "better": after < before,
        "worse": after > before,
        "over_edited": changed and perfect,
        "violations": bool(lost_strings(item.keep, segment.mt, text)),
        "failed": bool(suggestion.error),
    }
    return {name: int(count) for name, count in found.items()}


def _distance(text: str, segment: Segment, metric: Metric) -> float:
    """Sentence TER against the nearest reference, 0 for one that equals it."""
    return min(metric.sentence_score(metric.statistics(text, [one])).value for one in segment.references)
