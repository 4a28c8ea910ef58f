"""The schema of a project file and how it came about: named steps, each applied once, in order.

A released step is never edited; a change of the schema is a new step at the end. Steps are plain SQL and use no live
code, so that they do the same thing for ever.
"""

import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from posteditor.errors import StoreError
from posteditor.store.connection import Database
from posteditor.store.failures import damaged

APPLICATION_ID = 0x50456474
"""Marks a database as a project file ("PEdt")."""

Migration = tuple[str, Callable[[Database], None]]


def _run(database: Database, *statements: str) -> None:
    for statement in statements:
        database.execute(statement)


def _segments(database: Database) -> None:
    _run(
        database,
        "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
        # What the file held at import; never changed afterwards. "folded" serves the search, see folding.py.
        """CREATE TABLE segment (
            position INTEGER PRIMARY KEY,
            line INTEGER NOT NULL,
            id TEXT,
            source TEXT,
            mt TEXT NOT NULL,
            target TEXT,
            status TEXT NOT NULL CHECK (status IN ('new', 'draft', 'confirmed', 'reviewed', 'rejected')),
            note TEXT NOT NULL,
            folded TEXT
        ) STRICT""",
        "CREATE UNIQUE INDEX segment_id ON segment (id) WHERE id IS NOT NULL",
        """CREATE TABLE reference (
            position INTEGER NOT NULL REFERENCES segment (position),
            number INTEGER NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (position, number)
        ) STRICT, WITHOUT ROWID""",
        # The status as it is now, for every segment: narrow, so that filters and "next open" need not read any text.
        """CREATE TABLE segment_status (
            position INTEGER PRIMARY KEY REFERENCES segment (position),
            status TEXT NOT NULL CHECK (status IN ('new', 'draft', 'confirmed', 'reviewed', 'rejected'))
        ) STRICT""",
        "CREATE INDEX segment_status_status ON segment_status (status, position)",
        "CREATE TABLE status_count (status TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID",
        """CREATE TRIGGER count_status AFTER UPDATE OF status ON segment_status
        BEGIN
            UPDATE status_count SET count = count - 1 WHERE status = old.status;
            INSERT INTO status_count VALUES (new.status, 1) ON CONFLICT DO UPDATE SET count = count + 1;
        END""",
    )


