"""Garbling clean sentences by rules, at learned rates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from random import Random

from posteditor.training.corruption.compound_rules import CompoundRule
from posteditor.training.corruption.mark_rules import CasingRule, punctuation_fault
from posteditor.training.corruption.neighbours import nearest_words, read_word_pieces
from posteditor.training.corruption.order_rules import WordOrderRule
from posteditor.training.corruption.rates import DEFAULT_RATES, Rates
from posteditor.training.corruption.rules import Rule
from posteditor.training.corruption.sentence import read_sentence
from posteditor.training.corruption.small_word_rules import (
    article_fault,
    function_word_fault,
    preposition_fault,
    pronoun_fault,
)
from posteditor.training.corruption.synonyms import mine_synonyms
from posteditor.training.corruption.word_choice_rules import (
    Senses,
    WrongSenseRule,
    doubled_word_fault,
    dropped_word_fault,
)
from posteditor.training.corruption.word_form_rules import AgreementRule, DerivationRule, NumberRule, VerbFormRule
from posteditor.training.corruption.word_forms import WordForms, mine_word_forms

_WORDS_PER_FAULT = 3


@dataclass(frozen=True, slots=True)
class Corruption:
    """A garbled sentence."""

    text: str
    categories: tuple[str, ...]
    """What kinds of faults were made, in the order of making; empty when the text is as it was."""


@dataclass(frozen=True)
class Corruptor:
    """Makes faults by rules; the same seed and sentence give the same. Can be sent to worker processes."""

    forms: WordForms
    senses: Senses = field(default_factory=Senses)
    rates: Rates = DEFAULT_RATES
    seed: int = 0

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """The rule for each category."""
        return make_rules(self.forms, self.senses)

    def corrupt(self, text: str) -> Corruption:
        """``text`` with as many faults as the rates draw, at most one for every three words.

        Numbers and negations stay. Where a category finds no place, another is drawn.
        """
        random = Random(f"{self.seed} {text}")
        sentence = read_sentence(text, self.forms.common)
        (wanted,) = random.choices(range(len(self.rates.faults)), self.rates.faults)
        wanted = min(wanted, len(sentence.words) // _WORDS_PER_FAULT)
        left = {name: share for name, share in self.rates.categories.items() if share}
        made: list[str] = []
        while left and len(made) < wanted:
            (name,) = random.choices(list(left), list(left.values()))
            if fault := self.rules[name](sentence, random):
                sentence.apply(fault)
                made.append(name)
            else:
                del left[name]
        garbled = sentence.text()
        return Corruption(garbled, tuple(made) if garbled != text else ())


def make_rules(forms: WordForms, senses: Senses) -> dict[str, Rule]:
    """The rule for each category of ``rates.CATEGORIES``."""
    return {
        "article": article_fault,
        "preposition": preposition_fault,
        "pronoun": pronoun_fault,
        "function word": function_word_fault,
        "agreement": AgreementRule(forms),
        "verb form": VerbFormRule(forms),
        "number": NumberRule(forms),
        "derivation": DerivationRule(forms),
        "wrong sense": WrongSenseRule(senses),
        "compound": CompoundRule(forms),
        "word order": WordOrderRule(forms),
        "dropped word": dropped_word_fault,
        "doubled word": doubled_word_fault,
        "punctuation": punctuation_fault,
        "casing": CasingRule(forms),
    }


def make_corruptor(
    clean: Iterable[str],
    *,
    encoder: Path | None = None,
    trips: Iterable[tuple[str, str]] = (),
    rates: Rates = DEFAULT_RATES,
    seed: int = 0,
) -> Corruptor:
    """A corruptor that has learned its words.

    Args:
        clean: Sentences from which it takes word forms; some ten thousand are enough.
        encoder: The folder of a BERT encoder whose embeddings give wrong senses; without it there are none from there.
        trips: (round trip, original) pairs, which give others.
        rates: How faults are shared out.
        seed: Another seed makes other faults.

    Raises:
        ModelError: There are no embeddings in ``encoder``.
    """
    forms = mine_word_forms(clean)
    neighbours = nearest_words(*read_word_pieces(encoder), forms.common) if encoder else {}
    return Corruptor(forms, Senses(neighbours, mine_synonyms(trips)), rates, seed)
