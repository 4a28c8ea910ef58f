"""The last word on every pair: what rules and the search for duplicates decided, and what a person made good."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from posteditor.cleaning.rules_file import Pipeline
from posteditor.services.cleaning.decisions import Decisions
from posteditor.services.cleaning.pairs import BadRecord
from posteditor.services.cleaning.work_folder import WorkFolder

UNREADABLE = "unreadable"
"""The reason of records that could not be read."""


class Rejected(NamedTuple):
    """A pair that goes."""

    place: int
    """0-based, in its batch."""
    rule: str
    score: float
    threshold: float
    note: str
    """The reason in words."""


class Duplicate(NamedTuple):
    """A pair that repeats an earlier one."""

    position: int
    first: int
    """Position of the one that stays."""
    kind: str
    """``exact`` or ``near``."""
    similarity: float


@dataclass(slots=True)
class Verdict:
    """What becomes of a batch."""

    decisions: Decisions
    rejected: list[Rejected] = field(default_factory=list)
    """Ascending by place; without those that a person made good."""
    returned: dict[int, str] = field(default_factory=dict)
    """Place to a person's text, of pairs that were rejected."""
    replaced: dict[int, str] = field(default_factory=dict)
    """Place to a person's text, of pairs that no rule rejects now."""
    changes: dict[int, dict[str, str]] = field(default_factory=dict)
    """Place to the new texts, by side, of pairs that stay."""

    @property
    def first(self) -> int:
        """1-based position of the first pair."""
        return self.decisions.first

    @property
    def pairs(self) -> int:
        """Pairs in the batch."""
        return self.decisions.outcome.pairs

    @property
    def bad(self) -> list[BadRecord]:
        """Records that could not be read."""
        return self.decisions.bad


def verdicts(folder: WorkFolder, pipeline: Pipeline, fixes: Mapping[int, str]) -> Iterator[Verdict]:
    """The verdicts in order.

    Args:
        folder: With all batches decided on, and the duplicates found.
        fixes: Position to a person's text.
    """
    duplicates = read_duplicates(folder.duplicates) if pipeline.has_duplicates else iter(())
    waiting = next(duplicates, None)
    for found in folder.decisions():
        rejected = [
            Rejected(each.place, pipeline.steps[each.step].name, each.score, each.threshold, each.note)
            for each in found.outcome.rejections
        ]
        end = found.first + found.outcome.pairs
        repeated = []
        while waiting is not None and waiting.position < end:
            repeated.append(_rejected(waiting, found, pipeline))
            waiting = next(duplicates, None)
        if repeated:
            rejected = sorted([*rejected, *repeated])
        yield _with_fixes(Verdict(found, rejected), fixes)


def read_duplicates(path: Path) -> Iterator[Duplicate]:
    """What ``write_duplicates`` has written."""
    with path.open(encoding="ascii") as lines:
        for line in lines:
            position, first, kind, similarity = line.split()
            yield Duplicate(int(position), int(first), kind, float(similarity))


def _rejected(found: Duplicate, batch: Decisions, pipeline: Pipeline) -> Rejected:
    is_exact = found.kind == "exact"
    alike = f"the same as pair {found.first}" if is_exact else f"{found.similarity:.3g} like pair {found.first}"
    threshold = 1.0 if is_exact else float(pipeline.duplicates.near or 1.0)
    name = pipeline.duplicates_name
    return Rejected(found.position - batch.first, name, found.similarity, threshold, f"{name}: {alike}")


def _with_fixes(verdict: Verdict, fixes: Mapping[int, str]) -> Verdict:
    found = verdict.decisions
    if fixes:
        gone = {each.place for each in verdict.rejected}
        for place in range(found.outcome.pairs):
            text = fixes.get(found.first + place)
            if text is not None:
                (verdict.returned if place in gone else verdict.replaced)[place] = text
        verdict.rejected = [each for each in verdict.rejected if each.place not in verdict.returned]
    gone = {each.place for each in verdict.rejected}
    for fix in found.outcome.fixes:
        if fix.place not in gone:
            verdict.changes.setdefault(fix.place, {})[fix.side] = fix.after
    for place, text in (*verdict.returned.items(), *verdict.replaced.items()):
        verdict.changes.setdefault(place, {})["target"] = text
    return verdict
