"""Changes put into a ``<trans-unit>``, whose other parts stay as they are.

Source: XLIFF 1.2, sections 2.2.3 (order of the elements in a trans-unit) and 3 (attributes).
"""

from posteditor.core.segment import Status
from posteditor.formats.records import Proposal
from posteditor.formats.xliff.markup import (
    Element,
    attribute_text,
    attributes,
    edited,
    indent_before,
    is_core,
    open_tag,
    tag_name,
    with_attributes,
)
from posteditor.formats.xliff.names import MEMOQ, OURS, PHRASE
from posteditor.formats.xliff.places import coded, note_mark, own_note
from posteditor.formats.xliff.sdl import sdl_edits
from posteditor.formats.xliff.states import MEMOQ_STATUS, REJECTED_QUALIFIER, STATE_1, least, phrase_confirmed
from posteditor.formats.xliff.unit_changes import UnitChanges
from posteditor.formats.xliff.version1 import is_blank, segment_marks

Edit = tuple[int, int, str]


def spliced_1(unit: UnitChanges) -> str:
    """The text of the unit with its changes."""
    splice = _Splice(unit)
    return edited(unit.text, [*splice.of_target(), *splice.of_status(), *sdl_edits(unit), *splice.after_target()])


class _Splice:
    """The edits for one unit."""

    def __init__(self, unit: UnitChanges) -> None:
        self._unit = unit
        self._text = unit.text
        tree = unit.tree
        source = tree.child("source")
        assert source is not None  # or it had no places
        self._source = source
        self._segmented = tree.child("seg-source") if not any(p.source is source for p in unit.places) else None
        self._target = tree.child("target")
        self._is_sdl = tree.child("sdl:seg-defs") is not None
        self._of_unit = attributes(self._text, tree)
        indexes = range(len(unit.places))
        self._has_target = any(map(unit.has_target, indexes))
        self._status = least([unit.after(index) for index in indexes])
        was = least([unit.before(index) for index in indexes])
        given = any(map(unit.has_new_status, indexes))
        self._has_new_status = given and self._has_target and (self._status is not was or bool(unit.contents))

    def of_target(self) -> list[Edit]:
        """The target with new contents and state."""
        unit, target = self._unit, self._target
        if target is None:
            return self._new_target() if unit.contents else []
        tag = self._text[target.start : target.open_end]
        new_tag = with_attributes(tag, self._target_attributes(attributes(self._text, target)))
        if self._segmented is None or is_blank(self._text, target):
            if unit.contents:
                end = self._text[target.close : target.end] or f"</{tag_name(tag)}>"
                return [(target.start, target.end, f"{open_tag(new_tag)}{self._whole_content()}{end}")]
            return [(target.start, target.open_end, new_tag)]
        return [(target.start, target.open_end, new_tag), *self._marked_contents(target)]

    def of_status(self) -> list[Edit]:
        """The unit's own tag, with what says that it is approved or confirmed."""
        if not self._has_new_status:
            return []
        changes: dict[str, str | None] = {}
        scope, of_unit = self._unit.tree.scope, self._of_unit
        memoq, phrase = f"{scope.prefix_of(MEMOQ)}:status", f"{scope.prefix_of(PHRASE)}:confirmed"
        if memoq in of_unit:
            changes[memoq] = MEMOQ_STATUS[self._status]
        if phrase in of_unit:
            changes[phrase] = phrase_confirmed(self._status, self._unit.context.confirmed_level)
        is_reviewed = self._status is Status.REVIEWED
        if of_unit.get("approved") == "yes" and not is_reviewed:
            changes["approved"] = "no"
        elif is_reviewed and (self._is_plain or "approved" in of_unit):
            changes["approved"] = "yes"
        end = self._unit.tree.open_end
        return [(0, end, with_attributes(self._text[:end], changes))] if changes else []

    def after_target(self) -> list[Edit]:
        """Proposals and notes, behind all else that XLIFF defines and before what it does not."""
        unit = self._unit
        last = max(child.end for child in unit.tree.children if is_core(child))
        notes = [child for child in unit.tree.children if child.name == "note"]
        indent = indent_before(self._text, self._source.start)
        edits: list[Edit] = []
        for index, change in unit.changes.items():
            if change.proposal is not None:
                new = self._proposal(index, change.proposal)
                if new not in self._text:
                    edits.append((last, last, indent + new))
            note = unit.new_note(index, notes)
            if note is not None:
                edits += self._note(own_note(self._text, notes, unit.places[index].key), index, note, last)
        return edits

    @property
    def _is_plain(self) -> bool:
        """No tool keeps the status in a place of its own."""
        scope = self._unit.tree.scope
        names = (f"{scope.prefix_of(MEMOQ)}:status", f"{scope.prefix_of(PHRASE)}:confirmed")
        return not self._is_sdl and not any(name in self._of_unit for name in names)

    def _new_target(self) -> list[Edit]:
        before = self._segmented or self._unit.tree.child("seg-source") or self._source
        tag = f"<{self._unit.prefix}target>"
        of_source = attributes(self._text, self._source)
        tag = with_attributes(
            tag,
            {
                "xml:lang": self._unit.target_language or None,
                "xml:space": of_source.get("xml:space"),
                **self._target_attributes({}),
            },
        )
        new = f"{tag}{self._whole_content()}</{self._unit.prefix}target>"
        return [(before.end, before.end, indent_before(self._text, before.start) + new)]

    def _target_attributes(self, present: dict[str, str]) -> dict[str, str | None]:
        found: dict[str, str | None] = {}
        if self._has_new_status and (self._is_plain or "state" in present):
            found["state"] = STATE_1[self._status]
            # Of several segments the others were not rejected.
            is_rejected = self._status is Status.REJECTED and len(self._unit.places) == 1
            found["state-qualifier"] = REJECTED_QUALIFIER if is_rejected else None
        if self._unit.phase and not self._is_sdl:
            found["phase-name"] = self._unit.phase
        return found

    def _whole_content(self) -> str:
        """The content of a target that had none, or is one segment."""
        contents = self._unit.contents
        if self._segmented is None:
            return contents[0]
        edits = [
            (place.source.start, place.source.end, self._mark(place.source, contents.get(index, "")))
            for index, place in enumerate(self._unit.places)
        ]
        shift = self._segmented.open_end
        inner = self._text[shift : self._segmented.close]
        return edited(inner, [(start - shift, end - shift, new) for start, end, new in edits])

    def _marked_contents(self, target: Element) -> list[Edit]:
        """New contents of segments, each in its mark; where that is missing it goes behind that of the one before."""
        edits: list[Edit] = []
        marks = dict(segment_marks(self._text, target))
        places = self._unit.places
        for index, content in sorted(self._unit.contents.items()):
            mark = places[index].target
            if mark is not None:
                edits.append((mark.start, mark.end, self._mark(mark, content)))
                continue
            before = [places[other].target for other in range(index)]
            last = next((mark for mark in reversed(before) if mark is not None), None)
            place = last.end if last is not None else min(mark.start for mark in marks.values())
            edits.append((place, place, self._mark(places[index].source, content)))
        return edits

    def _mark(self, mark: Element, content: str) -> str:
        tag = self._text[mark.start : mark.open_end]
        end = self._text[mark.close : mark.end] or f"</{tag_name(tag)}>"
        return f"{open_tag(tag)}{content}{end}"

    def _proposal(self, index: int, proposal: Proposal) -> str:
        unit, prefix = self._unit, self._unit.prefix
        source, old = coded(self._text, unit.places[index])
        found: dict[str, str | None] = {
            "match-quality": None if proposal.quality is None else f"{proposal.quality * 100:.0f}",
            "origin": proposal.origin or OURS,
            "mid": attributes(self._text, unit.places[index].source).get("mid") if self._segmented else None,
        }
        lang = f' xml:lang="{attribute_text(unit.context.target_lang)}"' if unit.context.target_lang else ""
        target = unit.writer.proposed(proposal.text, source, old)
        return (
            with_attributes(f"<{prefix}alt-trans>", found)
            + f"<{prefix}source>{unit.source_content(index)}</{prefix}source>"
            + f"<{prefix}target{lang}>{target}</{prefix}target></{prefix}alt-trans>"
        )

    def _note(self, own: Element | None, index: int, note: str, last: int) -> list[Edit]:
        text = self._unit.writer.plain(note)
        if own is not None:
            tag = self._text[own.start : own.open_end]
            if not note:
                start = own.start - len(indent_before(self._text, own.start))
                return [(start, own.end, "")]
            end = self._text[own.close : own.end] or f"</{tag_name(tag)}>"
            return [(own.start, own.end, f"{open_tag(tag)}{text}{end}")]
        if not note:
            return []
        mark = attribute_text(note_mark(self._unit.places[index].key))
        new = f'<{self._unit.prefix}note from="{mark}">{text}</{self._unit.prefix}note>'
        return [(last, last, indent_before(self._text, self._source.start) + new)]
