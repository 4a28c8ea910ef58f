"""One PATH of the command line: what it names, and what it selects of that."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TypeVar

from posteditor.errors import UsageError
from posteditor.formats.columns import shown
from posteditor.formats.options import ReadOptions

Note = Callable[[str], None]
"""Gets a sentence about something that was left out."""

_SHOWN = 12
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Request:
    """One PATH, taken apart."""

    path: Path
    """The file or folder."""
    wanted: tuple[str, ...]
    """Patterns after the colon: language pairs, systems, or names, with ``*`` and ``?``; empty means everything."""
    options: ReadOptions
    note: Note


def select(request: Request, items: Sequence[_Item], labels: Callable[[_Item], Sequence[str]]) -> list[_Item]:
    """The items that were asked for, in their own order; all of them when nothing particular was.

    Args:
        request: What was asked for.
        items: What there is.
        labels: The names that an item goes by; the first one is shown when there is no such item.

    Raises:
        UsageError: A pattern matches none of them.
    """
    if not request.wanted:
        return list(items)
    for pattern in request.wanted:
        if not any(_matches(pattern, labels(item)) for item in items):
            raise _unknown(request, pattern, list(dict.fromkeys(labels(item)[0] for item in items)))
    return [item for item in items if any(_matches(pattern, labels(item)) for pattern in request.wanted)]


def refuse_selection(request: Request) -> None:
    """For what holds one test set only.

    Raises:
        UsageError: Something is selected.
    """
    if request.wanted:
        raise UsageError(
            f"{request.path}:{','.join(request.wanted)}: there is only one test set in {request.path}",
            hint="leave out the colon and what follows it",
        )


def _matches(pattern: str, labels: Sequence[str]) -> bool:
    return any(label == pattern or _fits(pattern.split("/"), label.split("/")) for label in labels)


def _fits(patterns: Sequence[str], parts: Sequence[str]) -> bool:
    """Part by part: a ``*`` stands for anything but a slash."""
    return len(patterns) == len(parts) and all(map(fnmatchcase, parts, patterns))


def _unknown(request: Request, pattern: str, known: Sequence[str]) -> UsageError:
    more = f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else ""
    return UsageError(
        f"{request.path}: there is no {shown(pattern)} in it",
        hint=f"there are {', '.join(known[:_SHOWN])}{more}; * stands for any letters",
    )
