"""What was decided about each batch, as a journal keeps it: all but the texts that stay as they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from posteditor.cleaning.pipeline import Fix, Outcome, Rejection
from posteditor.services.cleaning.judging import Judged
from posteditor.services.cleaning.pairs import BadRecord, PairBatch

PlainTally = list[tuple[float, int]]
"""Scores and how many pairs have them."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What was decided about a batch."""

    first: int
    """1-based position of its first pair."""
    runs: list[tuple[int, int]]
    """Place and line of pairs that begin a row of lines without a gap, ascending."""
    outcome: Outcome
    """Without texts and scores; ``kept`` is left out as well."""
    bad: list[BadRecord]
    tallies: list[list[PlainTally]]
    """Of each step, and of each part of its scores, how these are spread."""
    with_target: list[tuple[int, int]]
    """Begin and end of the rows of places whose text is a target; that of the others is the mt."""
    fingerprint_bytes: int = 0
    score_bytes: int = 0

    def column_of_text(self, place: int) -> str:
        """Where the text of a pair stands."""
        return "target" if any(begin <= place < end for begin, end in self.with_target) else "mt"

    def line(self, place: int) -> int:
        """Where a pair of the batch starts."""
        begin, line = next(run for run in reversed(self.runs) if run[0] <= place)
        return line + place - begin

    @property
    def last_line(self) -> int:
        """Where the last pair starts; 0 for a batch without any."""
        return self.line(self.outcome.pairs - 1) if self.outcome.pairs else 0

    def kept(self) -> Iterator[int]:
        """The positions of the pairs that no rule rejected."""
        gone = {rejection.place for rejection in self.outcome.rejections}
        return (self.first + place for place in range(self.outcome.pairs) if place not in gone)

    def to_json(self) -> list[Any]:
        """As plain JSON values."""
        found = self.outcome
        return [
            self.first, found.pairs, self.runs, found.rejections, found.fixes, found.reached,
            self.tallies, found.unscored, self.bad, self.with_target, self.fingerprint_bytes, self.score_bytes,
        ]  # fmt: skip

    @classmethod
    def from_json(cls, value: Any) -> "Decisions":
        """From such values.

        Raises:
            TypeError, ValueError: They are no decisions.
        """
        first, pairs, runs, rejections, fixes, reached, tallies, unscored, bad, with_target, *sizes = value
        fingerprint_bytes, score_bytes = sizes
        outcome = Outcome(
            int(pairs),
            [Rejection(*each) for each in rejections],
            [Fix(*each) for each in fixes],
            [int(count) for count in reached],
            unscored=[(int(place), int(step)) for place, step in unscored],
        )
        return cls(
            int(first),
            [(int(place), int(line)) for place, line in runs],
            outcome,
            [(int(line), str(problem), str(text)) for line, problem, text in bad],
            tallies,
            [(int(begin), int(end)) for begin, end in with_target],
            int(fingerprint_bytes),
            int(score_bytes),
        )


@dataclass(frozen=True, slots=True)
class Frame:
    """What has to be kept of a batch of pairs beside their texts."""

    first: int
    runs: list[tuple[int, int]]
    bad: list[BadRecord]
    with_target: list[tuple[int, int]]

    @classmethod
    def of(cls, batch: PairBatch) -> "Frame":
        """That of a batch."""
        return cls(batch.first, _runs(batch.lines), batch.bad, _rows_with_target(batch))


def decided(frame: Frame, judged: Judged) -> Decisions:
    """What was decided about a batch."""
    return Decisions(
        frame.first,
        frame.runs,
        judged.outcome,
        frame.bad,
        plain_tallies(judged.outcome),
        frame.with_target,
        len(judged.fingerprints),
        len(judged.score_lines.encode()),
    )


def _rows_with_target(batch: PairBatch) -> list[tuple[int, int]]:
    targets = batch.cells.get("target")
    if targets is None or not targets:
        return []
    if None not in targets:
        return [(0, len(targets))]
    has = [False, *(target is not None for target in targets), False]
    edges = [place for place in range(len(has) - 1) if has[place] != has[place + 1]]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _runs(lines: Sequence[int]) -> list[tuple[int, int]]:
    if not lines:
        return []
    if lines[-1] - lines[0] == len(lines) - 1:
        return [(0, lines[0])]
    return [(0, lines[0])] + [
        (place, line) for place, (before, line) in enumerate(pairwise(lines), 1) if line != before + 1
    ]


def plain_tallies(outcome: Outcome) -> list[list[PlainTally]]:
    """How the scores are spread, as plain values."""
    return [[list(part.items()) for part in parts] for parts in outcome.tallies]
