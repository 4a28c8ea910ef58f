"""Rewriting a whole file: suggestions for every segment, in batches, resumable after a kill.

The work goes to a journal beside OUT, batch by batch. When every segment is answered, OUT is written from the input and
the journal in one pass and renamed into place. The same input, model and settings give the same batches, so a run that
goes on where another was killed writes the same file as one that was never stopped.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any, BinaryIO, Protocol

from posteditor import __version__
from posteditor.core.segment import Segment
from posteditor.core.suggestion import Suggestion
from posteditor.errors import CorpusError, UsageError
from posteditor.formats.appending import append_columns
from posteditor.formats.atomic import OutputFile, atomic_output
from posteditor.formats.detection import detect_format
from posteditor.formats.options import ReadOptions
from posteditor.rewriters.gate import Gate, rule_of
from posteditor.rewriters.protocol import Rewriter
from posteditor.rewriters.running import suggest
from posteditor.rewriters.specs import load_rewriter
from posteditor.services.rewrite_input import RewriteInput, open_input
from posteditor.services.rewrite_journal import RewriteJournal

_WINDOW = 512
"""Segments that are sorted by length together; so many are held in memory."""
_BATCH = 32
_ERRORS_KEPT = 100
"""Errors listed one by one in the result; beyond that they are only counted."""
_ERRORS_TOLD = 10
COLUMNS = ("suggestion", "rewriter", "confidence", "refused")
"""What OUT has beside the input's columns; JSON Lines has "edits" too."""


class Progress(Protocol):
    """Told how far a run is."""

    def __call__(self, done: int, total: int | None = None) -> None:
        """``done`` segments of ``total``, None when nobody has counted them."""


@dataclass(frozen=True, slots=True)
class RewriteOptions:
    """What to rewrite with, and how to read."""

    spec: str = "default"
    read: ReadOptions = field(default_factory=ReadOptions)
    target_lang: str | None = None
    """BCP 47; None when nobody said."""
    force: bool = False
    """Write over an existing OUT."""
    limit: int | None = None
    """Only the first so many segments; None for all."""


@dataclass(frozen=True, slots=True)
class SegmentError:
    """A segment that the rewriter could do nothing with; its suggestion is the mt."""

    position: int
    """1-based place of the segment in the input."""
    message: str


@dataclass(slots=True)
class RewriteResult:
    """What came of a run, counted over the whole of OUT."""

    output: Path
    rewriter: str
    revision: str
    segments: int = 0
    changed: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    """Hunks that the gate withdrew, by rule."""
    failed: int = 0
    """Segments with an error."""
    errors: list[SegmentError] = field(default_factory=list)
    """The first hundred of them."""
    resumed: int = 0
    """Segments taken over from a run that was stopped."""
    discarded_other: bool = False
    """True when a stopped run on the same OUT was about something else and its work was thrown away."""
    seconds: float = 0.0
    """Of this run, loading the model included."""

    def to_json(self) -> dict[str, Any]:
        """The fields as plain JSON values."""
        return {
            "output": str(self.output),
            "rewriter": self.rewriter,
            "revision": self.revision,
            "segments": self.segments,
            "changed": self.changed,
            "refused": dict(self.refused),
            "failed": self.failed,
            "errors": [{"position": error.position, "message": error.message} for error in self.errors],
            "resumed": self.resumed,
            "discarded_other": self.discarded_other,
            "seconds": round(self.seconds, 3),
        }

    def summary(self) -> list[str]:
        """The result as lines for a person."""
        lines = [f"{self.segments:,} segments in, {self.segments:,} out; {self.changed:,} changed by {self.rewriter}"]
        if self.resumed:
            lines.append(f"went on behind {self.resumed:,} segments of an earlier run")
        if self.discarded_other:
            lines.append("an earlier run for this output had another input, model or settings; it was started anew")
        if self.refused:
            counts = ", ".join(f"{rule} {count:,}" for rule, count in self.refused.most_common())
            lines.append(f"withdrawn by the gate: {counts}")
        lines += [f"segment {error.position}: {error.message}" for error in self.errors[:_ERRORS_TOLD]]
        if self.failed > _ERRORS_TOLD:
            lines.append(f"and {self.failed - _ERRORS_TOLD:,} more segments with errors; they were left as they were")
        lines.append(f"{self.output}: written in {self.seconds:,.1f} s")
        return lines

    def count(self, suggestion: Suggestion) -> None:
        """Take the next segment's suggestion into the counts."""
        self.segments += 1
        self.changed += bool(suggestion.edits)
        self.refused.update(rule_of(item.reason) for item in suggestion.refused)
        if suggestion.error:
            self.failed += 1
            if len(self.errors) < _ERRORS_KEPT:
                self.errors.append(SegmentError(self.segments, suggestion.error))


