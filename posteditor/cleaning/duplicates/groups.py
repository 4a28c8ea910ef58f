"""Which members of a group are compared: from sorted keys to pairs of ordinals, in one pass."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Ordinals = NDArray[np.uint64]
OrdinalPairs = tuple[Ordinals, Ordinals]
"""Of the later ones, and of the earlier ones."""


class GroupPairs:
    """Pairs of members of the same group: each member with the first ``heads`` and the last ``tails`` before it.

    So a group of any size costs no more than ``heads + tails`` pairs a member; up to ``heads + tails + 1`` members, all
    are paired with all. Groups may be spread over any number of calls.
    """

    def __init__(self, heads: int, tails: int) -> None:
        self._heads, self._tails = heads, tails
        self.cut = 0
        """How many members were not paired with all before them."""
        self._open_keys = np.empty(0, np.uint64)
        self._open_members = np.empty(0, np.uint64)
        self._open_ranks = np.empty(0, np.int64)

    def add(self, keys: NDArray[np.uint64], members: Ordinals) -> Iterator[OrdinalPairs]:
        """Pairs of which the later member is one of these.

        Args:
            keys: Of the groups, ascending over all calls.
            members: Ascending within each group.
        """
        if not len(keys):
            return
        old = len(self._open_keys)
        keys, members = np.concatenate([self._open_keys, keys]), np.concatenate([self._open_members, members])
        keys, members = _without_lonely(keys, members, old)
        ranks, starts = self._places(keys, old)
        self._keep_open(keys, members, ranks, int(starts[-1]))
        chosen = np.flatnonzero(ranks[old:] > 0) + old
        self.cut += int(np.count_nonzero(ranks[chosen] > self._heads + self._tails))
        for back in range(1, self._tails + 1):
            later = chosen[ranks[chosen] >= back]
            if len(later):
                yield members[later], members[later - back]
        for head in range(self._heads):
            later = chosen[ranks[chosen] > head + self._tails]
            if len(later):
                yield members[later], members[starts[later] + head]

    def _places(self, keys: NDArray[np.uint64], old: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The rank of each row in its group, and the index at which the rows of its group start."""
        indexes = np.arange(len(keys))
        is_first = np.ones(len(keys), np.bool_)
        is_first[1:] = keys[1:] != keys[:-1]
        starts = np.maximum.accumulate(np.where(is_first, indexes, 0))
        ranks = indexes - starts
        if old:
            same = keys == self._open_keys[0]  # sorted: they are at the front
            ranks[same] += self._open_ranks[-1] + 1 - old
            ranks[:old] = self._open_ranks
        return ranks, starts

    def _keep_open(self, keys: NDArray[np.uint64], members: Ordinals, ranks: NDArray[np.int64], start: int) -> None:
        """Remember of the last group what its next members may be paired with."""
        in_group = ranks[start:]
        wanted = (in_group < self._heads) | (in_group > in_group[-1] - max(1, self._tails))
        kept = np.flatnonzero(wanted) + start
        self._open_keys, self._open_members, self._open_ranks = keys[kept], members[kept], ranks[kept]


def _without_lonely(keys: NDArray[np.uint64], members: Ordinals, old: int) -> tuple[NDArray[np.uint64], Ordinals]:
    """Without rows that have a key of their own, which most have; the last one and the ``old`` ones stay."""
    changes = keys[1:] != keys[:-1]
    keep = np.ones(len(keys), np.bool_)
    keep[1:-1] = ~(changes[:-1] & changes[1:])
    keep[0] = old > 0 or len(keys) == 1 or not changes[0]
    keep[:old] = True
    return keys[keep], members[keep]
