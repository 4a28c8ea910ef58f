"""Tables, which TSV and CSV both are: a layout of columns over records that a splitter has cut into fields."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from posteditor.errors import CorpusError, UsageError
from posteditor.formats.columns import (
    STATUSES,
    Layout,
    is_known,
    layout_of_header,
    layout_of_option,
    shown,
    status_problem,
)
from posteditor.formats.lines import LineBlock, LineSource
from posteditor.formats.options import ReadOptions
from posteditor.formats.records import BadRecords, Batch, Cell, Editor, Kind, Record, none_if_empty

_NEW_OR_KNOWN = STATUSES | {""}


@dataclass(slots=True)
class Chunk:
    """Some records in a row, cut into fields."""

    lines: Sequence[int]
    """Where each starts."""
    texts: Sequence[str]
    """Each whole, with its ``\\r``."""
    fields: Sequence[Sequence[str]]
    """Each cut up; empty for one that could not be cut."""
    problems: dict[int, tuple[int, str]]
    """Index of a record that could not be read to the line of the fault and the fault."""


Splitter = Callable[[Iterator[LineBlock]], Iterator[Chunk]]
EditorMaker = Callable[[Layout], Editor]


class TableCodec:
    """A TSV or CSV file."""

    languages: tuple[str | None, str | None] = (None, None)

    def __init__(self, source: LineSource, options: ReadOptions, split: Splitter, make_editor: EditorMaker) -> None:
        self.carrier = source
        self.carrier_index = 0
        self.carries_target = True
        self.bad = BadRecords(source.name, options.skip_bad)
        self._bytes_hint = source.encoding_hint()
        chunks = split(iter(source))
        first = next(chunks, None)
        while first is not None and not first.lines:
            first = next(chunks, None)
        if first is None:
            raise CorpusError(source.name, "the file is empty: there are no segments in it", hint="check its name")
        self._has_header = options.columns is None if options.header is None else options.header
        self.layout = self._find_layout(first, options)
        self.columns = self.layout.columns
        self.header_names = (*first.fields[0], *self.layout.names) if self._has_header else self.layout.names
        self.editor = make_editor(self.layout)
        self._chunks = chain([first], chunks)

    @property
    def name(self) -> str:
        """The file, for messages."""
        return self.carrier.name

    def batches(self) -> Iterator[Batch]:
        """The segments by column."""
        skip_header = self._has_header
        for chunk in self._chunks:
            if skip_header:
                skip_header = False
                chunk = _without_first(chunk)
            yield self._quick_batch(chunk) or self._batch(chunk)

    def records(self) -> Iterator[Iterator[Record]]:
        """Everything there is, in order."""
        is_header = self._has_header
        for chunk in self._chunks:
            yield self._records(chunk, is_header)
            is_header = False

    def close(self) -> None:
        """Close the file."""
        self.carrier.close()

    def _find_layout(self, first: Chunk, options: ReadOptions) -> Layout:
        names = first.fields[0]
        if self._has_header or options.columns is None:
            if options.columns is None and options.header is False:
                raise UsageError(
                    f"{self.carrier.name}: a file without a header needs names for its columns",
                    hint="name them in order: --columns id,source,mt",
                )
            if 0 in first.problems:
                line, problem = first.problems[0]
                raise CorpusError(self.carrier.name, f"the header: {problem}", line=line, hint=self._bytes_hint)
        if options.columns is None:
            return layout_of_header(names, self.carrier.name)
        layout = layout_of_option(options.columns)
        if options.header is None and "mt" in names and all(map(is_known, names)):
            raise CorpusError(
                self.carrier.name,
                "the first line looks like a header, but --columns is for files without one",
                line=1,
                hint="leave --columns out, or add --header to put its names in place of the header's",
            )
        return layout

    def _quick_batch(self, chunk: Chunk) -> Batch | None:
        """The batch of a chunk without a single bad or blank record; None for any other."""
        layout = self.layout
        if chunk.problems or not chunk.fields or set(map(len, chunk.fields)) != {layout.width}:
            return None
        by_place = list(zip(*chunk.fields, strict=True))
        cells: dict[str, Sequence[Cell]] = {name: by_place[place] for name, place in layout.places.items()}
        if "status" in cells and not _NEW_OR_KNOWN.issuperset(cells["status"]):
            return None
        return Batch(chunk.lines, _with_targets(cells), len(chunk.lines))

    def _batch(self, chunk: Chunk) -> Batch:
        lines: list[int] = []
        rows: list[Sequence[str]] = []
        good: list[int] = []
        count = 0
        for index, line in enumerate(chunk.lines):
            if self._is_blank(chunk.texts[index]):
                continue
            at, problem, hint = self._check(chunk, index)
            if problem:
                self.bad.meet(at, problem, hint, chunk.texts[index])
            else:
                lines.append(line)
                rows.append(chunk.fields[index])
                good.append(count)
            count += 1
        cells: dict[str, Sequence[Cell]] = {
            name: [row[place] for row in rows] for name, place in self.layout.places.items()
        }
        return Batch(lines, _with_targets(cells), count, good)

    def _records(self, chunk: Chunk, is_header: bool) -> Iterator[Record]:
        target = self.layout.places.get("target")
        for index, line in enumerate(chunk.lines):
            text = chunk.texts[index]
            if is_header:
                is_header = False
                yield Record(Kind.HEADER, line, text, None)
            elif self._is_blank(text):
                yield Record(Kind.BLANK, line, text, None)
            else:
                at, problem, hint = self._check(chunk, index)
                if problem:
                    self.bad.meet(at, problem, hint)
                    yield Record(Kind.BAD, line, text, None, problem, hint)
                else:
                    yield Record(Kind.SEGMENT, line, text, None if target is None else chunk.fields[index][target])

    def _is_blank(self, text: str) -> bool:
        return text in ("", "\r") and self.layout.width > 1

    def _check(self, chunk: Chunk, index: int) -> tuple[int, str, str]:
        """Line, fault and remedy of a record; the fault is empty when there is none."""
        if index in chunk.problems:
            line, problem = chunk.problems[index]
            return line, problem, self._bytes_hint if problem.startswith("not UTF-8") else ""
        fields, layout, line = chunk.fields[index], self.layout, chunk.lines[index]
        if len(fields) != layout.width:
            return line, *self._width_problem(fields)
        if "status" in layout.places and (problem := status_problem(fields[layout.places["status"]])):
            return line, problem, "put it right, or name the columns with --header --columns, - for this one"
        return line, "", ""

    def _width_problem(self, fields: Sequence[str]) -> tuple[str, str]:
        expected = f"{self.layout.width} ({', '.join(map(shown, self.layout.names))})"
        few = len(fields) < self.layout.width
        cause = "a field is missing, or a line break stands inside one" if few else "a separator stands inside a field"
        problem = f"{len(fields)} field{'s' * (len(fields) != 1)}, expected {expected}"
        return problem, f"{cause}: put it right, or pass over such records with --skip-bad"


def _with_targets(cells: dict[str, Sequence[Cell]]) -> dict[str, Sequence[Cell]]:
    if "target" in cells:
        cells["target"] = none_if_empty(cells["target"])
    return cells


def _without_first(chunk: Chunk) -> Chunk:
    problems = {index - 1: problem for index, problem in chunk.problems.items() if index}
    return Chunk(chunk.lines[1:], chunk.texts[1:], chunk.fields[1:], problems)


def split_return(text: str) -> tuple[str, str]:
    """The text without the ``\\r`` of its line end, and that ``\\r`` or nothing."""
    return (text[:-1], "\r") if text.endswith("\r") else (text, "")


def append_cells(text: str, separator: str, cells: Sequence[str]) -> str:
    """A record with more fields at its end; its kind of line end stays."""
    text, ending = split_return(text)
    return line_of(separator.join((text, *cells)), ending)


def line_of(text: str, ending: str = "") -> str:
    """A record with its line end; a text that ends in ``\\r`` gets one more, for one is taken off on reading."""
    return text + (ending or "\r" * text.endswith("\r"))


def cell_text(value: object) -> str:
    """A value as the text of a cell: nothing for None, numbers as JSON writes them."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
