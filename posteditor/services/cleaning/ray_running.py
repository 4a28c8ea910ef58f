"""Cleaning on the machines of a Ray cluster, with the decisions, the order and the text of the local engine.

The workers judge, this process keeps the journal, looks for duplicates and writes OUT: a folder of shards that are, one
after the other, the file that the local engine writes.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from itertools import islice
from pathlib import Path
from time import perf_counter

from posteditor.errors import UsageError
from posteditor.formats.detection import DOCUMENTS
from posteditor.formats.filtering import lines_of
from posteditor.formats.lines import to_bytes
from posteditor.services.cleaning.finishing import fill
from posteditor.services.cleaning.options import CleanOptions
from posteditor.services.cleaning.result import CleanResult
from posteditor.services.cleaning.run import Progress, Run, changed, check_files, corpus, unheard
from posteditor.services.cleaning.running import keep_all
from posteditor.services.cleaning.work_folder import WorkFolder
from posteditor.services.cleaning.writing import Outputs, Verdicts, check_outputs, new_lines, same_format
from posteditor.services.ray_cluster import RayOptions, check_ray, ray_cluster
from posteditor.services.shard_folder import ShardFolder, check_folder


def clean_files_on_ray(
    paths: Sequence[Path],
    outputs: Sequence[Path],
    options: CleanOptions,
    ray_options: RayOptions,
    *,
    on_progress: Progress = unheard,
) -> CleanResult:
    """Write the folder OUT.

    Args:
        paths: A file, or parallel text files; only this machine needs them.
        outputs: One folder, whose name says the format of the shards.
        options: As for ``clean_files``; plug-ins and what rules read have to be on every machine.
        ray_options: The cluster.
        on_progress: Told after every batch.

    Raises:
        CorpusError, StoreError, UsageError: As ``clean_files`` does, and where there is no cluster.
    """
    started = perf_counter()
    source = corpus(paths, options)
    to = check_outputs(outputs, source)
    if to.kind in DOCUMENTS or len(outputs) > 1:
        raise UsageError(
            f"{outputs[0]}: shards of this format can't be put together",
            hint="Name OUT .tsv, .csv or .jsonl with --engine ray.",
        )
    check_folder(outputs[0], force=options.force)
    check_files((), options)
    check_ray(ray_options)
    run = Run(source, options, on_progress)
    with WorkFolder(outputs[0], run.about()) as folder:
        result = run.result(folder, tuple(outputs))
        result.scored = not run.reuses_scores
        with ray_cluster(ray_options) as workers:
            from posteditor.services.cleaning.ray_judging import judge_on_ray

            keep_all(run, folder, judge_on_ray(run, paths, workers, skip=folder.batches))
        if run.input_changed():
            raise changed(source)

        def write(found: Verdicts, last_line: int | None) -> None:
            _write_shards(run, to, found, last_line, ray_options.shard_segments)

        fill(run, folder, result, write)
        folder.remove()
    result.seconds = perf_counter() - started
    return result


def _write_shards(run: Run, to: Outputs, found: Verdicts, last_line: int | None, size: int) -> None:
    """Write the shards that a run which was killed while it wrote has not finished."""
    fixes = sorted(run.fixes.texts.items()) if run.fixes is not None else []
    about = {"clean": run.about(), "fixes": sha256(repr(fixes).encode()).hexdigest(), "shard": size}
    with ShardFolder(to.paths[0], about, force=run.options.force) as folder, _lines(run, to, found, last_line) as lines:
        for _ in islice(lines, folder.shards * size):
            pass
        while shard := list(islice(lines, size)):
            folder.commit(folder.write_bytes(shard), {})
        folder.finish()


@contextmanager
def _lines(run: Run, to: Outputs, found: Verdicts, last_line: int | None) -> Iterator[Iterator[bytes]]:
    """The lines of OUT."""
    if to.is_same_format:
        with same_format(run.source, found, last_line) as pieces:
            yield pieces if to.kind == "csv" else lines_of(pieces)
    else:
        yield (to_bytes(f"{line}\n") for line in new_lines(to, run.source, found))
