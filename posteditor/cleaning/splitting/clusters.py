"""Clusters of pairs that are joined by any chain of resemblances: a union-find on the disk."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posteditor.cleaning.duplicates.flat_file import FlatFile
from posteditor.cleaning.duplicates.groups import Ordinals
from posteditor.cleaning.splitting.mapped_array import MappedArray

_LEAST_BLOCK, _MOST_BLOCK = 1024, 1 << 15
_TOUCHED = 1 << 16
"""Bytes of a mapped file that the system takes into memory around one that is used."""


class Clusters:
    """Each ordinal is a cluster of its own until it is joined with others.

    Args:
        folder: For temporary files, 16 bytes an ordinal.
        count: Ordinals are 0 to ``count`` - 1; at least one.
        memory: Bytes to work with.
    """

    def __init__(self, folder: Path, count: int, memory: int) -> None:
        self._count = count
        self._block = max(_LEAST_BLOCK, min(_MOST_BLOCK, memory // _TOUCHED // 2))
        with ExitStack() as stack:
            self._parents = stack.enter_context(closing(MappedArray(folder / "parents", np.uint32, count)))
            for start in range(0, count, _MOST_BLOCK):
                self._parents.fill(np.arange(start, min(start + _MOST_BLOCK, count), dtype=np.uint32))
            self._least = stack.enter_context(closing(MappedArray(folder / "least-keys", np.uint64, count)))
            self._sizes = stack.enter_context(closing(MappedArray(folder / "sizes", np.uint32, count)))
            self._closing = stack.pop_all()

    def join(self, ones: Ordinals, others: Ordinals) -> None:
        """Put the clusters of each couple together; the smallest ordinal of a cluster is its root."""
        for start in range(0, len(ones), self._block):
            end = start + self._block
            with self._parents.view() as data, data.cast("I") as parents:
                _join(parents, ones[start:end].tolist(), others[start:end].tolist())
            self._parents.let_go()

    def measure(self, keys: FlatFile) -> None:
        """Find the size of each cluster and the least of the keys (first column) in it; after all was joined.

        Raises:
            UsageError: The disk is full or fails.
        """
        for _, block in keys.blocks(_MOST_BLOCK):
            self._least.fill(block[:, 0])
        self._sizes.fill_rest(0)
        for start in range(0, self._count, self._block):
            self._measure_block(start, min(start + self._block, self._count), keys)
            self._let_go()

    def _measure_block(self, start: int, end: int, keys: FlatFile) -> None:
        parents, sizes, least = self._parents.array(), self._sizes.array(), self._least.array()
        # Parents come before their children, so that those of earlier blocks are roots by now.
        block = parents[start:end].copy()
        while not np.array_equal(above := parents[block], block):
            block = above
        parents[start:end] = block
        roots, counts = np.unique(block, return_counts=True)
        sizes[roots] += counts.astype(np.uint32)
        np.minimum.at(least, block, keys.stretch(start, end - start)[:, 0])

    def blocks(self) -> Iterator[tuple[int, NDArray[np.uint64], NDArray[np.uint32], NDArray[np.bool_]]]:
        """In order: where a block starts; for each ordinal its cluster's least key and size, and if it is its root."""
        for start in range(0, self._count, self._block):
            roots = self._parents.array()[start : start + self._block].copy()
            least, sizes = self._least.array()[roots], self._sizes.array()[roots]
            self._let_go()
            yield start, least, sizes, roots == np.arange(start, start + len(roots))

    def _let_go(self) -> None:
        for mapped in (self._parents, self._sizes, self._least):
            mapped.let_go()

    def close(self) -> None:
        """Give memory and disk back."""
        self._closing.close()


def _join(parents: memoryview, ones: list[int], others: list[int]) -> None:
    for one, other in zip(ones, others, strict=True):
        low, high = one, other
        while parents[low] != low:
            parents[low] = parents[parents[low]]
            low = parents[low]
        while parents[high] != high:
            parents[high] = parents[parents[high]]
            high = parents[high]
        if low > high:
            low, high = high, low
        parents[high] = low
