"""Bootstrap intervals of corpus scores, and the compact table of per-segment statistics that they are drawn from."""

from array import array
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from posteditor.core.score import Interval, Score
from posteditor.errors import ScoringError
from posteditor.scoring.metrics import Metric, Statistics
from posteditor.scoring.running import RunningCorpus

if TYPE_CHECKING:
    import numpy as np

DEFAULT_RESAMPLES = 1000
DEFAULT_SEED = 12345
"""sacrebleu's."""


class StatisticsTable:
    """The statistics of many segments for one metric, four bytes a number."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._numbers = array("f")  # single precision because sacrebleu resamples in it

    def __len__(self) -> int:
        return len(self._numbers) // self.width

    def append(self, statistics: Statistics) -> None:
        """Add a segment.

        Raises:
            ValueError: The statistics belong to another metric.
        """
        if len(statistics) != self.width:
            raise ValueError(f"{len(statistics)} numbers, expected {self.width}")
        self._numbers.extend(statistics)

    def copy(self) -> "StatisticsTable":
        """The same rows, to go on from separately."""
        twin = StatisticsTable(self.width)
        twin._numbers = self._numbers[:]
        return twin

    def rows(self) -> "np.ndarray[Any, np.dtype[np.float32]]":
        """A view of the table, shape (segments, width)."""
        import numpy as np

        return np.frombuffer(self._numbers, dtype=np.float32).reshape(-1, self.width)


def bootstrap_interval(
    metric: Metric, table: StatisticsTable, *, resamples: int = DEFAULT_RESAMPLES, seed: int = DEFAULT_SEED
) -> Interval:
    """The 95 % percentile interval of a corpus score.

    The resamples are those that sacrebleu draws for the same seed, one at a time so that memory does not grow with
    their number; half the interval's width is the number that ``sacrebleu --confidence`` prints behind "±".

    Args:
        metric: The metric that the statistics belong to.
        table: One row per segment; at least 2.
        resamples: Each of as many segments as there are, drawn with replacement.
        seed: Of the random generator.

    Raises:
        ScoringError: Fewer than 2 segments.

    Source: Koehn (2004), Statistical Significance Tests for Machine Translation Evaluation (EMNLP).
    """
    import numpy as np

    rows = table.rows()
    if len(rows) < 2:
        raise ScoringError("a confidence interval needs at least 2 segments")
    generator = np.random.default_rng(seed)
    values = sorted(
        metric.resampled_value(rows[generator.integers(0, len(rows), size=len(rows))].sum(0)) for _ in range(resamples)
    )
    outside = resamples // 40  # 2.5 % on either side
    return Interval(values[outside], values[resamples - outside - 1])


def score_with_interval(
    corpus: RunningCorpus,
    table: StatisticsTable,
    *,
    resamples: int = DEFAULT_RESAMPLES,
    seed: int = DEFAULT_SEED,
) -> Score | None:
    """The corpus score with its interval and a signature that names both settings.

    Below 2 segments, or with no resamples, it has no interval; without any segment there is no score.
    """
    if len(table) < 2 or not resamples:
        return corpus.score()
    score = corpus.metric.corpus_score(corpus.totals, corpus.reference_count, (resamples, seed))
    interval = bootstrap_interval(corpus.metric, table, resamples=resamples, seed=seed)
    return replace(score, interval=interval)
