"""Totals over draws are what sacrebleu adds up, and values of many corpora what it computes one by one."""

import random
from typing import Any

import numpy as np
import pytest
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.ter import TER

from posteditor.scoring import resampling
from posteditor.scoring.intervals import StatisticsTable
from posteditor.scoring.metrics import create_metric
from posteditor.scoring.resampling import exchanged_totals, resampled_totals

SCORERS: dict[str, Any] = {"bleu": BLEU(), "chrf": CHRF(), "chrf++": CHRF(word_order=2), "ter": TER()}


def made_table(rng: random.Random, segments: int, width: int, largest: int, parts: int = 1) -> StatisticsTable:
    table = StatisticsTable(width)
    for _ in range(segments):
        table.append(tuple(rng.randint(0, largest * parts) / parts for _ in range(width)))
    return table


@pytest.mark.parametrize(
    ("largest", "parts"),
    [(9, 1), (9, 2), (9, 4), (9, 3), (400_000, 1), (700_000, 1), (300_000, 2), (2**23, 1), (2**26 + 1, 1)],
)
def test_resampled_totals_are_those_of_single_precision(largest: int, parts: int) -> None:
    """On both sides of where single precision stops being exact, where the order of summation shows."""
    table = made_table(random.Random(largest + parts), 61, 3, largest, parts)
    drawn = np.random.default_rng(5).choice(61, size=(40, 61), replace=True)
    expected = [one.sum(0) for one in table.exact_rows().astype("float32")[drawn]]
    (totals,) = resampled_totals([table], 40, 5)
    assert totals.dtype == np.float32
    assert np.array_equal(totals, expected)


def test_tables_are_resampled_together() -> None:
    rng = random.Random(1)
    tables = [made_table(rng, 30, width, 9) for width in (2, 10, 18)]
    for table, totals in zip(tables, resampled_totals(tables, 20, 3), strict=True):
        assert np.array_equal(totals, resampled_totals([table], 20, 3)[0])


@pytest.mark.parametrize("block", [1, 100, 7000])
def test_blocks_make_no_difference(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(2)
    tables = [made_table(rng, 61, 3, 9) for _ in range(3)]
    whole = resampled_totals(tables, 133, 4), exchanged_totals(tables[0], tables[1:], 133, 4)
    monkeypatch.setattr(resampling, "_BLOCK", block)
    assert np.array_equal(resampled_totals(tables, 133, 4), whole[0])
    assert np.array_equal(exchanged_totals(tables[0], tables[1:], 133, 4), whole[1])


@pytest.mark.parametrize(("largest", "parts"), [(9, 1), (9, 2), (9, 3), (700_000, 1), (2**24, 1), (2**40, 1)])
def test_exchanged_totals(largest: int, parts: int) -> None:
    rng = random.Random(largest + parts)
    baseline, system = (made_table(rng, 61, 3, largest, parts) for _ in range(2))
    chosen = np.random.default_rng(5).integers(2, size=(40, 61), dtype=bool)
    ours, theirs = baseline.exact_rows(), system.exact_rows()
    ((one, other),) = exchanged_totals(baseline, [system], 40, 5)
    assert np.array_equal(one, chosen @ ours + ~chosen @ theirs)
    assert np.array_equal(other, ~chosen @ ours + chosen @ theirs)


def _totals(rng: random.Random, name: str) -> list[int]:
    """Of all sizes, with nothing counted here and there."""
    width = create_metric(name).width
    largest = rng.choice([1, 3, 30, 3000, 2**23])
    numbers = [rng.randint(0, largest) * (rng.random() < 0.85) for _ in range(width)]
    if name == "bleu":
        numbers[2:6] = [min(pair) for pair in zip(numbers[2:6], numbers[6:], strict=True)]
    return numbers


@pytest.mark.parametrize("name", SCORERS)
@pytest.mark.parametrize("kind", ["float32", "int64", "float64"])
def test_values_are_sacrebleus(name: str, kind: str) -> None:
    """It is given single precision by the bootstrap, and whole numbers or double precision by randomisation."""
    rng = random.Random(6)
    metric = create_metric(name)
    for count in (1, 2, 3, 500):
        for _ in range(40 if count < 500 else 1):
            totals = np.array([_totals(rng, name) for _ in range(count)], dtype=kind)
            expected = np.array([SCORERS[name]._compute_score_from_stats(row.copy()).score for row in totals])
            values = metric.corpus_values(totals if kind == "float32" else totals.astype("float64"))
            assert values.dtype == expected.dtype
            assert values.tolist() == expected.tolist()
