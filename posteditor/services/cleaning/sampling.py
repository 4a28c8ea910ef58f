"""What the rules would do: a sample of the pairs, taken through every step, without writing anything."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from posteditor.cleaning.pipeline import Outcome, run_steps
from posteditor.cleaning.rules_file import Pipeline, read_rules
from posteditor.core.diff import word_diff
from posteditor.errors import UsageError
from posteditor.services.cleaning.decisions import plain_tallies
from posteditor.services.cleaning.options import CleanOptions
from posteditor.services.cleaning.pairs import open_pairs
from posteditor.services.cleaning.result import StepCounting, StepReport
from posteditor.services.cleaning.run import corpus, languages_of

INPUT = "input"
"""The name of the state before the first step."""
_EXAMPLES = 3


class SampledPair(NamedTuple):
    """A pair of the sample."""

    position: int
    line: int
    source: str
    text: str


@dataclass(frozen=True, slots=True)
class Example:
    """What a step did to one pair."""

    pair: SampledPair
    note: str = ""
    """Why it was rejected; empty for a text that was changed."""
    side: str = ""
    """Of a changed text."""
    before: str = ""
    after: str = ""

    def lines(self) -> list[str]:
        """As a person reads it."""
        where = f"pair {self.pair.position}, line {self.pair.line}"
        if self.side:
            return [f"{where}, {self.side}: {marked_diff(self.before, self.after)}"]
        return [f"{where}: {self.note}", f"  {self.pair.source}", f"  {self.pair.text}"]

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        found: dict[str, Any] = {**self.pair._asdict()}
        return {
            **found,
            **({"side": self.side, "before": self.before, "after": self.after} if self.side else {"note": self.note}),
        }


@dataclass(frozen=True, slots=True)
class StepDifference:
    """What differs between the states behind two steps."""

    first: str
    second: str
    kept: int
    """Pairs that both have."""
    gone: list[Example]
    """Pairs that only the earlier one has."""
    changed: list[Example]
    """Texts that are others, of pairs that both have."""

    def lines(self) -> list[str]:
        """As a person reads it."""
        lines = [
            f"behind {self.first}, and behind {self.second}: {self.kept:,} pairs stay, {len(self.gone):,} go, "
            f"{len(self.changed):,} texts change"
        ]
        for sign, examples in (("-", self.gone), ("~", self.changed)):
            for example in examples:
                first, *rest = example.lines()
                lines += ["", f"{sign} {first}", *(f"  {line}" for line in rest)]
        return lines

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "first": self.first,
            "second": self.second,
            "kept": self.kept,
            "gone": [example.to_json() for example in self.gone],
            "changed": [example.to_json() for example in self.changed],
        }


@dataclass(slots=True)
class Preview:
    """A sample, and what every step does to it."""

    pairs: int
    total: int
    """Pairs in the corpus, or up to ``--limit``."""
    seed: int
    steps: list[StepReport]
    examples: list[list[Example]]
    """A few for each step."""
    remarks: list[str]
    _sample: list[SampledPair]
    _outcome: Outcome
    _names: list[str]
    _repeats: dict[int, str] = field(default_factory=dict)
    """Place to the reason, of duplicates in the sample."""

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        steps = [
            {**step.to_json(), "examples": [example.to_json() for example in examples]}
            for step, examples in zip(self.steps, self.examples, strict=True)
        ]
        return {"pairs": self.pairs, "total": self.total, "seed": self.seed, "steps": steps, "remarks": self.remarks}

    def difference(self, first: str, second: str) -> StepDifference:
        """What differs between the states behind two steps, in either order.

        Raises:
            UsageError: There is no such step.
        """
        places = sorted([self._place(first), self._place(second)])
        early, late = places
        gone = [
            Example(self._sample[place], note)
            for place, (step, note) in sorted(self._rejections().items())
            if early <= step < late
        ]
        rejected = {place for place, (step, _) in self._rejections().items() if step < late}
        changed = [
            Example(self._sample[place], "", side, before, after)
            for (place, side), (before, after) in self._texts(early, late).items()
            if place not in rejected and before != after
        ]
        names = [INPUT, *self._names]
        return StepDifference(names[early], names[late], len(self._sample) - len(rejected), gone, changed)

    def _place(self, name: str) -> int:
        """How many steps are done in the state of this name."""
        names = [INPUT, *self._names]
        if name in names:
            return names.index(name)
        near = get_close_matches(name, names, 1)
        meant = f"Did you mean {near[0]}? " if near else ""
        raise UsageError(f"--diff: there is no step {name!r}", hint=f"{meant}The steps are: {', '.join(names)}.")

    def _rejections(self) -> dict[int, tuple[int, str]]:
        """Place to step and reason."""
        found = {each.place: (each.step, each.note) for each in self._outcome.rejections}
        return found | {place: (len(self._names) - 1, note) for place, note in self._repeats.items()}

    def _texts(self, early: int, late: int) -> dict[tuple[int, str], tuple[str, str]]:
        """Place and side to the text in the one state and in the other, of what fixers between them changed."""
        found: dict[tuple[int, str], tuple[str, str]] = {}
        for fix in self._outcome.fixes:
            if early <= fix.step < late:
                first = found.get((fix.place, fix.side), (fix.before, ""))[0]
                found[fix.place, fix.side] = (first, fix.after)
        return dict(sorted(found.items()))


def draw_sample(
    paths: Sequence[Path],
    options: CleanOptions,
    count: int,
    seed: int,
    *,
    on_progress: Callable[[int], None] = lambda done: None,
) -> Preview:
    """Take ``count`` pairs, drawn at random from all, through the rules.

    Raises:
        CorpusError: The input or the rules can't be read.
        UsageError: Something does not fit together.
    """
    source = corpus(paths, options)
    pipeline = read_rules(options.rules, languages_of(source))
    drawn: list[SampledPair] = []
    total = 0
    chance = random.Random(seed)
    with open_pairs(source, options.limit) as pairs:
        for batch in pairs:
            for place, line in enumerate(batch.lines):
                total += 1
                at = total - 1 if total <= count else chance.randrange(total)
                if at < count:
                    pair = SampledPair(total, line, batch.sources[place], batch.texts[place])
                    drawn[at : at + 1] = [pair]
            on_progress(total)
    drawn.sort()
    return _preview(pipeline, drawn, total, seed, options.memory)


def _preview(pipeline: Pipeline, drawn: list[SampledPair], total: int, seed: int, memory: int) -> Preview:
    outcome = run_steps(pipeline.steps, [pair.source for pair in drawn], [pair.text for pair in drawn])
    counting = StepCounting(pipeline)
    counting.add(outcome, plain_tallies(outcome))
    examples: list[list[Example]] = [[] for _ in pipeline.steps]
    for each in outcome.rejections:
        examples[each.step].append(Example(drawn[each.place], each.note))
    for fix in outcome.fixes:
        examples[fix.step].append(Example(drawn[fix.place], "", fix.side, fix.before, fix.after))
    preview = Preview(
        len(drawn), total, seed, counting.steps, examples, list(pipeline.remarks), drawn, outcome, list(pipeline.names)
    )
    if pipeline.has_duplicates:
        _add_repeats(preview, pipeline, counting, memory)
    preview.examples = [found[:_EXAMPLES] for found in preview.examples]
    return preview


def _add_repeats(preview: Preview, pipeline: Pipeline, counting: StepCounting, memory: int) -> None:
    from posteditor.cleaning.duplicates.finder import DuplicateFinder

    outcome, sample = preview._outcome, preview._sample
    with (
        TemporaryDirectory(prefix="posteditor-") as folder,
        DuplicateFinder(Path(folder), pipeline.duplicates, memory) as finder,
    ):
        finder.add_batch(outcome.kept, outcome.sources.chosen(outcome.kept), outcome.targets.chosen(outcome.kept))
        found = list(finder.finish())
    counting.add_duplicates([one.similarity for one in found])
    for one in found:
        first = sample[one.first].position
        alike = f"the same as pair {first}" if one.kind == "exact" else f"{one.similarity:.3g} like pair {first}"
        preview._repeats[one.position] = f"{pipeline.duplicates_name}: {alike}"
    preview.examples.append([Example(sample[place], note) for place, note in preview._repeats.items()])
    if preview.total > preview.pairs:
        preview.remarks.append("duplicates are looked for inside the sample alone: in the whole corpus there are more")


def marked_diff(before: str, after: str) -> str:
    """Both texts in one, word by word: ``[-what goes-]`` and ``{+what comes+}``."""
    pieces = []
    done = 0
    for edit in word_diff(before, after):
        pieces.append(before[done : edit.start])
        if edit.start < edit.end:
            pieces.append(f"[-{before[edit.start : edit.end]}-]")
        if edit.replacement:
            pieces.append(f"{{+{edit.replacement}+}}")
        done = edit.end
    return "".join([*pieces, before[done:]])
