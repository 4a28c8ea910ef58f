"""The segments of a ``<unit>``: each ``<segment>``; what is ignorable is not translated.

Source: XLIFF 2.1, sections 4.2.2.5 (unit) and 4.2.2.6 (segment).
"""

from posteditor.formats.xliff.markup import BadUnit, Element, attributes
from posteditor.formats.xliff.names import GIVEN_ID
from posteditor.formats.xliff.places import Place
from posteditor.formats.xliff.states import status_2


def places_2(text: str, unit: Element) -> list[Place]:
    """The segments of a unit in their order.

    Raises:
        BadUnit: A segment has no source, or two of something that there may be one of.
    """
    segments = [child for child in unit.children if child.name == "segment"]
    return [_place(text, segment, number if len(segments) > 1 else 0) for number, segment in enumerate(segments, 1)]


def _place(text: str, segment: Element, number: int) -> Place:
    sources = [child for child in segment.children if child.name == "source"]
    targets = [child for child in segment.children if child.name == "target"]
    if len(sources) != 1 or len(targets) > 1:
        what = "no <source>" if not sources else "two sources or targets"
        raise BadUnit(f"its segment {number or 1} has {what}")
    found = attributes(text, segment)
    # One that got its id from us goes on being called by its number.
    key = (found.get("id") or str(number)).removeprefix(GIVEN_ID) if number else ""
    status = status_2(found.get("state"), found.get("subState"))
    return Place(key, segment, sources[0], targets[0] if targets else None, status)
