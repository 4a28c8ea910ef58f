"""From a trained model to its two thresholds and the figures of its card."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

from posteditor.rewriters.tagger import load_tagger
from posteditor.rewriters.tagger_network import read_labels
from posteditor.rewriters.tagger_settings import SETTINGS_FILE, read_settings
from posteditor.training.evaluation import (
    THRESHOLDS,
    Judge,
    Outcome,
    Proposal,
    SetReport,
    choose_threshold,
    halves,
    propose,
    set_report,
)
from posteditor.training.pairs import Pair
from posteditor.training.recipe import Recipe

_MOST_PERFECT_SHOWN = 0.2
_MOST_PERFECT_APPLIED = 0.03


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Thresholds, and what they do on the halves of the development sets that they were not chosen on."""

    show: float
    apply: float
    shown: tuple[SetReport, ...]
    applied: tuple[SetReport, ...]
    tags: int
    """How many tags the model knows."""
    rounds: int
    """How often it may tag a text."""
    sweeps: Mapping[str, Sequence[Outcome]] = field(default_factory=dict)
    """For each group of sets the outcomes on the even halves at all thresholds tried."""

    def to_json(self) -> dict[str, Any]:
        """The figures as plain JSON values."""
        return {
            "show": self.show,
            "apply": self.apply,
            "shown": [each.to_json() for each in self.shown],
            "tags": self.tags,
            "rounds": self.rounds,
            "applied": [each.to_json() for each in self.applied],
            "sweeps": {name: [asdict(each) for each in sweep] for name, sweep in self.sweeps.items()},
        }


def tune(
    folder: Path,
    recipe: Recipe,
    sets: Mapping[str, Sequence[Pair]],
    *,
    on_message: Callable[[str], None] = lambda _: None,
) -> Evaluation:
    """Choose both thresholds of the model in ``folder``, write them into it, and report.

    Args:
        folder: The model.
        recipe: Says how many better segments each worse one must be worth.
        sets: Development pairs by name; sets whose names begin with the same word are tuned on as one.
        on_message: Told what is going on.

    Raises:
        ModelError: The model can't be loaded.
    """
    rewriter = load_tagger(folder, threshold=THRESHOLDS[0])
    evens: dict[str, list[Proposal]] = {}
    odds: dict[str, list[Proposal]] = {}
    for name, pairs in sets.items():
        on_message(f"rewriting {len(pairs)} segments of {name}")
        evens[name], odds[name] = halves(propose(rewriter, pairs))
    judge = Judge()
    sweeps = _sweeps(evens, judge)
    show = choose_threshold(list(sweeps.values()), recipe.show_worth, most_perfect_changed=_MOST_PERFECT_SHOWN)
    apply = choose_threshold(list(sweeps.values()), recipe.apply_worth, most_perfect_changed=_MOST_PERFECT_APPLIED)
    apply = max(show, apply)
    settings = replace(read_settings(folder), show=show, apply=apply)
    (folder / SETTINGS_FILE).write_text(settings.to_text(), encoding="utf-8")
    on_message(f"thresholds: show {show}, apply {apply}")
    shown = tuple(set_report(name, odd, judge, show) for name, odd in odds.items())
    applied = tuple(set_report(name, odd, judge, apply) for name, odd in odds.items())
    tags = len(read_labels(folder))
    return Evaluation(show, apply, shown, applied, tags, settings.iterations, sweeps)


def _sweeps(evens: Mapping[str, Sequence[Proposal]], judge: Judge) -> dict[str, list[Outcome]]:
    groups: dict[str, list[list[Outcome]]] = {}
    for name, proposals in evens.items():
        sweep = [judge.outcome(proposals, threshold) for threshold in THRESHOLDS]
        groups.setdefault(name.split(" ")[0], []).append(sweep)
    return {group: [reduce(add, column) for column in zip(*sweeps, strict=True)] for group, sweeps in groups.items()}
