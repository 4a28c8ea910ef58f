"""What a person made good: the confirmed segments of a project that was made of rejected pairs."""

from dataclasses import dataclass
from pathlib import Path

from posteditor.core.segment import Status
from posteditor.errors import StoreError
from posteditor.services.cleaning.pairs import PairBatch
from posteditor.store.project import Project

_DONE = frozenset({Status.CONFIRMED, Status.REVIEWED})
_HINT = "Open the file of rejected pairs (--rejected) with posteditor edit, and name the project that this makes."


@dataclass(frozen=True, slots=True)
class PersonFixes:
    """The fixes, by the positions that their pairs have in the corpus."""

    path: Path
    texts: dict[int, str]
    """Position to the text that a person stands for."""
    originals: dict[int, tuple[str, str]]
    """Position to source and mt, to see that it is the same corpus."""
    open: int = 0
    """Segments of the project that nobody has confirmed."""

    def check(self, batch: PairBatch) -> None:
        """See that the pairs of a batch are those that the project has.

        Raises:
            StoreError: One is another.
        """
        for place in range(len(batch.texts)):
            position = batch.first + place
            wanted = self.originals.get(position)
            if wanted is not None and wanted != (batch.sources[place], batch.cell("mt", place) or ""):
                raise StoreError(
                    f"{self.path}: pair {position} of the corpus is not the one that the project has",
                    hint="Name the project that was made of the rejected pairs of this corpus, or clean it again.",
                )

    def check_end(self, pairs: int) -> None:
        """See that the corpus is long enough.

        Raises:
            StoreError: The project has a pair behind its end.
        """
        if self.texts and max(self.texts) > pairs:
            raise StoreError(
                f"{self.path}: there is a fix for pair {max(self.texts)}, but the corpus has {pairs}", hint=_HINT
            )


def read_fixes(path: Path) -> PersonFixes:
    """The confirmed and reviewed segments of a project.

    Raises:
        StoreError: It can't be opened, or was not made of rejected pairs.
    """
    texts: dict[int, str] = {}
    originals: dict[int, tuple[str, str]] = {}
    with Project.open_for_reading(path) as project:
        total = project.segments.count()
        done = 0
        for segment in project.segments.all(statuses=_DONE):
            done += 1
            name = segment.id or ""
            if name.startswith("line "):
                continue  # a record that could not be read has no place in the corpus
            if not (name.isascii() and name.isdigit()):
                raise StoreError(
                    f"{path}: segment {segment.position} has the id {name[:40]!r}, which is no position in a corpus",
                    hint=_HINT,
                )
            texts[int(name)] = segment.text
            originals[int(name)] = (segment.source or "", segment.mt)
    return PersonFixes(path, texts, originals, total - done)
