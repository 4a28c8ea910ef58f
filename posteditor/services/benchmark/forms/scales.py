"""From values to places on a chart, and the round values that are worth a tick."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from posteditor.services.benchmark.forms.page_text import number

_LOG_TICKS = 6
_STEPS = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from ``low`` to ``high`` lie from ``start`` to ``end``; low < high, and 0 < low on a logarithmic scale."""

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False

    def __call__(self, value: float) -> float:
        """The place of a value."""
        low, high = self.low, self.high
        if self.logarithmic:
            low, high, value = math.log(low), math.log(high), math.log(value)
        return self.start + (value - low) / (high - low) * (self.end - self.start)

    def ticks(self, most: int = 6) -> list[float]:
        """Round values within the scale, ascending, about ``most`` at the most."""
        if self.logarithmic:
            return self._log_ticks()
        step = _step((self.high - self.low) / most)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [step * place for place in range(first, last + 1)]

    def _log_ticks(self) -> list[float]:
        decades = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        fine = [10.0**decade * factor for decade in decades for factor in (1, 2, 5)]
        within = [value for value in fine if self.low <= value <= self.high]
        if len(within) <= _LOG_TICKS:
            return within
        return [10.0**decade for decade in decades if self.low <= 10.0**decade <= self.high]


def linear(values: Iterable[float], start: float, end: float) -> Scale:
    """A scale from one round value to another with 0 and all finite values between them."""
    finite = [0.0, *(value for value in values if math.isfinite(value))]
    low, high = min(finite), max(finite)
    if low == high:
        low, high = -1.0, 1.0
    step = _step((high - low) / 5)
    return Scale(step * math.floor(low / step + 1e-9), step * math.ceil(high / step - 1e-9), start, end)


def logarithmic(values: Iterable[float], start: float, end: float) -> Scale:
    """A logarithmic scale with room beside the least and the greatest of the values, all above 0."""
    found = list(values)
    return Scale(min(found) / 2, max(found) * 2, start, end, logarithmic=True)


def tick_label(value: float) -> str:
    """As few digits as tell the tick."""
    digits = next((digits for digits in range(5) if math.isclose(round(value, digits), value, abs_tol=1e-9)), 5)
    return number(value, digits)


def _step(least: float) -> float:
    """The least round step that is not below."""
    if least <= 0 or not math.isfinite(least):
        return 1.0
    size = 10.0 ** math.floor(math.log10(least))
    return float(size * next((factor for factor in _STEPS if factor * size >= least * (1 - 1e-9)), 10.0))
