"""All that is printed: data to standard output, everything said to a person to standard error."""

import json
import math
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from posteditor import __version__
from posteditor.errors import PostEditorError
from posteditor.tui.visible import visible

JSON_SCHEMA = 1
"""Version of the envelope; goes up when a key changes its meaning or goes away."""


def print_json(command: str, result: Any) -> None:
    """Write a result inside the versioned envelope."""
    envelope = {"posteditor": __version__, "schema": JSON_SCHEMA, "command": command, "result": result}
    sys.stdout.write(json.dumps(envelope, ensure_ascii=False, indent=2) + "\n")


def print_line(text: str = "") -> None:
    """Write a line of data; control characters are made visible when a terminal would act on them."""
    sys.stdout.write((visible(text) if sys.stdout.isatty() else text.replace("\x1b", "␛")) + "\n")


def say(text: str) -> None:
    """Tell the person something."""
    sys.stderr.write(visible(text) + "\n")


def print_error(error: PostEditorError) -> None:
    """Tell what went wrong and what to do."""
    say(f"posteditor: {error.message}")
    for line in error.hint.splitlines():
        say(f"  {line}")


def print_table(headers: Sequence[str], rows: Sequence[Sequence[str]], *, numeric_from: int = 1) -> None:
    """A plain table, columns aligned; from column ``numeric_from`` (0-based) on to the right."""
    for line in table_lines(headers, rows, numeric_from=numeric_from):
        print_line(line)


def table_lines(headers: Sequence[str], rows: Sequence[Sequence[str]], *, numeric_from: int = 1) -> Iterator[str]:
    """The lines of such a table."""
    widths = [max(len(row[index]) for row in [headers, *rows]) for index in range(len(headers))]
    for row in [headers, *rows]:
        cells = [
            cell.rjust(width) if index >= numeric_from else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


class Report(Protocol):
    """What a progress callback is given: done, and of how many if known."""

    def __call__(self, done: int, total: int | None = None, stage: str = "") -> None:
        """Show the state; cheap enough to be called for every segment. Another stage starts the clock anew."""


@contextmanager
def progress(what: str) -> Iterator[Report]:
    """A line on standard error that counts; only on a terminal, and only once a second has passed."""
    line = _ProgressLine(what)
    try:
        yield line.report if sys.stderr.isatty() else _nothing
    finally:
        line.clear()


class _ProgressLine:
    """What is done, the rate, and the time left; what was done before the first report is no part of the rate."""

    def __init__(self, what: str) -> None:
        self._what = self._stage = what
        self._opened = time.monotonic()
        self._first: tuple[float, int] | None = None
        self._shown = 0.0

    def report(self, done: int, total: int | None = None, stage: str = "") -> None:
        now = time.monotonic()
        if self._first is None or (stage or self._what) != self._stage:
            self._stage, self._first = stage or self._what, (now, done)
        if now - self._opened < 1 or now - self._shown < 0.2:
            return
        self._shown = now
        started, before = self._first
        rate = (done - before) / (now - started) if now > started else 0.0
        of_all = f" of {total:,}" if total else ""
        speed = f", {rate:,.{0 if rate >= 10 else 1}f} a second" if rate else ""
        left = f", {_duration((total - done) / rate)} left" if total and rate else ""
        sys.stderr.write(f"\r\x1b[K{self._stage}: {done:,}{of_all} segments{speed}{left}")
        sys.stderr.flush()

    def clear(self) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def _duration(seconds: float) -> str:
    """Such as 0:07, 12:05 or 26:03:59."""
    minutes, rest = divmod(math.ceil(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:,}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _nothing(done: int, total: int | None = None, stage: str = "") -> None:
    return
