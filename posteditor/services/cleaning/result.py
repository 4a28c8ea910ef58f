"""What came of a cleaning run, and what every step did."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from posteditor.cleaning.histogram import Tally
from posteditor.cleaning.pipeline import Outcome
from posteditor.cleaning.rule import Bound, part_bounds
from posteditor.cleaning.rules_file import Pipeline
from posteditor.errors import CorpusError
from posteditor.services.cleaning.decisions import PlainTally
from posteditor.services.cleaning.verdicts import Verdict, read_duplicates
from posteditor.services.cleaning.work_folder import WorkFolder

_TOLD = 10


@dataclass(slots=True)
class PartScores:
    """How the scores of a rule are spread, of the pairs that got as far as it."""

    part: str
    """``source``, ``target`` or another; empty for the only one."""
    tally: Tally
    bound: Bound


@dataclass(slots=True)
class StepReport:
    """What a step did."""

    name: str
    kind: str
    """``rule``, ``fixer`` or ``duplicates``."""
    reached: int = 0
    """Pairs that got as far as it."""
    taken: int = 0
    """Pairs that it rejected; for a fixer, that it changed."""
    parts: list[PartScores] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The fields as plain JSON values."""
        return {"name": self.name, "kind": self.kind, "reached": self.reached, "taken": self.taken}


@dataclass(slots=True)
class CleanResult:
    """What came of a run."""

    inputs: tuple[str, ...]
    outputs: tuple[Path, ...]
    rules: Path
    pairs: int = 0
    """In the input."""
    kept: int = 0
    """In OUT."""
    rejected: int = 0
    bad: int = 0
    """Records that could not be read."""
    fixed: int = 0
    """Kept pairs whose texts were repaired, or replaced by a person's."""
    returned: int = 0
    """Rejected pairs that came back because a person made them good."""
    replaced: int = 0
    """Pairs that no rule rejects now, whose text a person's has replaced."""
    waiting: int = 0
    """Segments of the project with fixes that nobody has confirmed."""
    steps: list[StepReport] = field(default_factory=list)
    unscored: list[tuple[int, str]] = field(default_factory=list)
    """The first pairs for which an expression took too long: position and step."""
    unscored_count: int = 0
    resumed: int = 0
    """Pairs taken over from a run that was stopped."""
    discarded_other: bool = False
    """A stopped run on the same OUT was about something else, and its work was thrown away."""
    scored: bool = True
    """False when the scores came from a file."""
    files: dict[str, Path] = field(default_factory=dict)
    """What was written beside OUT: ``rejected``, ``fixed``, ``scores``, ``report``."""
    remarks: tuple[str, ...] = ()
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """The fields as plain JSON values."""
        return {
            "inputs": list(self.inputs),
            "outputs": list(map(str, self.outputs)),
            "rules": str(self.rules),
            "pairs": self.pairs,
            "kept": self.kept,
            "rejected": self.rejected,
            "bad": self.bad,
            "fixed": self.fixed,
            "returned": self.returned,
            "replaced": self.replaced,
            "waiting": self.waiting,
            "steps": [step.to_json() for step in self.steps],
            "unscored": self.unscored_count,
            "resumed": self.resumed,
            "discarded_other": self.discarded_other,
            "scored": self.scored,
            "files": {name: str(path) for name, path in self.files.items()},
            "remarks": list(self.remarks),
            "seconds": round(self.seconds, 3),
        }

    def summary(self) -> list[str]:
        """The result as lines for a person."""
        bad = f" + {self.bad:,} unreadable" if self.bad else ""
        lines = [f"{self.pairs + self.bad:,} in = {self.kept:,} kept + {self.rejected:,} rejected{bad}"]
        if self.fixed:
            lines.append(f"{self.fixed:,} of the kept pairs have new texts")
        if self.returned or self.replaced or self.waiting:
            lines.append(
                f"from the project: {self.returned:,} rejected pairs came back, {self.replaced:,} kept ones have its "
                f"text, {self.waiting:,} of its segments are not confirmed"
            )
        lines += self._remarks()
        lines += [f"{name}: {path}" for name, path in self.files.items()]
        lines.append(f"{', '.join(map(str, self.outputs))}: written in {self.seconds:,.1f} s")
        return lines

    def _remarks(self) -> list[str]:
        lines = list(self.remarks)
        if not self.scored:
            lines.append("the scores were taken from the file: nothing was scored again")
        if self.resumed:
            lines.append(f"went on behind {self.resumed:,} pairs of an earlier run")
        if self.discarded_other:
            lines.append("an earlier run for this output had another input, rules or options; it was started anew")
        lines += [f"pair {position}: {step} took too long; it was rejected" for position, step in self.unscored[:_TOLD]]
        if self.unscored_count > _TOLD:
            lines.append(f"and {self.unscored_count - min(_TOLD, len(self.unscored)):,} more pairs that took too long")
        return lines


