"""The content of a source or target as text with placeholders, and the raw form of each.

A source's tags are numbered in their order. The tags of a target get the number of the source's tag that they are,
which the name and the id of the element say; those that the source lacks get further numbers.

Source: XLIFF 1.2, section 2.3 (inline elements); XLIFF 2.1, sections 4.3.1 and 4.7.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import lru_cache
from itertools import count
from typing import NamedTuple

from posteditor.core.inline_tags import Placeholder, TagKind, joined, protected
from posteditor.formats.xliff.markup import (
    MARKUP,
    Element,
    illegal,
    open_tag,
    plain_text,
    start_tag,
    tag_attributes,
    tag_name,
)


class Role(StrEnum):
    """What an inline tag is in the XML."""

    OPEN = "open"
    """Start tag of an element with text in it."""
    CLOSE = "close"
    START = "start"
    """An element that begins a span of its own; another one ends it."""
    END = "end"
    ALONE = "alone"


class Tag(NamedTuple):
    """One inline tag as the file has it."""

    role: Role
    name: str
    """That of the element; both ends of a span have the same."""
    identity: str
    """What makes it the same tag in source and target: its id, or else its raw form."""
    raw: str


class Coded(NamedTuple):
    """A source or target."""

    text: str
    """With placeholders."""
    tags: list[tuple[Placeholder, Tag]]
    """In their order."""


Part = str | Tag

_SHORT = 200
_COMMENT = "!--"
_ELEMENTS = frozenset({"g", "mrk", "pc"})
_SPANS = {
    "bpt": (Role.START, "bpt", "rid"),
    "ept": (Role.END, "bpt", "rid"),
    "bx": (Role.START, "bx", "rid"),
    "ex": (Role.END, "bx", "rid"),
    "sc": (Role.START, "sc", ""),
    "ec": (Role.END, "sc", "startRef"),
    "sm": (Role.START, "sm", ""),
    "em": (Role.END, "sm", "startRef"),
}


def coded_source(text: str, element: Element) -> Coded:
    """The content of a source.

    Args:
        text: Of the unit.
        element: The ``<source>``, or the ``<mrk>`` that is a segment of it.
    """
    plain = _without_tags(text, element)
    if plain is not None:
        return Coded(plain, [])
    parts = [part for part in _parts(text, element) if isinstance(part, str) or part.name != _COMMENT]
    return _with_numbers(parts, _new_ones(_tags(parts), {}, 1))


def coded_target(text: str, element: Element, source: Coded) -> Coded:
    """The content of a target, numbered as its source is."""
    plain = _without_tags(text, element)
    if plain is not None:
        return Coded(plain, [])
    parts = _parts(text, element)
    tags = _tags(parts)
    if tags == [tag for _, tag in source.tags]:
        return _with_numbers(parts, [placeholder for placeholder, _ in source.tags])
    first = max((placeholder.number for placeholder, _ in source.tags), default=0) + 1
    return _with_numbers(parts, _new_ones(tags, _known_ones(tags, source), first))


def code_point(hex_digits: str) -> str | None:
    """The character of a ``<cp>`` of XLIFF 2; None where writing it would not give a ``<cp>`` again."""
    try:
        number = int(hex_digits, 16)
    except ValueError:
        return None
    if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
        return None
    return chr(number) if illegal(chr(number)) else None


def _without_tags(text: str, element: Element) -> str | None:
    raw = text[element.open_end : element.close]
    return None if "<" in raw else protected(plain_text(raw))


def _parts(text: str, element: Element) -> list[Part]:
    parts: list[Part] = []
    _collect(text, element, parts)
    return parts


def _collect(text: str, element: Element, parts: list[Part]) -> None:
    done = element.open_end
    for child in element.children:
        if child.start > done:
            _collect_between(text[done : child.start], parts)
        done = child.end
        start = text[child.start : child.open_end]
        if child.name in _ELEMENTS and not _hides(child.name, start):
            tag = _described(Role.OPEN, child.name, open_tag(start))
            parts.append(tag)
            _collect(text, child, parts)
            end = text[child.close : child.end] or f"</{tag_name(start)}>"
            parts.append(Tag(Role.CLOSE, child.name, tag.identity, end))
        elif child.name == "cp" and (character := code_point(tag_attributes(start).get("hex", ""))) is not None:
            parts.append(character)
        else:
            parts.append(_described(Role.ALONE, child.name, text[child.start : child.end]))
    if element.close > done:
        _collect_between(text[done : element.close], parts)


def _hides(name: str, start: str) -> bool:
    """Text that Trados keeps as deleted is none of the translation."""
    return name == "mrk" and tag_attributes(start).get("mtype") == "x-sdl-deleted"


def _described(role: Role, name: str, raw: str) -> Tag:
    # Nearly all the tags of a file are a few short ones over and over.
    return _short_described(role, name, raw) if len(raw) < _SHORT else _new_described(role, name, raw)


def _new_described(role: Role, name: str, raw: str) -> Tag:
    found = tag_attributes(start_tag(raw))
    if name in _SPANS:
        role, name, reference = _SPANS[name]
        return Tag(role, name, found.get(reference) or found.get("id") or raw, raw)
    return Tag(role, name, found.get("id") or found.get("mid") or raw, raw)


_short_described = lru_cache(4096)(_new_described)


def _collect_between(raw: str, parts: list[Part]) -> None:
    """Character data, CDATA sections, comments and processing instructions."""
    if "<" not in raw:
        parts.append(plain_text(raw))
        return
    done = 0
    for match in MARKUP.finditer(raw):
        parts.append(plain_text(raw[done : match.start()]))
        done = match.end()
        whole = match[0]
        if whole.startswith("<![CDATA["):
            parts.append(whole[9:-3].replace("\r\n", "\n").replace("\r", "\n"))
        else:
            parts.append(Tag(Role.ALONE, _COMMENT if whole.startswith("<!--") else "?", whole, whole))
    parts.append(plain_text(raw[done:]))


def _tags(parts: list[Part]) -> list[Tag]:
    return [part for part in parts if not isinstance(part, str)]


def _with_numbers(parts: list[Part], placeholders: list[Placeholder]) -> Coded:
    """Text and tags.

    Args:
        placeholders: One for each tag among the parts.
    """
    rest = iter(placeholders)
    result = [part if isinstance(part, str) else next(rest) for part in parts]
    return Coded(joined(result), list(zip(placeholders, _tags(parts), strict=True)))


def _known_ones(tags: list[Tag], source: Coded) -> dict[int, Placeholder]:
    """The source's placeholders of a target's tags, by the place of the tag; not yet those of closing tags."""
    known: dict[tuple[Role, str, str], list[Placeholder]] = {}
    for placeholder, tag in source.tags:
        known.setdefault(tag[:3], []).append(placeholder)
    found: dict[int, Placeholder] = {}
    times: Counter[tuple[Role, str, str]] = Counter()
    raw: dict[Placeholder, str] = {}
    for place, tag in enumerate(tags):
        key = tag[:3]
        same = known.get(key)
        if tag.role is Role.CLOSE or not same:
            continue
        # Once more than in the source it is the last one again, unless it looks otherwise.
        placeholder = same[min(times[key], len(same) - 1)]
        if raw.setdefault(placeholder, tag.raw) == tag.raw:
            found[place] = placeholder
            times[key] += 1
    return found


def _new_ones(tags: list[Tag], found: dict[int, Placeholder], first: int) -> list[Placeholder]:
    """The placeholders of all tags; both ends of an element, and of a span begun and ended here, have the same number.

    Args:
        found: Those that are known, by the place of the tag.
        first: The first new number.
    """
    numbers = count(first)
    started: dict[tuple[str, str], int] = {}
    opened: list[int] = []
    for place, tag in enumerate(tags):
        if tag.role is Role.CLOSE:
            found[place] = Placeholder(opened.pop(), TagKind.CLOSE)
            continue
        key = (tag.name, tag.identity)
        if place not in found:
            if tag.role is Role.END and key in started:
                start = started.pop(key)
                found[start] = Placeholder(found[start].number, TagKind.OPEN)
                found[place] = Placeholder(found[start].number, TagKind.CLOSE)
            else:
                found[place] = Placeholder(next(numbers), TagKind.OPEN if tag.role is Role.OPEN else TagKind.EMPTY)
                if tag.role is Role.START:
                    started[key] = place
        if tag.role is Role.OPEN:
            opened.append(found[place].number)
    return [found[place] for place in range(len(tags))]


Escape = Callable[[str], str]
"""Makes character data of a text."""


def raw_content(parts: "Iterable[str | Placeholder]", tags: dict[Placeholder, Tag], escape: Escape) -> str | None:
    """The content of a target; None if it would be no well-formed XML, or has a placeholder that stands for nothing."""
    found: list[str] = []
    opened: list[int] = []
    for part in parts:
        if isinstance(part, str):
            found.append(escape(part))
            continue
        tag = tags.get(part)
        if tag is None:
            return None
        if tag.role is Role.OPEN:
            opened.append(part.number)
        elif tag.role is Role.CLOSE and (not opened or opened.pop() != part.number):
            return None
        found.append(tag.raw)
    return None if opened else "".join(found)
