"""The names of columns: which ones mean something to us, and where a file has them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from posteditor.core.segment import Status
from posteditor.errors import CorpusError, UsageError

NAMES = ("id", "source", "mt", "target", "reference", "status", "note")
"""Columns that are read; ``reference_2``, ``reference_3`` … may follow ``reference``. All others are kept, not read."""

STATUSES = frozenset(Status)
_NO_MT = (
    "rename the column of the machine translation to mt, or, for a file without a header, "
    "name the columns in order: --columns id,source,mt"
)
_OTHER_SEPARATOR = (
    "the fields seem to be separated otherwise: TSV has tabs and CSV commas; say --format tsv or --format csv, "
    "or write the file again with one of these"
)
_SEPARATOR = re.compile(r"[,;|\t]")
_REFERENCE = re.compile(r"reference(?:_([2-9]|[1-9][0-9]{1,3}))?")


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns a table has."""

    width: int
    """Fields in each record."""
    places: dict[str, int]
    """Known name to its 0-based field."""
    names: tuple[str, ...]
    """All names as the header has them, or as they were given."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The known names in the order of the file."""
        return tuple(self.places)


def is_known(name: str) -> bool:
    """True for a column that is read."""
    return name in NAMES or _REFERENCE.fullmatch(name) is not None


def reference_number(name: str) -> int:
    """1 for ``reference``, n for ``reference_n``, 0 for any other column."""
    found = _REFERENCE.fullmatch(name)
    return int(found[1] or 1) if found else 0


def reference_names(names: Sequence[str]) -> list[str]:
    """The reference columns among some names, in the order of their numbers."""
    return sorted((name for name in names if reference_number(name)), key=reference_number)


def reference_name(number: int) -> str:
    """The name of the n-th reference column, counted from 1."""
    return "reference" if number == 1 else f"reference_{number}"


def layout_of_header(fields: Sequence[str], name: str) -> Layout:
    """The layout that a header line declares.

    Raises:
        CorpusError: It has no mt, or a name twice.
    """
    seen: set[str] = set()
    for field in fields:
        if field and field in seen:
            raise CorpusError(
                name,
                f"the column {shown(field)} is there twice",
                line=1,
                hint="rename one of them, or name the columns with --header --columns, - for one to pass over",
            )
        seen.add(field)
    if "mt" not in seen:
        raise CorpusError(
            name,
            f"there is no column mt; the columns are {', '.join(map(shown, fields))}",
            line=1,
            hint=_OTHER_SEPARATOR if len(fields) == 1 and _SEPARATOR.search(fields[0]) else _NO_MT,
        )
    return _layout(fields)


def layout_of_option(columns: Sequence[str]) -> Layout:
    """The layout that ``--columns`` declares.

    Raises:
        UsageError: A name is unknown or given twice, or mt is missing.
    """
    check_option(columns)
    return _layout(columns)


def check_option(columns: Sequence[str]) -> None:
    """Refuse what can't be meant by ``--columns``.

    Raises:
        UsageError: A name is unknown or given twice, or mt is missing.
    """
    given = ",".join(columns)
    listed = ", ".join(NAMES) + ", reference_2 ..., and - for a column to pass over"
    for column in columns:
        if column != "-" and not is_known(column):
            raise UsageError(f"--columns {given}: there is no column {shown(column)}", hint=f"the names are {listed}")
        if column != "-" and columns.count(column) > 1:
            raise UsageError(f"--columns {given}: {column} is there twice", hint="name each column once")
    if "mt" not in columns:
        raise UsageError(f"--columns {given}: mt is missing", hint=f"one column must be mt; the names are {listed}")


def status_problem(status: str | None) -> str:
    """What is wrong with the content of a status column; empty when nothing is."""
    if not status or status in STATUSES:
        return ""
    return f"the status {shown(status)} is unknown; it is one of {', '.join(Status)}"


def shown(text: str) -> str:
    """A text from a file in a message: quoted, on one line, and not too long."""
    return repr(text if len(text) <= 60 else text[:57] + "...")


def _layout(names: Sequence[str]) -> Layout:
    places = {name: place for place, name in enumerate(names) if is_known(name)}
    return Layout(len(names), places, tuple(names))
