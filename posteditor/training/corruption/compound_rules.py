"""Literal compounds: "the exports of the NSO group" for "the NSO Group's exports"."""

from dataclasses import dataclass
from random import Random

from posteditor.rewriters.tag_categories import CLOSED_CLASS_WORDS
from posteditor.training.corruption.derivations import NAMES_AND_ADJECTIVES
from posteditor.training.corruption.rules import DETERMINERS, attempt, is_content
from posteditor.training.corruption.sentence import Fault, Sentence
from posteditor.training.corruption.word_forms import WordForms

_NATIONS = {adjective: name for name, adjective in NAMES_AND_ADJECTIVES}
_POSSESSIVE = ("'s", "’s")
_NO_POSSESSOR = frozenset(("it", "he", "she", "that", "what", "there", "here", "who", "let", "where", "how", "one"))
_NO_MODIFIER = frozenset(
    ("what", "same", "such", "other", "own", "all", "few", "more", "most", "many", "much", "several")
)
_LONGEST_NAME = 4
_ADJECTIVE_ENDINGS = ("al", "ic", "ous", "ive", "ed", "ing", "ful", "ble", "ish", "ary", "less", "ly", "er", "est")
_CLOSED = CLOSED_CLASS_WORDS - {"that"}


@dataclass(frozen=True, slots=True)
class CompoundRule:
    """A possessive, a noun before a noun, or a nation's adjective, taken apart with "of"."""

    forms: WordForms

    def __call__(self, sentence: Sentence, random: Random) -> Fault | None:
        """One fault, or None."""
        return attempt(sentence, random, ((self._possessive, 0.5), (self._nouns, 0.35), (self._nation, 0.15)))

    def _possessive(self, sentence: Sentence, random: Random) -> Fault | None:
        places = [
            at for at, word in enumerate(sentence.words) if word.endswith(_POSSESSIVE) and self._owns(sentence, at)
        ]
        if not places:
            return None
        at = random.choice(places)
        end = self._head_end(sentence, at + 1)
        start, determiner = self._possessor(sentence, at)
        owner = [*sentence.words[start:at], sentence.words[at][:-2]]
        if len(owner) > 1 and owner[-1].istitle() and owner[-1].lower() in self.forms.plurals and random.random() < 0.5:
            owner[-1] = owner[-1].lower()
        first = start - 1 if determiner else start
        return self._checked(sentence, first, end, ["the", *sentence.words[at + 1 : end], "of", *determiner, *owner])

    def _owns(self, sentence: Sentence, at: int) -> bool:
        """True when the word at ``at`` is a possessive, and where owner and owned begin and end is clear."""
        if sentence.fixed[at] or sentence.words[at][:-2].lower() in _NO_POSSESSOR:
            return False
        start, _ = self._possessor(sentence, at)
        before = sentence.lower(start - 1)
        after_verb = sentence.words[start][0].isupper() and before in self.forms.bases
        opened = not before or before in CLOSED_CLASS_WORDS or not sentence.is_word(start - 1) or after_verb
        return opened and self._head_end(sentence, at + 1) > at + 1

    def _head_end(self, sentence: Sentence, start: int) -> int:
        """The end of what is owned: up to two words before a noun, and nouns; ``start`` when there is no noun."""
        at, end = start, start
        while at < start + 3 and is_content(sentence, at, _CLOSED):
            noun = self.forms.is_noun(sentence.words[at])
            if (end > start and not noun) or (self.forms.is_verb(sentence.words[at]) and not noun):
                break
            at += 1
            if noun:
                end = at
        return start if self._goes_on(sentence, end) else end

    def _goes_on(self, sentence: Sentence, at: int) -> bool:
        """True when the word after a head may be the real head."""
        return is_content(sentence, at, _CLOSED) and not self.forms.is_verb(sentence.words[at])

    def _possessor(self, sentence: Sentence, at: int) -> tuple[int, list[str]]:
        """Where the owner begins, and its determiner."""
        start = at
        if sentence.words[at][0].isupper():
            while (
                start > 0
                and at - start < _LONGEST_NAME
                and sentence.words[start - 1].isalpha()
                and (sentence.words[start - 1][0].isupper())
            ):
                start -= 1
        elif is_content(sentence, at - 1, _CLOSED) and sentence.lower(at - 2) in DETERMINERS:
            start -= 1
        before = sentence.lower(start - 1)
        return start, [before] if before in DETERMINERS and start else []

    def _nouns(self, sentence: Sentence, random: Random) -> Fault | None:
        """ "The research results" becomes "the results of the research"."""
        places = [at for at in range(len(sentence.words) - 1) if self._is_pair(sentence, at)]
        if not places:
            return None
        at = random.choice(places)
        definite = sentence.lower(at - 1) == "the" or random.random() < 0.4
        return self._checked(
            sentence, at, at + 2, [sentence.words[at + 1], "of", *(["the"] if definite else []), sentence.words[at]]
        )

    def _is_pair(self, sentence: Sentence, at: int) -> bool:
        before = sentence.lower(at - 1)
        return (
            is_content(sentence, at, _CLOSED)
            and is_content(sentence, at + 1, _CLOSED)
            and self._may_modify(sentence.words[at])
            and self.forms.is_noun(sentence.words[at + 1])
            and not self.forms.is_noun(sentence.lower(at + 2))
            and (not before or before in CLOSED_CLASS_WORDS or not before[0].isalpha())
        )

    def _may_modify(self, word: str) -> bool:
        """True for singular nouns, those without a plural too, such as "research"."""
        if word in _NO_MODIFIER:
            return False
        if self.forms.is_noun(word):
            return word in self.forms.plurals
        uncountable = word in self.forms.nouns and word not in self.forms.adjectives | self.forms.singulars.keys()
        return uncountable and not word.endswith(_ADJECTIVE_ENDINGS)

    def _nation(self, sentence: Sentence, random: Random) -> Fault | None:
        """ "The Israeli government" becomes "the government of Israel"."""
        places = [
            at for at, word in enumerate(sentence.words[:-1]) if word in _NATIONS and self._is_adjective(sentence, at)
        ]
        if not places:
            return None
        at = random.choice(places)
        end = self._head_end(sentence, at + 1)
        return self._checked(sentence, at, end, [*sentence.words[at + 1 : end], "of", _NATIONS[sentence.words[at]]])

    def _is_adjective(self, sentence: Sentence, at: int) -> bool:
        """True when a noun follows and no "and" joins the word to another adjective."""
        joined = sentence.lower(at - 1) in ("and", "or")
        return not joined and not sentence.fixed[at] and self._head_end(sentence, at + 1) > at + 1

    def _checked(self, sentence: Sentence, start: int, end: int, words: list[str]) -> Fault | None:
        """The fault, unless something in its range must stay or is joined by more than spaces."""
        if not sentence.free(start, end) or not all(gap == " " for gap in sentence.gaps[start + 1 : end]):
            return None
        return Fault(start, end, tuple(words))
