"""Batches made ahead of time, and work in many processes."""

import threading
from collections.abc import Iterator
from functools import partial

import pytest

from posteditor.training.ahead import ahead
from posteditor.training.many_processes import in_processes


def test_items_come_in_their_order_and_all_of_them() -> None:
    assert list(ahead(range(100), depth=3)) == list(range(100))
    assert list(ahead([])) == []


def test_a_fault_comes_when_its_turn_is_there() -> None:
    def items() -> Iterator[int]:
        yield 1
        yield 2
        raise ValueError("the third one")

    found: list[int] = []
    with pytest.raises(ValueError, match="the third one"):
        found.extend(ahead(items()))
    assert found == [1, 2]


def test_no_thread_is_left_when_nobody_wants_the_rest() -> None:
    before = threading.active_count()
    stream = ahead(iter(range(10**9)), depth=2)
    assert next(iter(stream)) == 0
    stream.close()  # type: ignore[attr-defined]  # a generator, which Iterator does not say
    assert threading.active_count() == before


def _times(factor: int, number: int) -> int:
    return factor * number


@pytest.mark.parametrize("count", [0, 7, 6000])
def test_many_processes_give_what_one_gives(count: int) -> None:
    assert in_processes(partial(_times, 3), range(count)) == [3 * number for number in range(count)]
