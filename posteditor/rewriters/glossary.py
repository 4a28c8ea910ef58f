"""Glossaries: terms with the translation to use, from a table of two columns, and which of them a text needs."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from posteditor.core.words import split_words
from posteditor.errors import CorpusError

_HINT = "A glossary has one entry a line: the term, a tab, its translation; UTF-8."
_HEADERS = {("term", "translation"), ("source", "target")}
"""First lines that are no entry, in small letters."""

Entry = tuple[str, str]
"""A term and its translation."""


class Glossary:
    """Entries in the order of the file; one term may have several."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.entries: tuple[Entry, ...] = tuple(dict.fromkeys(entries))
        self._by_term: dict[str, list[Entry]] = {}
        for entry in self.entries:
            self._by_term.setdefault(_folded(entry[0]), []).append(entry)
        self._lengths = sorted({len(term) for term in self._by_term})

    @classmethod
    def read(cls, path: Path) -> "Glossary":
        """The glossary in a file of two columns with a tab between them; empty lines and a header are passed over.

        Raises:
            CorpusError: The file can't be read or a line of it is no entry.
        """
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CorpusError(path, f"can't be read: {error.strerror}", hint=_HINT) from error
        entries = []
        for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
            entry = _entry(path, number, line)
            if entry is not None and not (number == 1 and (entry[0].lower(), entry[1].lower()) in _HEADERS):
                entries.append(entry)
        return cls(entries)

    @property
    def fingerprint(self) -> str:
        """The same for the same entries in the same order: 16 hexadecimal digits."""
        return sha256("\n".join(map("\t".join, self.entries)).encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def terms_in(self, text: str) -> list[Entry]:
        """The entries whose term stands in ``text`` as whole words, whatever the case, in the order of the text."""
        if not self.entries:
            return []
        folded = _folded(text)
        found: dict[Entry, None] = {}
        for start in _boundaries(folded):
            for length in self._lengths:
                end = start + length
                if end <= len(folded) and (term := folded[start:end]) in self._by_term and _is_boundary(folded, end):
                    found.update(dict.fromkeys(self._by_term[term]))
        return list(found)


def _entry(path: Path, number: int, line: bytes) -> Entry | None:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CorpusError(path, f"is not UTF-8 at byte {error.start + 1}", line=number, hint=_HINT) from error
    if not text.strip():
        return None
    cells = [cell.strip() for cell in text.split("\t")]
    if len(cells) != 2:
        problem = f"has {len(cells)} column{'s' if len(cells) > 1 else ''} where a glossary has 2"
        raise CorpusError(path, problem, line=number, hint=_HINT)
    if not all(cells):
        raise CorpusError(path, f"has an empty {'translation' if cells[0] else 'term'}", line=number, hint=_HINT)
    return cells[0], cells[1]


def _folded(text: str) -> str:
    """Without differences of case, of composition and of white space."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _boundaries(text: str) -> list[int]:
    return [index for index in range(len(text)) if _is_boundary(text, index) and not text[index].isspace()]


def _is_boundary(text: str, index: int) -> bool:
    """True where a word may begin or end before the character at ``index``."""
    if not 0 < index < len(text) or not _is_of_a_word(text[index - 1]) or not _is_of_a_word(text[index]):
        return True
    if unicodedata.category(text[index]).startswith("M"):
        return False
    return _is_a_word_alone(text[index - 1]) or _is_a_word_alone(text[index])


def _is_of_a_word(character: str) -> bool:
    return character.isalnum() or character == "_" or unicodedata.category(character).startswith("M")


@lru_cache(maxsize=8192)
def _is_a_word_alone(character: str) -> bool:
    """True in scripts written without spaces: two of the same character are two words there."""
    return len(split_words(character * 2)) == 2
