"""Each category makes the fault that its name says, in sentences of our own."""

from collections.abc import Set
from random import Random

import pytest

from posteditor.training.corruption.compound_rules import CompoundRule
from posteditor.training.corruption.corruptor import make_rules
from posteditor.training.corruption.mark_rules import CasingRule, punctuation_fault
from posteditor.training.corruption.order_rules import WordOrderRule
from posteditor.training.corruption.rates import CATEGORIES
from posteditor.training.corruption.rules import Rule
from posteditor.training.corruption.sentence import Fault, read_sentence
from posteditor.training.corruption.small_word_rules import (
    article_fault,
    function_word_fault,
    preposition_fault,
    pronoun_fault,
)
from posteditor.training.corruption.word_choice_rules import (
    Senses,
    WrongSenseRule,
    doubled_word_fault,
    dropped_word_fault,
)
from posteditor.training.corruption.word_form_rules import AgreementRule, DerivationRule, NumberRule, VerbFormRule
from posteditor.training.corruption.word_forms import WordForms


def outcomes(rule: Rule, text: str, common: Set[str] = frozenset(), *, draws: int = 150) -> set[str]:
    """What ``rule`` makes of ``text`` over many draws; a draw that declines leaves nothing."""
    made = set()
    for seed in range(draws):
        sentence = read_sentence(text, common)
        if fault := rule(sentence, Random(seed)):
            sentence.apply(fault)
            made.add(sentence.text())
    return made


def test_every_category_has_a_rule(forms: WordForms) -> None:
    assert tuple(make_rules(forms, Senses())) == CATEGORIES


def test_articles_are_dropped_added_and_swapped() -> None:
    made = outcomes(article_fault, "The dog saw a cat in gardens.", {"dog", "gardens"})
    assert {
        "Dog saw a cat in gardens.",
        "The dog saw cat in gardens.",
        "The dog saw the cat in gardens.",
        "A dog saw a cat in gardens.",
        "The dog saw a cat in the gardens.",
    } <= made


def test_a_sentence_without_place_for_an_article_has_none() -> None:
    assert outcomes(article_fault, "She never left.") == set()


def test_an_article_before_a_name_leaves_its_capital() -> None:
    assert "He lived in the London." in outcomes(article_fault, "He lived in London.")


def test_prepositions_are_confused_dropped_and_added() -> None:
    made = outcomes(preposition_fault, "We waited at the station.")
    assert "We waited in the station." in made
    assert "We waited the station." in made
    assert any(
        text.startswith("We entered") and len(text.split()) == 5
        for text in outcomes(preposition_fault, "We entered the house.")
    )


def test_the_to_of_an_infinitive_is_no_preposition() -> None:
    assert outcomes(preposition_fault, "We want to sleep.") == set()


def test_pronouns_get_the_wrong_gender_or_are_lost() -> None:
    made = outcomes(pronoun_fault, "He sold his car.")
    assert {"It sold his car.", "He sold its car.", "Sold his car.", "He sold car."} <= made


def test_function_words_are_confused_and_added() -> None:
    made = outcomes(function_word_fault, "It was cold because they left.")
    assert "It was cold for they left." in made
    assert any(len(text.split()) == 7 for text in made)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("The results were good.", "The results was good."),
        ("She walks home.", "She walk home."),
        ("They walk home.", "They walks home."),
        ("This house is red.", "These house is red."),
    ],
)
def test_agreement(forms: WordForms, text: str, fault: str) -> None:
    assert fault in outcomes(AgreementRule(forms), text, forms.common)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("They walked home.", "They walk home."),
        ("They walked home.", "They has walked home."),
        ("He wanted to walk home.", "He wanted walking home."),
        ("He thought of walking home.", "He thought of to walk home."),
        ("She has spoken.", "She spoke."),
        ("She has spoken.", "She has spoke."),
        ("It was cold.", "It is cold."),
    ],
)
def test_tense_and_verb_form(forms: WordForms, text: str, fault: str) -> None:
    assert fault in outcomes(VerbFormRule(forms), text, forms.common)


def test_number(forms: WordForms) -> None:
    made = outcomes(NumberRule(forms), "The dog bit two children.", forms.common)
    assert made == {"The dogs bit two children.", "The dog bit two child."}


