"""The segments of a test set under two rewriters: by how much each gained or lost, in a few numbers a segment.

Everything that a list of a hundred thousand segments needs is computed over whole columns; texts are read again from
the run folder when somebody looks at them.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from posteditor.core.segment import Segment
from posteditor.core.suggestion import Suggestion
from posteditor.errors import CorpusError
from posteditor.scoring.intervals import StatisticsTable
from posteditor.scoring.metrics import Metric
from posteditor.services.benchmark.cell_numbers import FAILED, REFUSED, AnswerReader, CellNumbers
from posteditor.services.benchmark.kept_segments import KeptSegments

_BATCH = 256  # segments between two looks at should_stop


class Order(StrEnum):
    """How segments can be sorted; what is equal stays in the order of the file."""

    GAIN = "gain"
    """B's largest gains over A first."""
    LOSS = "loss"
    """B's largest losses first."""
    POSITION = "position"
    LENGTH = "length"
    """The mt with most words first."""


class Kind(StrEnum):
    """Which segments can be listed."""

    ALL = "all"
    CHANGED = "changed"
    """A's text and B's are not the same."""
    IMPROVED = "improved"
    """B's cased sentence TER is lower than A's."""
    DETERIORATED = "deteriorated"
    """B's is higher."""
    REFUSED = "refused"
    """The gate withdrew something from A or B."""
    FAILED = "failed"
    """A or B gave up."""


@dataclass(frozen=True, slots=True)
class SegmentDifference:
    """One segment, in numbers; TER is case-sensitive and the sentence's own."""

    position: int
    """In the kept test set, from 1."""
    id: str | None
    before: float
    """TER of the mt."""
    a: float
    b: float
    gain: float
    """TER points that B is better than A; below 0 where it is worse."""
    gain_edits: float
    """The same in word edits to the reference."""


@dataclass(frozen=True, slots=True)
class SegmentTexts:
    """One segment with what both sides made of it."""

    segment: Segment
    a: Suggestion
    b: Suggestion


