"""What all formats have in common: records for splicing, batches of cells by column for reading, and bad records."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple, Protocol

from posteditor.errors import CorpusError
from posteditor.formats.lines import LineSource

_KEPT_SKIPS = 100

Cell = str | None
"""The text in a column; None where a JSONL record does not have it, or has null."""


class Kind(Enum):
    """What a record is."""

    SEGMENT = "segment"
    HEADER = "header"
    BLANK = "blank"
    BAD = "bad"


def none_if_empty(cells: Iterable[Cell]) -> list[Cell]:
    """The cells with None in place of empty ones."""
    return [cell or None for cell in cells]


class Record(NamedTuple):
    """One record of a file as it lies there."""

    kind: Kind
    line: int
    """1-based line on which it starts."""
    text: str
    """All of it but its last ``\\n``; joined with ``\\n``, the records of a file are the file."""
    target: Cell
    """The target it has; None where there is none or it is no segment."""
    problem: str = ""
    """What is wrong with a bad record."""
    hint: str = ""


class Batch(NamedTuple):
    """Some records in a row, by column."""

    lines: Sequence[int]
    """Line numbers of the good records."""
    cells: dict[str, Sequence[Cell]]
    """Column name to one cell per good record; a target that counts as none is None."""
    total: int
    """How many records there are, the bad ones included."""
    good: Sequence[int] | None = None
    """Which of them are good (0-based, ascending); None when all are."""


@dataclass(frozen=True, slots=True)
class SkippedRecord:
    """A bad record that was passed over."""

    line: int
    reason: str


@dataclass(slots=True)
class BadRecords:
    """What is done with bad records: stop at the first one, or note them and go on."""

    name: str
    """The file, for messages."""
    skip: bool
    noted: list[SkippedRecord] = field(default_factory=list)
    """The first hundred."""
    count: int = 0
    """All of them."""

    def meet(self, line: int, problem: str, hint: str = "") -> None:
        """Note a bad record.

        Raises:
            CorpusError: Bad records are not to be passed over.
        """
        if not self.skip:
            raise CorpusError(
                self.name, problem, line=line, hint=hint or "put it right, or pass over it with --skip-bad"
            )
        self.count += 1
        if len(self.noted) < _KEPT_SKIPS:
            self.noted.append(SkippedRecord(line, problem))


class Editor(Protocol):
    """Writes new targets, or new columns, into the records of one format and leaves all other bytes alone."""

    def with_target(self, record: Record, target: str) -> str:
        """The record's text with another target.

        Raises:
            Unrepresentable: The format can't hold that text.
        """
        ...

    def with_status(self, record: Record, status: str) -> str:
        """The record's text with another status; as it is where the record has none."""
        ...

    def without_target(self, record: Record) -> str:
        """The text of a record that gets no target, where others get one: a table may need an empty cell."""
        ...

    def with_columns(self, record: Record, values: dict[str, object]) -> str:
        """The text of a record (or of the header) with columns appended; a bad record gets empty ones.

        Raises:
            Unrepresentable: The format can't hold a text.
            CorpusError: The record has a column of that name already.
        """
        ...


class Codec(Protocol):
    """A file of one format, open for one pass: either over its batches or over its records."""

    columns: tuple[str, ...]
    """The known ones that the file has."""
    header_names: tuple[str, ...]
    """All names of a table, known or not; empty for other formats."""
    bad: BadRecords
    editor: Editor
    carrier: LineSource
    """The file whose records are spliced."""
    carrier_index: int
    """Which of the files that is."""
    carries_target: bool
    """That file is the one that new targets go to."""

    def batches(self) -> Iterator[Batch]:
        """The segments by column, for reading."""
        ...

    def records(self) -> Iterator[Iterable[Record]]:
        """Everything there is, in order, in portions, for splicing."""
        ...

    def close(self) -> None:
        """Close the files."""
        ...


class Unrepresentable(Exception):  # noqa: N818 - not shown to anybody; the caller knows which segment it is
    """A text that a format can't hold.

    Attributes:
        reason: What it can't hold, as the end of a sentence.
        hint: Which format can.
    """

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint
