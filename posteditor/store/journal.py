"""The human's work: one draft row per segment, and revisions that are appended and never changed.

The revisions of a segment form a tree whose root is the imported state. The head is where the person is in it: undo
moves it to the parent, redo to the newest child, and a new revision becomes a child of it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from posteditor.core.segment import Status
from posteditor.core.suggestion import Edit
from posteditor.errors import StoreError
from posteditor.store.connection import Database
from posteditor.store.folding import folded


@dataclass(frozen=True, slots=True)
class Revision:
    """One step in the history of a segment."""

    number: int
    """Unique in the project, growing with time."""
    position: int
    parent: int | None
    """The number of the revision it was made from; None for the imported state."""
    text: str | None
    """The target; None when there was none."""
    status: Status
    actor: str
    """"human", or the name of a program that worked on its own."""
    rewriter: str | None
    """Whose suggestion was taken, if one was."""
    edits: tuple[Edit, ...]
    """The hunks of the suggestion that were taken."""
    time: str
    """UTC, ISO 8601."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a segment stands, its draft aside."""

    revision: int | None
    """None for the imported state."""
    text: str | None
    status: Status
    draft: str | None
    """What was typed since; None when nothing was."""
    mt: str

    @property
    def shown(self) -> str:
        """The text of the head as an editor shows it: the mt where there is no target."""
        return self.mt if self.text is None else self.text


class Journal:
    """Drafts, revisions, undo and redo of the segments of one project. Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def head(self, position: int) -> Head:
        """Where a segment stands.

        Raises:
            StoreError: The project has no such segment.
        """
        row = self._database.one(
            """SELECT s.head, iif(s.position IS NULL, g.target, s.text), coalesce(s.status, g.status), d.text, g.mt
            FROM segment g LEFT JOIN state s ON s.position = g.position LEFT JOIN draft d ON d.position = g.position
            WHERE g.position = ?""",
            (position,),
        )
        if row is None:
            raise StoreError(f"{self._database.path}: there is no segment {position}", hint="choose an existing number")
        revision, text, status, draft, mt = row
        return Head(revision, text, Status(status), draft, mt)

    def save_draft(self, position: int, text: str) -> None:
        """Keep what is being typed; back at the text of the head, the draft is dropped."""
        with self._database.atomic():
            head = self.head(position)
            if text == head.shown:
                if head.draft is not None:
                    self._drop_draft(position, head.status)
            elif text != head.draft:
                self._database.execute(
                    """INSERT INTO draft VALUES (?, ?, ?)
                    ON CONFLICT DO UPDATE SET text = excluded.text, time = excluded.time""",
                    (position, text, now()),
                )
                if head.draft is None:
                    self._set_status(position, Status.DRAFT)

    def append(
        self,
        position: int,
        text: str | None,
        status: Status,
        *,
        actor: str,
        rewriter: str | None = None,
        edits: Sequence[Edit] = (),
        durable: bool = False,
    ) -> int:
        """Append a revision, make it the head and drop the draft; the number of the revision."""
        hunks = json.dumps([edit.to_json() for edit in edits], ensure_ascii=False) if edits else None
        with self._database.atomic(durable=durable):
            number = self._database.insert(
                """INSERT INTO revision (position, parent, text, status, actor, rewriter, hunks, time)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                (position, self.head(position).revision, text, status.value, actor, rewriter, hunks, now()),
            )
            self._move(position, number, text, status)
        return number

    def leave(self, position: int, *, actor: str) -> bool:
        """Turn the draft of a segment into a revision; False when it has none."""
        with self._database.atomic():
            draft = self.head(position).draft
            if draft is not None:
                self.append(position, draft, Status.DRAFT, actor=actor)
        return draft is not None

    def undo(self, position: int, *, actor: str) -> bool:
        """Move the head to its parent, a draft having become a revision first; False at the imported state."""
        with self._database.atomic():
            self.leave(position, actor=actor)
            head = self.head(position).revision
            if head is None:
                return False
            row = self._database.one(
                """SELECT p.number, iif(p.number IS NULL, g.target, p.text), coalesce(p.status, g.status)
                FROM revision r JOIN segment g ON g.position = r.position LEFT JOIN revision p ON p.number = r.parent
                WHERE r.number = ?""",
                (head,),
            )
            assert row is not None
            self._move(position, row[0], row[1], Status(row[2]))
        return True

    def redo(self, position: int, *, actor: str) -> bool:
        """Move the head to its newest child, a draft having become a revision first; False when there is no child."""
        with self._database.atomic():
            self.leave(position, actor=actor)
            row = self._database.one(
                """SELECT number, text, status FROM revision WHERE position = ? AND parent IS ?
                ORDER BY number DESC LIMIT 1""",
                (position, self.head(position).revision),
            )
            if row is None:
                return False
            self._move(position, row[0], row[1], Status(row[2]))
        return True

    def set_note(self, position: int, note: str) -> None:
        """Replace the note of a segment; it is no part of the history."""
        with self._database.atomic():
            self._touch(position)
            self._database.execute("UPDATE state SET note = ? WHERE position = ?", (note, position))

    def history(self, position: int) -> list[Revision]:
        """All revisions of a segment, oldest first, those of undone branches included."""
        rows = self._database.execute(
            """SELECT number, position, parent, text, status, actor, rewriter, hunks, time FROM revision
            WHERE position = ? ORDER BY number""",
            (position,),
        )
        return [_revision(row) for row in rows]

    def drafts(self) -> list[int]:
        """The positions that have a draft, ascending."""
        return [position for (position,) in self._database.execute("SELECT position FROM draft ORDER BY position")]

    def _move(self, position: int, revision: int | None, text: str | None, status: Status) -> None:
        self._touch(position)
        self._database.execute(
            "UPDATE state SET head = ?, text = ?, status = ?, folded = ? WHERE position = ?",
            (revision, text, status.value, folded(text), position),
        )
        self._drop_draft(position, status)

    def _touch(self, position: int) -> None:
        self._database.execute(
            """INSERT INTO state SELECT position, NULL, target, status, note, folded FROM segment WHERE position = ?
            ON CONFLICT DO NOTHING""",
            (position,),
        )

    def _drop_draft(self, position: int, status: Status) -> None:
        self._database.execute("DELETE FROM draft WHERE position = ?", (position,))
        self._set_status(position, status)

    def _set_status(self, position: int, status: Status) -> None:
        self._database.execute(
            "UPDATE segment_status SET status = ? WHERE position = ? AND status <> ?",
            (status.value, position, status.value),
        )


def now() -> str:
    """The time of day in UTC, ISO 8601 with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _revision(row: tuple[Any, ...]) -> Revision:
    number, position, parent, text, status, actor, rewriter, hunks, time = row
    edits = tuple(Edit.from_json(hunk) for hunk in json.loads(hunks)) if hunks else ()
    return Revision(number, position, parent, text, Status(status), actor, rewriter, edits, time)
