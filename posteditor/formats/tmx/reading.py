"""A TMX file as a document: its units as segments, and new targets put into its bytes."""

from collections.abc import Iterable, Iterator
from itertools import chain

from posteditor.errors import CorpusError, UsageError
from posteditor.formats.columns import reference_name
from posteditor.formats.compression import ByteSource
from posteditor.formats.options import ReadOptions
from posteditor.formats.records import BadRecords, Batch, Change
from posteditor.formats.tmx.batching import BatchInMaking
from posteditor.formats.tmx.language_pair import find_pair, is_elsewhere
from posteditor.formats.tmx.own_properties import CREATION_TOOL, read_notes
from posteditor.formats.tmx.plain_units import units_of
from posteditor.formats.tmx.prologue import read_prologue
from posteditor.formats.tmx.scanning import BodyScanner, Item, Units
from posteditor.formats.tmx.splicing import UnitSplicer
from posteditor.formats.tmx.text import XmlText
from posteditor.formats.tmx.units import Unit, Wrong
from posteditor.formats.unique_ids import UniqueIds

_LOOK_AHEAD = 500  # units from which the languages are told
_BATCH = 1000
_PIECE = 1 << 16


class TmxDocument:
    """The file, open for one pass."""

    def __init__(self, source: ByteSource, options: ReadOptions) -> None:
        """Raises CorpusError when it can't be read, UsageError when its languages are not clear."""
        self.bad = BadRecords(source.name, options.skip_bad)
        self.count = 0
        self.refused: list[tuple[int, str]] = []
        self.removed_characters = 0
        self._text = XmlText(source)
        blocks = self._text.blocks()
        prologue = read_prologue(blocks, source.name)
        self._prologue = prologue.text
        self._items = BodyScanner(prologue, blocks, self._text).items()
        self._units = 0
        """Units so far, the bad ones included."""
        first = self._look_ahead()
        self._pair = find_pair(first, prologue.header.get("srclang", ""), options, source.name)
        self._is_own = prologue.header.get("creationtool") == CREATION_TOOL
        self.languages = self._file_languages(first)
        references = max((len(read_notes(unit.notes).references) for unit in first if unit.notes), default=0)
        numbered = map(reference_name, range(1, references + 1))
        self.columns: tuple[str, ...] = ("id", "source", "mt", "target", *numbered, "status", "note")

    @property
    def name(self) -> str:
        """The file, for messages."""
        return self.bad.name

    def batches(self) -> Iterator[Batch]:
        """The units that have both languages as segments."""
        ids = UniqueIds()
        batch = BatchInMaking(ids)
        for item in self._items:
            if isinstance(item, Units) and (is_turned := self._run_choice(item)) is not None:
                batch.add_run(item.run, item.line, self.count + 1, is_turned=is_turned)
                self.count += len(item.run.rows)
                self._units += len(item.run.rows)
            else:
                for unit in _each(item):
                    self._add(batch, unit)
            if batch.total >= _BATCH:
                yield batch.finished()
                batch = BatchInMaking(ids)
        yield batch.finished()
        self._check_pairs()

    def spliced(self, changes: Iterable[Change]) -> Iterator[bytes]:
        """The whole file, with the changes made."""
        text = self._text
        pieces, size = [self._prologue], 0
        for piece in self._spliced_items(iter(changes)):
            pieces.append(piece)
            size += len(piece)
            if size > _PIECE:
                text.check_exact()
                yield text.encoded("".join(pieces))
                pieces, size = [], 0
        text.check_exact()
        yield text.encoded("".join(pieces))

    def close(self) -> None:
        """Close the file."""
        self._text.close()

    def _spliced_items(self, changes: Iterator[Change]) -> Iterator[str]:
        splicer = UnitSplicer(self._text.fitting, is_own=self._is_own)
        change = next(changes, None)
        for item in self._items:
            if isinstance(item, Units) and self._run_choice(item) is not None:
                last = self.count + len(item.run.rows)
                if change is None or change.position > last:
                    self.count = last
                    self._units += len(item.run.rows)
                    yield item.text
                    continue
            if isinstance(item, str):
                yield item
                continue
            for unit in _each(item):
                pair = self._variants(unit)
                self.count += pair is not None
                if pair is None or change is None or change.position != self.count:
                    yield unit.text
                    continue
                assert isinstance(unit, Unit)
                piece, refusal = splicer.changed(unit, *pair, change)
                if refusal:
                    self.refused.append((self.count, refusal))
                self.removed_characters = splicer.removed
                change = next(changes, None)
                yield piece

    def _add(self, batch: BatchInMaking, unit: Unit | Wrong) -> None:
        pair = self._variants(unit)
        if pair is None:
            batch.total += 1
            return
        assert isinstance(unit, Unit)
        self.count += 1
        batch.add(unit, *pair, self.count)

    def _look_ahead(self) -> list[Unit]:
        """The first units; they will come again."""
        ahead: list[Item] = []
        units: list[Unit] = []
        count = 0
        for item in self._items:
            ahead.append(item)
            found = list(_each(item))
            count += len(found)
            units += [unit for unit in found if isinstance(unit, Unit)]
            if count >= _LOOK_AHEAD:
                break
        self._items = chain(ahead, self._items)
        return units

    def _file_languages(self, units: list[Unit]) -> tuple[str | None, str | None]:
        """The two languages as the units write them."""
        if self._pair is None:
            return None, None
        for unit in units:
            found = self._pair.choose(unit.languages)
            if not isinstance(found, str):
                source, target = (unit.languages[place].replace("_", "-") for place in found)
                return source, target
        return self._pair.source, self._pair.target

    def _run_choice(self, item: Units) -> bool | None:
        """Whether the target comes first in all units; None where that differs, or they have more than two variants."""
        kinds = set(item.run.languages)
        if self._pair is None or len(kinds) > 4:
            return None
        choices = {self._pair.choose(languages) for languages in kinds}
        if choices == {(0, 1)}:
            return False
        return True if choices == {(1, 0)} else None

    def _variants(self, unit: Unit | Wrong) -> tuple[int, int] | None:
        """Where source and target are in the next unit; None, and it is noted, when it is no segment."""
        self._units += 1
        if isinstance(unit, Wrong):
            self.bad.meet(unit.line, f"unit {self._units}: {unit.problem}", unit.hint, unit.text)
            return None
        pair = self._pair
        if pair is None:
            raise CorpusError(
                self.name,
                f"the first {_LOOK_AHEAD} units are all bad, so the languages can't be told",
                line=unit.line,
                hint="check what made the file",
            )
        found = pair.choose(unit.languages)
        if not isinstance(found, str):
            return found
        name = "" if unit.tuid is None else f" ({unit.tuid[:40]!r})"
        problem = f"unit {self._units}{name}: {found}"
        if is_elsewhere(pair, unit.languages):  # what a memory of many languages has is no mistake, but it is told
            self.bad.pass_over(unit.line, problem, unit.text)
        else:
            hint = "a pair needs both languages: add it, or pass over it with --skip-bad"
            self.bad.meet(unit.line, problem, hint, unit.text)
        return None

    def _check_pairs(self) -> None:
        if self._units and not self.count and self._pair is not None:
            reason = f" ({self.bad.noted[0].reason})" if self.bad.noted else ""
            raise UsageError(
                f"{self.name}: no unit is a pair of {self._pair.source} and {self._pair.target}{reason}",
                hint="say which languages with --source-lang and --target-lang",
            )


def _each(item: Item) -> Iterator[Unit | Wrong]:
    if isinstance(item, Units):
        yield from units_of(item.run, item.line)
    elif not isinstance(item, str):
        yield item
