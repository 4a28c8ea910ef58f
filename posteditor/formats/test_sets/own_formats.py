"""Test sets in the formats of this tool: TSV, CSV and JSONL with references, and parallel text."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from posteditor.core.segment import Segment
from posteditor.errors import CorpusError
from posteditor.formats.columns import reference_number
from posteditor.formats.detection import DOCUMENTS
from posteditor.formats.options import ReadOptions
from posteditor.formats.reading import SegmentReader, open_segments
from posteditor.formats.test_sets.definition import ReferenceKind, TestSet
from posteditor.formats.test_sets.naming import stem
from posteditor.formats.test_sets.reference_kinds import reference_kind_of
from posteditor.formats.test_sets.selection import Request, refuse_selection

JOINED = "join parallel text files with commas, in the order source,mt,reference: news.de,mt.en,reference.en"
"""How several text files are one PATH."""


def open_table(request: Request, reference_kind: ReferenceKind | None) -> list[TestSet]:
    """The one test set that a file with references in one of our formats is.

    Args:
        request: The file.
        reference_kind: What the person says about the references; None takes it from the column ``reference_kind``.

    Raises:
        UsageError: The format is unknown, or something was selected.
        CorpusError: The file can't be read, has no references, or says differing things about their kind.
    """
    refuse_selection(request)
    path, options = request.path, request.options
    with open_segments([path], options) as reader:
        kind = reader.format
        if kind != "jsonl":  # there a record far below may still have one
            _check_references(reader, path)
    return [
        TestSet(
            name=stem(path),
            path=path,
            files=(path,),
            kind="table",
            read=partial(_read, (path,), options),
            reference_kind=reference_kind or (None if kind in DOCUMENTS else reference_kind_of(path, options)),
        )
    ]


def open_parallel_text(named: Path, paths: Sequence[Path], options: ReadOptions) -> list[TestSet]:
    """The one test set that parallel text files are: source, mt and references, unless the options say otherwise.

    Raises:
        UsageError: The names or the options don't fit together.
        CorpusError: A file can't be read, or none holds references.
    """
    with open_segments(paths, options) as reader:
        _check_references(reader, paths[-1])
    mt = paths[options.columns.index("mt")] if options.columns else paths[min(1, len(paths) - 1)]
    return [
        TestSet(name=stem(mt), path=named, files=tuple(paths), kind="text", read=partial(_read, tuple(paths), options))
    ]


def _check_references(reader: SegmentReader, path: Path) -> None:
    if any(map(reference_number, reader.columns)):
        return
    if reader.format == "text":
        raise CorpusError(path, "there is no text file with references beside it", hint=JOINED)
    raise CorpusError(
        path,
        f"there is no column reference; the columns that are read are {', '.join(reader.columns)}",
        hint="name the column of the reference translations reference, more of them reference_2 and so on",
    )


def _read(paths: tuple[Path, ...], options: ReadOptions) -> Iterator[Segment]:
    with open_segments(paths, options) as reader:
        yield from reader
