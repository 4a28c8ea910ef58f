"""Fitting the confidence of edits to what they turn out to be worth on development data."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from posteditor.core.suggestion import apply_edits
from posteditor.rewriters.edit_confidence import Calibration, Features, features_of
from posteditor.rewriters.tagger import Draft
from posteditor.training.evaluation import Judge, Proposal
from posteditor.training.pairs import Pair

_STEPS = 50
_RIDGE = 1e-3
_BINS = 10


@dataclass(frozen=True, slots=True)
class Trial:
    """One edit made alone in its text."""

    features: Features
    improves: bool
    """Whether sentence TER against the target falls; it rises otherwise."""


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Edits whose confidence lies in one tenth of the scale."""

    low: float
    edits: int
    mean_confidence: float
    share_improving: float


def trials(pairs: Sequence[Pair], drafts: Sequence[Draft], judge: Judge) -> list[Trial]:
    """Every edit of ``drafts`` that makes a difference, each made alone, judged against the targets of ``pairs``."""
    found = []
    for pair, draft in zip(pairs, drafts, strict=True):
        for edit in draft.edits:
            gain = judge.gain(pair, apply_edits(pair.mt, [edit]))
            if gain:
                found.append(Trial(features_of(edit.confidence, draft.doubts), gain > 0))
    return found


def fit(evidence: Sequence[Trial]) -> Calibration:
    """The logistic function that fits ``evidence`` best, by Newton's method; no calibration for fewer than 20 edits.

    Source: Platt (1999), Probabilistic Outputs for Support Vector Machines, with more features.
    """
    if len(evidence) < 20 or len({trial.improves for trial in evidence}) < 2:
        return Calibration()
    rows = np.array([(1.0, each.features.certainty, each.features.trouble, each.features.length) for each in evidence])
    truth = np.array([float(each.improves) for each in evidence])
    weights = np.zeros(rows.shape[1])
    for _ in range(_STEPS):
        expected = 1 / (1 + np.exp(-rows @ weights))
        curvature = (rows.T * (expected * (1 - expected))) @ rows + _RIDGE * np.eye(len(weights))
        weights = weights + np.linalg.solve(curvature, rows.T @ (truth - expected) - _RIDGE * weights)
    return Calibration(*(round(float(weight), 4) for weight in weights))


def calibrated(pair: Pair, draft: Draft, calibration: Calibration) -> Proposal:
    """The draft as a proposal, its probabilities turned into confidences."""
    return Proposal(pair, draft.calibrated(calibration))


def reliability(evidence: Sequence[Trial], calibration: Calibration) -> tuple[ReliabilityBin, ...]:
    """How confidence compares with truth, by tenths; tenths without edits are left out."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(_BINS)]
    for trial in evidence:
        confidence = calibration.confidence(trial.features)
        bins[min(int(confidence * _BINS), _BINS - 1)].append((confidence, trial.improves))
    return tuple(
        ReliabilityBin(
            number / _BINS,
            len(members),
            round(sum(confidence for confidence, _ in members) / len(members), 3),
            round(sum(improves for _, improves in members) / len(members), 3),
        )
        for number, members in enumerate(bins)
        if members
    )
