"""The elements of one unit with their places in its text, and edits of tags that leave the rest of a tag as it is.

The text is that of a well-formed document: what is wrong here is only what XLIFF does not allow.
"""

import re
from collections.abc import Iterable, Mapping

from posteditor.formats.xliff.names import Scope

MARKUP = re.compile(
    r"<(?:(/)?([^\s/>!?][^\s/>]*)([^>\"']*(?:\"[^\"]*\"[^>\"']*|'[^']*'[^>\"']*)*)>"
    r"|!--.*?-->|!\[CDATA\[.*?\]\]>|\?.*?\?>)",
    re.DOTALL,
)
"""One tag, comment, CDATA section or processing instruction; of a tag its end mark, name and rest."""

_ATTRIBUTE = re.compile(r"([^\s=\"'/<>]+)\s*=\s*(\"[^\"]*\"|'[^']*')", re.DOTALL)
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-z]+));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_LINE_END = re.compile(r"\r\n?")
_SPACE = re.compile(r"[\t\n]|\r\n?")
_INDENT = re.compile(r"[ \t\r]*\n[ \t\r\n]*")
# Of the characters XML 1.0 can't hold, Python has the surrogates too.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WHITE = " \t\r\n"  # of XML; Python has more
_DEEPEST = 100
_MOST_MARKUP = 200_000


class BadUnit(Exception):  # noqa: N818 - what is wrong with a unit; whoever has its line makes an error of it
    """What XLIFF does not allow in a unit, as a sentence without its end."""


class Element:
    """An element of a unit; all places are offsets in the unit's text."""

    __slots__ = ("children", "close", "end", "name", "open_end", "scope", "start")

    def __init__(self, name: str, start: int, open_end: int, scope: Scope) -> None:
        self.name = name
        """As ``Scope.element`` gives it."""
        self.start = start
        self.open_end = open_end
        """Where its content begins."""
        self.close = open_end
        """Where its content ends."""
        self.end = open_end
        self.scope = scope
        self.children: list[Element] = []

    def close_at(self, start: int, end: int) -> None:
        """Its end tag lies there."""
        self.close = start
        self.end = end

    @property
    def is_empty_tag(self) -> bool:
        """It is a single tag."""
        return self.end == self.open_end

    def child(self, name: str) -> "Element | None":
        """The first child of a name."""
        return next((child for child in self.children if child.name == name), None)


def is_core(element: Element) -> bool:
    """It is one of XLIFF itself."""
    return not element.name.startswith("{") and ":" not in element.name


def parse_unit(text: str, scope: Scope) -> Element:
    """The element that is a unit.

    Raises:
        BadUnit: It has more, or deeper nested, elements than any text to translate.
    """
    if text.count("<") > _MOST_MARKUP:
        raise BadUnit(f"it has more than {_MOST_MARKUP} tags")
    declares = "xmlns" in text
    holder = Element("", 0, 0, scope)
    opened = [holder]
    for match in MARKUP.finditer(text):
        closes, name, rest = match.groups()
        if closes:
            opened.pop().close_at(*match.span())
        elif name is not None:
            scope = _scope_of(opened[-1].scope, rest) if declares else scope
            element = Element(scope.element(name), *match.span(), scope)
            opened[-1].children.append(element)
            if rest[-1:] != "/":
                opened.append(element)
                if len(opened) > _DEEPEST:
                    raise BadUnit(f"its elements are nested more than {_DEEPEST} deep")
    if len(opened) > 1:
        raise BadUnit("it has a unit inside")
    return holder.children[0]


def attributes(text: str, element: Element) -> dict[str, str]:
    """The attributes of an element, by their names with prefixes."""
    return tag_attributes(text[element.start : element.open_end])


def tag_attributes(tag: str) -> dict[str, str]:
    """The attributes in a start tag."""
    if "=" not in tag:
        return {}
    found = _ATTRIBUTE.findall(tag)
    if "&" in tag or "\n" in tag or "\t" in tag or "\r" in tag:
        return {name: _value(quoted[1:-1]) for name, quoted in found}
    return {name: quoted[1:-1] for name, quoted in found}


