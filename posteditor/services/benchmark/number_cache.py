"""The numbers of a cell once they have been read: kept beside its journal, so that it opens at once the next time."""

import io
import zipfile
from array import array
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from posteditor.errors import UsageError
from posteditor.formats.atomic import atomic_output
from posteditor.scoring.intervals import StatisticsTable
from posteditor.services.benchmark.cell_numbers import CellNumbers, read_numbers

_VERSION = 1
_SUFFIX = ".numbers.npz"
_ARRAYS = ("positions", "texts", "words", "lines", "firsts")


def quick_numbers(
    path: Path, width: int, place: int, *, on_progress: Callable[[int], None] = lambda count: None
) -> CellNumbers:
    """The numbers of a cell for one metric: those kept, or read from the journal and then kept.

    Args:
        path: The journal.
        width: How many numbers the statistics of the metric have.
        place: Where the metric stands in an answer.
        on_progress: As for ``read_numbers``.

    Raises:
        CorpusError: The journal can't be read or is damaged.
    """
    file = path.with_name(path.name.removesuffix(".jsonl") + _SUFFIX)
    try:
        about = path.stat()
        key = f"{_VERSION} {about.st_size} {about.st_mtime_ns} {width} {place}"
        known = _kept(file, key, path, width)
    except OSError:
        return read_numbers(path, [width], [place], on_progress=on_progress)
    if known is not None:
        on_progress(len(known))
        return known
    numbers = read_numbers(path, [width], [place], on_progress=on_progress)
    with suppress(UsageError):  # the folder may be somebody else's: then it is read again the next time
        _keep(file, key, numbers)
    return numbers


def _kept(file: Path, key: str, path: Path, width: int) -> CellNumbers | None:
    """What is kept of a journal with that key; None where that is nothing, or of another one."""
    if not file.exists():
        return None
    try:
        with np.load(file, allow_pickle=False) as kept:
            if str(kept["key"]) != key:
                return None
            numbers = CellNumbers(path, (StatisticsTable(width),), revision=str(kept["revision"]))
            for name in _ARRAYS:
                column: array[int] = getattr(numbers, name)
                column.frombytes(kept[name].tobytes())
            numbers.marks.extend(kept["marks"].tobytes())
            numbers.tables[0].extend(kept["statistics"])
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    return numbers


def _keep(file: Path, key: str, numbers: CellNumbers) -> None:
    content = io.BytesIO()
    arrays: dict[str, Any] = {
        name: np.frombuffer(getattr(numbers, name), getattr(numbers, name).typecode) for name in _ARRAYS
    }
    arrays |= {
        "key": np.array(key),
        "revision": np.array(numbers.revision),
        "marks": np.frombuffer(numbers.marks, np.uint8),
        "statistics": numbers.tables[0].exact_rows(),
    }
    np.savez(content, **arrays)
    with atomic_output(file, force=True) as out:
        out.write(content.getvalue())
