"""Looking after a project that may have suffered: what a crash left, and saving what can be read of a damaged file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posteditor.store.project import Project, reserved
from posteditor.store.salvage import Salvaged, integrity_problems, salvage

_SHOWN_PROBLEMS = 5


@dataclass(frozen=True, slots=True)
class RecoveryReport:
    """What was found, and what was done about it."""

    path: Path
    unclean: bool
    """The last program that edited the project did not close it."""
    drafts: tuple[int, ...]
    """Positions where typing was found that had not become a revision; it is one now."""
    problems: tuple[str, ...]
    """What is wrong with the file; empty when it is sound."""
    recovered_path: Path | None = None
    """The new file with what could be read; None when that was not needed."""
    segments: int = 0
    """In the project, or saved into the new file."""
    lost_segments: tuple[int, ...] = ()
    """Positions that could not be read; empty segments stand in for them in the new file."""
    originals_kept: bool = True
    """The new file has the bytes of the files it was made from: exports can keep their form."""

    def to_json(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        return {
            "path": str(self.path),
            "unclean": self.unclean,
            "drafts": list(self.drafts),
            "problems": list(self.problems),
            "recovered_path": None if self.recovered_path is None else str(self.recovered_path),
            "segments": self.segments,
            "lost_segments": list(self.lost_segments),
            "originals_kept": self.originals_kept,
        }


def recover(project_path: Path) -> RecoveryReport:
    """Check a project; tidy up after a crash, or save what can be read of a damaged file into ``PROJECT.recovered``.

    The damaged file itself is never written to.

    Raises:
        StoreError: An editor has the project open, it is no project, or nothing can be read from it.
    """
    with reserved(project_path):
        problems = tuple(integrity_problems(project_path))
        if problems:
            new = _free_name(project_path)
            return _salvage_report(project_path, problems, new, salvage(project_path, new))
    with Project.open_for_editing(project_path) as project:
        drafts = tuple(project.journal.drafts())
        for position in drafts:
            project.journal.leave(position, actor="human")
        return RecoveryReport(project_path, project.unclean, drafts, (), segments=project.segments.count())


def _salvage_report(path: Path, problems: tuple[str, ...], new: Path, salvaged: Salvaged) -> RecoveryReport:
    return RecoveryReport(
        path,
        unclean=True,
        drafts=(),
        problems=problems[:_SHOWN_PROBLEMS],
        recovered_path=new,
        segments=salvaged.segments,
        lost_segments=tuple(salvaged.lost_segments),
        originals_kept=salvaged.originals_kept,
    )


def _free_name(project_path: Path) -> Path:
    new = project_path.with_name(f"{project_path.name}.recovered")
    number = 2
    while new.exists():
        new = project_path.with_name(f"{project_path.name}.recovered{number}")
        number += 1
    return new
