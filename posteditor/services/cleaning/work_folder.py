"""The folder beside OUT where a run keeps what it has decided, until OUT is there.

``decisions`` is the journal, a line per batch. ``fingerprints`` and ``scores`` have what belongs to the same batches,
and are cut to the length that the journal knows of. So a run that was killed loses the batch under way and no more.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from posteditor.errors import UsageError
from posteditor.services.cleaning.decisions import Decisions
from posteditor.services.cleaning.judging import Judged
from posteditor.services.line_journal import LineJournal, unwritable

_JOURNAL = "decisions"
_BESIDE = ("fingerprints", "scores")
_REPEATS = "repeats"


class WorkFolder:
    """The folder while a run has it; use as a context manager."""

    def __init__(self, output: Path, about: Mapping[str, Any]) -> None:
        """Open what an earlier run has left, or begin anew.

        Args:
            output: OUT, whose name the folder has with ``.cleaning`` behind it.
            about: Plain JSON values; all that decisions depend on.

        Raises:
            UsageError: Something is in the way, can't be written, or another run is at work.
        """
        self.path = output.with_name(output.name + ".cleaning")
        self.batches = 0
        """Batches that are decided on."""
        self.pairs = 0
        """Pairs in them."""
        _make(self.path)
        self._journal = _Journal(self.path / _JOURNAL, about, Decisions.from_json)
        self.replaced_another = self._journal.replaced_another
        """True when there were decisions of a run about something else, which are gone now."""
        self._descriptors: list[int] = []
        try:
            self.batches, self.pairs = self._journal.batches, self._journal.pairs
            self._descriptors = [
                _open_at(self.path / name, size) for name, size in zip(_BESIDE, self._journal.sizes, strict=True)
            ]
            if any(descriptor < 0 for descriptor in self._descriptors):
                raise UsageError(
                    f"{self.path}: something in it is missing", hint="Remove that folder; the run then starts anew."
                )
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "WorkFolder":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let others have it."""
        for descriptor in self._descriptors:
            if descriptor >= 0:
                os.close(descriptor)
        self._descriptors = []
        self._journal.close()

    def append(self, found: Decisions, judged: Judged) -> None:
        """Add a batch; once this returns, a kill of the process does not lose it.

        Raises:
            UsageError: The disk is full.
        """
        for descriptor, name, data in zip(
            self._descriptors, _BESIDE, (judged.fingerprints, judged.score_lines.encode()), strict=True
        ):
            _write(self.path / name, descriptor, data)
        self._journal.write(found.to_json())
        self.batches += 1
        self.pairs += found.outcome.pairs

    def decisions(self) -> Iterator[Decisions]:
        """All batches in order."""
        return self._journal.entries()

    def fingerprints(self) -> Iterator[tuple[Decisions, bytes]]:
        """All batches, with the fingerprints of the pairs that are kept."""
        with (self.path / _BESIDE[0]).open("rb") as file:
            for found in self.decisions():
                yield found, file.read(found.fingerprint_bytes)

    def score_blocks(self) -> Iterator[bytes]:
        """The lines of all scores, in blocks."""
        with (self.path / _BESIDE[1]).open("rb") as file:
            while block := file.read(1 << 20):
                yield block

    @property
    def duplicates(self) -> Path:
        """Where a run keeps what it finds out about duplicates."""
        return self.path / _REPEATS

    def remove(self) -> None:
        """Delete the folder, once OUT is there."""
        _remove(self.path)


class _Journal(LineJournal[Decisions]):
    def __init__(self, *arguments: Any) -> None:
        self.batches = 0
        self.pairs = 0
        self.sizes = [0, 0]
        super().__init__(*arguments)

    def counted(self, entry: Decisions) -> None:
        self.batches += 1
        self.pairs += entry.outcome.pairs
        self.sizes[0] += entry.fingerprint_bytes
        self.sizes[1] += entry.score_bytes


def _make(path: Path) -> None:
    try:
        path.mkdir(exist_ok=True)
        names = {entry.name for entry in path.iterdir()}
    except FileExistsError:
        names = {path.name}
    except OSError as error:
        raise unwritable(path, error) from error
    if names and _JOURNAL not in names:
        raise UsageError(
            f"{path}: is in the way and is no folder of an earlier run",
            hint="Move it, or name another output with -o.",
        )


def _open_at(path: Path, size: int) -> int:
    """The file, ready to append behind ``size`` bytes; -1 where it is shorter than that."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise unwritable(path, error) from error
    if os.fstat(descriptor).st_size < size:
        os.close(descriptor)
        return -1
    os.ftruncate(descriptor, size)
    os.lseek(descriptor, size, os.SEEK_SET)
    return descriptor


def _write(path: Path, descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    try:
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    except OSError as error:
        raise unwritable(path, error) from error


def _remove(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            _remove(path)
        else:
            path.unlink()
    folder.rmdir()
