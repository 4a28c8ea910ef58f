"""Rewriting a whole file: suggestions for every segment, in batches, resumable after a kill.

The work goes to a journal beside OUT, batch by batch. When every segment is answered, OUT is written from the input and
the journal in one pass and renamed into place. The same input, model and settings give the same batches, so a run that
goes on where another was killed writes the same file as one that was never stopped.
"""

import glob
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from time import perf_counter

from posteditor.errors import CorpusError, UsageError
from posteditor.formats.atomic import atomic_output
from posteditor.formats.detection import detect_format
from posteditor.services.batch_answers import BatchAnswers, batches
from posteditor.services.rewrite_input import open_input
from posteditor.services.rewrite_journal import RewriteJournal
from posteditor.services.rewrite_options import RewriteOptions
from posteditor.services.rewrite_result import RewriteResult
from posteditor.services.rewrite_run import COLUMNS, Progress, Run

__all__ = ["COLUMNS", "Progress", "RewriteOptions", "RewriteResult", "rewrite_file"]


def rewrite_file(
    paths: Sequence[Path], output: Path, options: RewriteOptions, *, on_progress: Progress | None = None
) -> RewriteResult:
    """Write ``output``: the input with a suggestion for every segment.

    Args:
        paths: A file, parallel files, or a project, of which the mt as it came in is rewritten.
        output: File to write; its name says the format.
        options: The rewriter and how to read.
        on_progress: Told after every batch.

    Raises:
        CorpusError: The input can't be read, or changed meanwhile.
        ModelError: The rewriter can't be loaded.
        StoreError: The project can't be opened.
        UsageError: ``output`` exists, can't be written or has a format without columns.
    """
    started = perf_counter()
    out_format = _check_output(output, force=options.force)
    with open_input(paths, options.read) as source:
        run = Run(source, out_format, options, on_progress)
        rewriter = BatchAnswers(run.options, source.target_lang)
        with RewriteJournal(output, run.about(rewriter.name, rewriter.revision)) as journal:
            result = RewriteResult(output, rewriter.name, rewriter.revision)
            result.resumed, result.discarded_other = journal.segments, journal.replaced_another
            _fill(journal, rewriter, run)
            rewriter.close()
            if run.input_changed():
                raise CorpusError(paths[0], "changed while it was being rewritten", hint="Run the same command again.")
            _remove_leftovers(output)
            with atomic_output(output, force=options.force) as out:
                run.append(_told(run.values(journal.in_order(), result), run), out)
            journal.remove()
    result.seconds = perf_counter() - started
    return result


def _check_output(output: Path, *, force: bool) -> str:
    """The format of OUT, when there is nothing in the way of it: better told now than after hours of work."""
    if output.exists() and not output.is_file():
        raise UsageError(f"{output}: is no ordinary file", hint="Name a new file.")
    if output.exists() and not force:
        raise UsageError(f"{output}: there is already a file of that name", hint="Add --force to write over it.")
    return detect_format([output.name])


def _remove_leftovers(output: Path) -> None:
    """Remove what runs left that were killed while they wrote OUT; the journal's lock keeps others away."""
    for path in output.parent.glob(f".{glob.escape(output.name)}.*.part"):
        path.unlink(missing_ok=True)


def _fill(journal: RewriteJournal, rewriter: BatchAnswers, run: Run) -> None:
    """Answer all batches that the journal does not have yet."""
    run.tell(journal.segments, run.total)
    with run.source.open_segments() as segments:
        for batch in islice(batches(islice(segments, run.options.limit)), journal.batches, None):
            journal.append(rewriter.answer(batch))
            run.tell(journal.segments, run.total)


def _told(values: Iterable[Mapping[str, object]], run: Run) -> Iterator[Mapping[str, object]]:
    """The values, and how far they are taken."""
    for done, each in enumerate(values, 1):
        run.tell(done, run.total, "writing")
        yield each
