"""The metrics by name, and what every metric can do.

Everything is computed from per-segment sufficient statistics: a segment is tokenized and counted once, and a sentence
score, a corpus score, the score of any subset, a running total or a bootstrap interval follows from adding up tuples.
Importing this module is cheap; sacrebleu is loaded when the first metric is made.
"""

from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Protocol

from posteditor.core.score import Score
from posteditor.errors import ScoringError

if TYPE_CHECKING:
    from posteditor.scoring.corpus_values import Numbers
    from posteditor.scoring.ngram_statistics import Table

Statistics = tuple[float, ...]
"""A segment's counts for one metric; adding them up column by column gives those of a corpus."""

DEFAULT_METRICS = ("bleu", "chrf++", "ter")

SLOW_METRICS = frozenset({"ter", "ter-cased"})
"""Those that take much longer than the others on long garbled sentences, and that look at ``should_stop``."""


class Metric(Protocol):
    """One metric with its settings fixed."""

    @property
    def name(self) -> str:
        """The name in the registry, lower case."""
        ...

    @property
    def label(self) -> str:
        """The name as people write it."""
        ...

    @property
    def higher_is_better(self) -> bool:
        """False for error rates."""
        ...

    @property
    def width(self) -> int:
        """How many numbers the statistics of a segment have."""
        ...

    def statistics(
        self, text: str, references: Sequence[str], should_stop: Callable[[], bool] | None = None
    ) -> Statistics:
        """The counts of one text against its references, of which there is at least one.

        Raises:
            ScoringError: No references.
            Cancelled: ``should_stop`` returned True; only metrics that may take long look at it.
        """
        ...

    def statistics_of_systems(self, texts: Sequence[Sequence[str]], references: Sequence[Sequence[str]]) -> "Table":
        """The counts of many texts at once: the same numbers as those of ``statistics``, sooner.

        Args:
            texts: Of each segment, of which there is at least one, one text per system.
            references: Of each segment, at least one.

        Returns:
            Shape (segments, systems, width).

        Raises:
            ScoringError: A segment has no references.
        """
        ...

    def sentence_score(self, statistics: Statistics, reference_count: int = 1) -> Score:
        """The score of one segment, on 0-100."""
        ...

    def corpus_score(
        self, totals: Sequence[float], reference_count: int | None = 1, bootstrap: tuple[int, int] | None = None
    ) -> Score:
        """The score of a corpus, on 0-100.

        Args:
            totals: The statistics of all its segments, added up.
            reference_count: References per segment for the signature; None when segments differ.
            bootstrap: Number of resamples and seed for the signature, where an interval goes with the score.
        """
        ...

    def corpus_values(self, totals: "Numbers") -> "Numbers":
        """The values of many corpus scores on 0-100, as sacrebleu computes them in the precision of the totals.

        Args:
            totals: Shape (corpora, width), single or double precision.

        Returns:
            Shape (corpora,), in the precision of an array that sacrebleu would make of its values.
        """
        ...


def metric_names() -> tuple[str, ...]:
    """Every name that ``create_metric`` knows."""
    return ("bleu", "chrf", "chrf++", "ter", "ter-cased")


def create_metric(name: str, target_lang: str | None = None) -> Metric:
    """The metric of that name; case does not matter.

    Args:
        name: One of ``metric_names()``.
        target_lang: BCP 47 tag of the texts; Chinese, Japanese and Korean get sacrebleu's own tokenizers for BLEU.

    Raises:
        ScoringError: The name is unknown, or the language's tokenizer is not installed.
    """
    wanted = name.casefold()
    if wanted not in metric_names():
        near = get_close_matches(wanted, metric_names(), n=1)
        raise ScoringError(
            f"unknown metric {name!r}",
            hint=(f"Did you mean {near[0]}? " if near else "") + f"Known metrics: {', '.join(metric_names())}.",
        )
    from posteditor.scoring import sacrebleu_metrics  # sacrebleu takes 100 ms that most commands never need

    return sacrebleu_metrics.create(wanted, target_lang)


def create_metrics(names: Iterable[str], target_lang: str | None = None) -> tuple[Metric, ...]:
    """The metrics of these names in the same order, each once.

    Raises:
        ScoringError: As ``create_metric``.
    """
    return tuple(create_metric(name, target_lang) for name in dict.fromkeys(name.casefold() for name in names))


def corpus_statistics(metric: Metric, texts: Sequence[str], references: Sequence[Sequence[str]]) -> list[Statistics]:
    """Statistics of every segment that has references, in order; segments without any are left out.

    Args:
        metric: Any metric.
        texts: One text per segment.
        references: One sequence of references per segment, in whatever numbers.

    Raises:
        ScoringError: The two have different lengths, which sacrebleu itself would pass over in silence.
    """
    if len(texts) != len(references):
        raise ScoringError(
            f"{len(texts)} texts but references for {len(references)} segments",
            hint="Give one set of references per segment, an empty one where there is none.",
        )
    return [metric.statistics(text, refs) for text, refs in zip(texts, references, strict=True) if refs]
