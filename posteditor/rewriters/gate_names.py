"""Names: a capitalised word inside a sentence may neither vanish nor appear; respelt, re-cased and moved ones pass.

A name that the source has may be put in, and may take the place of one that the source does not have.
"""

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from posteditor.core.words import Word
from posteditor.rewriters.gate_change import Change, Fact, FactsReading, Shifted
from posteditor.rewriters.gate_spelling import NOT_NAMES, is_same_name, spelling

_SENTENCE_MARKS = set(".!?:;…“”\"„«»()[]-–—•*/|'‘’")
_HEADLINE_SHARE = 0.6
"""Of the words; where more are capitalised, capitals say nothing."""


@dataclass(frozen=True, slots=True)
class _Side:
    """The words of one text as ``spelling`` gives them, for looking up names."""

    words: Set[str]
    joined: str

    def has(self, name: str) -> bool:
        """True when the text has the name, in any case and anywhere, also across a word boundary ("Newyork")."""
        return name in self.words or (len(name) >= 5 and name in self.joined)


class Names:
    """The rule about names."""

    name = "name"

    def read(self, change: Change) -> FactsReading:
        """The names that the change loses and gains."""
        old, new = list(_find(change.old_words)), list(_find(change.new_words))
        lost, gained = change.shifts(old, new)
        if not (lost or gained):
            return FactsReading((lost, gained), _nothing)
        before, after = _side(change.old_words), _side(change.new_words)
        # What is still there in some other place or case was neither lost nor gained, wherever it went.
        lost = [shifted for shifted in lost if not after.has(shifted.fact.value)]
        gained = [shifted for shifted in gained if not before.has(shifted.fact.value)]
        return _NamesReading(change, lost, gained)


class _NamesReading(FactsReading):
    """Compares each lost name with all the words that its hunks bring, and each gained one with those they take."""

    def __init__(self, change: Change, lost: list[Shifted], gained: list[Shifted]) -> None:
        super().__init__((lost, gained), _nothing)
        self._change = change
        self._in_source = _parts(change.source) if change.source else []

    def fault(self, hunks: Set[int]) -> str:
        """The first name that vanishes or appears, unless in another spelling or by the source."""
        lost, gained = self._names_of(self._lost, hunks), self._names_of(self._gained, hunks)
        if not (lost or gained):
            return ""
        edits = [self._change.edits[index] for index in sorted(hunks)]
        taken = [part for edit in edits for part in _parts(self._change.mt[edit.start : edit.end])]
        given = [part for edit in edits for part in _parts(edit.replacement)]
        lost = [] if "".join(lost) in given else [name for name in lost if not _is_respelt(name, given)]
        gained = [] if "".join(gained) in taken else [name for name in gained if not _is_respelt(name, taken)]
        wrong = [name for name in gained if not _is_respelt(name, self._in_source)]
        if wrong:
            return f"{wrong[0]} added"
        unfounded = [name for name in lost if not _is_respelt(name, self._in_source)]
        if len(unfounded) == len(lost) <= len(gained):
            return ""
        return f"{lost[0]} lost" if lost else ""

    @staticmethod
    def _names_of(shifts: Iterable[Shifted], hunks: Set[int]) -> list[str]:
        return [shifted.fact.value for shifted in shifts if shifted.hunks[0] in hunks]


def _nothing(lost: list[Fact], gained: list[Fact]) -> str:
    return ""


def _find(words: list[Word]) -> Iterator[Fact]:
    is_start = True
    capitals = sum(word.text[0].isupper() for word in words)
    letters = sum(word.text[0].isalpha() for word in words)
    if letters == 0 or capitals > max(2, _HEADLINE_SHARE * letters):
        return
    for word in words:
        first = word.text[0]
        if not first.isalnum():
            is_start = is_start or first in _SENTENCE_MARKS
            continue
        if not is_start and any(character.isupper() for character in word.text):
            yield from _names(word)
        is_start = False


def _names(word: Word) -> Iterator[Fact]:
    at = word.start
    for part in word.text.split("-"):
        value = spelling(part)
        if value not in NOT_NAMES and len(value) > 1 and any(letter.isupper() for letter in part):
            yield Fact(at, at + len(part), value)
        at += len(part) + 1


def _side(words: Iterable[Word]) -> _Side:
    parts = [spelling(part) for word in words for part in word.text.split("-")]
    return _Side(set(parts), "".join(parts))


def _parts(text: str) -> list[str]:
    return [spelling(part) for part in re.findall(r"[\w'’]+", text)]


def _is_respelt(name: str, words: Iterable[str]) -> bool:
    return any(is_same_name(name, word) for word in words)
