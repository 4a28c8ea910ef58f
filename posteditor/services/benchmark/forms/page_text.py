"""Texts and numbers as the page shows them: nothing invisible, every minus a real one."""

import math
import unicodedata
from collections.abc import Iterator

NOT_KNOWN = "–"
"""Where there is no value."""
_JOINERS = "\u200c\u200d"
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


def visible(text: str) -> str:
    """Text in which every character can be seen: ESC as "␛", a line feed as "␊", U+202E as "⟨U+202E⟩".

    Such characters would break a page or turn it round. Spaces and what joins letters stay: scripts need them.
    """
    if text.isprintable():
        return text
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if character.isprintable() or character in _JOINERS or unicodedata.category(character) == "Zs":
        return character
    return f"⟨U+{code:04X}⟩"


def shortened(text: str, columns: int) -> str:
    """The text in at most so many columns, two for a CJK character; a longer one loses its middle."""
    plain = visible(text)
    if columns_of(plain) <= columns:
        return plain
    room = columns - 1
    head = _fitting(plain, room - room // 2)
    tail = _fitting(plain[::-1], room // 2)[::-1]
    return f"{head}…{tail}"


def columns_of(text: str) -> int:
    """How wide a text is, in columns."""
    return sum(_columns(text))


def _columns(text: str) -> Iterator[int]:
    return (2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _fitting(text: str, columns: int) -> str:
    taken = 0
    for place, width in enumerate(_columns(text)):
        taken += width
        if taken > columns:
            return text[:place]
    return text


def number(value: float | None, digits: int = 0) -> str:
    """A number with thousands marked; a dash for None and for what is no number."""
    if value is None or not math.isfinite(value):
        return NOT_KNOWN
    return _with_minus(f"{value:,.{digits}f}", sign=False)


def signed(value: float | None, digits: int = 2) -> str:
    """A difference with its sign; what rounds to 0 has none."""
    if value is None or not math.isfinite(value):
        return NOT_KNOWN
    return _with_minus(f"{value:,.{digits}f}", sign=True)


def compact(value: float) -> str:
    """A count in at most four characters or so: 950, 1.2k, 34k, 2.1M."""
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if value >= size:
            return f"{value / size:.1f}{letter}" if value < 9.95 * size else f"{value / size:.0f}{letter}"
    return f"{value:g}"


def percent(part: float, whole: float, digits: int = 1) -> str:
    """The share, 0-100; a dash where there is no whole."""
    return f"{100 * part / whole:.{digits}f}\u202f%" if whole else NOT_KNOWN


def p_value(value: float | None) -> str:
    """Three digits; a dash where the test was not made."""
    if value is None or not math.isfinite(value):
        return NOT_KNOWN
    return "<0.001" if value < 0.0005 else f"{value:.3f}"


def size_in_bytes(value: float | None) -> str:
    """In the unit that leaves fewest digits."""
    if value is None:
        return NOT_KNOWN
    place = 0
    while value >= 1024 and place < len(_UNITS) - 1:
        value /= 1024
        place += 1
    return f"{value:.{0 if place < 3 else 2}f} {_UNITS[place]}"


def duration(seconds: float | None) -> str:
    """In milliseconds below a second."""
    if seconds is None or not math.isfinite(seconds):
        return NOT_KNOWN
    return f"{1000 * seconds:.1f} ms" if seconds < 1 else f"{seconds:,.2f} s"


def _with_minus(digits: str, *, sign: bool) -> str:
    if not any(digit in "123456789" for digit in digits):
        return digits.lstrip("-")
    if digits.startswith("-"):
        return "\u2212" + digits[1:]
    return "+" + digits if sign else digits
