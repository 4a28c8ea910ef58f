"""Batches judged by the workers of a Ray cluster, in order. Imports Ray: only for those who asked for that engine."""

import pickle
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import pyarrow
import ray
import ray.data

from posteditor import __version__
from posteditor.errors import PostEditorError, UsageError
from posteditor.services.cleaning.decisions import Frame
from posteditor.services.cleaning.judging import Judge, Judged
from posteditor.services.cleaning.options import CleanOptions
from posteditor.services.cleaning.pairs import open_pairs
from posteditor.services.cleaning.run import Run, corpus
from posteditor.services.cleaning.running import tasks
from posteditor.services.cleaning.scores_file import open_scores
from posteditor.services.ray_cluster import Workers
from posteditor.services.ray_tasks import SingleSource, configure, gist, packed, unpacked
from posteditor.services.worker_place import Place

_BATCHES = 4
"""In one task, which costs the driver some 10 ms."""
_MOST_DEATHS = 3
"""Of workers on one task; then it is the pairs that kill them."""


@dataclass(frozen=True, slots=True)
class _Work:
    """What a worker has to know."""

    judge: Judge
    place: Place
    posteditor: str = __version__


def judge_on_ray(run: Run, paths: Sequence[Path], workers: Workers, *, skip: int) -> Generator[tuple[Frame, Judged]]:
    """All batches but the first ``skip``, in order.

    Raises:
        CorpusError: The input or the given scores can't be read.
        UsageError: The cluster has failed.
    """
    configure()
    place = Place.here()
    about = run.about_scores() if run.reuses_scores else None
    read = partial(_read, place, tuple(paths), run.options, about, skip)
    judged = ray.data.read_datasource(SingleSource(read), num_cpus=0, override_num_blocks=1).map_batches(
        _Worker,
        batch_size=1,
        batch_format="pyarrow",
        fn_constructor_args=(_Work(run.judge(), place),),
        num_cpus=1,
        max_task_retries=_MOST_DEATHS,
        max_restarts=_MOST_DEATHS,
        compute=ray.data.ActorPoolStrategy(min_size=1, initial_size=1, max_size=workers.count * workers.cpus),
    )
    try:
        for table in judged.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0):
            yield from unpacked(table)
    except ray.exceptions.RayTaskError:
        raise  # a bug of ours, or of a plug-in
    except ray.exceptions.RayError as error:
        raise UsageError(
            f"the Ray cluster has failed: {gist(error)}",
            hint="Once it is well again, the same command goes on where it stopped.",
        ) from error


class _Worker:
    """Judges the batches of a task."""

    def __init__(self, work: _Work) -> None:
        self._work = work
        work.place.enter()

    def __call__(self, table: pyarrow.Table) -> pyarrow.Table:
        found = pickle.loads(table["packed"][0].as_py())
        if isinstance(found, PostEditorError):
            return table
        if self._work.posteditor != __version__:
            here = f"on {ray.util.get_node_ip_address()} is posteditor {__version__}"
            return packed(UsageError(f"{here}, not {self._work.posteditor}", hint="Install the same."))
        try:
            return packed([(frame, self._work.judge.judge(task)) for frame, task in found])
        except PostEditorError as error:
            return packed(error)


def _read(
    place: Place, paths: Sequence[Path], options: CleanOptions, about: dict[str, object] | None, skip: int
) -> Iterator[pyarrow.Table]:
    """The tasks, a few batches each; on the machine that has the files."""
    place.enter()
    try:
        with open_pairs(corpus(paths, options), options.limit) as pairs:
            if about is None or options.scores is None:
                rest = islice(tasks(pairs, None), skip, None)
                while found := list(islice(rest, _BATCHES)):
                    yield packed(found)
                return
            with open_scores(options.scores, about) as given:
                rest = islice(tasks(pairs, given), skip, None)
                while found := list(islice(rest, _BATCHES)):
                    yield packed(found)
    except PostEditorError as error:
        yield packed(error)
