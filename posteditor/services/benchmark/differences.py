"""Whether rewriters differ by more than chance: the p-values of a report."""

from collections.abc import Mapping, Sequence

from posteditor.scoring.metrics import Metric
from posteditor.scoring.significance import approximate_randomisation, paired_bootstrap
from posteditor.services.benchmark.report import Difference
from posteditor.services.benchmark.row_making import Tables


def differences(
    tables: Mapping[str, Tables],
    baselines: Sequence[str],
    metrics: Sequence[Metric],
    *,
    resamples: int,
    trials: int,
    seed: int,
) -> dict[str, tuple[Difference, ...]]:
    """Each rewriter against each of the baselines that it isn't itself, or that come before it.

    Args:
        tables: By rewriter, in the order of the report.
        baselines: Some of the rewriters, in the same order.
        metrics: Those of the tables, in their order.
        resamples: Of the paired bootstrap; 0 leaves its p-values out.
        trials: Of approximate randomisation; 0 leaves its p-values out.
        seed: Of both.
    """
    found: dict[str, list[Difference]] = {name: [] for name in tables}
    names = list(tables)
    for baseline in baselines:
        others = names[names.index(baseline) + 1 :]
        for place, metric in enumerate(metrics):
            for name, difference in _of_metric(tables, baseline, others, place, metric, resamples, trials, seed):
                found[name].append(difference)
    return {name: tuple(of_one) for name, of_one in found.items()}


def _of_metric(
    tables: Mapping[str, Tables],
    baseline: str,
    others: Sequence[str],
    place: int,
    metric: Metric,
    resamples: int,
    trials: int,
    seed: int,
) -> list[tuple[str, Difference]]:
    base = tables[baseline].tables[place]
    systems = [tables[name].tables[place] for name in others]
    enough = len(base) > 1 and bool(systems)  # one segment can't be resampled
    none: list[float | None] = [None] * len(others)
    by_bootstrap, by_randomisation = none, none
    if enough and resamples:
        results = paired_bootstrap(metric, base, systems, resamples=resamples, seed=seed)
        by_bootstrap = [one.p_value for one in results]
    if enough and trials:
        results = approximate_randomisation(metric, base, systems, trials=trials, seed=seed)
        by_randomisation = [one.p_value for one in results]
    first = tables[baseline].corpora[place].score()
    found = []
    for name, bootstrap_p, randomisation_p in zip(others, by_bootstrap, by_randomisation, strict=True):
        score = tables[name].corpora[place].score()
        if score is not None and first is not None:
            value = score.value - first.value
            # Of equal scores a test says nothing, whatever number comes out of it.
            p_values = (bootstrap_p, randomisation_p) if value else (None, None)
            found.append((name, Difference(metric.name, baseline, value, *p_values)))
    return found
