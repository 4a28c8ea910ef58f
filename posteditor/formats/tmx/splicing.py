"""A new target put into the text of a unit, all else of which stays as it is."""

import re
from collections.abc import Callable

from posteditor.core.inline_tags import Placeholder, TagKind, pieces, tag_problem
from posteditor.core.segment import Provenance, Status
from posteditor.formats.records import Change
from posteditor.formats.tmx.characters import escaped, escaped_attribute, without_illegal
from posteditor.formats.tmx.dates import tmx_date
from posteditor.formats.tmx.inline import Content, pair_number, read_pair, renumbered
from posteditor.formats.tmx.odd_units import OddUnit, parse_unit
from posteditor.formats.tmx.own_properties import CONFIDENCE, MT, NO_TARGET, REWRITER, STATUS, TARGET
from posteditor.formats.tmx.units import Place, Unit, Wrong

_ATTRIBUTE = re.compile(r"""\s([^\s=]+)\s*=\s*("[^"]*"|'[^']*')""")

_UNIT_TAG = re.compile(r"""\s*<tu(?:[^>"']|"[^"]*"|'[^']*')*>""")

_Edit = tuple[int, int, str]
"""Start, end and what stands there instead."""


class UnitSplicer:
    """Makes changes."""

    def __init__(self, fitting: Callable[[str], str], *, is_own: bool) -> None:
        """Prepare for one file.

        Args:
            fitting: Puts references for characters that the file's encoding does not have.
            is_own: The file is one of ours, where properties say the status.
        """
        self._fitting = fitting
        self._is_own = is_own
        self.removed = 0
        """Characters that XML can't hold, taken out so far."""

    def changed(self, unit: Unit, source: int, target: int, change: Change) -> tuple[str, str]:
        """The text of a unit with a change made, and why its target was refused, if it was.

        Args:
            source: Number of the variant with the source, from 0.
            target: The same of the target.
        """
        found = parse_unit(unit.text, unit.line)
        if isinstance(found, Wrong):
            raise AssertionError(f"a plain unit is odd: {found.problem}")
        edits: list[_Edit] = []
        refusal = ""
        place = found.places[target]
        texts = read_pair(unit.contents[source], unit.contents[target])
        if change.target is not None:
            if change.target != texts[1].text:
                refusal = _refusal(change.target, *texts)
                if not refusal:
                    edits.append(self._new_content(unit.text, place, change.target, *texts))
            if not refusal:
                edits += self._property(found, TARGET, "set")
        if change.status is not None and not refusal:
            edits += self._property(found, STATUS, change.status.value)
        if self._is_own and not refusal:
            edits += self._new_status(found, texts[1].text, change)
        if edits and change.provenance is not None:
            edits += self._provenance(found, place, change.provenance)
        return _made(unit.text, edits), refusal

    def _new_content(self, text: str, place: Place, target: str, source: Content, old: Content) -> _Edit:
        content = "".join(self._rendered(target, old.raws, source.raws))
        (start, end), (_, seg_end) = place.content, place.segment
        if text[seg_end - 2 : seg_end] == "/>":
            return (*place.segment, f"<seg>{content}</seg>")
        return start, end, content

    def _rendered(self, text: str, raws: dict[Placeholder, str], others: dict[Placeholder, str]) -> list[str]:
        found: list[str] = []
        pairs = _PairNumbers()
        for piece in pieces(text):
            if isinstance(piece, str):
                found.append(self._clean(escaped(piece)))
            else:
                found.append(pairs.fitted(piece, raws.get(piece) or others[piece]))
        return found

    def _clean(self, text: str) -> str:
        text, count = without_illegal(text)
        self.removed += count
        return self._fitting(text)

    def _property(self, unit: OddUnit, kind: str, value: str) -> list[_Edit]:
        """Give a property of ours another value, where the unit has it."""
        return [
            (*found.content, escaped(value))
            for found in unit.properties
            if found.kind == kind and not found.is_in_variant and found.content[1] < found.whole[1]
        ]

    def _new_status(self, unit: OddUnit, old: str, change: Change) -> list[_Edit]:
        """The properties that a unit of ours gets when somebody has worked on it for the first time."""
        kinds = {found.kind for found in unit.properties}
        status = change.status or (Status.DRAFT if change.target is not None else Status.NEW)
        if STATUS in kinds or (status is Status.NEW and change.target is None):
            return []
        new = self._new_property(STATUS, status.value)
        if change.target is None:
            new += self._new_property(TARGET, NO_TARGET)
        elif change.target != old and MT not in kinds:
            new += self._new_property(MT, old)
        start = _UNIT_TAG.match(unit.unit.text)
        assert start is not None
        return [(start.end(), start.end(), new)]

    def _provenance(self, unit: OddUnit, place: Place, provenance: Provenance) -> list[_Edit]:
        tag = unit.unit.text[slice(*place.tag)]
        new = _with_attribute(tag, "changedate", tmx_date(provenance.time))
        new = _with_attribute(new, "changeid", self._clean(escaped_attribute(provenance.author)))
        if provenance.rewriter:
            new += self._new_property(REWRITER, provenance.rewriter)
        if provenance.rewriter and provenance.confidence is not None:
            new += self._new_property(CONFIDENCE, f"{provenance.confidence:.4g}")
        # What was said of the rewriter of the old target does not hold for the new one.
        old = [
            (*found.whole, "")
            for found in unit.properties
            if found.kind in (REWRITER, CONFIDENCE)
            and (not found.is_in_variant or place.tag[1] <= found.whole[0] < place.segment[0])
        ]
        return [(*place.tag, new), *old]

    def _new_property(self, kind: str, value: str) -> str:
        return f'<prop type="{kind}">{self._clean(escaped(value))}</prop>'


class _PairNumbers:
    """Keeps the i of the pairs in one segment apart, where tags of both languages come together."""

    def __init__(self) -> None:
        self._owners: dict[str, int] = {}
        self._open: dict[int, str] = {}

    def fitted(self, placeholder: Placeholder, raw: str) -> str:
        """The raw form of a tag, with another i if that one is taken."""
        pair = pair_number(raw)
        if not pair:
            return raw
        number = placeholder.number
        if placeholder.kind is TagKind.CLOSE and number in self._open:
            given = self._open.pop(number)
        else:
            given = pair if pair not in self._owners else str(self._free())
            self._owners[given] = number
            if placeholder.kind is TagKind.OPEN:
                self._open[number] = given
        return raw if given == pair else renumbered(raw, int(given))

    def _free(self) -> int:
        number = 1
        while str(number) in self._owners:
            number += 1
        return number


def _refusal(target: str, source: Content, old: Content) -> str:
    """Why a target can't be written: it must have the tags that the old one has, or those of the source."""
    problem = tag_problem(target, old.text)
    if not problem or not tag_problem(target, source.text):
        return ""
    return problem


def _made(text: str, edits: list[_Edit]) -> str:
    done = 0
    parts: list[str] = []
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        parts += (text[done:start], new)
        done = end
    parts.append(text[done:])
    return "".join(parts)


def _with_attribute(tag: str, name: str, value: str) -> str:
    """A start tag with an attribute set; as it is where there is no value."""
    if not value:
        return tag
    for found in _ATTRIBUTE.finditer(tag):
        if found[1] == name:
            start, end = found.span(2)
            return f'{tag[:start]}"{value}"{tag[end:]}'
    return f'{tag[:-1]} {name}="{value}">'
