"""What was done in a project, as changes to the file it was made from."""

from collections.abc import Iterator
from dataclasses import replace
from heapq import merge
from itertools import groupby

from posteditor.core.segment import Segment, Status
from posteditor.formats.records import Change
from posteditor.store.project import Project
from posteditor.store.provenance import ProvenanceReader


def changes_of(project: Project, *, provenance: bool = False) -> Iterator[Change]:
    """The segments whose target or status is another than at import, ascending by position.

    Args:
        provenance: Say where each target comes from.
    """
    reader = ProvenanceReader(project.database) if provenance else None
    events = merge(
        ((position, "target", text) for position, text in project.segments.changed_targets()),
        ((position, "status", status) for position, status in project.segments.changed_statuses()),
    )
    for position, found in groupby(events, key=lambda event: event[0]):
        values = {what: value for _, what, value in found}
        status = Status(values["status"]) if "status" in values else None
        yield Change(
            position,
            values.get("target"),
            status,
            _note(project, position) if status is Status.REJECTED else None,
            reader.of(position) if reader is not None else None,
        )


def with_provenance(project: Project, segments: Iterator[Segment]) -> Iterator[Segment]:
    """The segments of a project, each with where its target comes from."""
    reader = ProvenanceReader(project.database)
    for segment in segments:
        found = reader.of(segment.position) if segment.status is not Status.NEW else None
        yield segment if found is None else replace(segment, provenance=found)


def _note(project: Project, position: int) -> str | None:
    segment = project.segments.load(position)
    return segment.note or None if segment is not None else None
