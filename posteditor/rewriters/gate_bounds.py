"""Bounds on a suggestion as a whole: not empty, not much shorter or longer than the mt, not another sentence."""

from collections.abc import Collection, Iterable, Set

from posteditor.core.words import split_words
from posteditor.rewriters.gate_change import Change

_LENGTH_RATIO = 1.8
"""Times as long or as short, in characters, after a slack for short segments."""
_LENGTH_SLACK = 15
_EDIT_RATE = 0.85
"""Share of the words that hunks may take away or put in, in segments that are not short."""
_SHORT = 6
"""Up to so many words every one of them may change."""


class Bounds:
    """The rule about length and amount of change; a suggestion out of bounds goes as a whole."""

    name = "bounds"

    def read(self, change: Change) -> "_BoundsReading":
        """The suggestion's fault, if it has one."""
        return _BoundsReading(change)


class _BoundsReading:
    def __init__(self, change: Change) -> None:
        self._count = len(change.edits)
        self._fault = _fault(change)

    def links(self) -> Iterable[Collection[int]]:
        """All hunks, where there is a fault."""
        if self._fault:
            yield range(self._count)

    def fault(self, hunks: Set[int]) -> str:
        """The same for all hunks."""
        return self._fault


def _fault(change: Change) -> str:
    if not change.text.strip():
        return "nothing left"
    shorter, longer = sorted((len(change.mt), len(change.text)))
    if longer > _LENGTH_RATIO * shorter + _LENGTH_SLACK:
        return f"length {len(change.text) / max(1, len(change.mt)):.1f} times the mt's"
    words = len(change.old_words)
    changed = max(
        sum(_count(change.mt[edit.start : edit.end]) for edit in change.edits),
        sum(_count(edit.replacement) for edit in change.edits),
    )
    if words > _SHORT and changed > _EDIT_RATE * words:
        return f"{changed} of {words} words changed"
    return ""


def _count(text: str) -> int:
    return sum(not word.is_space for word in split_words(text))
