"""An XLIFF file, open for one pass over its segments."""

from collections.abc import Iterable, Iterator

from posteditor.formats.compression import ByteSource
from posteditor.formats.options import ReadOptions
from posteditor.formats.records import BadRecords, Batch, Cell, Change
from posteditor.formats.unique_ids import UniqueIds
from posteditor.formats.xliff.encodings import Utf8Source
from posteditor.formats.xliff.file_parts import Unit, shown_id
from posteditor.formats.xliff.markup import BadUnit, Element, parse_unit
from posteditor.formats.xliff.places import Place, Reading, notes_of, reading
from posteditor.formats.xliff.plain_units import plain_reading
from posteditor.formats.xliff.scanning import Scanner
from posteditor.formats.xliff.splice import Splice
from posteditor.formats.xliff.version1 import places_1
from posteditor.formats.xliff.version2 import places_2

COLUMNS = ("id", "source", "mt", "target", "status", "note")
_PORTION = 2048
_BAD_HINT = "put the unit right, or pass over it with --skip-bad"


class XliffDocument:
    """An XLIFF file, open for one pass: batches or splicing.

    Attributes:
        name: Of the file, for messages.
        columns: The known ones that it has.
        count: Segments so far.
        refused: Positions whose new target could not be put in, and why.
        removed_characters: How many characters of new texts were left out because XML can't hold them.
    """

    columns: tuple[str, ...] = COLUMNS

    def __init__(self, source: ByteSource, options: ReadOptions) -> None:
        """Take an open file.

        Raises:
            CorpusError: Its encoding is not read, or it is empty.
        """
        self.bad = BadRecords(source.name, options.skip_bad)
        self.count = 0
        self.refused: list[tuple[int, str]] = []
        self.removed_characters = 0
        self._file = source
        self._text = Utf8Source(source)
        self._scanner = Scanner(self._text, source.name)
        self._ids = UniqueIds()

    @property
    def name(self) -> str:
        """Of the file."""
        return self._file.name

    @property
    def languages(self) -> tuple[str | None, str | None]:
        """Source and target as the (first) file in it says them, known after the first batch."""
        return self._scanner.languages

    def batches(self) -> Iterator[Batch]:
        """The segments by column.

        Raises:
            CorpusError: The file can't be read, or a unit is bad.
        """
        portion = _Portion()
        for parts in self._scanner.parts():
            for part in parts:
                if isinstance(part, Unit):
                    self._read(part, portion)
            self._scanner.take_until(self._scanner.settled)
            if len(portion.rows) >= _PORTION:
                yield portion.batch()
                portion = _Portion()
        if portion.total:
            yield portion.batch()

    def spliced(self, changes: Iterable[Change]) -> Iterator[bytes]:
        """The file with changes made.

        Raises:
            CorpusError: The file can't be read, or a unit is bad.
        """
        yield from Splice(self, self._text, self._scanner).run(changes)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def opened(self, unit: Unit) -> tuple[Element, list[Place]] | None:
        """A unit and its segments, which are counted; None for a bad one.

        Raises:
            CorpusError: It is bad, and bad ones are not to be passed over.
        """
        try:
            tree = parse_unit(unit.text, unit.scope)
            if self._scanner.version == 1:
                places = places_1(unit.text, tree, unit.context.confirmed_level)
            else:
                places = places_2(unit.text, tree)
        except BadUnit as bad:
            self.bad.meet(unit.line, f"the unit {shown_id(unit.id)} can't be read: {bad}", _BAD_HINT)
            return None
        self.count += len(places)
        return tree, places

    def _read(self, unit: Unit, portion: "_Portion") -> None:
        plain = plain_reading(unit, self._scanner.version, self._scanner.core)
        if plain is not None:
            self.count += 1
            portion.add(unit.line, self._unique(unit.id, unit.context.name, self.count), plain)
            return
        opened = self.opened(unit)
        if opened is None:
            portion.total += 1
            return
        tree, places = opened
        notes = notes_of(tree, self._scanner.version)
        is_sdl = self._scanner.version == 1 and tree.child("sdl:seg-defs") is not None
        for position, place in enumerate(places, self.count - len(places) + 1):
            found = reading(unit.text, place, notes)
            name = unit.id if not found.key else found.key if is_sdl else f"{unit.id or ''}/{found.key}"
            portion.add(unit.line, self._unique(name, unit.context.name, position), found)

    def _unique(self, name: str | None, file_name: str, position: int) -> str | None:
        """A name that no segment before had: with that of the inner file where several use the same."""
        unique = self._ids.unique(name, position)
        if unique == name or not file_name:
            return unique
        return self._ids.unique(f"{file_name}/{name}", position)


class _Portion:
    """Segments on their way to a batch."""

    def __init__(self) -> None:
        self.total = 0
        self.rows: list[tuple[int, str | None, Reading]] = []
        self._good: list[int] = []

    def add(self, line: int, name: str | None, found: Reading) -> None:
        self._good.append(self.total)
        self.total += 1
        self.rows.append((line, name, found))

    def batch(self) -> Batch:
        rows = self.rows
        cells: dict[str, list[Cell]] = {
            "id": [name for _, name, _ in rows],
            "source": [found.source for _, _, found in rows],
            "mt": [found.mt for _, _, found in rows],
            "target": [found.target for _, _, found in rows],
            "status": [found.status.value for _, _, found in rows],
            "note": [found.note or None for _, _, found in rows],
        }
        lines = [line for line, _, _ in rows]
        return Batch(lines, dict(cells), self.total, self._good)
