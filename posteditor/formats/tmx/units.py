"""What the body of a TMX file is made of."""

from typing import NamedTuple


class Unit(NamedTuple):
    """One ``tu`` that is well-formed."""

    line: int
    """1-based line of its start tag."""
    text: str
    """All of it, with the white space in front."""
    tuid: str | None
    srclang: str | None
    notes: tuple[tuple[str, str], ...]
    """What stands in it before its texts: ("note", text), or ("prop type", text)."""
    languages: tuple[str, ...]
    """As the file writes them, one per variant (``tuv``)."""
    contents: tuple[str, ...]
    """What stands between ``<seg>`` and ``</seg>`` of each, as it lies there."""


class Wrong(NamedTuple):
    """A stretch that is no unit and nothing that may stand between units."""

    line: int
    text: str
    """All of it, with the white space in front."""
    problem: str
    hint: str = ""


class Place(NamedTuple):
    """Where the parts of one variant stand in the text of its unit: 0-based offsets in characters."""

    tag: tuple[int, int]
    """From ``<tuv`` to behind its ``>``."""
    segment: tuple[int, int]
    """From ``<seg`` to behind ``</seg>``."""
    content: tuple[int, int]
    """What stands in it; for ``<seg/>`` nothing, behind it."""


class Property(NamedTuple):
    """Where a ``prop`` stands in the text of its unit."""

    kind: str
    """Its type."""
    whole: tuple[int, int]
    content: tuple[int, int]
    """What stands in it; for ``<prop/>`` nothing, behind it."""
    is_in_variant: bool
    """It says something about one variant, not about the unit."""
