"""Segments to a file of any format, written anew: what ``convert`` and an export into another format do."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from posteditor.core.segment import Segment, Status
from posteditor.errors import CorpusError
from posteditor.formats.atomic import OutputFile, atomic_output
from posteditor.formats.columns import is_known, reference_name, reference_number
from posteditor.formats.compression import ByteSink
from posteditor.formats.detection import DOCUMENTS, detect_format
from posteditor.formats.documents import held_columns, write_document
from posteditor.formats.lines import BOM, to_bytes
from posteditor.formats.losses import Losses
from posteditor.formats.options import WriteOptions
from posteditor.formats.record_writing import RecordFormatter, UnrepresentableColumn, formatter

PROVENANCE_COLUMNS = ("author", "rewriter", "confidence", "edited")
"""What tables have beside the texts where it is asked for: who, with which rewriter, how sure that was (0-1), when."""

_PORTION = 2048
_NO_OPTIONS = WriteOptions()


@dataclass(frozen=True, slots=True)
class WriteReport:
    """What was written."""

    segments: int
    lost: dict[str, int]
    """What the file does not hold, such as ``note`` or ``reference_2``, to the number of segments that had it."""


def write_segments(
    segments: Iterable[Segment],
    path: Path,
    *,
    columns: Sequence[str] | None = None,
    format: str | None = None,  # noqa: A002 - the name of the option
    force: bool = False,
    options: WriteOptions = _NO_OPTIONS,
) -> WriteReport:
    """Write a new file, which appears complete or not at all.

    Args:
        columns: Which columns to write, in order; None takes what the first segment has. Text has a single one: of
            several the target, or else the mt; a segment without a target has its mt there.
        format: Of the file; None takes it from the name.
        force: Replace a file that is there already.

    Raises:
        UsageError: The file exists or can't be written, or its format is not supported.
        CorpusError: The format can't hold a text.
    """
    kind = detect_format([path.name], format)
    with atomic_output(path, force=force) as out:
        return write_segments_to(segments, out, kind, path, columns=columns, options=options)


def write_segments_to(
    segments: Iterable[Segment],
    out: BinaryIO | OutputFile,
    kind: str,
    path: Path,
    *,
    columns: Sequence[str] | None = None,
    options: WriteOptions = _NO_OPTIONS,
) -> WriteReport:
    """The same into an open file.

    Args:
        kind: One of ``detection.FORMATS``.
        path: For messages.
        columns: As above.
        options: Languages and provenance, for formats that have a place for them.

    Raises:
        CorpusError: The format can't hold a text.
        UsageError: The format can't do without a language that is not known.
    """
    rest = iter(segments)
    start = list(islice(rest, 1))
    names = tuple(columns) if columns is not None else _columns_of(start)
    for name in names:
        if not is_known(name):
            raise ValueError(f"no segment has a column {name!r}")
    if options.provenance and kind not in DOCUMENTS and kind != "text":
        names = (*names, *PROVENANCE_COLUMNS)
    if kind in DOCUMENTS:
        losses = Losses(held_columns(kind, names), kind)
        count = write_document(kind, chain(start, rest), out, path, options, losses)
        return WriteReport(count, losses.counted())
    if kind == "text":
        names = (_single(names),)
    losses = Losses(names, kind)
    count = write_lines(out, _lines(chain(start, rest), formatter(kind, names), losses, names, path))
    return WriteReport(count - (kind in ("tsv", "csv")), losses.counted())


def write_parallel_text(
    segments: Iterable[Segment], outputs: Sequence[tuple[str, OutputFile]], path: Path
) -> WriteReport:
    """Write plain text files side by side, a segment a line, each with one column; ``target`` is the mt where there is
    none.

    Raises:
        CorpusError: A text has a line break.
    """
    names = [name for name, _ in outputs]
    losses = Losses(names, "text")
    getters = [_text if name == "target" else _getter(name) for name in names]
    formatters = [formatter("text", [name]) for name in names]
    count = 0
    waiting = enumerate(losses.watch(segments), 1)
    while portion := list(islice(waiting, _PORTION)):
        for name, (_, out), get, records in zip(names, outputs, getters, formatters, strict=True):
            lines = (_line(records, name, get(segment), path, position) for position, segment in portion)
            write_lines(out, lines, is_start=not count)
        count += len(portion)
    return WriteReport(count, losses.counted())


def _line(records: RecordFormatter, column: str, value: object, path: Path, position: int) -> str:
    try:
        return records.record({column: value})
    except UnrepresentableColumn as refused:
        raise unrepresentable(path, position, refused) from refused


def write_lines(
    out: ByteSink | BinaryIO | OutputFile, lines: Iterable[str], *, has_bom: bool = False, is_start: bool = True
) -> int:
    """Write records with ``\\n`` after each; how many they were.

    Without a byte order mark a first record that starts with U+FEFF gets a second one, so that it is not taken for one;
    but not when what is written continues another file (``is_start`` is False).
    """
    total = 0
    waiting = iter(lines)
    while portion := list(islice(waiting, _PORTION)):
        lead = BOM if is_start and not total and (has_bom or portion[0].startswith(BOM)) else ""
        out.write(to_bytes(lead + "\n".join(portion) + "\n"))
        total += len(portion)
    return total


def unrepresentable(path: Path | str, position: int, refused: UnrepresentableColumn) -> CorpusError:
    """The error for a text of a segment that the format of a file can't hold."""
    return CorpusError(
        path, f"the {refused.column} of segment {position} {refused.cause.reason}", hint=refused.cause.hint
    )


