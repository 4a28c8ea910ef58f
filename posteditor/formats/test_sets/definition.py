"""What a test set is: segments that can be read more than once, and what is known about them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, get_args

from posteditor.core.segment import Segment
from posteditor.errors import CorpusError

ReferenceKind = Literal["post-edit", "independent"]
"""How the references came about: by correcting this very mt, or without anybody looking at it."""
REFERENCE_KINDS: tuple[ReferenceKind, ...] = get_args(ReferenceKind)

SetKind = Literal["table", "text", "post-edits", "sacrebleu", "wmt-text", "wmt-xml", "m2"]
"""Where a test set comes from; ``table`` is TSV, CSV or JSONL."""

_KEPT_IDS = 100


@dataclass(frozen=True, slots=True)
class TestSet:
    """The output of one MT system with references, ready to be read as often as need be."""

    name: str
    """Short and printable, without a leading dot in any of its parts: a file stem, or ``stem/system``."""
    path: Path
    """What the person named, without a selection."""
    files: tuple[Path, ...]
    """Every file that is read, for a fingerprint of the data."""
    kind: SetKind
    read: Callable[[], Iterator[Segment]] = field(repr=False, compare=False)
    """Opens the files and yields their segments as they are; ``segments`` also checks them."""
    system: str = ""
    """The MT system whose output the mt is, printable; empty where there is only one."""
    reference_kind: ReferenceKind | None = None
    """None when nobody knows."""
    source_lang: str | None = None
    """BCP 47; None when neither file nor name says it."""
    target_lang: str | None = None
    """BCP 47; None when neither file nor name says it."""
    is_tokenized: bool = False
    """The texts are tokens separated by spaces, which rewriters of running text are not made for."""

    def segments(self) -> Iterator[Segment]:
        """The segments in order, streaming; one whose references are all blank has none.

        Raises:
            CorpusError: A file can't be read or is malformed, there are no segments, or none has a reference; the
                latter two only at the end.
            AlignmentError: The files don't have equally many segments.
        """
        count = scored = 0
        for segment in self.read():
            count += 1
            if not all(map(str.strip, segment.references)):
                segment = replace(segment, references=tuple(filter(str.strip, segment.references)))
            scored += bool(segment.references)
            yield segment
        if not count:
            raise CorpusError(self.path, f"there are no segments in {self.name}", hint="check the name")
        if not scored:
            raise CorpusError(
                self.path,
                f"{self.name}: none of its {count} segments has a reference",
                hint="a benchmark measures against references: check that the right files or columns hold them",
            )


@dataclass(frozen=True, slots=True)
class Contents:
    """What a pass over a test set found."""

    segments: int
    with_reference: int
    """Segments that have at least one; the others can't be measured."""
    most_references: int
    """References of the segment that has most of them."""
    with_source: int
    """Segments with a source that is not empty."""
    repeated_ids: tuple[str, ...]
    """The first hundred ids that occur more than once, in the order in which that was seen."""
    repeated_count: int
    """How many segments have an id that an earlier one has already."""


def examine(test_set: TestSet) -> Contents:
    """Read a test set once to its end, so that whatever is wrong with it is said before a model is loaded.

    Raises:
        CorpusError: As ``TestSet.segments`` does.
        AlignmentError: As ``TestSet.segments`` does.
    """
    count = scored = most = sourced = repeated_count = 0
    seen: set[str] = set()
    repeated: dict[str, None] = {}
    for segment in test_set.segments():
        count += 1
        scored += bool(segment.references)
        sourced += bool(segment.source)
        most = max(most, len(segment.references))
        if segment.id is None:
            continue
        if segment.id in seen:
            repeated_count += 1
            if len(repeated) < _KEPT_IDS:
                repeated[segment.id] = None
        seen.add(segment.id)
    return Contents(count, scored, most, sourced, tuple(repeated), repeated_count)
