"""Faults in the forms of words: agreement, tense and verb form, number, derivation."""

from dataclasses import dataclass
from random import Random

from posteditor.training.corruption.rules import DETERMINERS, attempt, replace_one, table, with_capital_of
from posteditor.training.corruption.sentence import Fault, Sentence
from posteditor.training.corruption.word_forms import WordForms

_AGREEING = table("""
is: are
are: is
was: were
were: was
has: have
have: has
does: do
am: is
""")
_TENSES = table("""
is: was, has been, be
are: were, have been, be
was: is, has been, were being
were: are, have been, was being
has: had, have had
have: had, having
had: has, have, having
will: would
would: will
been: being, be
being: been, be
be: being, been
did: does, do
""")
_DEMONSTRATIVES = {"this": "these", "these": "this", "that": "those", "those": "that"}
_PLURAL_SUBJECTS = frozenset(("they", "we", "you", "i", "who", "that", "which"))
_BEFORE_PARTICIPLES = frozenset(("has", "have", "had", "is", "are", "was", "were", "be", "been", "being"))


@dataclass(frozen=True, slots=True)
class AgreementRule:
    """A verb that doesn't agree with its subject, or a demonstrative with its noun."""

    forms: WordForms

    def __call__(self, sentence: Sentence, random: Random) -> Fault | None:
        """One fault, or None."""
        return attempt(sentence, random, ((_auxiliary, 0.5), (self._verb, 0.4), (self._demonstrative, 0.1)))

    def _verb(self, sentence: Sentence, random: Random) -> Fault | None:
        places = []
        for at, word in enumerate(sentence.words):
            if sentence.fixed[at] or not self.forms.is_verb(word):
                continue
            verb = self.forms.verbs[self.forms.bases[word]]
            if word == verb.third:
                places.append((at, verb.base))
            elif word == verb.base and word != verb.past and self._is_plural_subject(sentence, at - 1):
                places.append((at, verb.third))
        return _replaced(places, random)

    def _is_plural_subject(self, sentence: Sentence, at: int) -> bool:
        return sentence.lower(at) in _PLURAL_SUBJECTS or sentence.lower(at) in self.forms.singulars

    def _demonstrative(self, sentence: Sentence, random: Random) -> Fault | None:
        places = [
            (at, with_capital_of(word, _DEMONSTRATIVES[word.lower()]))
            for at, word in enumerate(sentence.words)
            if not sentence.fixed[at]
            and word.lower() in _DEMONSTRATIVES
            and (self.forms.is_noun(sentence.lower(at + 1)) and not self.forms.is_verb(sentence.lower(at + 1)))
        ]
        return _replaced(places, random)


def _auxiliary(sentence: Sentence, random: Random) -> Fault | None:
    return replace_one(sentence, random, _AGREEING)


@dataclass(frozen=True, slots=True)
class VerbFormRule:
    """A wrong tense, or a participle, gerund or infinitive in another's place."""

    forms: WordForms

    def __call__(self, sentence: Sentence, random: Random) -> Fault | None:
        """One fault, or None."""
        return attempt(sentence, random, ((self._one_word, 0.5), (self._phrase, 0.25), (_tense_of_auxiliary, 0.25)))

    def _one_word(self, sentence: Sentence, random: Random) -> Fault | None:
        places = [at for at in range(len(sentence.words)) if self._is_free_verb(sentence, at)]
        if not places:
            return None
        at = random.choice(places)
        word = sentence.words[at]
        verb = self.forms.verbs[self.forms.bases[word]]
        others = [form for form in dict.fromkeys(verb) if form != word]
        if sentence.lower(at - 1) not in _BEFORE_PARTICIPLES and verb.participle != verb.past:
            others = [form for form in others if form != verb.participle]
        return Fault(at, at + 1, (random.choice(others),)) if others else None

    def _phrase(self, sentence: Sentence, random: Random) -> Fault | None:
        """Between "to build", "building", "built" and "has built"."""
        places: list[Fault] = []
        for at, word in enumerate(sentence.words):
            if not self._is_free_verb(sentence, at):
                continue
            verb = self.forms.verbs[self.forms.bases[word]]
            before = sentence.lower(at - 1)
            if word == verb.base and before == "to" and sentence.free(at - 1, at):
                places += [Fault(at - 1, at + 1, (verb.gerund,)), Fault(at - 1, at + 1, ("for", verb.gerund))]
            elif word == verb.gerund and before not in _BEFORE_PARTICIPLES:
                places.append(Fault(at, at + 1, ("to", verb.base)))
            elif word == verb.participle and before in ("has", "have", "had") and sentence.free(at - 1, at):
                places.append(Fault(at - 1, at + 1, (verb.past,)))
            elif word == verb.past and before not in _BEFORE_PARTICIPLES | DETERMINERS and sentence.open(at):
                places.append(Fault(at, at + 1, (random.choice(("has", "had", "was")), verb.participle)))
        return random.choice(places) if places else None

    def _is_free_verb(self, sentence: Sentence, at: int) -> bool:
        return not sentence.fixed[at] and self.forms.is_verb(sentence.words[at])


def _tense_of_auxiliary(sentence: Sentence, random: Random) -> Fault | None:
    return replace_one(sentence, random, _TENSES)


@dataclass(frozen=True, slots=True)
class NumberRule:
    """A singular for a plural or the other way round."""

    forms: WordForms

    def __call__(self, sentence: Sentence, random: Random) -> Fault | None:
        """One fault, or None."""
        places = []
        for at, word in enumerate(sentence.words):
            if not sentence.fixed[at] and self.forms.is_noun(word):
                places.append((at, self.forms.plurals.get(word) or self.forms.singulars[word]))
        return _replaced([(at, new) for at, new in places if new != sentence.words[at]], random)


@dataclass(frozen=True, slots=True)
class DerivationRule:
    """A word of the wrong kind from the right stem: "Israel government", "an act of protect"."""

    forms: WordForms

    def __call__(self, sentence: Sentence, random: Random) -> Fault | None:
        """One fault, or None."""
        places = [
            (at, with_capital_of(word, random.choice(self.forms.relatives[word])))
            for at, word in enumerate(sentence.words)
            if not sentence.fixed[at] and word in self.forms.relatives
        ]
        return _replaced(places, random)


def _replaced(places: list[tuple[int, str]], random: Random) -> Fault | None:
    if not places:
        return None
    at, new = random.choice(places)
    return Fault(at, at + 1, (new,))
