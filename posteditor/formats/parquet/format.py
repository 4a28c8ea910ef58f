"""Parquet tables (.parquet)."""

from posteditor.formats.columns import is_known
from posteditor.formats.compression import Opener
from posteditor.formats.options import ReadOptions
from posteditor.formats.parquet.reading import ParquetDocument
from posteditor.formats.parquet.writing import write

__all__ = ["holds", "open_document", "write"]


def open_document(opener: Opener, name: str, options: ReadOptions) -> ParquetDocument:
    """The file, for one pass; the caller closes it.

    Raises:
        CorpusError: It can't be read.
        UsageError: It has more than two languages, and the options don't say which; or pyarrow is not installed.
    """
    return ParquetDocument(opener, name, options)


def holds(column: str) -> bool:
    """All known ones."""
    return is_known(column)
