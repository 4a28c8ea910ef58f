"""Doing the same to very many things, in as many processes as there are cores."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, TypeVar

_CHUNK = 256
_FEW = 10 * _CHUNK
"""Fewer things are done sooner than processes are started."""

_Thing = TypeVar("_Thing")
_Done = TypeVar("_Done")


def in_processes(act: Callable[[_Thing], _Done], things: Sequence[_Thing], *, chunk: int = _CHUNK) -> list[_Done]:
    """``act`` of each thing, in order; the same for any number of processes.

    Args:
        act: Goes over to the processes once, with the fork: it may hold tables.
        things: Sent in chunks.
        chunk: So many things are sent together.
    """
    if len(things) * (_CHUNK // chunk) < _FEW:
        return [act(thing) for thing in things]
    workers = os.cpu_count()
    with ProcessPoolExecutor(workers, get_context("fork"), initializer=_remember, initargs=(act,)) as pool:
        return list(pool.map(_recalled, things, chunksize=chunk))


_remembered: list[Callable[[Any], Any]] = []


def _remember(act: Callable[[Any], Any]) -> None:
    _remembered[:] = [act]


def _recalled(thing: Any) -> Any:
    return _remembered[0](thing)
