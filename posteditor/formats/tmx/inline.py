"""The inline elements of segments as placeholders, and back.

``bpt`` and ``ept`` are a pair, ``hi`` and anything unknown goes around its text; ``ph``, ``it``, ``ut`` stand alone,
with all that is in them. A pair of texts shares its numbers: those of the attribute ``x`` where that serves, for it is
there to match the elements of two languages, or else in the order of the source.

Source: TMX 1.4b, section on content markup (level 2).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from posteditor.core.inline_tags import Placeholder, TagKind, joined, protected
from posteditor.formats.tmx.characters import text_of, with_plain_line_ends

OWN_ISOLATED = "x-posteditor"
"""The type of an ``it`` of ours: a placeholder that opens or closes without the other half."""

_TOKEN = re.compile(
    r"""<!--.*?-->|<!\[CDATA\[(?P<cdata>.*?)\]\]>|<\?.*?\?>"""
    r"""|<(?P<close>/?)(?P<name>[^\s/>]+)(?P<attributes>(?:[^>"']|"[^"]*"|'[^']*')*?)(?P<empty>/?)>""",
    re.DOTALL,
)
_SIMPLE_CODE = re.compile(
    r"""(<(?:bpt|ept|ph|it|ut)(?=[\s/>])(?:[^<>"']|"[^"<]*"|'[^'<]*')*+(?:(?<=/)>|>[^<]*+</(?:bpt|ept|ph|it|ut)\s*+>))"""
)
_ATTRIBUTE = re.compile(r"""\s([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_CODES = frozenset({"bpt", "ept", "ph", "it", "ut"})
_LONGEST_KEPT = 1 << 10
_NUMBER = re.compile("[1-9][0-9]{0,8}")
_PAIR_NUMBER = re.compile(r"""(\si\s*=\s*)(?:"[^"]*"|'[^']*')""")


class _Element(NamedTuple):
    """What is known of an element from its own text."""

    kind: TagKind
    name: str
    raw: str
    pair: str
    """The i of bpt and ept."""
    x: str
    likeness: str
    """What it has in common with the same one in the other language."""
    shape: str
    """All of it but the i."""


@dataclass(slots=True)
class Code:
    """One tag of a text, or one element that counts as a tag."""

    kind: TagKind
    element: int
    """The two halves of a pair share it; from 0."""
    x: str
    of: _Element


@dataclass(frozen=True, slots=True)
class Content:
    """A segment with its tags as placeholders."""

    text: str
    raws: dict[Placeholder, str]
    """What each placeholder stands for."""


def read_pair(source: str, target: str) -> tuple[Content, Content]:
    """Two segments as a file that is well-formed holds them, with the same numbers for the same tags."""
    sides = _numbered(source, target)
    first, second = (Content(_joined(*side), _raws(*side)) for side in sides)
    return first, second


def read_texts(source: str, target: str) -> tuple[str, str]:
    """The texts alone."""
    first, second = _numbered(source, target)
    return _joined(*first), _joined(*second)


def plain_content(content: str) -> str:
    """The same for a segment that has no ``<``."""
    text = text_of(content) if "&" in content or "\r" in content else content
    return protected(text) if "<" in text else text


def renumbered(raw: str, pair: int) -> str:
    """A bpt or ept with another i."""
    return _PAIR_NUMBER.sub(rf'\g<1>"{pair}"', raw, count=1)


def pair_number(raw: str) -> str:
    """The i of a bpt or ept; empty for others."""
    if not raw.startswith(("<bpt", "<ept")):
        return ""
    return _element(raw).pair


def _numbered(source: str, target: str) -> list[tuple[list[str | Code], dict[int, int]]]:
    """The parts of both, and the numbers of their elements."""
    sides = [_parts(source), _parts(target)]
    codes = [[part for part in parts if isinstance(part, Code)] for parts in sides]
    return list(zip(sides, _own_numbers(codes) or _new_numbers(codes), strict=True))


def _joined(parts: Sequence[str | Code], numbers: dict[int, int]) -> str:
    return joined([part if isinstance(part, str) else _placeholder(numbers[part.element], part.kind) for part in parts])


def _raws(parts: Sequence[str | Code], numbers: dict[int, int]) -> dict[Placeholder, str]:
    """What each placeholder stands for, the first time."""
    raws: dict[Placeholder, str] = {}
    for part in parts:
        if isinstance(part, Code):
            raws.setdefault(_placeholder(numbers[part.element], part.kind), part.of.raw)
    return raws


_placeholder = lru_cache(1 << 10)(Placeholder)


def _parts(content: str) -> list[str | Code]:
    """The texts and tags of a segment, in order."""
    if "<" not in content:
        return [text_of(content)] if content else []
    pieces = _SIMPLE_CODE.split(content)
    if any("<" in text for text in pieces[::2]):
        parts = _parts_with_more(content)
    else:
        parts = [text_of(piece) if place % 2 == 0 else _code(piece, place) for place, piece in enumerate(pieces)]
    _pair(parts)
    return [part for part in parts if part]


def _parts_with_more(content: str) -> list[str | Code]:
    """The same where elements stand in elements, go around texts, or there are comments."""
    parts: list[str | Code] = []
    opened: list[int] = []
    done = place = count = 0
    while found := _TOKEN.search(content, place):
        parts.append(text_of(content[done : found.start()]))
        place = done = found.end()
        name = found["name"]
        if name is None:
            if found["cdata"] is not None:
                parts.append(with_plain_line_ends(found["cdata"]))
        elif name in _CODES:
            place = done = found.end() if found["empty"] else _end_of_element(content, found.end())
            parts.append(_code(content[found.start() : done], count))
        elif found["close"]:
            element = _element(found[0])
            parts.append(Code(TagKind.CLOSE, opened.pop(), element.x, element))
        else:
            parts.append(_code(found[0], count))
            if not found["empty"]:
                opened.append(count)
        count += 1
    parts.append(text_of(content[done:]))
    return parts


def _code(raw: str, number: int) -> Code:
    element = _element(raw) if len(raw) > _LONGEST_KEPT else _kept_element(raw)
    return Code(element.kind, number, element.x, element)


def _element(raw: str) -> _Element:
    """What an element, or the start tag of one that goes around text, says."""
    tag = _TOKEN.match(raw)
    assert tag is not None
    name = tag["name"]
    names = {key: text_of(double or single) for key, double, single in _ATTRIBUTE.findall(tag["attributes"])}
    pair, x = names.get("i", ""), names.get("x", "")
    kind = TagKind.EMPTY if name in _CODES or tag["empty"] else TagKind.OPEN
    if name == "it" and names.get("type") == OWN_ISOLATED:
        kind = TagKind.OPEN if names.get("pos") == "begin" else TagKind.CLOSE
    shape = _PAIR_NUMBER.sub("", raw)
    return _Element(kind, name, raw, pair, x, f"{name} {x}" if x else shape, shape)


_kept_element = lru_cache(1 << 12)(_element)  # the same few tags come again and again


def _end_of_element(content: str, place: int) -> int:
    depth = 1
    while depth and (found := _TOKEN.search(content, place)):
        place = found.end()
        if found["name"] is not None and not found["empty"]:
            depth += -1 if found["close"] else 1
    return place


def _pair(parts: Sequence[str | Code]) -> None:
    """Join each bpt with the ept behind it that has the same i; those left alone stay alone."""
    opened: dict[str, Code] = {}
    for part in parts:
        if isinstance(part, str) or part.of.name not in ("bpt", "ept"):
            continue
        if part.of.name == "bpt":
            opened[part.of.pair] = part
        elif (first := opened.pop(part.of.pair, None)) is not None:
            part.element, part.x = first.element, first.x
            first.kind, part.kind = TagKind.OPEN, TagKind.CLOSE


def _own_numbers(codes: Sequence[Sequence[Code]]) -> list[dict[int, int]] | None:
    """Those of x, where every element has one and those with the same are the same."""
    numbers: list[dict[int, int]] = []
    for side in codes:
        shapes: dict[tuple[str, TagKind], str] = {}
        found: dict[int, int] = {}
        for code in side:
            if code.element not in found:
                if not _NUMBER.fullmatch(code.x):
                    return None
                found[code.element] = int(code.x)
            if code.kind is not TagKind.CLOSE or code.of.name in _CODES:
                shape = code.of.shape
                if shapes.setdefault((code.x, code.kind), shape) != shape:
                    return None
        numbers.append(found)
    return numbers


def _new_numbers(codes: Sequence[Sequence[Code]]) -> list[dict[int, int]]:
    """Numbers in the order of the first side; what the second has beside those gets new ones."""
    of_first: dict[int, int] = {}
    free: dict[str, list[int]] = {}
    for code in codes[0]:
        if code.element not in of_first:
            of_first[code.element] = len(of_first) + 1
            free.setdefault(code.of.likeness, []).append(of_first[code.element])
    last = len(of_first)
    of_second: dict[int, int] = {}
    for code in codes[1]:
        if code.element in of_second:
            continue
        same = free.get(code.of.likeness)
        if same:
            of_second[code.element] = same.pop(0)
        else:
            last += 1
            of_second[code.element] = last
    return [of_first, of_second]
