"""The statistical post-editor: corrections that fit, each weighed, the best of them made into edits."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from posteditor.core.suggestion import Edit, apply_edits
from posteditor.rewriters.edit_tags import DELETE, KEEP, edits_from_tags
from posteditor.rewriters.tag_words import tag_words
from posteditor.training.evaluation import Judge
from posteditor.training.pairs import Pair, content_hash
from posteditor.training.statistical.corrections import CorrectionTable, Match, mine_corrections
from posteditor.training.statistical.language_model import LanguageModel

_HELD_OUT = 4
"""One pair in so many is kept from the counting, to learn the weights on."""
_STEPS = 50
_SHRINKAGE = 1.0
"""Weight of the squared weights against the log likelihood, so that few candidates don't make sure weights."""
_CLOSE_ENOUGH = 1e-8

_Rows = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression over the features of a candidate."""

    mean: _Rows
    """Of each feature, shape (features,); the features are centred and scaled before they are weighed."""
    scale: _Rows
    weights: _Rows
    """Shape (features + 1,); the last is the constant."""

    @classmethod
    def fit(cls, features: _Rows, labels: _Rows) -> Self:
        """The weights that make the labels most likely, by Newton's method with a ridge.

        Args:
            features: Shape (candidates, features); there is at least one candidate.
            labels: Shape (candidates,), 1 for a candidate that did good, else 0.
        """
        mean, scale = features.mean(axis=0), features.std(axis=0)
        scale[scale == 0] = 1.0
        rows = np.column_stack([(features - mean) / scale, np.ones(len(features))])
        weights = np.zeros(rows.shape[1])
        ridge = _SHRINKAGE * np.eye(len(weights))
        for _ in range(_STEPS):
            guess = _sigmoid(rows @ weights)
            gradient = rows.T @ (labels - guess) - ridge @ weights
            curvature = rows.T @ (rows * (guess * (1 - guess))[:, None]) + ridge
            step = np.linalg.solve(curvature, gradient)
            weights += step
            if float(np.abs(step).max()) < _CLOSE_ENOUGH:
                break
        return cls(mean, scale, weights)

    def confidences(self, features: _Rows) -> _Rows:
        """How likely each candidate does good; shape (candidates,), 0-1."""
        return _sigmoid((features - self.mean) / self.scale @ self.weights[:-1] + self.weights[-1])


class StatisticalPostEditor:
    """Proposes edits with confidences, as the tagger does."""

    def __init__(self, table: CorrectionTable, model: LanguageModel, weights: Weights) -> None:
        self.table = table
        self.weights = weights
        self._model = model

    @classmethod
    def train(cls, pairs: Sequence[Pair], model: LanguageModel, judge: Judge, *, least: int = 2) -> Self:
        """Count corrections in most of the pairs, and learn what to make of them on the rest.

        Args:
            pairs: Split by the content of the mt, so that the result does not depend on their order.
            model: Of clean text in the language of the targets.
            judge: By whose TER a candidate does good when it lowers it.
            least: A correction must have been made so often.

        Raises:
            ValueError: No correction of the counted pairs fits a held-out one.
        """
        counted = [pair for pair in pairs if content_hash(pair.mt) // 2 % _HELD_OUT]
        held_out = [pair for pair in pairs if content_hash(pair.mt) // 2 % _HELD_OUT == 0]
        table = CorrectionTable(mine_corrections(counted, least=least))
        rows, labels = [], []
        for pair in sorted(held_out, key=lambda pair: (pair.mt, pair.target)):
            words = words_of(pair.mt)
            for match in table.matches(words):
                text = apply_edits(pair.mt, _edits(pair.mt, [match], [1.0]))
                if text != pair.mt:
                    rows.append(_features(words, match, model))
                    labels.append(float(judge.gain(pair, text) > 0))
        if not rows:
            raise ValueError("no correction fits a held-out pair: there are too few pairs")
        return cls(table, model, Weights.fit(np.array(rows), np.array(labels)))

    def propose(self, mt: str) -> tuple[Edit, ...]:
        """The most likely corrections of which no two touch the same word, however unlikely."""
        words = words_of(mt)
        matches = self.table.matches(words)
        if not matches:
            return ()
        features = np.array([_features(words, match, self._model) for match in matches])
        confidences = [float(each) for each in self.weights.confidences(features)]
        chosen = list(_best(matches, confidences))
        return _edits(mt, [matches[index] for index in chosen], [confidences[index] for index in chosen])


def words_of(text: str) -> list[str]:
    """The words and marks of ``text``, as the language model and the corrections want them."""
    return [word.text for word in tag_words(text)]


def _features(words: Sequence[str], match: Match, model: LanguageModel) -> list[float]:
    correction = match.correction
    precision = min(correction.precision, 0.999)
    return [
        math.log(precision / (1 - precision)),
        float(correction.context),
        math.log(correction.corrected),
        float(len(correction.old)),
        float(len(correction.new)),
        model.gain(words, match.start, match.end, correction.new),
    ]


def _slots(match: Match) -> range:
    """The tag slots that a correction needs: those of its words, for an insertion that of the word before."""
    return range(match.start + 1, match.end + 1) if match.start < match.end else range(match.start, match.start + 1)


def _best(matches: Sequence[Match], confidences: Sequence[float]) -> Iterator[int]:
    taken: set[int] = set()
    for index in sorted(range(len(matches)), key=lambda index: (-confidences[index], index)):
        slots = _slots(matches[index])
        if taken.isdisjoint(slots):
            taken.update(slots)
            yield index


def _edits(mt: str, matches: Sequence[Match], confidences: Sequence[float]) -> tuple[Edit, ...]:
    """The corrections as edits whose spaces, capitals and categories the edit tags work out."""
    words = tag_words(mt)
    tags, certain = [KEEP] * (len(words) + 1), [1.0] * (len(words) + 1)
    for match, confidence in zip(matches, confidences, strict=True):
        slots, new = _slots(match), " ".join(match.correction.new)
        for slot in slots:
            tags[slot], certain[slot] = DELETE, confidence
        if new:
            tags[slots[0]] = f"REPLACE:{new}" if match.start < match.end else f"APPEND:{new}"
    return edits_from_tags(mt, tags, certain)


def _sigmoid(values: _Rows) -> _Rows:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(values, -30, 30))))
