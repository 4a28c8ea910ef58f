"""Being stopped by a signal."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass
class Stop:
    """Whether a signal has come that waits for the next good moment."""

    requested: bool = False


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Inside the block a polite kill (SIGTERM) is the same as Ctrl-C: a KeyboardInterrupt, so that all is put in order.

    Worker processes that are forked inside the block end without a word. In a thread other than the main one nothing
    changes: only that one hears signals.
    """
    with _heard(_interrupt):
        yield


@contextmanager
def stop_deferred() -> Iterator[Stop]:
    """Inside the block the first signal only asks to leave it, and becomes a KeyboardInterrupt behind it.

    The second one does not wait.
    """
    stop = Stop()

    def ask() -> None:
        if stop.requested:
            raise KeyboardInterrupt
        stop.requested = True

    with _heard(ask):
        yield stop
    if stop.requested:
        raise KeyboardInterrupt


def _interrupt() -> None:
    raise KeyboardInterrupt


@contextmanager
def _heard(on_signal: Callable[[], None]) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    mine = os.getpid()

    def hear(number: int, frame: FrameType | None) -> None:
        del frame
        if os.getpid() != mine:
            os._exit(128 + number)
        on_signal()

    heard = [number for number in _SIGNALS if signal.getsignal(number) != signal.SIG_IGN]  # nohup, and jobs in scripts
    before = {number: signal.signal(number, hear) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
