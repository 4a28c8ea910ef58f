"""Ids that a file repeats are made different, whatever they are."""

from hypothesis import given, settings
from hypothesis import strategies as st

from posteditor.formats.unique_ids import UniqueIds

name = st.none() | st.sampled_from(["", "1", "2", "3", "01", "-1", "a", "a#2", "a#3", "\ud800"]) | st.text(max_size=2)


@given(st.lists(name, max_size=30), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_no_id_comes_twice_and_the_first_stays(names: list[str | None], size: int) -> None:
    one_by_one, in_rows = UniqueIds(), UniqueIds()
    found = [one_by_one.unique(given_name, position) for position, given_name in enumerate(names, 1)]
    rows = [in_rows.unique_all(names[at : at + size], at + 1) for at in range(0, len(names), size)]
    assert [one for row in rows for one in row] == found
    real = [one for one in found if one is not None]
    assert len(set(real)) == len(real) == sum(bool(given_name) for given_name in names)
    assert all(one is None or one.startswith(given_name or "") for one, given_name in zip(found, names, strict=True))
    first = dict(zip(reversed(names), reversed(found), strict=True))
    made_up = {one for one, given_name in zip(found, names, strict=True) if one and one != given_name}
    assert all(first[one] == one for one in first if one and one not in made_up)


def test_numbers_in_a_row_and_again() -> None:
    ids = UniqueIds()
    assert ids.unique_all([str(n) for n in range(1, 2001)], 1) == [str(n) for n in range(1, 2001)]
    assert ids.unique_all(["2001", "7", "2002", "2003", "2003"], 2001) == [
        "2001",
        "7#2002",
        "2002",
        "2003",
        "2003#2005",
    ]


def test_hardly_any_id_is_taken_for_another() -> None:
    ids = UniqueIds()
    names = [f"unit-{n * 7919}" for n in range(200_000)]
    assert sum(a != b for a, b in zip(ids.unique_all(names, 1), names, strict=True)) < 10
