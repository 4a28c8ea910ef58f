"""The edit distance that TER is defined on: banded around the diagonal, with the alignment that its ties decide.

sacrebleu fills, for every row, only the cells near a pseudo-diagonal and treats all others as infinitely far. Inside
the band neighbouring cells still differ by at most one, so a row fits in two integers of differences and is advanced
by a few integer operations (Hyyrö's form of Myers' algorithm), with the borders of the band written into those
integers.

Source: Myers (1999), A fast bit-vector algorithm for approximate string matching; Hyyrö (2003), A bit-vector
algorithm for computing Levenshtein and Damerau edit distances; the band itself: sacrebleu 2.6, metrics/lib_ter.py.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

BEAM_WIDTH = 25
"""Cells on either side of the pseudo-diagonal, as in tercom."""

_POLL_EVERY = 512  # rows between two looks at should_stop: well under a millisecond

# A row of the matrix inside its band. Bit b of the integers stands for the column ``base + b``, base being the first
# column of the band (or 1):
#   steps up from the left neighbour, steps down from it, value of the first column of the band,
#   cells equal to their upper left one, cells one more than their upper one.
Row = tuple[int, int, int, int, int]


class Cancelled(Exception):  # noqa: N818 -- an answer, not an error
    """The caller's ``should_stop`` said yes; there is no result."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """How the words of a text lie on those of its reference."""

    distance: int
    text_wrong: tuple[bool, ...]
    """Per word of the text: inserted or substituted."""
    reference_wrong: tuple[bool, ...]
    """Per word of the reference: missing or substituted."""
    text_at: tuple[int, ...]
    """Per word of the reference: index of the last word of the text on or before it, -1 when there is none."""


class BandedDistance:
    """Distances of texts of one fixed length to one fixed reference.

    Words are given as characters of a string, one character per distinct word.
    """

    def __init__(self, reference: str, text_length: int, should_stop: Callable[[], bool]) -> None:
        self._width = len(reference)
        self._rows = text_length
        self._should_stop = should_stop
        self._matches = _match_masks(reference)
        self._low, self._high = _band(text_length, len(reference))
        self._first: Row = ((1 << self._width) - 1, 0, 0, 0, 0)

    def distance(self, text: str, known: list[Row], prefix: int) -> int:
        """The distance of ``text``, whose first ``prefix`` words are those that gave the rows in ``known``."""
        row = known[prefix]
        for i in range(prefix + 1, self._rows + 1):
            if not i % _POLL_EVERY:
                self._poll()
            row = self._advance(row, i, text[i - 1])
        return self._value_at_end(row)

    def align(self, text: str) -> tuple[Alignment, list[Row]]:
        """The alignment of ``text`` and its rows, index 0 being the row before the first word."""
        rows = [self._first]
        for i, word in enumerate(text, 1):
            if not i % _POLL_EVERY:
                self._poll()
            rows.append(self._advance(rows[-1], i, word))
        return self._trace(text, rows), rows

    def _poll(self) -> None:
        if self._should_stop():
            raise Cancelled

    def _advance(self, above: Row, i: int, word: str) -> Row:
        """Row ``i`` from the one above it."""
        low, high = self._low[i], self._high[i]
        low_above, high_above = self._low[i - 1], self._high[i - 1]
        base = low or 1
        columns = (1 << (high - base)) - 1
        plus, minus, anchor = above[:3]
        equal = self._matches.get(word, 0) >> (base - 1) & columns
        if low > low_above:
            # Read the row above from this row's first column on: its value there is the sum of the steps skipped.
            first = low_above + 1 - (low_above or 1)  # the step that leads away from the anchor
            skipped = (1 << (low - low_above)) - 1
            beyond = max(0, low + 1 - high_above)  # columns out of its band count as rising
            anchor += (plus >> first & skipped).bit_count() - (minus >> first & skipped).bit_count() + beyond
            plus >>= base - (low_above or 1)
            minus >>= base - (low_above or 1)
        elif low:
            # No cell to the upper left of the first column: only the one above it counts.
            plus &= ~1
            minus |= 1
            equal &= ~1
        if high > high_above:
            # What lies above and beyond the band is infinite: rising steps keep it from being chosen, and no match
            # may start from it.
            seen = (1 << max(0, high_above - base)) - 1
            plus = plus & seen | columns & ~seen
            minus &= seen
            equal &= seen << 1 | 1
        else:
            plus &= columns
            minus &= columns
        zero = ((((equal & plus) + plus) ^ plus) | equal | minus) & columns
        grow = minus | columns & ~(zero | plus)
        shrink = zero & plus
        anchor += 1 if not low or grow & 1 else -(shrink & 1)
        grow_left = grow << 1 | 1
        return (shrink << 1 | ~(zero | grow_left)) & columns, grow_left & zero, anchor, zero, grow

    def _value_at_end(self, row: Row) -> int:
        """The value in the last column of the last row."""
        skip = 1 if self._low[self._rows] else 0  # with a cut band, bit 0 is the step to the anchor itself
        return row[2] + (row[0] >> skip).bit_count() - (row[1] >> skip).bit_count()

    def _trace(self, text: str, rows: list[Row]) -> Alignment:
        """Walk back from the end; ties go to match or substitution, then to a word too many, then to a missing one."""
        i, j = self._rows, self._width
        text_wrong = [True] * i
        reference_wrong = [True] * j
        text_at = [-1] * j
        while i and j:
            low_above, high_above = self._low[i - 1], self._high[i - 1]
            bit = j - (self._low[i] or 1)
            diagonal = low_above <= j - 1 < high_above
            matches = self._matches.get(text[i - 1], 0) >> (j - 1) & 1
            if diagonal and (matches or not rows[i][3] >> bit & 1):
                i, j = i - 1, j - 1
                text_at[j] = i
                text_wrong[i] = reference_wrong[j] = not matches
            elif low_above <= j < high_above and rows[i][4] >> bit & 1:
                i -= 1
            else:
                j -= 1
                text_at[j] = i - 1
        return Alignment(self._value_at_end(rows[-1]), tuple(text_wrong), tuple(reference_wrong), tuple(text_at))


def _match_masks(reference: str) -> dict[str, int]:
    masks: dict[str, int] = {}
    for j, word in enumerate(reference):
        masks[word] = masks.get(word, 0) | 1 << j
    return masks


def _band(rows: int, width: int) -> tuple[list[int], list[int]]:
    """First column and column after the last of every row's band, columns counted from 0 to ``width``."""
    ratio = width / rows if rows else 1.0
    beam = math.ceil(ratio / 2 + BEAM_WIDTH) if ratio / 2 > BEAM_WIDTH else BEAM_WIDTH
    low, high = [0], [width + 1]
    for i in range(1, rows + 1):
        diagonal = math.floor(i * ratio)
        low.append(max(0, diagonal - beam))
        high.append(min(width + 1, diagonal + beam))
    if rows:
        high[rows] = width + 1
    return low, high
