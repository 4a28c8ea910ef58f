"""XLIFF as one of the formats for documents."""

from collections.abc import Iterable
from pathlib import Path

from posteditor.core.segment import Segment
from posteditor.formats.compression import ByteSink, Opener, open_decompressed
from posteditor.formats.losses import Losses
from posteditor.formats.options import ReadOptions, WriteOptions
from posteditor.formats.xliff.document import COLUMNS, XliffDocument
from posteditor.formats.xliff.new_files import write_xliff


def open_document(opener: Opener, name: str, options: ReadOptions) -> XliffDocument:
    """The file, for one pass; the caller closes it.

    Raises:
        CorpusError: It can't be read.
    """
    source = open_decompressed(opener, name)
    try:
        return XliffDocument(source, options)
    except BaseException:
        source.close()
        raise


def holds(column: str) -> bool:
    """Whether a new file has a place for a known column: all but references."""
    return column in COLUMNS


def write(segments: Iterable[Segment], out: ByteSink, path: Path, options: WriteOptions, losses: Losses) -> None:
    """Write a whole new file of XLIFF 1.2; ``out`` is not closed.

    Raises:
        UsageError: A language is missing.
    """
    write_xliff(segments, out, path, options, losses)
