"""Histograms: nothing lost, thresholds where they belong, little memory."""

from itertools import pairwise
from math import inf, isfinite

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from posteditor.cleaning.histogram import bars, tally
from posteditor.cleaning.rule import Bound


def test_whole_numbers_have_a_bar_each() -> None:
    found = bars(tally(np.array([1, 1, 3, 5.0])), Bound(), 10)
    assert [(bar.low, bar.high, bar.count) for bar in found] == [(1, 1, 2), (2, 2, 0), (3, 3, 1), (4, 4, 0), (5, 5, 1)]


def test_shares_are_cut_at_round_places() -> None:
    found = bars(tally(np.linspace(0, 1, 101)), Bound(0.7), 11)
    assert [bar.low for bar in found] == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    assert [bar.count for bar in found] == [10] * 10 + [1]


def test_what_lies_far_beyond_goes_into_one_bar() -> None:
    scores = np.array([1.0, 1.5, 2.0] * 100 + [5000.0, inf, np.nan])
    *near, far, endless = bars(tally(scores), Bound(high=3), 20)
    assert near[-1].high < 10
    assert (far.high, far.count) == (5000, 1)
    assert (endless.low, endless.count) == (inf, 1)
    assert near[-1].high >= 3


def test_memory_does_not_grow_with_the_scores() -> None:
    assert len(tally(np.random.default_rng(1).random(100_000) * 10)) < 3000


@given(
    scores=st.lists(st.floats(allow_nan=False, min_value=-1e9, max_value=1e9) | st.just(inf), max_size=50),
    low=st.floats(-10, 10),
    most=st.integers(2, 30),
)
def test_every_score_is_in_one_bar(scores: list[float], low: float, most: int) -> None:
    found = bars(tally(np.array(scores, np.float64)), Bound(low, low + 1), most)
    assert sum(bar.count for bar in found) == len(scores)
    assert len(found) <= most + 3
    finite = [bar for bar in found if isfinite(bar.low)]
    assert all(one.high <= other.low for one, other in pairwise(finite))
