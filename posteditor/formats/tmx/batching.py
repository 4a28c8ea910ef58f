"""Units to columns: many plain ones at once, any others one by one."""

import re
from collections.abc import Sequence

from posteditor.formats.columns import reference_name
from posteditor.formats.records import Batch, Cell
from posteditor.formats.tmx.inline import plain_content, read_pair
from posteditor.formats.tmx.own_properties import MT, REFERENCE, STATUS, TARGET, read_notes
from posteditor.formats.tmx.plain_units import Run, notes_of, run_lines
from posteditor.formats.tmx.units import Unit
from posteditor.formats.unique_ids import UniqueIds

_SAYS_SOMETHING = re.compile(f'<note|"(?:{STATUS}|{TARGET}|{MT}|{REFERENCE})"')
_NOTHING: list[str] = []


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
        self._targets: list[Cell] = []
        self._statuses: list[Cell] = []
        self._notes: list[Cell] = []
        self._references: list[list[str]] = []

    def add(self, unit: Unit, source: int, target: int, position: int) -> None:
        """Add a unit, of which those variants are taken.

        Args:
            position: That of the segment, from 1.
        """
        before, after = unit.contents[source], unit.contents[target]
        if "<" in before or "<" in after:
            first, second = read_pair(before, after)
            before, after = first.text, second.text
        else:
            before, after = plain_content(before), plain_content(after)
        self._good.append(self.total)
        self.total += 1
        self._lines.append(unit.line)
        self._names.append(self._ids.unique(unit.tuid, position))
        self._sources.append(before)
        self._mts.append(after)
        self._add_empty(1)
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
        texts = _plain_texts(firsts), _plain_texts(seconds)
        sources, mts = reversed(texts) if is_turned else texts
        self._good += range(self.total, self.total + count)
        self.total += count
        self._lines += run_lines(run, line)
        unique = self._ids.unique
        self._names += [unique(name, at) for at, name in enumerate(run.tuids, position)]
        start = len(self._mts)
        self._sources += sources
        self._mts += mts
        self._add_empty(count)
        if any(notes) and _SAYS_SOMETHING.search("".join(notes)):
            for place, text in enumerate(notes, start):
                if text:
                    self._say(place, notes_of(text))

    def finished(self) -> Batch:
        """The batch."""
        cells: dict[str, Sequence[Cell]] = {
            "id": self._names,
            "source": self._sources,
            "mt": self._mts,
            "target": self._targets,
            "status": self._statuses,
            "note": self._notes,
        }
        for number in range(max(map(len, self._references), default=0)):
            cells[reference_name(number + 1)] = [
                found[number] if number < len(found) else None for found in self._references
            ]
        return Batch(self._lines, cells, self.total, None if len(self._lines) == self.total else self._good)

    def _add_empty(self, count: int) -> None:
        empty: list[Cell] = [None] * count
        self._targets += empty
        self._statuses += empty
        self._notes += empty
        self._references += [_NOTHING] * count

    def _say(self, place: int, notes: Sequence[tuple[str, str]]) -> None:
        """Put what stands beside the texts where it belongs."""
        said = read_notes(notes)
        text = self._mts[place]
        if said.mt is not None:
            self._mts[place] = said.mt
        if said.status is not None and said.has_target:
            self._targets[place] = text
        self._statuses[place] = said.status
        self._notes[place] = said.note
        self._references[place] = said.references


def _plain_texts(contents: Sequence[str]) -> list[str]:
    """The texts of segments without tags, all at once: no text can have the character that is put between them."""
    return plain_content("\0".join(contents)).split("\0")
