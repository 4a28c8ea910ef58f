"""Which hunks can't be made together, and which have to be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posteditor.core.diff import word_diff
from posteditor.core.suggestion import Edit, apply_edits
from posteditor.rewriters.hunk_choice import clash, first_that_fit, linked


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((0, 3), (2, 5), True),
        ((0, 3), (3, 5), False),
        ((0, 5), (1, 2), True),
        ((2, 2), (2, 2), True),
        ((2, 2), (0, 2), False),
        ((2, 2), (2, 4), False),
        ((2, 2), (1, 3), True),
        ((2, 2), (3, 3), False),
    ],
)
def test_clashes(one: tuple[int, int], other: tuple[int, int], expected: bool) -> None:
    first, second = Edit(*one, "x"), Edit(*other, "y")
    assert clash(first, second) is clash(second, first) is expected


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).map(sorted), max_size=12))
def test_what_fits_can_be_made_and_the_first_always_does(spans: list[list[int]]) -> None:
    edits = [Edit(start, end, "x") for start, end in spans]
    chosen = first_that_fit(edits)
    apply_edits("0123456789", chosen)
    assert chosen == () or edits[0] in chosen
    assert all(edit in chosen or any(clash(edit, other) for other in chosen) for edit in edits)


@pytest.mark.parametrize(
    ("mt", "target", "groups"),
    [
        ("she quickly ran home", "she ran home quickly", 1),
        ("is he there", "he is there", 1),
        ("a dog ran in park", "the dog ran in the park", 2),
        ("She go and he goes", "She goes and he go", 1),
        ("one two three", "one two three", 0),
    ],
)
def test_the_ends_of_a_move_belong_together(mt: str, target: str, groups: int) -> None:
    edits = word_diff(mt, target)
    found = linked(mt, edits)
    assert len(found) == groups
    assert sorted(index for group in found for index in group) == list(range(len(edits)))
