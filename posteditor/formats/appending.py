"""The input with more columns: what ``rewrite`` writes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import BinaryIO

from posteditor.errors import CorpusError, UsageError
from posteditor.formats.atomic import OutputFile
from posteditor.formats.columns import shown
from posteditor.formats.compression import Opener, compression_of, compressor
from posteditor.formats.detection import DOCUMENTS, detect_format
from posteditor.formats.opening import open_codec
from posteditor.formats.options import ReadOptions
from posteditor.formats.reading import SegmentReader, open_segments_from
from posteditor.formats.record_writing import UnrepresentableColumn, formatter
from posteditor.formats.records import Codec, Kind, Record, Unrepresentable
from posteditor.formats.writing import segment_values, unrepresentable, write_lines

Values = Mapping[str, object]
"""Column to text, number, None or (in JSONL) any JSON value."""


def append_columns(
    openers: Sequence[Opener],
    names: Sequence[str],
    options: ReadOptions,
    columns: Sequence[str],
    values: Iterable[Values],
    out: BinaryIO | OutputFile,
    *,
    out_format: str | None = None,
    limit: int | None = None,
) -> int:
    """Write the input's records unchanged but for columns that are added to each; how many segments there were.

    In another format than the input's, the columns that we know are written anew, and others are left behind. JSONL
    gets members. A file without a header gets none.

    Args:
        options: Those the input was read with; records that were passed over then stay, with empty cells.
        columns: Names of what is added, in order.
        values: One mapping per segment, in order; a column that it lacks is empty.
        out: Gets the bytes, written in portions; unless it is an OutputFile compressed as the first name says.
        out_format: Of the output; None for that of the input.
        limit: Only so many segments; None for all.

    Raises:
        UsageError: The input has a column of such a name already, or the output is to be plain text.
        CorpusError: The format can't hold a text, the input can't be read, or it has other than as many segments as
            there are values.
    """
    with appended_lines(openers, names, options, columns, values, out_format=out_format, limit=limit) as lines:
        sink = out if isinstance(out, OutputFile) else compressor(out, compression_of(names[0]))
        write_lines(sink, lines, has_bom=lines.has_bom)
    if not isinstance(sink, OutputFile):
        sink.close()
    return lines.count


class AppendedLines:
    """The records that ``append_columns`` writes, without their line ends; can be gone through once, also by parts.

    Attributes:
        has_bom: There is to be a byte order mark before the first.
    """

    def __init__(self, lines: Iterator[str], pairing: "_Pairing", *, has_bom: bool) -> None:
        self.has_bom = has_bom
        self._pairing = pairing
        self._lines = self._finished(lines)

    @property
    def count(self) -> int:
        """Segments so far, that of the record which was given out last included."""
        return self._pairing.count

    def __iter__(self) -> Iterator[str]:
        """The records in order; going through them again goes on where the last time stopped.

        Raises:
            CorpusError: As ``append_columns`` does.
        """
        return self._lines

    def _finished(self, lines: Iterator[str]) -> Iterator[str]:
        yield from lines
        self._pairing.finish()


@contextmanager
def appended_lines(
    openers: Sequence[Opener],
    names: Sequence[str],
    options: ReadOptions,
    columns: Sequence[str],
    values: Iterable[Values],
    *,
    out_format: str | None = None,
    limit: int | None = None,
) -> Iterator[AppendedLines]:
    """The records that ``append_columns`` writes, with the same arguments, for those who write them into several files.

    A segment's values are asked for no earlier than its record.

    Raises:
        UsageError, CorpusError: As ``append_columns`` does.
    """
    kind = detect_format(names, options.format)
    wanted = out_format or kind
    if wanted == "text" or wanted in DOCUMENTS:
        what = "plain text" if wanted == "text" else wanted
        raise UsageError(f"{what} can't hold columns", hint="name the output .tsv, .csv or .jsonl")
    pairing = _Pairing(values, names[0], limit)
    if wanted == kind:
        with closing(open_codec(openers, names, options)) as codec:
            _refuse_existing(names[0], columns, codec.header_names)
            yield AppendedLines(_appended(codec, columns, pairing), pairing, has_bom=codec.carrier.has_bom)
    else:
        with open_segments_from(openers, names, options) as reader:
            _refuse_existing(names[0], columns, reader.columns)
            yield AppendedLines(_anew(reader, columns, pairing, wanted), pairing, has_bom=False)


class _Pairing:
    """Gives each segment its values."""

    def __init__(self, values: Iterable[Values], name: str, limit: int | None) -> None:
        self._values = iter(values)
        self._name = name
        self._limit = limit
        self.count = 0

    @property
    def is_done(self) -> bool:
        return self.count == self._limit

    def next(self) -> Values:
        self.count += 1
        found = next(self._values, None)
        if found is None:
            raise self._uneven(f"there is nothing for segment {self.count}")
        return found

    def finish(self) -> None:
        if not self.is_done and next(self._values, None) is not None:
            raise self._uneven(f"the file has {self.count} segments, there is something for more")

    def _uneven(self, problem: str) -> CorpusError:
        return CorpusError(self._name, problem, hint="the file has changed since it was read: run the command again")


def _appended(codec: Codec, columns: Sequence[str], pairing: _Pairing) -> Iterator[str]:
    for chunk in codec.records():
        for record in chunk:
            if pairing.is_done:
                return
            yield _with_columns(codec, record, columns, pairing)


def _with_columns(codec: Codec, record: Record, columns: Sequence[str], pairing: _Pairing) -> str:
    if record.kind is Kind.BLANK:
        return record.text
    if record.kind is Kind.HEADER:
        return codec.editor.with_columns(record, {column: column for column in columns})
    found = pairing.next() if record.kind is Kind.SEGMENT else {}
    values = {column: found.get(column) for column in columns}
    try:
        return codec.editor.with_columns(record, values)
    except Unrepresentable as refused:
        raise CorpusError(
            codec.carrier.name,
            f"what is added to segment {pairing.count} {refused.reason}",
            line=record.line,
            hint=refused.hint,
        ) from refused


def _anew(reader: SegmentReader, columns: Sequence[str], pairing: _Pairing, wanted: str) -> Iterator[str]:
    kept = [column for column in reader.columns if column != "-"]
    records = formatter(wanted, [*kept, *columns])
    header = records.header()
    if header is not None:
        yield header
    for segment in reader:
        if pairing.is_done:
            return
        try:
            yield records.record({**segment_values(segment, kept), **pairing.next()})
        except UnrepresentableColumn as refused:
            raise unrepresentable(reader.paths[0], segment.position, refused) from refused


def _refuse_existing(name: str, columns: Sequence[str], existing: Sequence[str]) -> None:
    for column in columns:
        if column in existing:
            raise UsageError(
                f"{name}: there is a column {shown(column)} already",
                hint="rename it in the input, it would be there twice",
            )
