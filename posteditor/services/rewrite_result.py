"""What came of a rewriting run: counts over all segments, and the segments with errors."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from posteditor.core.suggestion import Suggestion
from posteditor.rewriters.gate import rule_of

_ERRORS_KEPT = 100
"""Errors listed one by one in the result; beyond that they are only counted."""
_ERRORS_TOLD = 10


@dataclass(frozen=True, slots=True)
class SegmentError:
    """A segment that the rewriter could do nothing with; its suggestion is the mt."""

    position: int
    """1-based place of the segment in the input."""
    message: str


@dataclass(slots=True)
class RewriteResult:
    """What came of a run, counted over the whole of OUT."""

    output: Path
    rewriter: str
    revision: str
    segments: int = 0
    changed: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    """Hunks that the gate withdrew, by rule."""
    failed: int = 0
    """Segments with an error."""
    errors: list[SegmentError] = field(default_factory=list)
    """The first hundred of them."""
    resumed: int = 0
    """Segments taken over from a run that was stopped."""
    discarded_other: bool = False
    """True when a stopped run on the same OUT was about something else and its work was thrown away."""
    seconds: float = 0.0
    """Of this run, loading the model included."""

    def to_json(self) -> dict[str, Any]:
        """The fields as plain JSON values."""
        return {
            "output": str(self.output),
            "rewriter": self.rewriter,
            "revision": self.revision,
            **self.counts(),
            "resumed": self.resumed,
            "discarded_other": self.discarded_other,
            "seconds": round(self.seconds, 3),
        }

    def counts(self) -> dict[str, Any]:
        """What was counted, as plain JSON values; ``restore`` takes it back."""
        return {
            "segments": self.segments,
            "changed": self.changed,
            "refused": dict(self.refused),
            "failed": self.failed,
            "errors": [{"position": error.position, "message": error.message} for error in self.errors],
        }

    def restore(self, counts: Mapping[str, Any]) -> None:
        """Go on counting where an earlier run was.

        Raises:
            KeyError, TypeError, ValueError: These are no counts.
        """
        self.segments, self.changed, self.failed = (int(counts[name]) for name in ("segments", "changed", "failed"))
        self.refused = Counter({str(rule): int(count) for rule, count in counts["refused"].items()})
        self.errors = [SegmentError(int(error["position"]), str(error["message"])) for error in counts["errors"]]

    def summary(self) -> list[str]:
        """The result as lines for a person."""
        lines = [f"{self.segments:,} segments in, {self.segments:,} out; {self.changed:,} changed by {self.rewriter}"]
        if self.resumed:
            lines.append(f"went on behind {self.resumed:,} segments of an earlier run")
        if self.discarded_other:
            lines.append("an earlier run for this output had another input, model or settings; it was started anew")
        if self.refused:
            counts = ", ".join(f"{rule} {count:,}" for rule, count in self.refused.most_common())
            lines.append(f"withdrawn by the gate: {counts}")
        lines += [f"segment {error.position}: {error.message}" for error in self.errors[:_ERRORS_TOLD]]
        if self.failed > _ERRORS_TOLD:
            lines.append(f"and {self.failed - _ERRORS_TOLD:,} more segments with errors; they were left as they were")
        lines.append(f"{self.output}: written in {self.seconds:,.1f} s")
        return lines

    def count(self, suggestion: Suggestion) -> None:
        """Take the next segment's suggestion into the counts."""
        self.segments += 1
        self.changed += bool(suggestion.edits)
        self.refused.update(rule_of(item.reason) for item in suggestion.refused)
        if suggestion.error:
            self.failed += 1
            if len(self.errors) < _ERRORS_KEPT:
                self.errors.append(SegmentError(self.segments, suggestion.error))
