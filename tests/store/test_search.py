"""Finding whatever the case: LIKE on the text and on its folded form together are as good as folding both."""

import sqlite3
import sys

from hypothesis import given
from hypothesis import strategies as st

from posteditor.store.folding import folded, like_pattern

_CONNECTION = sqlite3.connect(":memory:")


def finds(text: str, query: str) -> bool:
    row = _CONNECTION.execute(
        r"SELECT ?1 LIKE ?3 ESCAPE '\' OR coalesce(?2, '') LIKE ?3 ESCAPE '\'",
        (text, folded(text), like_pattern(query)),
    ).fetchone()
    return bool(row[0])


def test_every_character_that_folds_to_ascii_is_found_by_what_it_folds_to() -> None:
    others = [chr(n) for n in range(128, sys.maxunicode + 1) if any(c < "\x80" for c in chr(n).casefold())]
    assert len(others) > 10
    for other in others:
        text = f"xx{other}pp"
        whole = text.casefold()
        for start in range(len(whole)):
            for end in range(start + 1, len(whole) + 1):
                assert finds(text, whole[start:end]), (text, whole[start:end])


_TEXTS = st.text("aAsSkKfFiIßſK\ufb01İŉ%_\\ éÉжЖ語", max_size=8) | st.text(
    st.characters(exclude_characters="\x00\x1f", exclude_categories=["Cs"]), max_size=8
)


@given(_TEXTS, _TEXTS, _TEXTS)
def test_a_text_is_found_by_its_parts_and_by_nothing_else(before: str, middle: str, after: str) -> None:
    text = f"{before}{middle}{after}"
    for query in (middle, middle.upper(), middle.casefold(), text.swapcase(), after + before):
        assert finds(text, query) == (query.casefold() in text.casefold())


def test_wildcards_in_the_query_are_plain_characters() -> None:
    assert finds("up 100% now", "100%")
    assert not finds("up 1000 now", "100%")
    assert not finds("bcd", "b_d")
    assert finds(r"C:\new", r":\N")


def test_what_stands_behind_a_nul_is_found() -> None:
    assert finds("a\0hidden", "Hidden")


def test_plain_texts_cost_nothing() -> None:
    assert folded("Only ASCII.", None, "café, “quotes” — 日本語") is None
    assert folded("Only ASCII.", "Émile", None) == "émile"
