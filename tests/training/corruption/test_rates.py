"""Rates from pairs of our own."""

from pathlib import Path

import pytest

from posteditor.errors import CorpusError
from posteditor.rewriters.edit_tags import edits_from_tags
from posteditor.rewriters.tag_derivation import tags_from_pair
from posteditor.training.corruption.rates import (
    DEFAULT_RATES,
    fault_categories,
    learn_rates,
    read_rates,
    rule_category,
    write_rates,
)


@pytest.mark.parametrize(
    ("mt", "target", "category"),
    [
        ("He saw dog.", "He saw the dog.", "article"),
        ("He sat at the box.", "He sat on the box.", "preposition"),
        ("She sold it dog.", "She sold her dog.", "pronoun"),
        ("They was there.", "They were there.", "agreement"),
        ("They has left.", "They have left.", "agreement"),
        ("They had left.", "They have left.", "verb form"),
        ("It is cold then.", "It was cold then.", "verb form"),
        ("He walking home.", "He walked home.", "verb form"),
        ("He saw two dog.", "He saw two dogs.", "number"),
        ("The Israel army.", "The Israeli army.", "derivation"),
        ("He lit the lantern.", "He lit the match.", "wrong sense"),
        ("He saw the results of the research.", "He saw the research results.", "compound"),
        ("He sat still old.", "He sat old still.", "word order"),
        ("He sat on mat.", "He sat on dirty mat.", "dropped word"),
        ("He sat big big now.", "He sat big now.", "doubled word"),
        ("Yes he came.", "Yes, he came.", "punctuation"),
        ("The acme fell.", "The Acme fell.", "casing"),
        ("The big red dog fell.", "The dog fell.", ""),
    ],
)
def test_an_edit_has_the_category_of_the_rule_that_makes_its_fault(mt: str, target: str, category: str) -> None:
    (edit,) = edits_from_tags(mt, tags_from_pair(mt, target))
    assert rule_category(edit, mt) == category


def test_a_possessive_put_in_and_its_of_taken_out_are_one_fault() -> None:
    mt, target = "He read exports of Acme now.", "He read Acme's exports now."
    assert fault_categories(edits_from_tags(mt, tags_from_pair(mt, target)), mt) == ["compound"]


def test_rates_are_shares() -> None:
    pairs = [("He saw dog.", "He saw the dog."), ("He sat at box.", "He sat on the box."), ("Same.", "Same.")]
    rates = learn_rates([*pairs, ("She saw cat.", "She saw the cat.")])
    assert rates.categories["article"] >= 0.66
    assert rates.faults[0] == 0.25 and sum(rates.faults) == pytest.approx(1, abs=1e-3)


def test_pairs_without_faults_give_no_rates() -> None:
    with pytest.raises(ValueError):
        learn_rates([("Same.", "Same.")])


def test_rates_survive_a_file(tmp_path: Path) -> None:
    write_rates(tmp_path / "rates.json", DEFAULT_RATES)
    assert read_rates(tmp_path / "rates.json") == DEFAULT_RATES


@pytest.mark.parametrize(
    "text", ["", "[]", '{"categories": {"spelling": 1}, "faults": [1]}', '{"categories": {"article": 1}}']
)
def test_a_file_without_rates_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rates.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CorpusError, match=r"rates\.json"):
        read_rates(path)
    with pytest.raises(CorpusError, match="missing"):
        read_rates(tmp_path / "missing.json")
