"""The texts of one side of a batch, with what several rules want to know of them worked out once, for all together."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import regex
from numpy.typing import NDArray

_CODES = 0x110000
_PAGE_BITS = 10
_PAGE = 1 << _PAGE_BITS
_FEW_PAGES = 12
_SPACES = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
"""White space as ``str.split`` has it."""

_Flags = NDArray[np.unsignedinteger[Any]]
_WIDER: dict[int, type[np.unsignedinteger[Any]]] = {8: np.uint16, 16: np.uint32, 32: np.uint64}
"""What holds more flags than so many."""
_Pages = NDArray[np.bool_]


class CharacterSet:
    """The characters that count: a flag in a table of all code points, which all sets share; line feeds must not."""

    _table: ClassVar[_Flags] = np.zeros(_CODES, np.uint8)  # pages that nobody uses take no memory
    _sets: ClassVar[int] = 0
    version: ClassVar[int] = 0
    """Goes up when the table changes."""

    def __init__(self, characters: Iterable[str] = (), *, pattern: str = "") -> None:
        """Args: pattern: Of the regex module, for more of them; asked page by page, as texts come to need it."""
        if CharacterSet._sets in _WIDER:
            CharacterSet._table = CharacterSet._table.astype(_WIDER[CharacterSet._sets])
        self.flag = 1 << CharacterSet._sets  # OverflowError beyond 64 sets: nobody has so many scripts
        CharacterSet._sets += 1
        CharacterSet.version += 1
        self._pattern = pattern
        self._is_known = np.full(_CODES >> _PAGE_BITS, not pattern, np.bool_)
        CharacterSet._table[list(map(ord, characters))] |= self.flag

    def learn(self, pages: _Pages) -> None:
        """Look at the characters of some pages."""
        for page in np.flatnonzero(pages & ~self._is_known).tolist():
            start = page << _PAGE_BITS
            for found in regex.finditer(self._pattern, "".join(map(chr, range(start, start + _PAGE)))):
                CharacterSet._table[start + found.start() : start + found.end()] |= self.flag
            self._is_known[page] = True
            CharacterSet.version += 1

    @classmethod
    def flags(cls, codes: NDArray[np.uint32]) -> _Flags:
        """The flags of some code points."""
        return cls._table.take(codes.astype(np.intp))


_SPACE = CharacterSet(_SPACES)


class TextColumn(list[str]):
    """Texts; to whoever does not know better, a list of strings. Not to be changed."""

    @classmethod
    def parted(cls, joined: str) -> "TextColumn":
        """The texts that have a line feed behind each."""
        column = cls(joined.split("\n"))
        column.pop()
        column.__dict__["joined"] = joined
        return column

    @cached_property
    def joined(self) -> str:
        """All texts with a line feed behind each."""
        return "\n".join([*self, ""])

    @cached_property
    def words(self) -> list[list[str]]:
        """What white space separates in each."""
        return [text.split() for text in self]

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """Code points of each."""
        return np.fromiter(map(len, self), np.int64, len(self))

    @cached_property
    def word_counts(self) -> NDArray[np.int64]:
        """How many words each has."""
        return np.diff(np.searchsorted(self._word_starts, self._bounds))

    @cached_property
    def longest_words(self) -> NDArray[np.int64]:
        """Code points of the longest word of each, 0 where there is none."""
        counts = self.word_counts
        found = np.zeros(len(self), np.int64)
        with_words = np.flatnonzero(counts)
        if len(with_words):
            first = (np.cumsum(counts) - counts)[with_words]
            found[with_words] = np.maximum.reduceat(self._word_ends - self._word_starts, first)
        return found

    def counts(self, characters: CharacterSet) -> NDArray[np.int64]:
        """How many of some characters each text has."""
        places = np.flatnonzero(self._is_of(characters))
        return np.diff(np.searchsorted(places, self._bounds))

    def picked(self, characters: CharacterSet) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """The code points of all texts that are in a set, one after the other, and how many each text has."""
        places = np.flatnonzero(self._is_of(characters))
        return self._codes[places], np.diff(np.searchsorted(places, self._bounds))

    def chosen(self, places: Sequence[int]) -> "TextColumn":
        """The texts at some places."""
        return TextColumn([self[place] for place in places])

    @cached_property
    def _codes(self) -> NDArray[np.uint32]:
        """The code points of ``joined``."""
        return np.frombuffer(self.joined.encode("utf-32-le", "surrogatepass"), "<u4")

    def _is_of(self, characters: CharacterSet) -> NDArray[np.bool_]:
        """For each code point of ``joined`` whether it is one of them."""
        characters.learn(self._pages)
        version, flags = self.__dict__.get("_flags", (-1, None))
        if flags is None or version != CharacterSet.version:
            flags = CharacterSet.flags(self._codes)
            self.__dict__["_flags"] = (CharacterSet.version, flags)
        found: NDArray[np.bool_] = (flags & characters.flag) != 0
        return found

    @cached_property
    def _pages(self) -> _Pages:
        """Which pages of code points occur, or might."""
        pages = np.zeros(_CODES >> _PAGE_BITS, np.bool_)
        last = int(self._codes.max(initial=0)) >> _PAGE_BITS
        if last < _FEW_PAGES:
            pages[: last + 1] = True
        else:
            pages[self._codes >> _PAGE_BITS] = True
        return pages

    @cached_property
    def _bounds(self) -> NDArray[np.int64]:
        """Where each text starts in ``joined``; one more than there are texts."""
        bounds = np.zeros(len(self) + 1, np.int64)
        np.cumsum(self.lengths + 1, out=bounds[1:])
        return bounds

    @cached_property
    def _word_bounds(self) -> NDArray[np.int64]:
        """Where words start and end, in turn: the last character is white space, so that there is an end to each."""
        is_word = np.zeros(len(self._codes) + 1, np.bool_)
        np.logical_not(self._is_of(_SPACE), out=is_word[1:])
        return np.flatnonzero(is_word[1:] != is_word[:-1])

    @property
    def _word_starts(self) -> NDArray[np.int64]:
        return self._word_bounds[::2]

    @property
    def _word_ends(self) -> NDArray[np.int64]:
        return self._word_bounds[1::2]


def column(texts: Sequence[str]) -> TextColumn:
    """The texts as a column."""
    return texts if isinstance(texts, TextColumn) else TextColumn(texts)
