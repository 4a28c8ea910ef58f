"""The records of a file without some of them, and with other texts in some: what ``clean`` writes.

What stays comes out byte for byte, header and blank lines included.
"""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain

from posteditor.errors import CorpusError
from posteditor.formats.compression import Opener, open_decompressed
from posteditor.formats.detection import detect_format
from posteditor.formats.lines import LineSource
from posteditor.formats.opening import open_codec
from posteditor.formats.options import ReadOptions
from posteditor.formats.records import Codec, Editor, Kind, Record, Unrepresentable

Texts = Mapping[str, str]
"""Column to another text."""
LineEvent = tuple[int, Texts | None]
"""The line where a record starts, and its other texts; None takes the record out."""

_END: LineEvent = (1 << 62, None)


class FilteredLines:
    """The records that stay, without their line ends; can be gone through once, also by parts.

    Attributes:
        has_bom: There is to be a byte order mark before the first.
    """

    def __init__(self, portions: Iterator[list[str]], *, has_bom: bool) -> None:
        self.has_bom = has_bom
        self._lines = chain.from_iterable(portions)

    def __iter__(self) -> Iterator[str]:
        """The records in order.

        Raises:
            CorpusError: The file can't be read, or can't hold a text.
        """
        return self._lines


@contextmanager
def filtered_lines(
    openers: Sequence[Opener],
    names: Sequence[str],
    options: ReadOptions,
    events: Iterable[LineEvent],
    *,
    file_index: int | None = None,
    last_line: int | None = None,
) -> Iterator[FilteredLines]:
    """The records of a file made of lines that stay.

    Args:
        events: Ascending; records without one stay as they are. Bad records need one, but not in CSV, where they go.
        file_index: Which of several parallel files; its columns are not asked for. None for the one with the targets.
        last_line: Records that start behind it are left out; None for no such line.

    Raises:
        UsageError: The names or the options don't fit together, or it is no format of lines.
        CorpusError: The file can't be read.
    """
    codec = open_codec(openers, names, options, carrier=file_index)
    raw: LineSource | None = None
    try:
        cut = _Cut(codec.editor, names[codec.carrier_index], events, last_line)
        if detect_format(names, options.format) == "csv":
            yield FilteredLines(cut.records(codec), has_bom=codec.carrier.has_bom)
            return
        index = codec.carrier_index
        raw = LineSource(open_decompressed(openers[index], names[index]))
        yield FilteredLines(cut.lines(raw), has_bom=raw.has_bom)
    finally:
        codec.close()
        if raw is not None:
            raw.close()


class _Cut:
    def __init__(self, editor: Editor, name: str, events: Iterable[LineEvent], last_line: int | None) -> None:
        self._editor = editor
        self._name = name
        self._events = iter(events)
        self._last = _END[0] - 1 if last_line is None else last_line

    def lines(self, source: LineSource) -> Generator[list[str]]:
        """Where every line is a record, whole blocks without an event pass through unseen."""
        line, texts = next(self._events, _END)
        for block in source:
            if block.first > self._last:
                return
            lines = block.lines[: self._last + 1 - block.first]
            if line >= block.first + len(lines):
                yield lines
                continue
            kept: list[str] = []
            done = 0
            while (place := line - block.first) < len(lines):
                kept += lines[done:place]
                if texts is not None:
                    kept.append(self._edited(line, lines[place], texts))
                done = place + 1
                line, texts = next(self._events, _END)
            kept += lines[done:]
            yield kept

    def records(self, codec: Codec) -> Generator[list[str]]:
        line, texts = next(self._events, _END)
        for portion in codec.records():
            kept: list[str] = []
            for record in portion:
                if record.line > self._last:
                    yield kept
                    return
                has_event = record.line == line
                if record.kind is not Kind.BAD and not (has_event and texts is None):
                    kept.append(self._edited(line, record.text, texts) if has_event and texts else record.text)
                if has_event:
                    line, texts = next(self._events, _END)
            yield kept

    def _edited(self, line: int, text: str, texts: Texts) -> str:
        for column, other in texts.items():
            try:
                text = self._editor.with_text(Record(Kind.SEGMENT, line, text, None), column, other)
            except Unrepresentable as refused:
                problem = f"the new {column} of the record {refused.reason}"
                raise CorpusError(self._name, problem, line=line, hint=refused.hint) from refused
        return text
