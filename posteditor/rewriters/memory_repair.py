"""Corrections: hunks of a stored pair with the words around them, and the places of a new text where they fit."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from posteditor.core.diff import word_diff
from posteditor.core.suggestion import Edit
from posteditor.core.words import Word, split_words
from posteditor.rewriters.hunk_choice import linked
from posteditor.rewriters.protocol import MemoryPair

_REMEMBERED = 4000
"""Pairs whose corrections are kept: a diff costs more than everything else."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person once replaced, with a word of context on each side."""

    before: str
    """From the word in front, that included, up to the hunk; empty at the start of a text."""
    old: str
    new: str
    after: str
    """From the hunk to the next word, that included; empty at the end of a text."""

    @property
    def text(self) -> str:
        """What has to stand in an mt for the correction to fit."""
        return self.before + self.old + self.after

    @property
    def corrected(self) -> str:
        """What a corrected text has there."""
        return self.before + self.new + self.after


@lru_cache(_REMEMBERED)
def corrections(mt: str, target: str) -> tuple[tuple[Correction, ...], ...]:
    """What makes the target of the mt, in groups that only make sense together, such as the two ends of a move."""
    edits = word_diff(mt, target)
    words = [word for word in split_words(mt) if not word.is_space]
    found = [_with_context(mt, words, edit) for edit in edits]
    return tuple(tuple(found[index] for index in sorted(group)) for group in linked(mt, edits))


def _with_context(mt: str, words: list[Word], edit: Edit) -> Correction:
    left = max((word.start for word in words if word.end <= edit.start), default=None)
    right = min((word.end for word in words if word.start >= edit.end), default=None)
    return Correction(
        "" if left is None else mt[left : edit.start],
        mt[edit.start : edit.end],
        edit.replacement,
        "" if right is None else mt[edit.end : right],
    )


class Text:
    """An mt that corrections are to be made in."""

    def __init__(self, mt: str) -> None:
        self.mt = mt
        words = [word for word in split_words(mt) if not word.is_space]
        self._starts = {word.start for word in words}
        self._ends = {word.end for word in words}
        self._first = words[0].start if words else 0
        self._last = words[-1].end if words else 0

    def places(self, correction: Correction) -> Iterator[tuple[int, int]]:
        """Start and end of what the correction would replace, everywhere it fits with its context."""
        text = correction.text
        if not text.strip():
            return
        at = self.mt.find(text)
        while at >= 0:
            end = at + len(text)
            if self._fits(correction, at, end):
                yield at + len(correction.before), end - len(correction.after)
            at = self.mt.find(text, at + 1)

    def _fits(self, correction: Correction, start: int, end: int) -> bool:
        """Whole words, and at the start or end of the text what was there in the stored one."""
        starts_well = start in self._starts if correction.before else start <= self._first
        return starts_well and (end in self._ends if correction.after else end >= self._last)


@dataclass(frozen=True, slots=True)
class Evidence:
    """How a correction fared where it could have been made."""

    made: int
    """Places in stored mts where a person made it."""
    not_made: int
    """Places where a person left the words alone, or did something else with them."""


def evidence(correction: Correction, pairs: Iterable[MemoryPair], *, most: int) -> Evidence:
    """What became of a correction's words in ``pairs``; looks at so many that have them at most."""
    made = places = seen = 0
    for pair in pairs:
        before = _count(pair.mt, correction.text, correction)
        if not before:
            continue
        places += before
        if pair.target != pair.mt:
            gained = _count(pair.target, correction.corrected, correction)
            gained -= _count(pair.mt, correction.corrected, correction)
            made += max(0, min(before, gained))
        seen += 1
        if seen == most:
            break
    return Evidence(made, places - made)


def _count(text: str, part: str, correction: Correction) -> int:
    """How often ``part`` stands in a text, as whole words, and at its start or end where it is bound to it."""
    count = 0
    at = text.find(part) if part.strip() else -1
    while at >= 0:
        end = at + len(part)
        starts_well = not _joins(text, at) if correction.before else not text[:at].strip()
        ends_well = not _joins(text, end) if correction.after else not text[end:].strip()
        count += starts_well and ends_well
        at = text.find(part, end)
    return count


def _joins(text: str, at: int) -> bool:
    """A word goes on across this place."""
    if not 0 < at < len(text) or text[at].isspace() or text[at - 1].isspace():
        return False
    around = text[at - 1 : at + 1]
    return (around.isascii() and around.isalnum()) or len(split_words(around)) == 1
