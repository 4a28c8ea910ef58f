"""Edit rates between an mt and what a person made of it."""

import pytest
from sacrebleu.metrics.ter import TER

from posteditor.scoring.effort import EditRate, add_up, character_edit_rate, hter, word_edit_rate
from tests.scoring.made_up_pairs import texts


def test_words_and_marks_count_one_each() -> None:
    rate = word_edit_rate("Aide will not be complicated.", "The aide declined to elaborate.")
    # Aide→The, will→aide, not→declined, be→to, complicated→elaborate; the period stays
    assert (rate.edits, rate.length) == (5, 6)
    assert rate.value == pytest.approx(100 * 5 / 6)


def test_unspaced_scripts_count_by_character() -> None:
    assert word_edit_rate("他拒绝说明", "他拒绝置评") == EditRate(2, 5)


def test_characters_are_code_points() -> None:
    assert character_edit_rate("e\u0301", "é") == EditRate(2, 1)


@pytest.mark.parametrize(("mt", "target", "value"), [("", "", 0), ("a", "", 100), ("", "a", 100), ("a", "a", 0)])
def test_empty_texts(mt: str, target: str, value: float) -> None:
    for rate in (word_edit_rate, character_edit_rate, hter):
        assert rate(mt, target).value == value


def test_hter_is_sacrebleus_ter_against_the_target() -> None:
    pairs = [(text, references[0]) for text, references in texts(6, 100, longest=20)]
    rates = [hter(mt, target) for mt, target in pairs]
    for rate, (mt, target) in zip(rates, pairs, strict=True):
        assert rate.value == pytest.approx(TER().sentence_score(mt, [target]).score, rel=1e-12)
    expected = TER().corpus_score([mt for mt, _ in pairs], [[target for _, target in pairs]])
    assert add_up(rates).value == pytest.approx(expected.score, rel=1e-12)
