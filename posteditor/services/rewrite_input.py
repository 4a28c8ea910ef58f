"""What ``rewrite`` reads: files as they lie on the disk, or the originals that a project keeps."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

from posteditor.formats.compression import Opener, file_opener
from posteditor.formats.options import ReadOptions
from posteditor.formats.reading import SegmentReader, open_segments_from
from posteditor.services.importing import Sources
from posteditor.store.project import Project, is_project

_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class RewriteInput:
    """Bytes that can be read more than once, and how."""

    names: tuple[str, ...]
    openers: tuple[Opener, ...]
    options: ReadOptions
    target_lang: str | None = None
    """BCP 47, if the project knows it."""
    project: Path | None = None
    """The project that it comes from; None for files."""
    source_lang: str | None = None
    """BCP 47, if the project knows it."""

    def open_segments(self) -> SegmentReader:
        """The segments, from the first on.

        Raises:
            CorpusError: A file can't be read.
            UsageError: The names or the options don't fit together.
        """
        return open_segments_from(self.openers, self.names, self.options)

    def count(self, limit: int | None, on_progress: Callable[[int], None]) -> int:
        """How many segments there are, of the first ``limit``; reading is a small part of rewriting them.

        Raises:
            CorpusError: A file can't be read, or has a bad record among them.
        """
        total = 0
        with self.open_segments() as reader:
            for rows in reader.iter_rows():
                total += len(rows)
                if limit is not None and total >= limit:
                    return limit
                on_progress(total)
        return total

    def fingerprints(self) -> list[str]:
        """SHA-256 of the bytes of each file, in hexadecimal.

        Raises:
            CorpusError: A file can't be read.
        """
        digests = []
        for opener in self.openers:
            digest = sha256()
            with opener() as file:
                while block := file.read(_BLOCK_BYTES):
                    digest.update(block)
            digests.append(digest.hexdigest())
        return digests


@contextmanager
def open_input(paths: Sequence[Path], options: ReadOptions) -> Iterator[RewriteInput]:
    """The input behind the command line's paths; a project's originals are read as they were when it was made.

    Raises:
        StoreError: The project can't be opened.
    """
    if len(paths) == 1 and is_project(paths[0]):
        with Project.open_for_reading(paths[0]) as project:
            yield _from_project(project)
        return
    yield RewriteInput(tuple(str(path) for path in paths), tuple(file_opener(path) for path in paths), options)


def _from_project(project: Project) -> RewriteInput:
    originals = project.originals.all()
    sources = Sources.from_meta(project.meta, tuple(original.path for original in originals))
    return RewriteInput(
        tuple(str(path) for path in sources.paths),
        tuple(partial(project.originals.open, original.number) for original in originals),
        sources.options,
        sources.target_lang,
        project.path,
        sources.source_lang,
    )
