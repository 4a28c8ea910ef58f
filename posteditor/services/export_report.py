"""What an export or a conversion wrote, for the person and as JSON."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_TOLD = 5


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written."""

    path: Path
    format: str
    segments: int
    """In the file that was written."""
    changed: int
    """Those whose target is another than in the original; 0 for a file written anew."""
    spliced: bool
    """The original with new targets, every other byte as it was; False for a file written anew."""
    lost: dict[str, int] = field(default_factory=dict)
    """What the segments had and the file does not hold, such as "note", to the number of segments that had it."""
    skipped: int = 0
    """Bad records of the input that were passed over because that was asked for."""
    refused: tuple[tuple[int, str], ...] = ()
    """Positions that kept the target of the original, and why: theirs would have broken the file."""
    left_out: int = 0
    """Segments of the input that were not asked for, by their status or because they are no pair."""

    def to_json(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        return {
            "path": str(self.path),
            "format": self.format,
            "segments": self.segments,
            "changed": self.changed,
            "spliced": self.spliced,
            "lost": dict(self.lost),
            "skipped": self.skipped,
            "refused": [{"position": position, "reason": reason} for position, reason in self.refused],
            "left_out": self.left_out,
        }

    def summary(self) -> tuple[str, ...]:
        """What happened, as sentences for the person."""
        how = ""
        if self.spliced:
            how = f", {self.changed} with a new target" if self.changed else ", all as in the original"
        lines = [f"{self.segments} segments written to {self.path}{how}."]
        if self.left_out:
            lines.append(f"{self.left_out} segments were not asked for and left out.")
        if self.skipped:
            lines.append(f"{self.skipped} bad records were passed over.")
        for position, reason in self.refused[:_TOLD]:
            lines.append(f"Segment {position} keeps its old target: {reason}.")
        if len(self.refused) > _TOLD:
            lines.append(f"{len(self.refused) - _TOLD} more keep their old targets; --json lists them.")
        if self.lost:
            what = ", ".join(f"{name} ({count})" for name, count in self.lost.items())
            lines.append(f"The file does not hold these of the segments: {what}.")
        return tuple(lines)
