"""Hunks are taken, refused and found again on edited targets."""

import random

from hypothesis import given
from hypothesis import strategies as st

from posteditor.core.diff import map_edits, word_diff
from posteditor.core.hunks import HunkState, hunks_of, take_hunk, undo_hunk, without_refused
from posteditor.core.suggestion import Edit, apply_edits, suggestion_from_edits

MT = "Aide will not be complicated about the exports of the group."
EDITS = (
    Edit(0, 4, "The aide"),
    Edit(5, 28, "declined to elaborate"),
    Edit(29, 34, "on"),
    Edit(39, 59, "group's exports"),
)
WORDS = ["a", "the", "not", "one", "two", "él", "日", "本", ",", "."]


def spaced(words: list[str]) -> str:
    return " ".join(words)


texts = st.lists(st.sampled_from(WORDS), max_size=12).map(spaced)


def test_taking_hunks_one_by_one_gives_the_suggestion() -> None:
    suggestion = suggestion_from_edits(MT, EDITS, "default")
    target = MT
    for index in (2, 0, 3, 1):
        target = take_hunk(target, hunks_of(MT, target, suggestion)[index])
    assert target == suggestion.text == "The aide declined to elaborate on the group's exports."
    assert {hunk.state for hunk in hunks_of(MT, target, suggestion)} == {HunkState.TAKEN}


def test_a_taken_hunk_can_be_put_back() -> None:
    suggestion = suggestion_from_edits(MT, EDITS, "default")
    hunk = hunks_of(MT, suggestion.text, suggestion)[1]
    assert undo_hunk(MT, suggestion.text, hunk) == "The aide will not be complicated on the group's exports."


def test_a_hunk_is_stale_once_its_words_were_edited_otherwise() -> None:
    suggestion = suggestion_from_edits(MT, EDITS, "default")
    target = MT.replace("complicated", "drawn")
    states = [hunk.state for hunk in hunks_of(MT, target, suggestion)]
    assert states == [HunkState.OPEN, HunkState.STALE, HunkState.OPEN, HunkState.OPEN]
    assert take_hunk(target, hunks_of(MT, target, suggestion)[1]) == target


def test_refused_hunks_stay_out_of_the_whole() -> None:
    suggestion = suggestion_from_edits(MT, EDITS, "default")
    assert without_refused(MT, EDITS, {EDITS[0]}).startswith("Aide declined")
    states = [hunk.state for hunk in hunks_of(MT, MT, suggestion, {EDITS[0]})]
    assert states[0] is HunkState.REFUSED


@given(texts, texts)
def test_a_diff_makes_the_new_text_and_maps_to_taken(old: str, new: str) -> None:
    edits = word_diff(old, new)
    assert apply_edits(old, edits) == new
    assert all(mapped.taken for mapped in map_edits(old, new, edits))
    assert not any(mapped.taken or mapped.stale for mapped in map_edits(old, old, edits))


@given(texts, texts, st.randoms(use_true_random=False))
def test_any_subset_taken_leaves_the_rest_takeable_or_stale_but_never_wrong(
    old: str, new: str, chance: random.Random
) -> None:
    """Whatever was taken before, an open hunk goes in exactly where it belongs."""
    suggestion = suggestion_from_edits(old, word_diff(old, new), "x")
    kept = [edit for edit in suggestion.edits if chance.random() < 0.5]
    target = apply_edits(old, kept)
    for hunk in hunks_of(old, target, suggestion):
        if hunk.state is HunkState.OPEN and hunk.edit not in kept:
            wanted = apply_edits(old, sorted([*kept, hunk.edit], key=lambda edit: (edit.start, edit.end)))
            assert take_hunk(target, hunk) == wanted


@given(st.text(), st.text())
def test_a_diff_of_any_two_texts_makes_the_second(old: str, new: str) -> None:
    assert apply_edits(old, word_diff(old, new)) == new
