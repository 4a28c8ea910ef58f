"""What segments have and a file does not hold, counted while it is written."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from posteditor.core.segment import Segment, Status
from posteditor.formats.columns import reference_name, reference_number


class Losses:
    """Counts what segments have and a file does not hold."""

    def __init__(self, columns: Sequence[str], kind: str) -> None:
        self._has = frozenset(columns)
        self._kind = kind
        self._counts: Counter[str] = Counter()
        self._last_reference = max((reference_number(name) for name in columns), default=0)

    def see(self, segment: Segment) -> None:
        """Count for one segment."""
        has, counts = self._has, self._counts
        if segment.note and "note" not in has:
            counts["note"] += 1
        if segment.source and "source" not in has:
            counts["source"] += 1
        if segment.id is not None and "id" not in has:
            counts["id"] += 1
        if segment.references:
            self._see_references(segment.references)
        if segment.status is not (Status.DRAFT if segment.target else Status.NEW) and "status" not in has:
            counts["status"] += 1
        self._see_texts(segment)

    def watch(self, segments: Iterable[Segment]) -> Iterator[Segment]:
        """The segments on their way, each counted."""
        for segment in segments:
            self.see(segment)
            yield segment

    def add(self, what: str, count: int = 1) -> None:
        """Count something else that is lost, such as characters that XML can't hold."""
        if count:
            self._counts[what] += count

    def counted(self) -> dict[str, int]:
        """Name to number of segments."""
        return dict(self._counts)

    def _see_texts(self, segment: Segment) -> None:
        if "mt" not in self._has and segment.mt and segment.text != segment.mt:
            self._counts["mt"] += 1
        if segment.target is None:
            return
        if "target" not in self._has:
            self._counts["target"] += 1
        elif not segment.target and not self._holds_empty_target(segment):
            self._counts["empty target"] += 1

    def _holds_empty_target(self, segment: Segment) -> bool:
        if self._kind in ("tmx", "parquet"):
            return True
        if self._kind == "xliff":
            return segment.status in (Status.CONFIRMED, Status.REVIEWED)
        return self._kind == "jsonl" and "status" in self._has and segment.status is not Status.NEW

    def _see_references(self, references: tuple[str, ...]) -> None:
        for number, text in enumerate(references, 1):
            if reference_name(number) not in self._has:
                self._counts[reference_name(number)] += 1
            elif not text:
                self._counts["empty reference"] += 1
