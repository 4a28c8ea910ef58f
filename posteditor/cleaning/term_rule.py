"""The rule about terms: where the source has one, the target must have one of its translations."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from math import inf
from pathlib import Path
from typing import ClassVar

from posteditor.cleaning.rule import Bound, BoundedRule, Numbers
from posteditor.errors import CorpusError

_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Letters of scripts that put no spaces between words."""
_HINT = "A glossary has one entry a line: the term, a tab, its translation; UTF-8."
_HEADERS = {("term", "translation"), ("source", "target")}
_MOST_TOLD = 3


@dataclass(slots=True)
class _Terms:
    """A glossary, made for finding."""

    digest: str
    translations: dict[str, list[str]]
    """Folded term, words with single spaces between, to its folded translations."""
    shown: dict[str, str]
    """Folded term to the term as it is written."""
    widths: list[int]
    """How many words terms have."""
    unspaced: list[str]
    """Terms that are looked for anywhere in a text."""

    def lacking(self, source: str, target: str) -> list[str]:
        """The terms of a source without any of their translations in the target."""
        terms = self._terms_in(_folded(source))
        if not terms:
            return []
        words = _folded(target)
        return [term for term in terms if not any(each in words for each in self.translations[term])]

    def _terms_in(self, text: str) -> dict[str, None]:
        words = _WORD.findall(text)
        found: dict[str, None] = {}
        for width in self.widths:
            for start in range(len(words) - width + 1):
                term = " ".join(words[start : start + width])
                if term in self.translations:
                    found[term] = None
        found.update((term, None) for term in self.unspaced if term in text)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRule(BoundedRule):
    """A term of a glossary is not translated as it says. Score: how many terms of the source are not.

    Terms are found as whole words whatever the case; a translation may stand anywhere in the target, so that it may
    have an ending.
    """

    file: Path
    """Two columns, term and translation, with a tab between; a term may have several lines."""
    max: float = 0
    _read: list[_Terms] = field(default_factory=list, init=False, repr=False, compare=False)
    IS_COSTLY: ClassVar[bool] = True
    BOUNDS: ClassVar[Mapping[str, tuple[float, float]]] = {"max": (0, inf)}

    def check(self) -> None:
        """Read the file; it goes along to other processes."""
        self._terms()

    def key(self) -> str:
        """Of the content of the file."""
        return self._terms().digest

    def columns(self, sources: Sequence[str], targets: Sequence[str]) -> tuple[Numbers, ...]:
        """The number of each pair."""
        terms = self._terms()
        return ([float(len(terms.lacking(one, other))) for one, other in zip(sources, targets, strict=True)],)

    def bounds(self) -> tuple[Bound, ...]:
        """As set."""
        return (Bound(high=self.max),)

    def details(self, source: str, target: str) -> str:
        """Those that are not."""
        terms = self._terms()
        lacking = terms.lacking(source, target)[:_MOST_TOLD]
        return ", ".join(f"{terms.shown[term]} is not {' or '.join(terms.translations[term])}" for term in lacking)

    def _terms(self) -> _Terms:
        if not self._read:
            self._read.append(read_terms(self.file))
        return self._read[0]


def read_terms(path: Path) -> _Terms:
    """The glossary in a file; empty lines and a header are passed over.

    Raises:
        CorpusError: The file can't be read, or a line of it is no entry.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CorpusError(path, f"can't be read: {error.strerror}", hint=_HINT) from error
    terms = _Terms(sha256(content).hexdigest(), {}, {}, [], [])
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        entry = _entry(path, number, line)
        if entry is None or (number == 1 and (entry[0].lower(), entry[1].lower()) in _HEADERS):
            continue
        folded = _folded(entry[0])
        words = " ".join(_WORD.findall(folded))
        term = words if words and not _UNSPACED.search(folded) else folded
        terms.shown.setdefault(term, entry[0])
        terms.translations.setdefault(term, []).append(_folded(entry[1]))
        if term == folded and (not words or _UNSPACED.search(folded)):
            terms.unspaced.append(term)
    spaced = terms.translations.keys() - set(terms.unspaced)
    terms.widths = sorted({term.count(" ") + 1 for term in spaced})
    return terms


def _entry(path: Path, number: int, line: bytes) -> tuple[str, str] | None:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CorpusError(path, f"is not UTF-8 at byte {error.start + 1}", line=number, hint=_HINT) from error
    if not text.strip():
        return None
    cells = [cell.strip() for cell in text.split("\t")]
    if len(cells) != 2 or not all(cells):
        raise CorpusError(path, "is no term with its translation", line=number, hint=_HINT)
    return cells[0], cells[1]


def _folded(text: str) -> str:
    """Without differences of case, of composition and of white space."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
