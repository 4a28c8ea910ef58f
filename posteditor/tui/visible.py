"""Text from files, made safe for a terminal without losing a character.

Control characters, escape sequences and bidirectional overrides would act on the terminal, and Textual's text area
would turn carriage returns and line separators into line feeds. So texts are shown through ``visible`` and edited
through a ``Disguise``; both replace one code point by one, so that offsets stay the same.
"""

from dataclasses import dataclass
from functools import lru_cache

LINE_MARK = "⏎"
"""Shown where a text has a line feed."""

_SHOWN: dict[int, str] = {code: chr(0x2400 + code) for code in range(0x20)}
_SHOWN |= {0x09: "⇥", 0x0A: LINE_MARK, 0x7F: "␡"}
_SHOWN |= dict.fromkeys(range(0x80, 0xA0), "�")  # C1: U+009B alone starts an escape sequence
_SHOWN |= {0x2028: LINE_MARK, 0x2029: LINE_MARK}
# Direction marks and overrides can make a line read differently from what it holds.
_SHOWN |= dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)], "⋄")
_SHOWN |= dict.fromkeys([0x00AD, 0x200B, 0x2060, 0xFEFF, *range(0xFFF9, 0xFFFC)], "·")
_SHOWN |= dict.fromkeys(range(0xE0000, 0xE0080), "�")  # invisible tag characters
_SHOWN |= dict.fromkeys(range(0xD800, 0xE000), "�")  # a lone surrogate can't be written to any terminal

_HIDDEN = sorted(code for code in _SHOWN if code != 0x0A)
_BASES = (0x10E000, 0x10C000, 0x10A000, 0x108000, 0xF8000, 0xF6000, 0xF4000, 0xF2000)
"""Starts of private use ranges, each large enough for all hidden characters."""


@lru_cache(maxsize=len(_BASES))
def _masks(base: int) -> tuple[dict[int, int], dict[int, int]]:
    """The exchange to and from the private range at ``base``, as tables for ``str.translate``."""
    there = {code: base + index for index, code in enumerate(_HIDDEN)}
    return there, {private: code for code, private in there.items()}


def visible(text: str) -> str:
    """``text`` with every character that a terminal would act on replaced by a one-cell sign; same length."""
    return text.translate(_SHOWN)


@dataclass(frozen=True, slots=True)
class Disguise:
    """A one-to-one exchange of the characters that a text area can't hold for private ones, for one segment."""

    base: int

    @classmethod
    def for_text(cls, text: str) -> "Disguise":
        """A disguise whose private characters do not occur in ``text``."""
        used = {ord(char) // 0x2000 for char in text if ord(char) >= _BASES[-1]}
        return cls(next((base for base in _BASES if base // 0x2000 not in used), _BASES[0]))

    def put_on(self, text: str) -> str:
        """``text`` as the text area may hold it; line feeds stay."""
        return text.translate(_masks(self.base)[0])

    def take_off(self, text: str) -> str:
        """The text as the file holds it."""
        return text.translate(_masks(self.base)[1])

    def shown(self, text: str) -> str:
        """Disguised text as the person sees it; same length."""
        return visible(self.take_off(text))
