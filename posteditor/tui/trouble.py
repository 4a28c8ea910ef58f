"""The editor's one place that turns errors meant for the person into something the person sees."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from posteditor.errors import PostEditorError

P = ParamSpec("P")
T = TypeVar("T")


def guarded(method: Callable[P, T]) -> Callable[P, T | None]:
    """Wrap a method of a screen: an error for the person goes to its ``tell`` instead of ending the program."""

    @wraps(method)
    def run(*args: P.args, **kwargs: P.kwargs) -> T | None:
        try:
            return method(*args, **kwargs)
        except PostEditorError as error:
            screen: Any = args[0]
            screen.tell(error)
            return None

    return run
