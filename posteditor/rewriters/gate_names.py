"""Names: a capitalised word inside a sentence may neither vanish nor appear; respelt, re-cased and moved ones pass.

The source decides where there is one: a name that it has may be put in, and one that it does not have may go or make
room for another. At the beginning of a sentence a capital says nothing, unless the source has the same word.
"""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import lru_cache

from posteditor.core.words import Word
from posteditor.rewriters.gate_change import (
    TEXTS_REMEMBERED,
    Change,
    Fact,
    FactsReading,
    Reading,
    Shifted,
    Shifts,
    words_of,
)
from posteditor.rewriters.gate_dates import MONTHS, SHORT_MONTHS
from posteditor.rewriters.gate_languages import language_of
from posteditor.rewriters.gate_number_words import CODES, SCALES, SMALL
from posteditor.rewriters.gate_places import NAMED_OTHERWISE
from posteditor.rewriters.gate_spelling import EXACT, NOT_NAMES, is_bent, is_same_name, spelling
from posteditor.rewriters.gate_words import FUNCTION_WORDS

_SENTENCE_MARKS = set(".!?:;…“”\"„«»()[]-–—•*/|'‘’")
_HEADLINE_SHARE = 0.6
"""Of the words; where more are capitalised, capitals say nothing."""
_SHORTEST = 4
"""Letters that a word at the beginning of a sentence must have to be taken for a name of the source."""
_SHORTEST_PART = 3
"""Letters that a name beside a hyphen must have: not "Go" in "Go-Murakami", which is "Gomurakami" too."""
_ROMAN = re.compile(r"[IVX]{2,}")
"""Numbers, not names."""
_SHORT_NAMES = {"jan", "mar", "jun", "jul"}
"""Months and people."""
_PART = re.compile(r"[\w'’]+")
_SOURCE_WORD = re.compile(r"[^\s!-&(-,./:-@\[-`{-~«»“”„…–—।、。]+")
"""Anything between blanks and marks: letters of India come with vowel signs that are no letters."""


class Names:
    """The rule about names."""

    name = "name"

    def read(self, change: Change) -> Reading | None:
        """The names that the change loses and gains."""
        source = change.source or ""
        old, new = _find(change.mt, source), _find(change.text, source)
        lost, gained = change.shifts(old, new)
        if not (lost or gained):
            return None
        before, after = _Side(change.mt), _Side(change.text)
        # What is still there in some other place or case was neither lost nor gained, wherever it went.
        lost = [shifted for shifted in lost if not after.has(shifted.fact.value)]
        gained = [shifted for shifted in gained if not before.has(shifted.fact.value)]
        lost, gained = _without_respelt(lost, gained), _without_respelt(gained, lost)
        return _NamesReading(change, (lost, gained)) if lost or gained else None


class _Side:
    """The words of one text as ``spelling`` gives them, for looking up names."""

    def __init__(self, text: str) -> None:
        self.words = frozenset(spelling(part) for word in words_of(text) for part in word.text.split("-"))
        self._joined = "".join(spelling(part) for word in words_of(text) for part in word.text.split("-"))

    def has(self, name: str) -> bool:
        """True when the text has the name, in any case and anywhere, also across a word boundary ("Newyork")."""
        return name in self.words or (len(name) >= 5 and name in self._joined)


class _NamesReading(FactsReading):
    """Compares each lost name with all the words that its hunks bring, and each gained one with those they take."""

    def __init__(self, change: Change, shifts: Shifts) -> None:
        super().__init__(shifts, _nothing)
        self._change = change
        self._in_source = _source_names(change.source) if change.source else frozenset()

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
        unknown = [name for name in gained if not self._is_founded(name)]
        founded = [name for name in lost if not self._is_unfounded(name, given)]
        replaces = any(part not in FUNCTION_WORDS for part in taken)
        untranslated = self._untranslated() + len(lost) - len(founded) if replaces else 0
        if len(unknown) > max(0, untranslated):
            return f"{unknown[0]} added"
        return f"{founded[0]} lost" if founded else ""

    def _is_unfounded(self, name: str, given: Iterable[str]) -> bool:
        """True when the source does not have a lost name, or has it and another word is given for the same place.

        Many languages write "iraqi" without a capital, so places are looked for among all the words of the source.
        """
        if not self._in_source or name in NAMED_OTHERWISE:
            return False
        source = _source_words(self._change.source or "") if name in EXACT else self._in_source
        places = [place for place in source if is_bent(name, place)]
        return not places or any(is_bent(word, place) for word in given for place in places)

    def _is_founded(self, name: str) -> bool:
        """True when the source has the name, perhaps in small letters: "kantiaanlus" for "Kantianism"."""
        if any(is_bent(name, place) for place in self._in_source):
            return True
        return bool(self._in_source) and _is_respelt(name, _source_words(self._change.source or ""))

    def _untranslated(self) -> int:
        """How many names of the source the mt seems to have nothing for; 0 where capitals say nothing."""
        if not self._in_source or language_of(self._change.source or "") == "de":
            return 0
        names = [fact.value for fact in _find(self._change.mt, self._change.source or "")]
        unmet = sum(not any(is_bent(name, word) for name in names) for word in _inner_names(self._change.source or ""))
        unfounded = sum(not self._is_founded(name) for name in names)
        return unmet - unfounded

    @staticmethod
    def _names_of(shifts: Iterable[Shifted], hunks: Set[int]) -> list[str]:
        return [shifted.fact.value for shifted in shifts if shifted.hunks[0] in hunks]


