"""What all formats have in common: records for splicing, batches of cells by column for reading, and bad records."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple, Protocol

from posteditor.core.segment import Provenance, Status
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
    listener: Callable[[int, str, str], None] | None = None
    """Told of each: line, problem, and the record as it stands there where the format is one of lines."""

    def meet(self, line: int, problem: str, hint: str = "", text: str = "") -> None:
        """Note a bad record.

        Raises:
            CorpusError: Bad records are not to be passed over.
        """
        if not self.skip:
            raise CorpusError(
                self.name, problem, line=line, hint=hint or "put it right, or pass over it with --skip-bad"
            )
        self.pass_over(line, problem, text)

    def pass_over(self, line: int, problem: str, text: str = "") -> None:
        """Note one that is passed over in any case."""
        self.count += 1
        if len(self.noted) < _KEPT_SKIPS:
            self.noted.append(SkippedRecord(line, problem))
        if self.listener is not None:
            self.listener(line, problem, text)


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

    def with_text(self, record: Record, column: str, text: str) -> str:
        """The record's text with another text in a known column that it has.

        Raises:
            Unrepresentable: The format can't hold that text.
        """
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


class SegmentSource(Protocol):
    """A file, or files side by side, open for one pass over its segments."""

    columns: tuple[str, ...]
    """The known ones that the file has."""
    languages: tuple[str | None, str | None]
    """Source and target as the file says them (BCP 47), None where it does not; known after the first batch."""
    bad: BadRecords

    @property
    def name(self) -> str:
        """Of the file that new targets go to, for messages."""
        ...

    def batches(self) -> Iterator[Batch]:
        """The segments by column, for reading."""
        ...

    def close(self) -> None:
        """Close the files."""
        ...


class Codec(SegmentSource, Protocol):
    """A file made of lines, open for one pass: either over its batches or over its records."""

    header_names: tuple[str, ...]
    """All names of a table, known or not; empty for other formats."""
    editor: Editor
    carrier: LineSource
    """The file whose records are spliced."""
    carrier_index: int
    """Which of the files that is."""
    carries_target: bool
    """That file is the one that new targets go to."""

    def records(self) -> Iterator[Iterable[Record]]:
        """Everything there is, in order, in portions, for splicing."""
        ...


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rewrite that goes out beside the target, for whoever works on the file next."""

    text: str
    origin: str
    """The SPEC of the rewriter."""
    quality: float | None = None
    """0-1: its confidence."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is other than in the file about one segment; None leaves a thing as it is."""

    position: int
    """1-based place of the segment in the file."""
    target: str | None = None
    status: Status | None = None
    note: str | None = None
    """Why it was rejected, or what else the person wrote down."""
    provenance: Provenance | None = None
    """For a target; formats that have a place for it write it."""
    proposal: Proposal | None = None


class Document(SegmentSource, Protocol):
    """A file whose segments are parts of something larger (XML, PO), open for one pass: batches or splicing."""

    count: int
    """Segments so far in this pass; bad ones that were passed over are none."""
    refused: list[tuple[int, str]]
    """Positions whose new target could not be put in, such as one that lost inline tags, and why; their old one stays.

    Filled while ``spliced`` runs.
    """

    removed_characters: int
    """How many characters of new texts were left out because the format can't hold them; known after ``spliced``."""

    def spliced(self, changes: Iterable[Change]) -> Iterator[bytes]:
        """The whole file in pieces, not compressed, with the changes made and every other byte as it was.

        Args:
            changes: Ascending by position.

        Raises:
            CorpusError: The file can't be read, or a change is for no segment of it.
        """
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
