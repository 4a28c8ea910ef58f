"""TMX 1.4b, levels 1 and 2; 1.1 to 1.4 are read."""

from posteditor.formats.columns import is_known
from posteditor.formats.compression import Opener, open_decompressed
from posteditor.formats.options import ReadOptions
from posteditor.formats.tmx.reading import TmxDocument
from posteditor.formats.tmx.writing import write

__all__ = ["holds", "open_document", "write"]


def open_document(opener: Opener, name: str, options: ReadOptions) -> TmxDocument:
    """The file, for one pass; the caller closes it.

    Raises:
        CorpusError: It can't be read.
        UsageError: It has more than two languages, and the options don't say which are meant.
    """
    source = open_decompressed(opener, name)
    try:
        return TmxDocument(source, options)
    except BaseException:
        source.close()
        raise


def holds(column: str) -> bool:
    """All known ones: what TMX has no place for are properties."""
    return is_known(column)
