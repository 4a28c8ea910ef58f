"""The bytes of the files a project was made from, so that an export can put targets into the original."""

import hashlib
import io
import os
import queue
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import zstandard

from posteditor.errors import CorpusError, StoreError
from posteditor.store.connection import Database

CHUNK_BYTES = 4 * 1024 * 1024
_LEVEL = 3
_WAITING_CHUNKS = 4
# What is compressed already would only cost time: gzip, Zstandard, xz, ZIP, bzip2, Parquet.
_COMPRESSED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\xfd7zXZ\0", b"PK\x03\x04", b"BZh", b"PAR1")


@dataclass(frozen=True, slots=True)
class Original:
    """A file as it was at import."""

    number: int
    """0-based, in the order of the command line."""
    path: Path
    """Where it was found."""
    size: int
    """In bytes."""
    sha256: str
    """Hexadecimal, over the bytes as they lie on the disk."""
    mtime_ns: int
    """Time of its last change, nanoseconds since 1970."""


class OriginalTable:
    """The kept files of a project, in order."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Original]:
        """The files, without their bytes."""
        rows = self._database.execute("SELECT number, path, size, sha256, mtime_ns FROM original ORDER BY number")
        folder = self._database.path.absolute().parent
        return [Original(number, folder / path, size, sha256, mtime) for number, path, size, sha256, mtime in rows]

    def chunks(self, number: int) -> Iterator[bytes]:
        """The bytes of a file, in pieces.

        Raises:
            StoreError: They are not what came in; found at the end at the latest.
        """
        row = self._database.one("SELECT compressed, sha256 FROM original WHERE number = ?", (number,))
        if row is None:
            raise StoreError(f"{self._database.path}: the project has no original file {number + 1}")
        compressed, expected = row
        digest = hashlib.sha256()
        chunk = 0
        while found := self._database.one(
            "SELECT bytes FROM original_chunk WHERE number = ? AND chunk = ?", (number, chunk)
        ):
            data = zstandard.decompress(found[0]) if compressed else found[0]
            digest.update(data)
            yield data
            chunk += 1
        if digest.hexdigest() != expected:
            raise StoreError(
                f"{self._database.path}: the original kept in the project is damaged (its SHA-256 does not fit)",
                hint=f"run 'posteditor recover {self._database.path}', or export to another format",
            )

    def open(self, number: int) -> BinaryIO:
        """The bytes of a file as a stream; the caller closes it. Reading raises as ``chunks`` does."""
        return io.BufferedReader(_ChunkStream(self.chunks(number)), CHUNK_BYTES)

    def add(self, row: Original, *, compressed: bool) -> None:
        """Record a file whose chunks are stored."""
        self._database.execute(
            "INSERT INTO original VALUES (?, ?, ?, ?, ?, ?)",
            (row.number, self._stored_path(row.path), row.size, row.sha256, row.mtime_ns, int(compressed)),
        )

    def add_chunk(self, number: int, chunk: int, data: bytes) -> None:
        """Store one piece, compressed or as it is."""
        self._database.execute("INSERT INTO original_chunk VALUES (?, ?, ?)", (number, chunk, data))

    def touch(self, number: int, mtime_ns: int) -> None:
        """Note that a file with the same bytes has a new time."""
        with self._database.atomic():
            self._database.execute("UPDATE original SET mtime_ns = ? WHERE number = ?", (mtime_ns, number))

    def _stored_path(self, path: Path) -> str:
        """Relative where the file lies in the project's folder, so that both can be moved together."""
        path, folder = path.absolute(), self._database.path.absolute().parent
        return str(path.relative_to(folder) if path.is_relative_to(folder) else path)


class _ChunkStream(io.RawIOBase):
    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            self._rest = memoryview(next(self._chunks, b""))
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


_Item = tuple[int, int, bytes] | tuple[Original, bool] | OSError | None
"""What the thread hands over: a chunk, a finished file and whether it was compressed, a failure, or the end."""


class OriginalKeeper:
    """Reads, hashes and compresses the originals in a thread, while the import parses them; a context manager.

    SHA-256 and Zstandard work outside the interpreter's lock. The thread never touches the database: ``drain`` stores
    what is ready, from the thread of the import.
    """

    def __init__(self, table: OriginalTable, paths: Sequence[Path]) -> None:
        self._table = table
        self._paths = paths
        self._ready: queue.Queue[_Item] = queue.Queue(_WAITING_CHUNKS)
        self._stop = threading.Event()
        self._done = False
        self._thread = threading.Thread(target=self._work, name="originals", daemon=True)
        self._found: list[Original] = []
        # Taken before anybody reads: a change later than this makes what was parsed and what is kept differ.
        self._stamps = [_stamp(path) for path in paths]

    def drain(self) -> None:
        """Store what the thread has ready, without waiting."""
        while not self._done:
            try:
                self._store(self._ready.get_nowait())
            except queue.Empty:
                return

    def finish(self) -> list[Original]:
        """Wait for the rest and store it; the files.

        Raises:
            CorpusError: A file could not be read, or changed while it was read.
        """
        while not self._done:
            self._store(self._ready.get())
        for original, stamp in zip(self._found, self._stamps, strict=True):
            if not stamp == _stamp(original.path) == (original.size, original.mtime_ns):
                raise CorpusError(
                    original.path,
                    "the file changed while it was being read",
                    hint="wait until it is complete, then try again",
                )
        return self._found

    def __enter__(self) -> "OriginalKeeper":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        while self._thread.is_alive():
            try:
                self._ready.get(timeout=0.05)  # it may be waiting for room
            except queue.Empty:
                continue
        self._thread.join()

    def _store(self, item: _Item) -> None:
        if item is None:
            self._done = True
        elif isinstance(item, OSError):
            raise CorpusError(
                item.filename or self._paths[0],
                f"the file can't be read ({item.strerror or item})",
                hint="check its permissions",
            ) from item
        elif len(item) == 3:
            self._table.add_chunk(*item)
        else:
            self._table.add(item[0], compressed=item[1])
            self._found.append(item[0])

    def _work(self) -> None:
        try:
            for number, path in enumerate(self._paths):
                self._keep(number, path)
            self._ready.put(None)
        except OSError as error:
            self._ready.put(error)

    def _keep(self, number: int, path: Path) -> None:
        digest = hashlib.sha256()
        compressor = zstandard.ZstdCompressor(level=_LEVEL)
        size = chunk = 0
        compress = True
        with path.open("rb") as file:
            while (data := file.read(CHUNK_BYTES)) and not self._stop.is_set():
                if chunk == 0:
                    compress = not data.startswith(_COMPRESSED)
                digest.update(data)
                self._ready.put((number, chunk, compressor.compress(data) if compress else data))
                size += len(data)
                chunk += 1
        stamp = self._stamps[number]
        self._ready.put((Original(number, path, size, digest.hexdigest(), stamp[1] if stamp else 0), compress))


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stamp(path: Path) -> tuple[int, int] | None:
    """Size and time of last change; None where there is no such file."""
    try:
        found = os.stat(path)  # noqa: PTH116 - one call for both
    except OSError:
        return None
    return (found.st_size, found.st_mtime_ns)
