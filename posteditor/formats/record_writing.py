"""Values to records of a format: what a file that is written anew is made of."""

import json
from collections.abc import Mapping, Sequence
from typing import Protocol

from posteditor.formats.comma_separated import csv_field
from posteditor.formats.parallel_text import text_line
from posteditor.formats.records import Unrepresentable
from posteditor.formats.tables import cell_text, line_of
from posteditor.formats.tsv import tsv_field


class RecordFormatter(Protocol):
    """Makes the records of one format, all with the same columns."""

    def header(self) -> str | None:
        """The first line; None where the format has none."""
        ...

    def record(self, values: Mapping[str, object]) -> str:
        """One record, without its last line end.

        Raises:
            UnrepresentableColumn: The format can't hold a text.
        """
        ...


class UnrepresentableColumn(Exception):  # noqa: N818 - not shown to anybody; the caller knows which segment it is
    """The column whose text a format can't hold, and why."""

    def __init__(self, column: str, cause: Unrepresentable) -> None:
        super().__init__(column)
        self.column = column
        self.cause = cause


def formatter(kind: str, columns: Sequence[str]) -> RecordFormatter:
    """The formatter for a format; text has exactly one column."""
    if kind == "jsonl":
        return _JsonlFormatter(columns)
    if kind == "text":
        return _TextFormatter(columns[0])
    return _TsvFormatter(columns) if kind == "tsv" else _CsvFormatter(columns)


class _TsvFormatter:
    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = columns

    def header(self) -> str | None:
        return "\t".join(self._columns)

    def record(self, values: Mapping[str, object]) -> str:
        cells = [cell_text(values.get(column)) for column in self._columns]
        text = "\t".join(cells)
        if text.count("\t") != len(cells) - 1 or "\n" in text:
            for column, cell in zip(self._columns, cells, strict=True):
                _checked(tsv_field, column, cell)
        return line_of(text)


class _CsvFormatter:
    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = columns

    def header(self) -> str | None:
        return ",".join(map(csv_field, self._columns))

    def record(self, values: Mapping[str, object]) -> str:
        return ",".join([csv_field(cell_text(values.get(column))) for column in self._columns])


class _JsonlFormatter:
    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = columns

    def header(self) -> str | None:
        return None

    def record(self, values: Mapping[str, object]) -> str:
        found = {column: value for column in self._columns if (value := values.get(column)) is not None}
        return json.dumps(found, ensure_ascii=False)


class _TextFormatter:
    def __init__(self, column: str) -> None:
        self._column = column

    def header(self) -> str | None:
        return None

    def record(self, values: Mapping[str, object]) -> str:
        return line_of(_checked(text_line, self._column, cell_text(values.get(self._column))))


class _Field(Protocol):
    def __call__(self, text: str, /) -> str: ...


def _checked(field: _Field, column: str, text: str) -> str:
    try:
        return field(text)
    except Unrepresentable as refused:
        raise UnrepresentableColumn(column, refused) from refused
