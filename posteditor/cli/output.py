"""All that is printed: data to standard output, everything said to a person to standard error."""

import json
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
    widths = [max(len(row[index]) for row in [headers, *rows]) for index in range(len(headers))]
    for row in [headers, *rows]:
        cells = [
            cell.rjust(width) if index >= numeric_from else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print_line("  ".join(cells).rstrip())


class Report(Protocol):
    """What a progress callback is given: done, and of how many if known."""

    def __call__(self, done: int, total: int | None = None) -> None:
        """Show the state; cheap enough to be called for every segment."""


@contextmanager
def progress(what: str) -> Iterator[Report]:
    """A line on standard error that counts; only on a terminal, and only once a second has passed."""
    started = time.monotonic()
    shown = 0.0

    def report(done: int, total: int | None = None) -> None:
        nonlocal shown
        now = time.monotonic()
        if now - started < 1 or now - shown < 0.2:
            return
        shown = now
        rate = done / (now - started)
        left = f", {(total - done) / rate:,.0f} s left" if total and rate else ""
        of_all = f" of {total:,}" if total else ""
        sys.stderr.write(f"\r\x1b[K{what}: {done:,}{of_all} segments, {rate:,.0f} a second{left}")
        sys.stderr.flush()

    def nothing(done: int, total: int | None = None) -> None:
        return

    try:
        yield report if sys.stderr.isatty() else nothing
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
