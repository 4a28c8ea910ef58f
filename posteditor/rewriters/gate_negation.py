"""Negation: a "not" may neither come nor go, unless another negative word makes up for it.

Implicit negatives count: "will not comment" -> "declined to comment" is right, "will comment" is refused. A word and
its antonym ("able", "unable") count as the word with and without "not". Of languages other than English only the words
for "not" are known, so there a text may not lose its last negative word nor get its first.
"""

from collections import Counter
from collections.abc import Iterator, Set
from functools import lru_cache
from typing import NamedTuple

from posteditor.rewriters.gate_change import TEXTS_REMEMBERED, Change, Fact, Reading, facts_reading, words_of
from posteditor.rewriters.gate_languages import language_of
from posteditor.rewriters.gate_negatives import (
    ANTONYM_PREFIX,
    FIRM,
    FIRM_ENDING,
    IDIOM_WORDS,
    IDIOMS,
    IMPLICIT,
    OTHER_LANGUAGES,
    STRONG,
)

_NEGATION = "not"
_STRONG = "!"
"""Value of the facts about implicit negatives that are nothing else, such as "refuse"."""
_WITH_PREFIX, _WITHOUT_PREFIX = "~", "+"
"""What the values of the facts about antonyms begin with."""


class Negation:
    """The rule about negation."""

    name = "negation"

    def read(self, change: Change) -> Reading | None:
        """The negative words that the change loses and gains."""
        language = language_of(change.mt)
        if language in OTHER_LANGUAGES:
            return _read_other_language(change, language)
        stems = _stems(change.mt) | _stems(change.text)
        return facts_reading(change.shifts(_find(change.mt, stems), _find(change.text, stems)), _compare)


class _Kind(NamedTuple):
    """What a word by itself is."""

    lower: str
    is_firm: bool
    is_implicit: bool
    is_strong: bool
    is_in_idioms: bool
    stem: str
    """Without its prefix, where it begins like an antonym; else empty."""


@lru_cache(maxsize=20_000)
def _kind(word: str) -> _Kind | None:
    """None for a word that has nothing to do with negation."""
    lower = word.lower()
    prefix = ANTONYM_PREFIX.match(lower)
    kind = _Kind(
        lower,
        lower in FIRM or FIRM_ENDING.search(lower) is not None,
        IMPLICIT.match(lower) is not None,
        STRONG.fullmatch(lower) is not None,
        lower in IDIOM_WORDS,
        lower[prefix.end() :] if prefix else "",
    )
    return kind if any(kind[1:]) else None


@lru_cache(maxsize=TEXTS_REMEMBERED)
def _stems(text: str) -> frozenset[str]:
    """The words without their prefix, of those that begin like an antonym."""
    return frozenset(kind.stem for word in words_of(text) if (kind := _kind(word.text)) and kind.stem)


def _find(text: str, stems: Set[str]) -> list[Fact]:
    facts: list[Fact] = []
    words = words_of(text)
    for at, (start, end, word) in enumerate(words):
        kind = _kind(word)
        if kind is None:
            if stems and word.lower() in stems:
                facts.append(Fact(start, end, _WITHOUT_PREFIX + word.lower(), is_firm=False))
            continue
        previous = words[at - 1].text.lower() if at else ""
        if previous == kind.lower:
            continue  # a slip: "barely barely"
        following = words[at + 1].text.lower() if at + 1 < len(words) else ""
        facts += (Fact(start, end, *fact) for fact in _facts(kind, previous, following, stems))
    return facts


def _facts(kind: _Kind, previous: str, following: str, stems: Set[str]) -> Iterator[tuple[str, bool]]:
    """Values of the facts about one word, and whether they are firm."""
    lower = kind.lower
    is_idiom = following in IDIOMS.get(lower, ())
    if kind.is_firm:
        # The "nor" of "neither ... nor" denies no second time.
        is_only_said = (
            is_idiom or lower == "nor" or (lower, previous) == ("not", "or") or (lower, following) == ("no", ".")
        )
        yield _NEGATION, not is_only_said
    elif kind.is_implicit:
        yield _NEGATION, False
        if kind.is_strong or (lower.startswith("declin") and (following == "to" or following.endswith("ing"))):
            yield _STRONG, False
    if is_idiom:
        yield _WITH_PREFIX + following, False
    elif lower in stems or (kind.is_in_idioms and previous not in IDIOMS):
        yield _WITHOUT_PREFIX + lower, False
    if kind.stem:
        yield _WITH_PREFIX + kind.stem, False


def _compare(lost: list[Fact], gained: list[Fact]) -> str:
    less, more = Counter(fact.value for fact in lost), Counter(fact.value for fact in gained)
    firm = sum(fact.is_firm for fact in gained) - sum(fact.is_firm for fact in lost)
    implicit = more[_NEGATION] - less[_NEGATION] - firm
    turned = _turned(less, more) - _turned(more, less)
    firm, implicit = firm + turned, implicit - turned
    if firm < 0 and implicit < -firm:
        return "lost"
    if firm > 0 and -implicit < firm:
        return "added"
    strong = more[_STRONG] - less[_STRONG]
    if strong < 0 and not more[_NEGATION] and firm + implicit < 0:
        return "lost"
    if strong > 0 and not less[_NEGATION] and firm + implicit > 0:
        return "added"
    return ""


def _turned(without: Counter[str], into: Counter[str]) -> int:
    """How many words of ``without`` have their antonym with a prefix in ``into``."""
    plain = {value[1:]: count for value, count in without.items() if value[0] == _WITHOUT_PREFIX}
    return sum(min(count, into[_WITH_PREFIX + stem]) for stem, count in plain.items())


def _read_other_language(change: Change, language: str) -> Reading | None:
    firm, implicit = OTHER_LANGUAGES[language]
    old, new = (
        [
            Fact(word.start, word.end, _NEGATION, lower in firm)
            for word in words_of(text)
            if (lower := word.text.lower()) in firm or lower in FIRM or implicit.match(lower)
        ]
        for text in (change.mt, change.text)
    )
    before = sum(fact.is_firm for fact in old)

    def compare(lost: list[Fact], gained: list[Fact]) -> str:
        fewer, more = (sum(fact.is_firm for fact in facts) for facts in (lost, gained))
        after = before - fewer + more
        if before and not after and len(gained) == 0:
            return "lost"
        return "added" if after and not before and len(lost) == 0 else ""

    return facts_reading(change.shifts(old, new), compare)
