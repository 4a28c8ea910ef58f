"""Test sets as a run keeps them: one JSON Lines file each, so that a run can be read when the data has moved away."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from posteditor.core.segment import Segment, Status
from posteditor.errors import CorpusError
from posteditor.formats.atomic import atomic_output
from posteditor.formats.columns import reference_name
from posteditor.formats.options import ReadOptions
from posteditor.formats.reading import open_segments
from posteditor.formats.test_sets.definition import Contents, ReferenceKind, TestSet, examine
from posteditor.formats.writing import write_segments
from posteditor.services.challenge_set import column_names, is_challenge, read_challenge

_TOKENIZED_LINES = 100  # sacrebleu warns from this many on


@dataclass(frozen=True, slots=True)
class KeptSet:
    """What a run's manifest says of a test set."""

    name: str
    path: str
    system: str
    reference_kind: ReferenceKind | None
    source_lang: str | None
    target_lang: str | None
    sha256: str
    """Of the kept file, which holds all texts and nothing else."""
    segments: int
    scored: int
    references: int
    is_challenge: bool
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tested:
    """What a challenge set says of a segment."""

    category: str
    keep: tuple[str, ...]


def keep(
    test_set: TestSet,
    path: Path,
    *,
    reference_kind: ReferenceKind | None,
    limit: int | None,
    sample: int | None,
    seed: int,
) -> KeptSet:
    """Write the test set to ``path``, replacing what is there, and say what is in it.

    Args:
        test_set: Read twice.
        path: JSON Lines; what a challenge set says besides goes beside it.
        reference_kind: Goes before what the test set says.
        limit: Only so many segments from the start.
        sample: Only so many segments, drawn by ``seed``, in their order.
        seed: Of the draw.

    Raises:
        CorpusError: The test set can't be read, or nothing that is kept has a reference.
        AlignmentError: Its files don't have equally many segments.
        UsageError: The file can't be written.
    """
    contents = examine(test_set)
    chosen = _chosen(contents.segments, limit, sample, seed)
    challenge = test_set.kind == "table" and is_challenge(column_names(test_set.path))
    counts = _Counts()
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = ["id", "source", "mt", *(reference_name(number) for number in range(1, contents.most_references + 1))]
    write_segments(
        counts.counted(
            _plain(segment) for segment in test_set.segments() if chosen is None or segment.position in chosen
        ),
        path,
        columns=columns,
        format="jsonl",
        force=True,
    )
    if not counts.scored:
        raise CorpusError(
            test_set.path,
            f"{test_set.name}: none of the {counts.segments} segments that are left has a reference",
            hint="raise --limit or --sample",
        )
    if challenge:
        _keep_tested(test_set.path, challenge_file(path), chosen)
    kind = reference_kind or test_set.reference_kind
    return KeptSet(
        name=test_set.name,
        path=str(test_set.path),
        system=test_set.system,
        reference_kind=kind,
        source_lang=test_set.source_lang,
        target_lang=test_set.target_lang,
        sha256=_hash(path),
        segments=counts.segments,
        scored=counts.scored,
        references=counts.references,
        is_challenge=challenge,
        warnings=_warnings(test_set, contents, counts),
    )


def read(path: Path) -> Iterator[Segment]:
    """The kept segments that have references, with their positions in the kept file.

    Raises:
        CorpusError: The file is gone or damaged.
    """
    with open_segments([path], ReadOptions(format="jsonl")) as segments:
        yield from segments


def challenge_file(path: Path) -> Path:
    """Where it stands what a challenge set says of its segments."""
    return path.with_suffix(".challenge.json")


def read_tested(path: Path) -> list[Tested]:
    """What a challenge set says of its segments, in order."""
    return [Tested(category, tuple(strings)) for category, strings in json.loads(challenge_file(path).read_bytes())]


def _chosen(count: int, limit: int | None, sample: int | None, seed: int) -> frozenset[int] | None:
    """The positions to keep; None for all."""
    if limit is None and sample is None:
        return None
    positions = range(1, min(count, limit if limit is not None else count) + 1)
    if sample is not None and sample < len(positions):
        return frozenset(random.Random(seed).sample(positions, sample))
    return frozenset(positions)


def _plain(segment: Segment) -> Segment:
    """Without the work that somebody may have done on it, which is not what is measured."""
    return replace(segment, target=None, status=Status.NEW, note="")


class _Counts:
    """What passes by."""

    def __init__(self) -> None:
        self.segments = self.scored = self.references = self.tokenized = self.empty = 0

    def counted(self, segments: Iterator[Segment]) -> Iterator[Segment]:
        for segment in segments:
            self.segments += 1
            self.scored += bool(segment.references)
            self.references = max(self.references, len(segment.references))
            self.tokenized += segment.mt.endswith(" .")
            self.empty += not segment.mt.strip()
            yield segment


def _warnings(test_set: TestSet, contents: Contents, counts: _Counts) -> tuple[str, ...]:
    found = []
    if counts.scored < counts.segments:
        found.append(
            f"{counts.segments - counts.scored:,} of {counts.segments:,} segments have no reference and are left out."
        )
    if counts.empty:
        found.append(f"{counts.empty:,} segments have an empty mt.")
    if contents.repeated_count:
        shown = ", ".join(contents.repeated_ids[:3])
        found.append(
            f"{contents.repeated_count:,} segments have an id that an earlier one has already, such as {shown}."
        )
    if test_set.is_tokenized or counts.tokenized >= _TOKENIZED_LINES:
        found.append(
            "The texts are tokenized, while the scores and most rewriters are meant for running text; BLEU can't be "
            "compared with other people's."
        )
    return tuple(found)


def _keep_tested(path: Path, out: Path, chosen: frozenset[int] | None) -> None:
    said: list[Any] = [
        [item.category, list(item.keep)]
        for item in read_challenge(path)
        if chosen is None or item.segment.position in chosen
    ]
    with atomic_output(out, force=True) as file:
        file.write(json.dumps(said, ensure_ascii=False).encode("utf-8"))


def _hash(path: Path) -> str:
    total = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            total.update(block)
    return total.hexdigest()
