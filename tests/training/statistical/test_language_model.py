"""The trigram model prefers what it has seen, and its probabilities add up."""

import math

import pytest

from posteditor.training.statistical.language_model import LanguageModel

SENTENCES = [
    line.split()
    for line in (
        "the old mill stands by the river .",
        "the old mill stands on the hill .",
        "an old bridge stands by the mill .",
        "the river runs by the old bridge .",
        "the hill is old .",
    )
]


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return LanguageModel.train(SENTENCES, least=1)


def test_the_seen_order_is_likelier(model: LanguageModel) -> None:
    seen, unseen = ["the", "old", "mill", "stands", "."], ["the", "mill", "old", "stands", "."]
    assert model.log_probability(seen) > model.log_probability(unseen) + 1


def test_a_gain_is_the_difference_of_two_sentences(model: LanguageModel) -> None:
    words = ["the", "mill", "old", "stands", "by", "the", "river", "."]
    for start, end, new in ((1, 3, ["old", "mill"]), (0, 1, []), (8, 8, ["."]), (4, 6, ["on", "the", "hill"])):
        changed = [*words[:start], *new, *words[end:]]
        difference = model.log_probability(changed) - model.log_probability(words)
        assert model.gain(words, start, end, new) == pytest.approx(difference)


@pytest.mark.parametrize("before", [[], ["the"], ["the", "old"], ["never", "seen"], ["mill", "stands"]])
def test_probabilities_of_the_next_word_add_up_to_one(model: LanguageModel, before: list[str]) -> None:
    vocabulary = sorted({word for sentence in SENTENCES for word in sentence})
    context = [1, 1, *model._ids(before)][-2:]
    ids = [0, 2, *model._ids(vocabulary)]  # the unknown word and the end of the sentence may follow too
    assert sum(math.exp(model._sum([*context, each])) for each in ids) == pytest.approx(1.0)


def test_rare_words_are_one_unknown_word() -> None:
    model = LanguageModel.train(SENTENCES, least=2)
    assert model.log_probability(["an"]) == model.log_probability(["zebra"])


def test_training_twice_gives_the_same(model: LanguageModel) -> None:
    again = LanguageModel.train(SENTENCES, least=1)
    words = ["an", "old", "river", "stands", "."]
    assert model.log_probability(words) == again.log_probability(words)


def test_nothing_to_learn_from_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one sentence"):
        LanguageModel.train([])
