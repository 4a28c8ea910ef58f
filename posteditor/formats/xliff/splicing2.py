"""Changes put into a ``<unit>``, whose other parts stay as they are.

Source: XLIFF 2.1, sections 4.2.2 (order of the elements), 4.3.1 (attributes), 5.1 (matches) and 5.3 (metadata).
"""

import re

from posteditor.core.segment import Provenance
from posteditor.formats.records import Proposal
from posteditor.formats.xliff.markup import (
    Element,
    attribute_text,
    attributes,
    content_text,
    edited,
    indent_before,
    open_tag,
    tag_name,
    with_attributes,
)
from posteditor.formats.xliff.names import GIVEN_ID, MATCHES, METADATA, OURS
from posteditor.formats.xliff.places import coded, note_mark, own_note
from posteditor.formats.xliff.states import STATE_2, SUB_STATE
from posteditor.formats.xliff.unit_changes import UnitChanges

Edit = tuple[int, int, str]

_IDS = re.compile(r"""\bid\s*=\s*["']([^"']*)""")


def spliced_2(unit: UnitChanges) -> str:
    """The text of the unit with its changes."""
    splice = _Splice(unit)
    return edited(unit.text, [*splice.of_modules(), *splice.of_notes(), *splice.of_segments()])


class _Splice:
    """The edits for one unit."""

    def __init__(self, unit: UnitChanges) -> None:
        self._unit = unit
        self._text = unit.text
        self._ids = set(_IDS.findall(unit.text))
        self._new_ids: dict[int, str] = {}

    def of_segments(self) -> list[Edit]:
        """New targets and states."""
        return [edit for index in self._unit.changes for edit in self._of_segment(index)]

    def of_notes(self) -> list[Edit]:
        """Notes of ours, in the unit's ``<notes>``."""
        unit, prefix = self._unit, self._unit.prefix
        holder = unit.tree.child("notes")
        present = [] if holder is None else [child for child in holder.children if child.name == "note"]
        edits: list[Edit] = []
        new: list[str] = []
        for index in unit.changes:
            note = unit.new_note(index, present)
            if note is None:
                continue
            own = own_note(self._text, present, unit.places[index].key)
            text = unit.writer.data(note)
            if own is not None:
                # An empty one stays: <notes> may not be empty.
                end = self._text[own.close : own.end] or f"</{prefix}note>"
                edits.append((own.start, own.end, f"{open_tag(self._text[own.start : own.open_end])}{text}{end}"))
            elif note:
                mark = attribute_text(note_mark(unit.places[index].key))
                new.append(f'<{prefix}note category="{mark}">{text}</{prefix}note>')
        if not new:
            return edits
        if holder is not None and present:
            indent = indent_before(self._text, present[-1].start)
            return [*edits, (present[-1].end, present[-1].end, "".join(indent + note for note in new))]
        place = min(
            child.start for child in unit.tree.children if child.name in ("originalData", "segment", "ignorable")
        )
        notes = f"<{prefix}notes>{''.join(new)}</{prefix}notes>"
        return [*edits, (place, place, notes + indent_before(self._text, place))]

    def of_modules(self) -> list[Edit]:
        """Proposals as matches, and metadata about who made the targets; both come first in a unit."""
        unit = self._unit
        matches = [(index, change.proposal) for index, change in unit.changes.items() if change.proposal is not None]
        made = [
            (index, change.provenance)
            for index, change in unit.changes.items()
            if change.provenance is not None and index in unit.contents
        ]
        edits = self._matches(matches) if matches else []
        return [*edits, *self._metadata(made)] if made else edits

    def _of_segment(self, index: int) -> list[Edit]:
        unit, place = self._unit, self._unit.places[index]
        changes: dict[str, str | None] = {}
        if index in self._new_ids:
            changes["id"] = self._new_ids[index]
        if unit.has_new_status(index) and unit.has_target(index):
            changes |= self._state(index)
        holder = place.holder
        tag = with_attributes(self._text[holder.start : holder.open_end], changes)
        edits = [(holder.start, holder.open_end, tag)] if changes else []
        content = unit.contents.get(index)
        if content is None:
            return edits
        if place.target is not None:
            target = place.target
            start = self._text[target.start : target.open_end]
            end = self._text[target.close : target.end] or f"</{tag_name(start)}>"
            return [*edits, (target.start, target.end, f"{open_tag(start)}{content}{end}")]
        source = place.source
        of_source = attributes(self._text, source)
        start = with_attributes(
            f"<{unit.prefix}target>",
            {"xml:lang": unit.target_language or None, "xml:space": of_source.get("xml:space")},
        )
        indent = indent_before(self._text, source.start)
        return [*edits, (source.end, source.end, f"{indent}{start}{content}</{unit.prefix}target>")]

    def _state(self, index: int) -> dict[str, str | None]:
        """The state, with a subState of ours where that says more; another one goes when the state changes."""
        status = self._unit.after(index)
        found = attributes(self._text, self._unit.places[index].holder)
        state, sub_state = STATE_2[status], SUB_STATE.get(status)
        present = found.get("state", "initial")
        if state == present and sub_state is None and not found.get("subState", "").startswith(f"{OURS}:"):
            return {}
        explicit = state if state != present or sub_state is not None else found.get("state")
        return {"state": explicit, "subState": sub_state}

    def _matches(self, proposals: list[tuple[int, Proposal]]) -> list[Edit]:
        present = self._unit.tree.child("mtc:matches")
        scope = self._unit.tree.scope if present is None else present.scope
        prefix = scope.prefix_of(MATCHES)
        name, declared = (f"{prefix}:", "") if prefix else ("mtc:", f' xmlns:mtc="{MATCHES}"')
        new = [self._match(index, proposal, name) for index, proposal in proposals]
        if present is None:
            return self._first(f"<{name}matches{declared}>{''.join(new)}</{name}matches>")
        declared += self._core_declaration(present)
        new = [match.replace(">", f"{declared}>", 1) for match in new if match not in self._text]
        return self._appended(present, new)

    def _core_declaration(self, inside: Element) -> str:
        """The declaration that the file's own elements need inside one that means something else by their prefix."""
        prefix = self._unit.prefix[:-1]
        if inside.scope.prefixes.get(prefix) == self._unit.core:
            return ""
        return f' xmlns{":" if prefix else ""}{prefix}="{self._unit.core}"'

    def _match(self, index: int, proposal: Proposal, name: str) -> str:
        unit, core = self._unit, self._unit.prefix
        source, old = coded(self._text, unit.places[index])
        found: dict[str, str | None] = {
            "ref": f"#{self._segment_id(index)}",
            "type": "mt",
            "matchQuality": None if proposal.quality is None else f"{proposal.quality * 100:.2f}",
            "origin": proposal.origin or OURS,
        }
        contents = unit.source_content(index), unit.writer.proposed(proposal.text, source, old)
        data = unit.tree.child("originalData")
        kept = "" if data is None or "dataRef" not in "".join(contents) else self._text[data.start : data.end]
        return (
            with_attributes(f"<{name}match>", found)
            + f"{kept}<{core}source>{contents[0]}</{core}source>"
            + f"<{core}target>{contents[1]}</{core}target></{name}match>"
        )

    def _segment_id(self, index: int) -> str:
        """The id of a segment, which gets one if it has none."""
        found = attributes(self._text, self._unit.places[index].holder).get("id")
        if found:
            return found
        if index not in self._new_ids:
            name = f"{GIVEN_ID}{index + 1}"
            while name in self._ids:
                name += "_"
            self._new_ids[index] = name
        return self._new_ids[index]

    def _metadata(self, made: list[tuple[int, Provenance]]) -> list[Edit]:
        present = self._unit.tree.child("mda:metadata")
        scope = self._unit.tree.scope if present is None else present.scope
        prefix = scope.prefix_of(METADATA)
        name, declared = (f"{prefix}:", "") if prefix else ("mda:", f' xmlns:mda="{METADATA}"')
        groups = {index: self._group(index, provenance, name) for index, provenance in made}
        if present is None:
            return self._first(f"<{name}metadata{declared}>{''.join(groups.values())}</{name}metadata>")
        edits: list[Edit] = []
        for index in list(groups):
            own = self._own_group(present, self._unit.places[index].key)
            if own is not None:
                edits.append((own.start, own.end, groups.pop(index).replace(">", f"{declared}>", 1)))
        new = [group.replace(">", f"{declared}>", 1) for group in groups.values()]
        return [*edits, *self._appended(present, new)] if new else edits

    def _group(self, index: int, provenance: Provenance, name: str) -> str:
        sure = "" if provenance.confidence is None else f"{provenance.confidence:.4g}"
        values = {
            "segment": self._unit.places[index].key,
            "author": provenance.author,
            "time": provenance.time,
            "rewriter": provenance.rewriter,
            "confidence": sure,
        }
        metas = "".join(
            f'<{name}meta type="{key}">{self._unit.writer.plain(value)}</{name}meta>'
            for key, value in values.items()
            if value
        )
        if not metas:
            metas = f'<{name}meta type="author"></{name}meta>'
        return f'<{name}metaGroup category="{OURS}" appliesTo="target">{metas}</{name}metaGroup>'

    def _own_group(self, metadata: Element, key: str) -> Element | None:
        for group in metadata.children:
            if group.name != "mda:metaGroup" or attributes(self._text, group).get("category") != OURS:
                continue
            about = [
                content_text(self._text, meta)
                for meta in group.children
                if attributes(self._text, meta).get("type") == "segment"
            ]
            if about == ([key] if key else []):
                return group
        return None

    def _first(self, new: str) -> list[Edit]:
        place = self._unit.tree.open_end
        return [(place, place, indent_before(self._text, self._unit.tree.children[0].start) + new)]

    def _appended(self, holder: Element, new: list[str]) -> list[Edit]:
        if not new:
            return []
        if holder.is_empty_tag:
            tag = self._text[holder.start : holder.end]
            return [(holder.start, holder.end, f"{open_tag(tag)}{''.join(new)}</{tag_name(tag)}>")]
        last = holder.children[-1] if holder.children else None
        place = holder.open_end if last is None else last.end
        indent = "" if last is None else indent_before(self._text, last.start)
        return [(place, place, "".join(indent + part for part in new))]
