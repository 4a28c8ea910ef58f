"""Translation edit rate: the edits, block shifts included, that turn a text into a reference.

The search is greedy and full of limits that decide the number, so they are kept exactly: blocks of at most 10 words
moved at most 50 words, the best shift of each round, and at most 1000 shifts looked at, after which the round that
ran out counts for nothing. What is not kept is the cost: a round first lists its shifts (and stops at the limit
before a single distance is computed), then asks for a banded distance only where the plain Levenshtein distance,
which can never be larger, leaves a shift the chance to be the best.

Source: Snover et al. (2006), A Study of Translation Edit Rate with Targeted Human Annotation (AMTA); limits and ties
as in sacrebleu 2.6, metrics/lib_ter.py, which follows tercom.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

from rapidfuzz.distance import Levenshtein

from posteditor.scoring.banded import Alignment, BandedDistance, Cancelled, Row

MAX_SHIFT_SIZE = 10
"""Words in a block."""
MAX_SHIFT_DISTANCE = 50
"""Words between the place of a block in the text and in the reference."""
MAX_SHIFT_CANDIDATES = 1000
"""Shifts looked at over all rounds of one pair."""

_POLL_EVERY = 32  # words or shifts between two looks at should_stop: well under a millisecond
_FIRST_CODE = 0x10000  # one plane up: no surrogates, and every string of codes has the same width
_NO_MATCH_IN_TEXT = "\x00"
_NO_MATCH_IN_REFERENCE = "\x01"

# A shift: start of the block, its length, the index of the text before which it is put.
_Shift = tuple[int, int, int]


def never_stop() -> bool:
    """For callers who can wait."""
    return False


def edits_to(text: Sequence[str], reference: Sequence[str], should_stop: Callable[[], bool] = never_stop) -> int:
    """The number of edits (insertions, deletions, substitutions, block shifts) between two lists of words.

    Args:
        text: Words of the text, as the metric tokenizes them.
        reference: Words of the reference.
        should_stop: Polled at least every few milliseconds.

    Raises:
        Cancelled: ``should_stop`` returned True.
    """
    if not reference:
        return len(text)
    current, wanted = _encode(text, reference)
    distances = BandedDistance(wanted, len(current), should_stop)
    shifts = looked_at = 0
    while True:
        alignment, rows = distances.align(current)
        if not alignment.distance:
            return shifts
        candidates = _candidates(current, wanted, alignment, MAX_SHIFT_CANDIDATES - looked_at, should_stop)
        if candidates is None:
            return shifts + alignment.distance
        looked_at += candidates[1]
        best = _best_shift(current, wanted, candidates[0], (alignment.distance, rows), distances, should_stop)
        if best is None:
            return shifts + alignment.distance
        current = best
        shifts += 1


def _encode(text: Sequence[str], reference: Sequence[str]) -> tuple[str, str]:
    """Both lists as strings of one character per word; words that only one of them has share one, never a match."""
    shared = set(text).intersection(reference)
    codes = {word: chr(_FIRST_CODE + number) for number, word in enumerate(shared)}
    return (
        "".join(codes.get(word, _NO_MATCH_IN_TEXT) for word in text),
        "".join(codes.get(word, _NO_MATCH_IN_REFERENCE) for word in reference),
    )


def _candidates(
    text: str, reference: str, alignment: Alignment, limit: int, should_stop: Callable[[], bool]
) -> tuple[list[_Shift], int] | None:
    """The different shifts of one round and how many were looked at to find them; None when those reach ``limit``."""
    found: dict[_Shift, None] = {}
    looked_at = 0
    for start, at, length in _wrong_pairs(text, reference, alignment, should_stop):
        # The block goes before the first word of its match in the reference, or after any word inside it.
        previous = -1
        for target in range(at - 1, at + length):
            index = alignment.text_at[target] + 1 if target >= 0 else 0
            if index != previous:
                previous = index
                looked_at += 1
                found[(start, length, index)] = None
        if looked_at >= limit:
            return None
    return list(found), looked_at


def _wrong_pairs(
    text: str, reference: str, alignment: Alignment, should_stop: Callable[[], bool]
) -> Iterator[tuple[int, int, int]]:
    """Equal blocks ``(start in text, start in reference, length)`` that are wrong in both and not in place already."""
    text_errors = [0, *accumulate(alignment.text_wrong)]
    reference_errors = [0, *accumulate(alignment.reference_wrong)]
    places = _places(reference)
    for start, word in enumerate(text):
        if not start % _POLL_EVERY and should_stop():
            raise Cancelled
        reach = min(start + MAX_SHIFT_SIZE, len(text))
        if text_errors[reach] == text_errors[start]:
            continue
        for at in places.get(word, ()):
            if abs(at - start) > MAX_SHIFT_DISTANCE:
                continue
            here = alignment.text_at[at]
            for length in range(1, _run(text, reference, start, at) + 1):
                if start <= here < start + length:
                    break  # and so for every longer block
                if (
                    text_errors[start + length] > text_errors[start]
                    and reference_errors[at + length] > reference_errors[at]
                ):
                    yield start, at, length


def _places(reference: str) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for at, word in enumerate(reference):
        places.setdefault(word, []).append(at)
    return places


def _run(text: str, reference: str, start: int, at: int) -> int:
    """Length of the equal block that starts at the two places, at most the largest one that may be shifted."""
    longest = min(MAX_SHIFT_SIZE, len(text) - start, len(reference) - at)
    length = 1
    while length < longest and text[start + length] == reference[at + length]:
        length += 1
    return length


def _best_shift(
    text: str,
    reference: str,
    candidates: list[_Shift],
    before: tuple[int, list[Row]],
    distances: BandedDistance,
    should_stop: Callable[[], bool],
) -> str | None:
    """The text after the best shift; None when no shift brings it nearer to the reference.

    Best is the largest gain, then the longest block, then the earliest block, then the earliest place. Shifts are tried
    in the order of the gain that they can have at most, and the search ends when none of the rest can win.
    """
    distance, rows = before
    hopeful: list[tuple[int, int, int, int, str]] = []
    for number, (start, length, index) in enumerate(candidates):
        if not number % _POLL_EVERY and should_stop():
            raise Cancelled
        shifted = _shifted(text, start, length, index)
        least = Levenshtein.distance(shifted, reference, score_cutoff=distance - 1)
        if least < distance:
            hopeful.append((least, -length, start, index, shifted))
    hopeful.sort()
    best: tuple[int, int, int, int, str] | None = None
    for number, candidate in enumerate(hopeful):
        if best is not None and candidate >= best:
            break
        if not number % _POLL_EVERY and should_stop():
            raise Cancelled
        _, length, start, index, shifted = candidate
        exact = distances.distance(shifted, rows, min(start, index))
        if exact < distance and (best is None or (exact, *candidate[1:]) < best):
            best = (exact, length, start, index, shifted)
    return None if best is None else best[-1]


def _shifted(text: str, start: int, length: int, index: int) -> str:
    """The text with a block moved; an index inside the block moves it on by that much, as in tercom."""
    end = start + length
    block = text[start:end]
    if index < start:
        return text[:index] + block + text[index:start] + text[end:]
    if index > end:
        return text[:start] + text[end:index] + block + text[index:]
    return text[:start] + text[end : length + index] + block + text[length + index :]
