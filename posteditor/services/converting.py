"""From a file to a file of another format."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

from posteditor.core.segment import Segment
from posteditor.errors import UsageError
from posteditor.formats.atomic import atomic_output
from posteditor.formats.compression import file_opener
from posteditor.formats.detection import DOCUMENTS, detect_format
from posteditor.formats.documents import splice_document
from posteditor.formats.options import ReadOptions, WriteOptions
from posteditor.formats.reading import SegmentReader, open_segments
from posteditor.formats.splicing import splice
from posteditor.services.export_report import ExportReport
from posteditor.services.exporting import check_count, export_project
from posteditor.services.importing import ProgressCallback, no_progress
from posteditor.services.writing_anew import Destination, write_anew
from posteditor.store.project import is_project

_PROGRESS_EVERY = 1000  # segments


def convert(
    paths: Sequence[Path],
    out: Path,
    options: ReadOptions,
    *,
    sources: Path | None = None,
    force: bool = False,
    progress: ProgressCallback = no_progress,
) -> ExportReport:
    """Write a file, or the targets of a project, in the format that the name of ``out`` says.

    A file that has that format already comes out with all it holds; only the compression may be another.

    Args:
        paths: A file, parallel text files, or a project.
        sources: With plain text: a second file, for the sources.

    Raises:
        CorpusError: The input can't be read, or the format can't hold a text.
        UsageError: The output exists already or can't be written, or a format is not supported.
        StoreError: The input is a project that can't be opened.
    """
    if any(map(is_project, paths)):
        if len(paths) > 1:
            raise UsageError("a project is converted by itself", hint="name the project alone")
        return export_project(paths[0], out, sources=sources, force=force)
    own = detect_format([str(path) for path in paths], options.format)
    kind = detect_format([out.name], None)
    if kind == own and len(paths) == 1 and sources is None and _is_by_name(options):
        return _copied(paths[0], out, kind, options, force=force)
    with open_segments(paths, options) as reader:
        counted = _Counted(reader, progress)
        segments = _started(counted)
        to = Destination(out, None, sources, write_options(options, reader), force)
        done = write_anew(segments, to, own, columns_of(reader))
        check_count(out, counted.count, done.segments)
        lost = {**done.lost, **_unknown_columns(reader, counted.count)}
        return ExportReport(out, kind, done.segments, 0, spliced=False, lost=lost, skipped=reader.skipped_count)


def _is_by_name(options: ReadOptions) -> bool:
    return options == replace(ReadOptions(), format=options.format)


def _copied(path: Path, out: Path, kind: str, options: ReadOptions, *, force: bool) -> ExportReport:
    with atomic_output(out, force=force) as file:
        if kind in DOCUMENTS:
            segments = splice_document(kind, file_opener(path), str(path), options, (), file).segments
        else:
            segments = splice([file_opener(path)], [str(path)], options, (), file).segments
    return ExportReport(out, kind, segments, 0, spliced=True)


def _started(segments: Iterable[Segment]) -> Iterator[Segment]:
    """The segments, the first of which has been read: only then a file's languages are known."""
    rest = iter(segments)
    return chain(list(islice(rest, 1)), rest)


def write_options(options: ReadOptions, reader: SegmentReader) -> WriteOptions:
    """The languages that the person named, else those of the file."""
    source, target = reader.languages
    return WriteOptions(options.source_lang or source, options.target_lang or target)


def columns_of(reader: SegmentReader) -> tuple[str, ...]:
    """What the segments of a file may have."""
    columns = tuple(column for column in reader.columns if column != "-")
    return columns if "target" in columns or reader.format not in DOCUMENTS else (*columns, "target")


def _unknown_columns(reader: SegmentReader, count: int) -> dict[str, int]:
    return {f"the column {name}": count for name in reader.unknown_columns}


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
