"""Texts are shown without acting on the terminal, and edited without losing a character."""

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from posteditor.tui.visible import Disguise, visible

any_text = st.text(st.characters(codec=None) | st.characters(min_codepoint=0, max_codepoint=0x9F), max_size=40)


@given(any_text)
@example("\x1b]0;title\x07\x9b31m\u202e\u2066")
def test_what_is_shown_has_no_character_that_a_terminal_acts_on(text: str) -> None:
    shown = visible(text)
    assert len(shown) == len(text)
    assert not [char for char in shown if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")]
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


@given(any_text)
@example("".join(map(chr, range(0x10E000, 0x10E010))) + "\r\n\x85")
def test_a_disguise_gives_every_text_back(text: str) -> None:
    disguise = Disguise.for_text(text)
    worn = disguise.put_on(text)
    assert disguise.take_off(worn) == text
    assert len(worn) == len(text)
    lines = worn.splitlines()
    assert worn.split("\n") == ([*lines, ""] if worn.endswith("\n") or not worn else lines)
