"""A segment of a run in the editor: the project that is made of a kept test set, with what the run suggested."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from posteditor.core.segment import Segment
from posteditor.core.suggestion import Suggestion
from posteditor.errors import UsageError
from posteditor.formats.columns import reference_name
from posteditor.formats.writing import write_segments
from posteditor.services.benchmark.kept_segments import KeptSegments
from posteditor.services.benchmark.run_folder import RunFolder
from posteditor.services.benchmark.set_files import KeptSet
from posteditor.services.editing import EditingSession
from posteditor.services.importing import ProgressCallback
from posteditor.services.opening import PROJECT_SUFFIX, Decision, OpenRequest, open_for_editing

_FOLDER = "edits"
_HASH = 8  # characters of it in a name


def edit_request(run: RunFolder, kept: KeptSet) -> OpenRequest:
    """What to open: a project in the run's folder ``edits``, which ``bench --force`` leaves alone.

    Its name has the hash of the texts: a run begun anew over other ones gets another project, and no work is lost.
    """
    project = run.path / _FOLDER / f"{kept.name}-{kept.sha256[:_HASH]}.jsonl{PROJECT_SUFFIX}"
    return OpenRequest(
        paths=(run.set_file(kept.name),),
        project=project,
        source_lang=run.settings.get("source_lang") or kept.source_lang,
        target_lang=run.settings.get("target_lang") or kept.target_lang,
    )


def open_run_segment(
    run: RunFolder,
    kept: KeptSet,
    position: int,
    suggestions: Sequence[tuple[Suggestion, str]],
    *,
    progress: ProgressCallback,
) -> tuple[EditingSession, list[str]]:
    """Open the editor's project of a test set at a segment, making it first where there is none.

    Args:
        run: The run, whose kept files are read and never written.
        kept: The test set.
        position: Of the segment that the editor is to show first.
        suggestions: What the run has for it, each with the revision that made it; shown until a model answers anew.
        progress: Told how far making the project has come.

    Returns:
        The session, which the caller closes, and remarks for the person.

    Raises:
        CorpusError: The kept file is gone or damaged.
        StoreError: The project can't be made or opened.
        UsageError: The folder can't be written to.
    """
    request = edit_request(run, kept)
    project = request.project_path
    try:
        project.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{project.parent}: can't be made: {error.strerror}", hint="copy the run to a folder of your own"
        ) from error
    if not project.exists():
        request = replace(request, paths=(_with_unique_ids(request.paths[0], project),))
    session, remarks = open_for_editing(request, progress=progress, on_change=_leave_it)
    try:
        session.remember_position(position)
        for suggestion, revision in suggestions:
            if not suggestion.error:
                session.store_suggestion(position, suggestion, revision)
    except BaseException:
        session.close()
        raise
    return session, remarks


def _leave_it(_change: str) -> Decision:
    """The name has the hash of the texts: only somebody's own hand can have changed the file."""
    return "later"


def _with_unique_ids(kept_file: Path, project: Path) -> Path:
    """A file that a project can be made of: the kept one, or a copy without ids where one occurs twice."""
    segments = KeptSegments(kept_file)
    seen: set[str] = set()
    most_references, is_repeated = 1, False
    for segment in segments:
        most_references = max(most_references, len(segment.references))
        is_repeated = is_repeated or segment.id in seen
        if segment.id is not None:
            seen.add(segment.id)
    if not is_repeated:
        return kept_file
    copy = project.with_name(project.name.removesuffix(PROJECT_SUFFIX))
    columns = ["source", "mt", *(reference_name(number) for number in range(1, most_references + 1))]
    write_segments(_nameless(segments), copy, columns=columns, format="jsonl", force=True)
    return copy


def _nameless(segments: KeptSegments) -> Iterator[Segment]:
    return (replace(segment, id=None) for segment in segments)
