"""Edits that the source calls for without being translated."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posteditor.core.suggestion import apply_edits
from posteditor.rewriters.source_copy import copy_edits

KNOWN = frozenset({"the", "a", "in", "old", "house", "mountain", "easter", "north", "river", "lives", "festival", "of"})


@pytest.mark.parametrize(
    ("mt", "source", "expected", "category"),
    [
        ("The low density density helps.", "Densitatea mică ajută .", "The low density helps.", "repetition"),
        ("It is told told told told told.", "Räägitakse .", "It is told.", "repetition"),
        ("He sat in the shade in the shade.", "Ta istus varjus .", "He sat in the shade.", "repetition"),
        ("The mayor of the mayor spoke.", "Primarul a vorbit .", "The mayor spoke.", "repetition"),
        ("It opened in 14449.", "See avati 1449. aastal .", "It opened in 1449.", "number"),
        ("The 1871st census was long.", "1871. aasta rahvaloendus oli pikk .", "The 1871 census was long.", "number"),
        ("Later Mr Tamm left.", "Hiljem Tamm lahkus .", "Later Tamm left.", "title"),
        ("In 1910 Oskar Kallenberk came.", "1910 tuli Oskar Kallenberg .", "In 1910 Oskar Kallenberg came.", "name"),
        ("It is Oskar Kallenberk's.", "See on Oskar Kallenberg oma .", "It is Oskar Kallenberg's.", "name"),
    ],
)  # fmt: skip
def test_what_the_source_shows_is_put_right(mt: str, source: str, expected: str, category: str) -> None:
    edits = copy_edits(mt, source, known_words=KNOWN)
    assert apply_edits(mt, edits) == expected
    assert [edit.category for edit in edits] == [category]
    assert all(0 < edit.confidence < 1 for edit in edits)


@pytest.mark.parametrize(
    ("mt", "source"),
    [
        ("Long, long ago there was a king.", "Kaua , kaua aega tagasi oli kuningas ."),
        ("They walked and walked and walked and slept.", "Nad kõndisid ja kõndisid ja magasid ."),
        ("I know that that is true.", "Ma tean , et see on tõsi ."),
        ("They saw the port of Port Arthur.", "Nad nägid Port Arthuri sadamat ."),
        ("The king of kings spoke.", "Kuningate kuningas rääkis ."),
        ("In 1914 he left, in 1923 he came.", "1915 lahkus , 1924 tuli ."),
        ("He was the 21st speaker.", "Ta oli 21. kõneleja ."),
        ("Later Mr Tamm left.", "Hiljem härra Tamm lahkus ."),
        ("Later Mr Kuznetsov left.", "Потом Кузнецов ушёл ."),
        ("He lives in the North Mountain.", "Ta elab in Nord Mountain ."),  # an ordinary word, translated
        ("Old Berlin in May.", "Vana Berliini mais ."),  # a name that the source bends
        ("", "Ta tuli ."),
        ("He came came.", ""),
    ],
)
def test_what_may_be_meant_is_left_alone(mt: str, source: str) -> None:
    assert copy_edits(mt, source, known_words=KNOWN) == ()


def test_names_are_left_alone_when_no_words_are_known() -> None:
    mt, source = "In 1910 Oskar Kallenberk came.", "1910 tuli Oskar Kallenberg ."
    assert copy_edits(mt, source) == ()


def test_a_name_with_both_neighbours_is_more_certain() -> None:
    one = copy_edits("There Oskar Kallenberk met us.", "Seal Oskar Kallenberg kohtus .", known_words=KNOWN)
    both = copy_edits("There Oskar Kallenberk Park is.", "Seal Oskar Kallenberg Park on .", known_words=KNOWN)
    assert one[0].confidence < both[0].confidence


def test_two_faults_in_one_place_become_edits_that_do_not_touch() -> None:
    mt = "Later Mr Oskar Kallenberk Kallenberk left left."
    edits = copy_edits(mt, "Hiljem Oskar Kallenberg lahkus .", known_words=KNOWN)
    assert apply_edits(mt, edits) == "Later Oskar Kallenberg left."


WORDS = "the of a Mr Mrs. Oskar Kallenberk Kallenberg Aara Para house house, 1449 14449 1871st 12 s \" ' , . guests и Ü"
PIECES = st.lists(st.sampled_from(WORDS.split()), max_size=14).map(" ".join)
TEXTS = st.one_of(PIECES, st.text(max_size=40))


@given(TEXTS, TEXTS)
def test_edits_are_valid_and_leave_nothing_to_do(mt: str, source: str) -> None:
    edits = copy_edits(mt, source, known_words=KNOWN)
    result = apply_edits(mt, edits)  # raises where edits overlap, are out of order or out of range
    for edit in edits:
        assert mt[edit.start : edit.end] != edit.replacement
        assert edit.category in {"repetition", "number", "title", "name"}
        assert 0 < edit.confidence < 1
    for first, second in pairwise(edits):
        assert first.end < second.start
    assert copy_edits(result, source, known_words=KNOWN) == ()
