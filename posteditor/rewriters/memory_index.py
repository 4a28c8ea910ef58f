"""Finding stored pairs that are like a text: an inverted index of words, and rapidfuzz on what it brings up.

A word weighs the more the rarer it is, so the frequent ones, which cost most and say least, are looked up only while
few pairs were touched.
"""

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from math import log
from typing import Any

import numpy as np
from rapidfuzz.distance import Indel

from posteditor.rewriters.protocol import MemoryPair

_WORD = re.compile(r"\w+")
# Scripts written without spaces, where a run of letters is a sentence: pairs of characters stand in for words.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_ENTRIES_READ = 60_000
"""Index entries that one search may touch, beyond those of the rarest word."""
_COMPARED = 64
"""Pairs with the most weight in common that are compared letter by letter."""
_SCANNED = 3000
"""Pairs with its rarest word that are searched for a text."""


@dataclass(frozen=True, slots=True)
class Found:
    """A stored pair that is like a text."""

    number: int
    """Of the pair: counts up in the order of learning."""
    pair: MemoryPair
    similarity: float
    """0-1 between the two mts: 1 minus the letters to take out and put in, over the letters of both."""


class PairIndex:
    """The pairs that were learned. Numbers are given in order; a pair that was replaced is found no more."""

    def __init__(self) -> None:
        self.digest = ""
        """Of everything learned so far, in its order; hexadecimal."""
        self._pairs: list[MemoryPair] = []
        self._alive = bytearray()
        self._sizes = array("H")
        self._by_mt: dict[str, list[int]] = {}
        self._by_source: dict[str, list[int]] = {}
        self._by_position: dict[int, int] = {}
        self._by_word: dict[str, array[int]] = {}

    def __len__(self) -> int:
        return sum(self._alive)

    def add(self, pair: MemoryPair) -> None:
        """Learn a pair; it takes the place of the one that the same segment had."""
        if pair.position and (old := self._by_position.get(pair.position)) is not None:
            if self._pairs[old] == pair:
                return
            self._alive[old] = 0
        number = len(self._pairs)
        self._pairs.append(pair)
        self._alive.append(1)
        if pair.position:
            self._by_position[pair.position] = number
        self._by_mt.setdefault(pair.mt, []).append(number)
        if pair.source is not None and pair.source.strip():
            self._by_source.setdefault(pair.source, []).append(number)
        words = words_of(pair.mt)
        self._sizes.append(min(len(words), 0xFFFF))
        for word in words:
            entries = self._by_word.get(word)
            if entries is None:
                self._by_word[word] = array("I", (number,))
            else:
                entries.append(number)
        texts = repr((self.digest, pair.mt, pair.target, pair.source, pair.position))
        self.digest = sha256(texts.encode("utf-8", "surrogatepass")).hexdigest()

    def with_mt(self, mt: str, *, but: int = 0) -> list[MemoryPair]:
        """The pairs with exactly this mt, oldest first; without that of the segment at position ``but``."""
        return self._live(self._by_mt.get(mt, ()), but)

    def with_source(self, source: str | None, *, but: int = 0) -> list[MemoryPair]:
        """The pairs with exactly this source, likewise; none for an empty one."""
        return self._live(self._by_source.get(source, ()), but) if source is not None else []

    def like(self, mt: str, *, least: float, most: int, but: int = 0) -> list[Found]:
        """The pairs whose mt is most like this one, best first, of equals the newest first.

        Args:
            least: 0-1: less similar ones are left out.
            most: So many at most. Of pairs with the same mt and target only one counts.
            but: Position of a segment whose own pair is left out; 0 for none.
        """
        found: list[Found] = []
        seen: set[tuple[str, str]] = set()
        for number in self._candidates(mt):
            pair = self._pairs[number]
            if (but and pair.position == but) or (pair.mt, pair.target) in seen:
                continue
            seen.add((pair.mt, pair.target))
            similarity = Indel.normalized_similarity(mt, pair.mt, score_cutoff=least)
            if similarity >= least:
                found.append(Found(number, pair, similarity))
        found.sort(key=lambda item: (-item.similarity, -item.number))
        return found[:most]

    def holding(self, text: str, *, but: int = 0) -> Iterator[MemoryPair]:
        """The pairs whose mt has ``text``, newest first, of the last few thousand that have its rarest word.

        A text without words is found nowhere. ``but`` as in ``like``.
        """
        lists = sorted((self._by_word.get(word, _NO_ENTRIES) for word in words_of(text)), key=len)
        for number in islice(reversed(lists[0] if lists else _NO_ENTRIES), _SCANNED):
            pair = self._pairs[number]
            if self._alive[number] and not (but and pair.position == but) and text in pair.mt:
                yield pair

    def _live(self, numbers: Any, but: int) -> list[MemoryPair]:
        pairs = [self._pairs[number] for number in numbers if self._alive[number]]
        return [pair for pair in pairs if not (but and pair.position == but)]

    def _candidates(self, mt: str) -> list[int]:
        """The numbers of the pairs with the most weight in common, relative to their number of words."""
        words = words_of(mt)
        lists = sorted(
            (entries for word in words if (entries := self._by_word.get(word))), key=lambda e: (len(e), e[0])
        )
        total = len(self._pairs)
        weights = np.zeros(total, np.float32)
        read = 0
        for entries in lists:
            if read and read + len(entries) > _ENTRIES_READ:
                break
            read += len(entries)
            weights[np.frombuffer(entries, np.uint32)] += log(1 + total / len(entries))
        weights *= np.frombuffer(self._alive, np.uint8)
        touched = np.flatnonzero(weights)
        shares = weights[touched] / (np.frombuffer(self._sizes, np.uint16)[touched] + len(words))
        if len(touched) > _COMPARED:
            best = np.argpartition(-shares, _COMPARED)[:_COMPARED]
            touched, shares = touched[best], shares[best]
        return [int(number) for number in touched[np.lexsort((-touched, -shares))]]


_NO_ENTRIES: "array[int]" = array("I")


def words_of(text: str) -> frozenset[str]:
    """What a text is found by: its words in small letters, pairs of characters in scripts without spaces."""
    words = set(_WORD.findall(text.lower()))
    if _UNSPACED.search(text):
        for word in [word for word in words if _UNSPACED.search(word)]:
            words.discard(word)
            words.update(word[at : at + 2] for at in range(max(1, len(word) - 1)))
    return frozenset(words)
