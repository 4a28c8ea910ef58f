"""A file without some of its records, and with other texts in some: what ``clean`` writes.

What stays comes out byte for byte, header and blank lines included; only a last line without its end gets one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain

from posteditor.errors import CorpusError
from posteditor.formats.compression import ByteSource, Opener, open_decompressed
from posteditor.formats.detection import detect_format
from posteditor.formats.lines import BOM, to_bytes
from posteditor.formats.opening import open_codec
from posteditor.formats.options import ReadOptions
from posteditor.formats.records import Codec, Editor, Kind, Record, Unrepresentable

Texts = Mapping[str, str]
"""Column to another text."""
LineEvent = tuple[int, Texts | None]
"""The line where a record starts, and its other texts; None takes the record out."""

_END: LineEvent = (1 << 62, None)
_BLOCK_BYTES = 1 << 19
_BOM_BYTES = BOM.encode()


@contextmanager
def filtered(
    openers: Sequence[Opener],
    names: Sequence[str],
    options: ReadOptions,
    events: Iterable[LineEvent],
    *,
    file_index: int | None = None,
    last_line: int | None = None,
) -> Iterator[Iterator[bytes]]:
    """The bytes of a file made of lines without some records, not compressed: in pieces of whole lines, CSV record by
    record.

    Args:
        events: Ascending; records without one stay as they are. Bad records need one, but not in CSV, where they go.
        file_index: Which of several parallel files; its columns are not asked for. None for the one with the targets.
        last_line: Records that start behind it are left out; None for no such line.

    Raises:
        UsageError: The names or the options don't fit together, or it is no format of lines.
        CorpusError: The file can't be read, or, while the pieces are taken, can't hold a text.
    """
    codec = open_codec(openers, names, options, carrier=file_index)
    raw: ByteSource | None = None
    try:
        index = codec.carrier_index
        cut = _Cut(codec.editor, names[index], events, last_line)
        if detect_format(names, options.format) == "csv":
            yield _with_mark(cut.records(codec), has_mark=codec.carrier.has_bom)
        else:
            raw = open_decompressed(openers[index], names[index])
            yield _with_mark(cut.lines(raw, has_mark=codec.carrier.has_bom), has_mark=codec.carrier.has_bom)
    finally:
        codec.close()
        if raw is not None:
            raw.close()


def lines_of(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of pieces that are made of whole ones, each with its end."""
    for piece in pieces:
        yield from (line + b"\n" for line in piece.split(b"\n")[:-1])


class _Cut:
    def __init__(self, editor: Editor, name: str, events: Iterable[LineEvent], last_line: int | None) -> None:
        self._editor = editor
        self._name = name
        self._events = iter(events)
        self._last = _END[0] - 1 if last_line is None else last_line

    def lines(self, source: ByteSource, *, has_mark: bool) -> Iterator[bytes]:
        """Where every line is a record: bytes are not looked at where nothing happens."""
        first = 1
        event = next(self._events, _END)
        for block in _whole_lines(source, has_mark):
            if first > self._last:
                return
            count = block.count(b"\n")
            is_end = self._last < first + count - 1
            if event[0] >= first + count and not is_end:
                yield block
            else:
                pieces, event = self._cut(block, first, event)
                yield b"".join(pieces)
            first += count

    def _cut(self, block: bytes, first: int, event: LineEvent) -> tuple[list[bytes], LineEvent]:
        """What stays of a block whose first line has that number, and the next event behind it."""
        ends = _line_ends(block)
        pieces = []
        done = 0
        while (place := event[0] - first) < len(ends):
            start = ends[place - 1] + 1 if place else 0
            pieces.append(block[done:start])
            if event[1] is not None and event[0] <= self._last:
                line = block[start : ends[place]].decode(errors="surrogateescape")
                pieces.append(to_bytes(self._edited(event[0], line, event[1])) + b"\n")
            done = ends[place] + 1
            event = next(self._events, _END)
        limit = self._last - first
        pieces.append(block[done:] if limit >= len(ends) - 1 else block[done : ends[limit] + 1])
        return pieces, event

    def records(self, codec: Codec) -> Iterator[bytes]:
        """Where a record may have several lines."""
        line, texts = next(self._events, _END)
        for record in chain.from_iterable(codec.records()):
            if record.line > self._last:
                return
            has_event = record.line == line
            if record.kind is not Kind.BAD and not (has_event and texts is None):
                yield to_bytes(self._edited(line, record.text, texts) if has_event and texts else record.text) + b"\n"
            if has_event:
                line, texts = next(self._events, _END)

    def _edited(self, line: int, text: str, texts: Texts) -> str:
        for column, other in texts.items():
            try:
                text = self._editor.with_text(Record(Kind.SEGMENT, line, text, None), column, other)
            except Unrepresentable as refused:
                problem = f"the new {column} of the record {refused.reason}"
                raise CorpusError(self._name, problem, line=line, hint=refused.hint) from refused
        return text


def _whole_lines(source: ByteSource, has_mark: bool) -> Iterator[bytes]:
    """Blocks that end with a line, without the byte order mark."""
    rest = b""
    at_mark = len(_BOM_BYTES) if has_mark else 0
    while data := source.read(_BLOCK_BYTES):
        data = rest + data
        cut = data.rfind(b"\n") + 1
        if cut:
            yield data[at_mark:cut]
            at_mark = 0
        rest = data[cut:]
    if rest[at_mark:]:
        yield rest[at_mark:] + b"\n"


def _line_ends(block: bytes) -> list[int]:
    import numpy as np  # only here: whoever reads files can do without

    found: list[int] = np.flatnonzero(np.frombuffer(block, np.uint8) == 0x0A).tolist()
    return found


def _with_mark(pieces: Iterable[bytes], *, has_mark: bool) -> Iterator[bytes]:
    """A byte order mark where there was one, and before a text that would be taken for one."""
    is_start = True
    for piece in pieces:
        if is_start and piece:
            is_start = False
            if has_mark or piece.startswith(_BOM_BYTES):
                piece = _BOM_BYTES + piece
        yield piece
    if is_start and has_mark:
        yield _BOM_BYTES
