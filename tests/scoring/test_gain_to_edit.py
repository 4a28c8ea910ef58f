"""Gain-to-Edit, against the formula of the WMT25 shared task with sacrebleu's TER."""

import random

import pytest
from sacrebleu.metrics.ter import TER

from posteditor.scoring.gain_to_edit import gain_per_100_edited_words, gain_to_edit
from tests.scoring.made_up_pairs import garbled, words


def test_it_is_the_mean_gain_over_the_ter_of_the_mt_against_its_correction() -> None:
    rng = random.Random(5)
    wanted = [words(rng, rng.choice([3, 12])) for _ in range(30)]
    texts = [" ".join(one) for one in wanted]
    mts = [" ".join(garbled(rng, one, rng.randint(0, 3))) for one in wanted]
    assert any(mt == text for mt, text in zip(mts, texts, strict=True))
    before, after = ([rng.random() for _ in texts] for _ in range(2))
    mean = sum(new - old for old, new in zip(before, after, strict=True)) / len(texts)
    wanted_value = mean / (TER().corpus_score(mts, [texts]).score / 100)
    gains = [100 * (new - old) for old, new in zip(before, after, strict=True)]
    assert gain_to_edit(mts, texts, gains) == pytest.approx(wanted_value)


def test_by_hand() -> None:
    mts, texts = ["a b c d", "e f g h i j"], ["a x c d", "e f g h i j"]
    # 1 edit to 10 words is a TER of 10; the mean gain is 2 points, all segments together gain 4 points for 1 word.
    assert gain_to_edit(mts, texts, [4.0, 0.0]) == pytest.approx(2 / 10)
    assert gain_per_100_edited_words(mts, texts, [4.0, 0.0]) == pytest.approx(400)
    assert gain_to_edit(mts, texts, [-4.0, 0.0]) == pytest.approx(-2 / 10)


def test_without_edits_there_is_none() -> None:
    assert gain_to_edit(["a"], ["a"], [0.0]) is None
    assert gain_per_100_edited_words(["a"], ["a"], [0.0]) is None
