"""How long to wait for a server, when to try again, and when to stop asking."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from random import Random
from time import monotonic


@dataclass(frozen=True, slots=True)
class Patience:
    """Times in seconds."""

    connect: float = 10.0
    """Until a connection stands."""
    silence: float = 120.0
    """Without a byte, before the first one (a server may load the model then) or between two."""
    total: float = 600.0
    """For one try."""
    tries: int = 4
    """Per segment, the first one included."""
    first_pause: float = 0.5
    """Before the second try, give or take a half; doubled for each further one."""
    longest_pause: float = 8.0
    longest_wish: float = 60.0
    """A server that asks to wait longer than this (Retry-After) is not tried again."""

    def pause(self, tried: int, wish: float | None, random: Random) -> float | None:
        """How long to wait before the next try; None for no other try.

        Args:
            tried: Tries so far, at least 1.
            wish: What the server asked for; None when it didn't.
            random: Spreads the tries of many clients.
        """
        if tried >= self.tries or (wish is not None and wish > self.longest_wish):
            return None
        backoff: float = min(self.first_pause * 2 ** (tried - 1), self.longest_pause) * random.uniform(0.5, 1.5)
        return backoff if wish is None else max(wish, backoff)


def retry_after_seconds(header: str | None, *, now: datetime | None = None) -> float | None:
    """The seconds that a Retry-After header asks for, whether it gives a number or a date; None when it is neither."""
    if not header or len(header) > 100:
        return None
    if header.strip().isascii() and header.strip().isdigit():
        return float(header)
    try:
        then = parsedate_to_datetime(header)
    except ValueError:
        return None
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    return max(0.0, (then - (now or datetime.now(UTC))).total_seconds())


class CircuitBreaker:
    """Stops asking a server that has failed several segments in a row, and lets one through now and then to see."""

    def __init__(self, *, failures: int = 5, rest: float = 30.0, clock: Callable[[], float] = monotonic) -> None:
        """Closed at first.

        Args:
            failures: So many segments in a row open it.
            rest: Seconds until the next segment is let through.
            clock: Gives seconds.
        """
        self._failures = failures
        self._rest = rest
        self._clock = clock
        self._in_a_row = 0
        self._next_trial = 0.0
        self.reason = ""
        """The last failure."""

    @property
    def is_open(self) -> bool:
        """True while the server is taken to be down: who is let through then tries once only."""
        return self._in_a_row >= self._failures

    def lets_through(self) -> bool:
        """True when the server may be asked. While open that is once per rest."""
        if not self.is_open:
            return True
        if self._clock() < self._next_trial:
            return False
        self._next_trial = self._clock() + self._rest
        return True

    def failed(self, reason: str) -> None:
        """A segment failed because of the server."""
        self._in_a_row += 1
        self.reason = reason
        self._next_trial = self._clock() + self._rest

    def succeeded(self) -> None:
        """The server has answered."""
        self._in_a_row = 0
