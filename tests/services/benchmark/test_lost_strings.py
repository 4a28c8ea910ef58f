"""Strings that have to come through a rewriting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posteditor.services.benchmark.lost_strings import lost_strings


@pytest.mark.parametrize(
    ("keep", "after", "lost"),
    [
        (["not"], "It is nothing.", ("not",)),
        (["not"], "Not so.", ("not",)),
        (["14", "cm"], "14 cm", ()),
        (["14"], "140 cm, 14.5 cm and 3,14", ("14",)),
        (["14"], "It was 14.", ()),
        (["<b>", "</b>"], "<b>x", ("</b>",)),
        (["{0}"], "x{0}x", ()),
    ],
)
def test_lost_strings(keep: list[str], after: str, lost: tuple[str, ...]) -> None:
    assert lost_strings(keep, " ".join(keep), after) == lost


def test_one_of_two_is_lost() -> None:
    assert lost_strings(["%s"], "%s and %s", "%s and") == ("%s",)


@given(st.text(min_size=1), st.text(), st.text())
def test_what_stays_is_not_lost(keep: str, before: str, after: str) -> None:
    text = f"{before} {keep} {after}"
    assert lost_strings([keep], text, text) == ()
    assert lost_strings([keep], text, "") == (keep,)
