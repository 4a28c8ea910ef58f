"""Bytes to lines: UTF-8, cut at \\n alone, in blocks; the bytes can always be had back from the lines.

Lines keep their ``\\r``, and ``texts`` takes off the one that belongs to the line end (the very last line may have it
without its ``\\n``: a file that was cut off). A line that is not UTF-8 comes with a fault and with its bytes as lone
surrogates (``surrogateescape``), so ``to_bytes`` restores it exactly. Nothing here knows of columns or records.
"""

import re
import shlex
from collections.abc import Iterator
from typing import NamedTuple

from posteditor.errors import CorpusError
from posteditor.formats.compression import ByteSource, without_compression

BOM = "\ufeff"
_BLOCK_BYTES = 1 << 19
_LONGEST_LINE_BYTES = 1 << 26
_FOREIGN_MARKS = (  # the order matters: a UTF-32 mark starts with a UTF-16 one
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_ARCHIVES = (
    (b"\x1f\x8b", "gzip data, but its name does not end in .gz"),
    (b"\x28\xb5\x2f\xfd", "Zstandard data, but its name does not end in .zst"),
    (b"\xfd7zXZ\x00", "xz data, but its name does not end in .xz"),
    (b"PK\x03\x04", "a ZIP archive (an office document, perhaps)"),
)
_ESCAPED_BYTES = re.compile("[\udc80-\udcff]+")


class LineBlock(NamedTuple):
    """Some whole lines in a row."""

    first: int
    """1-based number of the first line."""
    lines: list[str]
    """Without ``\\n``, with their ``\\r``."""
    faults: dict[int, str]
    """Line number to what is wrong with its bytes; empty for nearly all blocks."""
    has_returns: bool
    """Some line may end in ``\\r``."""

    @property
    def texts(self) -> list[str]:
        """The lines without the ``\\r`` of a ``\\r\\n``; any other ``\\r`` is text."""
        if not self.has_returns:
            return self.lines
        return [line[:-1] if line.endswith("\r") else line for line in self.lines]


class LineSource:
    """All lines of a file, to be gone through once."""

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self.name = source.name
        self.has_bom = False
        """The file starts with a UTF-8 byte order mark, which is no part of the first line."""
        self.is_open_ended = False
        """The last line has no ``\\n``; known when all lines have been taken."""
        self.count = 0
        """Lines taken so far."""
        self._start = self._checked_start()

    def __iter__(self) -> Iterator[LineBlock]:
        parts: list[bytes] = []
        waiting = 0
        data = self._start
        while data:
            cut = data.rfind(b"\n")
            if cut < 0:
                parts.append(data)
                waiting += len(data)
                if waiting > _LONGEST_LINE_BYTES:
                    raise self._too_long()
            else:
                parts.append(data[:cut])
                yield self._block(b"".join(parts))
                parts = [data[cut + 1 :]]
                waiting = len(parts[0])
            data = self._source.read(_BLOCK_BYTES)
        rest = b"".join(parts)
        if rest:
            self.is_open_ended = True
            yield self._block(rest)

    def close(self) -> None:
        """Close the file."""
        self._source.close()

    def encoding_hint(self) -> str:
        """What to do about bytes that are not UTF-8."""
        return _iconv_hint(self.name, "WINDOWS-1252")

    def _checked_start(self) -> bytes:
        start = b""
        while len(start) < 8 and (more := self._source.read(_BLOCK_BYTES)):
            start += more
        for mark, encoding in _FOREIGN_MARKS:
            if start.startswith(mark):
                raise CorpusError(
                    self.name, f"the file is {encoding}, only UTF-8 is read", hint=_iconv_hint(self.name, encoding)
                )
        for mark, kind in _ARCHIVES:
            if start.startswith(mark):
                raise CorpusError(self.name, f"the file is {kind}", hint="unpack or rename it")
        if _looks_like_utf16(start[:4096]):
            raise CorpusError(
                self.name,
                "the file looks like UTF-16 without its mark: every other byte is 0",
                hint=_iconv_hint(self.name, "UTF-16LE" if start[1] == 0 else "UTF-16BE"),
            )
        if start.startswith(BOM.encode()):
            self.has_bom = True
            return start[3:]
        return start

    def _block(self, data: bytes) -> LineBlock:
        first = self.count + 1
        faults: dict[int, str] = {}
        try:
            lines = data.decode().split("\n")
        except UnicodeDecodeError:
            lines = data.decode(errors="surrogateescape").split("\n")
            for number, line in enumerate(lines, first):
                if not line.isascii() and (found := _ESCAPED_BYTES.search(line)):
                    faults[number] = _fault(line, found)
        self.count += len(lines)
        return LineBlock(first, lines, faults, b"\r" in data)

    def _too_long(self) -> CorpusError:
        return CorpusError(
            self.name,
            f"a line of more than {_LONGEST_LINE_BYTES >> 20} MiB",
            line=self.count + 1,
            hint="this does not look like a text file with one segment a line",
        )


class LineQueue:
    """Lines in portions of any size, for files that are read side by side."""

    def __init__(self, source: LineSource) -> None:
        self.source = source
        self._blocks = iter(source)
        self._block = LineBlock(1, [], {}, False)
        self._at = 0
        self.taken = 0
        """Lines handed out so far."""

    def take(self, count: int) -> LineBlock:
        """The next ``count`` lines, fewer at the end of the file."""
        first = self.taken + 1
        lines: list[str] = []
        faults: dict[int, str] = {}
        has_returns = False
        while len(lines) < count and self._fill():
            piece = self._block.lines[self._at : self._at + count - len(lines)]
            faults.update(self._block.faults)
            has_returns |= self._block.has_returns
            lines += piece
            self._at += len(piece)
        self.taken += len(lines)
        faults = {at: fault for at, fault in faults.items() if first <= at <= self.taken}
        return LineBlock(first, lines, faults, has_returns)

    def count_all(self) -> int:
        """The number of lines of the whole file; what was not taken yet is lost."""
        for _ in self._blocks:
            pass
        return self.source.count

    def _fill(self) -> bool:
        while self._at >= len(self._block.lines):
            block = next(self._blocks, None)
            if block is None:
                return False
            self._block, self._at = block, 0
        return True


def to_bytes(text: str) -> bytes:
    """The bytes that a line, or several joined with ``\\n``, came from."""
    return text.encode(errors="surrogateescape")


def _looks_like_utf16(start: bytes) -> bool:
    """True when nearly all bytes at odd places are 0 and none at even ones, or the other way round."""
    if len(start) < 16:
        return False
    zeros = (start[::2].count(0), start[1::2].count(0))
    return min(zeros) == 0 and max(zeros) * 10 >= len(start) // 2 * 8


def _fault(line: str, found: re.Match[str]) -> str:
    wrong = to_bytes(found.group()).hex(" ")
    offset = len(to_bytes(line[: found.start()])) + 1
    return f"not UTF-8: byte {offset} of the line ({wrong})"


def _iconv_hint(name: str, encoding: str) -> str:
    plain = without_compression(name)
    unpack = "" if plain == name else "unpack it, then "
    return (
        f"if it is {encoding}, {unpack}convert it: "
        f"iconv -f {encoding} -t UTF-8 {shlex.quote(plain)} > {shlex.quote(plain + '.utf8')}"
    )
