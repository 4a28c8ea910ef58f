"""OUT as a folder of shards: files that are, one after the other, what one file would be.

They are made in ``OUT.partial``, which becomes OUT when all are there. A manifest in it says which shards are finished
and what was counted until then, so that a run that was killed goes on behind them. A shard appears complete or not.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from posteditor.errors import UsageError
from posteditor.formats.appending import AppendedLines
from posteditor.formats.atomic import atomic_output
from posteditor.formats.compression import compression_of, without_compression
from posteditor.formats.writing import write_lines
from posteditor.services.line_journal import LineJournal, unwritable
from posteditor.services.rewrite_journal import RewriteJournal

_MANIFEST = ".manifest"
_OURS = re.compile(r"\.?part-\d{6}\..+|\.manifest")
_Entry = dict[str, Any]


class ShardFolder:
    """The folder while it is made; use as a context manager, which gives the manifest's lock back."""

    def __init__(self, output: Path, about: Mapping[str, Any], *, force: bool) -> None:
        """Open the folder that an earlier run left, or begin one.

        Args:
            output: OUT; its name says the format of the shards.
            about: Plain JSON values; all that the shards depend on.
            force: Replace an OUT that is there already.

        Raises:
            UsageError: OUT exists, something is in the way, or another run writes this output.
        """
        self.output = output
        self.shards = 0
        """Shards that are finished."""
        self.counts: _Entry | None = None
        """What was counted until the last of them; None when there is none."""
        self._force = force
        self._about = dict(about)
        self._suffix = Path(without_compression(output.name)).suffix + compression_of(output.name)
        check_folder(output, force=force)
        self._partial = output.with_name(output.name + ".partial")
        _make(self._partial)
        self._manifest = LineJournal(self._partial / _MANIFEST, about, self._entry)
        self.replaced_another = self._manifest.replaced_another
        """True when there were shards of a run about something else, which are gone now."""
        try:
            for entry in self._manifest.entries():
                self.shards, self.counts = self.shards + 1, entry["counts"]
            self._tidy(with_journal=False)
        except BaseException:
            self._manifest.close()
            raise

    def __enter__(self) -> "ShardFolder":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._manifest.close()

    def journal(self) -> RewriteJournal:
        """The journal of the first shard that is not finished.

        Raises:
            UsageError: It can't be written.
        """
        return RewriteJournal(self._path(self.shards), {**self._about, "shard": self.shards})

    def write(self, lines: Iterable[str], *, has_bom: bool) -> int:
        """Write the next shard; the bytes it has on the disk. ``commit`` makes it count.

        Raises:
            UsageError: The disk is full or the file can't be written.
        """
        is_start = self.shards == 0
        path = self._path(self.shards)
        with atomic_output(path, force=True) as out:
            write_lines(out, lines, has_bom=has_bom and is_start, is_start=is_start)
        return path.stat().st_size

    def write_bytes(self, pieces: Iterable[bytes]) -> int:
        """The same for content that is there in bytes.

        Raises:
            UsageError: The disk is full or the file can't be written.
        """
        path = self._path(self.shards)
        with atomic_output(path, force=True) as out:
            for piece in pieces:
                out.write(piece)
        return path.stat().st_size

    def commit(self, size: int, counts: Mapping[str, Any]) -> None:
        """Note that the shard just written is finished.

        Args:
            size: Its bytes on the disk.
            counts: What was counted over all shards until now.

        Raises:
            UsageError: The disk is full.
        """
        self._manifest.write({"shard": self.shards, "bytes": size, "counts": dict(counts)})
        self.shards += 1

    def finish(self) -> None:
        """Give the folder its name.

        Raises:
            UsageError: Somebody made an OUT meanwhile, or the folder can't be renamed.
        """
        check_folder(self.output, force=self._force)
        old = self.output.with_name(f".{self.output.name}.{os.getpid()}.old")
        try:
            self._tidy(with_journal=True)
            if self.output.exists():
                self.output.rename(old)
            self._partial.rename(self.output)
            (self.output / _MANIFEST).unlink()
            if old.exists():
                _remove(old)
        except OSError as error:
            raise unwritable(self.output, error) from error

    def _path(self, shard: int) -> Path:
        return self._partial / f"part-{shard:06d}{self._suffix}"

    def _entry(self, value: Any) -> _Entry:
        """A line of the manifest; ValueError when its shard is not there as it was left."""
        path = self._path(int(value["shard"]))
        if not isinstance(value["counts"], dict) or not path.is_file() or path.stat().st_size != value["bytes"]:
            raise ValueError(value)
        return dict(value)

    def _tidy(self, *, with_journal: bool) -> None:
        """Remove what killed runs left beside finished shards, the manifest and the journal of the next shard."""
        wanted = {_MANIFEST, *(self._path(shard).name for shard in range(self.shards))}
        if not with_journal:
            wanted.add(self._path(self.shards).name + ".partial")
        for path in _entries(self._partial):
            if path.name not in wanted:
                path.unlink()


def check_folder(output: Path, *, force: bool) -> None:
    """See that a folder of this name may be made, or replaced.

    Raises:
        UsageError: It may not.
    """
    if not output.exists():
        return
    if not output.is_dir():
        raise UsageError(f"{output}: there is a file of that name", hint="This engine writes a folder: name another.")
    names = [path.name for path in output.iterdir()]
    if any(not _OURS.fullmatch(name) for name in names):
        raise UsageError(f"{output}: there is a folder of that name, with other files in it", hint="Name another one.")
    if names and not force:
        raise UsageError(f"{output}: there is already a folder of that name", hint="Add --force to write over it.")


def lines_of_shard(lines: AppendedLines, end: int | None) -> Iterator[str]:
    """The lines up to that of segment ``end``; None takes the rest."""
    for line in lines:
        yield line
        if lines.count == end:
            return


def _make(partial: Path) -> None:
    """Make the folder; one that is there has to be empty or an earlier run's."""
    try:
        partial.mkdir(exist_ok=True)
        names = [path.name for path in partial.iterdir()]
    except FileExistsError:
        names = [partial.name]
    except OSError as error:
        raise unwritable(partial, error) from error
    if names and (_MANIFEST not in names or any(not _OURS.fullmatch(name) for name in names)):
        raise UsageError(
            f"{partial}: is in the way and is no folder of an earlier run of this engine",
            hint="Move it, or name another output with -o.",
        )


def _entries(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def _remove(folder: Path) -> None:
    for path in _entries(folder):
        path.unlink()
    folder.rmdir()
