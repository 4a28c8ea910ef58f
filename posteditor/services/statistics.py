"""What was done in a project so far: ``posteditor stats``."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from posteditor.core.segment import Status
from posteditor.scoring.effort import EditRate, word_edit_rate
from posteditor.store.overview import (
    HistoryTotals,
    TakenSuggestions,
    departed_count,
    history_totals,
    taken_suggestions,
    worked_texts,
)
from posteditor.store.project import Project


@dataclass(frozen=True, slots=True)
class TargetOrigins:
    """Where the targets of the segments that were worked on come from."""

    unchanged: int
    """The target is the mt."""
    taken: int
    """The target is what taking a suggestion gave."""
    edited: int
    """Anything else: a person wrote in it."""


@dataclass(frozen=True, slots=True)
class ProjectStatistics:
    """The state of a project in numbers."""

    path: Path
    source_lang: str | None
    target_lang: str | None
    segments: int
    by_status: dict[Status, int]
    """Every status is a key."""
    targets: TargetOrigins
    suggestions: TakenSuggestions
    edit_rate: EditRate
    """Words changed from mt to target over the segments that were worked on."""
    history: HistoryTotals
    departed: int
    """Segments with work that an update of the source file left behind."""
    open_in_editor: bool
    """An editor has the project open, or the last one crashed."""

    def to_json(self) -> dict[str, Any]:
        """The numbers as plain JSON values."""
        return {
            "path": str(self.path),
            "source_lang": self.source_lang,
            "target_lang": self.target_lang,
            "segments": self.segments,
            "by_status": {status.value: count for status, count in self.by_status.items()},
            "targets": asdict(self.targets),
            "suggestions": asdict(self.suggestions),
            "word_edit_rate": round(self.edit_rate.value, 2),
            "words_edited": self.edit_rate.edits,
            "words_in_targets": self.edit_rate.length,
            "history": asdict(self.history),
            "departed": self.departed,
            "open_in_editor": self.open_in_editor,
        }


def project_statistics(path: Path) -> ProjectStatistics:
    """The numbers of a project, which may be open in an editor meanwhile; they all belong to the same moment.

    Raises:
        StoreError: It can't be opened.
    """
    with Project.open_for_reading(path) as project, project.database.snapshot():
        targets, edit_rate = _targets(project)
        return ProjectStatistics(
            path=path,
            source_lang=project.meta.get("source_lang"),
            target_lang=project.meta.get("target_lang"),
            segments=project.segments.count(),
            by_status=project.segments.counts(),
            targets=targets,
            suggestions=taken_suggestions(project.database),
            edit_rate=edit_rate,
            history=history_totals(project.database),
            departed=departed_count(project.database),
            open_in_editor=project.meta.get("owner") is not None,
        )


def _targets(project: Project) -> tuple[TargetOrigins, EditRate]:
    unchanged = taken = edited = edits = length = 0
    for rows in worked_texts(project.database):
        for mt, target, is_taken in rows:
            if target == mt:
                unchanged += 1
            elif is_taken:
                taken += 1
            else:
                edited += 1
            rate = word_edit_rate(mt, target)
            edits += rate.edits
            length += rate.length
    return TargetOrigins(unchanged, taken, edited), EditRate(edits, length)
