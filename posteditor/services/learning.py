"""What rewriters that learn are told: the confirmed segments of this project, of other projects, and of tables."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from posteditor.core.inline_tags import without_tags
from posteditor.core.segment import Segment
from posteditor.errors import UsageError
from posteditor.rewriters.memory_file import read_pairs
from posteditor.rewriters.protocol import Learner, MemoryPair, Rewriter
from posteditor.services.editing import CONFIRMED, EditingSession
from posteditor.store.project import Project, is_project


def pair_of(segment: Segment, *, is_own: bool) -> MemoryPair:
    """A confirmed segment as a pair to learn from.

    Args:
        segment: Its text counts, which is the mt where it has no target of its own.
        is_own: It belongs to the project that is worked on, and is not to be used for itself.
    """
    source = None if segment.source is None else without_tags(segment.source)
    position = segment.position if is_own else 0
    return MemoryPair(without_tags(segment.mt), without_tags(segment.text), source, position)


def pairs_of_session(session: EditingSession, tm: Sequence[Path] = ()) -> Iterator[MemoryPair]:
    """What is confirmed in the project, and after it what the files of ``tm`` hold; may run in any thread.

    Raises:
        CorpusError, StoreError: A file can't be read.
    """
    yield from (pair_of(segment, is_own=True) for segment in session.confirmed())
    yield from _pairs_of_files(tm, but=session.path)


def teach(rewriter: Rewriter, *, project: Path | None, tm: Sequence[Path]) -> None:
    """Let the rewriter learn from the project whose segments it is to rewrite, and from other files, if it can.

    Raises:
        CorpusError, StoreError: A file can't be read.
        UsageError: There are files to learn from, but the rewriter learns nothing.
    """
    if not isinstance(rewriter, Learner):
        if tm:
            raise UsageError(
                f"--tm: the rewriter {rewriter.name!r} learns nothing from it",
                hint=f"Use --model memory, or both together: --model {rewriter.name}+memory",
            )
        return
    if project is not None:
        rewriter.learn(_pairs_of_project(project, is_own=True))
    rewriter.learn(_pairs_of_files(tm, but=project))


def _pairs_of_files(paths: Iterable[Path], *, but: Path | None) -> Iterator[MemoryPair]:
    for path in paths:
        if not is_project(path):
            yield from read_pairs(path)
        elif but is None or not path.samefile(but):
            yield from _pairs_of_project(path, is_own=False)


def _pairs_of_project(path: Path, *, is_own: bool) -> Iterator[MemoryPair]:
    with Project.open_for_reading(path) as project:
        for segment in project.segments.all(statuses=CONFIRMED):
            yield pair_of(segment, is_own=is_own)