def _without_respelt(shifts: list[Shifted], others: list[Shifted]) -> list[Shifted]:
    """Those that are on the other side in no other spelling either."""
    names = {shifted.fact.value for shifted in others}
    return [shifted for shifted in shifts if not _is_respelt(shifted.fact.value, names)]


def _nothing(lost: list[Fact], gained: list[Fact]) -> str:
    return ""


@lru_cache(maxsize=TEXTS_REMEMBERED)
def _source_words(source: str) -> frozenset[str]:
    """All of the source's words as ``spelling`` gives them."""
    return frozenset(spelling(part) for word in _SOURCE_WORD.findall(source) for part in word.split("-"))


@lru_cache(maxsize=TEXTS_REMEMBERED)
def _source_names(source: str) -> frozenset[str]:
    """The source's capitalised words as ``spelling`` gives them; none when they are in letters that it can't read.

    In letters that know no capitals all words are given.
    """
    words = _SOURCE_WORD.findall(source)
    names = [
        part for word in words if word[0].isalpha() and not word.islower() for part in map(spelling, word.split("-"))
    ]
    return frozenset(names) if 2 * sum(name.isascii() for name in names) > len(names) else frozenset()


@lru_cache(maxsize=TEXTS_REMEMBERED)
def _inner_names(source: str) -> frozenset[str]:
    """Those of them that no sentence begins with; in letters that know no capitals there are none."""
    words = words_of(source)
    inner = (word.text for at, word in enumerate(words) if word.text[0].isupper() and not _is_start(words, at))
    return frozenset(part for word in inner for part in _parts(word))


@lru_cache(maxsize=TEXTS_REMEMBERED)
def _find(text: str, source: str) -> tuple[Fact, ...]:
    words = words_of(text)
    capitalised = [at for at, word in enumerate(words) if not word.text.islower() and word.text[0].isalpha()]
    capitals = sum(words[at].text[0].isupper() for at in capitalised)
    is_headline = capitals > max(2, _HEADLINE_SHARE * sum(word.text[0].isalpha() for word in words))
    facts = (fact for at in capitalised for fact in _names(words[at], _is_start(words, at), source))
    if not is_headline and language_of(text) != "de":
        return tuple(facts)
    # Capitals say nothing here, only those of the source do, unless it is German.
    in_source = frozenset() if language_of(source) == "de" else _source_names(source)
    return tuple(fact for fact in facts if any(is_bent(fact.value, name) for name in in_source))


def _is_start(words: Sequence[Word], at: int) -> bool:
    """True when a sentence may begin with this word."""
    return at == 0 or words[at - 1].text[0] in _SENTENCE_MARKS


def _names(word: Word, is_start: bool, source: str) -> Iterator[Fact]:
    for offset, part, value in _name_parts(word.text):
        if not is_start or offset or not part[1:].islower() or (len(part) >= _SHORTEST and part in source):
            yield Fact(word.start + offset, word.start + offset + len(part), value)


@lru_cache(maxsize=10_000)
def _name_parts(text: str) -> tuple[tuple[int, str, str], ...]:
    """The parts of a word between hyphens that may be names: where they begin, as written, by ``spelling``."""
    found = []
    at = 0
    for part in text.split("-"):
        value = spelling(part)
        shortest = 2 if part == text else _SHORTEST_PART
        is_word = value in NOT_NAMES or _is_number_word(part, value) or len(value) < shortest
        if not is_word and any(letter.isupper() for letter in part):
            found.append((at, part, value))
        at += len(part) + 1
    return tuple(found)


def _is_number_word(part: str, value: str) -> bool:
    """True for what the rule about numbers looks after."""
    if value in MONTHS or value in SMALL or value in SCALES or part in CODES:
        return True
    return (value in SHORT_MONTHS and value not in _SHORT_NAMES) or _ROMAN.fullmatch(part) is not None


def _parts(text: str) -> list[str]:
    return [spelling(part) for part in _PART.findall(text)]


def _is_respelt(name: str, words: Iterable[str]) -> bool:
    return any(is_same_name(name, word) for word in words)