def test_derivation(forms: WordForms) -> None:
    rule = DerivationRule(forms)
    assert outcomes(rule, "The Israeli army left.", forms.common) == {"The Israel army left."}
    assert outcomes(rule, "An act of kindness.", forms.common) == {"An action of kindness."}
    assert "She spoke careful." in outcomes(rule, "She spoke carefully.", forms.common)


def test_wrong_sense_takes_neighbours_and_synonyms_and_leaves_names() -> None:
    rule = WrongSenseRule(Senses({"market": ("shop",)}, {"flat": ("apple", "floor")}))
    made = outcomes(rule, "A flat near the market of Flat Rock.")
    assert made == {
        "An apple near the market of Flat Rock.",
        "A floor near the market of Flat Rock.",
        "A flat near the shop of Flat Rock.",
    }


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("He saw the Acme Group's exports.", "He saw the exports of the Acme group."),
        ("He saw Smith's house.", "He saw the house of Smith."),
        ("His dog's house burned.", "The house of his dog burned."),
        ("He read the research results.", "He read the results of the research."),
        ("He read the long results.", None),
        ("He read the market reports.", "He read the reports of the market."),
        ("The Israeli government fell.", "The government of Israel fell."),
        ("It's the house.", None),
    ],
)
def test_compounds_are_taken_apart(forms: WordForms, text: str, fault: str | None) -> None:
    made = outcomes(CompoundRule(forms), text, forms.common)
    assert fault in made if fault else made == set()


def test_word_order_moves_words_and_phrases(forms: WordForms) -> None:
    rule = WordOrderRule(forms)
    assert "The house old stood here." in outcomes(rule, "The old house stood here.", forms.common)
    made = outcomes(rule, "They walked to the river in silence.", forms.common)
    assert "In silence they walked to the river." in made
    assert "They walked in silence to the river." in made


def test_words_cross_no_marks_and_names_stay_whole(forms: WordForms) -> None:
    for text in outcomes(WordOrderRule(forms), "In Paris, John Smith slowly walked to the river.", forms.common):
        assert text.startswith("In Paris, ") and "John Smith" in text


def test_a_small_word_is_dropped_but_no_negation() -> None:
    made = outcomes(dropped_word_fault, "It was not cold.")
    assert {"Was not cold.", "It not cold."} <= made
    assert all("not" in text for text in made)


def test_a_word_is_doubled_without_its_capital() -> None:
    made = outcomes(doubled_word_fault, "In the box.")
    assert made == {"In in the box.", "In the the box.", "In the box box."}


def test_punctuation() -> None:
    made = outcomes(punctuation_fault, "Yes, he came and left.", draws=300)
    assert made == {
        "Yes he came and left.",
        "Yes, he came, and left.",
        "Yes; he came and left.",
        "Yes: he came and left.",
        "Yes, he came and left",
    }


def test_marks_beside_numbers_stay() -> None:
    assert outcomes(punctuation_fault, "In 1900, 3, and 5, 7.") == set()


def test_casing_leaves_the_first_word_alone(forms: WordForms) -> None:
    made = outcomes(CasingRule(forms), "The Market of London had dogs.", forms.common)
    assert made == {"The market of London had dogs.", "The Market of London had Dogs."}


def test_a_fault_is_not_undone_by_the_next_one() -> None:
    sentence = read_sentence("The dog sat.", {"dog"})
    sentence.apply(Fault(0, 1, ()))
    assert sentence.text() == "Dog sat."
    assert article_fault(sentence, Random(1)) is None


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (Fault(1, 1, ("very",)), 'A very big (old) "dog", he said.'),
        (Fault(3, 4, ()), 'A big () "dog", he said.'),
        (Fault(6, 7, ("fat", "dog")), 'A big (old) "fat dog", he said.'),
        (Fault(8, 9, (";",)), 'A big (old) "dog"; he said.'),
        (Fault(1, 2, ("old",)), 'An old (old) "dog", he said.'),
        (Fault(0, 1, ()), 'Big (old) "dog", he said.'),
        (Fault(11, 12, ()), 'A big (old) "dog", he said'),
    ],
)
def test_spaces_and_capitals_follow_a_fault(fault: Fault, text: str) -> None:
    sentence = read_sentence('A big (old) "dog", he said.', frozenset())
    sentence.apply(fault)
    assert sentence.text() == text
