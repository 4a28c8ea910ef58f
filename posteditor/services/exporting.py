"""From a project to a file: into the original where the format is the same, else written anew."""

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from functools import partial
from pathlib import Path

from posteditor.core.segment import Segment, Status
from posteditor.errors import StoreError, UsageError
from posteditor.formats.atomic import OutputFile, atomic_output
from posteditor.formats.detection import DOCUMENTS
from posteditor.formats.documents import splice_document
from posteditor.formats.options import WriteOptions
from posteditor.formats.splicing import splice
from posteditor.services.editing import CONFIRMED
from posteditor.services.export_report import ExportReport
from posteditor.services.importing import Sources
from posteditor.services.project_changes import changes_of, with_provenance
from posteditor.services.writing_anew import Destination, write_anew
from posteditor.store.project import SUFFIX, Project, is_project


class Pairs(StrEnum):
    """Which two texts of a segment make a pair."""

    PARALLEL = "parallel"
    """Source and target: a parallel corpus."""
    TRAINING = "training"
    """Mt and target: what a rewriter learns from."""

    @property
    def columns(self) -> tuple[str, str]:
        """The two columns."""
        return ("source" if self is Pairs.PARALLEL else "mt", "target")


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
    pairs: Pairs | None = None,
    provenance: bool = False,
    sources: Path | None = None,
) -> ExportReport:
    """Write the targets of a project to a file; a project that is open in an editor is written as it is at the moment.

    In the format that came in, with all segments, they are put into the original: without edits the output is the
    original byte for byte.

    Args:
        project_path: A project, or the file that it lies beside.
        statuses: Only segments with one of these; None for all, or for the confirmed and reviewed ones of pairs.
        format: Of the output; None takes it from the name.
        force: Write over an existing file.
        pairs: Only the two texts of each segment that has both.
        provenance: Say who or which rewriter made each target, when, and how sure it was, where the format can.
        sources: With a plain text output: a second file for the sources, or the mts of training pairs.

    Raises:
        StoreError: The project can't be opened, or the original that it keeps is damaged.
        CorpusError: The format can't hold a target.
        UsageError: The output exists already or can't be written, or its format is not supported.
    """
    with Project.open_for_reading(find_project(project_path)) as project, project.database.snapshot():
        to = destination(project, out, format=format, sources=sources, provenance=provenance, force=force)
        to.check()
        if pairs is not None:
            return _pairs(project, to, pairs, CONFIRMED if statuses is None else statuses)
        is_whole = statuses is None and sources is None and to.kind == project.meta.get("format")
        if is_whole and not (provenance and to.kind not in DOCUMENTS) and project.originals.all():
            with atomic_output(out, force=force) as file:
                return _into_original(project, out, to.kind, file, provenance=provenance)
        return _anew(project, to, statuses)


def destination(
    project: Project,
    out: Path,
    *,
    format: str | None = None,  # noqa: A002 - the name of the option
    sources: Path | None = None,
    provenance: bool = False,
    force: bool = False,
) -> Destination:
    """A file to be written from a project, in the project's languages."""
    languages = (project.meta.get("source_lang"), project.meta.get("target_lang"))
    return Destination(out, format, sources, WriteOptions(*languages, provenance), force)


def _pairs(project: Project, to: Destination, pairs: Pairs, statuses: frozenset[Status]) -> ExportReport:
    columns = checked_pairs(to, pairs)
    segments = pair_segments(project, to, pairs, statuses)
    done = write_anew(segments, to, own_kind(project), columns, first_column=columns[0])
    left_out = project.segments.count() - done.segments
    return ExportReport(to.path, to.kind, done.segments, 0, spliced=False, lost=done.lost, left_out=left_out)


def checked_pairs(to: Destination, pairs: Pairs) -> tuple[str, ...]:
    """The columns of pairs in a destination.

    Raises:
        UsageError: It can't hold them.
    """
    if pairs is Pairs.TRAINING and to.kind in ("tmx", "xliff", "po"):
        raise UsageError(
            f"{to.path}: {to.kind} is for a source and its translation, not for mt and target",
            hint="name the output .tsv, .csv, .jsonl, .parquet or .txt (with --sources)",
        )
    if to.kind == "text" and to.sources is None:
        raise UsageError(
            f"{to.path}: plain text holds one side of a pair",
            hint=f"say with --sources where each {pairs.columns[0]} goes",
        )
    return pairs.columns


def pair_segments(project: Project, to: Destination, pairs: Pairs, statuses: frozenset[Status]) -> Iterator[Segment]:
    """Both texts of each segment that has both, and what else the format shows of it."""
    segments = project.segments.all(statuses=statuses)
    for segment in with_provenance(project, segments) if to.options.provenance else segments:
        if not (segment.text and (segment.source if pairs is Pairs.PARALLEL else segment.mt)):
            continue
        segment = replace(segment, target=segment.text)
        if pairs is Pairs.PARALLEL:
            yield replace(_bare(segment), mt=segment.text)
        else:
            yield segment if to.kind in DOCUMENTS else _bare(segment)


def segments_of(project: Project, to: Destination, statuses: frozenset[Status] | None) -> Iterator[Segment]:
    """The segments of these statuses, with where their targets come from if that is asked for."""
    segments = project.segments.all(statuses=statuses)
    return with_provenance(project, segments) if to.options.provenance else segments


def _bare(segment: Segment) -> Segment:
    """Without what nobody asked for, so that it does not count as lost."""
    return replace(segment, id=None, note="", references=(), status=Status.DRAFT)


def _into_original(project: Project, out: Path, kind: str, file: OutputFile, *, provenance: bool) -> ExportReport:
    originals = project.originals.all()
    sources = Sources.from_meta(project.meta, tuple(original.path for original in originals))
    openers = [partial(project.originals.open, original.number) for original in originals]
    names = [str(path) for path in sources.paths]
    refused: tuple[tuple[int, str], ...] = ()
    lost: dict[str, int] = {}
    if kind in DOCUMENTS:
        changes = changes_of(project, provenance=provenance)
        document = splice_document(kind, openers[0], names[0], sources.options, changes, file)
        segments, changed, refused = document.segments, document.changed, document.refused
        if document.removed_characters:
            lost["characters that the format can't hold"] = document.removed_characters
    else:
        done = splice(
            openers,
            names,
            sources.options,
            project.segments.changed_targets(),
            file,
            statuses=project.segments.changed_statuses(),
        )
        segments, changed = done.segments, done.changed
    if segments != project.segments.count():
        raise StoreError(
            f"{project.path}: the project has {project.segments.count()} segments, the original that it keeps"
            f" {segments}",
            hint="export to another format and compare",
        )
    return ExportReport(out, kind, segments, changed, spliced=True, lost=lost, refused=refused)


def _anew(project: Project, to: Destination, statuses: frozenset[Status] | None) -> ExportReport:
    done = write_anew(segments_of(project, to, statuses), to, own_kind(project), project.segments.columns())
    counts = project.segments.counts()
    expected = sum(counts[status] for status in (Status if statuses is None else statuses))
    check_count(to.path, expected, done.segments)
    left_out = project.segments.count() - expected
    return ExportReport(to.path, to.kind, done.segments, 0, spliced=False, lost=done.lost, left_out=left_out)


def own_kind(project: Project) -> str:
    """The format a project was made from."""
    return str(project.meta.get("format", ""))


def check_count(out: Path, expected: int, written: int) -> None:
    """Refuse to have lost a segment.

    Raises:
        StoreError: Other than as many segments came out as went in.
    """
    if expected != written:
        raise StoreError(f"{out}: {expected} segments went in but {written} came out")
