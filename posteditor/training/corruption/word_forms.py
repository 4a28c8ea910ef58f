"""Families of word forms, mined from clean text.

A family is what suffix rules make of a word, as far as the text itself has those words: nothing is taken for a form
that nobody wrote. Irregular verbs and plurals come from a table and need no text.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property

from posteditor.core.words import split_words
from posteditor.rewriters.english_spelling import with_ending
from posteditor.rewriters.tag_categories import CLOSED_CLASS_WORDS
from posteditor.training.corruption.derivations import NAMES_AND_ADJECTIVES, derived_pairs
from posteditor.training.corruption.irregular_forms import (
    VerbForms,
    doubled,
    irregular_plurals,
    irregular_verbs,
    third_person,
)

_LEAST = 3
"""A word must occur so often, in small letters, to be taken for one."""
_SHORTEST = 3
_IN_FRONT = 0.65
"""An adjective has another word behind it more often than this; between 0 and 1."""
_DETERMINERS = "a an the this that these those his their our my your its of some any each every"
_SUBJECTS_AND_MODALS = "to will would can could may might must shall should he she it they we i you who not did does do"
_BEFORE_NOUNS, _BEFORE_VERBS = frozenset(_DETERMINERS.split()), frozenset(_SUBJECTS_AND_MODALS.split())


@dataclass(frozen=True)
class WordForms:
    """What is known of the words of a language from a text in it. All words are in small letters, names apart."""

    common: frozenset[str]
    """Words that are no names."""
    plurals: Mapping[str, str]
    """Singular to plural."""
    verbs: dict[str, VerbForms]
    """By base form."""
    relatives: Mapping[str, tuple[str, ...]]
    """Words of another kind from the same stem: act and action, Israel and Israeli."""
    nouns: frozenset[str]
    """Words seen as nouns more than as verbs: these and no others where a word may be either."""
    verbal: frozenset[str]
    """Words seen as verbs more than as nouns."""
    adjectives: frozenset[str]
    """Words that, after an article, mostly have a noun behind them: "last", though there are lasts."""

    @cached_property
    def singulars(self) -> dict[str, str]:
        """Plural to singular."""
        return {plural: singular for singular, plural in self.plurals.items()}

    @cached_property
    def bases(self) -> dict[str, str]:
        """Each verb form to its base; a form of two verbs goes to the first one, irregular verbs first."""
        return {form: base for base, forms in reversed(self.verbs.items()) for form in forms}

    def is_noun(self, word: str) -> bool:
        """True for a singular or plural noun, in small letters, that is seldom anything else."""
        if word not in self.plurals and word not in self.singulars:
            return False
        return word not in self.adjectives and (word not in self.bases or word in self.nouns)

    def is_verb(self, word: str) -> bool:
        """True for a verb form, in small letters, that is seldom anything else."""
        return word in self.bases and (not (word in self.plurals or word in self.singulars) or word in self.verbal)


def mine_word_forms(sentences: Iterable[str], *, least: int = _LEAST) -> WordForms:
    """The forms in ``sentences``; some ten thousand of them give the most of it.

    Args:
        sentences: Clean text.
        least: A word must occur so often.
    """
    counts: Counter[str] = Counter()
    as_noun: Counter[str] = Counter()
    as_verb: Counter[str] = Counter()
    in_front: Counter[str] = Counter()
    for sentence in sentences:
        previous, noun = "", ""
        for token in split_words(sentence):
            word = token.text
            if word[0].isspace():
                continue
            if word.islower() and word.isalpha() and word.isascii():
                counts[word] += 1
                if noun and word not in CLOSED_CLASS_WORDS:
                    in_front[noun] += 1
                noun = ""
                if previous in _BEFORE_NOUNS:
                    as_noun[word] += 1
                    noun = word
                elif previous in _BEFORE_VERBS:
                    as_verb[word] += 1
            else:
                noun = ""
            previous = word.lower()
    vocabulary = frozenset(word for word, count in counts.items() if count >= least) - CLOSED_CLASS_WORDS
    verbs = {forms.base: forms for forms in irregular_verbs()} | dict(_regular_verbs(vocabulary))
    plurals = dict(_regular_plurals(vocabulary)) | dict(irregular_plurals())
    common = vocabulary | {form for forms in verbs.values() for form in forms} | {*plurals, *plurals.values()}
    return WordForms(
        common=frozenset(common),
        plurals=plurals,
        verbs=verbs,
        relatives=_relatives(vocabulary, verbs),
        nouns=frozenset(word for word, count in as_noun.items() if count >= least and count > 2 * as_verb[word]),
        verbal=frozenset(word for word, count in as_verb.items() if count > 2 * as_noun[word]),
        adjectives=frozenset(
            word for word, count in in_front.items() if count >= _LEAST and count > _IN_FRONT * as_noun[word]
        ),
    )


def _regular_verbs(vocabulary: Set[str]) -> Iterator[tuple[str, VerbForms]]:
    irregular = {form for forms in irregular_verbs() for form in forms}
    for word in sorted(vocabulary):
        if len(word) < _SHORTEST or word in irregular or word.endswith(("ed", "ing")):
            continue
        stems = [word, doubled(word)]
        if not word.endswith("e") and word + "e" in vocabulary:
            del stems[0]  # "stared" belongs to "stare" and not to "star"
        for stem in stems:
            past, gerund = _with_ed(stem), with_ending(stem, "ing")
            if past in vocabulary and gerund in vocabulary:
                yield word, VerbForms(word, third_person(word), past, past, gerund)
                break


def _with_ed(stem: str) -> str:
    if stem.endswith("y") and len(stem) > 2 and stem[-2] not in "aeiou":
        return stem[:-1] + "ied"
    return stem + "d" if stem.endswith("e") else stem + "ed"


def _regular_plurals(vocabulary: Set[str]) -> Iterator[tuple[str, str]]:
    for word in sorted(vocabulary):
        plural = with_ending(word, "s")
        if len(word) >= _SHORTEST and plural in vocabulary and not word.endswith(("ss", "ed", "ing", "ly", "ous")):
            yield word, plural


def _relatives(vocabulary: Set[str], verbs: Mapping[str, VerbForms]) -> dict[str, tuple[str, ...]]:
    relatives: dict[str, list[str]] = {}
    for first, second in (*derived_pairs(vocabulary, verbs), *NAMES_AND_ADJECTIVES):
        relatives.setdefault(first, []).append(second)
        relatives.setdefault(second, []).append(first)
    return {word: tuple(dict.fromkeys(others)) for word, others in relatives.items()}
