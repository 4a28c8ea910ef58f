"""Edit tags: from tags to edits, and from pairs to tags and back."""

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from posteditor.core.suggestion import apply_edits
from posteditor.rewriters.edit_composition import compose_edits
from posteditor.rewriters.edit_tags import KEEP, edits_from_tags, parse_tag
from posteditor.rewriters.tag_derivation import tags_from_pair
from posteditor.rewriters.tag_words import tag_words

LABELS = [
    "KEEP", "DELETE", "REPLACE:the", "REPLACE:of the", "REPLACE:,", "APPEND:not", "APPEND:,", "APPEND:.", "APPEND:(",
    "SUFFIX:ed:ing", "SUFFIX::s", "SUFFIX:s:", "SUFFIX::'s", "CASE:capital", "CASE:lower", "CASE:upper",
    "MOVE:+1", "MOVE:-1", "MOVE:+3", "MOVE:-4", "WORD:palace",
]  # fmt: skip

ODD = "a The dog's , . \n U.S. 漢字 é— ( \t"
TEXTS = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(ODD.split(" "))).map(" ".join))


@st.composite
def tagged_texts(draw: st.DrawFn) -> tuple[str, list[str]]:
    text = draw(TEXTS)
    count = len(tag_words(text)) + 1
    return text, draw(st.lists(st.sampled_from(LABELS), min_size=count, max_size=count))


@given(tagged_texts())
def test_edits_are_valid_for_any_text_and_tags(case: tuple[str, list[str]]) -> None:
    text, tags = case
    edits = edits_from_tags(text, tags, [0.5] * len(tags))
    result = apply_edits(text, edits)  # raises where edits overlap, are out of order or out of range
    assert (result != text) == bool(edits)
    for edit in edits:
        assert text[edit.start : edit.end] != edit.replacement
        assert edit.category
        assert edit.confidence == 0.5
    for first, second in pairwise(edits):
        assert first.end < second.start or text[first.end : second.start] == "", "merged where nothing is between"


@given(TEXTS)
def test_all_keep_gives_no_edits(text: str) -> None:
    assert edits_from_tags(text, [KEEP] * (len(tag_words(text)) + 1)) == ()


@given(tagged_texts())
@example(("a a", [KEEP, "CASE:capital", "CASE:capital"]))
def test_white_space_away_from_the_edits_is_untouched(case: tuple[str, list[str]]) -> None:
    text, tags = case
    edits = edits_from_tags(text, tags)
    words = tag_words(text)
    for index, (left, right) in enumerate(pairwise(words)):
        near = tags[max(0, index - 7) : index + 10]
        one_edit = KEEP not in tags[index + 1 : index + 3]  # two changed words that are neighbours make one edit
        if not one_edit and all(tag == KEEP or tag.startswith("CASE") for tag in near):
            assert not any(edit.start < right.start and edit.end > left.end for edit in edits)


@pytest.mark.parametrize(
    ("mt", "target", "category"),
    [
        ("The house of big.", "The big house.", "word order"),
        ("He go to school.", "He goes to school.", "word form"),
        ("She is teacher.", "She is a teacher.", "article"),
        ("It rained in Monday.", "It rained on Monday.", "preposition"),
        ("He bought a floor in London.", "He bought a flat in London.", "word choice"),
        ("They said that that he left.", "They said that he left.", "pronoun"),
        ("However he left.", "However, he left.", "punctuation"),
        ("He lives in paris.", "He lives in Paris.", "casing"),
        ("It was very cold.", "It was cold.", "deletion"),
        ("the  old\tdog ran", "the  old\tdog barked", "word choice"),
    ],
)
def test_a_pair_is_reproduced_and_its_edit_named(mt: str, target: str, category: str) -> None:
    edits = edits_from_tags(mt, tags_from_pair(mt, target))
    assert apply_edits(mt, edits) == target
    assert {edit.category for edit in edits} == {category}


