"""The statistics of several systems' texts for the same segments, in as many processes as are worth it.

Segments go through in batches that hold all systems' texts, so that what is worked out of a reference, and texts that
systems have in common, are worked out once.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from posteditor.errors import ScoringError
from posteditor.scoring.intervals import StatisticsTable
from posteditor.scoring.metrics import Metric, create_metrics

if TYPE_CHECKING:
    from posteditor.scoring.ngram_statistics import Table

_BATCH = 1 << 17  # characters: some 10 MB at work, and long enough for what has to be done once a batch
_WORTH_A_PROCESS = 4 * _BATCH  # characters that take longer than it takes a process to start

# Of each segment of a batch, one text per system and the references.
_Batch = tuple[list[list[str]], list[Sequence[str]]]


def systems_statistics(
    metrics: Sequence[str],
    systems: Sequence[Sequence[str]],
    references: Sequence[Sequence[str]],
    *,
    target_lang: str | None = None,
    workers: int | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> list[list[StatisticsTable]]:
    """The statistics of every system for every metric, the same for any number of processes.

    Args:
        metrics: Names in the registry.
        systems: The texts of each system, one per segment.
        references: Of each segment, in whatever numbers; segments without any are left out.
        target_lang: BCP 47 tag of the texts.
        workers: Processes to work in; 1 for this one, None for as many as there are cores and work for. More than one
            needs a main module that can be imported, as ``multiprocessing`` has it.
        on_progress: Gets the number of segments done so far, now and then, from the calling thread.

    Returns:
        For each system, in order, one table per metric, in order.

    Raises:
        ScoringError: Systems and references differ in their numbers of segments, a metric can't be had, or a process
            was ended from outside.
    """
    for number, system in enumerate(systems, 1):
        if len(system) != len(references):
            raise ScoringError(
                f"system {number} has {len(system)} texts but there are references for {len(references)} segments",
                hint="Give one set of references per segment, an empty one where there is none.",
            )
    made = create_metrics(metrics, target_lang)  # which also says now, not in a process, what can't be had
    tables = [[StatisticsTable(metric.width) for metric in made] for _ in systems]
    batches = list(_batches(systems, references))
    workers = _worth_it(systems) if workers is None else workers
    done = 0
    for (_, ours), statistics in zip(batches, _worked_off(made, target_lang, batches, workers), strict=True):
        for column, of_metric in enumerate(statistics):
            for number, of_system in enumerate(tables):
                of_system[column].extend(of_metric[:, number])
        done += len(ours)
        if on_progress is not None:
            on_progress(done)
    return tables


def _batches(systems: Sequence[Sequence[str]], references: Sequence[Sequence[str]]) -> Iterator[_Batch]:
    texts: list[list[str]] = []
    wanted: list[Sequence[str]] = []
    size = 0
    for number, ours in enumerate(references):
        if not ours:
            continue
        texts.append([system[number] for system in systems])
        wanted.append(tuple(ours))
        size += sum(len(text) + 1 for text in (*texts[-1], *ours))
        if size >= _BATCH:
            yield texts, wanted
            texts, wanted, size = [], [], 0
    if texts:
        yield texts, wanted


def _worked_off(
    metrics: Sequence[Metric], target_lang: str | None, batches: Sequence[_Batch], workers: int
) -> Iterator[list["Table"]]:
    """The statistics of every batch by metric, in order."""
    workers = min(workers, len(batches))
    if workers <= 1:
        yield from (_statistics(metrics, batch) for batch in batches)
        return
    names = [metric.name for metric in metrics]
    # Spawned: the caller may have threads, and a fork would take their locks along as they stand.
    pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_start, initargs=(names, target_lang))
    try:
        yield from pool.map(_in_process, batches)
    except BrokenProcessPool as error:
        raise ScoringError(
            "a scoring process was ended from outside", hint="Memory may have run out; try again with one worker."
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _statistics(metrics: Sequence[Metric], batch: _Batch) -> list["Table"]:
    return [metric.statistics_of_systems(*batch) for metric in metrics]


def _worth_it(systems: Sequence[Sequence[str]]) -> int:
    size = sum(len(text) for system in systems for text in system)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, size // _WORTH_A_PROCESS))


_metrics: tuple[Metric, ...] = ()
"""Those of a worker process; its own, so nothing shares them."""


def _start(names: Sequence[str], target_lang: str | None) -> None:
    """Get a worker process ready: it leaves interrupts to its parent, and ends when that is gone, however it went."""
    global _metrics
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_leave_with, args=(parent.sentinel,), daemon=True).start()
    _metrics = create_metrics(names, target_lang)


def _leave_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(0)


def _in_process(batch: _Batch) -> list["Table"]:
    return _statistics(_metrics, batch)
