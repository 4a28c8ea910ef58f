"""From a trained model to its two thresholds and the figures of its card."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import reduce
from itertools import chain
from operator import add
from pathlib import Path
from typing import Any

from posteditor.rewriters.edit_confidence import Calibration
from posteditor.rewriters.tagger import Draft, Tagger, load_tagger
from posteditor.rewriters.tagger_network import read_labels
from posteditor.rewriters.tagger_settings import TaggerSettings, read_settings, write_settings
from posteditor.training.calibration import ReliabilityBin, calibrated, fit, reliability, trials
from posteditor.training.evaluation import (
    THRESHOLDS,
    Judge,
    Outcome,
    Proposal,
    SetReport,
    choose_threshold,
    halves,
    set_report,
)
from posteditor.training.pairs import Pair
from posteditor.training.recipe import Recipe

_MOST_PERFECT_SHOWN = 0.2
_MOST_PERFECT_APPLIED = 0.03
_NO_HARM = 1.0
"""No set alone, few as its changed segments may be, gets worse oftener than better at the threshold apply."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Thresholds, and what they do on the halves of the development sets that they were not chosen on."""

    settings: TaggerSettings
    """Thresholds and calibration."""
    shown: tuple[SetReport, ...]
    applied: tuple[SetReport, ...]
    tags: int
    """How many tags the model knows."""
    reliability: tuple[ReliabilityBin, ...]
    """Confidence beside truth, all odd halves together."""
    sweeps: Mapping[str, Sequence[Outcome]] = field(default_factory=dict)
    """For each group of sets the outcomes on the even halves at all thresholds tried."""

    def to_json(self) -> dict[str, Any]:
        """The figures as plain JSON values."""
        return {
            "settings": asdict(self.settings),
            "tags": self.tags,
            "shown": [each.to_json() for each in self.shown],
            "applied": [each.to_json() for each in self.applied],
            "reliability": [asdict(each) for each in self.reliability],
            "sweeps": {name: [asdict(each) for each in sweep] for name, sweep in self.sweeps.items()},
        }


@dataclass(frozen=True, slots=True)
class _Half:
    """One half of a set with everything the model thinks of changing in it."""

    pairs: list[Pair]
    drafts: list[Draft]

    def proposals(self, calibration: Calibration) -> list[Proposal]:
        return [calibrated(pair, draft, calibration) for pair, draft in zip(self.pairs, self.drafts, strict=True)]


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
    write_settings(folder, replace(read_settings(folder), calibration=Calibration()))
    tagger = load_tagger(folder)
    judge = Judge()
    evens: dict[str, _Half] = {}
    odds: dict[str, _Half] = {}
    for name, pairs in sets.items():
        on_message(f"rewriting {len(pairs)} segments of {name}")
        evens[name], odds[name] = (_half(tagger, half) for half in halves(pairs))
    report_only = {source.name for source in recipe.dev if source.report_only}
    tuned_on = {name: half for name, half in evens.items() if name not in report_only}
    calibration = fit([trial for half in tuned_on.values() for trial in trials(half.pairs, half.drafts, judge)])
    on_message(f"calibration: {calibration}")
    alone = {
        name: [judge.outcome(half.proposals(calibration), threshold) for threshold in THRESHOLDS]
        for name, half in tuned_on.items()
    }
    sweeps = _by_group(alone)
    together = [reduce(add, column) for column in zip(*sweeps.values(), strict=True)]
    show = choose_threshold([together], recipe.show_worth, most_perfect_changed=_MOST_PERFECT_SHOWN)
    apply = max(
        choose_threshold(list(sweeps.values()), recipe.apply_worth, most_perfect_changed=_MOST_PERFECT_APPLIED),
        choose_threshold(list(alone.values()), _NO_HARM, most_perfect_changed=_MOST_PERFECT_APPLIED),
    )
    settings = replace(read_settings(folder), show=show, apply=max(show, apply), calibration=calibration)
    write_settings(folder, settings)
    on_message(f"thresholds: show {settings.show}, apply {settings.apply}")
    reported = _with_groups({name: half.proposals(calibration) for name, half in odds.items()})
    return Evaluation(
        settings,
        tuple(set_report(name, proposals, judge, settings.show) for name, proposals in reported.items()),
        tuple(set_report(name, proposals, judge, settings.apply) for name, proposals in reported.items()),
        len(read_labels(folder)),
        reliability([trial for half in odds.values() for trial in trials(half.pairs, half.drafts, judge)], calibration),
        sweeps,
    )


def _half(tagger: Tagger, pairs: list[Pair]) -> _Half:
    return _Half(pairs, tagger.drafts([pair.mt for pair in pairs], [pair.source for pair in pairs]) or [])


def _group(name: str) -> str:
    """Sets whose names begin with the same word belong together."""
    return name.split(" ")[0]


def _by_group(alone: Mapping[str, Sequence[Outcome]]) -> dict[str, list[Outcome]]:
    groups: dict[str, list[Sequence[Outcome]]] = {}
    for name, sweep in alone.items():
        groups.setdefault(_group(name), []).append(sweep)
    return {group: [reduce(add, column) for column in zip(*sweeps, strict=True)] for group, sweeps in groups.items()}


def _with_groups(proposals: Mapping[str, list[Proposal]]) -> dict[str, list[Proposal]]:
    """The sets, and after them each group of several sets as one."""
    groups: dict[str, list[list[Proposal]]] = {}
    for name, members in proposals.items():
        groups.setdefault(_group(name), []).append(members)
    several = {f"{name} together": list(chain(*sets)) for name, sets in groups.items() if len(sets) > 1}
    return {**proposals, **several}
