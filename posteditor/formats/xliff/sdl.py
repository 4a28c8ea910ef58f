"""What Trados keeps about a segment: ``sdl:seg`` in the unit's ``sdl:seg-defs``."""

import re

from posteditor.core.segment import Provenance
from posteditor.formats.xliff.markup import Element, attribute_text, attributes, edited, open_tag, with_attributes
from posteditor.formats.xliff.states import CONF
from posteditor.formats.xliff.unit_changes import UnitChanges
from posteditor.formats.xliff.version1 import sdl_segments

_TIME = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}:[0-9]{2}:[0-9]{2})")


def sdl_edits(unit: UnitChanges) -> list[tuple[int, int, str]]:
    """Edits that give the segments their status, and say who made the new targets and when."""
    known = sdl_segments(unit.text, unit.tree) or {}
    holder = unit.tree.child("sdl:seg-defs")
    edits: list[tuple[int, int, str]] = []
    missing: list[str] = []
    for index, change in unit.changes.items():
        provenance = change.provenance if index in unit.contents else None
        if holder is None or not (unit.has_new_status(index) or provenance):
            continue
        element = known.get(unit.places[index].key)
        prefix = _prefix(unit.text, holder)
        if element is None:
            tag = f'<{prefix}seg id="{attribute_text(unit.places[index].key)}"/>'
            missing.append(_segment(unit, index, tag, "", f"</{prefix}seg>", []))
            continue
        tag = unit.text[element.start : element.open_end]
        end = f"</{prefix}seg>" if element.is_empty_tag else unit.text[element.close : element.end]
        inner = unit.text[element.open_end : element.close]
        new = _segment(unit, index, tag, inner, end, element.children)
        if new != unit.text[element.start : element.end]:
            edits.append((element.start, element.end, new))
    if missing and holder is not None:
        edits += _added(unit.text, holder, "".join(missing))
    return edits


def _segment(unit: UnitChanges, index: int, tag: str, inner: str, end: str, children: list[Element]) -> str:
    if unit.has_new_status(index):
        tag = with_attributes(tag, {"conf": CONF[unit.after(index)]})
    provenance = unit.changes[index].provenance if index in unit.contents else None
    if provenance is not None:
        inner = _with_values(unit, inner, children, _values(provenance), end[2:].partition("seg")[0])
    return f"{open_tag(tag)}{inner}{end}" if inner or not tag.endswith("/>") else tag


def _values(provenance: Provenance) -> dict[str, str]:
    """Source: the keys that Trados writes itself, and two of ours."""
    time = _TIME.match(provenance.time)
    when = f"{time[2]}/{time[3]}/{time[1]} {time[4]}" if time else ""
    sure = "" if provenance.confidence is None else f"{provenance.confidence:.4g}"
    values = {
        "last_modified_by": provenance.author,
        "modified_on": when,
        "posteditor_rewriter": provenance.rewriter,
        "posteditor_confidence": sure,
    }
    return {key: value for key, value in values.items() if value}


def _with_values(unit: UnitChanges, inner: str, children: list[Element], values: dict[str, str], prefix: str) -> str:
    shift = children[0].start - inner.find("<") if children else 0
    edits: list[tuple[int, int, str]] = []
    left = dict(values)
    for child in children:
        key = attributes(unit.text, child).get("key", "")
        if child.name == "sdl:value" and key in left:
            tag = open_tag(unit.text[child.start : child.open_end])
            new = f"{tag}{unit.writer.plain(left.pop(key))}</{prefix}value>"
            edits.append((child.start - shift, child.end - shift, new))
    more = [f'<{prefix}value key="{key}">{unit.writer.plain(value)}</{prefix}value>' for key, value in left.items()]
    # Trados has the values first, before what it knows of the previous origin.
    place = max((child.end - shift for child in children if child.name == "sdl:value"), default=0)
    return edited(inner, [*edits, (place, place, "".join(more))])


def _added(text: str, holder: Element, new: str) -> list[tuple[int, int, str]]:
    if not holder.is_empty_tag:
        return [(holder.close, holder.close, new)]
    tag = text[holder.start : holder.end]
    return [(holder.start, holder.end, f"{open_tag(tag)}{new}</{_prefix(text, holder)}seg-defs>")]


def _prefix(text: str, holder: Element) -> str:
    return text[holder.start + 1 : holder.open_end].partition("seg-defs")[0]
