"""A benchmark from test sets and SPECs to a report: stopped at any moment, the same call goes on where it was."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from posteditor.errors import UsageError
from posteditor.formats.options import ReadOptions
from posteditor.formats.test_sets.definition import TestSet
from posteditor.formats.test_sets.opening import open_test_sets
from posteditor.rewriters.gate import Gate
from posteditor.rewriters.model_files import files_fingerprint
from posteditor.rewriters.specs import load_rewriter, members_of, model_folder
from posteditor.scoring.metrics import Metric, create_metrics
from posteditor.services.benchmark import set_files
from posteditor.services.benchmark.answering import BATCH, Answering
from posteditor.services.benchmark.cells import Answer, CellJournal, Portion, read_answers
from posteditor.services.benchmark.environment import environment
from posteditor.services.benchmark.options import BenchmarkOptions
from posteditor.services.benchmark.peak_memory import forget_peak
from posteditor.services.benchmark.report import NOTHING, RunReport
from posteditor.services.benchmark.reporting import read_report, save_report
from posteditor.services.benchmark.run_folder import RunFolder, in_order
from posteditor.services.benchmark.set_files import KeptSet

Tell = Callable[[str], None]
Progress = Callable[[int, int | None, str], None]


def benchmark(
    paths: Sequence[Path | str],
    specs: Sequence[str],
    options: BenchmarkOptions,
    *,
    read: ReadOptions | None = None,
    run_folder: Path | None = None,
    on_note: Tell = lambda note: None,
    on_progress: Progress = lambda done, total, stage: None,
) -> RunReport:
    """Run what has not been run yet, and report on all that is in the run folder.

    Args:
        paths: As for ``open_test_sets``; all are looked at before any model is loaded.
        specs: Rewriter SPECs; do-nothing comes in any case, and first.
        options: How to run and score.
        read: How to read tables.
        run_folder: Where to keep it; test sets and rewriters that are there already stay in the report. None keeps
            nothing.
        on_note: Told what the person may want to know.
        on_progress: Told how many segments are done, of how many, and of which rewriter.

    Raises:
        CorpusError: A test set can't be read, or has no references.
        UsageError: The run folder holds something else or can't be written to; the data has changed since it began.
        ModelError: A rewriter can't be loaded, or declines the language.
        ScoringError: A metric is unknown or can't be had.
    """
    settings = options.settings()
    create_metrics(options.all_metrics, options.target_lang)  # a wrong name is told before anything is written
    gate = Gate(off=options.gate_off)
    test_sets = open_test_sets(paths, read or ReadOptions(), reference_kind=options.reference_kind, on_note=on_note)
    with ExitStack() as stack:
        path = run_folder if run_folder is not None else Path(stack.enter_context(TemporaryDirectory()))
        run = RunFolder(path)
        run.is_temporary = run_folder is None
        stack.enter_context(run.locked())
        run.begin(settings, force=options.force)
        _keep(run, test_sets, options, on_note)
        run.rewriters = in_order(run.rewriters, (NOTHING, *specs))
        run.environment = environment()
        run.save()
        work = _Work(run, options, gate, on_note, on_progress)
        for spec in run.rewriters:
            work.answer(spec)
        if options.comet is not None:
            from posteditor.scoring.comet import Comet  # only for who asks for it
            from posteditor.services.benchmark.comet_cells import score_cells

            score_cells(run, Comet(options.comet), on_note=on_note, on_progress=work.tell_comet)
        return _reported(run, options, on_note)


def _keep(run: RunFolder, test_sets: Sequence[TestSet], options: BenchmarkOptions, on_note: Tell) -> None:
    """Put the test sets into the run; one that is there already must be the same."""
    for test_set in test_sets:
        path = run.set_file(test_set.name)
        known = run.sets.get(test_set.name)
        new = path.with_name(f".{path.name}")  # to be compared with the one that is there
        kept = set_files.keep(
            test_set,
            new if known else path,
            reference_kind=options.reference_kind,
            limit=options.limit,
            sample=options.sample,
            seed=options.seed,
        )
        if known is not None:
            new.unlink()
            set_files.challenge_file(new).unlink(missing_ok=True)
            if known.sha256 != kept.sha256:
                raise UsageError(
                    f"{run.path}: {test_set.name} has other texts than when this run was begun",
                    hint="name another folder with -o, or bring the old data back",
                )
        for warning in kept.warnings:
            on_note(f"{kept.name}: {warning}")
        run.sets[kept.name] = kept


class _Work:
    """The cells of a run, one after the other."""

    def __init__(
        self, run: RunFolder, options: BenchmarkOptions, gate: Gate, on_note: Tell, on_progress: Progress
    ) -> None:
        self._run = run
        self._options = options
        self._gate = gate
        self._note = on_note
        self._progress = on_progress
        self._done = 0
        self._total = len(run.rewriters) * sum(one.scored for one in run.sets.values())

    def answer(self, spec: str) -> None:
        """Everything that this rewriter has not answered yet; it is loaded only if there is something."""
        with ExitStack() as stack:
            open_cells: list[tuple[KeptSet, CellJournal]] = []
            for kept in self._run.sets.values():
                journal = stack.enter_context(CellJournal(self._file(kept, spec), self._about(kept, spec)))
                self._tell(spec, journal.answered)
                if not journal.is_finished:
                    open_cells.append((kept, journal))
            by_language: dict[tuple[str | None, str | None], list[tuple[KeptSet, CellJournal]]] = {}
            for kept, journal in open_cells:
                by_language.setdefault(self._languages(kept), []).append((kept, journal))
            for languages, cells in by_language.items():
                self._answer(spec, languages, cells)

    def _answer(
        self, spec: str, languages: tuple[str | None, str | None], cells: list[tuple[KeptSet, CellJournal]]
    ) -> None:
        """The rewriter, loaded for these languages, on these test sets."""
        forget_peak()
        started = perf_counter()
        rewriter = load_rewriter(
            spec,
            threshold=self._options.threshold,
            source_lang=languages[0],
            target_lang=languages[1],
            glossary=self._options.glossary,
            gate_off=self._options.gate_off,
        )
        seconds = perf_counter() - started
        try:
            for kept, journal in cells:
                self._fill(spec, rewriter, kept, journal, seconds)
        finally:
            rewriter.close()

    def _fill(self, spec: str, rewriter: Any, kept: KeptSet, journal: CellJournal, seconds_to_load: float) -> None:
        if journal.answered and journal.revision != rewriter.revision:
            raise UsageError(
                f"{journal.path}: {spec} is not what it was when this run was stopped",
                hint="delete that file to have the test set answered anew, or name another folder with -o",
            )
        journal.add(Portion(revision=rewriter.revision, seconds_to_load=seconds_to_load))
        metrics = create_metrics(self._options.all_metrics, self._languages(kept)[1])
        answering = Answering(rewriter, self._gate, metrics, partial(self._tell, spec))
        segments = partial(set_files.read, self._run.set_file(kept.name))
        answering.fill(journal, segments, partial(self._nothing, kept, spec))
        journal.add(Portion(speed=None if spec == NOTHING else answering.speed(journal, segments), is_end=True))

    def _nothing(self, kept: KeptSet, spec: str) -> Iterator[Answer]:
        return iter(()) if spec == NOTHING else read_answers(self._file(kept, NOTHING))

    def _file(self, kept: KeptSet, spec: str) -> Path:
        return self._run.cell_file(kept.name, spec)

    def _languages(self, kept: KeptSet) -> tuple[str | None, str | None]:
        return self._options.source_lang or kept.source_lang, self._options.target_lang or kept.target_lang

    def _about(self, kept: KeptSet, spec: str) -> dict[str, Any]:
        folders = (model_folder(member) for member in members_of(spec))
        return {
            "settings": self._run.settings,
            "set": kept.sha256,
            "rewriter": spec,
            "files": [None if folder is None else files_fingerprint(folder) for folder in folders],
            "batch": BATCH,
        }

    def tell_comet(self, done: int, total: int, name: str) -> None:
        """Progress of COMET on a test set."""
        self._progress(done, total, f"COMET on {name}")

    def _tell(self, spec: str, count: int) -> None:
        self._done += count
        self._progress(self._done, self._total, spec)


def _reported(run: RunFolder, options: BenchmarkOptions, on_note: Tell) -> RunReport:
    """The report, made anew unless it was made of just this."""
    cells = [run.cell_file(name, spec) for name in run.sets for spec in run.rewriters]
    if options.comet is not None:
        cells += [path for path in map(run.comet_file, run.sets) if path.exists()]
    made_of: list[Any] = [[str(cell), cell.stat().st_size] for cell in cells]
    made_of += [
        options.resamples,
        options.trials,
        options.seed,
        options.comet,
        [one.reference_kind for one in run.sets.values()],
    ]
    key = sha256(json.dumps(made_of).encode("utf-8")).hexdigest()
    if run.reported == key:
        known = read_report(run.path)
        if known is not None:
            return known
    report = save_report(run, options)
    if not run.is_temporary:
        from posteditor.services.benchmark.forms.saving import save_forms  # brings a template engine along

        for note in save_forms(run, report):
            on_note(note)
    run.reported = key
    run.save()
    return report


def metrics_of(run: RunFolder, target_lang: str | None) -> tuple[Metric, ...]:
    """The metrics whose statistics a run keeps, in their order."""
    return create_metrics(run.settings["metrics"], target_lang)