def segment_values(segment: Segment, columns: Sequence[str]) -> dict[str, object]:
    """The cells of a segment by column; None where it has nothing."""
    return {column: _getter(column)(segment) for column in columns}


def _lines(
    segments: Iterable[Segment], records: RecordFormatter, losses: Losses, columns: Sequence[str], path: Path
) -> Iterator[str]:
    header = records.header()
    if header is not None:
        yield header
    getters = [(column, _getter(column)) for column in columns]
    if columns == ("target",):
        getters = [("target", _text)]
    for position, segment in enumerate(segments, 1):
        losses.see(segment)
        try:
            yield records.record({column: get(segment) for column, get in getters})
        except UnrepresentableColumn as refused:
            raise unrepresentable(path, position, refused) from refused


def _text(segment: Segment) -> str:
    return segment.text


def _getter(column: str) -> Callable[[Segment], object]:
    number = reference_number(column)
    if number:
        return lambda segment: segment.references[number - 1] if number <= len(segment.references) else None
    if column == "status":
        return lambda segment: segment.status.value
    if column == "note":
        return lambda segment: segment.note or None
    if column in PROVENANCE_COLUMNS:
        return partial(_provenance_value, column)
    return {
        "id": lambda segment: segment.id,
        "source": lambda segment: segment.source,
        "mt": lambda segment: segment.mt,
        "target": lambda segment: segment.target,
    }[column]


def _provenance_value(column: str, segment: Segment) -> object:
    found = segment.provenance
    if found is None:
        return None
    if column == "confidence":
        return None if found.confidence is None else round(found.confidence, 4)
    return {"author": found.author, "rewriter": found.rewriter, "edited": found.time}[column] or None


def _single(columns: Sequence[str]) -> str:
    if len(columns) == 1:
        return columns[0]
    return "target" if "target" in columns or "mt" not in columns else "mt"


def _columns_of(start: Sequence[Segment]) -> tuple[str, ...]:
    """The columns that the first segment has something in; mt always, and target."""
    if not start:
        return ("mt",)
    segment = start[0]
    optional = [("id", segment.id is not None), ("source", segment.source is not None), ("mt", True), ("target", True)]
    references = [reference_name(number) for number in range(1, len(segment.references) + 1)]
    implied = Status.DRAFT if segment.target else Status.NEW
    last = [("status", segment.status is not implied), ("note", bool(segment.note))]
    return (*(n for n, there in optional if there), *references, *(n for n, there in last if there))
