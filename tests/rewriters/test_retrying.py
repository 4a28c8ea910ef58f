"""Pauses between tries, what Retry-After asks for, and when a server is no longer asked."""

from datetime import UTC, datetime
from random import Random

import pytest

from posteditor.rewriters.retrying import CircuitBreaker, Patience, retry_after_seconds


def test_pauses_double_within_their_spread_and_end() -> None:
    patience = Patience(tries=6, first_pause=1, longest_pause=5)
    for seed in range(50):
        pauses = [patience.pause(tried, None, Random(seed)) for tried in range(1, 7)]
        assert pauses[-1] is None
        for pause, middle in zip(pauses[:-1], (1, 2, 4, 5, 5), strict=True):
            assert pause is not None
            assert 0.5 * middle <= pause <= 1.5 * middle
    spread = {patience.pause(1, None, Random(seed)) for seed in range(50)}
    assert len(spread) == 50


def test_what_the_server_asks_for_is_kept_within_bounds() -> None:
    patience = Patience(first_pause=1, longest_wish=10)
    assert patience.pause(1, 10, Random(1)) == 10
    assert patience.pause(1, 10.1, Random(1)) is None
    pause = patience.pause(1, 0, Random(1))
    assert pause is not None
    assert pause >= 0.5


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("3", 3.0),
        (" 120 ", 120.0),
        ("-3", None),
        ("1.5", None),
        ("soon", None),
        ("٣", None),
        ("9" * 200, None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 60.0),
        ("Wed, 21 Oct 2026 07:28:00 -0000", 60.0),
        ("Wed, 21 Oct 2020 07:28:00 GMT", 0.0),
    ],
)
def test_retry_after_is_a_number_or_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(header, now=datetime(2026, 10, 21, 7, 27, tzinfo=UTC)) == seconds


def test_the_breaker_opens_after_failures_in_a_row_and_lets_one_through_per_rest() -> None:
    now = 0.0
    breaker = CircuitBreaker(failures=3, rest=10, clock=lambda: now)
    breaker.failed("a")
    breaker.failed("b")
    breaker.succeeded()
    for reason in "abc":
        assert breaker.lets_through()
        breaker.failed(reason)
    assert breaker.is_open
    assert breaker.reason == "c"
    assert not breaker.lets_through()
    now = 10.0
    assert [breaker.lets_through() for _ in range(3)] == [True, False, False]
    breaker.failed("d")
    assert not breaker.lets_through()
    now = 20.0
    assert breaker.lets_through()
    breaker.succeeded()
    assert [breaker.lets_through() for _ in range(3)] == [True, True, True]
