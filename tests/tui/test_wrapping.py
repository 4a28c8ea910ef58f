"""Wrapped text loses nothing and fits."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from posteditor.tui.visible import visible
from posteditor.tui.wrapping import fit, wrap_spans

PIECES = ["a", "bc ", " ", "日", "é", "e\u0301", "👍🏽", "👨‍👩‍👧", "⏎", "longword", "🇪🇸", "שלום "]


@given(st.lists(st.sampled_from(PIECES), max_size=15).map("".join), st.integers(2, 14))
def test_lines_join_to_the_text_and_fit(text: str, width: int) -> None:
    lines = [text[start:end] for start, end in wrap_spans(text, width)]
    assert "".join(lines) == text
    for line in lines:
        assert cell_len(line.rstrip()) <= width


@given(st.text(max_size=60), st.integers(2, 40))
def test_any_text_wraps_and_pads(text: str, width: int) -> None:
    shown = visible(text)
    lines = [shown[start:end] for start, end in wrap_spans(shown, width)]
    assert "".join(lines) == shown
    assert all(cell_len(fit(line, width)) >= width for line in lines)


def test_words_are_kept_whole_where_they_fit() -> None:
    text = "The session lasted almost six hours."
    lines = [text[start:end].rstrip() for start, end in wrap_spans(text, 12)]
    assert lines == ["The session", "lasted", "almost six", "hours."]
