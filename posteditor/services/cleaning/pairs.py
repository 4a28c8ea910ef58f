"""The pairs of a corpus in batches, by column: what is scored is the source beside the target, or else the mt."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple, cast

from posteditor.errors import CorpusError
from posteditor.formats.opening import open_source
from posteditor.formats.records import Batch, Cell, SegmentSource
from posteditor.services.rewrite_input import RewriteInput

_MOST_PAIRS = 1024

BadRecord = tuple[int, str, str]
"""Line, problem, and the record as it stands there where the format is one of lines."""


class PairBatch(NamedTuple):
    """Some pairs in a row; the same ones at every reading."""

    first: int
    """1-based position of the first."""
    sources: list[str]
    """Empty texts where there are none."""
    texts: list[str]
    lines: Sequence[int]
    bad: list[BadRecord]
    """Bad records among them, or before the first of them."""
    cells: dict[str, Sequence[Cell]]

    def cell(self, column: str, place: int) -> Cell:
        """What a pair has in a column."""
        cells = self.cells.get(column)
        return None if cells is None else cells[place]


class PairReader:
    """The batches of a corpus; can be gone through once."""

    def __init__(self, source: SegmentSource, limit: int | None) -> None:
        self._source = source
        self._limit = limit
        self._bad: list[BadRecord] = []
        source.bad.listener = lambda line, problem, text: self._bad.append((line, problem, text))

    @property
    def languages(self) -> tuple[str | None, str | None]:
        """As the file says them; known after the first batch."""
        return self._source.languages

    @property
    def columns(self) -> tuple[str, ...]:
        """The known columns that the file has."""
        return tuple(column for column in self._source.columns if column != "-")

    def __iter__(self) -> Iterator[PairBatch]:
        """The batches in order.

        Raises:
            CorpusError: The input can't be read, has no sources or no pairs.
        """
        if "source" not in self._source.columns:
            raise CorpusError(
                self._source.name,
                "there is no column source: only pairs can be cleaned",
                hint="name the columns in order (--columns source,mt), or give two parallel text files",
            )
        done = 0
        for batch, is_end in self._portions():
            room = None if self._limit is None else self._limit - done
            is_last = room is not None and len(batch.lines) >= room
            found = self._pairs(batch, done + 1, room, takes_all=is_end and not is_last)
            done += len(found.texts)
            yield found
            if is_last:
                return
        if not done:
            raise CorpusError(self._source.name, "there are no pairs in it", hint="check the name, or what made it")

    def _portions(self) -> Iterator[tuple[Batch, bool]]:
        """The batches of the file, cut to a size that takes little memory, and whether each is the end of one."""
        for batch in self._source.batches():
            for start in range(0, max(1, len(batch.lines)), _MOST_PAIRS):
                end = start + _MOST_PAIRS
                cells = {column: values[start:end] for column, values in batch.cells.items()}
                yield Batch(batch.lines[start:end], cells, 0), end >= len(batch.lines)

    def _pairs(self, batch: Batch, first: int, room: int | None, *, takes_all: bool) -> PairBatch:
        cells = {column: values[:room] for column, values in batch.cells.items()}
        lines = batch.lines[:room]
        bad = self._bad if takes_all else [bad for bad in self._bad if lines and bad[0] < lines[-1]]
        self._bad = self._bad[len(bad) :]
        texts = _filled(cells.get("mt"), len(lines))
        targets = cells.get("target")
        if targets is not None:
            texts = [mt if target is None else target for mt, target in zip(texts, targets, strict=True)]
        return PairBatch(first, _filled(cells.get("source"), len(lines)), texts, lines, bad, cells)


def _filled(cells: Sequence[Cell] | None, count: int) -> list[str]:
    """The cells with an empty text for each that is not there."""
    if cells is None:
        return [""] * count
    if None in cells:
        return [cell or "" for cell in cells]
    return list(cast(Sequence[str], cells))


@contextmanager
def open_pairs(source: RewriteInput, limit: int | None) -> Iterator[PairReader]:
    """The pairs of an input, from the first on.

    Raises:
        CorpusError: A file can't be read.
        UsageError: The names or the options don't fit together.
    """
    opened = open_source(source.openers, source.names, source.options)
    try:
        yield PairReader(opened, limit)
    finally:
        opened.close()
