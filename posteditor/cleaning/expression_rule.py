"""The rule of regular expressions that a person writes, which may be ones that take for ever."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import nan
from typing import Any, ClassVar

import regex

from posteditor.cleaning.rule import SIDES, Bound, BoundedRule, Numbers
from posteditor.cleaning.settings import SettingError


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpressionRule(BoundedRule):
    """A side matches an expression, or does not match it. Score: 1 where it does, else 0; NaN where it took too long.

    The expressions are those of the regex module, and are looked for anywhere in the text.
    """

    source: str = ""
    """For the source; empty for none."""
    target: str = ""
    must_match: bool = False
    """Reject what does not match, instead of what does."""
    ignore_case: bool = False
    seconds: float = 0.2
    """An expression may take so long for one text; a pair where it takes longer is rejected."""
    _compiled: list[Any] = field(default_factory=list, init=False, repr=False, compare=False)
    IS_COSTLY: ClassVar[bool] = True
    parts: ClassVar[Sequence[str]] = SIDES
    THRESHOLDS: ClassVar[frozenset[str]] = frozenset({"must_match"})
    BOUNDS: ClassVar[Mapping[str, tuple[float, float]]] = {"seconds": (0.001, 60)}

    def check(self) -> None:
        """Refuse what is no expression."""
        if not (self.source or self.target):
            raise SettingError("", "there is no expression", hint="Give source = '…', target = '…' or both.")
        for setting, pattern in (("source", self.source), ("target", self.target)):
            try:
                regex.compile(pattern)
            except (regex.error, RecursionError, OverflowError, MemoryError) as error:
                raise SettingError(
                    setting, f"{pattern[:60]!r} is no regular expression: {error}", hint="Put it right."
                ) from error

    def columns(self, sources: Sequence[str], targets: Sequence[str]) -> tuple[Numbers, ...]:
        """Whether each side matches; a side without an expression scores as if it were in order."""
        one, other = self._patterns()
        return self._found(one, sources), self._found(other, targets)

    def bounds(self) -> tuple[Bound, ...]:
        """It must or must not."""
        bound = Bound(1, 1) if self.must_match else Bound(0, 0)
        return tuple(bound if pattern else Bound() for pattern in (self.source, self.target))

    def words(self, part: str, value: float, threshold: float) -> str:
        """What a side does."""
        if value != value:
            pattern = self.source if part == "source" else self.target
            return f"the {part} takes {pattern[:80]!r} more than {self.seconds:g} s"
        return f"the {part} {'matches' if value else 'does not match'}"

    def _patterns(self) -> list[Any]:
        if not self._compiled:
            flags = regex.IGNORECASE if self.ignore_case else 0
            self._compiled.extend(
                regex.compile(pattern, flags) if pattern else None for pattern in (self.source, self.target)
            )
        return self._compiled

    def _found(self, pattern: Any, texts: Sequence[str]) -> list[float]:
        if pattern is None:
            return [0.0] * len(texts)
        return [self._search(pattern, text) for text in texts]

    def _search(self, pattern: Any, text: str) -> float:
        try:
            return 1.0 if pattern.search(text, timeout=self.seconds) else 0.0
        except (TimeoutError, MemoryError):
            return nan
