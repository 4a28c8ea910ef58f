"""CSV with commas: fields may be quoted, and then hold commas, line breaks and doubled quotes.

Broken quoting is refused: a quote inside a field that is not quoted, text after a closing quote, a quote that is never
closed. Line ends are those of ``lines``; a ``\\r`` that is not one is text.

Source: RFC 4180, section 2, rules 5 to 7.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from posteditor.formats.columns import Layout
from posteditor.formats.lines import LineBlock
from posteditor.formats.records import Kind, Record
from posteditor.formats.tables import Chunk, append_cells, cell_text, split_return

_QUOTED = r'"[^"]*+(?:""[^"]*+)*+"'
_FIELD = re.compile(rf'(?:{_QUOTED}|[^",]*+)(?=,|\Z)')
_CLOSED = re.compile(_QUOTED)
_PLAIN_FIELD = r'(?:"[^"\r]*+(?:""[^"\r]*+)*+"|[^",\r]*+)'
_PLAIN_RECORD = re.compile(rf"{_PLAIN_FIELD}(?:,{_PLAIN_FIELD})*+")
_NEEDS_QUOTES = re.compile(r'[",\r\n]')
# An opening quote without its closing one would otherwise draw the rest of the file into memory.
_LONGEST_RECORD = 1 << 23


class _BrokenQuoting(Exception):  # noqa: N818 - never leaves this module
    """``at``: offset of the fault; ``is_open``: a quote is open at the end, more lines may close it."""

    def __init__(self, problem: str, at: int, *, is_open: bool = False) -> None:
        super().__init__(problem)
        self.problem = problem
        self.at = at
        self.is_open = is_open


def split_csv(blocks: Iterator[LineBlock]) -> Iterator[Chunk]:
    """The records that end in each block."""
    assembly = _Assembly()
    for block in blocks:
        quick = None if assembly.is_open else _quick_chunk(block)
        if quick is not None:
            yield quick
            continue
        for line, text in enumerate(block.lines, block.first):
            assembly.feed(line, text, block.faults.get(line, ""))
        yield assembly.take()
    assembly.finish()
    yield assembly.take()


def _quick_chunk(block: LineBlock) -> Chunk | None:
    """The chunk of a block in which every line is a record without faults; None for any other.

    The standard library's reader is fast but takes broken quoting for text, hence the look at each line before.
    """
    texts = block.texts
    if block.faults or not all(map(_PLAIN_RECORD.fullmatch, texts)):
        return None
    try:
        fields = [cells or [""] for cells in csv.reader(texts, strict=True)]
    except csv.Error:  # a field above its limit
        return None
    return Chunk(range(block.first, block.first + len(texts)), block.lines, fields, {})


def csv_field(text: str) -> str:
    """The text as a field, quoted where it has to be."""
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text


class CsvEditor:
    """Puts targets and columns into CSV records; the fields that stay keep their quotes or their lack of them."""

    def __init__(self, layout: Layout) -> None:
        self._places = layout.places

    def with_target(self, record: Record, target: str) -> str:
        """The record with another target, or with one appended."""
        if "target" not in self._places:
            return append_cells(record.text, ",", [csv_field(target)])
        return _with_field(record.text, self._places["target"], csv_field(target))

    def with_status(self, record: Record, status: str) -> str:
        """The record with another status, if the file has that column."""
        place = self._places.get("status")
        return record.text if place is None else _with_field(record.text, place, status)

    def with_text(self, record: Record, column: str, text: str) -> str:
        """The record with another text in a column that the file has."""
        return _with_field(record.text, self._places[column], csv_field(text))

    def without_target(self, record: Record) -> str:
        """The record with an empty target appended."""
        return append_cells(record.text, ",", [""]) if _can_grow(record) else record.text

    def with_columns(self, record: Record, values: dict[str, object]) -> str:
        """The record with fields appended."""
        cells = [csv_field(cell_text(value)) for value in values.values()]
        return append_cells(record.text, ",", cells) if _can_grow(record) else record.text


def _with_field(record: str, place: int, field: str) -> str:
    start, end = _spans(split_return(record)[0])[place]
    return record[:start] + field + record[end:]


def _can_grow(record: Record) -> bool:
    if record.kind is not Kind.BAD:
        return True
    try:
        _spans(split_return(record.text)[0])
    except _BrokenQuoting:
        return False
    return True


def _spans(text: str) -> list[tuple[int, int]]:
    """Start and end of each field, quotes included.

    Raises:
        _BrokenQuoting: The quotes are not as they should be.
    """
    spans = []
    at = 0
    while True:
        found = _FIELD.match(text, at)
        if found is None:
            raise _diagnosis(text, at)
        spans.append(found.span())
        at = found.end() + 1
        if at > len(text):
            return spans


def _diagnosis(text: str, at: int) -> _BrokenQuoting:
    if not text.startswith('"', at):
        return _BrokenQuoting("a quote inside a field that does not start with one", text.index('"', at))
    closed = _CLOSED.match(text, at)
    if closed is None:
        return _BrokenQuoting("a quote is opened and never closed", at, is_open=True)
    return _BrokenQuoting("text after a closing quote", closed.end())


def _fields(text: str) -> list[str]:
    text, _ = split_return(text)
    if '"' not in text:
        return text.split(",")
    cells = (text[start:end] for start, end in _spans(text))
    return [cell[1:-1].replace('""', '"') if cell.startswith('"') else cell for cell in cells]


@dataclass(slots=True)
class _Assembly:
    """Puts lines together to records.

    After broken quoting it starts again on the line after the first one of the record, so that one stray quote costs
    one record, not the rest of the file.
    """

    _open: list[tuple[int, str, str]] = field(default_factory=list)
    """Lines (number, text, fault) of a record whose quote is still open."""
    _size: int = 0
    _done: Chunk = field(default_factory=lambda: Chunk([], [], [], {}))

    @property
    def is_open(self) -> bool:
        """A quote waits for its end."""
        return bool(self._open)

    def feed(self, line: int, text: str, fault: str) -> None:
        """Take the next line."""
        if not self._open and not fault and '"' not in text:
            self._add(line, text, _fields(text))
            return
        waiting = deque([(line, text, fault)])
        while waiting:
            waiting.extendleft(reversed(self._step(*waiting.popleft())))

    def finish(self) -> None:
        """Say that there are no more lines."""
        while self._open:
            for left in self._give_up("a quote is opened and never closed", 0):
                self.feed(*left)

    def take(self) -> Chunk:
        """The records completed since the last call."""
        done, self._done = self._done, Chunk([], [], [], {})
        return done

    def _step(self, line: int, text: str, fault: str) -> list[tuple[int, str, str]]:
        """Take a line; what comes back has to be taken again."""
        continues = bool(self._open)
        self._open.append((line, text, fault))
        self._size += len(text)
        if continues and text.count('"') % 2 == 0 and self._size <= _LONGEST_RECORD:
            return []
        whole = "\n".join(text for _, text, _ in self._open)
        try:
            fields = _fields(whole)
        except _BrokenQuoting as broken:
            if broken.is_open and self._size <= _LONGEST_RECORD and not (fault and not continues):
                return []
            return self._give_up(broken.problem, whole.count("\n", 0, broken.at))
        first = self._open[0][0]
        faults = [(number, fault) for number, _, fault in self._open if fault]
        self._open, self._size = [], 0
        self._add(first, whole, fields, faults[0] if faults else None)
        return []

    def _give_up(self, problem: str, lines_down: int) -> list[tuple[int, str, str]]:
        """Make the first open line a bad record; the other lines come back."""
        (line, text, fault), *rest = self._open
        self._open, self._size = [], 0
        self._add(line, text, [], (line, fault) if fault else (line + lines_down, problem))
        return rest

    def _add(self, line: int, text: str, fields: list[str], problem: tuple[int, str] | None = None) -> None:
        chunk = self._done
        assert isinstance(chunk.lines, list) and isinstance(chunk.texts, list) and isinstance(chunk.fields, list)
        if problem is not None:
            chunk.problems[len(chunk.lines)] = problem
        chunk.lines.append(line)
        chunk.texts.append(text)
        chunk.fields.append(fields)
