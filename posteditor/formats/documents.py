"""Formats whose segments are parts of something larger than lines: which module reads, splices and writes each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from posteditor.core.segment import Segment
from posteditor.errors import CorpusError
from posteditor.formats.atomic import OutputFile
from posteditor.formats.compression import ByteSink, Opener, compression_of, compressor
from posteditor.formats.losses import Losses
from posteditor.formats.options import ReadOptions, WriteOptions
from posteditor.formats.records import Change, Document

_BLOCK_BYTES = 1 << 20


class DocumentFormat(Protocol):
    """What the package of such a format offers (``posteditor.formats.tmx`` and so on, in its ``format`` module)."""

    def open_document(self, opener: Opener, name: str, options: ReadOptions) -> Document:
        """The file, for one pass; the caller closes it.

        Raises:
            CorpusError: It can't be read.
        """
        ...

    def holds(self, column: str) -> bool:
        """Whether a file written anew has a place for a known column."""
        ...

    def write(
        self, segments: Iterable[Segment], out: ByteSink, path: Path, options: WriteOptions, losses: Losses
    ) -> None:
        """Write a whole new file; ``out`` is not closed. What can't be held is counted in ``losses``.

        Args:
            path: For messages.

        Raises:
            UsageError: A language is missing.
            CorpusError: A segment can't be written.
        """
        ...


@dataclass(frozen=True, slots=True)
class DocumentSplice:
    """What a splice did."""

    segments: int
    """In the original, and in the output."""
    changed: int
    """Those with a new target."""
    refused: tuple[tuple[int, str], ...]
    """Positions that kept their old target, and why."""
    removed_characters: int = 0
    """Characters of new texts that the format can't hold, such as control characters in XML."""


def open_document(kind: str, opener: Opener, name: str, options: ReadOptions) -> Document:
    """A file of such a format, for one pass; the caller closes it.

    Raises:
        CorpusError: It can't be read.
    """
    return _format(kind).open_document(opener, name, options)


def held_columns(kind: str, columns: Sequence[str]) -> tuple[str, ...]:
    """Those of the columns that a file written anew has a place for."""
    return tuple(column for column in columns if _format(kind).holds(column))


def write_document(
    kind: str,
    segments: Iterable[Segment],
    out: BinaryIO | OutputFile,
    path: Path,
    options: WriteOptions,
    losses: Losses,
) -> int:
    """Write a whole new file, compressed if ``out`` does that; the number of segments.

    Raises:
        UsageError: A language is missing.
        CorpusError: A segment can't be written.
    """
    counted = _Counted(segments)
    _format(kind).write(losses.watch(counted), cast(ByteSink, out), path, options, losses)
    return counted.count


def splice_document(
    kind: str,
    opener: Opener,
    name: str,
    options: ReadOptions,
    changes: Iterable[Change],
    out: BinaryIO | OutputFile,
) -> DocumentSplice:
    """Write the original with changes made to it; without any the output is the original byte for byte.

    Args:
        changes: Ascending by position.
        out: Gets the bytes; unless it is an OutputFile, which knows better, compressed as the original is.

    Raises:
        CorpusError: The original can't be read, or a change is for no segment of it.
    """
    rest = iter(changes)
    first = list(islice(rest, 1))
    document = open_document(kind, opener, name, options)
    try:
        packing = out.compression if isinstance(out, OutputFile) else compression_of(name)
        if not first and packing is compression_of(name):
            count = sum(len(batch.lines) for batch in document.batches())
            _copy(opener, out)
            return DocumentSplice(count, 0, ())
        given = _Targets(chain(first, rest))
        sink = out if isinstance(out, OutputFile) else compressor(out, packing)
        for piece in document.spliced(given):
            sink.write(piece)
        if not isinstance(sink, OutputFile):
            sink.close()
    finally:
        document.close()
    if given.last > document.count:
        raise CorpusError(
            name,
            f"there is a target for segment {given.last}, but the file has {document.count} segments",
            hint="the file is not the one that the targets were made for",
        )
    changed = given.targets - len(document.refused)
    return DocumentSplice(document.count, changed, tuple(document.refused), document.removed_characters)


class _Counted:
    def __init__(self, segments: Iterable[Segment]) -> None:
        self._segments = segments
        self.count = 0

    def __iter__(self) -> Iterator[Segment]:
        for segment in self._segments:
            self.count += 1
            yield segment


class _Targets:
    """Changes on their way, with how many have a target and where the last one is."""

    def __init__(self, changes: Iterable[Change]) -> None:
        self._changes = changes
        self.targets = 0
        self.last = 0

    def __iter__(self) -> Iterator[Change]:
        for change in self._changes:
            if change.position <= self.last:
                raise ValueError(f"changes must ascend: {change.position} comes after {self.last}")
            self.last = change.position
            self.targets += change.target is not None
            yield change


def _format(kind: str) -> DocumentFormat:
    return cast(DocumentFormat, import_module(f"posteditor.formats.{kind}.format"))


def _copy(opener: Opener, out: BinaryIO | OutputFile) -> None:
    with opener() as raw:
        while block := raw.read(_BLOCK_BYTES):
            if isinstance(out, OutputFile):
                out.write_raw(block)
            else:
                out.write(block)
