"""Errors that are meant for the person at the keyboard.

Everything a user can put right is raised as one of these: what went wrong, where, and what to do. ``cli/main.py`` and
``tui/app.py`` are the only places that turn them into exit codes and dialogs; any other exception is a bug of ours.
"""

from pathlib import Path
from typing import Any


class PostEditorError(Exception):
    """Base of all errors shown to the person without a traceback.

    Attributes:
        message: What went wrong and where, one line.
        hint: What to do about it, one line; empty when there is nothing to advise.
        exit_code: The exit status of the command line (design contract: 2 usage, 3 input, 4 project, 5 model).
    """

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (type(self), self.args, self.__dict__)


def _unpickled(kind: type[PostEditorError], args: tuple[Any, ...], state: dict[str, Any]) -> PostEditorError:
    """The error again, which can't be made from its ``args`` alone; they come from other processes."""
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class UsageError(PostEditorError):
    """The command was asked for something it cannot do: a wrong option, an existing or unwritable output."""

    exit_code = 2


class CorpusError(PostEditorError):
    """An input file is missing, unreadable or malformed.

    Attributes:
        path: The file.
        line: The 1-based line (or unit) of the fault; 0 when it concerns the whole file.
        problem: The fault alone, without the place.
    """

    exit_code = 3

    def __init__(self, path: Path | str, problem: str, *, line: int = 0, hint: str = "") -> None:
        where = f"{path} line {line}" if line else f"{path}"
        super().__init__(f"{where}: {problem}", hint=hint)
        self.path = Path(path)
        self.line = line
        self.problem = problem


class AlignmentError(CorpusError):
    """Parallel files, or segments and references, that do not have the same number of units."""


class StoreError(PostEditorError):
    """The project file can't be opened, read or written."""

    exit_code = 4


class ModelError(PostEditorError):
    """A rewriter can't be loaded or has failed."""

    exit_code = 5


class ScoringError(PostEditorError):
    """A score was asked for where there is none: no references, too few segments, an unknown metric."""

    exit_code = 2
