"""A trigram language model with interpolated Kneser–Ney smoothing, in sorted arrays.

Source: Kneser & Ney (1995), Improved Backing-off for M-gram Language Modeling (ICASSP), interpolated as in Chen &
Goodman (1999), with one discount per order from the counts of counts (Ney, Essen & Kneser 1994).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

_BITS = 21
_MOST_WORDS = (1 << _BITS) - 4
"""Three word numbers fit into one int64."""
_UNKNOWN, _START, _END = 0, 1, 2
_FIRST_WORD = 3
_FALLBACK_DISCOUNT = 0.75
"""For a text in which nothing stands once or nothing stands twice."""

_Keys = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Order:
    """The n-grams of one length with discounted counts, and their contexts."""

    keys: _Keys
    """Sorted."""
    counts: NDArray[np.float64]
    contexts: _Keys
    """The n-grams without their last word, sorted."""
    totals: NDArray[np.float64]
    """Sum of the counts of each context."""
    followers: NDArray[np.float64]
    """How many different words follow each context."""
    discount: float

    @classmethod
    def from_counts(cls, keys: _Keys, counts: NDArray[np.int64]) -> Self:
        """From sorted keys and how often each was seen."""
        contexts, starts = np.unique(keys >> _BITS, return_index=True)
        totals = np.add.reduceat(counts, starts).astype(np.float64)
        followers = np.diff(np.append(starts, len(keys))).astype(np.float64)
        once, twice = int((counts == 1).sum()), int((counts == 2).sum())
        discount = once / (once + 2 * twice) if once and twice else _FALLBACK_DISCOUNT
        discounted = np.asarray(counts - discount, np.float64)
        return cls(keys, discounted, contexts, totals, followers, discount)

    def interpolate(self, keys: _Keys, shorter: NDArray[np.float64]) -> NDArray[np.float64]:
        """The probability of each n-gram's last word, given that by the shorter context."""
        known, places = _find(self.contexts, keys >> _BITS)
        found, at = _find(self.keys, keys)
        total = np.where(known, self.totals[places], 1.0)
        share = np.where(found, self.counts[at], 0.0) / total
        rest = np.where(known, self.discount * self.followers[places] / total, 1.0)
        return share + rest * shorter


class LanguageModel:
    """Log probabilities (natural) of words by the two before; words seen once in training are one unknown word."""

    def __init__(self, numbers: dict[str, int], orders: Sequence[_Order]) -> None:
        self._numbers = numbers
        self._unigrams, self._bigrams, self._trigrams = orders
        self._uniform = 1.0 / (len(numbers) + 2)

    @classmethod
    def train(cls, sentences: Iterable[Sequence[str]], *, least: int = 2) -> Self:
        """Count the words of ``sentences``, which are gone through once and held as numbers.

        Args:
            sentences: Words without white space.
            least: A word seen less often counts as unknown.

        Raises:
            ValueError: There are no sentences.
        """
        numbers: dict[str, int] = {}
        stream: list[int] = []
        for sentence in sentences:
            stream += (_START, _START)
            stream += (numbers.setdefault(word, len(numbers) + _FIRST_WORD) for word in sentence)
            stream.append(_END)
        if not stream:
            raise ValueError("a language model needs at least one sentence")
        numbers, ids = _without_rare(numbers, np.array(stream, np.int64), least)
        trigrams = (ids[:-2] << (2 * _BITS)) | (ids[1:-1] << _BITS) | ids[2:]
        keys, counts = np.unique(trigrams[ids[2:] != _START], return_counts=True)
        two, two_counts = np.unique(keys & ((1 << (2 * _BITS)) - 1), return_counts=True)
        one, one_counts = np.unique(two & ((1 << _BITS) - 1), return_counts=True)
        pairs = ((one, one_counts), (two, two_counts), (keys, counts))
        return cls(numbers, [_Order.from_counts(*each) for each in pairs])

    def log_probability(self, words: Sequence[str]) -> float:
        """Of a whole sentence, its end included."""
        return self._sum([_START, _START, *self._ids(words), _END])

    def gain(self, words: Sequence[str], start: int, end: int, new: Sequence[str]) -> float:
        """By how much the log probability rises when ``new`` takes the place of ``words[start:end]``."""
        before = [_START, _START, *self._ids(words[max(start - 2, 0) : start])][-2:]
        after = [*self._ids(words[end : end + 2]), _END][:2]
        old, fresh = ([*before, *self._ids(each), *after] for each in (words[start:end], new))
        return self._sum(fresh) - self._sum(old)

    def _ids(self, words: Iterable[str]) -> list[int]:
        return [self._numbers.get(word, _UNKNOWN) for word in words]

    def _sum(self, ids: Sequence[int]) -> float:
        """Over all words but the first two, which are context."""
        numbers = np.array(ids, np.int64)
        last = numbers[2:]
        two = (numbers[1:-1] << _BITS) | last
        three = (numbers[:-2] << (2 * _BITS)) | two
        probability = self._unigrams.interpolate(last, np.full(len(last), self._uniform))
        probability = self._bigrams.interpolate(two, probability)
        return float(np.log(self._trigrams.interpolate(three, probability)).sum())


def _without_rare(numbers: dict[str, int], ids: _Keys, least: int) -> tuple[dict[str, int], _Keys]:
    """Words seen less often than ``least`` become the unknown one, and those too many to be numbered."""
    counts = np.bincount(ids, minlength=len(numbers) + _FIRST_WORD)
    renumbered = np.zeros(len(counts), np.int64)
    renumbered[[_START, _END]] = _START, _END
    kept: dict[str, int] = {}
    ranked = Counter({word: int(counts[number]) for word, number in numbers.items()}).most_common(_MOST_WORDS)
    for word, count in ranked:
        if count < least:
            break
        kept[word] = renumbered[numbers[word]] = len(kept) + _FIRST_WORD
    return kept, renumbered[ids]


def _find(sorted_keys: _Keys, keys: _Keys) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Which keys are there, and where; the place of one that is not means nothing."""
    places = np.minimum(np.searchsorted(sorted_keys, keys), len(sorted_keys) - 1)
    return sorted_keys[places] == keys, places
