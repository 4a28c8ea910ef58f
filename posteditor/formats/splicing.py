"""New targets put into the original file, every other byte of which stays as it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from posteditor.errors import CorpusError
from posteditor.formats.appending import append_columns
from posteditor.formats.atomic import OutputFile
from posteditor.formats.compression import ByteSink, Compression, Opener, compression_of, compressor
from posteditor.formats.lines import BOM, to_bytes
from posteditor.formats.opening import open_codec
from posteditor.formats.options import ReadOptions
from posteditor.formats.records import Codec, Kind, Record, Unrepresentable

__all__ = ["SpliceReport", "append_columns", "splice"]

_BLOCK_BYTES = 1 << 20
_NO_MORE = -1


@dataclass(frozen=True, slots=True)
class SpliceReport:
    """What a splice did."""

    segments: int
    """In the original, and in the output."""
    changed: int
    """Those whose target is another than in the original."""


def splice(
    openers: Sequence[Opener],
    names: Sequence[str],
    options: ReadOptions,
    changes: Iterable[tuple[int, str]],
    out: BinaryIO | OutputFile,
    *,
    statuses: Iterable[tuple[int, str]] = (),
    file_index: int | None = None,
) -> SpliceReport:
    """Write the original with other targets, and with other statuses where it has a column for them.

    Without changes the output is the original byte for byte, compressed or not. A table without a target column gets
    one when there is a change, a JSONL record a member, and in text the line of the mt becomes the target.

    Args:
        openers: For the bytes of the original, as it lay on the disk; each is opened more than once.
        options: Those it was read with; records that were passed over then keep their bytes.
        changes: Ascending position and new target, only of segments that have one.
        statuses: Ascending position and new status, only of segments whose status has changed.
        out: Gets the bytes; unless it is an OutputFile, which knows better, compressed as the original is.
        file_index: Which of several parallel files to write: by default that of the target, or else that of the mt.
            Another file comes out as it is.

    Raises:
        CorpusError: The format can't hold a target, the original can't be read, or a change is for no segment of it.
        ValueError: Changes do not ascend.
    """
    codec = open_codec(openers, names, options, carrier=file_index)
    try:
        index = codec.carrier_index
        splicing = _Splice(codec, changes if codec.carries_target else (), statuses)
        as_it_is = splicing.is_idle and _packing(out, names[index]) is compression_of(names[index])
        report = SpliceReport(_count(codec), 0) if as_it_is else splicing.run(out, names[index])
    finally:
        codec.close()
    if as_it_is:
        _copy(openers[index], out)
    return report


class _Changes:
    """The next change and what follows."""

    def __init__(self, changes: Iterable[tuple[int, str]]) -> None:
        self._rest = iter(changes)
        self.position = 0
        """Of the next change; _NO_MORE when there is none."""
        self.text = ""
        self.advance()

    def advance(self) -> None:
        """Go on to the next change."""
        position, self.text = next(self._rest, (_NO_MORE, ""))
        if position != _NO_MORE and position <= self.position:
            raise ValueError(f"changes must ascend: {position} comes after {self.position}")
        self.position = position


class _Splice:
    """One pass over the records of a file."""

    def __init__(self, codec: Codec, changes: Iterable[tuple[int, str]], statuses: Iterable[tuple[int, str]]) -> None:
        self._codec = codec
        self._changes = _Changes(changes)
        self._statuses = _Changes(statuses if "status" in codec.columns else ())
        self._adds_target = "target" not in codec.columns and self._changes.position != _NO_MORE
        self._segments = 0
        self._changed = 0

    @property
    def is_idle(self) -> bool:
        """Nothing is to be changed."""
        return self._changes.position == self._statuses.position == _NO_MORE

    def run(self, out: BinaryIO | OutputFile, name: str) -> SpliceReport:
        sink = out if isinstance(out, OutputFile) else compressor(out, compression_of(name))
        _write_records(
            sink, ([self._spliced(record) for record in chunk] for chunk in self._codec.records()), self._codec
        )
        if not isinstance(sink, OutputFile):
            sink.close()
        left = max(self._changes.position, self._statuses.position)
        if left != _NO_MORE:
            raise CorpusError(
                name,
                f"there is a target for segment {left}, but the file has {self._segments} segments",
                hint="the file is not the one that the targets were made for",
            )
        return SpliceReport(self._segments, self._changed)

    def _spliced(self, record: Record) -> str:
        editor = self._codec.editor
        if record.kind is Kind.SEGMENT:
            self._segments += 1
            if self._segments == self._statuses.position:
                record = record._replace(text=editor.with_status(record, self._statuses.text))
                self._statuses.advance()
            if self._segments == self._changes.position:
                return self._change(record)
        if not self._adds_target or record.kind is Kind.BLANK:
            return record.text
        return (
            editor.with_columns(record, {"target": "target"})
            if record.kind is Kind.HEADER
            else editor.without_target(record)
        )

    def _change(self, record: Record) -> str:
        target = self._changes.text
        self._changes.advance()
        if target == record.target:
            return record.text
        self._changed += 1
        try:
            return self._codec.editor.with_target(record, target)
        except Unrepresentable as refused:
            raise CorpusError(
                self._codec.carrier.name,
                f"the target of segment {self._segments} {refused.reason}",
                line=record.line,
                hint=refused.hint,
            ) from refused


def _write_records(sink: ByteSink | OutputFile, chunks: Iterable[Sequence[str]], codec: Codec) -> None:
    """Write the texts of records as a file with the byte order mark and the last line end of the original."""
    source = codec.carrier
    lead = ""
    last = None
    for chunk in chunks:
        if not chunk:
            continue
        if last is None and (source.has_bom or chunk[0].startswith(BOM)):
            lead = BOM  # before a text that starts with one, so that it is not taken for the file's own
        sink.write(to_bytes(lead + "\n".join(chunk)))
        lead = "\n"
        last = chunk[-1]
    # Without its line end an empty last line would not be there.
    if last == "" or (last is not None and not source.is_open_ended):
        sink.write(b"\n")


def _packing(out: BinaryIO | OutputFile, name: str) -> Compression:
    return out.compression if isinstance(out, OutputFile) else compression_of(name)


def _count(codec: Codec) -> int:
    return sum(len(batch.lines) for batch in codec.batches())


def _copy(opener: Opener, out: BinaryIO | OutputFile) -> None:
    with opener() as raw:
        while block := raw.read(_BLOCK_BYTES):
            if isinstance(out, OutputFile):
                out.write_raw(block)
            else:
                out.write(block)
