"""Negation in English, implicit and explicit, and in other languages as far as it is known there."""

import pytest

from tests.rewriters.judging import assert_passes, assert_refused


@pytest.mark.parametrize(
    ("mt", "rewrite"),
    [
        ("He will not comment on the plan.", "He declined to comment on the plan."),
        ("He refused to comment on the plan.", "He would not comment on the plan."),
        ("He has neither time nor money.", "He does not have time or money."),
        ("He could hardly see any of it.", "He could not see much of it."),
        ("His whisper was barely barely louder.", "His whisper was barely louder."),
        ("He did not not see the door.", "He did not see the door."),
        ("It was hardly seen by anyone.", "It was barely seen by anyone."),
        ("Er will das nicht und geht nach Hause.", "Er lehnt das ab und geht nach Hause."),
        ("Il ne veut pas de la maison et il part.", "Il refuse la maison et il part."),
    ],
)
def test_another_word_for_it_passes(mt: str, rewrite: str) -> None:
    assert_passes(mt, rewrite)


@pytest.mark.parametrize(
    ("mt", "rewrite"),
    [
        ("He refused to leave the house.", "He agreed to leave the house."),
        ("He failed to notice the door.", "He noticed the door."),
        ("He noticed the open door.", "He failed to notice the open door."),
        ("He declined to comment on it.", "He wanted to comment on it."),
        ("He declined commenting on it.", "He enjoyed commenting on it."),
        ("There was hardly any water left.", "There was some water left."),
        ("Stay away unless it is cold.", "Stay away if it is cold."),
        ("Er hat das Haus nicht gesehen und ist gegangen.", "Er hat das Haus gesehen und ist gegangen."),
        ("Il a vu la maison et il est parti.", "Il n'a pas vu la maison et il est parti."),
        (
            "Ze heeft het huis gezien en is naar de stad gegaan.",
            "Ze heeft het huis niet gezien en is naar de stad gegaan.",
        ),
    ],
)
def test_a_denial_that_comes_or_goes_is_refused(mt: str, rewrite: str) -> None:
    assert_refused("negation", mt, rewrite)
