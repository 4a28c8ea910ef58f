"""Test sets in plain text files, one for each kind of text, line n of all of them making segment n."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from posteditor.core.segment import Segment
from posteditor.formats.columns import reference_name
from posteditor.formats.options import ReadOptions
from posteditor.formats.reading import open_segments


def read_aligned(
    source: Path | None, mt: Path, references: Sequence[Path], skip_bad: bool = False
) -> Iterator[Segment]:
    """The segments; an empty line of a reference is no reference.

    Raises:
        CorpusError: A file can't be read, or a line is not UTF-8.
        AlignmentError: The files don't have equally many lines.
    """
    numbered = [reference_name(number) for number in range(1, len(references) + 1)]
    columns = (*(["source"] if source else []), "mt", *numbered)
    options = ReadOptions(format="text", columns=columns, skip_bad=skip_bad)
    with open_segments(aligned_files(source, mt, references), options) as reader:
        yield from reader


def aligned_files(source: Path | None, mt: Path, references: Sequence[Path]) -> tuple[Path, ...]:
    """The files in the order in which they are read."""
    return (*([source] if source else []), mt, *references)
