"""A Parquet file as a document: its rows as segments, and new targets put into its columns."""

import tempfile
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from posteditor.errors import CorpusError
from posteditor.formats.columns import reference_name, reference_number
from posteditor.formats.compression import Compression, Opener, compression_of, open_decompressed
from posteditor.formats.options import ReadOptions
from posteditor.formats.parquet.arrow import damage_told, load_arrow
from posteditor.formats.parquet.cells import cells_of, row_problem
from posteditor.formats.parquet.layout import REFERENCES, find_layout
from posteditor.formats.parquet.splicing import TableSplicer
from posteditor.formats.records import BadRecords, Batch, Change

_BATCH = 1000
_SPLICED_ROWS = 10_000
_BUFFER_BYTES = 1 << 20
_METADATA_LIMIT = 1 << 26  # bytes or items: what a damaged file claims to have must not fill the memory
_MAGIC = b"PAR1"


class ParquetDocument:
    """The file, open for one pass."""

    def __init__(self, opener: Opener, name: str, options: ReadOptions) -> None:
        """Raises CorpusError when it can't be read, UsageError when its languages are not clear."""
        self.bad = BadRecords(name, options.skip_bad)
        self.count = 0
        self.refused: list[tuple[int, str]] = []
        self.removed_characters = 0
        _, parquet = load_arrow(name)
        self._raw = _seekable(opener, name)
        try:
            _check_magic(self._raw, name)
            with damage_told(name):
                self._file = parquet.ParquetFile(
                    self._raw,
                    buffer_size=_BUFFER_BYTES,
                    thrift_string_size_limit=_METADATA_LIMIT,
                    thrift_container_size_limit=_METADATA_LIMIT,
                )
                self._schema = self._file.schema_arrow
                self._layout = find_layout(self._schema, options, name)
        except BaseException:
            self._raw.close()
            raise
        layout = self._layout
        self.languages = (layout.source_lang, layout.target_lang)
        found = dict.fromkeys(layout.columns)
        if layout.translation is not None:
            found = (
                dict.fromkeys(("id", "source", "mt")) | found
                if "id" in found
                else {"source": None, "mt": None, **found}
            )
        if layout.has_references:
            found |= self._numbered_references()
        self.columns: tuple[str, ...] = tuple(found)

    @property
    def name(self) -> str:
        """The file, for messages."""
        return self.bad.name

    def batches(self) -> Iterator[Batch]:
        """The rows as segments; their lines are the numbers of the rows."""
        done = 0
        for batch in self._record_batches(self._layout.read, _BATCH):
            with damage_told(self.name):
                cells = cells_of(batch, self._layout)
            good = self._good(cells, batch.num_rows, done)
            if len(good) < batch.num_rows:
                cells = {column: [texts[row] for row in good] for column, texts in cells.items()}
            self.count += len(good)
            lines = [done + row + 1 for row in good]
            yield Batch(lines, cells, batch.num_rows, None if len(good) == batch.num_rows else good)
            done += batch.num_rows

    def spliced(self, changes: Iterable[Change]) -> Iterator[bytes]:
        """The whole table, all its columns and metadata, with the changes made; its bytes are new ones."""
        splicer = TableSplicer(self._file, self._layout, self.refused)
        waiting = iter(changes)
        change = next(waiting, None)
        done = 0
        for batch in self._record_batches(None, _SPLICED_ROWS):
            with damage_told(self.name):
                cells = cells_of(batch, self._layout)
            here: dict[int, Change] = {}
            for row in self._good(cells, batch.num_rows, done):
                self.count += 1
                if change is not None and change.position == self.count:
                    here[row] = change
                    change = next(waiting, None)
            done += batch.num_rows
            yield splicer.written(batch, here)
        yield splicer.finished()

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        self._raw.close()

    def _numbered_references(self) -> dict[str, None]:
        """The names for the lists of references, as long as they are near the start of the file."""
        for batch in self._record_batches([REFERENCES], _BATCH):
            lengths = batch.column(REFERENCES).value_lengths().to_pylist()
            number = max(map(reference_number, self._layout.columns), default=0)
            longest = max((length or 0 for length in lengths), default=0)
            return {reference_name(number + place): None for place in range(1, longest + 1)}
        return {}

    def _record_batches(self, columns: list[str] | None, size: int) -> Iterator[Any]:
        with damage_told(self.name):
            batches = self._file.iter_batches(batch_size=size, columns=columns)
        while True:
            with damage_told(self.name):
                batch = next(batches, None)
            if batch is None:
                return
            yield batch

    def _good(self, cells: dict[str, Any], count: int, done: int) -> list[int]:
        """The rows that are segments; the others are noted."""
        good: list[int] = []
        for row in range(count):
            problem = row_problem(cells, row)
            if problem:
                self.bad.meet(done + row + 1, f"row {done + row + 1}: {problem}")
            else:
                good.append(row)
        return good


def _seekable(opener: Opener, name: str) -> BinaryIO:
    """The bytes of a file, decompressed, for reading in any order."""
    if compression_of(name) is Compression.NONE:
        raw = opener()
        if raw.seekable():
            return raw
        raw.close()
    source = open_decompressed(opener, name)
    spooled = tempfile.TemporaryFile()  # noqa: SIM115 - the document closes it
    try:
        while block := source.read():
            spooled.write(block)
        spooled.seek(0)
    except BaseException:
        spooled.close()
        raise
    finally:
        source.close()
    return spooled


def _check_magic(raw: BinaryIO, name: str) -> None:
    start = raw.read(len(_MAGIC))
    raw.seek(0)
    if not start:
        raise CorpusError(name, "the file is empty", hint="check its name")
    if start != _MAGIC:
        raise CorpusError(name, "this is no Parquet file", hint="check its name, or say --format")
