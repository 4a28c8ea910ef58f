"""A project file, opened for editing by one program or for reading by any number."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from posteditor.errors import StoreError
from posteditor.store.connection import Database, connect
from posteditor.store.journal import Journal
from posteditor.store.locking import EditorLock
from posteditor.store.meta import Meta
from posteditor.store.migrations import APPLICATION_ID, migrate, not_a_project, pending
from posteditor.store.originals import OriginalTable
from posteditor.store.segments import SegmentReader
from posteditor.store.statistics import StatisticsTable
from posteditor.store.suggestions import SuggestionTable

SUFFIX = ".postedit"
_HEADER = b"SQLite format 3\0"


class Project:
    """The tables of one project file; a context manager."""

    def __init__(self, database: Database, lock: EditorLock | None) -> None:
        self.path = database.path
        self.database = database
        self.meta = Meta(database)
        self.segments = SegmentReader(database)
        self.journal = Journal(database)
        self.suggestions = SuggestionTable(database)
        self.statistics = StatisticsTable(database)
        self.originals = OriginalTable(database)
        self.unclean = False
        """The last program that had it open for editing ended without closing it."""
        self._lock = lock

    @classmethod
    def open_for_editing(cls, path: Path) -> Self:
        """Open a project as its only editor, bringing its schema up to date.

        Raises:
            StoreError: Another editor has it, or it is missing, damaged, read-only, made by a newer posteditor, or
                no project at all.
        """
        check_is_project(path)
        lock = EditorLock(path)
        if not lock.acquire():
            raise _taken(path)
        database = None
        try:
            _check_version(path)
            database = connect(path, "rw")
            migrate(database)
            project = cls(database, lock)
            project.unclean = project.meta.get("owner") is not None
            project.meta.set("owner", _ourselves())
        except BaseException:
            if database is not None:
                database.close()
            lock.release()
            raise
        return project

    @classmethod
    def open_for_reading(cls, path: Path) -> Self:
        """Open a project to read it, which an editor on it does not prevent.

        Raises:
            StoreError: As ``open_for_editing``; also while an editor has it on a network file system.
        """
        check_is_project(path)
        database = connect(path, "ro")
        try:
            outdated = pending(database)
        except BaseException:
            database.close()
            raise
        if outdated:
            database.close()
            with cls.open_for_editing(path):
                pass  # opening brings the schema up to date
            database = connect(path, "ro")
        return cls(database, None)

    def reader(self) -> "Project":
        """The same project through a connection of its own, for another thread; the caller closes it."""
        if self.database.exclusive:
            return _Borrowed(self.database, None)
        return Project.open_for_reading(self.path)

    def close(self) -> None:
        """Close it. After editing, one file is left and nobody owns it any more; closing twice does nothing."""
        try:
            if self._lock is not None:
                self.meta.remove("owner")
                self.database.fold_journal()
        finally:
            self.database.close()
            if self._lock is not None:
                self._lock.release()
                self._lock = None

    @contextmanager
    def laid_down(self) -> Iterator[None]:
        """End the editing but keep the lock until the context ends, so that the file can be replaced meanwhile.

        Raises:
            StoreError: Another program is reading the project.
        """
        lock, self._lock = self._lock, None
        try:
            self.meta.remove("owner")
            if not self.database.fold_journal():
                # A journal that is left behind would be applied to the file that comes in this one's place.
                raise StoreError(
                    f"{self.path}: another program is reading the project", hint="wait until it is done, then try again"
                )
            self.database.close()
            yield
        finally:
            self.database.close()
            if lock is not None:
                lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Borrowed(Project):
    """A reader that has to share the editor's connection, because that one keeps the file locked."""

    def close(self) -> None:
        """Leave the connection to its owner."""


def is_project(path: Path) -> bool:
    """True if the file at ``path`` is a project, whatever its name; False for anything else and for no file."""
    try:
        with path.open("rb") as file:
            start = file.read(72)
    except OSError:
        return False
    return start.startswith(_HEADER) and int.from_bytes(start[68:72]) == APPLICATION_ID


def check_is_project(path: Path) -> None:
    """Return if there is a project at ``path``.

    Raises:
        StoreError: Nothing is there, or something else.
    """
    if is_project(path):
        return
    if path.is_dir():
        raise StoreError(f"{path}: this is a folder, not a project", hint="name the project file inside it")
    try:
        with path.open("rb") as file:
            start = file.read(16)
    except FileNotFoundError as error:
        raise StoreError(f"{path}: there is no such project", hint="check the name and the folder") from error
    except OSError as error:
        raise StoreError(
            f"{path}: the project can't be read ({error.strerror})", hint="check its permissions"
        ) from error
    if not start:
        raise StoreError(
            f"{path}: the project file is empty", hint="delete it and open the bilingual file again: a new one is made"
        )
    raise not_a_project(path)


@contextmanager
def reserved(path: Path) -> Iterator[None]:
    """Hold the right to edit a project without opening it, whatever state it is in.

    Raises:
        StoreError: An editor has it, or there is no project.
    """
    check_is_project(path)
    lock = EditorLock(path)
    if not lock.acquire():
        raise _taken(path)
    try:
        yield
    finally:
        lock.release()


def _check_version(path: Path) -> None:
    """Refuse a newer project before anything is written to it, be it only the journal mode."""
    database = connect(path, "ro")
    try:
        pending(database)
    finally:
        database.close()


def _ourselves() -> dict[str, str | int]:
    return {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "user": _user(),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _user() -> str:
    return os.environ.get("USER") or os.environ.get("LOGNAME") or str(getattr(os, "getuid", lambda: "")())


def _taken(path: Path) -> StoreError:
    hint = "close it there first; 'export', 'stats' and 'score' work meanwhile"
    try:
        database = connect(path, "ro")
        try:
            owner = Meta(database).get("owner")
        finally:
            database.close()
    except StoreError:  # on a network file system the owner keeps even readers out
        owner = None
    if not owner:
        return StoreError(f"{path}: the project is open in another editor", hint=hint)
    return StoreError(
        f"{path}: the project is open in another editor: process {owner['pid']} of {owner['user']} on {owner['host']},"
        f" since {owner['since']}",
        hint=hint,
    )
