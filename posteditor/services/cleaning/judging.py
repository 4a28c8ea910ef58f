"""Judging a batch of pairs: what every engine does alike, in this process or in another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from posteditor.cleaning.pipeline import Outcome, run_steps
from posteditor.cleaning.rule import Columns
from posteditor.cleaning.rules_file import Pipeline
from posteditor.cleaning.text_column import TextColumn
from posteditor.errors import PostEditorError


@dataclass(frozen=True, slots=True)
class Judged:
    """What is known of a batch once it is judged, without the texts."""

    outcome: Outcome
    fingerprints: bytes = b""
    """Of the pairs that are kept, one after the other, all of the same length; empty when nobody asked."""
    score_lines: str = ""
    """A line per pair, where they were asked for."""


@dataclass(frozen=True, slots=True)
class Task:
    """A batch that is to be judged."""

    first: int
    sources: "PackedTexts"
    texts: "PackedTexts"
    given: list[str] | None = None
    """The lines of its scores from an earlier run."""


@dataclass(frozen=True, slots=True)
class PackedTexts:
    """Texts on their way to another process: one long text goes through a pipe far faster than many."""

    content: str | list[str]
    """All of them with a line feed behind each; a list where one has a line feed."""

    @classmethod
    def of(cls, texts: list[str]) -> "PackedTexts":
        """These texts."""
        joined = "\n".join([*texts, ""])
        return cls(joined if joined.count("\n") == len(texts) else texts)

    def unpacked(self) -> TextColumn:
        """The texts."""
        return TextColumn.parted(self.content) if isinstance(self.content, str) else TextColumn(self.content)


@dataclass(frozen=True, slots=True)
class Judge:
    """A pipeline at work; the same batch gives the same result everywhere."""

    pipeline: Pipeline
    with_scores: bool

    def judge(self, task: Task) -> Judged:
        """Take a batch through the pipeline.

        Raises:
            PostEditorError: The given scores are no numbers.
        """
        steps = self.pipeline.steps
        given = None if task.given is None else self._columns(task.given)
        sources, texts = task.sources.unpacked(), task.texts.unpacked()
        outcome = run_steps(steps, sources, texts, given=given, all_scores=self.with_scores)
        fingerprints = self._fingerprints(outcome) if self.pipeline.has_duplicates else b""
        lines = _score_lines(task.first, outcome.pairs, outcome.scores) if self.with_scores else ""
        outcome.scores, outcome.sources, outcome.targets = [], TextColumn(), TextColumn()  # not wanted any more
        return Judged(outcome, fingerprints, lines)

    def _fingerprints(self, outcome: Outcome) -> bytes:
        from posteditor.cleaning.duplicates.fingerprints import fingerprints

        sources, targets = outcome.sources.chosen(outcome.kept), outcome.targets.chosen(outcome.kept)
        return b"".join(fingerprints(sources, targets, self.pipeline.duplicates))

    def _columns(self, lines: Sequence[str]) -> list[Columns]:
        parts = [len(step.rule.parts) if step.rule is not None else 0 for step in self.pipeline.steps]
        try:
            table = np.array([line.split("\t")[1:] for line in lines], np.float64).reshape(len(lines), sum(parts))
        except ValueError as error:
            raise PostEditorError(f"the scores are damaged: {error}", hint="Score anew: add --force.") from error
        found: list[Columns] = []
        done = 0
        for count in parts:
            found.append(tuple(table[:, done + part] for part in range(count)))
            done += count
        return found


def _score_lines(first: int, count: int, scores: Sequence[Columns]) -> str:
    """Positions and scores; Python's shortest form of a number is read back as the same number."""
    columns = [list(map(repr, column.tolist())) for columns in scores for column in columns]
    positions = map(str, range(first, first + count))
    return "".join([f"{line}\n" for line in map("\t".join, zip(positions, *columns, strict=True))])
