"""Columns of pyarrow as lists of texts."""

from collections.abc import Sequence
from typing import Any

from posteditor.formats.columns import reference_name, reference_number, status_problem
from posteditor.formats.parquet.layout import REFERENCES, TableLayout
from posteditor.formats.records import Cell

NOT_TEXT = "\udcff"
"""Stands for a cell whose bytes are no UTF-8; a text can't be that."""


def cells_of(batch: Any, layout: TableLayout) -> dict[str, Sequence[Cell]]:
    """The cells of a record batch by the names that are ours; references are numbered."""
    found: dict[str, Sequence[Cell]] = {column: texts_of(batch.column(column)) for column in layout.columns}
    if layout.translation is not None:
        struct = batch.column(layout.translation)
        if "source" not in found and layout.source_lang is not None:
            found["source"] = _field(struct, layout.source_lang)
        if "mt" not in found and layout.target_lang is not None:
            found["mt"] = [text or "" for text in _field(struct, layout.target_lang)]
    if layout.has_references:
        number = max(map(reference_number, layout.columns), default=0)
        found.update(_numbered(batch.column(REFERENCES), number))
    return found


def texts_of(array: Any) -> list[Cell]:
    """The texts of a column; NOT_TEXT for what is none."""
    try:
        values = array.to_pylist()
    except UnicodeDecodeError:
        values = [_text(value) for value in array]
    return [value if value is None or isinstance(value, str) else str(value) for value in values]


def row_problem(cells: dict[str, Sequence[Cell]], row: int) -> str:
    """What is wrong with a row; empty when nothing is."""
    for column, texts in cells.items():
        if texts[row] == NOT_TEXT:
            return f"the {column} is not UTF-8"
    if cells["mt"][row] is None:
        return "the mt is null"
    return status_problem(cells["status"][row]) if "status" in cells else ""


def _text(value: Any) -> Cell:
    try:
        return value.as_py()  # type: ignore[no-any-return]
    except UnicodeDecodeError:
        return NOT_TEXT


def _field(struct: Any, name: str) -> list[Cell]:
    import pyarrow.compute as compute

    return texts_of(compute.struct_field(struct, name))


def _numbered(lists: Any, number: int) -> dict[str, Sequence[Cell]]:
    try:
        rows = [row or [] for row in lists.to_pylist()]
    except UnicodeDecodeError:
        rows = [[_text(item) for item in row.values] if row.is_valid else [] for row in lists]
    width = max(map(len, rows), default=0)
    return {
        reference_name(number + place + 1): [row[place] if place < len(row) else None for row in rows]
        for place in range(width)
    }
