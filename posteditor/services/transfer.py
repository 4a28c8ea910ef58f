"""Files to projects and back: import, update, export, convert. The entry to these for everything above."""

from collections.abc import Sequence
from pathlib import Path

from posteditor.formats.options import ReadOptions
from posteditor.services.converting import convert
from posteditor.services.export_report import ExportReport
from posteditor.services.exporting import export_project, find_project
from posteditor.services.importing import ImportReport, ProgressCallback, Sources, fill, no_progress
from posteditor.services.updating import (
    SourceChange,
    UpdateReport,
    check_source,
    keep_project,
    update_from_source,
)
from posteditor.store.bulk import ProjectBuilder
from posteditor.store.project import is_project

BY_NAME = ReadOptions()
"""Everything is taken from the name and the header of the file."""

__all__ = [
    "ExportReport",
    "ImportReport",
    "ProgressCallback",
    "SourceChange",
    "UpdateReport",
    "check_source",
    "convert",
    "create_project",
    "export_project",
    "find_project",
    "is_project",
    "keep_project",
    "update_from_source",
]


def create_project(
    paths: Sequence[Path],
    project_path: Path,
    options: ReadOptions = BY_NAME,
    *,
    references: Sequence[Path] = (),
    source_lang: str | None = None,
    target_lang: str | None = None,
    progress: ProgressCallback = no_progress,
) -> ImportReport:
    """Make a project from a file or from parallel text files.

    It appears under its name when it is complete and on the disk; a failure or a crash leaves nothing behind.

    Args:
        references: Text files with one more reference per segment.
        source_lang: BCP 47; None when unknown.
        target_lang: The same.

    Raises:
        CorpusError: A file can't be read, or two of its segments have the same id.
        AlignmentError: Parallel files, or references, don't have the same number of lines.
        UsageError: The names or the options don't fit together.
        StoreError: There is a file of that name already, the folder is read-only, or the disk is full.
    """
    sources = Sources(tuple(paths), options, tuple(references), source_lang, target_lang)
    with ProjectBuilder(project_path) as builder:
        report = fill(builder, sources, progress)
        builder.finish()
    return report
