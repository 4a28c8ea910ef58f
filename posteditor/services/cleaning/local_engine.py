"""Judging in processes of this machine: batches go out in order and come back in order, a few at a time."""

import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from typing import TypeVar

from posteditor.errors import PostEditorError
from posteditor.services.cleaning.judging import Judge, Judged, Task

_AHEAD = 2
"""Batches that wait for each process, so that none has to wait for us."""
_FEW = 2
"""So many batches are judged before processes could have started."""

_Kept = TypeVar("_Kept")


def judge_all(judge: Judge, tasks: Iterable[tuple[_Kept, Task]], jobs: int) -> Iterator[tuple[_Kept, Judged]]:
    """Each task's judgement, in order, with what came with it.

    Args:
        tasks: Taken as they are needed; what comes with them stays in this process.
        jobs: So many processes; 1 works in this one.

    Raises:
        PostEditorError: A process was ended from outside.
    """
    rest = iter(tasks)
    start = list(islice(rest, _FEW + 1))
    if jobs == 1 or len(start) <= _FEW:
        for kept, task in chain(start, rest):
            yield kept, judge.judge(task)
        return
    with closing(_in_processes(judge, chain(start, rest), jobs)) as found:
        yield from found


def _in_processes(judge: Judge, tasks: Iterator[tuple[_Kept, Task]], jobs: int) -> Generator[tuple[_Kept, Judged]]:
    # Spawned: a fork would take the locks of the caller's threads along as they stand.
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_start, initargs=(judge,))
    waiting: deque[tuple[_Kept, Future[Judged]]] = deque()
    try:
        for kept, task in tasks:
            waiting.append((kept, pool.submit(_judge, task)))
            if len(waiting) > jobs * _AHEAD:
                yield _next(waiting)
        while waiting:
            yield _next(waiting)
    except BrokenProcessPool as error:
        raise PostEditorError(
            "a process that judges pairs was ended from outside",
            hint="Memory may have run out: try fewer --jobs. The same command goes on where it stopped.",
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _next(waiting: "deque[tuple[_Kept, Future[Judged]]]") -> tuple[_Kept, Judged]:
    kept, future = waiting.popleft()
    return kept, future.result()


_judges: list[Judge] = []
"""That of a worker process; its own, so nothing shares it."""


def _start(judge: Judge) -> None:
    """Get a worker process ready: it leaves interrupts to its parent, and ends when that is gone, however it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_leave_with, args=(parent.sentinel,), daemon=True).start()
    _judges[:] = [judge]


def _leave_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(0)


def _judge(task: Task) -> Judged:
    return _judges[0].judge(task)
