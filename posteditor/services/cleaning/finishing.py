"""All that is left to do once every pair is judged: duplicates, the files beside OUT, and OUT."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

from posteditor.errors import CorpusError
from posteditor.services.cleaning.beside import RejectsFile, write_fixes
from posteditor.services.cleaning.duplicate_search import find_duplicates
from posteditor.services.cleaning.pairs import open_pairs
from posteditor.services.cleaning.result import CleanResult, check_counts, count_all
from posteditor.services.cleaning.run import Run, changed
from posteditor.services.cleaning.verdicts import Verdict, verdicts
from posteditor.services.cleaning.work_folder import WorkFolder
from posteditor.services.cleaning.writing import Verdicts


def fill(run: Run, folder: WorkFolder, result: CleanResult, write: Callable[[Verdicts, int | None], None]) -> None:
    """All that is left to do once every batch is judged: duplicates, the files beside OUT, and OUT.

    Args:
        write: Writes OUT, given the verdicts, and where the last pair starts if there may be more behind it.

    Raises:
        CorpusError, StoreError, UsageError: As ``clean_files`` does.
    """
    options, pipeline = run.options, run.pipeline
    if pipeline.has_duplicates:
        settings = pipeline.duplicates
        find_duplicates(folder, settings, options.memory, lambda done: run.tell(done, run.total, "duplicates"))
    texts = run.fixes.texts if run.fixes is not None else {}

    def again() -> Iterator[Verdict]:
        return verdicts(folder, pipeline, texts)

    last_line = count_all(result, again(), folder, pipeline)
    _write_rejects(run, result, again)
    if options.fixed is not None:
        write_fixes(options.fixed, again(), pipeline, force=options.force)
        result.files["fixed"] = options.fixed
    run.keep_scores(folder)
    if options.scores is not None:
        result.files["scores"] = options.scores
    run.tell(0, run.total, "writing")
    write(again, None if options.limit is None else last_line)
    check_counts(result)
    if options.report is not None:
        from posteditor.services.cleaning.report_page import write_page

        write_page(result, options.report, force=options.force)
        result.files["report"] = options.report


def _write_rejects(run: Run, result: CleanResult, again: Verdicts) -> None:
    """Write the file of rejected pairs, and see that a person's fixes belong to this corpus."""
    options = run.options
    if options.rejected is None and run.fixes is None:
        return
    with ExitStack() as stack:
        pairs = stack.enter_context(open_pairs(run.source, options.limit))
        rejects = None
        if options.rejected is not None:
            rejects = stack.enter_context(RejectsFile(options.rejected, pairs.columns, force=options.force))
        for batch, verdict in zip(pairs, again(), strict=True):
            if len(batch.texts) != verdict.pairs:
                raise changed(run.source)
            if run.fixes is not None:
                run.fixes.check(batch)
            if rejects is not None:
                rejects.add(verdict, batch)
            run.tell(batch.first + len(batch.texts) - 1, run.total, "rejected pairs")
        if run.fixes is not None:
            run.fixes.check_end(result.pairs)
        if rejects is not None and rejects.count != result.rejected + result.bad:
            raise CorpusError(
                run.source.names[0], f"{result.rejected} pairs are rejected, but {rejects.count} were written"
            )
    if options.rejected is not None:
        result.files["rejected"] = options.rejected
