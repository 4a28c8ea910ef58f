"""Inline tags as placeholders."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posteditor.core.inline_tags import (
    Placeholder,
    TagKind,
    joined,
    missing_tags,
    pieces,
    placeholders,
    plain_segment,
    plain_text,
    protected,
    tag_problem,
    whole_tags,
    with_tags,
    without_tags,
)
from posteditor.core.segment import Neighbour, Segment
from posteditor.core.suggestion import Edit, suggestion_from_edits

TEXTS = st.text(alphabet="<>/12 ax", max_size=14)
TAGS = st.builds(Placeholder, st.integers(1, 30), st.sampled_from(TagKind))


@given(TEXTS)
def test_text_of_a_file_is_never_taken_for_a_tag(text: str) -> None:
    assert placeholders(protected(text)) == []
    assert "".join(map(str, pieces(protected(text)))) == text


@given(st.lists(st.one_of(TEXTS, TAGS), max_size=8))
def test_texts_and_tags_come_apart_again(parts: list[str | Placeholder]) -> None:
    merged: list[str | Placeholder] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    assert list(pieces(joined(parts))) == merged
    assert placeholders(joined(parts)) == [part for part in merged if isinstance(part, Placeholder)]


@pytest.mark.parametrize(
    ("target", "original", "problem"),
    [
        ("<1>a</1>", "<1>b</1>", ""),
        ("a <2/> <1>b</1>", "<1>a</1> <2/>", ""),
        ("a", "b", ""),
        ("a</1>", "<1>a</1>", "the tag <1> is missing"),
        ("<1>a</1><2/><2/>", "<1>a</1><2/>", "the tag <2/> is there twice"),
        ("a<3/>", "a", "the tag <3/> is there but not in the original"),
        ("</1>a<1>", "<1>a</1>", "the tag </1> is in the wrong place"),
        ("<1><2>a</1></2>", "<1><2>a</2></1>", "the tag </1> is in the wrong place"),
        ("b <1>a", "<1>a b", ""),  # as open as the original
    ],
)
def test_problems_of_tags_are_named(target: str, original: str, problem: str) -> None:
    assert tag_problem(target, original) == problem


@pytest.mark.parametrize(
    ("mt", "edit", "text"),
    [
        ("a <1>bad</1> c", Edit(2, 5, "good"), "a <1>good</1> c"),
        ("a <1>bad</1> c", Edit(0, 1, "the"), "the <1>bad</1> c"),
        ("a <1>bad</1> c", Edit(6, 7, "d"), "a <1>bad</1> d"),
        ("a<1/> b", Edit(1, 1, " big"), "a big<1/> b"),
        ("<1>a</1> b", Edit(1, 1, ","), "<1>a</1>, b"),
        ("a <1/>", Edit(1, 2, ""), "a<1/>"),
    ],
)
def test_edits_leave_the_tags_alone(mt: str, edit: Edit, text: str) -> None:
    plain = without_tags(mt)
    assert with_tags(mt, suggestion_from_edits(plain, [edit], "toy")).text == text


def test_an_edit_across_a_tag_is_withdrawn() -> None:
    suggestion = with_tags("one <1>two</1>", suggestion_from_edits("one two", [Edit(0, 7, "three")], "toy"))
    assert suggestion.text == "one <1>two</1>"
    assert suggestion.edits == ()
    (refused,) = suggestion.refused
    assert refused.reason == "inline tag"


@given(st.lists(st.one_of(st.text(alphabet="ab ", min_size=1, max_size=4), TAGS), max_size=6), st.data())
def test_no_edit_loses_or_moves_a_tag(parts: list[str | Placeholder], data: st.DataObject) -> None:
    mt = "".join(map(str, parts))
    plain = without_tags(mt)
    start = data.draw(st.integers(0, len(plain)))
    end = data.draw(st.integers(start, len(plain)))
    plain_suggestion = suggestion_from_edits(plain, [Edit(start, end, "xyz")], "toy")
    suggestion = with_tags(mt, plain_suggestion)
    assert placeholders(suggestion.text) == placeholders(mt)
    assert without_tags(suggestion.text) == (plain_suggestion.text if suggestion.edits else plain)


def test_rewriters_see_no_tags() -> None:
    segment = Segment(1, "<1>a</1>", "<1>b</1> <<1>", before=(Neighbour("<3/>c", "<3/>d"),))
    found = plain_segment(segment)
    assert (found.mt, found.source, found.before) == ("a", "b <<1>", (Neighbour("c", "d"),))
    untouched = Segment(1, "a", "b")
    assert plain_segment(untouched) is untouched


@pytest.mark.parametrize(
    ("start", "end", "grown"),
    [(4, 5, (2, 5)), (3, 3, (5, 5)), (2, 2, (2, 2)), (5, 5, (5, 5)), (0, 3, (0, 5)), (4, 9, (2, 12)), (5, 8, (5, 8))],
)
def test_no_tag_is_cut(start: int, end: int, grown: tuple[int, int]) -> None:
    assert whole_tags("a <1>bad</1> c", start, end) == grown


def test_what_is_missing_and_what_is_left_without_tags() -> None:
    assert list(map(str, missing_tags("a</1><3/>", "<1>b</1><2/><2/>"))) == ["<1>", "<2/>", "<2/>"]
    assert plain_text("a<1> <<2> </1>") == "a <2> "
