"""A run: rules that are read, an input that is known by its content, and what decisions depend on."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from posteditor import __version__
from posteditor.cleaning.rule import Languages
from posteditor.cleaning.rules_file import Pipeline, read_rules
from posteditor.errors import CorpusError, PostEditorError, UsageError
from posteditor.formats.compression import file_opener
from posteditor.services.cleaning.judging import Judge
from posteditor.services.cleaning.options import CleanOptions
from posteditor.services.cleaning.pairs import open_pairs
from posteditor.services.cleaning.person_fixes import PersonFixes, read_fixes
from posteditor.services.cleaning.result import CleanResult
from posteditor.services.cleaning.scores_file import ScoreLines, about_scores, check_name, open_scores, write_scores
from posteditor.services.cleaning.work_folder import WorkFolder
from posteditor.services.rewrite_input import RewriteInput
from posteditor.store.project import is_project


class Progress(Protocol):
    """Told how far a run is."""

    def __call__(self, done: int, total: int | None = None, stage: str = "cleaning") -> None:
        """``done`` pairs of ``total``, None while nobody has counted them."""


def unheard(done: int, total: int | None = None, stage: str = "cleaning") -> None:
    """The progress that nobody wants to know about."""


def corpus(paths: Sequence[Path], options: CleanOptions) -> RewriteInput:
    """The input behind the command line's paths.

    Raises:
        UsageError: It is a project.
    """
    if any(map(is_project, paths)):
        raise UsageError(
            f"{paths[0]}: a project is not cleaned, but the corpus it was made from",
            hint="Export it first: posteditor export; or name it with --with-fixes.",
        )
    return RewriteInput(tuple(map(str, paths)), tuple(map(file_opener, paths)), options.read)


def check_files(outputs: Sequence[Path], options: CleanOptions) -> None:
    """See that nothing is in the way: better told now than after hours of work.

    Raises:
        UsageError: Something is, or two files have one name.
    """
    beside = [path for path in (options.rejected, options.fixed, options.report) if path is not None]
    named = [path.absolute() for path in (*outputs, *beside, *filter(None, [options.scores]))]
    for path in named:
        if named.count(path) > 1:
            raise UsageError(f"{path}: two of the outputs have this name", hint="Give each a name of its own.")
    for path in (*outputs, *beside):
        if path.is_dir() or (path.exists() and not options.force):
            kind = "a folder" if path.is_dir() else "already a file"
            raise UsageError(f"{path}: there is {kind} of that name", hint="Add --force to write over it.")
        if not path.absolute().parent.is_dir():
            raise UsageError(f"{path}: there is no folder {path.parent}", hint="Make it first, or name another one.")
    if options.scores is not None:
        check_name(options.scores)


@dataclass(slots=True)
class Run:
    """A run whose rules are read and whose input is known by its content."""

    source: RewriteInput
    options: CleanOptions
    tell: Progress
    languages: Languages
    pipeline: Pipeline
    fixes: PersonFixes | None
    fingerprints: list[str]
    total: int | None = None
    _stamps: list[tuple[int, int, int]] | None = None

    def __init__(self, source: RewriteInput, options: CleanOptions, tell: Progress) -> None:
        self.source = source
        self.options = options
        self.tell = tell
        self.languages = languages_of(source)
        self.pipeline = read_rules(options.rules, self.languages)
        if self.pipeline.has_duplicates:
            from posteditor.cleaning.duplicates.fingerprints import check_library

            check_library(self.pipeline.duplicates)
        self.fixes = None if options.with_fixes is None else read_fixes(options.with_fixes)
        self._stamps = _stamps(source)
        self.fingerprints = source.fingerprints()
        self.total = None

    @property
    def with_scores(self) -> bool:
        """Whether all scores are to be kept."""
        return self.options.scores is not None and not self.reuses_scores

    @property
    def reuses_scores(self) -> bool:
        """Whether the scores come from a file."""
        path = self.options.scores
        if path is None or not path.exists():
            return False
        if not self.options.force:
            return True
        try:
            with open_scores(path, self.about_scores()):
                return True
        except PostEditorError:  # to be written over
            return False

    def judge(self) -> Judge:
        """What judges batches."""
        return Judge(self.pipeline, self.with_scores)

    def about(self) -> dict[str, Any]:
        """All that decisions depend on, as plain JSON values."""
        steps = self.pipeline.about()
        if self.pipeline.has_duplicates:
            steps.append({"fingerprints": self.pipeline.duplicates.identity()})
        return {**self._about_input(), "steps": steps, "scores": self.with_scores, "given": self.reuses_scores}

    @contextmanager
    def given_scores(self) -> Iterator[ScoreLines | None]:
        """The scores of an earlier run; None where pairs are to be scored.

        Raises:
            UsageError: There are some that can't be used.
        """
        if not self.reuses_scores or self.options.scores is None:
            yield None
            return
        with open_scores(self.options.scores, self.about_scores()) as lines:
            yield lines

    def keep_scores(self, folder: WorkFolder) -> None:
        """Write the scores file, if one is asked for."""
        if self.options.scores is not None and self.with_scores:
            write_scores(self.options.scores, self.about_scores(), self.pipeline, folder)

    def result(self, folder: WorkFolder, outputs: tuple[Path, ...]) -> CleanResult:
        """A result that has counted nothing yet."""
        result = CleanResult(self.source.names, outputs, self.options.rules, remarks=self.pipeline.remarks)
        result.resumed, result.discarded_other = folder.pairs, folder.replaced_another
        result.waiting = self.fixes.open if self.fixes is not None else 0
        return result

    def input_changed(self) -> bool:
        """True when somebody has written to the input since the start."""
        return _stamps(self.source) != self._stamps

    def about_scores(self) -> dict[str, Any]:
        """All that scores depend on, as plain JSON values."""
        return about_scores(self.pipeline, self._about_input())

    def _about_input(self) -> dict[str, Any]:
        return {
            "posteditor": __version__,
            "input": self.fingerprints,
            "read": repr(self.source.options),
            "limit": self.options.limit,
        }


def _stamps(source: RewriteInput) -> list[tuple[int, int, int]]:
    """Which file it is, its size and when it was last written to, for each of the input."""
    found = []
    for name in source.names:
        try:
            stat = Path(name).stat()
        except OSError as error:
            raise CorpusError(
                name, f"can't be read: {error.strerror}", hint="Check the name and the folder."
            ) from error
        found.append((stat.st_ino, stat.st_size, stat.st_mtime_ns))
    return found


def languages_of(source: RewriteInput) -> Languages:
    """Those that the person says, or else the file."""
    said = source.options
    if said.source_lang and said.target_lang:
        return Languages(said.source_lang, said.target_lang)
    with open_pairs(source, None) as pairs:
        next(iter(pairs), None)
        found = pairs.languages
    return Languages(said.source_lang or found[0], said.target_lang or found[1])


def changed(source: RewriteInput) -> CorpusError:
    """The error for an input that is not what it was at the start."""
    return CorpusError(source.names[0], "changed while it was being cleaned", hint="Run the same command again.")
