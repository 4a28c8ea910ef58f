"""A score: a number on 0-100 that carries its signature and direction."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Interval:
    """Bounds of a 95 % confidence interval on the scale of the score, low <= high."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Score:
    """One value of one metric."""

    name: str
    """As people write it: "BLEU", "chrF++", "TER"."""
    value: float
    """On 0-100 (TER may exceed 100)."""
    signature: str
    """sacrebleu's own signature; a number without it is not a result."""
    higher_is_better: bool = True
    interval: Interval | None = None
    """None for a sentence score or where it was not asked for."""

    def to_json(self) -> dict[str, Any]:
        """Name, value, signature, direction and interval as plain JSON values."""
        interval = None if self.interval is None else [self.interval.low, self.interval.high]
        return {
            "name": self.name,
            "value": self.value,
            "signature": self.signature,
            "higher_is_better": self.higher_is_better,
            "interval": interval,
        }
