"""How many n-grams texts share with their references, counted for many segments at once by sorting.

Every n-gram becomes one integer that begins with its segment and ends with the text it stands in. In the sorted
integers equal n-grams of a segment lie side by side, so that counts are lengths of runs, and n-grams never become
objects. This knows neither words nor characters: a text is a row of symbols.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]

_BITS = 62  # of an integer that is used


def matching_ngrams(symbols: Integers, lengths: Integers, references: int, longest: int, *, merged: bool) -> Integers:
    """The matching n-grams of every text with every reference of its segment, each as often as it is in both.

    Args:
        symbols: Those of all texts, one after the other: integers from 0 to less than their number.
        lengths: Symbols of each text, shape (segments, references + systems), in the order of ``symbols``: the
            references of a segment come first, and have length 0 where it has fewer.
        references: Most references of a segment.
        longest: The n-grams counted are those of 1 to so many symbols.
        merged: Count against all references of a segment as if they were one that has each n-gram as often as the
            reference that has it most.

    Returns:
        Shape (longest, references, segments, systems), with 1 in place of the references when they are merged.
    """
    segments, slots = lengths.shape
    systems = slots - references
    slot_bits = slots.bit_length()
    key_bits = _BITS - slot_bits - segments.bit_length()
    ends = np.cumsum(lengths)
    text = np.repeat(np.arange(lengths.size), lengths.ravel())
    left = ends[text] - np.arange(len(symbols))  # symbols from here to the end of the text
    frame = (text // slots << (key_bits + slot_bits)) + text % slots
    alphabet = int(symbols.max(initial=0)) + 1
    matches = np.zeros((longest, 1 if merged else references, segments, systems), np.int64)
    at, keys, distinct = np.arange(len(symbols)), np.zeros(len(symbols), np.int64), 1
    for order in range(1, longest + 1):
        whole = left[at] >= order
        at, keys = at[whole], keys[whole]
        if distinct * alphabet > 1 << _BITS:
            distinct, keys = _renumbered(keys)
        distinct, keys = distinct * alphabet, keys * alphabet + symbols[at + (order - 1)]
        if distinct > 1 << key_bits:
            distinct, keys = _renumbered(keys)
        found, counts = _runs(frame[at] + (keys << slot_bits))
        slot = found & ((1 << slot_bits) - 1)
        _, sizes = _runs(found >> slot_bits, is_sorted=True)
        ngram = np.repeat(np.arange(len(sizes)), sizes)
        ours = slot >= references
        cell = (found[ours] >> (key_bits + slot_bits)) * systems + slot[ours] - references
        wanted = np.zeros((1 if merged else references, len(sizes)), np.int64)
        for number in range(references):
            theirs = slot == number
            row = wanted[0 if merged else number]
            row[ngram[theirs]] = np.maximum(row[ngram[theirs]], counts[theirs])
        for number, row in enumerate(wanted):
            shared = np.minimum(counts[ours], row[ngram[ours]])
            sums: npt.NDArray[Any] = np.bincount(cell, shared, segments * systems)
            matches[order - 1, number] = sums.reshape(segments, systems)
    return matches


def _renumbered(keys: Integers) -> tuple[int, Integers]:
    """How many different ones there are, and the keys as numbers below that."""
    known, numbers = np.unique(keys, return_inverse=True)
    return len(known), numbers


def _runs(numbers: Integers, *, is_sorted: bool = False) -> tuple[Integers, Integers]:
    """The different numbers in rising order, and how often each comes."""
    if not is_sorted:
        numbers.sort()
    changes = np.flatnonzero(numbers[1:] != numbers[:-1]) + 1
    bounds = np.concatenate([[0], changes, [len(numbers)]]) if len(numbers) else np.zeros(1, np.int64)
    return numbers[bounds[:-1]], np.diff(bounds)
