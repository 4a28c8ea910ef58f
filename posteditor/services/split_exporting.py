"""From a project, or a file, to one file per split, such as train, dev and test."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path

from posteditor.core.segment import Status
from posteditor.formats.detection import detect_format
from posteditor.formats.options import ReadOptions
from posteditor.formats.reading import open_segments
from posteditor.services.converting import columns_of, write_options
from posteditor.services.editing import CONFIRMED
from posteditor.services.exporting import (
    Pairs,
    checked_pairs,
    destination,
    find_project,
    own_kind,
    pair_segments,
    segments_of,
)
from posteditor.services.importing import ProgressCallback, no_progress
from posteditor.services.splitting import SplitOptions, SplitsReport, write_splits
from posteditor.services.writing_anew import Destination
from posteditor.store.project import Project


def export_splits(
    project_path: Path,
    out: Path,
    options: SplitOptions,
    *,
    statuses: frozenset[Status] | None = None,
    format: str | None = None,  # noqa: A002 - the name of the option
    force: bool = False,
    pairs: Pairs | None = None,
    provenance: bool = False,
    sources: Path | None = None,
    progress: ProgressCallback = no_progress,
) -> SplitsReport:
    """Write the targets of a project into one file per split, with no near duplicates across them.

    Args:
        out: ``news.tsv`` stands for ``news.train.tsv`` and so on.
        options: The splits.

    The others, and what is raised, are as for ``export_project``; also a UsageError where the shares make no sense.
    """
    with Project.open_for_reading(find_project(project_path)) as project, project.database.snapshot():
        to = destination(project, out, format=format, sources=sources, provenance=provenance, force=force)
        if pairs is not None:
            statuses = CONFIRMED if statuses is None else statuses
            columns = checked_pairs(to, pairs)
            segments = partial(pair_segments, project, to, pairs, statuses)
        else:
            columns = project.segments.columns()
            segments = partial(segments_of, project, to, statuses)
        first = columns[0] if pairs is not None else "source"
        report = write_splits(
            lambda: nullcontext(segments()),
            to,
            options,
            own_kind(project),
            columns,
            first_column=first,
            progress=progress,
        )
        written = sum(file.segments for file in report.files.values())
        return replace(report, left_out=project.segments.count() - written)


def convert_splits(
    paths: Sequence[Path],
    out: Path,
    options: ReadOptions,
    splits: SplitOptions,
    *,
    sources: Path | None = None,
    force: bool = False,
    progress: ProgressCallback = no_progress,
) -> SplitsReport:
    """Write a file, or parallel text files, into one file per split, with no near duplicates across them.

    Raises:
        CorpusError: The input can't be read, or the format can't hold a text.
        UsageError: An output exists or can't be written, or the shares make no sense.
    """
    own = detect_format([str(path) for path in paths], options.format)
    with open_segments(paths, options) as reader:
        next(iter(reader))  # only then a file's languages are known
        to = Destination(out, None, sources, write_options(options, reader), force)
        columns = columns_of(reader)
    return write_splits(partial(open_segments, paths, options), to, splits, own, columns, progress=progress)
