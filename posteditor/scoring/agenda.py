"""What a scoring process does next: the newest live request first, the whole file when there is none."""

import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from posteditor.scoring.metrics import SLOW_METRICS
from posteditor.scoring.requests import ScoreRequest


@dataclass(eq=False, slots=True)
class Task:
    """A request and how much of it is left to do."""

    request: ScoreRequest
    is_live: bool
    steps: deque[tuple[str, str]]
    """Names of the text and of the metric, in the order they are scored."""


class Agenda:
    """Tasks from one thread to another that works on them. Every method may be called from any thread."""

    def __init__(self, metrics: Iterable[str]) -> None:
        self._metrics = tuple(metrics)
        self._changed = threading.Condition()
        self._live: dict[str, Task] = {}  # by key, the newest last
        self._background: deque[Task] = deque()
        self._interrupted = False

    def add_live(self, request: ScoreRequest) -> None:
        """Score this before anything else; an older live request with the same key is forgotten."""
        with self._changed:
            self._live.pop(request.key, None)
            self._live[request.key] = self._task(request, is_live=True)
            self._interrupted = True
            self._changed.notify()

    def add_background(self, requests: Iterable[ScoreRequest]) -> None:
        """Score these in order when there is nothing live to do."""
        with self._changed:
            self._background.extend(self._task(request, is_live=False) for request in requests)
            self._changed.notify()

    def next(self) -> Task:
        """The task to work on now; waits until there is one."""
        with self._changed:
            while not self._live and not self._background:
                self._changed.wait()
            self._interrupted = False
            return self._live.popitem()[1] if self._live else self._background.popleft()

    def should_yield(self) -> bool:
        """True when something live came in after the current task was begun; asked often, so without a lock."""
        return self._interrupted

    def put_back(self, task: Task) -> None:
        """Take up an unfinished task later, unless a live request with its key has come since."""
        with self._changed:
            if not task.is_live:
                self._background.appendleft(task)
            elif task.request.key not in self._live:
                self._live = {task.request.key: task, **self._live}

    def _task(self, request: ScoreRequest, *, is_live: bool) -> Task:
        """Metrics that may take long come last, so that the others of all texts are there at once."""
        metrics = request.metrics or self._metrics
        steps = [(text, metric) for text in request.texts for metric in metrics if metric not in SLOW_METRICS]
        steps += [(text, metric) for text in request.texts for metric in metrics if metric in SLOW_METRICS]
        return Task(request, is_live, deque(steps))
