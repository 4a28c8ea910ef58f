"""Filling a new project file: everything goes into a temporary file that takes its name only when it is complete."""

import errno
import os
import sqlite3
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from posteditor.errors import StoreError
from posteditor.store.connection import Database, connect
from posteditor.store.meta import Meta
from posteditor.store.migrations import migrate
from posteditor.store.originals import OriginalTable

_ROWS_PER_STATEMENT = 500
"""500 rows of 9 columns stay far below the 32,766 parameters that a statement may have."""

SegmentRow = tuple[int, int, str | None, str | None, str, str | None, str, str, str | None]
"""position, line, id, source, mt, target, status, note, ``folded(source, mt, target)``"""
ReferenceRow = tuple[int, int, str]
"""position, number (0-based), text"""


class ProjectBuilder:
    """A project in the making; a context manager. Unless ``finish`` was called, nothing is left behind."""

    def __init__(self, path: Path, *, previous: Path | None = None) -> None:
        """Start a temporary file beside ``path``.

        Args:
            previous: A project to carry work over from, attached as ``old``; nobody may be writing to it.

        Raises:
            StoreError: The folder can't be written, or the disk is full.
        """
        self.path = path
        self._previous = previous
        self._temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
        self._finished = False
        self.database = self._create()
        self.meta = Meta(self.database)
        self.originals = OriginalTable(self.database)

    def add(self, segments: Sequence[SegmentRow], references: Sequence[ReferenceRow]) -> None:
        """Append rows; positions ascend. Duplicate ids are found later, by ``index``."""
        self._insert("segment", segments)
        self._insert("reference", references)

    def index(self) -> None:
        """Build the indexes and counters over all segments added.

        Raises:
            DuplicateId: Two segments have the same id.
        """
        try:
            self.database.execute(self._id_index)
        except sqlite3.IntegrityError as error:
            raise self._duplicate() from error
        self.database.execute("INSERT INTO segment_status SELECT position, status FROM segment")
        self.database.execute("INSERT INTO status_count SELECT status, count(*) FROM segment_status GROUP BY status")
        row = self.database.one("SELECT count(DISTINCT position) FROM reference")
        assert row is not None
        self.meta.set("reference_count", row[0])

    def segment_count(self) -> int:
        """How many segments the new project has."""
        row = self.database.one("SELECT count(*) FROM segment_status")
        return row[0] if row else 0

    def finish(self, *, replace: bool = False) -> None:
        """Make the project appear under its name, complete and on the disk.

        Args:
            replace: Take the place of a file that is there already.

        Raises:
            StoreError: A file of that name exists, or the disk is full.
        """
        self.database.execute("COMMIT")
        self.database.close()
        try:
            _to_disk(self._temporary)
            if replace:
                self._temporary.replace(self.path)
            else:
                _rename_to_new(self._temporary, self.path)
            _to_disk(self.path.parent)
        except OSError as error:
            raise _cannot_make(self.path, error) from error
        self._finished = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.database.close()
        if not self._finished:
            self._temporary.unlink(missing_ok=True)

    def _create(self) -> Database:
        try:
            self._temporary.unlink(missing_ok=True)
            self._temporary.touch(mode=0o666, exist_ok=False)
        except OSError as error:
            raise _cannot_make(self.path, error) from error
        database = connect(self._temporary, "rwc")
        try:
            # Until it is renamed nobody needs the file to survive a crash: no journal on disk, no waiting.
            for pragma in (
                "page_size=8192",
                "journal_mode=MEMORY",
                "synchronous=OFF",
                "locking_mode=EXCLUSIVE",
                "ignore_check_constraints=ON",
                "threads=2",  # sorting for the index
                "cache_size=-16384",
            ):
                database.execute(f"PRAGMA {pragma}")
            migrate(database)
            database.execute("PRAGMA foreign_keys=OFF")
            if self._previous is not None:
                database.execute("ATTACH ? AS old", (f"{self._previous.absolute().as_uri()}?mode=ro",))
            row = database.one("SELECT sql FROM main.sqlite_schema WHERE name = 'segment_id'")
            assert row is not None
            self._id_index: str = row[0]
            database.execute("DROP INDEX segment_id")
            database.execute("BEGIN")
        except BaseException:
            database.close()
            self._temporary.unlink(missing_ok=True)
            raise
        return database

    def _insert(self, table: str, rows: Sequence[Sequence[str | int | None]]) -> None:
        """Many rows a statement: one at a time, half of the time goes into starting and ending statements."""
        for first in range(0, len(rows), _ROWS_PER_STATEMENT):
            part = rows[first : first + _ROWS_PER_STATEMENT]
            marks = ",".join(["({})".format(",".join("?" * len(part[0])))] * len(part))
            self.database.execute(f"INSERT INTO {table} VALUES {marks}", list(chain.from_iterable(part)))

    def _duplicate(self) -> "DuplicateId":
        row = self.database.one(
            """SELECT id, min(position) FROM segment WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1
            ORDER BY 2 LIMIT 1"""
        )
        assert row is not None
        first, second = self.database.execute(
            "SELECT position, line FROM segment WHERE id = ? ORDER BY position LIMIT 2", (row[0],)
        )
        return DuplicateId(row[0], first, second)


class DuplicateId(Exception):  # noqa: N818 - not shown to anybody; the import turns it into an error about its file
    """Two segments have the same id.

    Attributes:
        id: The id.
        first: Position and line of the first of them.
        second: Position and line of the second.
    """

    def __init__(self, identifier: str, first: tuple[Any, ...], second: tuple[Any, ...]) -> None:
        super().__init__(identifier)
        self.id = identifier
        self.first: tuple[int, int] = (first[0], first[1])
        self.second: tuple[int, int] = (second[0], second[1])


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _rename_to_new(temporary: Path, path: Path) -> None:
    """Rename without ever replacing; without hard links a file made at the same moment could be."""
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        temporary.rename(path)
    else:
        temporary.unlink()


def _cannot_make(path: Path, error: OSError) -> StoreError:
    if isinstance(error, FileExistsError):
        return StoreError(f"{path}: there is already a file of that name", hint="open it, or choose another name")
    if error.errno == errno.ENOSPC:
        return StoreError(f"{path}: the disk is full", hint="free some space, then try again; nothing was changed")
    return StoreError(
        f"{path}: the project can't be made here ({error.strerror})",
        hint="a project lies beside its file: name another place with --project, or copy the file to your own folder",
    )
