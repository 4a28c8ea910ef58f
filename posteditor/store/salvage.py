"""Getting out of a damaged project file what can still be read, into a new one; the damaged file is only read."""

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from posteditor.core.segment import Status
from posteditor.errors import StoreError
from posteditor.store.bulk import ProjectBuilder
from posteditor.store.connection import Database, Row, connect

_SPAN = 1024
_FARTHEST = 1 << 31
_MISSES = 1000  # unreadable or empty spans in a row, after which nothing more is expected
LOST_NOTE = "This segment was lost when the project file was damaged."

# Table, the key that it is read by, its other columns.
_TABLES = (
    ("reference", "position", "number, text"),
    ("draft", "position", "text, time"),
    ("suggestion", "position", "rewriter, model_revision, text, rank, body, time"),
    ("revision", "number", "position, parent, text, status, actor, rewriter, hunks, time"),
    ("state", "position", "head, text, status, note, folded"),
    ("departed", "number", "time, id, source, mt, target, status, note, revisions"),
)


@dataclass(slots=True)
class Salvaged:
    """What could be read."""

    segments: int = 0
    lost_segments: list[int] = field(default_factory=list)
    """Positions whose texts are gone; empty segments stand in their places, so that all others keep their numbers."""
    revisions: int = 0
    drafts: int = 0
    originals_kept: bool = True
    """The bytes of the original files are whole; without them an export writes a new file."""


def integrity_problems(path: Path) -> list[str]:
    """What SQLite finds wrong with the file, most telling first; empty when it is sound."""
    try:
        database = connect(path, "ro")
    except StoreError as error:
        return [error.message]
    try:
        found = [text for (text,) in database.execute("PRAGMA integrity_check(20)") if text != "ok"]
        dangling = database.execute("PRAGMA foreign_key_check")
        return found or [f"row {row[1]} of {row[0]} points nowhere" for row in dangling]
    except StoreError as error:
        return [error.message]
    finally:
        database.close()


def salvage(damaged: Path, new: Path) -> Salvaged:
    """Make a project at ``new`` from what can be read of ``damaged``.

    Raises:
        StoreError: Nothing can be read, or the new file can't be written.
    """
    source = connect(damaged, "ro")
    try:
        with ProjectBuilder(new) as builder:
            salvaged = Salvaged()
            _Salvage(source, builder, salvaged).run()
            builder.finish()
    finally:
        source.close()
    return salvaged


