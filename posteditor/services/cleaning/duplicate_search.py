"""Finding the pairs that repeat earlier ones, among those that all rules keep."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from posteditor.services.cleaning.work_folder import WorkFolder
from posteditor.services.line_journal import unwritable


def find_duplicates(folder: WorkFolder, settings: Any, memory: int, on_progress: Callable[[int], None]) -> None:
    """Write what repeats into the work folder; every time from the fingerprints in it.

    Args:
        folder: With all batches decided on.
        settings: ``DuplicateSettings``.
        memory: Bytes that may be taken; the rest goes to the disk.
        on_progress: Told how many pairs have been looked at.

    Raises:
        UsageError: The disk is full.
    """
    from posteditor.cleaning.duplicates.finder import DuplicateFinder
    from posteditor.cleaning.duplicates.fingerprints import fingerprint_length

    length = fingerprint_length(settings)
    with DuplicateFinder(folder.path / "runs", settings, memory) as finder:
        for found, data in folder.fingerprints():
            cut = [data[start : start + length] for start in range(0, len(data), length)]
            finder.add_fingerprints(list(found.kept()), cut)
            on_progress(found.first + found.outcome.pairs - 1)
        _write(folder.duplicates, finder)


def _write(path: Path, finder: Any) -> None:
    try:
        with path.open("w", encoding="ascii") as lines:
            for found in finder.finish():
                lines.write(f"{found.position} {found.first} {found.kind} {found.similarity!r}\n")
            lines.flush()
            os.fsync(lines.fileno())
    except OSError as error:
        raise unwritable(path, error) from error
