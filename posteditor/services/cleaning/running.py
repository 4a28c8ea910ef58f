"""A cleaning run: judge all pairs, find what repeats, then write OUT and the files beside it.

Judging goes to a journal in a folder beside OUT, batch by batch. When all is judged, OUT is written in one more pass
over the input, so memory does not grow with the corpus, and what was killed goes on where it was.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from time import perf_counter

from posteditor.errors import UsageError
from posteditor.formats.options import WriteOptions
from posteditor.services.cleaning.decisions import Frame, decided
from posteditor.services.cleaning.finishing import fill
from posteditor.services.cleaning.judging import Judged, PackedTexts, Task
from posteditor.services.cleaning.local_engine import judge_all
from posteditor.services.cleaning.options import CleanOptions
from posteditor.services.cleaning.pairs import PairReader, open_pairs
from posteditor.services.cleaning.result import CleanResult
from posteditor.services.cleaning.run import Progress, Run, changed, check_files, corpus, unheard
from posteditor.services.cleaning.scores_file import ScoreLines
from posteditor.services.cleaning.work_folder import WorkFolder
from posteditor.services.cleaning.writing import Verdicts, check_outputs, write_output

_MOST_UNSCORED = 1000
"""So many pairs may take an expression too long before the run is stopped: it would never end."""


def clean_files(
    paths: Sequence[Path], outputs: Sequence[Path], options: CleanOptions, *, on_progress: Progress = unheard
) -> CleanResult:
    """Write OUT: the pairs that no rule rejects, in the order of the input.

    Args:
        paths: A file, or parallel text files.
        outputs: One file, whose name says the format; or for parallel text files one for each.
        options: The rules, and what else to write.
        on_progress: Told after every batch.

    Raises:
        CorpusError: The input or the rules can't be read, or the input changed meanwhile.
        StoreError: The project with fixes can't be read, or is about another corpus.
        UsageError: Something is there already or can't be written, or does not fit together.
    """
    started = perf_counter()
    source = corpus(paths, options)
    to = check_outputs(outputs, source)
    check_files(outputs, options)
    run = Run(source, options, on_progress)
    with WorkFolder(outputs[0], run.about()) as folder:
        result = run.result(folder, tuple(outputs))
        with run.given_scores() as given:
            result.scored = given is None
            _judge(run, folder, given)
        if run.input_changed():
            raise changed(source)
        write = WriteOptions(run.languages.source, run.languages.target)

        def write_all(found: Verdicts, last_line: int | None) -> None:
            write_output(to, source, found, write, last_line=last_line, force=options.force)

        fill(run, folder, result, write_all)
        folder.remove()
    result.seconds = perf_counter() - started
    return result


def _judge(run: Run, folder: WorkFolder, given: ScoreLines | None) -> None:
    """Judge the batches that the folder does not have yet."""
    with open_pairs(run.source, run.options.limit) as pairs:
        rest = islice(tasks(pairs, given), folder.batches, None)
        keep_all(run, folder, judge_all(run.judge(), rest, run.options.jobs))


def keep_all(run: Run, folder: WorkFolder, found: Iterable[tuple[Frame, Judged]]) -> None:
    """Put batches into the folder as they are judged.

    Raises:
        UsageError: The disk is full, or an expression would hold the run up for ever.
    """
    unscored = 0
    for frame, judged in found:
        folder.append(decided(frame, judged), judged)
        unscored += len(judged.outcome.unscored)
        if unscored > _MOST_UNSCORED and judged.outcome.unscored:
            place, step = judged.outcome.unscored[-1]
            raise UsageError(
                f"{run.options.rules}: the step {run.pipeline.steps[step].name} took too long for {unscored} pairs, "
                f"the last one pair {frame.first + place}",
                hint="Write the expression so that it can't go back and forth: a++ instead of a+, for example.",
            )
        run.tell(folder.pairs)
    run.total = folder.pairs


def tasks(pairs: PairReader, given: ScoreLines | None) -> Iterator[tuple[Frame, Task]]:
    """The batches as they are judged, each with what else is to be kept of it.

    Raises:
        CorpusError: The input or the given scores can't be read, or don't belong together.
    """
    for batch in pairs:
        lines = None if given is None else given.take(len(batch.texts))
        yield Frame.of(batch), Task(batch.first, PackedTexts.of(batch.sources), PackedTexts.of(batch.texts), lines)
    if given is not None:
        given.check_end()
