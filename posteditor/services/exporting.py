"""From a project to a file: into the original where the format is the same, else written anew."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from posteditor.core.segment import Segment, Status
from posteditor.errors import StoreError
from posteditor.formats.atomic import OutputFile, atomic_output
from posteditor.formats.compression import file_opener
from posteditor.formats.detection import detect_format
from posteditor.formats.options import ReadOptions
from posteditor.formats.reading import open_segments
from posteditor.formats.splicing import splice
from posteditor.formats.writing import write_segments_to
from posteditor.services.importing import ProgressCallback, Sources, no_progress
from posteditor.store.project import SUFFIX, Project, is_project

_PROGRESS_EVERY = 1000  # segments


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written."""

    path: Path
    format: str
    segments: int
    """In the file that was written."""
    changed: int
    """Those whose target is another than in the original; 0 for a file written anew."""
    spliced: bool
    """The original with new targets, every other byte as it was; False for a file written anew."""
    lost: dict[str, int] = field(default_factory=dict)
    """What the segments had and the file does not hold, such as "note", to the number of segments that had it."""
    skipped: int = 0
    """Bad records of the input that were passed over because that was asked for."""

    def to_json(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        return {
            "path": str(self.path),
            "format": self.format,
            "segments": self.segments,
            "changed": self.changed,
            "spliced": self.spliced,
            "lost": dict(self.lost),
            "skipped": self.skipped,
        }

    def summary(self) -> tuple[str, ...]:
        """What happened, as sentences for the person."""
        how = ""
        if self.spliced:
            how = f", {self.changed} with a new target" if self.changed else ", all as in the original"
        lines = [f"{self.segments} segments written to {self.path}{how}."]
        if self.skipped:
            lines.append(f"{self.skipped} bad records were passed over.")
        if self.lost:
            what = ", ".join(f"{name} ({count})" for name, count in self.lost.items())
            lines.append(f"The file does not hold these of the segments: {what}.")
        return tuple(lines)


def find_project(path: Path) -> Path:
    """``path`` if it is a project, else the project beside the file of that name.

    Raises:
        StoreError: There is neither.
    """
    beside = path.with_name(path.name + SUFFIX)
    if is_project(path) or not is_project(beside):
        return path  # opening it says what is wrong
    return beside


def export_project(
    project_path: Path,
    out: Path,
    *,
    statuses: frozenset[Status] | None = None,
    format: str | None = None,  # noqa: A002 - the name of the option
    force: bool = False,
) -> ExportReport:
    """Write the targets of a project to a file; a project that is open in an editor is written as it is at the moment.

    In the format that came in, with all segments, they are put into the original: without edits the output is the
    original byte for byte.

    Args:
        project_path: A project, or the file that it lies beside.
        statuses: Only segments with one of these; None for all.
        format: Of the output; None takes it from the name.
        force: Write over an existing file.

    Raises:
        StoreError: The project can't be opened, or the original that it keeps is damaged.
        CorpusError: The format can't hold a target.
        UsageError: The output exists already or can't be written, or its format is not supported.
    """
    kind = detect_format([out.name], format)
    with (
        Project.open_for_reading(find_project(project_path)) as project,
        project.database.snapshot(),
        atomic_output(out, force=force) as file,
    ):
        if statuses is None and kind == project.meta.get("format") and project.originals.all():
            return _into_original(project, out, kind, file)
        return _anew(project, out, kind, file, statuses)


def _into_original(project: Project, out: Path, kind: str, file: OutputFile) -> ExportReport:
    originals = project.originals.all()
    sources = Sources.from_meta(project.meta, tuple(original.path for original in originals))
    done = splice(
        [partial(project.originals.open, original.number) for original in originals],
        [str(path) for path in sources.paths],
        sources.options,
        project.segments.changed_targets(),
        file,
        statuses=project.segments.changed_statuses(),
    )
    if done.segments != project.segments.count():
        raise StoreError(
            f"{project.path}: the project has {project.segments.count()} segments, the original that it keeps"
            f" {done.segments}",
            hint="export to another format and compare",
        )
    return ExportReport(out, kind, done.segments, done.changed, spliced=True)


def _anew(project: Project, out: Path, kind: str, file: OutputFile, statuses: frozenset[Status] | None) -> ExportReport:
    segments = project.segments.all(statuses=statuses)
    done = write_segments_to(segments, file, kind, out, columns=project.segments.columns())
    counts = project.segments.counts()
    expected = sum(counts[status] for status in (Status if statuses is None else statuses))
    _check_count(out, expected, done.segments)
    return ExportReport(out, kind, done.segments, 0, spliced=False, lost=done.lost)


def convert(
    source: Path,
    out: Path,
    options: ReadOptions,
    *,
    force: bool = False,
    progress: ProgressCallback = no_progress,
) -> ExportReport:
    """Write a file, or the targets of a project, in the format that the name of ``out`` says.

    A file that has that format already comes out with all it holds; only the compression may be another.

    Raises:
        CorpusError: The input can't be read, or the format can't hold a text.
        UsageError: The output exists already or can't be written, or a format is not supported.
        StoreError: The input is a project that can't be opened.
    """
    if is_project(source):
        return export_project(source, out, force=force)
    kind = detect_format([out.name], None)
    own = detect_format([source.name], options.format)
    with atomic_output(out, force=force) as file:
        if kind == own and options == replace(ReadOptions(), format=options.format):
            copied = splice([file_opener(source)], [str(source)], options, (), file)
            return ExportReport(out, kind, copied.segments, 0, spliced=True)
        with open_segments([source], options) as reader:
            counted = _Counted(reader, progress)
            done = write_segments_to(iter(counted), file, kind, out, columns=reader.columns)
            _check_count(out, counted.count, done.segments)
            return ExportReport(
                out, kind, done.segments, 0, spliced=False, lost=done.lost, skipped=reader.skipped_count
            )


class _Counted:
    """Segments that are counted on their way."""

    def __init__(self, segments: Iterable[Segment], progress: ProgressCallback) -> None:
        self._segments = segments
        self._progress = progress
        self.count = 0

    def __iter__(self) -> Iterator[Segment]:
        for segment in self._segments:
            self.count += 1
            if self.count % _PROGRESS_EVERY == 0:
                self._progress(self.count, None)
            yield segment


def _check_count(out: Path, expected: int, written: int) -> None:
    if expected != written:
        raise StoreError(f"{out}: {expected} segments went in but {written} came out; nothing was written")