def with_attributes(tag: str, changes: Mapping[str, str | None]) -> str:
    """A start tag with attributes set, or removed where the value is None; all others keep their place and form."""
    for name, value in changes.items():
        place = next((match for match in _ATTRIBUTE.finditer(tag) if match[1] == name), None)
        if place is None:
            if value is not None:
                end = len(tag) - (2 if tag.endswith("/>") else 1)
                gap = end - len(tag[:end].rstrip(_WHITE))
                tag = f'{tag[: end - gap]} {name}="{attribute_text(value)}"{tag[end - gap :]}'
        elif value is None:
            start = len(tag[: place.start()].rstrip(_WHITE))
            tag = tag[:start] + tag[place.end() :]
        elif value != _value(place[2][1:-1]):
            quote = place[2][0]
            tag = f"{tag[: place.start(2)]}{quote}{attribute_text(value, quote)}{quote}{tag[place.end(2) :]}"
    return tag


def open_tag(tag: str) -> str:
    """The tag of an empty element as one that has content."""
    return tag[:-2].rstrip(_WHITE) + ">" if tag.endswith("/>") else tag


def start_tag(raw: str) -> str:
    """The start tag of an element."""
    found = MARKUP.match(raw)
    return found[0] if found else ""


def tag_name(tag: str) -> str:
    """The name in a start tag, with its prefix."""
    found = MARKUP.match(tag)
    return found[2] if found else ""


def plain_text(raw: str) -> str:
    """What character data stands for.

    Source: XML 1.0, sections 2.11 (line ends) and 4.1 (references).
    """
    if "\r" in raw:
        raw = _LINE_END.sub("\n", raw)
    return _REFERENCE.sub(_referenced, raw) if "&" in raw else raw


def content_text(text: str, element: Element) -> str:
    """All the text in an element, without its tags."""
    raw = text[element.open_end : element.close]
    if "<" not in raw:
        return plain_text(raw)
    found: list[str] = []
    done = 0
    for match in MARKUP.finditer(raw):
        found.append(plain_text(raw[done : match.start()]))
        if match[0].startswith("<![CDATA["):
            found.append(_LINE_END.sub("\n", match[0][9:-3]))
        done = match.end()
    return "".join([*found, plain_text(raw[done:])])


def character_data(text: str, line_end: str = "\n") -> str:
    """A text as character data; without characters that XML can't hold."""
    text = legal(text)
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    if "\r" in text:
        text = text.replace("\r", "&#13;")
    return text.replace("\n", line_end) if line_end != "\n" else text


def attribute_text(text: str, quote: str = '"') -> str:
    """A text as it stands between quotes."""
    text = character_data(text).replace("\t", "&#9;").replace("\n", "&#10;")
    return text.replace('"', "&quot;") if quote == '"' else text.replace("'", "&apos;")


def legal(text: str) -> str:
    """The text without what XML can't hold. Source: XML 1.0, section 2.2."""
    return _ILLEGAL.sub("", text)


def illegal(text: str) -> list[str]:
    """The characters in a text that XML can't hold."""
    return _ILLEGAL.findall(text)


def edited(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    """The text with ranges replaced; at the same place in the order in which they are given."""
    parts: list[str] = []
    done = 0
    for start, end, new in sorted(edits, key=lambda edit: edit[0]):
        parts += (text[done:start], new)
        done = end
    return "".join([*parts, text[done:]])


def indent_before(text: str, place: int) -> str:
    """The line end and spaces between a tag and what stands before it; empty where it stands on the same line."""
    start = len(text[:place].rstrip(_WHITE))
    space = text[start:place]
    return space if text[:start].endswith(">") and _INDENT.fullmatch(space) else ""


def _scope_of(scope: Scope, rest: str) -> Scope:
    """That of an element with what its tag declares."""
    if "xmlns" not in rest:
        return scope
    found = tag_attributes(rest)
    return scope.inner(
        {name.partition(":")[2]: value for name, value in found.items() if name == "xmlns" or name.startswith("xmlns:")}
    )


def _value(raw: str) -> str:
    """Source: XML 1.0, section 3.3.3."""
    if "\n" in raw or "\t" in raw or "\r" in raw:
        raw = _SPACE.sub(" ", raw)
    return _REFERENCE.sub(_referenced, raw) if "&" in raw else raw


def _referenced(match: re.Match[str]) -> str:
    if match[3]:
        return _NAMED[match[3]]
    return chr(int(match[1], 16) if match[1] else int(match[2]))
