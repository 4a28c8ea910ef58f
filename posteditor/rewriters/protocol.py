"""What every family of rewriters offers."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from posteditor.core.segment import Segment
from posteditor.core.suggestion import Suggestion


class Rewriter(Protocol):
    """Anything that turns segments into suggestions; used from one thread at a time."""

    name: str
    """As suggestions carry it: the SPEC the person gave."""
    revision: str
    """Changes whenever the same segments could be answered otherwise: a hash of the weights, a version."""
    target_languages: tuple[str, ...]
    """BCP 47 tags of the languages it rewrites; empty when it takes any."""

    def rewrite(self, segments: Sequence[Segment], *, should_stop: Callable[[], bool] = ...) -> Iterator[Suggestion]:
        """One suggestion per segment, in order, each as soon as it is made; the same input gives the same output.

        Ends early, with fewer suggestions than segments, once ``should_stop()`` is true.
        """
        ...

    def close(self) -> None:
        """Free the model; the rewriter is not used afterwards."""
        ...
