"""The scoring process: reads requests from standard input and answers on standard output, one JSON value a line.

It runs beside the editor so that neither sacrebleu's import nor a long TER ever holds up a key. It takes the messages
``{"live": request}`` and ``{"background": [request, ...]}``, and says ``{"live": bool, "scores": [...]}``, with
``"done": [key, number]`` in the last message for a request, and ``{"trouble": "..."}`` for the person. When standard
input ends, however its parent ended, it ends at once.

Run as ``python -m posteditor.scoring.child METRIC,METRIC [TARGET_LANG]``.
"""

import json
import os
import sys
import threading
from typing import BinaryIO

from posteditor.errors import ScoringError
from posteditor.scoring.agenda import Agenda, Task
from posteditor.scoring.banded import Cancelled
from posteditor.scoring.metrics import SLOW_METRICS, Metric, create_metric
from posteditor.scoring.requests import ScoredText, ScoreRequest

_NICENESS = 10  # typing and painting come first


class Worker:
    """Scores the tasks of an agenda and writes the answers."""

    def __init__(self, agenda: Agenda, target_lang: str | None, out: BinaryIO) -> None:
        self._agenda = agenda
        self._target_lang = target_lang
        self._out = out
        self._metrics: dict[str, Metric | None] = {}

    def run(self) -> None:
        """Work until the process ends."""
        while True:
            self._work(self._agenda.next())

    def _work(self, task: Task) -> None:
        """Score what is left of a task, or as much as can be done before something more urgent comes."""
        scored: list[ScoredText] = []
        while task.steps:
            if self._agenda.should_yield():
                break
            name, metric_name = task.steps[0]
            metric = self._metric(metric_name)
            if metric is not None:
                try:
                    scored.append(self._score(task.request, name, metric))
                except Cancelled:
                    break
            task.steps.popleft()
            if task.is_live and task.steps and task.steps[0][1] in SLOW_METRICS:
                self._answer(task, scored)
                scored = []
        if scored or not task.steps:
            self._answer(task, scored)
        if task.steps:
            self._agenda.put_back(task)

    def _score(self, request: ScoreRequest, name: str, metric: Metric) -> ScoredText:
        statistics = metric.statistics(request.texts[name], request.references, self._agenda.should_yield)
        value = metric.sentence_score(statistics).value
        return ScoredText(request.key, request.number, name, metric.name, statistics, value, len(request.references))

    def _metric(self, name: str) -> Metric | None:
        """The metric, or None when it can't be had here; the person is told once."""
        if name not in self._metrics:
            try:
                self._metrics[name] = create_metric(name, self._target_lang)
            except ScoringError as error:
                self._metrics[name] = None
                self._say({"trouble": str(error)})
        return self._metrics[name]

    def _answer(self, task: Task, scored: list[ScoredText]) -> None:
        message: dict[str, object] = {"live": task.is_live, "scores": [score.to_json() for score in scored]}
        if not task.steps:
            message["done"] = [task.request.key, task.request.number]
        self._say(message)

    def _say(self, message: dict[str, object]) -> None:
        self._out.write(json.dumps(message).encode("ascii") + b"\n")
        self._out.flush()


def listen(agenda: Agenda, lines: BinaryIO) -> None:
    """Put everything that is asked on the agenda until the other side closes."""
    for line in lines:
        message = json.loads(line)
        if "live" in message:
            agenda.add_live(ScoreRequest.from_json(message["live"]))
        else:
            agenda.add_background(ScoreRequest.from_json(request) for request in message["background"])


def _listen_and_leave(agenda: Agenda) -> None:
    try:
        listen(agenda, sys.stdin.buffer)
    finally:
        os._exit(0)  # nothing to save, and the other thread may be in the middle of a sentence


def main() -> None:
    """Score until standard input ends."""
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    metrics = sys.argv[1].split(",")
    target_lang = sys.argv[2] if len(sys.argv) > 2 else None
    agenda = Agenda(metrics)
    threading.Thread(target=_listen_and_leave, args=(agenda,), daemon=True).start()
    try:
        Worker(agenda, target_lang, sys.stdout.buffer).run()
    except BrokenPipeError:
        os._exit(0)


if __name__ == "__main__":
    main()
