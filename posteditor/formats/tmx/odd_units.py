"""Any unit, taken apart by the XML parser, which also says where its parts stand."""

import re
from typing import NamedTuple
from xml.parsers import expat

from posteditor.formats.tmx.units import Place, Property, Unit, Wrong

_TAG_END = re.compile(rb"""<(?:[^>"']|"[^"]*"|'[^']*')*>""")
_NO_PLACE = (0, 0)
_HINT = "is a bare & or < in a text, which has to be &amp; or &lt;? is a tag not closed?"


class OddUnit(NamedTuple):
    """A unit with the places of its parts."""

    unit: Unit
    places: tuple[Place, ...]
    """One per variant."""
    properties: tuple[Property, ...]


def parse_unit(text: str, line: int) -> OddUnit | Wrong:
    """Take one unit apart.

    Args:
        text: From ``<tu`` (white space may be in front) to behind ``</tu>``.
        line: Of its start tag.
    """
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return Wrong(line, text, "there are bytes that are no text in the file's encoding", "convert it to UTF-8")
    body = data.lstrip(b" \t\r\n")
    parse = _Parse(body, len(data) - len(body))
    try:
        parse.run()
    except expat.ExpatError as error:
        at = line + error.lineno - 1
        where = f" in line {at}" if at != line else ""
        return Wrong(line, text, f"not valid XML{where}: {expat.ErrorString(error.code)}", _HINT)
    if parse.problem or not parse.places:
        return Wrong(line, text, parse.problem or "it has no variant (tuv) with a segment (seg)")
    characters = _Characters(data)
    unit = Unit(
        line,
        text,
        parse.attributes.get("tuid") or None,
        parse.attributes.get("srclang"),
        tuple(parse.notes),
        tuple(parse.languages),
        tuple(data[start:end].decode() for _, _, (start, end) in parse.places),
    )
    places = tuple(Place(*map(characters.span, place)) for place in parse.places)
    properties = tuple(
        found._replace(whole=characters.span(found.whole), content=characters.span(found.content))
        for found in parse.properties
    )
    return OddUnit(unit, places, properties)


class _Characters:
    """Offsets in bytes to offsets in characters."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._is_ascii = data.isascii()

    def span(self, span: tuple[int, int]) -> tuple[int, int]:
        if self._is_ascii:
            return span
        start = len(self._data[: span[0]].decode())
        return start, start + len(self._data[span[0] : span[1]].decode())


class _Parse:
    """One pass of the parser over one unit."""

    def __init__(self, data: bytes, offset: int) -> None:
        self._data = data
        self._offset = offset
        """Of the data in the text of the unit, in bytes."""
        self._parser = parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        self._path: list[str] = []
        self._note: list[str] | None = None
        self._note_kind = ""
        self._note_start = 0
        self._language = ""
        self._tag = _NO_PLACE
        self._segment_start = 0
        self._has_segment = False
        self.attributes: dict[str, str] = {}
        self.notes: list[tuple[str, str]] = []
        self.languages: list[str] = []
        self.places: list[Place] = []
        self.properties: list[Property] = []
        self.problem = ""

    def run(self) -> None:
        self._parser.Parse(self._data, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        path = self._path
        depth = len(path)
        if depth == 0:
            self.attributes = attributes
        elif depth == 1 and name == "tuv":
            self._start_variant(attributes)
        elif name in ("prop", "note") and path[1:] in ([], ["tuv"]):
            self._note = []
            self._note_kind = "note" if name == "note" else f"prop {attributes.get('type', '')}"
            self._note_start = self._parser.CurrentByteIndex
        elif depth == 2 and name == "seg" and path[1] == "tuv":
            if self._has_segment:
                self.problem = self.problem or "a variant (tuv) has two segments (seg)"
            self._segment_start = self._parser.CurrentByteIndex
        elif name == "tu":
            self.problem = self.problem or "a unit (tu) stands in a unit"
        path.append(name)

    def _start_variant(self, attributes: dict[str, str]) -> None:
        self._language = attributes.get("xml:lang") or attributes.get("lang") or ""
        self._has_segment = False
        if not self._language:
            self.problem = self.problem or "a variant (tuv) has no language (xml:lang)"
        self._tag = self._tag_at(self._parser.CurrentByteIndex)

    def _end(self, name: str) -> None:
        path = self._path
        path.pop()
        if name in ("prop", "note") and path[1:] in ([], ["tuv"]):
            self._end_note(is_in_variant=len(path) == 2)
        elif name == "seg" and len(path) == 2 and path[1] == "tuv":
            self._end_segment()

    def _end_note(self, *, is_in_variant: bool) -> None:
        text = "".join(self._note or ())
        self._note = None
        if not is_in_variant:
            self.notes.append((self._note_kind, text))
        if self._note_kind != "note":
            whole, content = self._element_at(self._note_start)
            self.properties.append(Property(self._note_kind.removeprefix("prop "), whole, content, is_in_variant))

    def _end_segment(self) -> None:
        self._has_segment = True
        self.languages.append(self._language)
        self.places.append(Place(self._tag, *self._element_at(self._segment_start)))

    def _element_at(self, index: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """Where the element that starts at a byte, and ends with the tag at hand, stands, and its content."""
        start, content_start = self._tag_at(index)
        content_end, end = self._tag_at(self._parser.CurrentByteIndex)
        # For <seg/> both events are at the same place.
        return (start, end), (content_start, max(content_start, content_end))

    def _tag_at(self, index: int) -> tuple[int, int]:
        """Where the tag at a byte of the data stands in the text of the unit."""
        match = _TAG_END.match(self._data, index)
        end = match.end() if match else index
        return index + self._offset, end + self._offset

    def _text(self, text: str) -> None:
        if self._note is not None:
            self._note.append(text)
