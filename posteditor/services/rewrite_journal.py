"""The journal of a long rewriting run: what is done so far, one line of JSON per batch, so that a kill loses one batch.

The first line says what the run is about (input, model, settings). A run that is about the same goes on behind the last
whole line; any other run starts the journal anew. It holds a lock on the file, so two runs never write one output.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from posteditor.core.suggestion import Suggestion
from posteditor.errors import UsageError

_MARK = b"posteditor journal 1 "
"""How a journal begins; a file that begins otherwise is somebody else's and not touched."""

Answers = list[tuple[int, Suggestion]]
"""The 1-based positions of a batch's segments with their suggestions."""


class RewriteJournal:
    """The file ``OUT.partial``; use as a context manager, which gives the lock back."""

    def __init__(self, output: Path, about: Mapping[str, Any]) -> None:
        """Open or begin the journal for ``output``.

        Args:
            output: The file that the run is to write in the end.
            about: Plain JSON values; all that the answers depend on.

        Raises:
            UsageError: The folder can't be written to, another run has the journal, or a foreign file has its name.
        """
        self.path = output.with_name(output.name + ".partial")
        self.batches = 0
        """Whole batches in the journal."""
        self.segments = 0
        """Segments in them."""
        self.replaced_another = False
        """True when there was a journal of a run about something else, which is gone now."""
        # A bare descriptor: a buffered file would try to write once more, in closing, what there was no room for.
        self._descriptor = _open_locked(self.path)
        try:
            self._continue_or_begin(_MARK + json.dumps(dict(about), sort_keys=True).encode("ascii") + b"\n")
        except BaseException:
            os.close(self._descriptor)
            raise

    def __enter__(self) -> "RewriteJournal":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)

    def append(self, answers: Sequence[tuple[int, Suggestion]]) -> None:
        """Add a batch; once this returns, a kill of the process does not lose it.

        Raises:
            UsageError: The disk is full or the file can't be written.
        """
        values = [[position, suggestion.to_json()] for position, suggestion in answers]
        self._write(json.dumps(values).encode("ascii") + b"\n")
        self.batches += 1
        self.segments += len(answers)

    def in_order(self) -> Iterator[Suggestion]:
        """All suggestions by position, from 1 on; holds no more of them than batches reorder."""
        waiting: dict[int, Suggestion] = {}
        expected = 1
        with self.path.open("rb") as lines:
            next(lines)
            for line in lines:
                waiting.update(_answers(line) or [])
                while expected in waiting:
                    yield waiting.pop(expected)
                    expected += 1

    def remove(self) -> None:
        """Delete the journal, once the output is written."""
        self.path.unlink(missing_ok=True)

    def _continue_or_begin(self, about: bytes) -> None:
        """Stand behind the last whole line; what a kill or a crash left behind it is cut off."""
        with self.path.open("rb") as lines:
            first = lines.readline(len(about))
            whole = len(first) if first == about else 0
            for line in lines if whole else ():
                answers = _answers(line)
                if answers is None:
                    break
                whole += len(line)
                self.batches += 1
                self.segments += len(answers)
        if not (first.startswith(_MARK) or _MARK.startswith(first)):
            raise UsageError(
                f"{self.path}: is in the way and is no journal of an earlier run",
                hint="Move that file, or name another output with -o.",
            )
        os.ftruncate(self._descriptor, whole)
        os.lseek(self._descriptor, whole, os.SEEK_SET)
        if not whole:
            self.replaced_another = bool(first)
            self._write(about)

    def _write(self, line: bytes) -> None:
        rest = memoryview(line)
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError as error:
            raise _unwritable(self.path, error) from error


def _open_locked(path: Path) -> int:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise UsageError(
            f"{path}: another run is writing this output", hint="Wait for it, or name another file with -o."
        ) from error
    return descriptor


def _answers(line: bytes) -> Answers | None:
    """What a line holds; None when it is not a whole one."""
    if not line.endswith(b"\n"):
        return None
    try:
        return [(int(position), Suggestion.from_json(value)) for position, value in json.loads(line)]
    except (ValueError, TypeError, KeyError):
        return None


def _unwritable(path: Path, error: OSError) -> UsageError:
    return UsageError(
        f"{path}: can't be written: {error.strerror}",
        hint="Make room or choose another folder; the same command then goes on where it stopped.",
    )
