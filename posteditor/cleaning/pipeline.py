"""The pipeline over one batch: fixers and rules in order, what each did, and why pairs went.

Pure: what comes out depends on the pairs and the steps alone, and on a pair not more than on itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import nan
from typing import NamedTuple

import numpy as np

from posteditor.cleaning.histogram import Tally, tally
from posteditor.cleaning.rule import (
    Columns,
    Fixer,
    Rule,
    Score,
    TellsDetails,
    is_costly,
    rejected,
    score_at,
    score_columns,
)
from posteditor.cleaning.rules_file import Step
from posteditor.cleaning.text_column import TextColumn, column


class Rejection(NamedTuple):
    """A pair that a rule rejected."""

    place: int
    """0-based, in the batch."""
    step: int
    """0-based, in the pipeline."""
    score: float
    threshold: float
    note: str
    """The reason in words, with the rule's name."""


class Fix(NamedTuple):
    """A text that a fixer changed."""

    place: int
    step: int
    side: str
    before: str
    after: str


@dataclass(slots=True)
class Outcome:
    """What became of a batch."""

    pairs: int
    rejections: list[Rejection] = field(default_factory=list)
    """Ascending by place."""
    fixes: list[Fix] = field(default_factory=list)
    """By place, then by step; of pairs that got as far as the fixer."""
    reached: list[int] = field(default_factory=list)
    """How many pairs got as far as each step."""
    tallies: list[list[Tally]] = field(default_factory=list)
    """Of each step, and of each part of its scores, how these are spread; empty for fixers."""
    unscored: list[tuple[int, int]] = field(default_factory=list)
    """Place and step of pairs that have no score, because that took too long."""
    scores: list[Columns] = field(default_factory=list)
    """Of each step, the scores of all pairs; NaN where they were not needed; empty for fixers."""
    sources: TextColumn = field(default_factory=TextColumn)
    """Of all pairs, as they are behind the fixers."""
    targets: TextColumn = field(default_factory=TextColumn)
    kept: list[int] = field(default_factory=list)
    """The places of the pairs that are."""


def run_steps(
    steps: Sequence[Step],
    sources: Sequence[str],
    targets: Sequence[str],
    *,
    given: Sequence[Columns] | None = None,
    all_scores: bool = False,
) -> Outcome:
    """Take a batch of pairs through all steps.

    Args:
        given: Scores of all pairs by step, from an earlier run; then nothing is scored.
        all_scores: Also score what an earlier step has rejected, whatever it costs.
    """
    return _Run(steps, column(sources), column(targets), given, all_scores).outcome()


class _Run:
    def __init__(
        self,
        steps: Sequence[Step],
        sources: TextColumn,
        targets: TextColumn,
        given: Sequence[Columns] | None,
        all_scores: bool,
    ) -> None:
        self._steps = steps
        self._given = given
        self._all = all_scores
        self._sources = sources
        self._targets = targets
        self._alive = np.ones(len(sources), np.bool_)
        self._gone = 0
        self._found = Outcome(len(sources))

    def outcome(self) -> Outcome:
        found = self._found
        for number, step in enumerate(self._steps):
            found.reached.append(found.pairs - self._gone)
            found.tallies.append([])
            found.scores.append(())
            if step.fixer is not None:
                self._fix(number, step.fixer)
            elif step.rule is not None:
                self._judge(number, step.name, step.rule)
        found.rejections.sort()
        found.fixes.sort(key=lambda fix: (fix.place, fix.step))
        found.sources, found.targets = self._sources, self._targets
        found.kept = np.flatnonzero(self._alive).tolist()
        return found

    def _fix(self, number: int, fixer: Fixer) -> None:
        if "source" in fixer.sides:
            self._sources = self._fixed(number, fixer, "source", self._sources)
        if "target" in fixer.sides:
            self._targets = self._fixed(number, fixer, "target", self._targets)

    def _fixed(self, number: int, fixer: Fixer, side: str, texts: TextColumn) -> TextColumn:
        after = list(map(fixer.fix, texts))
        if after == texts:
            return texts
        for place, (old, new) in enumerate(zip(texts, after, strict=True)):
            if old != new and self._alive[place]:
                self._found.fixes.append(Fix(place, number, side, old, new))
        return TextColumn(after)

    def _judge(self, number: int, name: str, rule: Rule) -> None:
        columns = self._scores(number, rule)
        self._found.scores[-1] = columns
        counted = columns if not self._gone else tuple(part[self._alive] for part in columns)
        self._found.tallies[-1] = [tally(part) for part in counted]
        bad = rejected(rule, columns) & self._alive
        for place in np.flatnonzero(bad).tolist():
            self._reject(place, number, name, rule, score_at(columns, place))
            self._gone += 1
        self._alive &= ~bad

    def _scores(self, number: int, rule: Rule) -> Columns:
        if self._given is not None:
            return self._given[number]
        if not self._gone or self._all or not is_costly(rule):
            return score_columns(rule, self._sources, self._targets)
        places = np.flatnonzero(self._alive)
        chosen = places.tolist()
        parts = score_columns(rule, self._sources.chosen(chosen), self._targets.chosen(chosen))
        columns = tuple(np.full(self._found.pairs, nan) for _ in parts)
        for whole, part in zip(columns, parts, strict=True):
            whole[places] = part
        return columns

    def _reject(self, place: int, number: int, name: str, rule: Rule, score: Score) -> None:
        reason = rule.reason(score)
        details = rule.details(self._sources[place], self._targets[place]) if isinstance(rule, TellsDetails) else ""
        note = f"{name}{' ' if reason.words[:1].isdigit() else ': '}{reason.words}"
        if details:
            note = f"{note}: {details}"
        self._found.rejections.append(Rejection(place, number, reason.score, reason.threshold, note))
        if reason.score != reason.score:
            self._found.unscored.append((place, number))