def rewrite_file(
    paths: Sequence[Path], output: Path, options: RewriteOptions, *, on_progress: Progress | None = None
) -> RewriteResult:
    """Write ``output``: the input with a suggestion for every segment.

    Args:
        paths: A file, parallel files, or a project, of which the mt as it came in is rewritten.
        output: File to write; its name says the format.
        options: The rewriter and how to read.
        on_progress: Told after every batch.

    Raises:
        CorpusError: The input can't be read, or changed meanwhile.
        ModelError: The rewriter can't be loaded.
        StoreError: The project can't be opened.
        UsageError: ``output`` exists, can't be written or has a format without columns.
    """
    started = perf_counter()
    out_format = _check_output(output, force=options.force)
    with open_input(paths, options.read) as source:
        _check_columns(source, out_format)
        before = source.fingerprints()
        rewriter = load_rewriter(options.spec, threshold="apply", target_lang=options.target_lang or source.target_lang)
        about = {
            "posteditor": __version__,
            "input": before,
            "read": repr(source.options),
            "limit": options.limit,
            "rewriter": [rewriter.name, rewriter.revision],
            "batches": [_WINDOW, _BATCH],
        }
        with RewriteJournal(output, about) as journal:
            result = RewriteResult(output, rewriter.name, rewriter.revision)
            result.resumed, result.discarded_other = journal.segments, journal.replaced_another
            with source.open_segments() as segments:
                _fill(journal, rewriter, islice(segments, options.limit), on_progress)
            rewriter.close()
            if source.fingerprints() != before:
                raise CorpusError(paths[0], "changed while it was being rewritten", hint="Run the same command again.")
            with atomic_output(output, force=options.force) as out:
                values = (_values(suggestion, result) for suggestion in journal.in_order())
                _append(source, out_format, values, out, options.limit)
            journal.remove()
    result.seconds = perf_counter() - started
    return result


def _check_output(output: Path, *, force: bool) -> str:
    """The format of OUT, when there is nothing in the way of it: better told now than after hours of work."""
    if output.exists() and not output.is_file():
        raise UsageError(f"{output}: is no ordinary file", hint="Name a new file.")
    if output.exists() and not force:
        raise UsageError(f"{output}: there is already a file of that name", hint="Add --force to write over it.")
    return detect_format([output.name])


def _check_columns(source: RewriteInput, out_format: str) -> None:
    """Stop before the work where its columns would have no place in the output."""
    _append(source, out_format, (), BytesIO(), 0)


def _append(
    source: RewriteInput,
    out_format: str,
    values: Iterable[Mapping[str, object]],
    out: BinaryIO | OutputFile,
    limit: int | None,
) -> None:
    columns = (*COLUMNS, "edits") if out_format == "jsonl" else COLUMNS
    append_columns(
        source.openers, source.names, source.options, columns, values, out, out_format=out_format, limit=limit
    )


def _fill(
    journal: RewriteJournal, rewriter: Rewriter, segments: Iterable[Segment], on_progress: Progress | None
) -> None:
    """Answer all batches that the journal does not have yet."""
    gate = Gate()
    for batch in islice(_batches(segments), journal.batches, None):
        answers = suggest(rewriter, [segment for _, segment in batch], gate)
        journal.append([(position, answer) for (position, _), answer in zip(batch, answers, strict=True)])
        if on_progress is not None:
            on_progress(journal.segments)


def _batches(segments: Iterable[Segment]) -> Iterator[list[tuple[int, Segment]]]:
    """The segments with their places, in batches of like length; each window's batches together hold all of it."""
    numbered = enumerate(segments, 1)
    while window := list(islice(numbered, _WINDOW)):
        window.sort(key=lambda item: (len(item[1].mt), item[0]))
        for start in range(0, len(window), _BATCH):
            yield window[start : start + _BATCH]


def _values(suggestion: Suggestion, result: RewriteResult) -> dict[str, object]:
    """What OUT says about one segment, which is counted by the way."""
    result.count(suggestion)
    return {
        "suggestion": suggestion.text,
        "rewriter": suggestion.rewriter,
        "confidence": round(suggestion.confidence, 4),
        "refused": f"error: {suggestion.error}" if suggestion.error else suggestion.refusal,
        "edits": [edit.to_json() for edit in suggestion.edits],
    }
