"""The properties by which we say in TMX what it has no place for, and what they make of a unit that is read again."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from posteditor.core.segment import Status

CREATION_TOOL = "posteditor"
"""What the header of a file of ours says."""

STATUS = "x-status"
"""The status. Where it stands, the segment is the target; else it is the mt, and nobody has worked on it."""
TARGET = "x-target"
"""``none``: there is a status, but no target, and the segment is the mt all the same."""
MT = "x-mt"
"""The mt, where the target is another."""
REFERENCE = "x-reference"
"""A reference; there may be several."""
REWRITER = "x-rewriter"
CONFIDENCE = "x-confidence"
"""0-1."""

NO_TARGET = "none"
_STATUSES: dict[str, Status] = {status.value: status for status in Status}


@dataclass(slots=True)
class Said:
    """What stands in a unit beside its texts."""

    note: str | None = None
    status: str | None = None
    """None where nothing, or no status of ours, is given."""
    mt: str | None = None
    has_target: bool = True
    references: list[str] = field(default_factory=list)


def read_notes(notes: Iterable[tuple[str, str]]) -> Said:
    """Sort what ``Unit.notes`` has; several notes are one with line breaks, properties of others are passed over."""
    said = Said()
    for kind, text in notes:
        if kind == "note":
            said.note = text if said.note is None else f"{said.note}\n{text}"
        elif kind == f"prop {STATUS}":
            said.status = text if text in _STATUSES else None
        elif kind == f"prop {MT}":
            said.mt = text
        elif kind == f"prop {TARGET}":
            said.has_target = text != NO_TARGET
        elif kind == f"prop {REFERENCE}":
            said.references.append(text)
    return said
