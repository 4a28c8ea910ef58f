"""What every family of rewriters offers."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

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


@dataclass(frozen=True, slots=True)
class MemoryPair:
    """What a person made of an mt and vouched for; where it was good already, both texts are the same."""

    mt: str
    target: str
    source: str | None = None
    """None where there was none."""
    position: int = 0
    """1-based place in the project that is being worked on, 0 for a pair from elsewhere.

    Nothing is suggested for a segment out of its own pair, and a new pair takes the place of the old one.
    """


@runtime_checkable
class Learner(Protocol):
    """What a rewriter offers besides if it learns from confirmed segments; one that doesn't has no such method."""

    def learn(self, pairs: Iterable[MemoryPair]) -> None:
        """Take more pairs into account from the next call of ``rewrite`` on; ``revision`` changes with them."""
        ...
