"""Faults in the order of words: moved words and moved phrases."""

from dataclasses import dataclass
from random import Random

from posteditor.rewriters.tag_categories import CLOSED_CLASS_WORDS
from posteditor.training.corruption.rules import DETERMINERS, attempt, is_content
from posteditor.training.corruption.sentence import Fault, Sentence
from posteditor.training.corruption.word_forms import WordForms

_PHRASE_OPENERS = frozenset(
    ("in", "on", "at", "by", "with", "from", "for", "to", "under", "during", "after", "before", "into", "through", "of")
)
_ENDS_PHRASE = (CLOSED_CLASS_WORDS - DETERMINERS) | {"that"}
_LEADS_ON = DETERMINERS | _PHRASE_OPENERS | {"and", "or", "not", "very", "to"}
"""Words that what follows belongs to: nothing lands behind them."""
_LONGEST_PHRASE = 6
_LONGEST_WAY = 5


@dataclass(frozen=True, slots=True)
class WordOrderRule:
    """A word or a phrase in the wrong place; nothing crosses a mark, and numbers stay where they are."""

    forms: WordForms

    def __call__(self, sentence: Sentence, random: Random) -> Fault | None:
        """One fault, or None."""
        ways = (
            (self._adjective, 0.3),
            (self._phrase, 0.35),
            (self._verb_to_the_end, 0.1),
            (_adverb, 0.1),
            (_any, 0.15),
        )
        return attempt(sentence, random, ways)

    def _adjective(self, sentence: Sentence, random: Random) -> Fault | None:
        """ "Red house" becomes "house red"."""
        places = [
            at
            for at in range(len(sentence.words) - 1)
            if is_content(sentence, at, CLOSED_CLASS_WORDS)
            and is_content(sentence, at + 1, CLOSED_CLASS_WORDS)
            and self.forms.is_noun(sentence.words[at + 1])
            and not self.forms.is_verb(sentence.words[at])
            and not sentence.words[at].endswith("ly")
        ]
        return _moved(sentence, (at := random.choice(places)), at + 1, at + 2) if places else None

    def _verb_to_the_end(self, sentence: Sentence, random: Random) -> Fault | None:
        """ "Has seen the house" becomes "has the house seen"."""
        places = []
        for at, word in enumerate(sentence.words):
            if not sentence.fixed[at] and self.forms.is_verb(word) and sentence.lower(at + 1) in DETERMINERS:
                end = self._phrase_end(sentence, at + 1)
                if end > at + 2:
                    places.append((at, end))
        if not places:
            return None
        at, end = random.choice(places)
        return _moved(sentence, at, at + 1, end)

    def _phrase(self, sentence: Sentence, random: Random) -> Fault | None:
        """A phrase with its preposition goes to the front or a few words to the left or right."""
        phrases = []
        for at, word in enumerate(sentence.words):
            if word in _PHRASE_OPENERS and (end := self._phrase_end(sentence, at + 1)) > at + 1:
                phrases += [(at, end, goal) for goal in _landings(sentence, at, end)]
        if not phrases:
            return None
        start, end, goal = random.choice(phrases)
        return _moved(sentence, start, end, goal)

    def _phrase_end(self, sentence: Sentence, start: int) -> int:
        """The end of the noun phrase that begins at ``start``; ``start`` itself when there is none to be moved."""
        at = start
        while (
            at < min(len(sentence.words), start + _LONGEST_PHRASE)
            and sentence.is_word(at)
            and sentence.lower(at) not in _ENDS_PHRASE
            and (at == start or sentence.lower(at) not in DETERMINERS)
            and not self.forms.is_verb(sentence.words[at])
        ):
            at += 1
        whole = sentence.free(start - 1, at) and sentence.lower(at - 1) not in DETERMINERS
        return at if whole and at - start < _LONGEST_PHRASE else start


def _landings(sentence: Sentence, start: int, end: int) -> list[int]:
    """Word boundaries to which the phrase ``start:end`` may go, within the same clause."""
    goals = []
    at = start - 1
    while at >= 0 and sentence.is_word(at):
        near = start - at <= _LONGEST_WAY or at == 0
        if near and _may_land(sentence, at):
            goals.append(at)
        at -= 1
    at = end + 1
    while at <= len(sentence.words) and sentence.is_word(at - 1) and at - end <= _LONGEST_WAY:
        if _may_land(sentence, at):
            goals.append(at)
        at += 1
    return goals


def _may_land(sentence: Sentence, at: int) -> bool:
    """True between words that don't lead on to each other: no article and noun, parts of a name, number and unit."""
    left, right = sentence.words[max(at - 1, 0) : at], sentence.words[at : at + 1]
    if sentence.lower(at - 1) in _LEADS_ON or any(sentence.fixed[max(at - 1, 0) : at + 1]):
        return False
    if left and right and left[0][0].isupper() and right[0][0].isupper():
        return False
    return not right or not sentence.is_word(at) or sentence.open(at)


def _adverb(sentence: Sentence, random: Random) -> Fault | None:
    places = [
        at
        for at, word in enumerate(sentence.words)
        if word.endswith("ly") and is_content(sentence, at, CLOSED_CLASS_WORDS)
    ]
    return _one_of(sentence, places, random)


def _any(sentence: Sentence, random: Random) -> Fault | None:
    places = [at for at in range(len(sentence.words)) if is_content(sentence, at, CLOSED_CLASS_WORDS)]
    return _one_of(sentence, places, random)


def _one_of(sentence: Sentence, places: list[int], random: Random) -> Fault | None:
    """One of the words at ``places`` moved over one to three words."""
    if not places:
        return None
    at = random.choice(places)
    goal = at + random.choice((-3, -2, -1, 2, 3, 4))
    if not 0 <= goal <= len(sentence.words) or not _may_land(sentence, goal):
        return None
    low, high = min(at, goal), max(at + 1, goal)
    if all(sentence.is_word(index) and not sentence.fixed[index] for index in range(low, high)):
        return _moved(sentence, at, at + 1, goal)
    return None


def _moved(sentence: Sentence, start: int, end: int, goal: int) -> Fault | None:
    """Words ``start:end`` put before word ``goal``; None when that makes no difference or breaks up what is joined."""
    low, high = min(start, goal), max(end, goal)
    words, phrase = sentence.words, sentence.words[start:end]
    new = [*phrase, *words[low:start]] if goal < start else [*words[end:high], *phrase]
    if new == words[low:high] or not all(sentence.gaps[low + 1 : high]):
        return None
    return Fault(low, high, tuple(new))
