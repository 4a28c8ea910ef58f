"""The journal of a long rewriting run: what is answered so far, one line per batch, so that a kill loses one batch."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from posteditor.core.suggestion import Suggestion
from posteditor.services.line_journal import LineJournal

Answers = list[tuple[int, Suggestion]]
"""The 1-based positions of a batch's segments with their suggestions."""


class RewriteJournal(LineJournal[Answers]):
    """The file ``OUT.partial``."""

    def __init__(self, output: Path, about: Mapping[str, Any]) -> None:
        """Open or begin the journal for ``output``.

        Args:
            output: The file that the run is to write in the end.
            about: Plain JSON values; all that the answers depend on.

        Raises:
            UsageError: The folder can't be written to, another run has the journal, or a foreign file has its name.
        """
        self.batches = 0
        """Whole batches in the journal."""
        self.segments = 0
        """Segments in them."""
        super().__init__(output.with_name(output.name + ".partial"), about, _answers)

    def append(self, answers: Sequence[tuple[int, Suggestion]]) -> None:
        """Add a batch; once this returns, a kill of the process does not lose it.

        Raises:
            UsageError: The disk is full or the file can't be written.
        """
        self.write([[position, suggestion.to_json()] for position, suggestion in answers])
        self.counted(answers)

    def in_order(self, first: int = 1) -> Iterator[Suggestion]:
        """All suggestions by position, from ``first`` on; holds no more of them than batches reorder."""
        waiting: dict[int, Suggestion] = {}
        expected = first
        for answers in self.entries():
            waiting.update(answers)
            while expected in waiting:
                yield waiting.pop(expected)
                expected += 1

    def counted(self, entry: Sequence[tuple[int, Suggestion]]) -> None:
        """Keep count."""
        self.batches += 1
        self.segments += len(entry)


def _answers(value: Any) -> Answers:
    return [(int(position), Suggestion.from_json(suggestion)) for position, suggestion in value]