class _Salvage:
    def __init__(self, source: Database, builder: ProjectBuilder, salvaged: Salvaged) -> None:
        self._source = source
        self._builder = builder
        self._target = builder.database
        self._salvaged = salvaged
        self._last = self._last_position()

    def run(self) -> None:
        if not self._last:
            raise StoreError(
                f"{self._source.path}: no segment can be read from it", hint="restore it from a back-up copy"
            )
        self._target.execute("PRAGMA ignore_check_constraints=OFF")
        self._segments()
        for table, key, columns in _TABLES:
            self._copy(table, key, columns, self._last if key == "position" else self._last_of(table, key))
        self._heal_revisions()
        self._meta()
        self._originals()
        self._builder.index()
        self._statuses()
        self._salvaged.revisions = self._count("revision")
        self._salvaged.drafts = self._count("draft")

    def _segments(self) -> None:
        columns = "line, id, source, mt, target, status, note, folded"
        next_position = 1
        known: set[str] = set()
        for rows in self._read("segment", "position", columns, self._last):
            for row in rows:
                self._fill_gap(next_position, row[0])
                next_position = row[0] + 1
                identifier = row[2] if row[2] not in known else None  # a damaged page may hold an id twice
                if identifier is not None:
                    known.add(identifier)
                self._segment((*row[:2], identifier, *row[3:]))
        self._fill_gap(next_position, self._last + 1)

    def _segment(self, row: Row) -> None:
        try:
            self._target.execute("INSERT INTO segment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        except sqlite3.IntegrityError:  # readable, but not what it ought to be
            self._fill_gap(row[0], row[0] + 1)
        else:
            self._salvaged.segments += 1

    def _fill_gap(self, first: int, end: int) -> None:
        for position in range(first, end):
            self._target.execute(
                "INSERT INTO segment VALUES (?, 0, NULL, NULL, '', NULL, ?, ?, NULL)",
                (position, Status.NEW.value, LOST_NOTE),
            )
            self._salvaged.lost_segments.append(position)

    def _copy(self, table: str, key: str, columns: str, last: int) -> None:
        marks = ", ".join("?" * (columns.count(",") + 2))
        for rows in self._read(table, key, columns, last):
            for row in rows:
                with suppress(sqlite3.IntegrityError):
                    self._target.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row)

    def _heal_revisions(self) -> None:
        """Cut what points to a lost row: the history of a segment then starts later."""
        execute = self._target.execute
        row = self._target.one("SELECT sql FROM main.sqlite_schema WHERE name = 'revision_stays'")
        assert row is not None
        execute("DROP TRIGGER revision_stays")
        execute("UPDATE revision SET parent = NULL WHERE parent NOT IN (SELECT number FROM revision)")
        execute(row[0])
        # Segments whose state is lost but not their history stand at their newest revision.
        execute(
            """INSERT INTO state SELECT r.position, r.number, r.text, r.status, g.note, NULL
            FROM revision r JOIN segment g ON g.position = r.position
            WHERE r.number IN (SELECT max(number) FROM revision GROUP BY position)
            AND r.position NOT IN (SELECT position FROM state)"""
        )
        execute("UPDATE state SET head = NULL WHERE head NOT IN (SELECT number FROM revision)")

    def _meta(self) -> None:
        rows = self._tried("SELECT key, value FROM meta WHERE key <> 'owner'") or []
        self._target.execute_many("INSERT OR IGNORE INTO meta VALUES (?, ?)", rows)

    def _originals(self) -> None:
        try:
            files = self._source.execute("SELECT number, path, size, sha256, mtime_ns, compressed FROM original")
            self._target.execute_many("INSERT INTO original VALUES (?, ?, ?, ?, ?, ?)", files)
            for chunks in self._source.iterate("SELECT number, chunk, bytes FROM original_chunk", batch=1):
                self._target.execute_many("INSERT INTO original_chunk VALUES (?, ?, ?)", chunks)
            for number, *_ in files:
                for _chunk in self._builder.originals.chunks(number):
                    pass  # reads and checks the SHA-256
            self._salvaged.originals_kept = bool(files)
        except (StoreError, sqlite3.Error):
            self._target.execute("DELETE FROM original_chunk")
            self._target.execute("DELETE FROM original")
            self._salvaged.originals_kept = False

    def _statuses(self) -> None:
        for table, status in (("state", "s.status"), ("draft", "'draft'")):
            self._target.execute(
                f"""UPDATE segment_status SET status = (SELECT {status} FROM {table} s
                WHERE s.position = segment_status.position) WHERE position IN (SELECT position FROM {table})"""
            )

    def _last_position(self) -> int:
        return max(self._last_of(table, "position") for table in ("segment", "segment_status", "state", "draft"))

    def _last_of(self, table: str, key: str) -> int:
        """The greatest key that can be reached; through the table itself, where an index would mislead."""
        rows = self._tried(f"SELECT max({key}) FROM {table} NOT INDEXED")
        if rows is not None:
            return min(rows[0][0] or 0, _FARTHEST)
        return self._search_last(f"SELECT {key} FROM {table} NOT INDEXED WHERE {key} BETWEEN ? AND ?")

    def _search_last(self, sql: str) -> int:
        """Where the right end of the tree is unreadable: the last key of any readable span."""
        last, misses, start = 0, 0, 1
        while misses < _MISSES:
            rows = self._tried(sql, (start, start + _SPAN - 1))
            if rows:
                last, misses = rows[-1][0], 0
            misses += not rows
            start += _SPAN
        return last

    def _read(self, table: str, key: str, columns: str, last: int) -> Iterator[list[Row]]:
        sql = f"SELECT {key}, {columns} FROM {table} WHERE {key} BETWEEN ? AND ? ORDER BY {key}"
        for first in range(1, last + 1, _SPAN):
            yield from self._span(sql, first, min(first + _SPAN - 1, last))

    def _span(self, sql: str, first: int, last: int) -> Iterator[list[Row]]:
        """The rows of a span; where it can't be read as a whole, by halves."""
        rows = self._tried(sql, (first, last))
        if rows is not None:
            yield rows
        elif first < last:
            middle = (first + last) // 2
            yield from self._span(sql, first, middle)
            yield from self._span(sql, middle + 1, last)

    def _tried(self, sql: str, parameters: tuple[int, ...] = ()) -> list[Row] | None:
        try:
            return self._source.execute(sql, parameters)
        except (StoreError, sqlite3.Error):
            return None

    def _count(self, table: str) -> int:
        row: tuple[Any, ...] | None = self._target.one(f"SELECT count(*) FROM {table}")
        return row[0] if row else 0
