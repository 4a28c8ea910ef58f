"""Batches of segments answered by the workers of a Ray cluster, in order. Imports Ray: only for those who asked for it.

One task on this machine reads the input and cuts it into the same batches as the local engine does; workers, each with
a loaded rewriter, answer them with the same code. Ray Data hands out the tasks, keeps their order, holds the reading up
when nobody takes the answers, and repeats what was lost with a worker or a machine.
"""

import pickle
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from math import ceil
from pathlib import Path

import pyarrow
import ray
import ray.data

from posteditor import __version__
from posteditor.errors import ModelError, PostEditorError, UsageError
from posteditor.services.batch_answers import Batch, BatchAnswers, batches
from posteditor.services.ray_cluster import Workers
from posteditor.services.ray_deaths import Deaths, answer_cautiously
from posteditor.services.ray_tasks import SingleSource, configure, gist, packed, unpacked
from posteditor.services.rewrite_input import open_input
from posteditor.services.rewrite_journal import Answers
from posteditor.services.rewrite_options import RewriteOptions
from posteditor.services.worker_place import Place

_MOST_BATCHES = 16
"""In one task, which costs the driver some 10 ms: a window at the most."""
_TASKS_PER_WORKER = 8
"""At least so many where there is enough to do, so that all workers end at nearly the same time."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a worker has to know."""

    options: RewriteOptions
    target_lang: str | None
    workers: Workers
    place: Place
    """Where the person stands."""
    posteditor: str = __version__
    rewriter: tuple[str, str] | None = None
    """Name and revision that every worker has to have; None while nobody knows."""

    def load(self) -> BatchAnswers:
        """The rewriter on this machine.

        Raises:
            ModelError: It can't be loaded, or differs from those of other machines.
        """
        self.place.enter()
        here = ray.util.get_node_ip_address()
        if self.posteditor != __version__:
            raise ModelError(f"on {here} is posteditor {__version__}, not {self.posteditor}", hint="Install the same.")
        try:
            answers = BatchAnswers(self.options, self.target_lang, threads=self.workers.cpus)
        except PostEditorError as error:
            error.message = f"on {here}: {error.message}"
            raise
        if self.rewriter not in (None, (answers.name, answers.revision)):
            raise ModelError(
                f"on {here}: the files of rewriter {answers.name!r} differ from those on other machines",
                hint="Copy the model anew.",
            )
        return answers


def described(work: Work) -> Work:
    """The same work with the rewriter's name and revision, which a worker finds out: the model need not fit in here.

    Raises:
        ModelError: The rewriter can't be loaded.
        UsageError: A worker can't be started.
    """
    remote = ray.remote(num_cpus=work.workers.cpus, num_gpus=work.workers.gpus, max_calls=1)(_describe)
    try:
        found = ray.get(remote.remote(work))
    except ray.exceptions.RayError as error:
        raise UsageError(
            f"a Ray worker can't be started: {gist(error)}",
            hint=f"posteditor {__version__} has to be installed on all machines, in the same version of Python.",
        ) from error
    if isinstance(found, PostEditorError):
        raise found
    return replace(work, rewriter=found)


def answer_batches(work: Work, paths: Sequence[Path], *, skip: int, total: int) -> Generator[Answers]:
    """The answers to all batches but the first ``skip`` of about ``total``, in order.

    Raises:
        CorpusError: The input can't be read any more.
        ModelError: The rewriter can't be loaded on one of the machines.
        UsageError: The cluster has failed.
    """
    left = max(1, total - skip)
    size = min(_MOST_BATCHES, max(1, left // (work.workers.count * _TASKS_PER_WORKER)))
    workers = min(work.workers.count, ceil(left / size))
    configure()
    tasks = ray.data.read_datasource(
        SingleSource(partial(_read, work, paths, skip, size)), num_cpus=0, override_num_blocks=1
    )
    answers = tasks.map_batches(
        _Worker,
        batch_size=1,
        batch_format="pyarrow",
        fn_constructor_args=(work, Deaths.started()),
        num_cpus=work.workers.cpus,
        num_gpus=work.workers.gpus,
        # Fewer are allowed: when a machine is lost, its workers get the place of those that have nothing to do.
        compute=ray.data.ActorPoolStrategy(min_size=1, initial_size=workers, max_size=None),
    )
    try:
        for table in answers.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0):
            yield from unpacked(table)
    except ray.exceptions.RayTaskError:
        raise  # a bug of ours: what can go wrong with a rewriter comes as an answer
    except ray.exceptions.RayError as error:
        raise UsageError(
            f"the Ray cluster has failed: {gist(error)}",
            hint="Once it is well again, the same command goes on where it stopped.",
        ) from error


class _Worker:
    """Answers the batches of a task; loads its rewriter with the first."""

    def __init__(self, work: Work, deaths: Deaths) -> None:
        self._work = work
        self._deaths = deaths
        self._answers: BatchAnswers | None = None

    def __call__(self, table: pyarrow.Table) -> pyarrow.Table:
        found: list[Batch] | PostEditorError = pickle.loads(table["packed"][0].as_py())
        if isinstance(found, PostEditorError):
            return table
        try:
            if self._answers is None:
                self._answers = self._work.load()
        except PostEditorError as error:
            return packed(error)
        return packed(answer_cautiously(self._answers, found, self._deaths))


def _read(work: Work, paths: Sequence[Path], skip: int, size: int) -> Iterator[pyarrow.Table]:
    """The tasks: so many batches each."""
    work.place.enter()
    try:
        with open_input(paths, work.options.read) as source, source.open_segments() as segments:
            rest = islice(batches(islice(segments, work.options.limit)), skip, None)
            while task := list(islice(rest, size)):
                yield packed(task)
    except PostEditorError as error:
        yield packed(error)


def _describe(work: Work) -> tuple[str, str] | PostEditorError:
    try:
        answers = work.load()
    except PostEditorError as error:
        return error
    answers.close()
    return answers.name, answers.revision