def check_counts(result: CleanResult) -> None:
    """See that nothing got lost.

    Raises:
        CorpusError: The counts don't add up.
    """
    if result.pairs != result.kept + result.rejected:
        raise CorpusError(
            result.inputs[0],
            f"{result.pairs} pairs were read, but {result.kept} are kept and {result.rejected} rejected",
            hint="This must not happen; please report it.",
        )


def count_all(result: CleanResult, verdicts: Iterable[Verdict], folder: WorkFolder, pipeline: Pipeline) -> int:
    """Count verdicts and what steps did into a result; the line where the last pair starts."""
    counting = StepCounting(pipeline)
    last_line = 0
    for verdict in verdicts:
        found = verdict.decisions
        result.pairs += verdict.pairs
        result.rejected += len(verdict.rejected)
        result.bad += len(verdict.bad)
        result.returned += len(verdict.returned)
        result.replaced += len(verdict.replaced)
        result.fixed += len(verdict.changes)
        result.unscored_count += len(found.outcome.unscored)
        for place, step in found.outcome.unscored[: _TOLD - len(result.unscored)]:
            result.unscored.append((found.first + place, pipeline.steps[step].name))
        counting.add(found.outcome, found.tallies)
        last_line = max(last_line, found.last_line)
    result.kept = result.pairs - result.rejected
    if pipeline.has_duplicates:
        counting.add_duplicates([one.similarity for one in read_duplicates(folder.duplicates)])
    result.steps = counting.steps
    return last_line


class StepCounting:
    """Adds up what steps did over batches."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self.kept = 0
        """Pairs that all rules keep."""
        self.steps = [
            StepReport(step.name, "rule" if step.rule is not None else "fixer", parts=_empty_parts(step.rule))
            for step in pipeline.steps
        ]

    def add(self, outcome: Outcome, tallies: Sequence[Sequence[PlainTally]]) -> None:
        """Take a batch.

        Args:
            tallies: Of each step, and of each part of its scores.
        """
        for step, count, parts in zip(self.steps, outcome.reached, tallies, strict=True):
            step.reached += count
            for part, values in zip(step.parts, parts, strict=False):
                part.tally.update(dict(values))
        taken = Counter(each.step for each in outcome.rejections)
        taken.update(step for _, step in {(fix.place, fix.step) for fix in outcome.fixes})
        for number, count in taken.items():
            self.steps[number].taken += count
        self.kept += outcome.pairs - len(outcome.rejections)

    def add_duplicates(self, similarities: Sequence[float]) -> None:
        """Add the last step."""
        rounded = Counter(round(similarity, 2) for similarity in similarities)
        part = PartScores("similarity of those that go", Counter(rounded), Bound())
        name = self._pipeline.duplicates_name
        self.steps.append(StepReport(name, "duplicates", self.kept, len(similarities), [part]))


def _empty_parts(rule: Any) -> list[PartScores]:
    if rule is None:
        return []
    return [PartScores(part, Counter(), bound) for part, bound in zip(rule.parts, part_bounds(rule), strict=True)]
