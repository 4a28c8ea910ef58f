"""A connection to one SQLite database: pragmas, nested transactions, errors for the person.

``Database`` may be called from any thread; a lock keeps the statements of one transaction together.
"""

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from posteditor.errors import StoreError
from posteditor.store.failures import half_character, store_error, vanished
from posteditor.store.mounts import on_network

BUSY_TIMEOUT_MS = 5000
Mode = Literal["ro", "rw", "rwc"]
Row = tuple[Any, ...]


class Database:
    """One connection. Rows come back as plain tuples; SQLite's errors come out as ``StoreError``."""

    def __init__(self, connection: sqlite3.Connection, path: Path, *, exclusive: bool = False) -> None:
        self.path = path
        self.exclusive = exclusive
        """True in the fall-back for network file systems: no second connection can be opened meanwhile."""
        self._connection = connection
        self._lock = threading.RLock()
        self._savepoints = 0
        self._identity = _identity(path)

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """All rows of one statement."""
        with self._lock, self._translated():
            return self._connection.execute(sql, parameters).fetchall()

    def one(self, sql: str, parameters: Sequence[Any] = ()) -> Row | None:
        """The first row of one statement; None when there is none."""
        with self._lock, self._translated():
            row: Row | None = self._connection.execute(sql, parameters).fetchone()
            return row

    def insert(self, sql: str, parameters: Sequence[Any]) -> int:
        """Run an INSERT; the new row's number."""
        with self._lock, self._translated():
            return self._connection.execute(sql, parameters).lastrowid or 0

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each row of parameters."""
        with self._lock, self._translated():
            self._connection.executemany(sql, rows)

    def iterate(self, sql: str, parameters: Sequence[Any] = (), *, batch: int = 1000) -> Iterator[list[Row]]:
        """The rows of one statement in batches, with constant memory; the lock is free between batches."""
        with self._lock, self._translated():
            cursor = self._connection.execute(sql, parameters)
        try:
            while True:
                with self._lock, self._translated():
                    rows = cursor.fetchmany(batch)
                if not rows:
                    return
                yield rows
        finally:
            cursor.close()

    @contextmanager
    def atomic(self, *, durable: bool = False) -> Iterator[None]:
        """A transaction, or a savepoint inside one: all of it happens, or nothing.

        Args:
            durable: The outermost commit waits until the disk has it (``synchronous=FULL``).

        Raises:
            StoreError: The file was deleted or replaced meanwhile, the disk is full, ...
        """
        with self._lock, self._translated():
            self._begin(durable)
            try:
                yield
            except BaseException:
                self._roll_back()
                raise
            else:
                self._commit()
            finally:
                if durable and not self._connection.in_transaction:
                    self._connection.execute("PRAGMA synchronous=NORMAL")

    def snapshot(self) -> "_Snapshot":
        """A context in which all reads see the same state of the database."""
        return _Snapshot(self)

    def close(self) -> None:
        """Close the connection; closing twice does nothing."""
        with self._lock, self._translated():
            self._connection.close()

    def fold_journal(self) -> bool:
        """Write the journal back into the database, so that closing leaves one file.

        False while somebody else still reads: then it is left to the next clean end; what was committed is safe.
        """
        with self._lock, self._translated():
            self._connection.execute("PRAGMA busy_timeout=0")
            try:
                mode = self._connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                    raise
                return False
            return bool(mode == "delete")

    def _begin(self, durable: bool) -> None:
        if self._connection.in_transaction:
            self._savepoints += 1
            self._connection.execute(f"SAVEPOINT depth{self._savepoints}")
            return
        if self._identity != _identity(self.path):
            raise vanished(self.path)
        if durable:
            self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("BEGIN IMMEDIATE")

    def _commit(self) -> None:
        if self._savepoints:
            self._connection.execute(f"RELEASE depth{self._savepoints}")
            self._savepoints -= 1
            return
        try:
            self._connection.execute("COMMIT")
        except sqlite3.Error:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        if not self._connection.in_transaction:  # a full disk or an I/O error has already rolled back all of it
            self._savepoints = 0
        elif self._savepoints:
            self._connection.execute(f"ROLLBACK TO depth{self._savepoints}")
            self._connection.execute(f"RELEASE depth{self._savepoints}")
            self._savepoints -= 1
        else:
            self._connection.execute("ROLLBACK")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            shown = store_error(error, self.path)
            if shown is None:
                raise
            raise shown from error
        except UnicodeEncodeError as error:
            raise half_character(self.path) from error


class _Snapshot:
    def __init__(self, database: Database) -> None:
        self._database = database

    def __enter__(self) -> None:
        self._database.execute("BEGIN")
        # A deferred transaction starts at its first read, not at BEGIN.
        self._database.one("SELECT 1 FROM sqlite_schema LIMIT 1")

    def __exit__(self, *_: object) -> None:
        self._database.execute("ROLLBACK")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - called for every draft; Path.stat costs twice as much
    except OSError:
        return None
    return (found.st_dev, found.st_ino)


def connect(path: Path, mode: Mode) -> Database:
    """Open a database without looking at what is in it.

    ``rw`` sets WAL mode with ``synchronous=NORMAL``; on a network file system, or where WAL is refused, a rollback
    journal with an exclusive lock instead.

    Raises:
        StoreError: It can't be opened, or is no SQLite database.
    """
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
        )
    except sqlite3.Error as error:
        raise _cannot_open(path, error) from error
    try:
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA foreign_keys=ON")
        exclusive = mode == "rw" and _choose_journal(connection, path)
        connection.execute("PRAGMA schema_version")
    except sqlite3.Error as error:
        connection.close()
        raise _cannot_open(path, error) from error
    return Database(connection, path, exclusive=exclusive)


def _choose_journal(connection: sqlite3.Connection, path: Path) -> bool:
    """Set the journal mode; True for the exclusive fall-back."""
    if not on_network(path):
        mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
        if mode == "wal":
            connection.execute("PRAGMA synchronous=NORMAL")
            return False
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.execute("PRAGMA journal_mode=DELETE")
    # The lock is taken by the first write and then kept.
    connection.execute("BEGIN EXCLUSIVE")
    connection.execute("COMMIT")
    return True


def _cannot_open(path: Path, error: sqlite3.Error) -> StoreError | sqlite3.Error:
    return store_error(error, path) or error
