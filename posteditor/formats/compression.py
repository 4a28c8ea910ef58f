"""Plain and compressed bytes: the suffix of a name decides, and damage is told from the end of the file."""

import gzip
import io
import lzma
import zlib
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Protocol, cast

import zstandard

from posteditor.errors import CorpusError

Opener = Callable[[], BinaryIO]
"""Opens the bytes of one file anew, as they lie on the disk; the caller closes."""

_BLOCK_BYTES = 1 << 20
_DAMAGE = (EOFError, zlib.error, lzma.LZMAError, zstandard.ZstdError, gzip.BadGzipFile)


class Compression(StrEnum):
    """How the bytes of a file are packed; the values are the suffixes."""

    NONE = ""
    GZIP = ".gz"
    ZSTD = ".zst"
    XZ = ".xz"


def compression_of(name: str) -> Compression:
    """What the last suffix of a name says, in either case."""
    suffix = Path(name).suffix.lower()
    return Compression(suffix) if suffix in {".gz", ".zst", ".xz"} else Compression.NONE


def without_compression(name: str) -> str:
    """The name without ``.gz``, ``.zst`` or ``.xz``."""
    return name[: len(name) - len(compression_of(name))]


def file_opener(path: Path) -> Opener:
    """An opener for a file on the disk.

    The opener raises:
        CorpusError: There is no such file, it is a folder, or it can't be read.
    """

    def open_file() -> BinaryIO:
        try:
            if path.is_dir():
                raise CorpusError(path, "this is a folder", hint="name a file in it")
            return path.open("rb")
        except FileNotFoundError:
            raise CorpusError(path, "there is no such file", hint="check the name and the folder") from None
        except PermissionError:
            raise CorpusError(
                path, "you may not read this file", hint="change it with chmod u+r, or ask its owner"
            ) from (None)
        except OSError as error:
            raise _unreadable(str(path), error) from error

    return open_file


class ByteSource:
    """The decompressed bytes of a file, in order; every failure is a CorpusError that names the file."""

    def __init__(self, raw: BinaryIO, name: str) -> None:
        self.name = name
        self._raw = raw
        self._compression = compression_of(name)
        self._stream = _decompressor(raw, self._compression)

    def read(self, size: int = _BLOCK_BYTES) -> bytes:
        """Up to ``size`` bytes; none at the end.

        Raises:
            CorpusError: The compressed data is damaged or cut short, or the disk fails.
        """
        try:
            return self._stream.read(size)
        except _DAMAGE as error:
            kind = self._compression.value
            raise CorpusError(
                self.name,
                f"the {kind} data is damaged or cut short ({error})",
                hint=f"fetch or make the file again; if it is not compressed at all, take {kind} off its name",
            ) from error
        except OSError as error:
            raise _unreadable(self.name, error) from error

    def close(self) -> None:
        """Close the file."""
        self._stream.close()
        self._raw.close()


def open_decompressed(opener: Opener, name: str) -> ByteSource:
    """The bytes of a file, decompressed as its name says; the caller closes.

    Raises:
        CorpusError: It can't be opened.
    """
    return ByteSource(opener(), name)


class ByteSink(Protocol):
    """What compressed output is written to."""

    def write(self, data: bytes, /) -> int:
        """Take all of ``data``."""
        ...

    def flush(self) -> None:
        """Hand everything taken so far on."""
        ...

    def close(self) -> None:
        """Write the end of the compressed data; the stream below stays open."""
        ...


def compressor(raw: BinaryIO, compression: Compression) -> ByteSink:
    """A stream that compresses into ``raw`` and leaves it open when closed; the same input gives the same bytes."""
    if compression is Compression.GZIP:
        return cast(ByteSink, gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=6, mtime=0))
    if compression is Compression.XZ:
        return cast(ByteSink, lzma.LZMAFile(raw, "wb"))
    if compression is Compression.ZSTD:
        return cast(ByteSink, zstandard.ZstdCompressor(level=3).stream_writer(raw, closefd=False))
    return _PlainSink(raw)


class _PlainSink:
    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw

    def write(self, data: bytes, /) -> int:
        return self._raw.write(data)

    def flush(self) -> None:
        self._raw.flush()

    def close(self) -> None:
        self._raw.flush()


def _unreadable(name: str, error: OSError) -> CorpusError:
    return CorpusError(name, f"the file can't be read ({error.strerror or error})", hint="check the disk and the file")


def _decompressor(raw: BinaryIO, compression: Compression) -> BinaryIO:
    if compression is Compression.GZIP:
        return cast(BinaryIO, gzip.GzipFile(fileobj=raw, mode="rb"))
    if compression is Compression.XZ:
        return cast(BinaryIO, lzma.LZMAFile(raw, "rb"))
    if compression is Compression.ZSTD:
        return io.BufferedReader(_ZstdFrames(raw), _BLOCK_BYTES)
    return raw


class _ZstdFrames(io.RawIOBase):
    """The content of all frames in turn; the library's own reader takes a file that is cut short for complete.

    Source: RFC 8878, section 3: a file is one or more frames, each decompressed on its own.
    """

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._inside = False
        self._packed = b""
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast(bytearray, buffer)).cast("B")
        while not self._ready and self._advance():
            pass
        size = min(len(view), len(self._ready))
        view[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def _advance(self) -> bool:
        """Decompress a piece; False at the end of the file."""
        # Small pieces: a highly compressible one grows by a factor of thousands, all of it held in memory.
        packed = self._packed or self._raw.read(1 << 14)
        self._packed = b""
        if not packed:
            if self._inside:
                raise EOFError("it ends in the middle of a frame")
            return False
        self._inside = True
        self._ready = memoryview(self._frame.decompress(packed))
        if self._frame.eof:
            self._packed = self._frame.unused_data
            self._frame = zstandard.ZstdDecompressor().decompressobj()
            self._inside = False
        return True
