"""The strings of PO files, and how they are laid out in lines.

Source: GNU gettext manual, sections "The Format of PO Files" and "The --width option"; C escape sequences.
"""

import re
from unicodedata import combining, east_asian_width

PAGE_WIDTH = 79
"""Columns of a line, as msgmerge and its kin wrap them."""

_STRING = re.compile(r'[ \t\f\v]*+"((?:[^"\\]|\\.)*+)"[ \t\f\v]*+', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:([abfnrtv\\\"])|([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|(.))", re.DOTALL)
_NAMED = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", '"': '"'}
_ESCAPES = str.maketrans({character: f"\\{name}" for name, character in _NAMED.items()})
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_PLACE_TO_BREAK = re.compile(r" +|(?<=[^\W\d_])-(?=[^\W\d_])|/(?=[^\W\d_])")


class MalformedString(Exception):  # noqa: N818 - not shown; the caller knows the entry
    """What stands there is no string; ``problem`` says why."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def read_strings(text: str) -> str:
    """The one or more strings that a line has, put together.

    Raises:
        MalformedString: There is something else, or an escape that PO does not have.
    """
    place = 0
    parts: list[str] = []
    while found := _STRING.match(text, place):
        parts.append(found[1])
        place = found.end()
    if place < len(text):
        raise MalformedString("a string has no closing quote, or something stands behind it")
    joined = "".join(parts)
    return _ESCAPE.sub(_character, joined) if "\\" in joined else joined


def quoted(text: str) -> str:
    """A text as one string, in quotes."""
    return f'"{text.translate(_ESCAPES)}"'


def laid_out(keyword: str, text: str, *, wraps: bool) -> list[str]:
    """A keyword with its string as msgmerge would lay it out, in lines without their ends.

    Args:
        keyword: Such as ``msgstr`` or ``msgstr[1]``.
        wraps: Break what is wider than a page; line breaks in the text always end a line.
    """
    lines = _LINE.findall(text) or [""]
    whole = f"{keyword} {quoted(text)}"
    if len(lines) == 1 and (not wraps or width(whole) <= PAGE_WIDTH):
        return [whole]
    broken = [piece for line in lines for piece in (_wrapped(line) if wraps else [line])]
    if len(broken) == 1 and width(quoted(text)) > PAGE_WIDTH:  # one long word, which fits nowhere
        return [whole]
    return [f'{keyword} ""', *map(quoted, broken)]


def width(text: str) -> int:
    """Columns that a text takes."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def is_wider_than_page(line: str) -> bool:
    """Whether a line of a PO file would have been broken by a tool that wraps."""
    line = line.rstrip("\r\n")
    if not line.endswith('"') or len(line) <= PAGE_WIDTH // 2 or width(line) <= PAGE_WIDTH:
        return False
    return len(_wrapped(line[line.index('"') + 1 : -1])) > 1


def _wrapped(line: str) -> list[str]:
    """A line in pieces that fit between the quotes of a page."""
    found: list[str] = []
    piece, columns = "", 0
    for part in _unbreakable(line):
        needed = width(part.translate(_ESCAPES))
        # Blanks at the end may stand in the margin, but the quotes may not.
        if piece and columns + needed > PAGE_WIDTH - 2:
            found.append(piece)
            piece, columns = "", 0
        piece += part
        columns += needed
    return [*found, piece]


def _unbreakable(line: str) -> list[str]:
    """The parts of a line between which it may be broken."""
    parts: list[str] = []
    done = 0
    for found in _PLACE_TO_BREAK.finditer(line):
        parts.append(line[done : found.end()])
        done = found.end()
    parts.append(line[done:])
    return [piece for part in parts for piece in _ideographs(part) if piece]


def _ideographs(part: str) -> list[str]:
    """Wide characters may be parted anywhere but before punctuation."""
    if part.isascii() or not any(east_asian_width(c) == "W" for c in part):
        return [part]
    found: list[str] = []
    piece = ""
    for before, character in zip(" " + part, part, strict=False):
        if piece and east_asian_width(before) == east_asian_width(character) == "W" and character.isalnum():
            found.append(piece)
            piece = ""
        piece += character
    return [*found, piece]


def _character(match: re.Match[str]) -> str:
    named, octal, hexadecimal, unknown = match.groups()
    if named:
        return _NAMED[named]
    if unknown:
        raise MalformedString(f"PO has no escape \\{unknown if unknown.isprintable() else '?'}")
    code = int(octal, 8) if octal else int(hexadecimal, 16)
    if not 0 < code < 0x80:
        raise MalformedString(f"the escape {match[0]} is no character")
    return chr(code)
