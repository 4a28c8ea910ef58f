"""How certain an edit is: from the network's probabilities to a calibrated confidence.

The probability of a tag says how likely the edit would be in a text like those of the training. Where the rest of the
text is in doubt too, it is likely garbled and edits are needed; in a text that is otherwise fine the same probability
is worth much less. A logistic function of both, and of the length, is fitted on development data.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_LEAST = 1e-4
"""Probabilities are known to four places."""


@dataclass(frozen=True, slots=True)
class Features:
    """What the confidence of an edit depends on; the names are those of ``Calibration``."""

    certainty: float
    """Log odds of the edit's probability, that of the least certain of its tags."""
    trouble: float
    """Logarithm of the mean doubt about the other slots of the text."""
    length: float
    """Logarithm of the number of slots."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of a logistic function; as they stand, the confidence is the probability itself."""

    bias: float = 0.0
    certainty: float = 1.0
    trouble: float = 0.0
    length: float = 0.0

    def confidence(self, features: Features) -> float:
        """Of such edits that make a difference the share that improves the text; 0-1, rounded to four places."""
        odds = (
            self.bias
            + self.certainty * features.certainty
            + self.trouble * features.trouble
            + self.length * features.length
        )
        return round(1 / (1 + math.exp(-max(-50.0, min(50.0, odds)))), 4)


def features_of(probability: float, doubts: Sequence[float]) -> Features:
    """The features of an edit.

    Args:
        probability: That of the least certain of its tags; 0-1.
        doubts: For each slot of the text the probability that it needs an edit; 0-1, at least one slot.
    """
    bounded = min(max(probability, _LEAST), 1 - _LEAST)
    others = max(sum(doubts) - probability, 0.01) / len(doubts)
    return Features(math.log(bounded / (1 - bounded)), math.log(others), math.log(len(doubts)))
