"""Units to columns: many plain ones at once, any others one by one."""

import re
from collections.abc import Sequence
from operator import methodcaller

from posteditor.core.inline_tags import protected
from posteditor.formats.columns import reference_name
from posteditor.formats.records import Batch, Cell
from posteditor.formats.tmx.characters import text_of
from posteditor.formats.tmx.inline import plain_content, read_texts
from posteditor.formats.tmx.own_properties import MT, REFERENCE, STATUS, TARGET, Said, read_notes
from posteditor.formats.tmx.plain_units import Run, notes_of, run_lines
from posteditor.formats.tmx.units import Unit
from posteditor.formats.unique_ids import UniqueIds

_SAYS_SOMETHING = re.compile(f'<note|"(?:{STATUS}|{TARGET}|{MT}|{REFERENCE})"')
_NOTHING = Said()
_has_tag = methodcaller("__contains__", "<")


class BatchInMaking:
    """Segments by column."""

    def __init__(self, ids: UniqueIds) -> None:
        self.total = 0
        """Units, the bad ones included."""
        self._ids = ids
        self._good: list[int] = []
        self._lines: list[int] = []
        self._names: list[Cell] = []
        self._sources: list[Cell] = []
        self._mts: list[Cell] = []
        self._targets: dict[int, str] = {}
        self._said: dict[int, Said] = {}
        """What stands beside the texts of some of them, by their place in the batch."""

    def add(self, unit: Unit, source: int, target: int, position: int) -> None:
        """Add a unit, of which those variants are taken.

        Args:
            position: That of the segment, from 1.
        """
        before, after = unit.contents[source], unit.contents[target]
        if "<" in before or "<" in after:
            before, after = read_texts(before, after)
        else:
            before, after = plain_content(before), plain_content(after)
        self._good.append(self.total)
        self.total += 1
        self._lines.append(unit.line)
        self._names.append(self._ids.unique(unit.tuid, position))
        self._sources.append(before)
        self._mts.append(after)
        if unit.notes:
            self._say(len(self._mts) - 1, unit.notes)

    def add_run(self, run: Run, line: int, position: int, *, is_turned: bool) -> None:
        """Add plain units, all with the source first and the target second, or the other way round.

        Args:
            line: Of the start of the run.
            position: That of the first segment, from 1.
        """
        count = len(run.rows)
        _, _, _, _, notes, _, firsts, _, seconds, _ = zip(*run.rows, strict=True)
        texts = _texts(firsts, seconds, is_turned=is_turned)
        sources, mts = reversed(texts) if is_turned else texts
        self._good += range(self.total, self.total + count)
        self.total += count
        self._lines += run_lines(run, line)
        self._names += self._ids.unique_all(run.tuids, position)
        start = len(self._mts)
        self._sources += sources
        self._mts += mts
        if any(notes) and _SAYS_SOMETHING.search("".join(notes)):
            for place, text in enumerate(notes, start):
                if text:
                    self._say(place, notes_of(text))

    def finished(self) -> Batch:
        """The batch; it has no columns for what none of its units says."""
        cells: dict[str, Sequence[Cell]] = {"id": self._names, "source": self._sources, "mt": self._mts}
        if self._said:
            found = [self._said.get(place, _NOTHING) for place in range(len(self._mts))]
            cells["target"] = [self._targets.get(place) for place in range(len(self._mts))]
            cells["status"] = [said.status for said in found]
            cells["note"] = [said.note for said in found]
            for number in range(max(len(said.references) for said in found)):
                cells[reference_name(number + 1)] = [
                    said.references[number] if number < len(said.references) else None for said in found
                ]
        return Batch(self._lines, cells, self.total, None if len(self._lines) == self.total else self._good)

    def _say(self, place: int, notes: Sequence[tuple[str, str]]) -> None:
        """Put what stands beside the texts where it belongs."""
        said = self._said[place] = read_notes(notes)
        if said.status is not None and said.has_target:
            self._targets[place] = self._mts[place] or ""
        if said.mt is not None:
            self._mts[place] = said.mt


def _texts(firsts: Sequence[str], seconds: Sequence[str], *, is_turned: bool) -> tuple[list[str], list[str]]:
    """The texts of two variants of many units, in the order of the file."""
    found = _plain_texts(firsts), _plain_texts(seconds)
    if any(map(_has_tag, firsts)) or any(map(_has_tag, seconds)):
        for place, (first, second) in enumerate(zip(firsts, seconds, strict=True)):
            if "<" in first or "<" in second:
                before, after = (second, first) if is_turned else (first, second)
                found[is_turned][place], found[not is_turned][place] = read_texts(before, after)
    return found


def _plain_texts(contents: Sequence[str]) -> list[str]:
    """The texts of segments without tags, all at once: no text can have the character that is put between them."""
    joined = text_of("\0".join(contents))
    texts = joined.split("\0")
    return [protected(text) if "<" in text else text for text in texts] if "<" in joined else texts
