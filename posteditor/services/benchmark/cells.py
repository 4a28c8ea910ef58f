"""One rewriter on one test set: its answers with their statistics, in a journal that survives being stopped."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from posteditor.core.suggestion import Suggestion
from posteditor.scoring.metrics import Statistics
from posteditor.services.benchmark.json_values import from_json
from posteditor.services.benchmark.report import Speed
from posteditor.services.line_journal import LineJournal


@dataclass(frozen=True, slots=True)
class Answer:
    """What a rewriter made of a segment."""

    position: int
    suggestion: Suggestion
    statistics: tuple[Statistics, ...]
    """Of the suggestion's text against the references, a metric after the other."""
    helps: tuple[float, ...] = ()
    """For each edit made alone: how many fewer word edits are left to the reference after it; below 0 for more."""


@dataclass(frozen=True, slots=True)
class Portion:
    """A line of the journal: what came of some of the segments, or how it began or ended."""

    answers: tuple[Answer, ...] = ()
    seconds: float = 0.0
    """That the rewriter and the gate took for them."""
    revision: str | None = None
    """Of the rewriter; in the first line of each time that the run was begun or gone on with."""
    seconds_to_load: float = 0.0
    speed: Speed | None = None
    """In the last line of a finished cell that was timed."""
    is_end: bool = False

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, defaults left out."""
        value: dict[str, Any] = {}
        if self.answers:
            value["answers"] = [
                [one.position, one.suggestion.to_json(), [list(numbers) for numbers in one.statistics], list(one.helps)]
                for one in self.answers
            ]
            value["seconds"] = self.seconds
        if self.revision is not None:
            value |= {"revision": self.revision, "seconds_to_load": self.seconds_to_load}
        if self.is_end:
            value |= {"end": True, "speed": None if self.speed is None else asdict(self.speed)}
        return value


class CellJournal(LineJournal[Portion]):
    """The file of a cell; use as a context manager."""

    def __init__(self, path: Path, about: Mapping[str, Any]) -> None:
        """Open or begin it; ``about`` is all that the answers depend on, apart from the rewriter's revision.

        Raises:
            UsageError: The folder can't be written to, another run has the journal, or a foreign file has its name.
        """
        self.answered = 0
        """Segments answered in it."""
        self.seconds = 0.0
        """That they took."""
        self.is_finished = False
        self.revision: str | None = None
        """Of the rewriter that answered; None while nobody has."""
        self.seconds_to_load = 0.0
        path.parent.mkdir(parents=True, exist_ok=True)
        super().__init__(path, about, _portion)

    def add(self, portion: Portion) -> None:
        """Append a line; once this returns, a kill of the process does not lose it.

        Raises:
            UsageError: The disk is full or the file can't be written.
        """
        self.write(portion.to_json())
        self.counted(portion)

    def counted(self, entry: Portion) -> None:
        """Keep count."""
        self.answered += len(entry.answers)
        self.seconds += entry.seconds
        self.is_finished = self.is_finished or entry.is_end
        if entry.revision is not None:
            self.revision = entry.revision
            self.seconds_to_load = entry.seconds_to_load


def read_answers(journal: Path) -> Iterator[Answer]:
    """The answers of a cell in the order of the test set, from a file that nobody else writes at the time."""
    for portion in _portions(journal):
        yield from portion.answers


def read_ending(journal: Path) -> Portion:
    """The revision, and the speed where the cell is finished and was timed."""
    revision: str | None = None
    for portion in _portions(journal):
        revision = portion.revision or revision
        if portion.is_end:
            return Portion(revision=revision, speed=portion.speed, is_end=True)
    return Portion(revision=revision)


def _portions(journal: Path) -> Iterator[Portion]:
    with journal.open("rb") as lines:
        next(lines, None)
        for line in lines:
            yield _portion(json.loads(line))


def _portion(value: Any) -> Portion:
    speed = value.get("speed")
    return Portion(
        answers=tuple(_answer(each) for each in value.get("answers", ())),
        seconds=float(value.get("seconds", 0.0)),
        revision=value.get("revision"),
        seconds_to_load=float(value.get("seconds_to_load", 0.0)),
        speed=None if speed is None else from_json(Speed, speed),
        is_end=bool(value.get("end")),
    )


def _answer(value: Sequence[Any]) -> Answer:
    position, suggestion, statistics, helps = value
    return Answer(
        int(position), Suggestion.from_json(suggestion), tuple(tuple(numbers) for numbers in statistics), tuple(helps)
    )
