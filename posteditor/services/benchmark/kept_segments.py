"""The texts of a kept test set, one at a time from the disk: only where each line starts is in memory."""

import json
from array import array
from collections.abc import Iterator
from pathlib import Path

from posteditor.core.segment import Segment
from posteditor.errors import CorpusError
from posteditor.formats.columns import reference_names

_HINT = "begin the run anew with bench --force"


class KeptSegments:
    """A test set in a run folder, which bench wrote as JSON Lines without blank ones; usable from any thread."""

    def __init__(self, path: Path) -> None:
        """Find the lines.

        Raises:
            CorpusError: The file can't be read.
        """
        self.path = path
        self._starts = array("Q")
        offset = 0
        try:
            with path.open("rb") as file:
                for line in file:
                    self._starts.append(offset)
                    offset += len(line)
        except OSError as error:
            raise CorpusError(path, f"can't be read: {error.strerror}", hint=_HINT) from error

    def __len__(self) -> int:
        return len(self._starts)

    def at(self, position: int) -> Segment:
        """The segment at a position, from 1.

        Raises:
            CorpusError: The file has changed or can't be read.
        """
        try:
            with self.path.open("rb") as file:
                file.seek(self._starts[position - 1])
                return _segment(position, file.readline())
        except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            raise CorpusError(self.path, "has changed since it was opened", line=position, hint=_HINT) from error

    def __iter__(self) -> Iterator[Segment]:
        """All of them in order.

        Raises:
            CorpusError: The file is damaged or can't be read.
        """
        position = 0
        try:
            with self.path.open("rb") as file:
                for position, line in enumerate(file, 1):
                    yield _segment(position, line)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise CorpusError(self.path, "is damaged", line=position, hint=_HINT) from error


def _segment(position: int, line: bytes) -> Segment:
    cells = json.loads(line)
    return Segment(
        position=position,
        mt=cells["mt"],
        source=cells.get("source"),
        references=tuple(cells[name] for name in reference_names(list(cells)) if cells[name]),
        id=cells.get("id") or None,
        line=position,
    )
