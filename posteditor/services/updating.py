"""A source file that changed after the project was made from it: noticing, and taking the new version in."""

import os
from dataclasses import asdict, dataclass
from pathlib import Path

from posteditor.errors import StoreError
from posteditor.services.importing import ImportReport, ProgressCallback, Sources, fill, no_progress
from posteditor.store.bulk import ProjectBuilder
from posteditor.store.originals import Original, sha256_of
from posteditor.store.project import Project
from posteditor.store.updating import Carried, carry_over

_KEPT = "kept_sources"  # meta: SHA-256 sums of versions that the person decided not to take in


@dataclass(frozen=True, slots=True)
class SourceChange:
    """Files that are not what they were when the project was made."""

    paths: tuple[Path, ...]
    sha256: tuple[str, ...]
    """Of the files as they are now, one per path."""

    @property
    def message(self) -> str:
        """What happened, as a sentence."""
        names = ", ".join(str(path) for path in self.paths)
        return f"{names} {'has' if len(self.paths) == 1 else 'have'} changed since the project was made."


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """What an update did."""

    imported: ImportReport
    carried: Carried

    def summary(self) -> tuple[str, ...]:
        """What happened, as sentences for the person."""
        carried = self.carried
        lines = [
            f"{self.imported.segments} segments: {carried.kept} as before, {carried.changed} changed,"
            f" {carried.new} new; {carried.gone} are gone."
        ]
        if carried.gone:
            lines.append("The work on segments that are gone is kept in the project.")
        return tuple(lines)

    def to_json(self) -> dict[str, int]:
        """The counts as plain JSON values."""
        return {"segments": self.imported.segments, **asdict(self.carried)}


def check_source(project_path: Path) -> SourceChange | None:
    """Which of the project's files changed since; None when none did, or none is there any more.

    Size and time are looked at first; only where they differ the bytes are. A version that ``keep_project`` was called
    for is no change.

    Raises:
        StoreError: The project can't be opened.
    """
    with Project.open_for_reading(project_path) as project:
        kept = set(project.meta.get(_KEPT, ()))
        changed = [(path, digest) for path, digest in _changed(project.originals.all()) if digest not in kept]
    if not changed:
        return None
    return SourceChange(tuple(path for path, _ in changed), tuple(digest for _, digest in changed))


def keep_project(project_path: Path, change: SourceChange) -> None:
    """Go on with the project as it is; ``check_source`` is silent until the file changes once more.

    Raises:
        StoreError: An editor has the project open, or it can't be written.
    """
    with Project.open_for_editing(project_path) as project:
        project.meta.set(_KEPT, sorted({*project.meta.get(_KEPT, ()), *change.sha256}))


def update_from_source(project_path: Path, *, progress: ProgressCallback = no_progress) -> UpdateReport:
    """Make the project anew from its files as they are now and carry all work over.

    Segments are matched by id, then by source, then by mt. The work on segments that are gone stays in the project as
    history. Either all of it happens or nothing.

    Raises:
        CorpusError: A file is gone or can't be read.
        StoreError: An editor has the project open, another program reads it, or the disk is full.
    """
    with Project.open_for_editing(project_path) as project:
        for position in project.journal.drafts():
            project.journal.leave(position, actor="human")
        sources = Sources.from_meta(project.meta, tuple(original.path for original in project.originals.all()))
        if not sources.paths:
            raise StoreError(
                f"{project_path}: the project does not know which file it was made from",
                hint="open the file itself: a new project is made beside it",
            )
        with project.laid_down(), ProjectBuilder(project_path, previous=project_path) as builder:
            imported = fill(builder, sources, progress)
            carried = carry_over(builder.database)
            builder.finish(replace=True)
    return UpdateReport(imported, carried)


def _changed(originals: list[Original]) -> list[tuple[Path, str]]:
    changed = []
    for original in originals:
        try:
            found = os.stat(original.path)  # noqa: PTH116 - one call for both
            if (found.st_size, found.st_mtime_ns) == (original.size, original.mtime_ns):
                continue
            digest = sha256_of(original.path)
        except OSError:  # gone, or no longer readable: the project has all it needs
            continue
        if digest != original.sha256:
            changed.append((original.path, digest))
    return changed
