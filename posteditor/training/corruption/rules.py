"""What a rule is, and what rules have in common."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random
from typing import TypeAlias

from posteditor.training.corruption.sentence import Fault, Sentence

Rule: TypeAlias = Callable[[Sentence, Random], Fault | None]
"""Finds a place for one fault of its category; None when the sentence has none. Changes nothing itself."""

DETERMINERS = frozenset(
    ("a", "an", "the", "his", "her", "its", "their", "our", "my", "your", "this", "that", "these", "those")
)
"""Words that open a noun phrase and keep another article away."""


def attempt(sentence: Sentence, random: Random, ways: Iterable[tuple[Rule, float]]) -> Fault | None:
    """The fault of the first of ``ways``, in an order drawn by their weights, that finds a place."""
    left = list(ways)
    while left:
        (way,) = random.choices(left, [weight for _, weight in left])
        if fault := way[0](sentence, random):
            return fault
        left.remove(way)
    return None


def replace_one(
    sentence: Sentence, random: Random, choices: Mapping[str, Sequence[str]], *, names: bool = True
) -> Fault | None:
    """A free word that is a key of ``choices`` becomes one of the values; a capital stays, and values may be two words.

    The earlier a value stands, the more often it is taken. Without ``names``, words with a capital are left alone.
    """
    places = [
        at
        for at, word in enumerate(sentence.words)
        if (word.lower() if names else word) in choices and not sentence.fixed[at]
    ]
    if not places:
        return None
    place = random.choice(places)
    values = choices[sentence.lower(place)]
    new = values[int(len(values) * random.random() ** 2)]
    return Fault(place, place + 1, tuple(with_capital_of(sentence.words[place], new).split()))


def with_capital_of(old: str, new: str) -> str:
    """``new`` with a capital first letter if ``old`` has one; the pronoun I gives none away."""
    return new[:1].upper() + new[1:] if old[:1].isupper() and old != "I" else new


def table(text: str) -> dict[str, tuple[str, ...]]:
    """The lines ``word: value, value ...`` of ``text``."""
    entries = (line.partition(":")[::2] for line in text.strip().splitlines())
    return {word.strip(): tuple(value.strip() for value in values.split(",")) for word, values in entries}


def places_in(sentence: Sentence, words: frozenset[str]) -> list[int]:
    """Where free words of ``words`` stand."""
    return [at for at, word in enumerate(sentence.words) if not sentence.fixed[at] and word.lower() in words]


def is_content(sentence: Sentence, index: int, closed: frozenset[str]) -> bool:
    """True for a free English word, in small letters, that is not in ``closed``."""
    if not 0 <= index < len(sentence.words) or sentence.fixed[index]:
        return False
    word = sentence.words[index]
    return len(word) > 1 and word.isascii() and word.isalpha() and word.islower() and word not in closed
