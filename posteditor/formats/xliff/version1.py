"""The segments of a ``<trans-unit>``: all of it, or where it is segmented each ``<mrk mtype="seg">``.

Source: XLIFF 1.2, sections 2.2.3 (trans-unit), 2.3 and 4.5 (segmentation).
"""

from collections.abc import Iterator

from posteditor.core.segment import Status
from posteditor.formats.xliff.markup import BadUnit, Element, attributes
from posteditor.formats.xliff.names import MEMOQ, PHRASE
from posteditor.formats.xliff.places import Place
from posteditor.formats.xliff.states import status_1, status_of_conf, status_of_memoq, status_of_phrase


def places_1(text: str, unit: Element, confirmed_level: int) -> list[Place]:
    """The segments of a unit in their order.

    Args:
        text: Of the unit.
        confirmed_level: How often Phrase wants a segment confirmed.

    Raises:
        BadUnit: It has no source, or two of something that there may be one of.
    """
    source, segmented, target = _one_each(unit)
    if source is None:
        raise BadUnit("it has no <source>")
    if segmented is not None:
        sources = list(segment_marks(text, segmented))
        targets = [] if target is None else list(segment_marks(text, target))
        blank = target is None or is_blank(text, target)
        if _has_names(sources) and (blank or (targets and _has_names(targets) and _are_of(targets, sources))):
            return _segments(text, unit, sources, dict(targets), confirmed_level)
    return [Place("", unit, source, target, unit_status(text, unit, target, confirmed_level))]


def unit_status(text: str, unit: Element, target: Element | None, confirmed_level: int) -> Status:
    """The status of a whole unit."""
    of_unit = attributes(text, unit)
    prefix = unit.scope.prefix_of(MEMOQ)
    if prefix is not None and (status := of_unit.get(f"{prefix}:status")) is not None:
        return status_of_memoq(status)
    prefix = unit.scope.prefix_of(PHRASE)
    if prefix is not None and (times := of_unit.get(f"{prefix}:confirmed")) is not None:
        return status_of_phrase(times, confirmed_level)
    if target is None:
        return Status.NEW
    of_target = attributes(text, target)
    return status_1(of_target.get("state"), of_target.get("state-qualifier"), of_unit.get("approved"))


def segment_marks(text: str, element: Element) -> Iterator[tuple[str, Element]]:
    """The segments in a ``<seg-source>`` or ``<target>``, each with its mid."""
    for child in element.children:
        if child.name == "mrk":
            found = attributes(text, child)
            if found.get("mtype") == "seg":
                yield found.get("mid", ""), child
                continue
        yield from segment_marks(text, child)


def is_blank(text: str, element: Element) -> bool:
    """There is neither a tag nor a text in it."""
    return not text[element.open_end : element.close].strip()


def sdl_segments(text: str, unit: Element) -> dict[str, Element] | None:
    """What Trados says about each segment, by mid; None where the unit is none of Trados'."""
    found = unit.child("sdl:seg-defs")
    if found is None:
        return None
    return {attributes(text, child).get("id", ""): child for child in found.children if child.name == "sdl:seg"}


def _segments(
    text: str, unit: Element, sources: list[tuple[str, Element]], targets: dict[str, Element], level: int
) -> list[Place]:
    of_sdl = sdl_segments(text, unit)
    if of_sdl is None:
        status = unit_status(text, unit, unit.child("target"), level)
        alone = len(sources) == 1
        return [
            Place("" if alone else mid, unit, source, targets.get(mid), status, not alone) for mid, source in sources
        ]
    return [
        Place(
            mid,
            unit,
            source,
            targets.get(mid),
            status_of_conf(attributes(text, of_sdl[mid]).get("conf") if mid in of_sdl else None),
        )
        for mid, source in sources
    ]


def _has_names(marks: list[tuple[str, Element]]) -> bool:
    names = {name for name, _ in marks}
    return len(names) == len(marks) and "" not in names


def _are_of(targets: list[tuple[str, Element]], sources: list[tuple[str, Element]]) -> bool:
    return {name for name, _ in targets} <= {name for name, _ in sources}


def _one_each(unit: Element) -> tuple[Element | None, Element | None, Element | None]:
    """The source, the segmented source and the target."""
    found: dict[str, Element] = {}
    for child in unit.children:
        if child.name in ("source", "seg-source", "target"):
            if child.name in found:
                raise BadUnit(f"it has more than one <{child.name}>")
            found[child.name] = child
    return found.get("source"), found.get("seg-source"), found.get("target")
