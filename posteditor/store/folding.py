"""Making texts findable whatever their case.

SQLite's LIKE disregards the case of ASCII letters and of nothing else. For most texts that is enough; for the others
(capitals outside ASCII, sharp s, ligatures ...) the folded form is stored beside them.
"""

from collections.abc import Sequence
from itertools import chain


def folded(*texts: str | None) -> str | None:
    """The case-folded form of those texts in which LIKE would not find everything; None when there are none."""
    parts = [text.casefold() for text in texts if text is not None and not _is_plain(text)]
    return "\x1f".join(parts).replace("\0", "\x1f") if parts else None  # LIKE stops at a NUL


def folded_rows(*columns: Sequence[str | None]) -> Sequence[str | None]:
    """``folded`` of each row of these columns; quick where nothing outside ASCII occurs."""
    together = "".join(filter(None, chain.from_iterable(columns)))
    if together.isascii() and "\0" not in together:
        return [None] * len(columns[0])
    return [folded(*texts) for texts in zip(*columns, strict=True)]


def like_pattern(text: str) -> str:
    r"""The LIKE pattern (with ``\`` as its escape) for ``text`` in plain texts and in folded forms."""
    escaped = text.casefold().replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"


def _is_plain(text: str) -> bool:
    """True if folding changes nothing but ASCII letters and LIKE reads to the end."""
    if text.isascii():
        return "\0" not in text
    return "\0" not in text and text.casefold().encode("utf-8", "replace") == text.encode("utf-8", "replace").lower()
