"""Segments on which a rewriter's process dies, told from machines that are lost.

Ray repeats what a worker was doing when it died. Without a memory of it, one text that takes all the memory there is
would kill worker after worker for ever. So the driver's machine keeps count of what was begun and not ended: a task
that has cost two workers is gone through with care, batch by batch and, where one was begun before, segment by segment;
a segment that was begun before gets an error instead of an answer.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Any

import ray

from posteditor.core.segment import Segment
from posteditor.core.suggestion import Suggestion
from posteditor.services.batch_answers import Batch, BatchAnswers
from posteditor.services.rewrite_journal import Answers

_MOST_DEATHS = 2
"""Of workers on one task, which may be somebody else's doing."""


class Deaths:
    """A handle on the count; goes to the workers."""

    def __init__(self, actor: Any) -> None:
        self._actor = actor

    @classmethod
    def started(cls) -> "Deaths":
        """A new count, on this machine."""
        here = {"ray.io/node-id": ray.get_runtime_context().get_node_id()}
        return cls(ray.remote(num_cpus=0, label_selector=here)(_Book).remote())

    def begin(self, what: Hashable) -> int:
        """Note that something is begun; how often it was begun before and not ended."""
        return int(ray.get(self._actor.begin.remote(what)))

    def end(self, what: Hashable) -> None:
        """Note that it is ended."""
        ray.get(self._actor.end.remote(what))


class _Book:
    def __init__(self) -> None:
        self._begun: Counter[Hashable] = Counter()

    def begin(self, what: Hashable) -> int:
        self._begun[what] += 1
        return self._begun[what] - 1

    def end(self, what: Hashable) -> None:
        del self._begun[what]


def answer_cautiously(answers: BatchAnswers, batches: Sequence[Batch], deaths: Deaths) -> list[Answers]:
    """The answers to the batches of a task, with what is known of earlier attempts at it."""
    task = ("task", batches[0][0].position)
    careful = deaths.begin(task) >= _MOST_DEATHS
    found = [_with_care(answers, batch, deaths) if careful else answers.answer(batch) for batch in batches]
    deaths.end(task)
    return found


def _with_care(answers: BatchAnswers, batch: Batch, deaths: Deaths) -> Answers:
    name = ("batch", batch[0].position)
    before = deaths.begin(name)
    found = [_alone(answers, segment, deaths) for segment in batch] if before else answers.answer(batch)
    deaths.end(name)
    return found


def _alone(answers: BatchAnswers, segment: Segment, deaths: Deaths) -> tuple[int, Suggestion]:
    name = ("segment", segment.position)
    if deaths.begin(name):
        reason = "the process of the rewriter died of this segment"
        return segment.position, Suggestion(segment.mt, (), answers.name, error=reason)
    (found,) = answers.answer([segment])
    deaths.end(name)
    return found
