"""Faults in punctuation and in capitals."""

from collections.abc import Set
from dataclasses import dataclass
from random import Random

from posteditor.rewriters.tag_words import capitalised
from posteditor.training.corruption.rules import attempt, places_in
from posteditor.training.corruption.sentence import Fault, Sentence, first_word
from posteditor.training.corruption.word_forms import WordForms

_AFTER_COMMA = frozenset(
    ("and", "but", "or", "which", "who", "that", "in", "on", "with", "by", "because", "while", "as")
)
_OTHER_MARKS = {",": (";", ":"), ";": (",", "."), ":": (",", ";"), "?": (".",), "!": (".",)}
_SHORTEST = 3


def punctuation_fault(sentence: Sentence, random: Random) -> Fault | None:
    """A comma too many or too few, a mark taken for another, a full stop lost; marks at numbers stay."""
    ways = ((_drop_comma, 0.4), (_add_comma, 0.4), (_swap_mark, 0.15), (_drop_stop, 0.05))
    return attempt(sentence, random, ways)


def _marks(sentence: Sentence, marks: Set[str]) -> list[int]:
    """Free marks between a word and a space, not beside a digit."""
    return [
        at
        for at, word in enumerate(sentence.words)
        if word in marks
        and not sentence.fixed[at]
        and at
        and sentence.words[at - 1][-1].isalpha()
        and (at + 1 == len(sentence.words) or (sentence.gaps[at + 1] and not sentence.words[at + 1][0].isnumeric()))
    ]


def _drop_comma(sentence: Sentence, random: Random) -> Fault | None:
    places = _marks(sentence, {","})
    return Fault(at := random.choice(places), at + 1, ()) if places else None


def _add_comma(sentence: Sentence, random: Random) -> Fault | None:
    places = [
        at
        for at in places_in(sentence, _AFTER_COMMA)
        if at and sentence.open(at) and sentence.words[at - 1][-1].isalpha()
    ]
    return Fault(at := random.choice(places), at, (",",)) if places else None


def _swap_mark(sentence: Sentence, random: Random) -> Fault | None:
    places = _marks(sentence, _OTHER_MARKS.keys())
    if not places:
        return None
    at = random.choice(places)
    return Fault(at, at + 1, (random.choice(_OTHER_MARKS[sentence.words[at]]),))


def _drop_stop(sentence: Sentence, random: Random) -> Fault | None:
    last = len(sentence.words) - 1
    return Fault(last, last + 1, ()) if last in _marks(sentence, {"."}) else None


@dataclass(frozen=True, slots=True)
class CasingRule:
    """A capital too many or too few; the first word keeps its own."""

    forms: WordForms

    def __call__(self, sentence: Sentence, random: Random) -> Fault | None:
        """One fault, or None."""
        return attempt(sentence, random, ((self._lower, 0.5), (self._upper, 0.5)))

    def _lower(self, sentence: Sentence, random: Random) -> Fault | None:
        first = first_word(sentence.words)
        places = [
            at
            for at, word in enumerate(sentence.words)
            if at > first and len(word) >= _SHORTEST and word.istitle() and word.isalpha() and not sentence.fixed[at]
        ]
        likely = [at for at in places if sentence.lower(at) in self.forms.common]
        if not (places := likely or places):
            return None
        at = random.choice(places)
        return Fault(at, at + 1, (sentence.lower(at),))

    def _upper(self, sentence: Sentence, random: Random) -> Fault | None:
        first = first_word(sentence.words)
        places = [
            at
            for at in range(first + 1, len(sentence.words))
            if not sentence.fixed[at]
            and self.forms.is_noun(sentence.words[at])
            and len(sentence.words[at]) >= _SHORTEST
        ]
        beside_names = [at for at in places if any(word.istitle() for word in sentence.words[at - 1 : at + 2])]
        if not (places := beside_names or places):
            return None
        at = random.choice(places)
        return Fault(at, at + 1, (capitalised(sentence.words[at]),))
