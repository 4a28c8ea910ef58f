"""Phrase corrections counted in (mt, target) pairs: what was written for what, between which words, and how often.

Source: Simard, Goutte & Isabelle (2007), Statistical Phrase-based Post-editing (NAACL); context on both sides with
back-off from long to short stands here in place of a phrase-based decoder.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from posteditor.core.diff import word_diff
from posteditor.core.words import Word
from posteditor.rewriters.tag_words import tag_words
from posteditor.training.pairs import Pair

START, END = "<s>", "</s>"
"""The neighbours of the first and the last word."""
_LONGEST_PHRASE = 4
_LONGEST_CONTEXT = 2

Words = tuple[str, ...]
_Pattern = tuple[Words, Words, Words]
"""Left context, old phrase, right context."""


@dataclass(frozen=True, slots=True)
class Correction:
    """An old phrase between two contexts, and what was put in its place."""

    left: Words
    """Up to two words before."""
    old: Words
    """Up to four words; none for an insertion."""
    right: Words
    """Up to two words after."""
    new: Words
    """Up to four words; none for a deletion."""
    corrected: int
    """How many times this was put in place of the old phrase in this context."""
    seen: int
    """How many times the old phrase stands in this context in the mts."""

    @property
    def precision(self) -> float:
        """The share of its places that were corrected this way, as if it had been left alone once more; 0-1."""
        return self.corrected / (self.seen + 1)

    @property
    def context(self) -> int:
        """Words of context, both sides together; 0-4."""
        return len(self.left) + len(self.right)


@dataclass(frozen=True, slots=True)
class Match:
    """A correction and where it fits."""

    start: int
    """The first word it replaces, counted from 0 without white space."""
    end: int
    """The word after the last; equal to ``start`` for an insertion."""
    correction: Correction


class CorrectionTable:
    """Corrections, to be looked up in a text."""

    def __init__(self, corrections: Iterable[Correction]) -> None:
        self._by_words: dict[Words, list[Correction]] = defaultdict(list)
        for correction in corrections:
            self._by_words[correction.left + correction.old + correction.right].append(correction)
        self._lengths = sorted({len(words) for words in self._by_words})

    def __len__(self) -> int:
        return sum(map(len, self._by_words.values()))

    def matches(self, words: Sequence[str]) -> list[Match]:
        """The corrections that fit, each replacement of a phrase once, with the longest context that has it.

        Args:
            words: The text without white space and without marks for its start and end.
        """
        padded = (START, *words, END)
        best: dict[tuple[int, int, Words], Correction] = {}
        for at, gram in _grams(padded, self._lengths):
            for correction in self._by_words.get(gram, ()):
                start = at + len(correction.left) - 1
                place = start, start + len(correction.old), correction.new
                if place not in best or _rank(best[place]) < _rank(correction):
                    best[place] = correction
        return [Match(start, end, correction) for (start, end, _), correction in sorted(best.items())]


def mine_corrections(pairs: Sequence[Pair], *, least: int = 2, precision: float = 0.3) -> list[Correction]:
    """The corrections made at least ``least`` times and in at least a share ``precision`` of their places.

    Insertions and deletions always have a word of context. The result does not depend on the order of the pairs.
    """
    made: Counter[tuple[_Pattern, Words]] = Counter()
    for pair in pairs:
        made.update(_made(pair))
    frequent = {key: count for key, count in made.items() if count >= least}
    seen = _occurrences([pair.mt for pair in pairs], {left + old + right for (left, old, right), _ in frequent})
    corrections = (
        Correction(left, old, right, new, count, seen[left + old + right])
        for ((left, old, right), new), count in sorted(frequent.items())
    )
    return [correction for correction in corrections if correction.precision >= precision]


def word_changes(pair: Pair) -> Iterator[tuple[int, int, Words]]:
    """What was changed: from which word of the mt up to which, and the words that are there instead."""
    old = tag_words(pair.mt)
    for edit in word_diff(pair.mt, pair.target):
        start, end = _first_at(old, edit.start), _first_at(old, edit.end)
        new = tuple(word.text for word in tag_words(edit.replacement))
        if start < end or new:
            yield start, end, new


def _made(pair: Pair) -> set[tuple[_Pattern, Words]]:
    """Each correction of a pair in each of its contexts, once."""
    padded = (START, *(word.text for word in tag_words(pair.mt)), END)
    made = set()
    for start, end, new in word_changes(pair):
        if max(end - start, len(new)) > _LONGEST_PHRASE:
            continue
        first, last = start + 1, end + 1
        old = padded[first:last]
        for before in range(min(_LONGEST_CONTEXT, first) + 1):
            for after in range(min(_LONGEST_CONTEXT, len(padded) - last) + 1):
                if (old and new) or before + after:
                    made.add(((padded[first - before : first], old, padded[last : last + after]), new))
    return made


def _occurrences(texts: Iterable[str], wanted: set[Words]) -> Counter[Words]:
    lengths = sorted({len(words) for words in wanted})
    counts: Counter[Words] = Counter()
    for text in texts:
        padded = (START, *(word.text for word in tag_words(text)), END)
        counts.update(gram for _, gram in _grams(padded, lengths) if gram in wanted)
    return counts


def _grams(words: Words, lengths: Sequence[int]) -> Iterator[tuple[int, Words]]:
    for at in range(len(words)):
        for length in lengths:
            if at + length > len(words):
                break
            yield at, words[at : at + length]


def _rank(correction: Correction) -> tuple[int, float, int]:
    return correction.context, correction.precision, len(correction.left)


def _first_at(words: Sequence[Word], offset: int) -> int:
    """The first word that does not end before ``offset`` or there."""
    low, high = 0, len(words)
    while low < high:
        middle = (low + high) // 2
        if words[middle].end <= offset:
            low = middle + 1
        else:
            high = middle
    return low
