"""Which script a letter belongs to, as far as it takes to see that a text has left its own."""

from bisect import bisect_right
from functools import lru_cache

LATIN = "Latin"
_RANGES = (
    (0x0000, LATIN), (0x0370, "Greek"), (0x0400, "Cyrillic"), (0x0530, "Armenian"), (0x0590, "Hebrew"),
    (0x0600, "Arabic"), (0x0700, "other"), (0x0750, "Arabic"), (0x0780, "other"), (0x0870, "Arabic"),
    (0x0900, "Devanagari"), (0x0980, "Bengali"), (0x0A00, "Gurmukhi"), (0x0A80, "Gujarati"), (0x0B00, "Oriya"),
    (0x0B80, "Tamil"), (0x0C00, "Telugu"), (0x0C80, "Kannada"), (0x0D00, "Malayalam"), (0x0D80, "Sinhala"),
    (0x0E00, "Thai"), (0x0E80, "Lao"), (0x0F00, "Tibetan"), (0x1000, "Myanmar"), (0x10A0, "Georgian"),
    (0x1100, "Hangul"), (0x1200, "Ethiopic"), (0x13A0, "other"), (0x1780, "Khmer"), (0x1800, "other"),
    (0x1E00, LATIN), (0x1F00, "Greek"), (0x2000, LATIN), (0x2E80, "Han"), (0x3041, "kana"), (0x3100, "Han"),
    (0x3130, "Hangul"), (0x3190, "Han"), (0x31F0, "kana"), (0x3200, "Han"), (0xA000, "other"), (0xA640, "Cyrillic"),
    (0xA6A0, "other"), (0xA720, LATIN), (0xA800, "other"), (0xAC00, "Hangul"), (0xD7FC, "other"), (0xF900, "Han"),
    (0xFB00, LATIN), (0xFB1D, "Hebrew"), (0xFB50, "Arabic"), (0xFE00, "other"), (0xFE70, "Arabic"), (0xFF00, LATIN),
    (0xFF66, "kana"), (0xFFA0, "Hangul"), (0x10000, "other"), (0x1B000, "kana"), (0x1B170, "other"), (0x20000, "Han"),
)  # fmt: skip
"""Where each script begins; it goes on to the next beginning. Blocks of Unicode, coarsely: what no running text of our
users is in is "other"."""
_STARTS = tuple(start for start, _ in _RANGES)


@lru_cache(maxsize=4096)
def script_of(letter: str) -> str:
    """The script of one letter."""
    return _RANGES[bisect_right(_STARTS, ord(letter)) - 1][1]