def _work(database: Database) -> None:
    _run(
        database,
        # Append-only. The parent makes it a tree: undo moves to the parent, redo to the newest child.
        """CREATE TABLE revision (
            number INTEGER PRIMARY KEY,
            position INTEGER NOT NULL REFERENCES segment (position),
            parent INTEGER REFERENCES revision (number),
            text TEXT,
            status TEXT NOT NULL CHECK (status IN ('new', 'draft', 'confirmed', 'reviewed', 'rejected')),
            actor TEXT NOT NULL,
            rewriter TEXT,
            hunks TEXT,
            time TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX revision_position ON revision (position, parent, number)",
        """CREATE TRIGGER revision_stays BEFORE UPDATE ON revision
        BEGIN SELECT raise(ABORT, 'revisions are never changed'); END""",
        """CREATE TRIGGER revision_remains BEFORE DELETE ON revision
        BEGIN SELECT raise(ABORT, 'revisions are never deleted'); END""",
        # Touched segments only: where undo and redo have got to (head NULL: as imported), and the note.
        """CREATE TABLE state (
            position INTEGER PRIMARY KEY REFERENCES segment (position),
            head INTEGER REFERENCES revision (number),
            text TEXT,
            status TEXT NOT NULL CHECK (status IN ('new', 'draft', 'confirmed', 'reviewed', 'rejected')),
            note TEXT NOT NULL,
            folded TEXT
        ) STRICT""",
        # What was typed since the head; gone as soon as it is a revision.
        """CREATE TABLE draft (
            position INTEGER PRIMARY KEY REFERENCES segment (position),
            text TEXT NOT NULL,
            time TEXT NOT NULL
        ) STRICT""",
        # The work on segments that an updated source file no longer has.
        """CREATE TABLE departed (
            number INTEGER PRIMARY KEY,
            time TEXT NOT NULL,
            id TEXT,
            source TEXT,
            mt TEXT NOT NULL,
            target TEXT,
            status TEXT NOT NULL,
            note TEXT NOT NULL,
            revisions TEXT NOT NULL
        ) STRICT""",
    )


def _suggestions(database: Database) -> None:
    _run(
        database,
        """CREATE TABLE suggestion (
            position INTEGER NOT NULL REFERENCES segment (position),
            rewriter TEXT NOT NULL,
            model_revision TEXT NOT NULL,
            text TEXT NOT NULL,
            rank REAL NOT NULL,
            body TEXT NOT NULL,
            time TEXT NOT NULL,
            PRIMARY KEY (position, rewriter)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE statistic (
            position INTEGER NOT NULL REFERENCES segment (position),
            metric TEXT NOT NULL,
            which TEXT NOT NULL CHECK (which IN ('mt', 'target')),
            text_hash BLOB NOT NULL,
            numbers BLOB NOT NULL,
            PRIMARY KEY (position, metric, which)
        ) STRICT, WITHOUT ROWID""",
        # Running sums over statistic; "current" is the target's where there is one, else the mt's.
        """CREATE TABLE statistic_total (
            metric TEXT NOT NULL,
            which TEXT NOT NULL CHECK (which IN ('mt', 'current')),
            count INTEGER NOT NULL,
            numbers BLOB NOT NULL,
            PRIMARY KEY (metric, which)
        ) STRICT, WITHOUT ROWID""",
    )


def _originals(database: Database) -> None:
    _run(
        database,
        """CREATE TABLE original (
            number INTEGER PRIMARY KEY,
            path TEXT NOT NULL,
            size INTEGER NOT NULL,
            sha256 TEXT NOT NULL,
            mtime_ns INTEGER NOT NULL,
            compressed INTEGER NOT NULL CHECK (compressed IN (0, 1))
        ) STRICT""",
        """CREATE TABLE original_chunk (
            number INTEGER NOT NULL REFERENCES original (number),
            chunk INTEGER NOT NULL,
            bytes BLOB NOT NULL,
            PRIMARY KEY (number, chunk)
        ) STRICT""",
    )


MIGRATIONS: tuple[Migration, ...] = (
    ("0001_segments", _segments),
    ("0002_work", _work),
    ("0003_suggestions", _suggestions),
    ("0004_originals", _originals),
)


def pending(database: Database, migrations: Sequence[Migration] = MIGRATIONS) -> tuple[str, ...]:
    """The names of the steps that this database still lacks, in order.

    Raises:
        StoreError: It is not a project file, or was made by a newer posteditor.
    """
    applied = _applied(database)
    known = [name for name, _ in migrations]
    if newer := [name for name in applied if name not in known]:
        raise StoreError(
            f"{database.path}: the project was made by a newer posteditor (it has {newer[-1]!r})",
            hint="update posteditor with 'pip install --upgrade posteditor', or open it where it was made",
        )
    if applied != known[: len(applied)]:
        raise damaged(database.path, f"its migrations are {', '.join(applied)}")
    return tuple(known[len(applied) :])


def migrate(database: Database, migrations: Sequence[Migration] = MIGRATIONS) -> tuple[str, ...]:
    """Bring a database to the newest schema; the names of the steps applied.

    A database that already holds something is first copied to ``NAME.bak`` (``NAME.bak2`` ... if that exists).

    Raises:
        StoreError: It is not a project file, was made by a newer posteditor, or can't be written.
    """
    missing = pending(database, migrations)
    if not missing:
        return ()
    if len(missing) < len(migrations):
        _back_up(database)
    for name, step in migrations:
        if name not in missing:
            continue
        with database.atomic():
            database.execute(
                "CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, time TEXT NOT NULL) STRICT, WITHOUT ROWID"
            )
            step(database)
            database.execute("INSERT INTO migration VALUES (?, ?)", (name, datetime.now(UTC).isoformat()))
            database.execute(f"PRAGMA application_id={APPLICATION_ID}")
    return missing


def _applied(database: Database) -> list[str]:
    row = database.one("PRAGMA application_id")
    if row == (APPLICATION_ID,):
        return [name for (name,) in database.execute("SELECT name FROM migration ORDER BY name")]
    if database.one("SELECT 1 FROM sqlite_schema LIMIT 1"):
        raise not_a_project(database.path)
    return []


def not_a_project(path: Path) -> StoreError:
    """The error for a file that is something else."""
    return StoreError(
        f"{path}: this is not a posteditor project",
        hint="open the bilingual file itself with 'posteditor edit FILE': the project is made beside it",
    )


def _back_up(database: Database) -> None:
    database.one("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = database.path.with_name(f"{database.path.name}.bak")
    number = 2
    while copy.exists():
        copy = database.path.with_name(f"{database.path.name}.bak{number}")
        number += 1
    try:
        shutil.copyfile(database.path, copy)
    except OSError as error:
        raise StoreError(
            f"{copy}: no back-up copy can be made before the project is brought up to date ({error.strerror})",
            hint="free some space or copy the project to a folder you may write to",
        ) from error
