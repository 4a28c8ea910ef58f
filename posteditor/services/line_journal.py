"""A file of JSON lines that a long run writes as it goes, so that a kill loses nothing but the line under way.

The first line says what the run is about (input, model, settings). A run that is about the same goes on behind the last
whole line; any other run starts the file anew. It holds a lock on the file, so two runs never write one output.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from posteditor.errors import UsageError

_MARK = b"posteditor journal 1 "
"""How a journal begins; a file that begins otherwise is somebody else's and not touched."""

Entry = TypeVar("Entry")


class LineJournal(Generic[Entry]):
    """A file of entries, one a line; use as a context manager, which gives the lock back."""

    def __init__(self, path: Path, about: Mapping[str, Any], parse: Callable[[Any], Entry]) -> None:
        """Open or begin the journal, ready to append; ``entries`` gives what is in it.

        Args:
            path: The file.
            about: Plain JSON values; all that the entries depend on.
            parse: An entry from a line's JSON value; raises ValueError, TypeError or KeyError for anything else.

        Raises:
            UsageError: The folder can't be written to, another run has the journal, or a foreign file has its name.
        """
        self.path = path
        self.replaced_another = False
        """True when there was a journal of a run about something else, which is gone now."""
        self._parse = parse
        # A bare descriptor: a buffered file would try to write once more, in closing, what there was no room for.
        self._descriptor = _open_locked(path)
        try:
            self._continue_or_begin(_MARK + json.dumps(dict(about), sort_keys=True).encode("ascii") + b"\n")
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the lock back."""
        os.close(self._descriptor)

    def entries(self) -> Iterator[Entry]:
        """The entries from the first on, read anew from the disk."""
        with self.path.open("rb") as lines:
            next(lines, None)
            for line in lines:
                entry = self._entry(line)
                if entry is None:
                    return
                yield entry

    def write(self, value: Any) -> None:
        """Append an entry as a plain JSON value; once this returns, a kill of the process does not lose it.

        Raises:
            UsageError: The disk is full or the file can't be written.
        """
        self._write(json.dumps(value).encode("ascii") + b"\n")

    def remove(self) -> None:
        """Delete the file, once it is no longer needed."""
        self.path.unlink(missing_ok=True)

    def counted(self, entry: Entry) -> None:
        """Told of each entry that was there when the journal was opened."""

    def _continue_or_begin(self, about: bytes) -> None:
        """Stand behind the last whole line; what a kill or a crash left behind it is cut off."""
        with self.path.open("rb") as lines:
            first = lines.readline(len(about))
            whole = len(first) if first == about else 0
            for line in lines if whole else ():
                entry = self._entry(line)
                if entry is None:
                    break
                whole += len(line)
                self.counted(entry)
        if not (first.startswith(_MARK) or _MARK.startswith(first)):
            raise UsageError(
                f"{self.path}: is in the way and is no journal of an earlier run",
                hint="Move that file, or name another output with -o.",
            )
        if os.fstat(self._descriptor).st_size != whole:
            os.ftruncate(self._descriptor, whole)
        os.lseek(self._descriptor, whole, os.SEEK_SET)
        if not whole:
            self.replaced_another = bool(first)
            self._write(about)

    def _entry(self, line: bytes) -> Entry | None:
        """What a line holds; None when it is not a whole one."""
        if not line.endswith(b"\n"):
            return None
        try:
            return self._parse(json.loads(line))
        except (ValueError, TypeError, KeyError):
            return None

    def _write(self, line: bytes) -> None:
        rest = memoryview(line)
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError as error:
            raise unwritable(self.path, error) from error


def unwritable(path: Path, error: OSError) -> UsageError:
    """The error for a place that a run which can go on later can't write to."""
    return UsageError(
        f"{path}: can't be written: {error.strerror}",
        hint="Make room or choose another folder; the same command then goes on where it stopped.",
    )


def _open_locked(path: Path) -> int:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise unwritable(path, error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise UsageError(
            f"{path}: another run is writing this output", hint="Wait for it, or name another file with -o."
        ) from error
    return descriptor
