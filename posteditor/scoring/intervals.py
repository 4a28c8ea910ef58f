"""Bootstrap intervals of corpus scores, and the compact table of per-segment statistics that they are drawn from."""

from array import array
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from posteditor.core.score import Interval, Score
from posteditor.scoring.metrics import Metric, Statistics
from posteditor.scoring.running import RunningCorpus

if TYPE_CHECKING:
    import numpy as np

DEFAULT_RESAMPLES = 1000
DEFAULT_SEED = 12345
"""sacrebleu's."""


class StatisticsTable:
    """The statistics of many segments for one metric: four bytes a number, or eight once one of them needs it.

    sacrebleu resamples in single precision, which holds counts exactly, but not the mean length of three references.
    """

    def __init__(self, width: int) -> None:
        self.width = width
        self._numbers = array("f")

    def __len__(self) -> int:
        return len(self._numbers) // self.width

    @property
    def is_exact_in_single_precision(self) -> bool:
        """Whether ``rows`` are the very numbers that came in."""
        return self._numbers.typecode == "f"

    def append(self, statistics: Statistics) -> None:
        """Add a segment.

        Raises:
            ValueError: The statistics belong to another metric.
        """
        if len(statistics) != self.width:
            raise ValueError(f"{len(statistics)} numbers, expected {self.width}")
        if self.is_exact_in_single_precision and array("f", statistics).tolist() != list(statistics):
            self._numbers = array("d", self._numbers)
        self._numbers.extend(statistics)

    def extend(self, rows: "np.ndarray[Any, np.dtype[np.float64]]") -> None:
        """Add many segments, shape (segments, width).

        Raises:
            ValueError: The statistics belong to another metric.
        """
        import numpy as np

        if rows.shape[1] != self.width:
            raise ValueError(f"{rows.shape[1]} numbers a segment, expected {self.width}")
        if self.is_exact_in_single_precision and not np.array_equal(rows.astype(np.float32), rows):
            self._numbers = array("d", self._numbers)
        self._numbers.frombytes(rows.astype(self._numbers.typecode).tobytes())

    def copy(self) -> "StatisticsTable":
        """The same rows, to go on from separately."""
        twin = StatisticsTable(self.width)
        twin._numbers = self._numbers[:]
        return twin

    def rows(self) -> "np.ndarray[Any, np.dtype[np.float32]]":
        """The table in single precision, shape (segments, width); a view where that is exact."""
        import numpy as np

        return (
            np.frombuffer(self._numbers, self._numbers.typecode).reshape(-1, self.width).astype(np.float32, copy=False)
        )

    def exact_rows(self) -> "np.ndarray[Any, np.dtype[np.float64]]":
        """The table with its numbers as they came in, shape (segments, width); a copy, or a view where they need it."""
        import numpy as np

        return (
            np.frombuffer(self._numbers, self._numbers.typecode).reshape(-1, self.width).astype(np.float64, copy=False)
        )


def bootstrap_interval(
    metric: Metric, table: StatisticsTable, *, resamples: int = DEFAULT_RESAMPLES, seed: int = DEFAULT_SEED
) -> Interval:
    """The 95 % percentile interval of a corpus score.

    The resamples are those that sacrebleu draws for the same seed, in memory that hardly grows with their number; half
    the interval's width is the number that ``sacrebleu --confidence`` prints behind "±".

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

    from posteditor.scoring.resampling import resampled_totals

    values = np.sort(metric.corpus_values(resampled_totals([table], resamples, seed)[0]))
    outside = resamples // 40  # 2.5 % on either side
    return Interval(float(values[outside]), float(values[resamples - outside - 1]))


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
