"""Reading a challenge set: a table whose column ``category`` says what each segment tests.

A challenge set is a TSV or CSV file with the columns ``category``, ``mt`` and at least one ``reference``. It may also
have ``keep``: the strings that no rewriting may lose, separated by " | ". The readers know neither category nor keep,
so both are read in the place of columns that a challenge set has no use for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from posteditor.core.segment import Segment, Status
from posteditor.errors import CorpusError
from posteditor.formats.columns import is_known, reference_number
from posteditor.formats.compression import file_opener
from posteditor.formats.opening import open_codec
from posteditor.formats.options import ReadOptions
from posteditor.formats.reading import open_segments
from posteditor.formats.tables import TableCodec

CATEGORY = "category"
KEEP = "keep"
_SEPARATOR = " | "
_READ_AS = {CATEGORY: "note", KEEP: "target"}
_NOT_READ = ("note", "target", "status")


@dataclass(frozen=True, slots=True)
class ChallengeItem:
    """One segment of a challenge set; it has at least one reference."""

    segment: Segment
    category: str
    keep: tuple[str, ...] = ()
    """Strings of the mt that have to come through a rewriting unchanged."""


def column_names(path: Path) -> tuple[str, ...]:
    """The columns in the header of a table, known or not; for other formats the known columns.

    Raises:
        CorpusError: The file can't be read.
        UsageError: Its format is unknown.
    """
    codec = open_codec([file_opener(path)], [str(path)], ReadOptions())
    try:
        return codec.layout.names if isinstance(codec, TableCodec) else codec.columns
    finally:
        codec.close()


def is_challenge(columns: Sequence[str]) -> bool:
    """True for a file with these columns that sorts its segments into categories."""
    return CATEGORY in columns


def has_references(columns: Sequence[str]) -> bool:
    """True for a file with these columns that has references of its own."""
    return any(map(reference_number, columns))


def read_challenge(path: Path) -> tuple[ChallengeItem, ...]:
    """All segments of a challenge set, in the order of the file.

    Raises:
        CorpusError: It can't be read, lacks a column, or a record lacks its category or reference.
    """
    columns = column_names(path)
    missing = [name for name, there in ((CATEGORY, is_challenge), ("reference", has_references)) if not there(columns)]
    if missing:
        raise CorpusError(
            path,
            f"a challenge set needs a column {' and a column '.join(missing)}",
            hint="its columns are category, mt, reference, and if need be reference_2 and keep",
        )
    with open_segments([path], ReadOptions(columns=_names_to_read(columns), header=True)) as segments:
        return tuple(_item(path, segment) for segment in segments)


def _names_to_read(columns: Sequence[str]) -> tuple[str, ...]:
    """What the reader shall take the columns for; "-" is passed over."""
    plain = [name if is_known(name) and name not in _NOT_READ else "-" for name in columns]
    return tuple(_READ_AS.get(name, other) for name, other in zip(columns, plain, strict=True))


def _item(path: Path, segment: Segment) -> ChallengeItem:
    for name, cell in ((CATEGORY, segment.note), ("reference", segment.references)):
        if not cell:
            raise CorpusError(path, f"the {name} is empty", line=segment.line, hint="every segment needs one")
    keep = tuple(part for part in (segment.target or "").split(_SEPARATOR) if part)
    return ChallengeItem(replace(segment, target=None, note="", status=Status.NEW), segment.note, keep)
