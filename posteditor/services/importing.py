"""Filling a project from a file: one pass, constant memory, all segments or none."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from itertools import repeat
from pathlib import Path
from typing import Any, Self

from posteditor.core.segment import Status
from posteditor.errors import CorpusError, StoreError
from posteditor.formats.options import ReadOptions
from posteditor.formats.reading import Row, open_segments
from posteditor.store.bulk import DuplicateId, ProjectBuilder
from posteditor.store.folding import folded_rows
from posteditor.store.meta import Meta
from posteditor.store.originals import OriginalKeeper

ProgressCallback = Callable[[int, int | None], None]
"""Told how many segments are done, and of how many (None while that is not known)."""


def no_progress(done: int, total: int | None) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The files of a project, how they are read, and what the person said about their languages."""

    paths: tuple[Path, ...]
    options: ReadOptions
    references: tuple[Path, ...] = ()
    source_lang: str | None = None
    """BCP 47; None when unknown."""
    target_lang: str | None = None

    def to_meta(self) -> dict[str, Any]:
        """All but the paths, which are kept with the files' bytes, as JSON values."""
        return {
            "read_options": asdict(self.options),
            "references": [str(path.absolute()) for path in self.references],
            "source_lang": self.source_lang,
            "target_lang": self.target_lang,
        }

    @classmethod
    def from_meta(cls, meta: Meta, paths: tuple[Path, ...]) -> Self:
        """What ``to_meta`` gave, and the paths."""
        options = dict(meta.get("read_options", {}))
        if options.get("columns") is not None:
            options["columns"] = tuple(options["columns"])
        return cls(
            paths,
            ReadOptions(**options),
            tuple(Path(path) for path in meta.get("references", ())),
            meta.get("source_lang"),
            meta.get("target_lang"),
        )


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import brought in."""

    segments: int
    """In the file, and in the project: an import stops where these would differ."""
    with_source: int
    with_target: int
    with_references: int
    skipped: int = 0
    """Bad units that were left out because that was asked for."""


def fill(builder: ProjectBuilder, sources: Sources, progress: ProgressCallback) -> ImportReport:
    """Read all segments and the files' bytes into a project in the making, indexes and counters included.

    Raises:
        CorpusError: A file can't be read as what it should be, two segments have the same id, or it changed meanwhile.
        StoreError: The project can't be written.
    """
    with ExitStack() as stack:
        keeper = OriginalKeeper(builder.originals, sources.paths)
        reader = stack.enter_context(open_segments(sources.paths, sources.options, references=sources.references))
        stack.enter_context(keeper)
        counter = _Counter()
        for rows in reader.iter_rows():
            _add(builder, rows, counter)
            keeper.drain()
            progress(counter.segments, None)
        keeper.finish()
        _index(builder, sources.paths[0])
        builder.meta.update(
            {
                **sources.to_meta(),
                "source_lang": sources.source_lang or reader.languages[0],
                "target_lang": sources.target_lang or reader.languages[1],
                "format": reader.format,
                "has_source": counter.with_source > 0,
                "reference_count": counter.with_references,
            }
        )
        return counter.report(builder, reader.skipped_count)


class _Counter:
    def __init__(self) -> None:
        self.segments = self.with_source = self.with_target = self.with_references = 0

    def report(self, builder: ProjectBuilder, skipped: int) -> ImportReport:
        stored = builder.segment_count()
        if stored != self.segments:
            raise StoreError(f"{builder.path}: {self.segments} segments were read but {stored} stored")
        return ImportReport(stored, self.with_source, self.with_target, self.with_references, skipped)


def _add(builder: ProjectBuilder, rows: list[Row], counter: _Counter) -> None:
    """Store a batch; by column where that saves looking at each segment."""
    count = len(rows)
    positions = range(counter.segments + 1, counter.segments + count + 1)
    lines, ids, sources, mts, targets, references, statuses, notes = zip(*rows, strict=True)
    all_new = statuses.count(Status.NEW) == count
    builder.add(
        list(
            zip(
                positions,
                lines,
                ids,
                sources,
                mts,
                targets,
                repeat(Status.NEW.value, count) if all_new else [status.value for status in statuses],
                notes,
                folded_rows(sources, mts, targets),
                strict=True,
            )
        ),
        [
            (position, number, text)
            for position, texts in zip(positions, references, strict=True)
            for number, text in enumerate(texts)
        ],
    )
    counter.segments += count
    counter.with_source += count - sources.count(None)
    counter.with_target += count - targets.count(None)
    counter.with_references += count - references.count(())


def _index(builder: ProjectBuilder, path: Path) -> None:
    try:
        builder.index()
    except DuplicateId as duplicate:
        _, first_line = duplicate.first
        _, second_line = duplicate.second
        raise CorpusError(
            path,
            f"the id {duplicate.id!r} is already that of line {first_line}",
            line=second_line,
            hint="give each segment an id of its own, or have the column passed over with --columns",
        ) from duplicate
