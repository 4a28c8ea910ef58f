"""The journal of a finished cell: the numbers of all its segments in one pass, and whole answers by their place."""

import json
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from posteditor.core.suggestion import Suggestion
from posteditor.errors import CorpusError
from posteditor.scoring.intervals import StatisticsTable
from posteditor.services.benchmark.cells import Answer

_TAIL = 1 << 16  # bytes; the last line of a finished journal is shorter
_KEPT_PORTIONS = 8
_DAMAGED = "begin the run anew with bench --force"

REFUSED, FAILED = 1, 2
"""Marks of a segment: the gate withdrew something; the rewriter gave up."""


@dataclass(slots=True)
class CellNumbers:
    """What is kept in memory of a cell: some tens of bytes a segment, no texts."""

    path: Path
    tables: tuple[StatisticsTable, ...]
    """A row per answer, for each of the metrics asked for."""
    revision: str = ""
    positions: "array[int]" = field(default_factory=lambda: array("I"))
    texts: "array[int]" = field(default_factory=lambda: array("Q"))
    """Hashes: equal for equal texts."""
    words: "array[int]" = field(default_factory=lambda: array("I"))
    """Of the text."""
    marks: bytearray = field(default_factory=bytearray)
    """REFUSED and FAILED, added up."""
    lines: "array[int]" = field(default_factory=lambda: array("Q"))
    """Where the lines with answers start in the file."""
    firsts: "array[int]" = field(default_factory=lambda: array("I"))
    """Index of the first answer of each of these lines."""

    def __len__(self) -> int:
        return len(self.positions)


def is_finished(path: Path) -> bool:
    """Whether a cell is answered to its end; False where there is no journal.

    Raises:
        CorpusError: It can't be read.
    """
    try:
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - _TAIL))
            tail = file.read()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise CorpusError(path, f"can't be read: {error.strerror}", hint=_DAMAGED) from error
    if not tail.endswith(b"\n"):
        return False
    try:
        value = json.loads(tail[tail.rfind(b"\n", 0, len(tail) - 1) + 1 :])
    except ValueError:  # a line longer than the tail, so one with answers; or the journal's first one
        return False
    return isinstance(value, dict) and bool(value.get("end"))


def read_numbers(
    path: Path,
    widths: Sequence[int],
    places: Sequence[int],
    *,
    on_progress: Callable[[int], None] = lambda count: None,
) -> CellNumbers:
    """Go through a finished cell once.

    Args:
        path: Its journal.
        widths: How many numbers the statistics of each metric have.
        places: Where these metrics stand in an answer.
        on_progress: Told how many answers have just been read; what it raises ends the reading.

    Raises:
        CorpusError: The journal can't be read or is damaged.
    """
    numbers = CellNumbers(path, tuple(StatisticsTable(width) for width in widths))
    try:
        for offset, value in _lines(path):
            numbers.revision = value.get("revision") or numbers.revision
            if answers := value.get("answers"):
                numbers.lines.append(offset)
                numbers.firsts.append(len(numbers))
                _take(numbers, answers, places)
                on_progress(len(answers))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise CorpusError(path, f"is damaged: {error}", hint=_DAMAGED) from error
    return numbers


def _take(numbers: CellNumbers, answers: Sequence[Any], places: Sequence[int]) -> None:
    """The numbers of one line."""
    numbers.positions.extend([answer[0] for answer in answers])
    texts = [answer[1]["text"] for answer in answers]
    numbers.texts.extend(map(_hash, texts))
    numbers.words.extend([len(text.split()) for text in texts])
    numbers.marks.extend(
        REFUSED * bool(suggestion["refused"]) + FAILED * bool(suggestion["error"]) for _, suggestion, _, _ in answers
    )
    for table, place in zip(numbers.tables, places, strict=True):
        table.extend(np.array([answer[2][place] for answer in answers], dtype=np.float64))


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def _lines(path: Path) -> Iterator[tuple[int, Any]]:
    """The lines of a journal behind its first one, with where they start."""
    try:
        with path.open("rb") as file:
            offset = len(file.readline())
            for line in file:
                yield offset, json.loads(line)
                offset += len(line)
    except OSError as error:
        raise CorpusError(path, f"can't be read: {error.strerror}", hint=_DAMAGED) from error


class AnswerReader:
    """Whole answers, read anew from the disk when they are wanted; one for each thread."""

    def __init__(self, numbers: CellNumbers) -> None:
        self._numbers = numbers
        self._portions: dict[int, list[Any]] = {}

    def text(self, index: int) -> str:
        """The text alone of that answer, sooner.

        Raises:
            CorpusError: The journal has changed or can't be read.
        """
        return str(self._raw(index)[1]["text"])

    def at(self, index: int) -> Answer:
        """The answer of the segment at that place among those that were answered, from 0.

        Raises:
            CorpusError: The journal has changed or can't be read.
        """
        position, suggestion, statistics, helps = self._raw(index)
        rows = tuple(tuple(each) for each in statistics)
        return Answer(position, Suggestion.from_json(suggestion), rows, tuple(helps))

    def _raw(self, index: int) -> list[Any]:
        place = bisect_right(self._numbers.firsts, index) - 1
        try:
            answer: list[Any] = self._portion(place)[index - self._numbers.firsts[place]]
            is_the_one = answer[0] == self._numbers.positions[index] and isinstance(answer[1]["text"], str)
        except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
            raise self._changed() from error
        if not is_the_one:
            raise self._changed()
        return answer

    def _portion(self, place: int) -> list[Any]:
        known = self._portions.get(place)
        if known is not None:
            return known
        with self._numbers.path.open("rb") as file:
            file.seek(self._numbers.lines[place])
            answers: list[Any] = json.loads(file.readline())["answers"]
        if len(self._portions) >= _KEPT_PORTIONS:
            self._portions.pop(next(iter(self._portions)))
        self._portions[place] = answers
        return answers

    def _changed(self) -> CorpusError:
        return CorpusError(self._numbers.path, "has changed since it was read", hint="open the comparison again")
