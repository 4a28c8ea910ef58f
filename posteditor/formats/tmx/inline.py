"""The inline elements of segments as placeholders, and back.

``bpt`` and ``ept`` are a pair, ``hi`` and anything unknown goes around its text; ``ph``, ``it``, ``ut`` stand alone,
with all that is in them. A pair of texts shares its numbers: those of the attribute ``x`` where that serves, for it is
there to match the elements of two languages, or else in the order of the source.

Source: TMX 1.4b, section on content markup (level 2).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from posteditor.core.inline_tags import Placeholder, TagKind, joined, protected
from posteditor.formats.tmx.characters import text_of, with_plain_line_ends

OWN_ISOLATED = "x-posteditor"
"""The type of an ``it`` of ours: a placeholder that opens or closes without the other half."""

_TOKEN = re.compile(
    r"""<!--.*?-->|<!\[CDATA\[(?P<cdata>.*?)\]\]>|<\?.*?\?>"""
    r"""|<(?P<close>/?)(?P<name>[^\s/>]+)(?P<attributes>(?:[^>"']|"[^"]*"|'[^']*')*?)(?P<empty>/?)>""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""\s([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_CODES = frozenset({"bpt", "ept", "ph", "it", "ut"})
_NUMBER = re.compile("[1-9][0-9]{0,8}")
_PAIR_NUMBER = re.compile(r"""(\si\s*=\s*)(?:"[^"]*"|'[^']*')""")


@dataclass(slots=True)
class Code:
    """One tag of a text, or one element that counts as a tag."""

    kind: TagKind
    element: int
    """The two halves of a pair share it; from 0."""
    name: str
    raw: str
    pair: str = ""
    """The i of bpt and ept."""
    x: str = ""

    @property
    def likeness(self) -> str:
        """What it has in common with the same one in the other language."""
        return f"{self.name} {self.x}" if self.x else _PAIR_NUMBER.sub("", self.raw)


@dataclass(frozen=True, slots=True)
class Content:
    """A segment with its tags as placeholders."""

    text: str
    raws: dict[Placeholder, str]
    """What each placeholder stands for."""


def read_pair(source: str, target: str) -> tuple[Content, Content]:
    """Two segments as a file that is well-formed holds them, with the same numbers for the same tags."""
    first, second = list(_parts(source)), list(_parts(target))
    codes = [[part for part in parts if isinstance(part, Code)] for parts in (first, second)]
    numbers = _own_numbers(codes) or _new_numbers(codes)
    return _content(first, numbers[0]), _content(second, numbers[1])


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
    found = _TOKEN.match(raw)
    return _attributes(found["attributes"]).get("i", "") if found else ""


def _content(parts: Sequence[str | Code], numbers: dict[int, int]) -> Content:
    raws: dict[Placeholder, str] = {}
    pieces: list[str | Placeholder] = []
    for part in parts:
        if isinstance(part, str):
            pieces.append(part)
            continue
        placeholder = Placeholder(numbers[part.element], part.kind)
        raws.setdefault(placeholder, part.raw)
        pieces.append(placeholder)
    return Content(joined(pieces), raws)


def _parts(content: str) -> Iterator[str | Code]:
    """The texts and tags of a segment, in order."""
    codes: list[str | Code] = []
    opened: list[tuple[str, int]] = []
    done = place = count = 0
    while found := _TOKEN.search(content, place):
        codes.append(text_of(content[done : found.start()]))
        place = done = found.end()
        name = found["name"]
        if name is None:
            if found["cdata"] is not None:
                codes.append(with_plain_line_ends(found["cdata"]))
        elif name in _CODES:
            place = done = found.end() if found["empty"] else _end_of_element(content, found.end())
            codes.append(_code(found, count, content[found.start() : done]))
            count += 1
        elif found["close"]:
            _, element = opened.pop()
            codes.append(Code(TagKind.CLOSE, element, name, found[0]))
        else:
            kind = TagKind.EMPTY if found["empty"] else TagKind.OPEN
            codes.append(Code(kind, count, name, found[0], x=_attributes(found["attributes"]).get("x", "")))
            if kind is TagKind.OPEN:
                opened.append((name, count))
            count += 1
    codes.append(text_of(content[done:]))
    _pair(codes)
    return iter([part for part in codes if part])


def _code(found: re.Match[str], element: int, raw: str) -> Code:
    names = _attributes(found["attributes"])
    kind = TagKind.EMPTY
    if found["name"] == "it" and names.get("type") == OWN_ISOLATED:
        kind = TagKind.OPEN if names.get("pos") == "begin" else TagKind.CLOSE
    return Code(kind, element, found["name"], raw, names.get("i", ""), names.get("x", ""))


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
        if isinstance(part, str) or part.name not in ("bpt", "ept"):
            continue
        if part.name == "bpt":
            opened[part.pair] = part
        elif (first := opened.pop(part.pair, None)) is not None:
            part.element, part.x = first.element, first.x
            first.kind, part.kind = TagKind.OPEN, TagKind.CLOSE


def _own_numbers(codes: Sequence[Sequence[Code]]) -> list[dict[int, int]] | None:
    """Those of x, where every element has one and those with the same are the same."""
    numbers: list[dict[int, int]] = []
    for side in codes:
        raws: dict[tuple[str, TagKind], str] = {}
        found: dict[int, int] = {}
        for code in side:
            if code.element not in found:
                if not _NUMBER.fullmatch(code.x):
                    return None
                found[code.element] = int(code.x)
            if code.kind is not TagKind.CLOSE or code.name in _CODES:
                raw = _PAIR_NUMBER.sub("", code.raw)
                if raws.setdefault((code.x, code.kind), raw) != raw:
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
            free.setdefault(code.likeness, []).append(of_first[code.element])
    last = len(of_first)
    of_second: dict[int, int] = {}
    for code in codes[1]:
        if code.element in of_second:
            continue
        same = free.get(code.likeness)
        if same:
            of_second[code.element] = same.pop(0)
        else:
            last += 1
            of_second[code.element] = last
    return [of_first, of_second]


def _attributes(text: str) -> dict[str, str]:
    return {name: text_of(double or single) for name, double, single in _ATTRIBUTE.findall(text)}
