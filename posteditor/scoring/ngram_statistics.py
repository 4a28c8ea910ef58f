"""The statistics of BLEU, chrF and chrF++ for several texts of each of many segments at once.

The numbers are those that sacrebleu counts one text at a time; words come in as its tokenizers cut them.

Source: Papineni et al. (2002), BLEU (ACL); Popović (2015), chrF (WMT); clipping and the choice among references as in
sacrebleu 2.6, metrics/bleu.py and chrf.py.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from posteditor.scoring.corpus_values import chrf_values
from posteditor.scoring.ngram_matches import Integers, matching_ngrams

Table = npt.NDArray[np.float64]
"""Statistics of shape (segments, systems, width)."""

_WORDS = 4  # of BLEU's longest n-gram
_CHARACTERS = 6  # of chrF's longest n-gram
_FAR = 1 << 31  # further than any length


def bleu_statistics(segments: Sequence[tuple[Sequence[Sequence[str]], Sequence[Sequence[str]]]]) -> Table:
    """BLEU's: length of the text and of its nearest reference, matching n-grams by order, n-grams by order.

    Args:
        segments: Of each, the words of its references, of which there is at least one, and the words of its texts, of
            which every segment has the same number.
    """
    references, lengths = _lengths(segments)
    symbols = _word_numbers(word for ours, theirs in segments for words in (*ours, *theirs) for word in words)
    matches = matching_ngrams(symbols, lengths, references, _WORDS, merged=True)[:, 0]
    ours, theirs = lengths[:, references:], lengths[:, :references]
    away = np.abs(ours[:, :, None] - theirs[:, None, :]) * _FAR + theirs[:, None, :]  # of two as near, the shorter
    away = np.where(_missing(segments, references)[:, None, :], _FAR * _FAR, away)
    nearest = np.take_along_axis(theirs, away.argmin(axis=2), axis=1)
    counted = [_ngrams(ours, order) for order in range(1, _WORDS + 1)]
    return np.stack([ours, nearest, *matches, *counted], axis=2).astype(np.float64)


def chrf_statistics(
    segments: Sequence[tuple[Sequence[str], Sequence[str]]],
    words: Sequence[tuple[Sequence[Sequence[str]], Sequence[Sequence[str]]]] | None,
    longest: int,
) -> Table:
    """chrF's: by order the n-grams of the text, of its best reference, and the matching ones; characters, then words.

    Args:
        segments: Of each, its references, of which there is at least one, and its texts, of which every segment has
            the same number; without white space.
        words: The same as words; None when they don't count.
        longest: Words of the longest n-gram of words.
    """
    references, lengths = _lengths(segments)
    text = "".join(one for ours, theirs in segments for one in (*ours, *theirs))
    counts = _counts(_character_numbers(text), lengths, references, _CHARACTERS)
    if words is not None:
        symbols = _word_numbers(word for ours, theirs in words for one in (*ours, *theirs) for word in one)
        counts += _counts(symbols, _lengths(words)[1], references, longest)
    statistics: Table = np.stack(counts, axis=3).astype(np.float64)
    values = chrf_values(statistics.reshape(-1, statistics.shape[3])).reshape(statistics.shape[:3])
    values[_missing(segments, references).T] = -1
    best: Table = np.take_along_axis(statistics, values.argmax(axis=0)[None, :, :, None], axis=0)[0]
    return best


def _counts(symbols: Integers, lengths: Integers, references: int, longest: int) -> list[Integers]:
    """chrF's columns, each of shape (references, segments, systems)."""
    matches = matching_ngrams(symbols, lengths, references, longest, merged=False)
    columns = []
    for order, shared in enumerate(matches, 1):
        theirs = np.broadcast_to(_ngrams(lengths[:, :references], order).T[:, :, None], shared.shape)
        # Nothing counts where the reference has no n-gram of that order.
        ours = np.where(theirs > 0, _ngrams(lengths[:, references:], order), 0)
        columns += [ours, theirs, shared]
    return columns


def _ngrams(lengths: Integers, order: int) -> Integers:
    """How many n-grams of that order there are in texts of these lengths."""
    return np.maximum(lengths - (order - 1), 0)


def _lengths(segments: Sequence[tuple[Sequence[Sequence[str]], Sequence[Sequence[str]]]]) -> tuple[int, Integers]:
    """Most references of a segment; lengths of references and texts, as ``matching_ngrams`` takes them."""
    references = max(len(ours) for ours, _ in segments)
    rows = [[*map(len, ours), *[0] * (references - len(ours)), *map(len, theirs)] for ours, theirs in segments]
    return references, np.array(rows, dtype=np.int64)


def _missing(
    segments: Sequence[tuple[Sequence[Sequence[str]], Sequence[Sequence[str]]]], references: int
) -> npt.NDArray[np.bool_]:
    """Shape (segments, references): which segments have fewer references than that."""
    have = np.array([len(ours) for ours, _ in segments])
    return np.arange(references) >= have[:, None]


def _word_numbers(words: Iterable[str]) -> Integers:
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(word, len(numbers)) for word in words], dtype=np.int64)


def _character_numbers(text: str) -> Integers:
    """Numbered without gaps in the order of code points, so that n-grams of small alphabets fit into one integer."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    seen = np.zeros(int(codes.max(initial=0)) + 1, np.bool_)
    seen[codes] = True
    return (np.cumsum(seen) - 1)[codes]
