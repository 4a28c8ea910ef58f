"""Reading segments as they are now: what was imported, with the human's work laid over it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from posteditor.core.segment import Segment, Status
from posteditor.store.connection import Database

# "text" is the target as it is now, NULL when there is none.
_CURRENT = """SELECT g.position, g.id, g.source, g.mt,
        CASE WHEN d.position IS NOT NULL THEN d.text WHEN s.position IS NOT NULL THEN s.text ELSE g.target END AS text,
        t.status, coalesce(s.note, g.note) AS note, g.line, g.target
    FROM segment g
    JOIN segment_status t ON t.position = g.position
    LEFT JOIN state s ON s.position = g.position
    LEFT JOIN draft d ON d.position = g.position"""


@dataclass(frozen=True, slots=True)
class Row:
    """What a list shows of one segment."""

    position: int
    id: str | None
    source: str | None
    mt: str
    target: str | None
    """None when there is no target yet."""
    suggestion_text: str | None
    """The best stored suggestion, which may equal the mt; None when none was made yet."""
    status: Status
    has_note: bool
    edited: bool
    """The target differs from what the file brought along (its target, else its mt)."""


class SegmentReader:
    """Reads of segments by position; positions that the project does not have are left out."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self) -> int:
        """How many segments the project has."""
        row = self._database.one("SELECT max(position) FROM segment")
        return (row and row[0]) or 0

    def load(self, position: int) -> Segment | None:
        """One segment with its current target, status, note and references."""
        row = self._database.one(f"{_CURRENT} WHERE g.position = ?", (position,))
        if row is None:
            return None
        references = self._database.execute(
            "SELECT text FROM reference WHERE position = ? ORDER BY number", (position,)
        )
        return _segment(row, tuple(text for (text,) in references))

    def rows(self, positions: Sequence[int]) -> list[Row]:
        """The rows of these positions in the order asked for."""
        marks = ",".join("?" * len(positions))
        found = self._database.execute(
            f"""SELECT c.*, (SELECT p.text FROM suggestion p WHERE p.position = c.position ORDER BY p.rank DESC LIMIT 1)
            FROM ({_CURRENT} WHERE g.position IN ({marks})) c""",
            positions,
        )
        by_position = {row[0]: _row(row) for row in found}
        return [by_position[position] for position in positions if position in by_position]

    def all(self, *, statuses: frozenset[Status] | None = None, start: int = 1) -> Iterator[Segment]:
        """All segments from ``start`` on in file order, as a stream; ``statuses`` None means every status."""
        first = start
        wanted = None if statuses is None else {status.value for status in statuses}
        while True:
            rows = self._database.execute(f"{_CURRENT} WHERE g.position >= ? ORDER BY g.position LIMIT 1000", (first,))
            if not rows:
                return
            references = self._references(first, rows[-1][0])
            for row in rows:
                if wanted is None or row[5] in wanted:
                    yield _segment(row, references.get(row[0], ()))
            first = rows[-1][0] + 1

    def columns(self) -> tuple[str, ...]:
        """The columns that a table of all segments needs: mt and target, and others where a segment has something."""
        one = self._database.one
        references = one("SELECT coalesce(max(number), -1) + 1 FROM reference")
        noted = one("SELECT 1 FROM segment WHERE note <> ''") or one("SELECT 1 FROM state WHERE note <> ''")
        decided = sum(count for status, count in self.counts().items() if not status.is_open)
        count = references[0] if references else 0
        optional = [
            ("id", one("SELECT 1 FROM segment WHERE id IS NOT NULL")),
            ("source", one("SELECT 1 FROM segment WHERE source IS NOT NULL")),
            ("mt", True),
            ("target", True),
            *((f"reference_{number}" if number > 1 else "reference", True) for number in range(1, count + 1)),
            ("status", decided),
            ("note", noted),
        ]
        return tuple(name for name, there in optional if there)

    def changed_targets(self) -> Iterator[tuple[int, str]]:
        """Position and target of the segments whose target is another than at import, ascending."""
        touched = "SELECT position FROM state UNION SELECT position FROM draft"
        query = f"""SELECT c.position, c.text FROM ({_CURRENT} WHERE g.position IN ({touched})) c
            WHERE c.text IS NOT NULL AND c.text IS NOT c.target ORDER BY c.position"""
        for rows in self._database.iterate(query):
            yield from rows

    def changed_statuses(self) -> Iterator[tuple[int, str]]:
        """Position and status of the segments whose status is another than at import, ascending."""
        query = """SELECT s.position, s.status FROM segment_status s JOIN segment g ON g.position = s.position
            WHERE s.position IN (SELECT position FROM state UNION SELECT position FROM draft)
            AND s.status <> g.status ORDER BY s.position"""
        for rows in self._database.iterate(query):
            yield from rows

    def referenced(self, start: int = 1) -> Iterator[int]:
        """The positions of segments that have a reference, ascending from ``start``."""
        query = "SELECT DISTINCT position FROM reference WHERE position >= ? ORDER BY position LIMIT 1000"
        while rows := self._database.execute(query, (start,)):
            for (position,) in rows:
                yield position
            start = rows[-1][0] + 1

    def position_of(self, identifier: str) -> int | None:
        """The position of the segment that the file calls ``identifier``."""
        row = self._database.one("SELECT position FROM segment WHERE id = ?", (identifier,))
        return None if row is None else row[0]

    def counts(self) -> dict[Status, int]:
        """How many segments have each status; every status is a key."""
        found: dict[str, int] = dict(self._database.execute("SELECT status, count FROM status_count"))
        return {status: found.get(status.value, 0) for status in Status}

    def next_open(self, after: int) -> int | None:
        """The first position behind ``after`` that is still open; None when there is none up to the end."""
        found = [
            self._database.one(
                "SELECT position FROM segment_status WHERE status = ? AND position > ? ORDER BY position LIMIT 1",
                (status.value, after),
            )
            for status in Status
            if status.is_open
        ]
        return min((row[0] for row in found if row is not None), default=None)

    def with_status(self, statuses: frozenset[Status], first: int, last: int) -> list[int]:
        """The positions from ``first`` to ``last`` whose status is one of these, ascending."""
        marks = ",".join("?" * len(statuses))
        rows = self._database.execute(
            f"""SELECT position FROM segment_status WHERE status IN ({marks}) AND position BETWEEN ? AND ?
            ORDER BY position""",
            (*(status.value for status in statuses), first, last),
        )
        return [position for (position,) in rows]

    def _references(self, first: int, last: int) -> dict[int, tuple[str, ...]]:
        found: dict[int, tuple[str, ...]] = {}
        for position, text in self._database.execute(
            "SELECT position, text FROM reference WHERE position BETWEEN ? AND ? ORDER BY position, number",
            (first, last),
        ):
            found[position] = (*found.get(position, ()), text)
        return found


def _segment(row: tuple[Any, ...], references: tuple[str, ...]) -> Segment:
    position, identifier, source, mt, text, status, note, line, _ = row
    return Segment(
        position=position,
        mt=mt,
        source=source,
        target=text,
        references=references,
        id=identifier,
        status=Status(status),
        note=note,
        line=line,
    )


def _row(row: tuple[Any, ...]) -> Row:
    position, identifier, source, mt, text, status, note, _, imported, suggestion = row
    came_in = mt if imported is None else imported
    return Row(
        position=position,
        id=identifier,
        source=source,
        mt=mt,
        target=text,
        suggestion_text=suggestion,
        status=Status(status),
        has_note=bool(note),
        edited=text is not None and text != came_in,
    )
