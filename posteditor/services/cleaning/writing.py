"""Writing OUT, in the format of the input or in another."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from posteditor.core.segment import Segment
from posteditor.errors import CorpusError, UsageError
from posteditor.formats.atomic import atomic_output
from posteditor.formats.detection import DOCUMENTS, detect_format
from posteditor.formats.filtering import LineEvent, filtered
from posteditor.formats.options import WriteOptions
from posteditor.formats.record_writing import UnrepresentableColumn, formatter
from posteditor.formats.writing import segment_values, unrepresentable
from posteditor.services.cleaning.verdicts import Verdict
from posteditor.services.rewrite_input import RewriteInput
from posteditor.services.writing_anew import Destination, write_anew

Verdicts = Callable[[], Iterator[Verdict]]
"""The verdicts from the first on, each time it is called."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where OUT goes: one file, or as many as there are parallel text files."""

    paths: tuple[Path, ...]
    kind: str
    is_same_format: bool
    """Records stay as they are, byte for byte."""


def check_outputs(paths: Sequence[Path], source: RewriteInput) -> Outputs:
    """What OUT is, when it fits the input.

    Raises:
        UsageError: It does not.
    """
    own = detect_format(source.names, source.options.format)
    kinds = {detect_format([path.name], "text" if own == "text" and len(paths) > 1 else None) for path in paths}
    if len(paths) > 1 and not (own == "text" and len(paths) == len(source.names)):
        raise UsageError(
            f"{len(paths)} outputs for {len(source.names)} input file{'s' * (len(source.names) > 1)}",
            hint="Give one -o; for parallel text files also one for each of them.",
        )
    if kinds == {"text"} and len(paths) < len(source.names):
        raise UsageError(
            f"{paths[0]}: one plain text file can't hold pairs",
            hint="Give an -o for each of the parallel files, or name OUT .tsv, .csv or .jsonl.",
        )
    kind = kinds.pop()
    is_same = kind == own and own not in DOCUMENTS and len(paths) == len(source.names)
    return Outputs(tuple(paths), kind, is_same)


def write_output(
    outputs: Outputs,
    source: RewriteInput,
    verdicts: Verdicts,
    options: WriteOptions,
    *,
    last_line: int | None,
    force: bool,
) -> None:
    """Write OUT; it appears complete or not at all.

    Args:
        last_line: Where the last pair starts, if there are more behind it.

    Raises:
        CorpusError: The input can't be read, or the format can't hold a text.
        UsageError: OUT can't be written.
    """
    if not outputs.is_same_format:
        _write_anew(outputs, source, verdicts, options, force=force)
        return
    with ExitStack() as stack:
        files = [stack.enter_context(atomic_output(path, force=force)) for path in outputs.paths]
        for index, file in enumerate(files):
            with same_format(source, verdicts, last_line, index if len(files) > 1 else None) as pieces:
                for piece in pieces:
                    file.write(piece)


@contextmanager
def same_format(
    source: RewriteInput, verdicts: Verdicts, last_line: int | None, index: int | None = None
) -> Iterator[Iterator[bytes]]:
    """The records that stay, in the format of the input, in pieces of whole lines.

    Args:
        last_line: Where the last pair starts, if there are more behind it.
        index: Which of several parallel files.
    """
    column = None if index is None else _columns_of_text(source)[index]
    events = _events(verdicts(), column)
    with filtered(
        source.openers, source.names, source.options, events, file_index=index, last_line=last_line
    ) as pieces:
        yield pieces


def kept_segments(source: RewriteInput, verdicts: Iterable[Verdict]) -> Iterator[Segment]:
    """The pairs that stay, as segments."""
    with source.open_segments() as reader:
        rest = iter(reader)
        for verdict in verdicts:
            gone = {each.place for each in verdict.rejected}
            for place in range(verdict.pairs):
                segment = next(rest, None)
                if segment is None:
                    raise _changed(source)
                if place not in gone:
                    change = verdict.changes.get(place)
                    yield _changed_segment(segment, change) if change else segment


def new_lines(outputs: Outputs, source: RewriteInput, verdicts: Verdicts) -> Iterator[str]:
    """The pairs that stay, in another format than that of the input, which is one of lines too.

    Raises:
        CorpusError: The format can't hold a text.
    """
    with source.open_segments() as reader:
        columns = tuple(column for column in reader.columns if column != "-")
    records = formatter(outputs.kind, columns)
    header = records.header()
    if header is not None:
        yield header
    for segment in kept_segments(source, verdicts()):
        try:
            yield records.record(segment_values(segment, columns))
        except UnrepresentableColumn as refused:
            raise unrepresentable(source.names[0], segment.position, refused) from refused


def _write_anew(
    outputs: Outputs, source: RewriteInput, verdicts: Verdicts, options: WriteOptions, *, force: bool
) -> None:
    with source.open_segments() as reader:
        columns = tuple(column for column in reader.columns if column != "-")
    own = detect_format(source.names, source.options.format)
    if own in DOCUMENTS and "target" not in columns:
        columns = (*columns, "target")
    to = Destination(outputs.paths[0], outputs.kind, None, options, force)
    write_anew(kept_segments(source, verdicts()), to, own, columns)


def _changed_segment(segment: Segment, change: dict[str, str]) -> Segment:
    if "source" in change:
        segment = replace(segment, source=change["source"])
    if "target" in change:
        text = change["target"]
        segment = replace(segment, mt=text) if segment.target is None else replace(segment, target=text)
    return segment


def _columns_of_text(source: RewriteInput) -> tuple[str, ...]:
    """What each of parallel text files has."""
    with source.open_segments() as reader:
        return reader.columns


def _events(verdicts: Iterable[Verdict], only: str | None) -> Iterator[LineEvent]:
    """What happens to records, by the lines where they start.

    Args:
        only: For one of several files: the one column that it has.
    """
    for verdict in verdicts:
        found: list[LineEvent] = [(line, None) for line, _, _ in verdict.bad]
        found += [(verdict.decisions.line(each.place), None) for each in verdict.rejected]
        found += _changes(verdict, only)
        found.sort(key=lambda event: event[0])
        yield from found


def _changes(verdict: Verdict, only: str | None) -> Iterator[LineEvent]:
    for place, change in verdict.changes.items():
        names = {"source": "source", "target": verdict.decisions.column_of_text(place)}
        texts = {names[side]: text for side, text in change.items() if only in (None, names[side])}
        if texts:
            yield verdict.decisions.line(place), texts


def _changed(source: RewriteInput) -> CorpusError:
    return CorpusError(source.names[0], "changed while it was being cleaned", hint="Run the same command again.")
