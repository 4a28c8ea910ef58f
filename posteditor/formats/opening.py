"""From names and openers to the codec of their format, with everything closed again when that fails."""

from collections.abc import Sequence

from posteditor.errors import UsageError
from posteditor.formats.comma_separated import CsvEditor, split_csv
from posteditor.formats.compression import Opener, open_decompressed
from posteditor.formats.detection import DOCUMENTS, detect_format
from posteditor.formats.documents import open_document
from posteditor.formats.jsonl import JsonlCodec
from posteditor.formats.lines import LineSource
from posteditor.formats.options import ReadOptions
from posteditor.formats.parallel_text import TextCodec
from posteditor.formats.records import Codec, SegmentSource
from posteditor.formats.tables import TableCodec
from posteditor.formats.tsv import TsvEditor, split_tsv


def open_source(openers: Sequence[Opener], names: Sequence[str], options: ReadOptions) -> SegmentSource:
    """The segments of files of any format, for one pass; the caller closes it.

    Raises:
        UsageError: The names or the options don't fit together.
        CorpusError: A file can't be read, or its first part can't.
    """
    kind = detect_format(names, options.format) if names else "text"
    if kind in DOCUMENTS:
        return open_document(kind, openers[0], names[0], options)
    return open_codec(openers, names, options)


def open_codec(
    openers: Sequence[Opener], names: Sequence[str], options: ReadOptions, *, carrier: int | None = None
) -> Codec:
    """Files made of lines as a codec, for one pass; the caller closes it.

    Args:
        names: One per opener; they decide format and compression and stand in messages.
        carrier: Index of the file that is to be spliced, where there are several.

    Raises:
        UsageError: The names or the options don't fit together.
        CorpusError: A file can't be read, or its first lines can't.
    """
    if not names:
        raise UsageError("no file was given", hint="name a file, or two or more parallel text files")
    kind = detect_format(names, options.format)
    if kind in DOCUMENTS:
        raise UsageError(
            f"{names[0]}: {kind} files are not made of lines, so no columns can be added to them",
            hint="convert it to .tsv, .csv or .jsonl first",
        )
    sources = open_lines(openers, names)
    try:
        return _codec(kind, sources, options, carrier)
    except BaseException:
        close_all(sources)
        raise


def open_lines(openers: Sequence[Opener], names: Sequence[str]) -> list[LineSource]:
    """The lines of each file; the caller closes them.

    Raises:
        CorpusError: A file can't be read.
    """
    sources: list[LineSource] = []
    try:
        for opener, name in zip(openers, names, strict=True):
            source = open_decompressed(opener, name)
            try:
                sources.append(LineSource(source))
            except BaseException:
                source.close()
                raise
    except BaseException:
        close_all(sources)
        raise
    return sources


def close_all(sources: Sequence[LineSource]) -> None:
    """Close all of them."""
    for source in sources:
        source.close()


def _codec(kind: str, sources: list[LineSource], options: ReadOptions, carrier: int | None) -> Codec:
    if kind == "tsv":
        return TableCodec(sources[0], options, split_tsv, TsvEditor)
    if kind == "csv":
        return TableCodec(sources[0], options, split_csv, CsvEditor)
    if kind == "jsonl":
        return JsonlCodec(sources[0], options)
    return TextCodec(sources, options, carrier)
