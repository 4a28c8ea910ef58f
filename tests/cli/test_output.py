"""The progress line: what it says of rate and time left, on a terminal and nowhere else."""

import io
import re
import sys
import time

import pytest

from posteditor.cli.output import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock)
    return clock


def lines(terminal: Terminal) -> list[str]:
    return [line for line in re.split(r"\r\x1b\[K", terminal.getvalue()) if line]


def test_rate_and_time_left_leave_out_what_an_earlier_run_did(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    with progress("rewriting") as report:
        report(900_000, 1_000_000)
        for _ in range(4):
            clock.now += 10
            report(900_000 + round(clock.now - 1000) * 25, 1_000_000)
    assert lines(terminal)[-1] == "rewriting: 901,000 of 1,000,000 segments, 25 a second, 1:06:00 left"
    assert terminal.getvalue().endswith("\r\x1b[K"), "nothing is left on the screen"


def test_each_stage_has_a_rate_of_its_own_and_slow_ones_a_decimal(
    monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    with progress("rewriting") as report:
        report(0, None, "reading")
        clock.now += 2
        report(2_000_000, None, "reading")
        clock.now += 2
        report(0, 50, "rewriting")
        clock.now += 4
        report(2, 50, "rewriting")
    assert lines(terminal) == [
        "reading: 2,000,000 segments, 1,000,000 a second",
        "rewriting: 0 of 50 segments",
        "rewriting: 2 of 50 segments, 0.5 a second, 1:36 left",
    ]


def test_nothing_is_said_in_the_first_second_nor_away_from_a_terminal(
    monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    for stream in (Terminal(), io.StringIO()):
        monkeypatch.setattr(sys, "stderr", stream)
        with progress("rewriting") as report:
            report(0, 10)
            clock.now += 0.9 if stream.isatty() else 30
            report(5, 10)
        assert stream.getvalue() == ""
