"""Which split each pair belongs to.

Pairs whose sources or whose targets are the same or near duplicates belong together, and so do those that are joined by
a chain of such pairs: all of such a cluster go to one split. Which one is decided by a hash of the least key in the
cluster, where the key of a pair is a hash of its texts. So a pair keeps its split when the order of the corpus changes,
and when pairs are added that resemble nothing in its cluster. A new pair can move it in three ways only: it joins the
cluster with a smaller key than any that is there, it makes one cluster of two, or it makes the cluster a large one.

Near duplicates are found as ``duplicates`` finds them: with the probability that the settings decide on, for those that
have no band in common are missed, and can leak. Where boilerplate makes more than 17 share a band, the order decides
which of them are compared, and so, if no other band joins them, which are found.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from posteditor.cleaning.duplicates.added_pairs import AddedPairs
from posteditor.cleaning.duplicates.bits import Bits
from posteditor.cleaning.duplicates.mixing import mixed
from posteditor.cleaning.duplicates.settings import DuplicateSettings
from posteditor.cleaning.duplicates.view_index import ViewIndex
from posteditor.cleaning.splitting.clusters import Clusters
from posteditor.errors import UsageError

SPLIT_SETTINGS = DuplicateSettings(on="either")
"""Source or target alike: what a system has seen of either side makes a test easier."""
LARGE_CLUSTER = 100


@dataclass
class SplitReport:
    """What came out."""

    asked: Mapping[str, float]
    """The share of each split, 0-1."""
    pairs: dict[str, int] = field(default_factory=dict)
    """Pairs in each split."""
    clusters: int = 0
    """Clusters of one pair or more."""
    largest: int = 0
    """Pairs in the largest cluster."""
    in_large: int = 0
    """Pairs in clusters so large that they went to the largest split whatever their hash."""

    def share(self, name: str) -> float:
        """What a split really got, 0-1; 0 when there are no pairs."""
        return self.pairs.get(name, 0) / max(1, sum(self.pairs.values()))


class SplitAssigner:
    """Takes all pairs, then tells the split of each.

    Args:
        folder: For temporary files, some 500 bytes a pair with the usual settings; they are removed on leaving the
            ``with`` block, whatever happens.
        shares: The name of each split and its share, 0-1; together 1.
        memory: Bytes for work, 16 MiB or more; an eighth of a byte a pair comes on top.
        seed: Another one gives other splits.
        large_cluster: Clusters of more pairs go to the split with the largest share: else one boilerplate text could
            fill the test set.

    Attributes:
        report: Complete after ``finish`` was read to its end.

    Raises:
        UsageError: The shares make no sense, the folder can't be written to, or the memory is too little.
    """

    def __init__(
        self,
        folder: Path,
        shares: Mapping[str, float],
        *,
        memory: int,
        settings: DuplicateSettings = SPLIT_SETTINGS,
        seed: int = 1,
        large_cluster: int = LARGE_CLUSTER,
    ) -> None:
        _check(shares)
        self._names = list(shares)
        self._shares = shares
        self._seed = seed
        self._large_cluster = large_cluster
        self.report = SplitReport(dict(shares), dict.fromkeys(shares, 0))
        self._settings = settings
        self._memory = memory
        self._pairs = AddedPairs(folder, "splits", settings, memory)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give memory and disk back."""
        self._pairs.close()

    def add_batch(self, positions: Sequence[int], sources: Sequence[str | None], targets: Sequence[str | None]) -> None:
        """Take pairs by their texts.

        Args:
            positions: Ascending, also from call to call.

        Raises:
            UsageError: The disk is full or fails, or a library is not installed.
            ValueError: Positions do not ascend.
        """
        self._pairs.add_batch(positions, sources, targets)

    def add_fingerprints(self, positions: Sequence[int], fingerprints: Sequence[bytes]) -> None:
        """Take pairs by what ``fingerprints`` made of them with the same ``settings.identity()``.

        Args:
            positions: Ascending, also from call to call.

        Raises:
            UsageError: The disk is full or fails.
            ValueError: Positions do not ascend, or a fingerprint was made with other settings.
        """
        self._pairs.add_fingerprints(positions, fingerprints)

    def finish(self) -> Iterator[tuple[int, str]]:
        """The position and the split of each pair, ascending by position; once, after all were added.

        Raises:
            UsageError: The disk is full or fails.
        """
        self._pairs.flush()
        if not len(self._pairs):
            return
        with closing(Clusters(self._pairs.folder, len(self._pairs), self._memory)) as clusters:
            for view in self._pairs.views:
                self._join_alike(clusters, view)
            clusters.measure(self._pairs.keys)
            for start, least, sizes, are_roots in clusters.blocks():
                splits = self._splits(least, sizes)
                self._count(splits, sizes, are_roots)
                positions = self._pairs.positions.stretch(start, len(splits))[:, 0]
                for position, split in zip(positions.tolist(), splits.tolist(), strict=True):
                    yield position, self._names[split]

    def _join_alike(self, clusters: Clusters, view: ViewIndex) -> None:
        aside = Bits(len(self._pairs))
        for later, first in view.copies():
            aside.set(later)
            clusters.join(first, later)
        if self._settings.near is None:
            return
        for later, earlier in view.candidates(aside):
            alike = view.matches(later, earlier) >= self._settings.matches_needed
            clusters.join(earlier[alike], later[alike])

    def _splits(self, least: NDArray[np.uint64], sizes: NDArray[np.uint32]) -> NDArray[np.int64]:
        """The number of the split of each pair, by the least key and the size of its cluster."""
        seed = mixed(np.array([self._seed & (2**64 - 1)], np.uint64) + np.uint64(0x9E3779B97F4A7C15))
        parts = mixed(least ^ seed) >> np.uint64(11)  # 53 bits: what a float holds exactly
        limits = np.cumsum(list(self._shares.values()))[:-1] * 2.0**53
        splits = np.searchsorted(limits, parts.astype(np.float64), side="right")
        splits[sizes > self._large_cluster] = int(np.argmax(list(self._shares.values())))
        return splits

    def _count(self, splits: NDArray[np.int64], sizes: NDArray[np.uint32], are_roots: NDArray[np.bool_]) -> None:
        report = self.report
        for name, count in zip(self._names, np.bincount(splits, minlength=len(self._names)).tolist(), strict=True):
            report.pairs[name] += count
        report.clusters += int(np.count_nonzero(are_roots))
        report.largest = max(report.largest, int(sizes.max()))
        report.in_large += int(np.count_nonzero(sizes > self._large_cluster))


def _check(shares: Mapping[str, float]) -> None:
    for name, share in shares.items():
        if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
            raise UsageError(f"a split can't be called {name[:60]!r}", hint="use letters, digits, - and _")
        if not 0 < share <= 1:
            raise UsageError(f"the share of {name} is {share:g}", hint="shares lie between 0 and 1")
    total = sum(shares.values())
    if abs(total - 1) > 1e-6:
        raise UsageError(f"the shares of the splits add up to {total:g}", hint="they have to add up to 1")
