"""From what the person named on the command line to an open editing session."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from posteditor.errors import CorpusError, UsageError
from posteditor.formats.options import ReadOptions
from posteditor.services.editing import EditingSession
from posteditor.services.transfer import (
    ProgressCallback,
    SourceChange,
    check_source,
    create_project,
    is_project,
    keep_project,
    update_from_source,
)

PROJECT_SUFFIX = ".postedit"

Decision = Literal["update", "keep", "later"]
"""On a file that changed: take the new version in, leave it out for good, or ask again at the next opening."""


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """What to open, and how to read it if there is no project yet."""

    paths: tuple[Path, ...]
    """A project, a file, or parallel text files."""
    project: Path | None = None
    """Where the project is or goes; None for beside the first file."""
    references: tuple[Path, ...] = ()
    read: ReadOptions = field(default_factory=ReadOptions)
    source_lang: str | None = None
    target_lang: str | None = None
    author: str = "human"
    """Stands in the history behind what is done in this session."""

    @property
    def project_path(self) -> Path:
        """The project of this request, made or not: PATH.postedit unless another was named."""
        if self.project is not None:
            return self.project
        first = self.paths[0]
        return first if is_project(first) else first.with_name(first.name + PROJECT_SUFFIX)

    def proposed_export(self) -> Path:
        """A new name for the edited file: news.tsv becomes news.postedited.tsv."""
        first = self.project_path.name.removesuffix(PROJECT_SUFFIX)
        stem, dot, suffixes = first.partition(".")
        return self.project_path.with_name(f"{stem}.postedited{dot}{suffixes}")


def open_for_editing(
    request: OpenRequest, *, progress: ProgressCallback, on_change: Callable[[str], Decision]
) -> tuple[EditingSession, list[str]]:
    """Open the project, making it first where there is none; the caller closes the session.

    Args:
        progress: Told how far a first import has come.
        on_change: Asked, with a sentence, what to do about a file that has changed since.

    Returns:
        The session, and remarks for the person.

    Raises:
        CorpusError: The file can't be read.
        StoreError: The project can't be made or opened.
        UsageError: More than one path, one of them a project.
    """
    if len(request.paths) > 1 and any(map(is_project, request.paths)):
        raise UsageError("a project is opened by itself", hint="Name the project alone.")
    path = request.project_path
    remarks: list[str] = []
    if not path.exists():
        if not request.paths[0].exists():
            raise CorpusError(request.paths[0], "there is no such file", hint="Check the name and the folder.")
        remarks = _create(request, path, progress)
    else:
        remarks = _refresh(request, path, on_change, progress)
    return EditingSession.open(path, actor=request.author), remarks


def _create(request: OpenRequest, path: Path, progress: ProgressCallback) -> list[str]:
    report = create_project(
        list(request.paths),
        path,
        request.read,
        references=list(request.references),
        source_lang=request.source_lang,
        target_lang=request.target_lang,
        progress=progress,
    )
    remarks = [f"{report.segments} segments imported into {path}."]
    if report.skipped:
        remarks.append(f"{report.skipped} bad records were passed over.")
    return remarks


def _refresh(
    request: OpenRequest, path: Path, on_change: Callable[[str], Decision], progress: ProgressCallback
) -> list[str]:
    change: SourceChange | None = check_source(path)
    decision = "later" if change is None else on_change(change.message)
    if change is not None and decision == "keep":
        keep_project(path, change)
    remarks = list(update_from_source(path, progress=progress).summary()) if decision == "update" else []
    if request.references:
        remarks.append(f"{path} is there already: --references counts only when a project is made.")
    return remarks
