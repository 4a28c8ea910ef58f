"""JSONL: one JSON object a line; the members with known names are read, all others kept.

Texts are strings or null, an id may also be a number and is kept as it is written. Refused are names that occur twice,
half surrogate pairs (``\\ud800``), which no Unicode text can hold, and NaN and Infinity, which are not JSON.

Source: RFC 8259 and https://jsonlines.org.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from posteditor.core.segment import Status
from posteditor.errors import CorpusError, UsageError
from posteditor.formats.columns import NAMES, is_known, reference_names, shown, status_problem
from posteditor.formats.lines import LineBlock, LineSource
from posteditor.formats.options import ReadOptions
from posteditor.formats.records import BadRecords, Batch, Cell, Editor, Kind, Record

_SPACE = " \t\r"


class _Number(str):
    """A number as it is written."""

    __slots__ = ()


class _BadLine(Exception):  # noqa: N818 - never leaves this module
    """A line that is no record; the text says why, the hint what to do when that is not plain."""

    def __init__(self, problem: str, hint: str = "") -> None:
        super().__init__(problem)
        self.hint = hint


class JsonlCodec:
    """A JSONL file."""

    languages: tuple[str | None, str | None] = (None, None)

    def __init__(self, source: LineSource, options: ReadOptions) -> None:
        if options.columns is not None or options.header is not None:
            raise UsageError(
                f"{source.name}: JSONL has no columns to name and no header",
                hint="leave --columns and --header out; members called id, source, mt, target, reference are read",
            )
        self.carrier = source
        self.carrier_index = 0
        self.carries_target = True
        self.header_names: tuple[str, ...] = ()
        self.bad = BadRecords(source.name, options.skip_bad)
        self.editor: Editor = JsonlEditor(source.name)
        self._bytes_hint = source.encoding_hint()
        self._blocks = iter(source)
        first = next(self._blocks, None)
        if first is None:
            raise CorpusError(source.name, "the file is empty: there are no segments in it", hint="check its name")
        self.columns = self._first_columns(first)
        self._blocks = chain([first], self._blocks)

    @property
    def name(self) -> str:
        """The file, for messages."""
        return self.carrier.name

    def batches(self) -> Iterator[Batch]:
        """The segments by column; a batch has the columns that occur in it."""
        for block in self._blocks:
            lines: list[int] = []
            rows: list[dict[str, Cell]] = []
            good: list[int] = []
            count = 0
            for line, text in enumerate(block.lines, block.first):
                if _is_blank(text):
                    continue
                try:
                    rows.append(self._parse(block, line, text))
                    lines.append(line)
                    good.append(count)
                except _BadLine as bad:
                    self._meet(block, line, bad)
                count += 1
            columns = _columns_of(rows)
            yield Batch(lines, {name: [row.get(name) for row in rows] for name in columns}, count, good)

    def records(self) -> Iterator[Iterator[Record]]:
        """Everything there is, in order."""
        for block in self._blocks:
            yield self._records(block)

    def close(self) -> None:
        """Close the file."""
        self.carrier.close()

    def _records(self, block: LineBlock) -> Iterator[Record]:
        for line, text in enumerate(block.lines, block.first):
            if _is_blank(text):
                yield Record(Kind.BLANK, line, text, None)
                continue
            try:
                cells = self._parse(block, line, text)
            except _BadLine as bad:
                self._meet(block, line, bad)
                yield Record(Kind.BAD, line, text, None)
            else:
                yield Record(Kind.SEGMENT, line, text, cells.get("target"))

    def _meet(self, block: LineBlock, line: int, bad: _BadLine) -> None:
        hint = self._bytes_hint if line in block.faults else bad.hint
        self.bad.meet(line, str(bad), hint, block.lines[line - block.first])

    def _first_columns(self, block: LineBlock) -> tuple[str, ...]:
        """The known names among the records of the first block that are in order."""
        rows = []
        for line, text in enumerate(block.lines, block.first):
            try:
                rows.append({} if _is_blank(text) else self._parse(block, line, text))
            except _BadLine:
                continue  # reported, or stopped at, when its turn comes
        return tuple(_columns_of(rows)) or ("mt",)

    def _parse(self, block: LineBlock, line: int, text: str) -> dict[str, Cell]:
        """The known members of a record; mt is among them and no None.

        Raises:
            _BadLine: It is no record.
        """
        if line in block.faults:
            raise _BadLine(block.faults[line])
        members = _loads(text)
        cells = {name: _text(name, value) for name, value in members.items() if name in NAMES or is_known(name)}
        if cells.get("mt") is None:
            raise _no_mt(members)
        if "\\u" in text:
            _refuse_half_pairs(cells)
        if problem := status_problem(cells.get("status")):
            raise _BadLine(problem)
        if cells.get("target") == "" and cells.get("status") in (None, "", Status.NEW):
            cells["target"] = None
        return cells


class JsonlEditor:
    """Puts targets and members into the line of a record; not a byte of the others changes."""

    def __init__(self, name: str) -> None:
        self._name = name

    def with_target(self, record: Record, target: str) -> str:
        """The line with the value of target replaced, or with that member added."""
        text = record.text
        value = _dumps(target)
        start, end, found = _find_member(text, "target")
        return text[:start] + value + text[end:] if found else f'{text[:end]}, "target": {value}{text[end:]}'

    def with_text(self, record: Record, column: str, text: str) -> str:
        """The line with another value of a member, or with that member added."""
        start, end, found = _find_member(record.text, column)
        value = _dumps(text)
        added = value if found else f', "{column}": {value}'
        return record.text[: start if found else end] + added + record.text[end:]

    def with_status(self, record: Record, status: str) -> str:
        """The line with another status, if it has that member."""
        start, end, found = _find_member(record.text, "status")
        return record.text[:start] + _dumps(status) + record.text[end:] if found else record.text

    def without_target(self, record: Record) -> str:
        """The line as it is."""
        return record.text

    def with_columns(self, record: Record, values: dict[str, object]) -> str:
        """The line with members added; a bad record stays as it is."""
        if record.kind is not Kind.SEGMENT:
            return record.text
        end = 0
        for name in values:
            _, end, found = _find_member(record.text, name)
            if found:
                raise CorpusError(
                    self._name,
                    f"there is a member {shown(name)} already",
                    line=record.line,
                    hint="rename it in the input, it would be there twice",
                )
        added = "".join(f", {_dumps(name)}: {_dumps(value)}" for name, value in values.items())
        return record.text[:end] + added + record.text[end:]


def _is_blank(text: str) -> bool:
    return not text.strip(_SPACE)


def _columns_of(rows: Sequence[dict[str, Cell]]) -> list[str]:
    found = set().union(*rows)
    return [name for name in NAMES if name in found and name != "reference"] + reference_names(list(found))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _BadLine(f"the member {shown(twice)} is there twice")
    return members


def _refuse_constant(name: str) -> None:
    raise _BadLine(f"{name} is not JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_int=_Number, parse_float=_Number, parse_constant=_refuse_constant
)


def _loads(text: str) -> dict[str, Any]:
    try:
        members = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise _BadLine(f"not valid JSON at column {error.colno}: {error.msg}") from error
    except RecursionError as error:
        raise _BadLine("the JSON is nested too deeply") from error
    if not isinstance(members, dict):
        raise _BadLine(f"not a JSON object but {shown(text.strip())}")
    return members


def _no_mt(members: dict[str, Any]) -> _BadLine:
    if "mt" in members:
        return _BadLine("mt is null")
    names = ", ".join(map(shown, members)) or "none"
    return _BadLine(f"there is no mt; the members are {names}", "rename the member of the machine translation to mt")


def _text(name: str, value: object) -> Cell:
    if value is None or type(value) is str:
        return value
    if isinstance(value, _Number):
        if name == "id":
            return str(value)
        raise _BadLine(f"{name} is a number, expected a string or null")
    kinds = {dict: "an object", list: "a list", bool: "true or false"}
    raise _BadLine(f"{name} is {kinds[type(value)]}, expected a string or null")


def _refuse_half_pairs(cells: dict[str, Cell]) -> None:
    for name, cell in cells.items():
        try:
            (cell or "").encode()
        except UnicodeEncodeError as error:
            half = ord(error.object[error.start])
            raise _BadLine(f"{name} has half of a surrogate pair (\\u{half:04x}), which is no character") from error


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _after_space(text: str, at: int) -> int:
    while text[at] in " \t\n\r":
        at += 1
    return at


def _find_member(text: str, name: str) -> tuple[int, int, bool]:
    """Where the value of a member of a valid object starts and ends; if there is none, the end of the last member."""
    start = end = at = _after_space(text, 0) + 1
    while True:
        at = _after_space(text, at)
        if text[at] == "}":
            return start, end, False
        if text[at] == ",":
            at = _after_space(text, at + 1)
        key, at = _DECODER.raw_decode(text, at)
        start = _after_space(text, _after_space(text, at) + 1)
        _, end = _DECODER.raw_decode(text, start)
        if key == name:
            return start, end, True
        at = end
