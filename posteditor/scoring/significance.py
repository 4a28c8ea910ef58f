"""Whether the difference between two systems is more than chance: paired tests on their statistics.

For the same seed the numbers are those of ``sacrebleu --paired-bs`` and ``--paired-ar``: the same draws, and the same
arithmetic in the same precision. Scores, p-values, means and intervals are equal to the last bit; only where the mean
length of three or more references is no binary fraction does the randomisation test sum up numbers that round, and
its scores then agree within 1e-9. One thing differs on purpose: a seed of 0 is a seed here, while sacrebleu takes it
for "unseeded".

Source: Koehn (2004), Statistical Significance Tests for Machine Translation Evaluation (EMNLP); Riezler and Maxwell
(2005), On Some Pitfalls in Automatic Evaluation and Significance Testing for MT (ACL workshop on evaluation measures);
p-values as in Clark et al. (2011), Better Hypothesis Testing for Statistical Machine Translation (ACL) and sacrebleu
2.6, significance.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from posteditor.core.score import Interval
from posteditor.scoring.intervals import DEFAULT_RESAMPLES, DEFAULT_SEED, StatisticsTable
from posteditor.scoring.metrics import Metric

if TYPE_CHECKING:
    from posteditor.scoring.corpus_values import Numbers

DEFAULT_TRIALS = 10_000
"""sacrebleu's for approximate randomisation."""

USUAL_LEVEL = 0.05
"""p-values below it are commonly called significant."""


@dataclass(frozen=True, slots=True)
class Resampled:
    """What the resamples of one system say of its score."""

    mean: float
    half_width: float
    """Half the width of the 95 % interval: what sacrebleu prints behind "±"."""
    interval: Interval


@dataclass(frozen=True, slots=True)
class PairedResult:
    """One system beside the baseline in one metric."""

    value: float
    """Corpus score of the system on 0-100."""
    baseline_value: float
    """Corpus score of the baseline on 0-100."""
    p_value: float
    """In (0, 1]: how often chance alone brings about a larger difference."""
    system: Resampled | None = None
    """None for approximate randomisation, which resamples nothing."""
    baseline: Resampled | None = None
    """The same for all systems of a test."""

    @property
    def difference(self) -> float:
        """The system's score less the baseline's; whether more is better is the metric's affair."""
        return self.value - self.baseline_value

    def is_significant(self, level: float = USUAL_LEVEL) -> bool:
        """Whether the difference is hardly due to chance; never so for systems with equal scores.

        Their p-value says nothing: chance never exceeds no difference in identical systems, and sacrebleu gives the
        least p-value that there is.
        """
        return self.difference != 0 and self.p_value < level


def paired_bootstrap(
    metric: Metric,
    baseline: StatisticsTable,
    systems: Sequence[StatisticsTable],
    *,
    resamples: int = DEFAULT_RESAMPLES,
    seed: int = DEFAULT_SEED,
) -> list[PairedResult]:
    """Test every system against the baseline by paired bootstrap resampling.

    Args:
        metric: The metric that the statistics belong to.
        baseline: One row per segment; at least 2.
        systems: The same segments in the same order.
        resamples: Each of as many segments as there are, drawn with replacement; at least 1.
        seed: Of the random generator, 0 or more; all systems and all metrics see the same resamples.

    Returns:
        One result per system, in order.

    Raises:
        ScoringError: Fewer than 2 segments, or tables of different lengths.
        ValueError: A table belongs to another metric, or there are no resamples.
    """
    from posteditor.scoring.resampling import resampled_totals

    _check(metric, [baseline, *systems], resamples)
    tables = [baseline, *systems]
    first, *others = (metric.corpus_values(totals) for totals in resampled_totals(tables, resamples, seed))
    baseline_value, resampled_baseline = _corpus_value(metric, baseline), _resampled(first)
    results = []
    for table, values in zip(systems, others, strict=True):
        value = _corpus_value(metric, table)
        differences = abs(values - first)
        p_value = _p_value(differences - differences.mean(), abs(baseline_value - value))
        results.append(PairedResult(value, baseline_value, p_value, _resampled(values), resampled_baseline))
    return results


def approximate_randomisation(
    metric: Metric,
    baseline: StatisticsTable,
    systems: Sequence[StatisticsTable],
    *,
    trials: int = DEFAULT_TRIALS,
    seed: int = DEFAULT_SEED,
) -> list[PairedResult]:
    """Test every system against the baseline by exchanging the outputs of segments between the two at random.

    Args:
        metric: The metric that the statistics belong to.
        baseline: One row per segment; at least 2.
        systems: The same segments in the same order.
        trials: How many exchanges; at least 1.
        seed: Of the random generator, 0 or more; all systems and all metrics see the same exchanges.

    Returns:
        One result per system, in order.

    Raises:
        ScoringError: Fewer than 2 segments, or tables of different lengths.
        ValueError: A table belongs to another metric, or there are no trials.
    """
    from posteditor.scoring.resampling import exchanged_totals

    _check(metric, [baseline, *systems], trials)
    baseline_value = _corpus_value(metric, baseline)
    results = []
    for table, (one, other) in zip(systems, exchanged_totals(baseline, systems, trials, seed), strict=True):
        value = _corpus_value(metric, table)
        differences = abs(metric.corpus_values(one) - metric.corpus_values(other))
        results.append(PairedResult(value, baseline_value, _p_value(differences, abs(baseline_value - value))))
    return results


def _check(metric: Metric, tables: Sequence[StatisticsTable], draws: int) -> None:
    for table in tables:
        if table.width != metric.width:
            raise ValueError(f"{table.width} numbers a segment, expected {metric.width}")
    if draws < 1:
        raise ValueError(f"{draws} draws, expected at least 1")


def _corpus_value(metric: Metric, table: StatisticsTable) -> float:
    return metric.corpus_score(table.exact_rows().sum(0).tolist()).value


def _resampled(values: "Numbers") -> Resampled:
    """Mean and interval in the precision of the values, as sacrebleu has them."""
    ordered: Any = values.copy()
    ordered.sort()
    outside = len(ordered) // 40  # 2.5 % on either side
    low, high = ordered[outside], ordered[len(ordered) - outside - 1]
    return Resampled(float(ordered.mean()), float(0.5 * (high - low)), Interval(float(low), float(high)))


def _p_value(by_chance: "Numbers", difference: float) -> float:
    """The share of draws above the difference, the real one counted as one more so that it is never 0."""
    return (int((by_chance > difference).sum()) + 1) / (len(by_chance) + 1)
