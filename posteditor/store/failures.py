"""Turning SQLite's errors into errors for the person: what happened to which file, and what to do about it."""

import sqlite3
from pathlib import Path

from posteditor.errors import StoreError

_NOTHING_LOST = "nothing on disk was changed"

# Primary result code (https://www.sqlite.org/rescode.html) -> what is said, what to do.
_MEANINGS: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_PERM: ("access was refused", "check the permissions of the file and of its folder"),
    sqlite3.SQLITE_AUTH: ("access was refused", "check the permissions of the file and of its folder"),
    sqlite3.SQLITE_BUSY: ("another program is using it", "close the other program or wait for it, then try again"),
    sqlite3.SQLITE_LOCKED: ("another program is using it", "close the other program or wait for it, then try again"),
    sqlite3.SQLITE_NOMEM: ("out of memory", "close other programs, then try again"),
    sqlite3.SQLITE_READONLY: (
        "the file or its folder is read-only",
        "copy the project to a folder you may write to and open it there",
    ),
    sqlite3.SQLITE_IOERR: ("the disk reported an error", f"check the disk and its free space; {_NOTHING_LOST}"),
    sqlite3.SQLITE_FULL: ("the disk is full", f"free some space, then try again; {_NOTHING_LOST}"),
    sqlite3.SQLITE_CANTOPEN: (
        "the file can't be opened",
        "check that the folder exists and that you may read and write in it",
    ),
    sqlite3.SQLITE_TOOBIG: (
        "a text is too long to be stored",
        "split the segment; one text may hold 1,000,000,000 bytes",
    ),
}
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def store_error(error: sqlite3.Error, path: Path) -> StoreError | None:
    """The error to show for a failure of SQLite; None when it is a mistake of ours and should surface as such."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return damaged(path, str(error)) if "decode to UTF-8" in str(error) else None
    if code & 0xFF in _DAMAGED:
        return damaged(path, str(error))
    if code & 0xFF not in _MEANINGS:
        return None
    meaning, hint = _MEANINGS[code & 0xFF]
    return StoreError(f"{path}: {meaning}", hint=hint)


def damaged(path: Path, detail: str) -> StoreError:
    """The error for a project file whose contents can't be trusted."""
    return StoreError(
        f"{path}: the project file is damaged ({detail})",
        hint=f"run 'posteditor recover {path}': it saves what can be read into a new file and leaves this one alone",
    )


def vanished(path: Path) -> StoreError:
    """The error for a project file that was deleted, moved or replaced while it is open."""
    return StoreError(
        f"{path}: the project file was deleted, moved or replaced while it was open",
        hint="put it back in its place, or copy your text elsewhere before you quit",
    )


def half_character(path: Path) -> StoreError:
    """The error for a text that can't be written as UTF-8."""
    return StoreError(
        f"{path}: the text holds half a character (a lone surrogate) and can't be stored",
        hint="delete the character that shows as a box or question mark and type it again",
    )
