"""Faults in the choice of words: wrong senses, dropped and doubled words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from posteditor.rewriters.tag_categories import CLOSED_CLASS_WORDS
from posteditor.training.corruption.rules import attempt, is_content, places_in, replace_one
from posteditor.training.corruption.sentence import Fault, Sentence

_EASILY_DROPPED = CLOSED_CLASS_WORDS - {"a", "an", "the", "i", "not", "no", "n't"}
_CONTENT_SHARE = 0.2
"""Of dropped words; small, for nobody can put back what can't be guessed."""


@dataclass(frozen=True, slots=True)
class Senses:
    """What words, in small letters, may be mistaken for, the likeliest first."""

    neighbours: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Words of like use, from an encoder's embeddings."""
    synonyms: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """What an engine made of them on a round trip."""


@dataclass(frozen=True, slots=True)
class WrongSenseRule:
    """A word whose sense is near but wrong: "floor" for "flat"."""

    senses: Senses

    def __call__(self, sentence: Sentence, random: Random) -> Fault | None:
        """One fault, or None."""
        return attempt(sentence, random, ((self._synonym, 0.65), (self._neighbour, 0.35)))

    def _synonym(self, sentence: Sentence, random: Random) -> Fault | None:
        return replace_one(sentence, random, self.senses.synonyms, names=False)

    def _neighbour(self, sentence: Sentence, random: Random) -> Fault | None:
        return replace_one(sentence, random, self.senses.neighbours, names=False)


def dropped_word_fault(sentence: Sentence, random: Random) -> Fault | None:
    """A word lost, mostly a small one; negations and numbers stay."""
    return attempt(sentence, random, ((_drop_small, 1 - _CONTENT_SHARE), (_drop_content, _CONTENT_SHARE)))


def _drop_small(sentence: Sentence, random: Random) -> Fault | None:
    return _dropped(sentence, places_in(sentence, _EASILY_DROPPED), random)


def _drop_content(sentence: Sentence, random: Random) -> Fault | None:
    places = [at for at in range(len(sentence.words)) if is_content(sentence, at, CLOSED_CLASS_WORDS)]
    return _dropped(sentence, places, random)


def _dropped(sentence: Sentence, places: list[int], random: Random) -> Fault | None:
    places = [at for at in places if sentence.is_word(at - 1) or sentence.is_word(at + 1)]
    if not places:
        return None
    at = random.choice(places)
    return Fault(at, at + 1, ())


def doubled_word_fault(sentence: Sentence, random: Random) -> Fault | None:
    """A word, mostly a small one, said twice."""
    return attempt(sentence, random, ((_double_small, 0.7), (_double_content, 0.3)))


def _double_small(sentence: Sentence, random: Random) -> Fault | None:
    return _doubled(sentence, places_in(sentence, CLOSED_CLASS_WORDS - {"i"}), random)


def _double_content(sentence: Sentence, random: Random) -> Fault | None:
    return _doubled(
        sentence, [at for at in range(len(sentence.words)) if is_content(sentence, at, CLOSED_CLASS_WORDS)], random
    )


def _doubled(sentence: Sentence, places: list[int], random: Random) -> Fault | None:
    if not places:
        return None
    at = random.choice(places)
    word = sentence.words[at]
    return Fault(at, at + 1, (word, word if word.isupper() else word.lower()))
