"""PO catalogues (.po) and their templates (.pot)."""

from posteditor.formats.compression import Opener, open_decompressed
from posteditor.formats.options import ReadOptions
from posteditor.formats.po.reading import PoDocument
from posteditor.formats.po.writing import write

__all__ = ["holds", "open_document", "write"]

_HELD = frozenset({"id", "source", "target", "status", "note"})


def open_document(opener: Opener, name: str, options: ReadOptions) -> PoDocument:
    """The file, for one pass; the caller closes it.

    Raises:
        CorpusError: It can't be read.
    """
    source = open_decompressed(opener, name)
    try:
        return PoDocument(source, options)
    except BaseException:
        source.close()
        raise


def holds(column: str) -> bool:
    """Not the mt beside a target, and no references."""
    return column in _HELD
