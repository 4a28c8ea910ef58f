"""Files to streams of segments: the entry to this package for everything that reads."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from posteditor.core.segment import Segment, Status
from posteditor.errors import CorpusError
from posteditor.formats.columns import is_known, reference_names
from posteditor.formats.compression import Opener, file_opener
from posteditor.formats.detection import detect_format
from posteditor.formats.lines import LineQueue
from posteditor.formats.opening import close_all, open_lines, open_source
from posteditor.formats.options import ReadOptions
from posteditor.formats.parallel_text import uneven
from posteditor.formats.records import Batch, Cell, SegmentSource, SkippedRecord
from posteditor.formats.tables import TableCodec

Row = tuple[int, str | None, str | None, str, str | None, tuple[str, ...], Status, str]
"""A segment without the cost of a Segment: line, id, source, mt, target, references, status, note.

Their positions are 1, 2, 3 … in the order in which they come.
"""

_DEFAULTS = ReadOptions()
_NO_REFERENCES: tuple[str, ...] = ()


class SegmentReader:
    """The segments of a file, or of files side by side; a context manager that can be gone through once.

    An empty cell of a table, or an empty line of text, is an empty text for source and mt, and none at all for id,
    target and reference. In JSONL an empty target is one where there is a status other than ``new``.

    Attributes:
        format: One of ``detection.FORMATS``.
        paths: The files, without those of the references.
        columns: The known columns they have; for JSONL those that occur near its start.
    """

    def __init__(
        self, codec: SegmentSource, kind: str, paths: Sequence[Path], references: Sequence[tuple[Opener, str]] = ()
    ) -> None:
        self.format = kind
        self.paths = tuple(paths)
        self.columns = codec.columns
        self._codec = codec
        self._references = [
            LineQueue(source)
            for source in open_lines([item[0] for item in references], [item[1] for item in references])
        ]
        self._started = False

    @property
    def languages(self) -> tuple[str | None, str | None]:
        """Source and target (BCP 47) as the file says them, known after the first batch; None where unknown."""
        return self._codec.languages

    @property
    def unknown_columns(self) -> tuple[str, ...]:
        """The columns of a table that mean nothing to us."""
        names = self._codec.header_names if isinstance(self._codec, TableCodec) else ()
        return tuple(name for name in names if name and not is_known(name))

    @property
    def skipped(self) -> list[SkippedRecord]:
        """The first hundred bad records passed over so far."""
        return self._codec.bad.noted

    @property
    def skipped_count(self) -> int:
        """All bad records passed over so far."""
        return self._codec.bad.count

    def __iter__(self) -> Iterator[Segment]:
        """The segments in order.

        Raises:
            CorpusError: A record is bad, or there are no segments.
            AlignmentError: The files, or the references, don't have equally many lines.
        """
        position = 0
        for rows in self.iter_rows():
            for position, row in enumerate(rows, position + 1):  # noqa: B020 - it goes on from the last batch
                line, name, source, mt, target, references, status, note = row
                yield Segment(position, mt, source, target, references, name, status, note, line)

    def iter_rows(self) -> Iterator[list[Row]]:
        """The same as plain tuples in batches of some thousands; raises as iteration does."""
        if self._started:
            raise RuntimeError("a SegmentReader can be gone through once; open the file again")
        self._started = True
        total = records = 0
        for batch in self._codec.batches():
            records += batch.total
            more = [self._take(queue, batch, records) for queue in self._references]
            if batch.lines:
                total += len(batch.lines)
                yield _rows(batch, more)
        self._check_ends(records)
        if not total:
            bad = f", all {records} records are bad" if records else ""
            raise CorpusError(
                self._codec.bad.name, f"there are no segments in it{bad}", hint="check the name, or what made the file"
            )

    def close(self) -> None:
        """Close all files."""
        self._codec.close()
        close_all([queue.source for queue in self._references])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _take(self, queue: LineQueue, batch: Batch, records: int) -> Sequence[str]:
        """The reference lines of the good records of a batch."""
        block = queue.take(batch.total)
        if block.faults:
            line, fault = min(block.faults.items())
            raise CorpusError(queue.source.name, fault, line=line, hint=queue.source.encoding_hint())
        if len(block.lines) < batch.total:
            for rest in self._codec.batches():
                records += rest.total
            raise uneven([(queue.source.name, queue.taken), (self._codec.name, records)])
        return block.texts if batch.good is None else [block.texts[index] for index in batch.good]

    def _check_ends(self, records: int) -> None:
        for queue in self._references:
            if queue.take(1).lines:
                raise uneven([(queue.source.name, queue.count_all()), (self._codec.name, records)])


def open_segments(
    paths: Sequence[Path], options: ReadOptions = _DEFAULTS, *, references: Sequence[Path] = ()
) -> SegmentReader:
    """Open a file, or two or more parallel text files.

    Args:
        references: Plain text files with a reference translation per segment, added to those that the file has.

    Raises:
        UsageError: The names or the options don't fit together, or the format is not supported.
        CorpusError: A file can't be read, or its header is wrong.
    """
    extra = [(file_opener(path), str(path)) for path in references]
    return _reader([file_opener(path) for path in paths], [str(path) for path in paths], options, extra)


def open_segments_from(
    openers: Sequence[Opener],
    names: Sequence[str],
    options: ReadOptions = _DEFAULTS,
    *,
    references: Sequence[tuple[Opener, str]] = (),
) -> SegmentReader:
    """The same over bytes that are kept elsewhere: openers for them, and names that decide format and compression."""
    return _reader(openers, names, options, references)


def _reader(
    openers: Sequence[Opener], names: Sequence[str], options: ReadOptions, references: Sequence[tuple[Opener, str]]
) -> SegmentReader:
    codec = open_source(openers, names, options)
    try:
        kind = detect_format(names, options.format)
        return SegmentReader(codec, kind, [Path(name) for name in names], references)
    except BaseException:
        codec.close()
        raise


def _rows(batch: Batch, more_references: Sequence[Sequence[str]]) -> list[Row]:
    """The rows of a batch; whole columns at a time, for this is what an import spends its time on."""
    cells = batch.cells
    statuses = cells.get("status")
    targets = cells.get("target")
    ids = cells.get("id")
    notes = cells.get("note")
    mts = cast(Sequence[str], cells["mt"])  # the codecs let no record without mt through
    return list(
        zip(
            batch.lines,
            repeat(None, len(mts)) if ids is None else [name or None for name in ids],
            cells.get("source") or repeat(None, len(mts)),
            mts,
            repeat(None, len(mts)) if targets is None else targets,
            _references([*(cells[name] for name in reference_names(tuple(cells))), *more_references], len(mts)),
            _statuses(statuses, targets, len(mts)),
            repeat("", len(mts)) if notes is None else [note or "" for note in notes],
            strict=True,
        )
    )


def _statuses(statuses: Sequence[Cell] | None, targets: Sequence[Cell] | None, count: int) -> Iterable[Status]:
    if targets is None and statuses is None:
        return repeat(Status.NEW, count)
    implied = [Status.DRAFT if target else Status.NEW for target in targets or repeat(None, count)]
    if statuses is None:
        return implied
    return [Status(status) if status else default for status, default in zip(statuses, implied, strict=True)]


def _references(columns: Sequence[Sequence[Cell]], count: int) -> Iterable[tuple[str, ...]]:
    if not columns:
        return repeat(_NO_REFERENCES, count)
    rows = zip(*columns, strict=True)
    if all(all(column) for column in columns):
        return cast(list[tuple[str, ...]], list(rows))
    return [tuple(cell for cell in row if cell) for row in rows]
