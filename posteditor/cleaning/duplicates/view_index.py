"""What is kept on the disk of one text of each pair, and who resembles whom by it.

Ordinals count pairs from 0 in the order in which they were added.
"""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posteditor.cleaning.duplicates.bits import Bits
from posteditor.cleaning.duplicates.fingerprints import TEXT_KEY_LENGTH
from posteditor.cleaning.duplicates.flat_file import FlatFile
from posteditor.cleaning.duplicates.groups import GroupPairs, OrdinalPairs
from posteditor.cleaning.duplicates.mixing import hashed_rows
from posteditor.cleaning.duplicates.settings import DuplicateSettings
from posteditor.cleaning.duplicates.sorted_runs import SortedRuns

HEADS = TAILS = 8
"""With how many of the first and of the last members before it a member of a band is compared. A band that more share
comes from boilerplate; pairs that resemble each other beyond it have other bands in common."""
_LOW = np.uint64(0xFFFF_FFFF)
_HIGH = np.uint64(32)


class ViewIndex:
    """Keys, signatures and bands of one text of each pair.

    Args:
        folder: For temporary files.
        name: Sets its files apart from those of other views.
        memory: Bytes to work with.
    """

    def __init__(self, folder: Path, name: str, settings: DuplicateSettings, memory: int) -> None:
        self._folder, self._name, self._memory = folder, name, memory
        self._settings = settings
        self.cut = 0
        """How many times a pair was not compared with all that have a band in common with it."""
        with ExitStack() as stack:
            self._wholes = stack.enter_context(closing(FlatFile(folder / f"{name}-wholes", np.uint64)))
            self._signatures = stack.enter_context(
                closing(FlatFile(folder / f"{name}-signatures", np.uint8, max(1, settings.signature_length)))
            )
            self._bands = [
                stack.enter_context(closing(FlatFile(folder / f"{name}-band-{number}", np.uint32)))
                for number in range(settings.band_count)
            ]
            self._closing = stack.pop_all()

    def add(self, rows: NDArray[np.uint8]) -> None:
        """Take the part of some fingerprints that belongs to this view.

        Raises:
            UsageError: The disk is full or fails.
        """
        text_keys = np.ascontiguousarray(rows[:, :TEXT_KEY_LENGTH]).view("<u8")[:, 0].astype(np.uint64)
        if self._settings.near is None:
            self._wholes.append(text_keys)
            return
        signatures = rows[:, TEXT_KEY_LENGTH:]
        # An empty set of shingles resembles nothing: such texts are the same if their keys are.
        with_shingles = signatures.any(axis=1)
        self._wholes.append(np.where(with_shingles, np.maximum(hashed_rows(signatures), np.uint64(1)), text_keys))
        self._signatures.append(signatures)
        length = self._settings.band_rows
        for number, file in enumerate(self._bands):
            hashes = hashed_rows(signatures[:, number * length : (number + 1) * length]) >> _HIGH
            file.append(np.where(with_shingles, np.maximum(hashes, np.uint64(1)), np.uint64(0)))

    def flush(self) -> None:
        """Make what was added readable.

        Raises:
            UsageError: The disk is full or fails.
        """
        for file in (self._wholes, self._signatures, *self._bands):
            file.flush()

    def copies(self) -> Iterator[OrdinalPairs]:
        """Each one whose signature an earlier one has as well, with the first such one.

        Where there are no shingles, the text counts; a text key of zero is like no other.

        Raises:
            UsageError: The disk is full or fails.
        """
        pairs = GroupPairs(heads=1, tails=0)
        with closing(SortedRuns(self._folder / f"{self._name}-wholes-sorted", 2, self._memory * 2 // 3)) as runs:
            for start, block in self._wholes.blocks(self._block_rows(64)):
                keys = block[:, 0]
                ordinals = np.arange(start, start + len(block), dtype=np.uint64)
                known = keys != 0
                runs.add(np.stack([keys[known], ordinals[known]], axis=1))
            for rows in runs.merged():
                yield from pairs.add(rows[:, 0], rows[:, 1])

    def candidates(self, aside: Bits) -> Iterator[OrdinalPairs]:
        """Those that have a band in common, each couple once, ascending by the later one, then by the earlier one.

        Args:
            aside: Ordinals that are left out.

        Raises:
            UsageError: The disk is full or fails.
        """
        with closing(SortedRuns(self._folder / f"{self._name}-couples", 1, self._memory // 3)) as couples:
            for number, band in enumerate(self._bands):
                for later, earlier in self._band_couples(number, band, aside):
                    couples.add((later << _HIGH) | earlier)
            before = np.empty(0, np.uint64)
            for rows in couples.merged():
                joined = np.concatenate([before, rows[:, 0]])
                once = joined[1:][joined[1:] != joined[:-1]] if len(before) else np.unique(joined)
                before = joined[-1:]
                if len(once):
                    yield once >> _HIGH, once & _LOW

    def _band_couples(self, number: int, band: FlatFile, aside: Bits) -> Iterator[OrdinalPairs]:
        pairs = GroupPairs(HEADS, TAILS)
        with closing(SortedRuns(self._folder / f"{self._name}-sorted-{number}", 1, self._memory // 3)) as runs:
            for start, block in band.blocks(self._block_rows(64)):
                hashes = block[:, 0].astype(np.uint64)
                ordinals = np.arange(start, start + len(block), dtype=np.uint64)
                wanted = (hashes != 0) & ~aside.stretch(start, len(block))
                runs.add(((hashes << _HIGH) | ordinals)[wanted])
            for rows in runs.merged():
                yield from pairs.add(rows[:, 0] >> _HIGH, rows[:, 0] & _LOW)
        self.cut += pairs.cut

    def matches(self, ones: NDArray[np.uint64], others: NDArray[np.uint64]) -> NDArray[np.int64]:
        """How many values the signatures of each couple have in common; all of them have shingles.

        Raises:
            UsageError: The disk fails.
        """
        found = np.empty(len(ones), np.int64)
        step = self._block_rows(3 * self._settings.signature_length + 32)
        for start in range(0, len(ones), step):
            end = start + step
            same = self._signatures.at(ones[start:end]) == self._signatures.at(others[start:end])
            found[start:end] = np.count_nonzero(same, axis=1)
        return found

    def _block_rows(self, width: int) -> int:
        """How many rows to work on at once when each takes so many bytes."""
        return max(1024, min(1 << 18, self._memory // 8 // width))

    def close(self) -> None:
        """Give memory and disk back."""
        self._closing.close()
