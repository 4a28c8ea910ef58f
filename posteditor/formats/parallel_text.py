"""Parallel plain text: one to n files, each with one kind of text, line n of all of them making segment n."""

from collections.abc import Iterator, Sequence

from posteditor.errors import AlignmentError, UsageError
from posteditor.formats.columns import check_option, reference_name, status_problem
from posteditor.formats.lines import LineBlock, LineQueue, LineSource
from posteditor.formats.options import ReadOptions
from posteditor.formats.records import BadRecords, Batch, Cell, Editor, Kind, Record, Unrepresentable, none_if_empty
from posteditor.formats.tables import line_of, split_return

_PORTION = 8192


class TextCodec:
    """Plain text files side by side."""

    languages: tuple[str | None, str | None] = (None, None)

    def __init__(self, sources: Sequence[LineSource], options: ReadOptions, carrier: int | None = None) -> None:
        """Args: carrier: The file that splicing is about; None for that of the target, or of the mt without one."""
        self.columns = _columns(sources, options)
        self.bad = BadRecords(sources[0].name, options.skip_bad)
        self.editor: Editor = TextEditor()
        self._sources = sources
        self.header_names: tuple[str, ...] = ()
        of_target = self.columns.index("target" if "target" in self.columns else "mt")
        self.carrier_index = of_target if carrier is None else carrier
        self.carries_target = self.carrier_index == of_target
        self.carrier = sources[self.carrier_index]
        self._queues = [LineQueue(source) for source in sources]

    @property
    def name(self) -> str:
        """The file, for messages."""
        return self.carrier.name

    def batches(self) -> Iterator[Batch]:
        """The segments by column."""
        for blocks in self._side_by_side():
            first, count = blocks[0].first, len(blocks[0].lines)
            good = self._good(blocks)
            texts = [block.texts for block in blocks]
            if good is not None:
                texts = [[column[index] for index in good] for column in texts]
            lines = range(first, first + count) if good is None else [first + index for index in good]
            cells: dict[str, Sequence[Cell]] = dict(zip(self.columns, texts, strict=True))
            cells.pop("-", None)
            if "target" in cells:
                cells["target"] = none_if_empty(cells["target"])
            yield Batch(lines, cells, count, good)

    def records(self) -> Iterator[Iterator[Record]]:
        """All lines of the file that is spliced."""
        for blocks in self._side_by_side():
            yield self._records(blocks)

    def close(self) -> None:
        """Close the files."""
        for source in self._sources:
            source.close()

    def _records(self, blocks: Sequence[LineBlock]) -> Iterator[Record]:
        good = self._good(blocks)
        kept = None if good is None else frozenset(good)
        block = blocks[self.carrier_index]
        for index, text in enumerate(block.lines):
            if kept is not None and index not in kept:
                yield Record(Kind.BAD, block.first + index, text, None)
            else:
                yield Record(Kind.SEGMENT, block.first + index, text, split_return(text)[0])

    def _good(self, blocks: Sequence[LineBlock]) -> list[int] | None:
        """Indexes of the segments without a fault in any file; None when that is all of them."""
        problems: dict[int, tuple[str, str]] = {}
        for block, source, column in zip(blocks, self._sources, self.columns, strict=True):
            found = dict(block.faults)
            if column == "status":
                named = {line: status_problem(text) for line, text in enumerate(block.texts, block.first)}
                found |= {line: problem for line, problem in named.items() if problem}
            for line, problem in found.items():
                problems.setdefault(line, (source.name, problem))
        if not problems:
            return None
        hints = {source.name: source.encoding_hint() for source in self._sources}
        for line in sorted(problems):
            name, problem = problems[line]
            self.bad.name = name
            at = line - blocks[0].first
            texts = "\t".join(block.lines[at] for block in blocks)
            self.bad.meet(line, f"{name}: {problem}" if self.bad.skip else problem, hints[name], texts)
        first = blocks[0].first
        return [index for index in range(len(blocks[0].lines)) if first + index not in problems]

    def _side_by_side(self) -> Iterator[list[LineBlock]]:
        while True:
            blocks = [queue.take(_PORTION) for queue in self._queues]
            counts = {len(block.lines) for block in blocks}
            if len(counts) > 1:
                raise uneven([(queue.source.name, queue.count_all()) for queue in self._queues])
            if counts == {0}:
                return
            yield blocks


class TextEditor:
    """Puts targets into the lines of a text file."""

    def with_target(self, record: Record, target: str) -> str:
        """The target in place of the line."""
        return line_of(text_line(target), split_return(record.text)[1])

    def with_text(self, record: Record, column: str, text: str) -> str:
        """The text in place of the line, whatever its column is called."""
        return self.with_target(record, text)

    def with_status(self, record: Record, status: str) -> str:
        """The line as it is."""
        return record.text

    def without_target(self, record: Record) -> str:
        """The line as it is."""
        return record.text

    def with_columns(self, record: Record, values: dict[str, object]) -> str:
        """Never possible."""
        raise Unrepresentable("needs columns, which plain text can't hold", "write .tsv, .csv or .jsonl")


def text_line(text: str) -> str:
    """The text as a line, which is the text itself.

    Raises:
        Unrepresentable: It has a line break.
    """
    if "\n" in text:
        raise Unrepresentable(
            "has a line break, which plain text can't hold", "write .csv or .jsonl, or take it out of the text"
        )
    return text


def uneven(counts: Sequence[tuple[str, int]]) -> AlignmentError:
    """The error for files, given with their numbers of lines, that should have equally many."""
    shortest = min(counts, key=lambda item: item[1])
    longest = max(counts, key=lambda item: item[1])
    return AlignmentError(
        longest[0],
        f"this line has no partner: {longest[0]} has {longest[1]} lines, {shortest[0]} has {shortest[1]}",
        line=shortest[1] + 1,
        hint="line n of every file must belong together: find where they part, or where a line is missing or broken",
    )


def _columns(sources: Sequence[LineSource], options: ReadOptions) -> tuple[str, ...]:
    if options.header is not None:
        raise UsageError(f"{sources[0].name}: plain text has no header", hint="leave --header out")
    if options.columns is None:
        usual = ("source", "mt") if len(sources) > 1 else ("mt",)
        return (*usual, *(reference_name(number) for number in range(1, len(sources) - 1)))
    check_option(options.columns)
    if len(options.columns) != len(sources):
        raise UsageError(
            f"--columns {','.join(options.columns)}: {len(options.columns)} names for {len(sources)} text files",
            hint="give one name per file, in the order of the files",
        )
    return options.columns
