"""A segment inside its unit, in either version of XLIFF."""

from typing import NamedTuple

from posteditor.core.segment import Status
from posteditor.formats.xliff.inline import Coded, coded_source, coded_target
from posteditor.formats.xliff.markup import Element, attributes, content_text
from posteditor.formats.xliff.names import OURS


class Place(NamedTuple):
    """Where a segment lies in its unit."""

    key: str
    """Its own name in the unit; empty where it is the whole unit."""
    holder: Element
    """The ``<segment>`` of version 2; in version 1 the unit."""
    source: Element
    """The ``<source>``, or the ``<mrk>`` that is the segment."""
    target: Element | None
    """The ``<target>``, or the ``<mrk>`` in it."""
    status: Status
    """As the file's states say."""
    shares_status: bool = False
    """The status is that of the whole unit, which has several segments."""


class Reading(NamedTuple):
    """The cells of a segment."""

    key: str
    source: str
    mt: str
    target: str | None
    status: Status
    note: str


def reading(text: str, place: Place, notes: list[Element]) -> Reading:
    """The cells of a segment.

    Args:
        text: Of the unit.
        notes: Of the unit.
    """
    source = coded_source(text, place.source)
    note = note_text(text, notes, place.key) if notes else ""
    if place.target is None:
        return Reading(place.key, source.text, "", None, Status.NEW, note)
    mt = coded_target(text, place.target, source).text
    status = Status.NEW if place.shares_status and not mt else read_status(place.status, mt)
    return Reading(place.key, source.text, mt, None if status is Status.NEW else mt, status, note)


def notes_of(unit: Element, version: int) -> list[Element]:
    """The notes of a unit."""
    if version == 1:
        return [child for child in unit.children if child.name == "note"]
    holder = unit.child("notes")
    return [] if holder is None else [child for child in holder.children if child.name == "note"]


def read_status(status: Status, mt: str) -> Status:
    """The status of a segment with that text: of what is empty only a confirmed one means something."""
    return Status.NEW if not mt and status in (Status.DRAFT, Status.REJECTED) else status


def coded(text: str, place: Place) -> tuple[Coded, Coded | None]:
    """Source and target."""
    source = coded_source(text, place.source)
    return source, None if place.target is None else coded_target(text, place.target, source)


def note_text(text: str, notes: list[Element], key: str) -> str:
    """What the person wrote down about a segment, if that is there, else all the notes of others in the unit."""
    ours = own_note(text, notes, key)
    if ours is not None:
        return content_text(text, ours)
    return "\n".join(content_text(text, note) for note in notes if not _mark(text, note).startswith(OURS))


def own_note(text: str, notes: list[Element], key: str) -> Element | None:
    """The note about a segment that we have put in; None if there is none."""
    return next((note for note in notes if _mark(text, note) == note_mark(key)), None)


def note_mark(key: str) -> str:
    """What says that a note is ours, and about which segment: ``from`` in version 1, ``category`` in version 2."""
    return f"{OURS}:{key}" if key else OURS


def _mark(text: str, note: Element) -> str:
    found = attributes(text, note)
    return found.get("from") or found.get("category") or ""
