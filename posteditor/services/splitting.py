"""A corpus written as several files, such as train, dev and test, with no near duplicates across them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from posteditor.cleaning.splitting import SplitAssigner, SplitReport
from posteditor.core.inline_tags import without_tags
from posteditor.core.segment import Segment
from posteditor.errors import StoreError, UsageError
from posteditor.formats.compression import without_compression
from posteditor.services.export_report import ExportReport
from posteditor.services.importing import ProgressCallback, no_progress
from posteditor.services.writing_anew import Destination, opened, write_into

_BATCH = 2000
_WORK_BYTES = 256 << 20


@dataclass(frozen=True, slots=True)
class SplitOptions:
    """How a corpus is split."""

    shares: dict[str, float]
    """The name of each split and its share, 0-1; together 1."""
    seed: int = 1
    """Another one gives other splits."""
    memory: int = _WORK_BYTES
    """Bytes for the search for near duplicates."""

    @classmethod
    def parsed(cls, text: str, *, seed: int = 1, memory: int = _WORK_BYTES) -> "SplitOptions":
        """What the command line says, such as ``train=98,dev=1,test=1``: shares of 1 or of 100.

        Raises:
            UsageError: It is something else.
        """
        shares: dict[str, float] = {}
        for part in text.split(","):
            name, _, number = part.partition("=")
            try:
                value = float(number)
            except ValueError:
                raise UsageError(
                    f"--split {text}: {part!r} is no share", hint="such as train=98,dev=1,test=1"
                ) from None
            if name.strip() in shares:
                raise UsageError(f"--split {text}: {name.strip()} is there twice", hint="name each split once")
            shares[name.strip()] = value
        if sum(shares.values()) > 1.5:
            shares = {name: value / 100 for name, value in shares.items()}
        return cls(shares, seed, memory)


@dataclass(frozen=True, slots=True)
class SplitsReport:
    """What was written."""

    files: dict[str, ExportReport]
    """By split."""
    clusters: SplitReport
    left_out: int = 0
    """Segments of the input that were not asked for."""
    lost: dict[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        clusters = self.clusters
        return {
            "splits": {
                name: {**report.to_json(), "asked": clusters.asked[name], "share": round(clusters.share(name), 6)}
                for name, report in self.files.items()
            },
            "clusters": self.clusters.clusters,
            "largest_cluster": self.clusters.largest,
            "in_large_clusters": self.clusters.in_large,
            "left_out": self.left_out,
        }

    def summary(self) -> tuple[str, ...]:
        """What happened, as sentences for the person."""
        clusters = self.clusters
        lines = [
            f"{report.segments} segments ({clusters.share(name):.2%}, {clusters.asked[name]:.2%} asked) "
            f"written to {report.path}."
            for name, report in self.files.items()
        ]
        total = sum(report.segments for report in self.files.values())
        lines.append(f"{total} segments in all, in {clusters.clusters} groups of like ones that stay together.")
        if self.left_out:
            lines.append(f"{self.left_out} segments were not asked for and left out.")
        if self.lost:
            what = ", ".join(f"{name} ({count})" for name, count in self.lost.items())
            lines.append(f"The files do not hold these of the segments: {what}.")
        return tuple(lines)


Reading = Callable[[], AbstractContextManager[Iterable[Segment]]]
"""Opens the segments anew; called several times."""


def write_splits(
    read: Reading,
    to: Destination,
    options: SplitOptions,
    own_kind: str,
    columns: Sequence[str],
    *,
    first_column: str = "source",
    progress: ProgressCallback = no_progress,
) -> SplitsReport:
    """Write one file per split: ``news.tsv`` becomes ``news.train.tsv`` and so on. All appear, or none.

    Segments whose sources or targets are alike are never in two splits; which split it is follows from their texts, not
    from their order.

    Raises:
        UsageError: An output exists or can't be written, or the shares make no sense.
        CorpusError: The input can't be read.
    """
    if not to.path.parent.is_dir():
        raise UsageError(f"{to.path}: there is no folder {to.path.parent}", hint="make it first, or name another one")
    with TemporaryDirectory(prefix=".posteditor-splits-", dir=to.path.parent) as folder, ExitStack() as stack:
        with SplitAssigner(Path(folder), options.shares, memory=options.memory, seed=options.seed) as assigner:
            places = {name: _destination(to, name) for name in options.shares}
            files = {name: stack.enter_context(opened(place)) for name, place in places.items()}
            total = _add(assigner, read, progress)
            numbers = {name: number for number, name in enumerate(options.shares)}
            splits = bytearray(numbers[name] for _, name in assigner.finish())
        reports: dict[str, ExportReport] = {}
        lost: dict[str, int] = {}
        for name, place in places.items():
            with read() as segments:
                mine = _of(segments, splits, numbers[name])
                done = write_into(mine, files[name], place, own_kind, columns, first_column=first_column)
            reports[name] = ExportReport(place.path, place.kind, done.segments, 0, spliced=False, lost=done.lost)
            lost = {what: lost.get(what, 0) + done.lost.get(what, 0) for what in {**lost, **done.lost}}
        written = sum(report.segments for report in reports.values())
        if written != total:
            raise StoreError(f"{to.path}: {total} segments went in but {written} came out; nothing was written")
    return SplitsReport(reports, assigner.report, lost=lost)


def _add(assigner: SplitAssigner, read: Reading, progress: ProgressCallback) -> int:
    total = 0
    with read() as segments:
        rest = iter(segments)
        while batch := list(islice(rest, _BATCH)):
            assigner.add_batch(
                range(total + 1, total + len(batch) + 1),
                [None if segment.source is None else without_tags(segment.source) for segment in batch],
                [without_tags(segment.text) for segment in batch],
            )
            total += len(batch)
            progress(total, None)
    return total


def _of(segments: Iterable[Segment], splits: bytearray, number: int) -> Iterator[Segment]:
    """Those of one split."""
    for split, segment in zip(splits, segments, strict=True):
        if split == number:
            yield segment


def _destination(to: Destination, split: str) -> Destination:
    beside = None if to.sources is None else _named(to.sources, split)
    return replace(to, path=_named(to.path, split), sources=beside)


def _named(path: Path, split: str) -> Path:
    """``news.tsv.gz`` as ``news.train.tsv.gz``."""
    stem = Path(without_compression(path.name)).stem
    return path.with_name(f"{stem}.{split}{path.name[len(stem) :]}")
