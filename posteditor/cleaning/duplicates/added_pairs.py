"""Fingerprints of pairs as they come in, in temporary files: what finding duplicates and making splits start from."""

from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posteditor.cleaning.duplicates.disk import make_folder, remove_folder
from posteditor.cleaning.duplicates.fingerprints import KEY_LENGTH, fingerprint_length, fingerprint_rows, view_start
from posteditor.cleaning.duplicates.flat_file import FlatFile
from posteditor.cleaning.duplicates.settings import DuplicateSettings
from posteditor.cleaning.duplicates.view_index import ViewIndex
from posteditor.errors import UsageError

LEAST_MEMORY = 16 << 20
MOST_PAIRS = 1 << 32
"""Ordinals have 32 bits."""


class AddedPairs:
    """Positions, keys and views of all pairs, in a folder of their own that is removed at the end.

    Args:
        folder: Where that folder is made.
        memory: Bytes to work with, besides an eighth of a byte a pair or two.

    Raises:
        UsageError: The folder can't be made, or the memory is too little to work with.
    """

    def __init__(self, folder: Path, prefix: str, settings: DuplicateSettings, memory: int) -> None:
        if memory < LEAST_MEMORY:
            raise UsageError(
                f"{memory:,} bytes of memory are too few to find duplicates", hint=f"give {LEAST_MEMORY >> 20}M or more"
            )
        self._settings = settings
        self._last = -1
        with ExitStack() as stack:
            self.folder = make_folder(folder, prefix)
            """For more temporary files."""
            stack.callback(remove_folder, self.folder)
            self.positions = stack.enter_context(closing(FlatFile(self.folder / "positions", np.int64)))
            self.keys = stack.enter_context(closing(FlatFile(self.folder / "keys", np.uint64, KEY_LENGTH // 8)))
            self.views = [
                stack.enter_context(closing(ViewIndex(self.folder, f"view-{number}", settings, memory)))
                for number in range(settings.views)
            ]
            self._closing = stack.pop_all()

    def __len__(self) -> int:
        return self.positions.rows

    def add_batch(self, positions: Sequence[int], sources: Sequence[str | None], targets: Sequence[str | None]) -> None:
        """Take pairs by their texts; see ``fingerprints``."""
        self._add(positions, fingerprint_rows(sources, targets, self._settings))

    def add_fingerprints(self, positions: Sequence[int], fingerprints: Sequence[bytes]) -> None:
        """Take pairs by their fingerprints.

        Raises:
            UsageError: The disk is full or fails.
            ValueError: Positions do not ascend, or a fingerprint was made with other settings.
        """
        width = fingerprint_length(self._settings)
        if any(len(fingerprint) != width for fingerprint in fingerprints):
            raise ValueError(f"a fingerprint has not {width} bytes: it was made with other settings")
        self._add(positions, np.frombuffer(b"".join(fingerprints), np.uint8).reshape(-1, width))

    def _add(self, positions: Sequence[int], rows: NDArray[np.uint8]) -> None:
        places = np.asarray(positions, np.int64)
        if len(places) != len(rows):
            raise ValueError(f"{len(places)} positions for {len(rows)} pairs")
        if not len(places):
            return
        if places[0] <= self._last or (np.diff(places) <= 0).any():
            raise ValueError("positions have to ascend")
        if len(self) + len(rows) > MOST_PAIRS:
            raise UsageError(f"more than {MOST_PAIRS:,} pairs", hint="clean the corpus in parts")
        self._last = int(places[-1])
        self.positions.append(places)
        self.keys.append(np.ascontiguousarray(rows[:, :KEY_LENGTH]).view("<u8"))
        for number, view in enumerate(self.views):
            start = view_start(number, self._settings)
            view.add(rows[:, start : start + view_start(1, self._settings) - KEY_LENGTH])

    def flush(self) -> None:
        """Make what was added readable.

        Raises:
            UsageError: The disk is full or fails.
        """
        self.positions.flush()
        self.keys.flush()
        for view in self.views:
            view.flush()

    def close(self) -> None:
        """Give memory and disk back."""
        self._closing.close()
