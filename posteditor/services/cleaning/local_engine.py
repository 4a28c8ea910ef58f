"""Judging in processes of this machine: batches go out in order and come back in order, a few at a time."""

import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from itertools import chain, islice
from queue import SimpleQueue
from typing import IO, TypeVar

from posteditor.errors import PostEditorError
from posteditor.services.cleaning.judging import Judge, Judged, Task

_AHEAD = 3
"""Batches for each process that are under way, so that none has to wait for us."""
_FEW = 2
"""So many batches are judged before processes could have started."""

_Kept = TypeVar("_Kept")


def judge_all(judge: Judge, tasks: Iterable[tuple[_Kept, Task]], jobs: int) -> Iterator[tuple[_Kept, Judged]]:
    """Each task's judgement, in order, with what came with it.

    Args:
        tasks: Taken as they are needed; what comes with them stays in this process.
        jobs: So many processes; 1 works in this one.

    Raises:
        PostEditorError: Something can't be judged, or a process ended.
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
    idle: SimpleQueue[_Worker] = SimpleQueue()
    waiting: deque[tuple[_Kept, Future[Judged]]] = deque()
    with ExitStack() as stack:
        # A thread for each process, which does nothing but talk to it. Left last: threads wait for their answers.
        threads = stack.enter_context(ThreadPoolExecutor(jobs, "judging"))
        for _ in range(jobs):
            idle.put(stack.enter_context(closing(_Worker(judge))))
        stack.callback(threads.shutdown, wait=False, cancel_futures=True)
        for kept, task in tasks:
            waiting.append((kept, threads.submit(_judged, idle, task)))
            if len(waiting) >= jobs * _AHEAD:
                yield _next(waiting)
        while waiting:
            yield _next(waiting)


def _next(waiting: "deque[tuple[_Kept, Future[Judged]]]") -> tuple[_Kept, Judged]:
    kept, future = waiting.popleft()
    return kept, future.result()


def _judged(idle: "SimpleQueue[_Worker]", task: Task) -> Judged:
    worker = idle.get()
    try:
        return worker.judged(task)
    finally:
        idle.put(worker)


class _Worker:
    """A process that ``worker`` describes; the parent's side."""

    def __init__(self, judge: Judge) -> None:
        # -P: a numpy.py in the folder the person works in is not the numpy we mean.
        command = [sys.executable, "-P", "-m", "posteditor.services.cleaning.worker"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._send(judge)

    def judged(self, task: Task) -> Judged:
        """What the process makes of a task; waits for it.

        Raises:
            PostEditorError: It can't be judged, or the process is gone.
        """
        self._send(task)
        try:
            found: Judged | PostEditorError = pickle.load(_pipe(self._process.stdout))
        except (EOFError, pickle.UnpicklingError, OSError, ValueError) as error:
            raise _gone() from error
        if isinstance(found, PostEditorError):
            raise found
        return found

    def close(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                _pipe(pipe).close()
            except OSError:  # what it was to be told last is of no interest any more
                continue
        self._process.wait()

    def _send(self, value: Judge | Task) -> None:
        pipe = _pipe(self._process.stdin)
        try:
            pipe.write(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
            pipe.flush()
        except (OSError, ValueError) as error:
            raise _gone() from error


def _gone() -> PostEditorError:
    return PostEditorError(
        "a process that judges pairs has ended",
        hint="Memory may have run out: try fewer --jobs. The same command goes on where it stopped.",
    )


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # both were asked for as pipes
    return pipe
