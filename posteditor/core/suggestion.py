"""What a rewriter proposes: a suggestion, made of edits (hunks) that point into the mt."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Edit:
    """One replaced span of the mt. An insertion has ``start == end``, a deletion an empty replacement."""

    start: int
    """Offset of the first replaced code point."""
    end: int
    """Offset after the last replaced code point."""
    replacement: str
    category: str = ""
    """A word or two for the person, such as "article" or "word order"; empty when unknown."""
    confidence: float = 1.0
    """0-1; how likely the rewriter thinks the edit is right."""
    sources: tuple[str, ...] = ()
    """Of an ensemble's edit: the rewriters that proposed it, surest first; empty for any other."""

    def to_json(self) -> dict[str, Any]:
        """The edit as plain JSON values; ``from_json`` reads it back."""
        value: dict[str, Any] = {
            "start": self.start,
            "end": self.end,
            "replacement": self.replacement,
            "category": self.category,
            "confidence": round(self.confidence, 4),
        }
        if self.sources:
            value["sources"] = list(self.sources)
        return value

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Edit":
        """An edit from what ``to_json`` gave."""
        return cls(
            int(value["start"]),
            int(value["end"]),
            str(value["replacement"]),
            str(value.get("category", "")),
            float(value.get("confidence", 1.0)),
            tuple(str(name) for name in value.get("sources", ())),
        )


@dataclass(frozen=True, slots=True)
class RefusedEdit:
    """An edit that the gate withdrew, with the name of the rule that did."""

    edit: Edit
    reason: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A rewriter's proposal for one segment; ``text`` is always ``apply_edits(mt, edits)``."""

    text: str
    edits: tuple[Edit, ...]
    """Sorted, not overlapping."""
    rewriter: str
    confidence: float = 1.0
    """0-1: that of the least certain edit; 1 when there is none."""
    seconds: float = 0.0
    refused: tuple[RefusedEdit, ...] = ()
    """What the gate withdrew; those edits are not in ``edits`` nor in ``text``."""
    error: str = ""
    """Why the rewriter gave nothing for this segment; ``text`` is then the mt."""

    @property
    def refusal(self) -> str:
        """The gate's reasons joined by "; ", empty when everything was let through."""
        return "; ".join(dict.fromkeys(refused.reason for refused in self.refused))

    def to_json(self) -> dict[str, Any]:
        """The suggestion as plain JSON values; ``from_json`` reads it back."""
        return {
            "text": self.text,
            "edits": [edit.to_json() for edit in self.edits],
            "rewriter": self.rewriter,
            "confidence": round(self.confidence, 4),
            "seconds": round(self.seconds, 4),
            "refused": [{"edit": item.edit.to_json(), "reason": item.reason} for item in self.refused],
            "error": self.error,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Suggestion":
        """A suggestion from what ``to_json`` gave."""
        return cls(
            text=str(value["text"]),
            edits=tuple(Edit.from_json(edit) for edit in value["edits"]),
            rewriter=str(value["rewriter"]),
            confidence=float(value.get("confidence", 1.0)),
            seconds=float(value.get("seconds", 0.0)),
            refused=tuple(
                RefusedEdit(Edit.from_json(item["edit"]), str(item["reason"])) for item in value.get("refused", ())
            ),
            error=str(value.get("error", "")),
        )


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """``text`` with all edits made.

    Raises:
        ValueError: Edits overlap, are out of order or reach outside the text.
    """
    parts: list[str] = []
    done = 0
    for edit in edits:
        if not done <= edit.start <= edit.end <= len(text):
            raise ValueError(f"edit {edit.start}-{edit.end} overlaps, is out of order or outside 0-{len(text)}")
        parts += (text[done : edit.start], edit.replacement)
        done = edit.end
    parts.append(text[done:])
    return "".join(parts)


def suggestion_from_edits(
    mt: str, edits: Sequence[Edit], rewriter: str, *, seconds: float = 0.0, refused: tuple[RefusedEdit, ...] = ()
) -> Suggestion:
    """The suggestion that makes exactly these edits; its confidence is that of the least certain one."""
    return Suggestion(
        text=apply_edits(mt, edits),
        edits=tuple(edits),
        rewriter=rewriter,
        confidence=min((edit.confidence for edit in edits), default=1.0),
        seconds=seconds,
        refused=refused,
    )
