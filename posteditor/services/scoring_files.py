"""Scoring whatever was named: a file, parallel files, or a project with the work so far."""

from collections.abc import Callable, Sequence
from pathlib import Path

from posteditor.formats.options import ReadOptions
from posteditor.services.evaluating import FileScores, ScoreOptions, SegmentScores, score_file, score_segments
from posteditor.store.project import Project, is_project


def score_paths(
    paths: Sequence[Path],
    read: ReadOptions,
    options: ScoreOptions,
    *,
    references: Sequence[Path] = (),
    on_segment: Callable[[SegmentScores], None] | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> FileScores:
    """The scores of a file, of parallel files, or of a project; arguments and errors as for ``score_file``.

    A project brings its own references; ``references`` is for files.
    """
    if len(paths) == 1 and is_project(paths[0]):
        with Project.open_for_reading(paths[0]) as project:
            return score_segments(project.segments.all(), options, on_segment=on_segment, on_progress=on_progress)
    return score_file(paths, read, options, references=references, on_segment=on_segment, on_progress=on_progress)
