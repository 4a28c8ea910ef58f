"""Editing a project: what the editor shows and does; each call is cheap enough for the thread of the interface."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from posteditor.core.inline_tags import missing_tags, tag_problem, tagged_original
from posteditor.core.segment import Segment, Status
from posteditor.core.suggestion import Edit, Suggestion
from posteditor.errors import StoreError
from posteditor.formats.detection import TAGGED
from posteditor.services.context import in_context, positions_around
from posteditor.store.journal import Revision
from posteditor.store.project import Project
from posteditor.store.search import FindQuery, search
from posteditor.store.segments import Row
from posteditor.store.statistics import Numbers, StatisticsTotal, Which

CONFIRMED = frozenset({Status.CONFIRMED, Status.REVIEWED})
"""What a segment is once a person has vouched for its target."""
_WINDOW = 10_000
"""Positions that are searched at once."""

__all__ = ["CONFIRMED", "EditingSession", "FindQuery", "Revision", "Row", "StatisticsTotal"]


class EditingSession:
    """One person's work on one project, from opening to closing; a context manager.

    Texts are on the disk when a method returns. Where writing fails a ``StoreError`` is raised, each time, and the
    project stays as it was. Methods may be called from any thread; what runs long opens a connection of its own.
    """

    def __init__(self, project: Project, *, actor: str) -> None:
        self.path: Path = project.path
        self.actor = actor
        self.count: int = project.segments.count()
        """How many segments there are; their positions are 1 to ``count``."""
        self.has_source = bool(project.meta.get("has_source", False))
        """At least one segment has a source."""
        self.reference_count = int(project.meta.get("reference_count", 0))
        """How many segments have a reference."""
        self.has_references = self.reference_count > 0
        self.reference_count = int(project.meta.get("reference_count", 0))
        """How many segments have at least one reference."""
        self.source_lang: str | None = project.meta.get("source_lang")
        self.target_lang: str | None = project.meta.get("target_lang")
        self.has_tags = project.meta.get("format") in TAGGED
        """The texts may hold inline tags, as placeholders."""
        self.recovered = len(project.journal.drafts()) if project.unclean else 0
        """How many drafts were found from a session that did not end cleanly; they are shown as the segments' text."""
        self._project = project
        self._last_position = int(project.meta.get("last_position", 1))
        self._closed = False

    @classmethod
    def open(cls, project_path: Path, *, actor: str = "human") -> Self:
        """Open a project for editing.

        Args:
            actor: Stands in the history behind every revision made in this session.

        Raises:
            StoreError: Another editor has it, or it is missing, damaged, read-only, made by a newer posteditor, or
                no project at all.
        """
        project = Project.open_for_editing(project_path)
        try:
            return cls(project, actor=actor)
        except BaseException:
            project.close()
            raise

    def last_position(self) -> int:
        """The segment where the person left the project; 1 for a new one."""
        return min(max(self._last_position, 1), max(self.count, 1))

    def remember_position(self, position: int) -> None:
        """Make ``position`` the one to come back to, also after a crash."""
        if position != self._last_position:
            self._project.meta.set("last_position", position)
            self._last_position = position

    def allows_host(self, host: str) -> bool:
        """True when the person has let texts of this project go to ``host``; several are joined by ", "."""
        return set(host.split(", ")) <= set(self._project.meta.get("allowed_hosts", []))

    def allow_host(self, host: str) -> None:
        """Remember with the project that texts may go to ``host``."""
        known = self._project.meta.get("allowed_hosts", [])
        self._project.meta.set("allowed_hosts", list(dict.fromkeys([*known, *host.split(", ")])))

    def rows(self, positions: Sequence[int]) -> list[Row]:
        """What a list shows of these segments, in the order asked for."""
        return self._project.segments.rows(positions)

    def load(self, position: int) -> Segment:
        """One segment as it is now: text (drafts included), status, note and references.

        Raises:
            StoreError: There is no such segment.
        """
        segment = self._project.segments.load(position)
        if segment is None:
            raise StoreError(f"{self.path}: there is no segment {position}", hint=f"choose one from 1 to {self.count}")
        return segment

    def in_context(self, segments: Sequence[Segment]) -> list[Segment]:
        """The segments with their neighbours as they are now."""
        rows = self.rows(positions_around((segment.position for segment in segments), self.count))
        return in_context(segments, {row.position: row for row in rows})

    def save_draft(self, position: int, text: str) -> None:
        """Keep what is being typed. Typing back to what was there before leaves no trace."""
        self._project.journal.save_draft(position, text)

    def take(self, position: int, text: str, *, rewriter: str, edits: Sequence[Edit]) -> Segment:
        """Append the revision that takes a suggestion, whole or some of its hunks.

        A draft becomes a revision first, so that undo gets back to it.

        Args:
            text: The whole target with the hunks in it.
            rewriter: Whose suggestion it was.
            edits: The hunks taken.
        """
        with self._project.database.atomic():
            self.leave(position)
            self._project.journal.append(position, text, Status.DRAFT, actor=self.actor, rewriter=rewriter, edits=edits)
        return self.load(position)

    def leave(self, position: int) -> None:
        """The person moves on: a draft becomes a revision; without one nothing happens."""
        self._project.journal.leave(position, actor=self.actor)

    def tag_problem(self, position: int, text: str) -> str:
        """What is wrong with the inline tags of a target, as a sentence without its end; empty when nothing is."""
        return tag_problem(text, tagged_original(self.load(position))) if self.has_tags else ""

    def missing_tags(self, position: int, text: str) -> list[str]:
        """The inline tags that a target still needs, as placeholders."""
        return list(map(str, missing_tags(text, tagged_original(self.load(position))))) if self.has_tags else []

    def confirm(self, position: int, text: str) -> Segment:
        """Vouch for ``text`` as the target; on the disk for certain when this returns."""
        head = self._project.journal.head(position)
        if (head.text, head.status, head.draft) != (text, Status.CONFIRMED, None):
            self._project.journal.append(position, text, Status.CONFIRMED, actor=self.actor, durable=True)
        return self.load(position)

    def reject(self, position: int, text: str) -> Segment:
        """Declare the segment unusable; ``text`` is kept as its target unless it is the untouched mt."""
        head = self._project.journal.head(position)
        target = head.text if text == head.shown else text
        if (head.text, head.status, head.draft) != (target, Status.REJECTED, None):
            self._project.journal.append(position, target, Status.REJECTED, actor=self.actor, durable=True)
        return self.load(position)

    def reopen(self, position: int) -> Segment:
        """Make a confirmed, reviewed or rejected segment a draft again, its text unchanged."""
        with self._project.database.atomic():
            self.leave(position)
            head = self._project.journal.head(position)
            if not head.status.is_open:
                status = Status.NEW if head.text is None else Status.DRAFT
                self._project.journal.append(position, head.text, status, actor=self.actor)
        return self.load(position)

    def set_note(self, position: int, note: str) -> None:
        """Replace the note; undo leaves it alone."""
        self._project.journal.set_note(position, note)

    def undo(self, position: int) -> Segment | None:
        """Go back one revision, before the first one to the imported state; None when there is nothing to undo.

        A draft becomes a revision first, so that redo gets back to it.
        """
        return self.load(position) if self._project.journal.undo(position, actor=self.actor) else None

    def redo(self, position: int) -> Segment | None:
        """Go forward to the newest revision made from this one; None when there is none."""
        return self.load(position) if self._project.journal.redo(position, actor=self.actor) else None

    def history(self, position: int) -> list[Revision]:
        """All revisions of a segment, oldest first, undone ones included."""
        return self._project.journal.history(position)

    def counts(self) -> dict[Status, int]:
        """How many segments have each status, in constant time; every status is a key."""
        return self._project.segments.counts()

    def next_open(self, after: int, *, wrap: bool = True) -> int | None:
        """The next segment that waits for a decision.

        Args:
            wrap: Go on from the start when there is none up to the end; may come back to ``after`` itself.
        """
        found = self._project.segments.next_open(after)
        return self._project.segments.next_open(0) if found is None and wrap else found

    def find(self, query: FindQuery, *, start: int = 1, should_stop: Callable[[], bool]) -> Iterator[list[int]]:
        """The segments that match, in batches of ascending positions: from ``start`` to the end, then from 1.

        May run in any thread, beside the editing; batches come as they are found.
        """
        yield from search(self._project, query, start=start, should_stop=should_stop)

    def id_position(self, id: str) -> int | None:  # noqa: A002 - the word of the file formats
        """The position of the segment that the file calls ``id``."""
        return self._project.segments.position_of(id)

    def store_suggestion(self, position: int, suggestion: Suggestion, model_revision: str) -> None:
        """Keep a suggestion; the same rewriter's older one for the segment is replaced."""
        self._project.suggestions.store(position, suggestion, model_revision, self.load(position).mt)

    def suggestions(self, position: int, *, model_revisions: dict[str, str] | None = None) -> list[Suggestion]:
        """The stored suggestions for a segment, best first.

        Args:
            model_revisions: Rewriter to the revision it has now; suggestions of another revision are left out.
        """
        current = model_revisions or {}
        return [
            suggestion
            for suggestion, revision in self._project.suggestions.of(position)
            if current.get(suggestion.rewriter, revision) == revision
        ]

    def statistics(self, position: int, which: Which, metric: str, text: str) -> Numbers | None:
        """The stored statistics of a segment's mt or target; None when there are none for exactly this text."""
        return self._project.statistics.get(position, which, metric, text)

    def store_statistics(self, rows: Iterable[tuple[int, Which, str, str, Numbers]]) -> None:
        """Store statistics of (position, which, metric, text), several in one transaction."""
        self._project.statistics.store(rows)

    def drop_target_statistics(self, position: int) -> None:
        """Say that a segment has no target any more: its mt stands in for it in the totals again."""
        self._project.statistics.drop_target(position)

    def statistics_total(self, metric: str) -> StatisticsTotal:
        """The sums of a metric's stored statistics over the file, in constant time."""
        return self._project.statistics.total(metric)

    def positions_with_references(self, *, start: int = 1) -> Iterator[int]:
        """The segments that have references, ascending from ``start``; may run in any thread."""
        with self._reader() as project:
            yield from project.segments.referenced(start)

    def segments(self, *, start: int = 1) -> Iterator[Segment]:
        """All segments as they are now from ``start`` on, as a stream; may run in any thread."""
        with self._reader() as project:
            yield from project.segments.all(start=start)

    def confirmed(self) -> Iterator[Segment]:
        """The segments that are confirmed or reviewed, as a stream; may run in any thread."""
        with self._reader() as project:
            for first in range(1, self.count + 1, _WINDOW):
                for position in project.segments.with_status(CONFIRMED, first, first + _WINDOW - 1):
                    segment = project.segments.load(position)
                    if segment is not None:
                        yield segment

    def close(self) -> None:
        """End the session: drafts become revisions and one file is left; closing twice does nothing."""
        if self._closed:
            return
        self._closed = True
        try:
            with self._project.database.atomic():
                for position in self._project.journal.drafts():
                    self.leave(position)
        finally:
            self._project.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _reader(self) -> Iterator[Project]:
        with self._project.reader() as project:
            yield project
