"""Answering batches of segments: what every engine does alike, so that their results are the same to the last digit.

The segments are cut into windows, and each window into batches of like length. Both sizes decide what a model sees side
by side, and with that its last digits; they are part of what a stopped run is compared with before it goes on.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from posteditor.core.segment import Segment
from posteditor.rewriters.gate import Gate
from posteditor.rewriters.running import suggest
from posteditor.rewriters.specs import load_rewriter
from posteditor.services.context import with_neighbours
from posteditor.services.learning import teach
from posteditor.services.rewrite_journal import Answers
from posteditor.services.rewrite_options import RewriteOptions

WINDOW = 512
"""Segments that are sorted by length together; so many are held in memory."""
BATCH = 32

Batch = list[Segment]
"""Segments of like length; their positions are those in the input."""


class BatchAnswers:
    """The rewriter and the gate of a run, loaded."""

    def __init__(self, options: RewriteOptions, target_lang: str | None, *, threads: int | None = None) -> None:
        """Load them.

        Args:
            options: The run's.
            target_lang: BCP 47, where the input knows it; the options' own goes before it.
            threads: Processor threads to use; None leaves it to the library.

        Raises:
            ModelError: The rewriter can't be loaded, or declines the language.
            CorpusError, StoreError: What it is to learn from can't be read.
            UsageError: There is something to learn from, but it learns nothing; or the gate has no such rule.
        """
        self._rewriter = load_rewriter(
            options.spec,
            threads=threads,
            threshold="apply",
            source_lang=options.source_lang,
            target_lang=options.target_lang or target_lang,
            glossary=options.glossary,
            gate_off=options.gate_off,
        )
        teach(self._rewriter, project=options.project, tm=options.tm)
        self._gate = Gate(off=options.gate_off)
        self.name = self._rewriter.name
        self.revision = self._rewriter.revision

    def answer(self, batch: Sequence[Segment]) -> Answers:
        """One gated suggestion per segment; where the rewriter fails, one that carries the error."""
        answers = suggest(self._rewriter, batch, self._gate)
        return [(segment.position, answer) for segment, answer in zip(batch, answers, strict=True)]

    def close(self) -> None:
        """Free the model."""
        self._rewriter.close()


def batches(segments: Iterable[Segment]) -> Iterator[Batch]:
    """The segments with their neighbours, in batches of like length; each window's batches together hold all of it."""
    rest = with_neighbours(segments)
    while window := list(islice(rest, WINDOW)):
        window.sort(key=lambda segment: (len(segment.mt), segment.position))
        for start in range(0, len(window), BATCH):
            yield window[start : start + BATCH]
