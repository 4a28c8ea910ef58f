"""A segment and its status.

The words of the project, used everywhere: a *segment* is one aligned unit with a *source* (may be absent), an *mt* (the
machine translation as it came in, never changed), a *target* (the human's text) and zero or more *references*.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Status(StrEnum):
    """How far the human's work on a segment has come."""

    NEW = "new"
    """Nobody has touched it."""
    DRAFT = "draft"
    """It has a target that nobody has vouched for."""
    CONFIRMED = "confirmed"
    REVIEWED = "reviewed"
    """Confirmed, and checked by a second person."""
    REJECTED = "rejected"
    """Declared unusable."""

    @property
    def is_open(self) -> bool:
        """True while the segment still waits for a decision."""
        return self in (Status.NEW, Status.DRAFT)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A segment before or after another one, as context for rewriters."""

    text: str
    """The target if there is one, else the mt."""
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the target of a segment comes from."""

    author: str = ""
    """Who vouched for it or typed it last; empty when unknown."""
    rewriter: str = ""
    """The SPEC of the rewriter whose suggestion was taken; empty when none was."""
    confidence: float | None = None
    """0-1: that of the suggestion."""
    time: str = ""
    """UTC, ISO 8601, of the last revision."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One unit of a file. Texts are plain strings exactly as the file holds them, control characters included."""

    position: int
    """1-based place in the file; the identity of a segment inside a project."""
    mt: str
    source: str | None = None
    """None when the file has no source, which is not the same as an empty one."""
    target: str | None = None
    """None when there is no target yet; an empty string is a target somebody emptied on purpose."""
    references: tuple[str, ...] = ()
    id: str | None = None
    """The file's own name for the segment, if it has one."""
    status: Status = Status.NEW
    note: str = ""
    line: int = 0
    """1-based line where the unit starts in its (first) file; 0 when it came from elsewhere."""
    before: tuple[Neighbour, ...] = field(default=(), compare=False)
    """A few segments before this one, in the order of the file; only for those who may want context."""
    after: tuple[Neighbour, ...] = field(default=(), compare=False)
    """A few segments after it, likewise."""
    provenance: Provenance | None = field(default=None, compare=False)
    """Only for those who export it."""

    @property
    def text(self) -> str:
        """The target if there is one, else the mt: what an export without further work would hold."""
        return self.mt if self.target is None else self.target
