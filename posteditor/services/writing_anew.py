"""Segments to a file of another format: what is done to their texts on the way, and what gets lost."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from posteditor.core.inline_tags import placeholders, plain_text, protected, with_texts
from posteditor.core.segment import Segment
from posteditor.errors import UsageError
from posteditor.formats.atomic import OutputFile, atomic_output
from posteditor.formats.detection import TAGGED, detect_format
from posteditor.formats.options import WriteOptions
from posteditor.formats.writing import WriteReport, write_parallel_text, write_segments_to


@dataclass(frozen=True, slots=True)
class Destination:
    """A file to be written anew."""

    path: Path
    format: str | None = None
    """None takes it from the name."""
    sources: Path | None = None
    """With plain text: a second file, for the sources."""
    options: WriteOptions = field(default_factory=WriteOptions)
    force: bool = False

    @property
    def kind(self) -> str:
        """Its format.

        Raises:
            UsageError: The name does not say it.
        """
        return detect_format([self.path.name], self.format)

    def check(self) -> None:
        """Refuse what does not fit together.

        Raises:
            UsageError: A second file for another format than plain text, or two files of one name.
        """
        if self.sources is None:
            return
        if self.kind != "text":
            raise UsageError(
                f"--sources goes with plain text, and {self.path} is {self.kind}",
                hint="leave it out: that file holds the sources itself",
            )
        if self.sources.absolute() == self.path.absolute():
            raise UsageError(f"{self.path}: sources and targets need a file each", hint="name another for --sources")


def write_anew(
    segments: Iterable[Segment], to: Destination, own_kind: str, columns: Sequence[str], *, first_column: str = "source"
) -> WriteReport:
    """Write the segments, as the format can hold them; the file appears complete or not at all.

    Args:
        own_kind: The format they come from.
        columns: What they have.
        first_column: With two plain text files, what the second one of these holds beside the targets.

    Raises:
        UsageError: The output exists or can't be written, or a language is missing.
        CorpusError: The format can't hold a text.
    """
    with opened(to) as files:
        return write_into(segments, files, to, own_kind, columns, first_column=first_column)


@contextmanager
def opened(to: Destination) -> Iterator[list[OutputFile]]:
    """The files of a destination, which appear when the block ends without an error.

    Raises:
        UsageError: The output exists or can't be written, or the destination makes no sense.
    """
    to.check()
    with ExitStack() as stack:
        paths = [to.path] if to.sources is None else [to.path, to.sources]
        yield [stack.enter_context(atomic_output(path, force=to.force)) for path in paths]


def write_into(
    segments: Iterable[Segment],
    files: Sequence[OutputFile],
    to: Destination,
    own_kind: str,
    columns: Sequence[str],
    *,
    first_column: str = "source",
) -> WriteReport:
    """The same into files that ``opened`` gave."""
    fitting = _Fitting(own_kind, to.kind)
    fitted = fitting.fit(segments)
    if to.sources is None:
        done = write_segments_to(fitted, files[0], to.kind, to.path, columns=columns, options=to.options)
    else:
        done = write_parallel_text(fitted, [(first_column, files[1]), ("target", files[0])], to.path)
    return replace(done, lost={**done.lost, **fitting.lost()})


class _Fitting:
    """Texts of one format made fit for another: inline tags kept, marked or taken out."""

    def __init__(self, own_kind: str, kind: str) -> None:
        self._has_tags = own_kind in TAGGED
        self._takes_tags = kind in TAGGED
        self._drops = kind in ("text", "parquet", "po")
        self._tagged = 0

    def fit(self, segments: Iterable[Segment]) -> Iterator[Segment]:
        if not self._has_tags and not self._takes_tags:
            return iter(segments)
        return map(self._fitted, segments)

    def lost(self) -> dict[str, int]:
        if not self._tagged:
            return {}
        what = "inline tags" if self._drops else "what the inline tags say (they are placeholders such as <1>)"
        return {what: self._tagged}

    def _fitted(self, segment: Segment) -> Segment:
        texts = (segment.mt, segment.source or "", segment.target or "", *segment.references)
        if not any("<" in text for text in texts):
            return segment
        if not self._has_tags:
            return with_texts(segment, protected)
        if not self._takes_tags:
            self._tagged += any(map(placeholders, texts))
        return with_texts(segment, plain_text) if self._drops else segment
