"""The column ``reference_kind`` of TSV, CSV and JSONL: whether the references are post-edits of this very mt.

The readers don't know this column, so it gets a pass of its own over the file. In a table it is read in the place of
the note; of JSONL only the lines that have such a member are parsed, and what is wrong with the others is left to be
said by the reader of the segments.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from posteditor.errors import CorpusError
from posteditor.formats.columns import shown
from posteditor.formats.compression import file_opener
from posteditor.formats.detection import detect_format
from posteditor.formats.opening import open_codec, open_lines
from posteditor.formats.options import ReadOptions
from posteditor.formats.reading import open_segments
from posteditor.formats.tables import TableCodec
from posteditor.formats.test_sets.definition import REFERENCE_KINDS, ReferenceKind

COLUMN = "reference_kind"
_MEMBER = f'"{COLUMN}"'


def reference_kind_of(path: Path, options: ReadOptions) -> ReferenceKind | None:
    """What the column says; None when there is none, or its cells are all empty.

    Raises:
        CorpusError: A cell is neither empty nor one of the two kinds, or two cells differ.
    """
    kind: ReferenceKind | None = None
    first = 0
    for line, cell in _cells(path, options):
        if kind is not None and cell == kind:
            continue
        found = _checked(path, line, cell)
        if kind is not None:
            raise CorpusError(
                path,
                f"the {COLUMN} is {found}, but {kind} on line {first}",
                line=line,
                hint="a benchmark tells the two kinds apart: split the file, or say one kind with --reference-kind",
            )
        kind, first = found, line
    return kind


def _checked(path: Path, line: int, cell: object) -> ReferenceKind:
    for kind in REFERENCE_KINDS:
        if cell == kind:
            return kind
    raise CorpusError(
        path,
        f"the {COLUMN} {shown(str(cell))} is unknown; it is {' or '.join(REFERENCE_KINDS)}",
        line=line,
        hint="put it right, or leave it empty where nobody knows",
    )


def _cells(path: Path, options: ReadOptions) -> Iterator[tuple[int, object]]:
    """Line and content of the cells that are not empty."""
    kind = detect_format([str(path)], options.format)
    if kind == "jsonl":
        return _members(path)
    return iter(()) if kind == "text" or options.columns is not None else _column(path, options)


def _column(path: Path, options: ReadOptions) -> Iterator[tuple[int, object]]:
    codec = open_codec([file_opener(path)], [str(path)], options)
    try:
        names = codec.layout.names if isinstance(codec, TableCodec) else ()
    finally:
        codec.close()
    if COLUMN not in names:
        return
    read_as = {"mt": "mt", COLUMN: "note"}
    renamed = replace(options, columns=tuple(read_as.get(name, "-") for name in names), header=True)
    with open_segments([path], renamed) as reader:
        for segment in reader:
            if segment.note:
                yield segment.line, segment.note


def _members(path: Path) -> Iterator[tuple[int, object]]:
    (source,) = open_lines([file_opener(path)], [str(path)])
    try:
        for block in source:
            for line, text in enumerate(block.lines, block.first):
                if _MEMBER not in text:
                    continue
                try:
                    record = json.loads(text)
                except (ValueError, RecursionError):
                    continue
                if isinstance(record, dict) and record.get(COLUMN) not in (None, ""):
                    yield line, record[COLUMN]
    finally:
        source.close()
