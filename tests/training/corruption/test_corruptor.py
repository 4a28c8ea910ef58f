"""The corruptor: what holds for any text, and what its rates do."""

import multiprocessing
import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posteditor.training.corruption.corruptor import Corruptor, make_corruptor, make_rules
from posteditor.training.corruption.rates import CATEGORIES, DEFAULT_RATES, Rates
from posteditor.training.corruption.sentence import read_sentence
from posteditor.training.corruption.word_choice_rules import Senses
from posteditor.training.corruption.word_forms import mine_word_forms

SENTENCES = [
    "The old house stood by the river and the houses were red.",
    "She will walk to the market, he walks to markets, they walked and are walking.",
    "The act was an action, the group praised the groups; be careful and act carefully.",
]
FORMS = mine_word_forms(SENTENCES, least=1)
SENSES = Senses({"market": ("shop",), "house": ("hut",)}, {"old": ("ancient",)})
EVERYTHING = Rates(dict.fromkeys(CATEGORIES, 1.0), (0, 0, 0, 0, 0, 0, 0, 0, 1.0))
CORRUPTOR = Corruptor(FORMS, SENSES, EVERYTHING, seed=3)
RULES = make_rules(FORMS, SENSES)

WORDS = """
The the a an house houses dog's Israel Israeli 12 1,000 3.5 % $ , . ; ( ) " - in of to walked walk she It and not three
market Acme Group's carefully is 5th I I'm don't そ の é — … ' s
"""
words = st.sampled_from(WORDS.split())
texts = st.one_of(
    st.text(max_size=60), st.lists(words, max_size=25).map(" ".join), st.lists(words, max_size=25).map("".join)
)


def numbers(text: str) -> list[str]:
    return re.findall(r"\d+(?:[.,]\d+)*", text)


@settings(max_examples=200, deadline=None)
@given(texts)
def test_any_text_is_garbled_with_its_numbers_intact_and_always_the_same(text: str) -> None:
    corruption = CORRUPTOR.corrupt(text)
    assert numbers(corruption.text) == numbers(text)
    assert (corruption.text != text) == bool(corruption.categories)
    assert corruption == Corruptor(FORMS, SENSES, EVERYTHING, seed=3).corrupt(text)


@settings(max_examples=80, deadline=None)
@given(texts, st.randoms(use_true_random=False))
def test_a_rule_makes_a_difference_or_declines(text: str, random: object) -> None:
    for name, rule in RULES.items():
        sentence = read_sentence(text, FORMS.common)
        assert sentence.text() == text
        if fault := rule(sentence, random):  # type: ignore[arg-type]  # hypothesis' own kind of Random
            before = list(sentence.words)
            sentence.apply(fault)
            assert sentence.words != before, name
            assert numbers(sentence.text()) == numbers(text), name


def test_another_seed_makes_other_faults() -> None:
    text = "The old house stood by the river in the shade of the trees and she walked to the market."
    assert len({Corruptor(FORMS, SENSES, EVERYTHING, seed).corrupt(text).text for seed in range(20)}) > 10


def test_only_the_categories_with_a_rate_occur() -> None:
    rates = Rates({"article": 0.75, "preposition": 0.25}, (0.0, 1.0))
    corruptor = Corruptor(FORMS, SENSES, rates)
    text = "The dog number {} sat in the house of the old man by the river."
    seen = Counter(name for at in range(400) for name in corruptor.corrupt(text.format(at)).categories)
    assert set(seen) == {"article", "preposition"}
    assert 0.65 < seen["article"] / seen.total() < 0.85


def test_the_number_of_faults_follows_the_rates_and_the_length() -> None:
    corruptor = Corruptor(FORMS, SENSES, Rates({"doubled word": 1.0}, (0.5, 0.0, 0.5)))
    counts = Counter(len(corruptor.corrupt(f"The dog of {at} sat in the house.").categories) for at in range(300))
    assert set(counts) == {0, 2} and 110 < counts[0] < 190
    assert corruptor.corrupt("In it.").categories in ((), ("doubled word",))


def test_a_corruptor_works_in_another_process() -> None:
    texts = [f"The old house number {at} stood by the river." for at in range(20)]
    CORRUPTOR.corrupt("It has made its rules.")
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.map(CORRUPTOR.corrupt, texts) == [CORRUPTOR.corrupt(text) for text in texts]


def test_what_no_rule_fits_stays() -> None:
    assert CORRUPTOR.corrupt("1, 2, 3, 4, 5.").categories == ()
    assert CORRUPTOR.corrupt("").text == ""


def test_a_corruptor_learns_from_text_and_round_trips() -> None:
    trips = [("The boxes were gray.", "The crates were gray.")] * 3
    corruptor = make_corruptor(["He painted, paints and is painting; to paint."] * 3, trips=trips)
    assert corruptor.forms.verbs["paint"].past == "painted"
    assert corruptor.senses.synonyms == {"crates": ("boxes",)}
    assert corruptor.rates is DEFAULT_RATES


@pytest.mark.parametrize("categories", [{}, {"article": -1.0}, {"article": 0.0}, {"spelling": 1.0}])
def test_rates_that_make_no_sense_are_refused(categories: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        Rates(categories, (1.0,))