class SegmentDifferences:
    """All scored segments of a test set; an *index* counts them from 0 in the order of the file."""

    def __init__(
        self,
        segments: KeptSegments,
        nothing: CellNumbers,
        a: CellNumbers,
        b: CellNumbers,
        metric: Metric,
        deciding: int,
    ) -> None:
        """Set the numbers side by side.

        Args:
            segments: The texts.
            nothing: Of do-nothing, for the deciding metric only.
            a: One side.
            b: The other.
            metric: The one that decides.
            deciding: Where its table stands among those of the sides.

        Raises:
            CorpusError: The cells don't belong together.
        """
        for cell in (a, b):
            if cell.positions != nothing.positions:
                raise CorpusError(
                    cell.path,
                    f"answers other segments than {nothing.path}",
                    hint="begin the run anew with bench --force",
                )
        self._segments = segments
        self._a, self._b = a, b
        self._positions, self._words = nothing.positions, nothing.words
        self._before, _ = _column(nothing.tables[0], metric)
        self._values_a, edits_a = _column(a.tables[deciding], metric)
        self._values_b, edits_b = _column(b.tables[deciding], metric)
        self._gains: npt.NDArray[np.float64] = self._values_a - self._values_b
        self._gain_edits = edits_a - edits_b
        self._differs: npt.NDArray[np.bool_] = np.frombuffer(a.texts, np.uint64) != np.frombuffer(b.texts, np.uint64)
        self._marks = np.frombuffer(a.marks, np.uint8) | np.frombuffer(b.marks, np.uint8)
        self._readers = AnswerReader(a), AnswerReader(b)

    def __len__(self) -> int:
        return len(self._positions)

    @property
    def revisions(self) -> tuple[str, str]:
        """Of A's and B's weights."""
        return self._a.revision, self._b.revision

    @property
    def better(self) -> int:
        """Segments where B is better than A."""
        return self.count(Kind.IMPROVED)

    @property
    def worse(self) -> int:
        """Segments where B is worse than A."""
        return self.count(Kind.DETERIORATED)

    @property
    def last_position(self) -> int:
        """The largest position there is."""
        return self._positions[-1]

    def index_of(self, position: int) -> int | None:
        """The index of the segment at a position; None where it has no reference or is not there."""
        if not 1 <= position <= self.last_position:
            return None
        index = int(np.searchsorted(np.frombuffer(self._positions, np.uint32), position))
        return index if self._positions[index] == position else None

    def is_a(self, index: int, kind: Kind) -> bool:
        """Whether a segment is of that kind."""
        return bool(self._members(kind, slice(index, index + 1))[0])

    def count(self, kind: Kind) -> int:
        """How many segments are of that kind."""
        return int(np.count_nonzero(self._members(kind, slice(None))))

    def view(self, order: Order, kind: Kind = Kind.ALL) -> "array[int]":
        """The indices of the segments of that kind, sorted."""
        chosen = np.flatnonzero(self._members(kind, slice(None)))
        keys: dict[Order, Callable[[], npt.NDArray[Any]]] = {
            Order.GAIN: lambda: -self._gains,
            Order.LOSS: lambda: self._gains,
            Order.POSITION: lambda: np.frombuffer(self._positions, np.uint32),
            Order.LENGTH: lambda: -np.frombuffer(self._words, np.uint32).astype(np.int64),
        }
        return _indices(chosen[np.argsort(keys[order]()[chosen], kind="stable")])

    def by_gain(self) -> Iterator[SegmentDifference]:
        """All of them, the largest gains and losses first; read from the disk as they are asked for."""
        order = np.argsort(-np.abs(self._gains), kind="stable")
        return (self.difference(index) for index in _indices(order))

    def difference(self, index: int) -> SegmentDifference:
        """One segment in numbers.

        Raises:
            CorpusError: The run folder has changed.
        """
        position = self._positions[index]
        return SegmentDifference(
            position=position,
            id=self._segments.at(position).id,
            before=float(self._before[index]),
            a=float(self._values_a[index]),
            b=float(self._values_b[index]),
            gain=float(self._gains[index]),
            gain_edits=float(self._gain_edits[index]),
        )

    def segment(self, index: int) -> Segment:
        """The segment itself.

        Raises:
            CorpusError: The run folder has changed.
        """
        return self._segments.at(self._positions[index])

    def texts(self, index: int) -> SegmentTexts:
        """One segment in words.

        Raises:
            CorpusError: The run folder has changed.
        """
        a, b = self._readers
        return SegmentTexts(self.segment(index), a.at(index).suggestion, b.at(index).suggestion)

    def find(self, text: str, should_stop: Callable[[], bool]) -> Iterator[list[int]]:
        """The indices of segments in which a text occurs, whatever the case, in batches and in order.

        Source, mt, references and both sides' texts are looked through; from any thread.

        Raises:
            CorpusError: The run folder has changed.
        """
        wanted = text.casefold()
        readers = AnswerReader(self._a), AnswerReader(self._b)
        index, found = 0, []
        for segment in self._segments:
            if index == len(self):
                break
            if segment.position != self._positions[index]:
                continue  # it has no reference
            sides = (reader.text(index) for reader in readers)
            if any(
                wanted in each.casefold() for each in (segment.source or "", segment.mt, *segment.references, *sides)
            ):
                found.append(index)
            index += 1
            if index % _BATCH == 0:
                if should_stop():
                    return
                yield found
                found = []
        yield found

    def _members(self, kind: Kind, part: slice) -> npt.NDArray[np.bool_]:
        match kind:
            case Kind.CHANGED:
                return self._differs[part]
            case Kind.IMPROVED:
                return self._gains[part] > 0
            case Kind.DETERIORATED:
                return self._gains[part] < 0
            case Kind.REFUSED:
                return (self._marks[part] & REFUSED).astype(np.bool_)
            case Kind.FAILED:
                return (self._marks[part] & FAILED).astype(np.bool_)
            case _:
                return np.ones(len(self._gains[part]), np.bool_)


def _column(table: StatisticsTable, metric: Metric) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Every segment's score, and its number of edits, which is the first of TER's statistics."""
    rows = table.exact_rows()
    return np.asarray(metric.corpus_values(rows), np.float64), rows[:, 0]


def _indices(numbers: npt.NDArray[Any]) -> "array[int]":
    found = array("I")
    found.frombytes(numbers.astype(np.uint32).tobytes())
    return found


def gained_and_lost(differences: SegmentDifferences, count: int) -> tuple[Sequence[int], Sequence[int]]:
    """The indices of so many segments that gained most, and of so many that lost most, the largest first."""
    gained = differences.view(Order.GAIN, Kind.IMPROVED)[:count]
    return gained, differences.view(Order.LOSS, Kind.DETERIORATED)[:count]
