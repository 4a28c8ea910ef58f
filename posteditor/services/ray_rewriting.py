"""Rewriting a whole file on the machines of a Ray cluster, with the results of the local engine.

The workers answer, this process writes: every batch into the journal of the shard under way, as the local engine does,
and every shard when its batches are there. So a kill of this process loses what the workers have not yet handed over.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import repeat
from math import ceil
from pathlib import Path
from time import perf_counter

from posteditor.errors import CorpusError
from posteditor.formats.appending import AppendedLines
from posteditor.formats.detection import detect_format
from posteditor.services.batch_answers import BATCH
from posteditor.services.ray_cluster import RayOptions, Workers, check_ray, ray_cluster
from posteditor.services.rewrite_input import open_input
from posteditor.services.rewrite_journal import Answers, RewriteJournal
from posteditor.services.rewrite_options import RewriteOptions
from posteditor.services.rewrite_result import RewriteResult
from posteditor.services.rewrite_run import Progress, Run
from posteditor.services.shard_folder import ShardFolder, check_folder, lines_of_shard
from posteditor.services.worker_place import Place

__all__ = ["RayOptions", "rewrite_file_on_ray"]

_Values = Iterable[Mapping[str, object]]


def rewrite_file_on_ray(
    paths: Sequence[Path],
    output: Path,
    options: RewriteOptions,
    ray_options: RayOptions,
    *,
    on_progress: Progress | None = None,
) -> RewriteResult:
    """Write the folder ``output``: shards that are, one after the other, the file that ``rewrite_file`` writes.

    Compressed shards are compressed one by one; what they hold, one after the other, is the same.

    Args:
        paths: As for ``rewrite_file``; only this machine needs them.
        output: Folder to write; its name says the format of the shards.
        options: The rewriter, which every machine needs, and how to read.
        ray_options: The cluster.
        on_progress: Told after every batch.

    Raises:
        CorpusError: The input can't be read, or changed meanwhile.
        ModelError: The rewriter can't be loaded, or not on every machine.
        StoreError: The project can't be opened.
        UsageError: ``output`` exists, can't be written or has a format without columns, or there is no cluster.
    """
    started = perf_counter()
    check_folder(output, force=options.force)
    out_format = detect_format([output.name])
    check_ray(ray_options)
    with open_input(paths, options.read) as source:
        run = Run(source, out_format, options, on_progress)
        with ray_cluster(ray_options) as workers:
            result = _rewrite(run, paths, output, workers, ray_options.shard_segments)
    result.seconds = perf_counter() - started
    return result


def _rewrite(run: Run, paths: Sequence[Path], output: Path, workers: Workers, shard_segments: int) -> RewriteResult:
    from posteditor.services.ray_answers import Work, answer_batches, described

    work = described(Work(run.options, run.source.target_lang, workers, Place.here()))
    assert work.rewriter is not None
    about = {**run.about(*work.rewriter), "shard_segments": shard_segments}
    with ShardFolder(output, about, force=run.options.force) as folder:
        result = RewriteResult(output, *work.rewriter, discarded_other=folder.replaced_another)
        if folder.counts:
            result.restore(folder.counts)
        with folder.journal() as journal:
            result.resumed = result.segments + journal.segments
            skip = folder.shards * shard_segments // BATCH + journal.batches
        with closing(answer_batches(work, paths, skip=skip, total=ceil(run.total / BATCH))) as answers:
            _write_shards(run, folder, result, answers, shard_segments)
        if run.input_changed():
            raise CorpusError(paths[0], "changed while it was being rewritten", hint="Run the same command again.")
        folder.finish()
    return result


def _write_shards(
    run: Run, folder: ShardFolder, result: RewriteResult, answers: Iterator[Answers], shard_segments: int
) -> None:
    """Write the shards that are not finished; their records come from a single pass over the input."""
    shards = ceil(run.total / shard_segments)
    queued: deque[_Values] = deque([repeat({}, result.segments)])
    with run.appended(_in_turn(queued)) as lines:
        _pass_over(lines, result.segments)
        while folder.shards < shards:
            first = folder.shards * shard_segments
            end = min(first + shard_segments, run.total)
            with folder.journal() as journal:
                _fill(journal, answers, run, first, end)
                queued.append(run.values(journal.in_order(first + 1), result))
                is_last = folder.shards == shards - 1
                size = folder.write(lines_of_shard(lines, None if is_last else end), has_bom=lines.has_bom)
                folder.commit(size, result.counts())
                journal.remove()


def _fill(journal: RewriteJournal, answers: Iterator[Answers], run: Run, first: int, end: int) -> None:
    """Take the answers to segments behind ``first`` up to ``end`` that the journal does not have yet."""
    run.tell(first + journal.segments, run.total)
    while first + journal.segments < end:
        found = next(answers, None)
        if found is None:  # the input has fewer segments than it had: told by those who compare it
            return
        journal.append(found)
        run.tell(first + journal.segments, run.total)


def _in_turn(queued: deque[_Values]) -> _Values:
    while queued:
        yield from queued.popleft()


def _pass_over(lines: AppendedLines, segments: int) -> None:
    """Go behind the records of so many segments, which are in finished shards."""
    if segments:
        for _ in lines_of_shard(lines, segments):
            pass
