"""Segments get the neighbours that they have in the file."""

from collections.abc import Iterator

import pytest

from posteditor.core.segment import Neighbour, Segment, Status
from posteditor.services.context import in_context, positions_around, with_neighbours
from posteditor.store.segments import Row


def segments(count: int) -> list[Segment]:
    return [Segment(number, f"mt {number}", source=f"source {number}") for number in range(1, count + 1)]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 50])
def test_each_segment_of_a_stream_gets_two_before_and_one_after(count: int) -> None:
    found = list(with_neighbours(segments(count)))
    assert found == segments(count)
    for number, segment in enumerate(found, 1):
        assert [each.text for each in segment.before] == [f"mt {near}" for near in (number - 2, number - 1) if near > 0]
        assert [each.text for each in segment.after] == [f"mt {number + 1}"] * (number < count)
        assert all(each.source == each.text.replace("mt", "source") for each in (*segment.before, *segment.after))


def test_a_stream_is_read_one_segment_ahead() -> None:
    read: list[int] = []

    def stream() -> Iterator[Segment]:
        for segment in segments(10):
            read.append(segment.position)
            yield segment

    rest = with_neighbours(stream())
    next(rest)
    assert read == [1, 2]
    next(rest)
    assert read == [1, 2, 3]


def row(position: int, target: str | None = None) -> Row:
    return Row(position, None, f"source {position}", f"mt {position}", target, None, Status.NEW, False, False)


def test_in_a_project_the_target_of_a_neighbour_counts() -> None:
    assert positions_around([1, 5], 6) == [1, 2, 3, 4, 5, 6]
    assert positions_around([], 6) == []
    rows = {position: row(position, "target 4" if position == 4 else None) for position in range(1, 7)}
    first, fifth = in_context([Segment(1, "mt 1"), Segment(5, "mt 5")], rows)
    assert (first.before, first.after) == ((), (Neighbour("mt 2", "source 2"),))
    assert fifth.before == (Neighbour("mt 3", "source 3"), Neighbour("target 4", "source 4"))
    assert fifth.after == (Neighbour("mt 6", "source 6"),)
