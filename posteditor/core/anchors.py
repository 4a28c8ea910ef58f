"""Aligning long sequences of words: words that occur once on both sides hold the rest in place."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence

Pairs = list[tuple[int, int]]
"""Index pairs of words that stay, rising on both sides."""


def anchored_pairs(
    old: Sequence[str],
    new: Sequence[str],
    align: Callable[[Sequence[str], Sequence[str]], Pairs],
    *,
    most_cells: int,
) -> Pairs:
    """Pairs of equal words; near the best for texts that are mostly the same, and never slow.

    The longest rising run of words that are unique on both sides splits the sequences, and so on in each gap, until a
    gap is small enough for ``align``. A large gap without such words has no pairs but at its ends.

    Args:
        align: Finds the best pairs of two sequences whose lengths multiply to at most ``most_cells``.
    """
    pairs: Pairs = []
    gaps = [(range(len(old)), range(len(new)))]
    while gaps:
        old_gap, new_gap = gaps.pop()
        old_gap, new_gap = _trimmed(old, new, old_gap, new_gap, pairs)
        if not old_gap or not new_gap:
            continue
        if len(old_gap) * len(new_gap) <= most_cells:
            found = align(old[old_gap.start : old_gap.stop], new[new_gap.start : new_gap.stop])
            pairs += [(old_gap.start + i, new_gap.start + j) for i, j in found]
        elif anchors := _anchors(old, new, old_gap, new_gap):
            pairs += anchors
            gaps += _between(anchors, old_gap, new_gap)
    return sorted(pairs)


def _trimmed(
    old: Sequence[str], new: Sequence[str], old_gap: range, new_gap: range, pairs: Pairs
) -> tuple[range, range]:
    """The gap without what is equal at its ends, which goes to ``pairs``."""
    size = min(len(old_gap), len(new_gap))
    head = 0
    while head < size and old[old_gap[head]] == new[new_gap[head]]:
        head += 1
    tail = 0
    while tail < size - head and old[old_gap[-1 - tail]] == new[new_gap[-1 - tail]]:
        tail += 1
    pairs += zip(old_gap[:head], new_gap[:head], strict=True)
    pairs += zip(old_gap[len(old_gap) - tail :], new_gap[len(new_gap) - tail :], strict=True)
    return old_gap[head : len(old_gap) - tail], new_gap[head : len(new_gap) - tail]


def _anchors(old: Sequence[str], new: Sequence[str], old_gap: range, new_gap: range) -> Pairs:
    """The longest rising run of pairs among the words that occur once in each gap."""
    old_counts = Counter(old[old_gap.start : old_gap.stop])
    new_counts = Counter(new[new_gap.start : new_gap.stop])
    places = {new[j]: j for j in new_gap if new_counts[new[j]] == 1}
    unique = [(i, places[old[i]]) for i in old_gap if old_counts[old[i]] == 1 and old[i] in places]
    return _longest_rising(unique)


def _longest_rising(pairs: Pairs) -> Pairs:
    """A longest part of ``pairs``, whose first numbers rise, in which the second ones rise too."""
    ends: list[int] = []  # of the best run of each length, its last second number
    last: list[int] = []  # and the index of that pair
    before: list[int] = []  # for each pair, the index of the one before it in its run
    for index, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        last[length : length + 1] = [index]
    run: Pairs = []
    index = last[-1] if last else -1
    while index >= 0:
        run.append(pairs[index])
        index = before[index]
    return run[::-1]


def _between(anchors: Pairs, old_gap: range, new_gap: range) -> list[tuple[range, range]]:
    starts = [(old_gap.start, new_gap.start), *((i + 1, j + 1) for i, j in anchors)]
    stops = [*anchors, (old_gap.stop, new_gap.stop)]
    return [
        (range(old_start, old_stop), range(new_start, new_stop))
        for (old_start, new_start), (old_stop, new_stop) in zip(starts, stops, strict=True)
    ]