@pytest.mark.parametrize(
    ("mt", "tags", "expected"),
    [
        ("The exports of the group fell.", [KEEP, "DELETE", "MOVE:+3", "DELETE", KEEP, "SUFFIX::'s", KEEP, KEEP],
         "The group's exports fell."),
        ("Very big dogs", [KEEP, "DELETE", KEEP, KEEP], "Big dogs"),
        ("a dog", ["APPEND:it is", KEEP, KEEP], "it is a dog"),
        ("A dog", ["APPEND:it is", "CASE:lower", KEEP], "It is a dog"),
        ("dog , cat", [KEEP, KEEP, "DELETE", KEEP], "dog cat"),
        ("one,two", [KEEP, KEEP, "DELETE", KEEP], "one two"),
        ("yes no .", [KEEP, KEEP, "DELETE", KEEP], "yes ."),
        ("yes no.", [KEEP, KEEP, "DELETE", KEEP], "yes."),
        ("He left", [KEEP, KEEP, "APPEND:."], "He left."),
        ("one\ntwo three", [KEEP, KEEP, "DELETE", KEEP], "one\nthree"),
        ("dogs and cats", [KEEP, KEEP, "REPLACE:,", KEEP], "dogs, cats"),
        ("dogs, cats", [KEEP, KEEP, "REPLACE:and", KEEP], "dogs and cats"),
        ("Also it left", [KEEP, "CASE:lower", "DELETE", KEEP], "Also left"),
        ("an enormous clock", [KEEP, KEEP, "REPLACE:huge", KEEP], "a huge clock"),
        ("An old clock", [KEEP, KEEP, "DELETE", KEEP], "A clock"),
        ("he lose it", [KEEP, KEEP, "SUFFIX::ing", KEEP], "he losing it"),
        ("walked", [KEEP, "SUFFIX:ing:ed"], "walked"),
        ("one two", [KEEP, "MOVE:+8", KEEP], "two one"),
    ],
)  # fmt: skip
def test_spaces_and_capitals_come_out_right(mt: str, tags: list[str], expected: str) -> None:
    assert apply_edits(mt, edits_from_tags(mt, tags)) == expected


COMMON = "the a dog cat house Paris runs run ran walked walking of in with big red , not"
SENTENCES = st.lists(
    st.sampled_from(COMMON.split()),
    min_size=1,
    max_size=12,
).map(lambda words: " ".join(words).replace(" ,", ",") + ".")


@given(SENTENCES, SENTENCES)
def test_derived_tags_reach_any_target_in_a_few_rounds(mt: str, target: str) -> None:
    text = mt
    for _ in range(6):
        text = apply_edits(text, edits_from_tags(text, tags_from_pair(text, target)))
    assert [word.text.lower() for word in tag_words(text)] == [word.text.lower() for word in tag_words(target)]


@given(TEXTS, TEXTS)
def test_derivation_never_fails_and_fits_the_text(mt: str, target: str) -> None:
    tags = tags_from_pair(mt, target)
    assert len(tags) == len(tag_words(mt)) + 1
    for tag in tags:
        assert parse_tag(tag).label == tag


@given(tagged_texts(), st.data())
@settings(max_examples=150)
def test_two_rounds_make_one(case: tuple[str, list[str]], data: st.DataObject) -> None:
    text, tags = case
    first = edits_from_tags(text, tags)
    between = apply_edits(text, first)
    count = len(tag_words(between)) + 1
    second = edits_from_tags(between, data.draw(st.lists(st.sampled_from(LABELS), min_size=count, max_size=count)))
    assert apply_edits(text, compose_edits(text, first, second)) == apply_edits(between, second)


@pytest.mark.parametrize("label", ["", "FLY", "SUFFIX:ed", "CASE:title", "REPLACE:", "MOVE:0", "MOVE:far"])
def test_a_malformed_label_is_refused(label: str) -> None:
    with pytest.raises(ValueError):
        parse_tag(label)


def test_a_wrong_number_of_tags_is_refused() -> None:
    with pytest.raises(ValueError, match="2 tags for 2 words"):
        edits_from_tags("two words", [KEEP, KEEP])
