"""Whether a difference in scores may be chance."""

import logging
from collections.abc import Sequence
from typing import Any

from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.ter import TER
from sacrebleu.significance import PairedTest

SAMPLES = 1000


def paired_bootstrap(baseline: Sequence[str], texts: Sequence[str], targets: Sequence[str]) -> dict[str, float]:
    """For TER (case-sensitive) and chrF++ the probability that the difference to ``baseline`` is chance; 0-1.

    Source: Koehn (2004), Statistical Significance Tests for Machine Translation Evaluation (EMNLP), as sacrebleu does
    it: 1000 samples, seed 12345.
    """
    if list(baseline) == list(texts):
        return {"TER": 1.0, "chrF++": 1.0}
    logging.getLogger("sacrebleu").setLevel(logging.ERROR)  # it reports each step
    metrics = {"TER": TER(case_sensitive=True), "chrF++": CHRF(word_order=2)}
    test = PairedTest(
        [("baseline", list(baseline)), ("rewritten", list(texts))],
        metrics,
        [list(targets)],
        test_type="bs",
        n_samples=SAMPLES,
    )
    _, results = test()
    rows = [row for name, row in results.items() if name != "System"]
    return {name: _chance(row[1]) for name, row in zip(metrics, rows, strict=True)}


def _chance(result: Any) -> float:
    """The p-value of a result; sacrebleu's annotations allow for a name in its place."""
    return float(result.p_value)
