"""Paired tests give the numbers of sacrebleu's own ``PairedTest``."""

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.ter import TER
from sacrebleu.significance import PairedTest, Result

from posteditor.errors import ScoringError
from posteditor.scoring.intervals import StatisticsTable
from posteditor.scoring.metrics import create_metric
from posteditor.scoring.significance import PairedResult, approximate_randomisation, paired_bootstrap
from tests.scoring.made_up_pairs import garbled, texts, words

ORACLES: dict[str, Any] = {"bleu": BLEU, "chrf": CHRF, "chrf++": lambda: CHRF(word_order=2), "ter": TER}

Texts = Sequence[str]


def corpus(seed: int, segments: int, references: int, systems: int) -> tuple[list[Texts], list[Texts]]:
    """Streams of references, and systems from good to bad; some of their texts are empty."""
    rng = random.Random(seed)
    wanted = [words(rng, rng.choice([4, 14])) for _ in range(segments)]
    streams: list[Texts] = [[" ".join(one) for one in wanted]]
    streams += [[" ".join(garbled(rng, one, 2)) for one in wanted] for _ in range(references - 1)]
    made: list[Texts] = [
        [" ".join(garbled(rng, one, rng.randint(0, 1 + number))) for one in wanted] for number in range(systems)
    ]
    return streams, made


def table(name: str, system: Texts, streams: Sequence[Texts]) -> StatisticsTable:
    metric = create_metric(name)
    statistics = StatisticsTable(metric.width)
    for text, references in zip(system, zip(*streams, strict=True), strict=True):
        statistics.append(metric.statistics(text, references))
    return statistics


def sacrebleus(name: str, kind: str, draws: int, systems: Sequence[Texts], streams: Sequence[Texts]) -> list[Result]:
    named = [(f"system {number}", system) for number, system in enumerate(systems)]
    _, scores = PairedTest(named, {name: ORACLES[name]()}, streams, kind, draws)()
    (column,) = (results for heading, results in scores.items() if heading != "System")
    return [result for result in column if isinstance(result, Result)]


def assert_bootstrap_equal(results: Sequence[PairedResult], expected: Sequence[Result]) -> None:
    baseline, *others = expected
    for ours, theirs in zip(results, others, strict=True):
        assert ours.system is not None
        assert ours.baseline is not None
        assert (ours.value, ours.p_value) == (theirs.score, theirs.p_value)
        assert (ours.system.mean, ours.system.half_width) == (theirs.mean, theirs.ci)
        assert ours.baseline_value == baseline.score
        assert (ours.baseline.mean, ours.baseline.half_width) == (baseline.mean, baseline.ci)
        assert ours.difference == theirs.score - baseline.score
        assert ours.system.interval.low <= ours.system.interval.high


@pytest.mark.parametrize("name", ORACLES)
@pytest.mark.parametrize("references", [1, 2, 3])
@pytest.mark.parametrize(("seed", "resamples"), [(12345, 300), (7, 99)])
def test_bootstrap_equals_sacrebleu(
    name: str, references: int, seed: int, resamples: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SACREBLEU_SEED", str(seed))
    streams, systems = corpus(seed + references, 43, references, 3)
    expected = sacrebleus(name, "bs", resamples, systems, streams)
    baseline, *others = (table(name, system, streams) for system in systems)
    results = paired_bootstrap(create_metric(name), baseline, others, resamples=resamples, seed=seed)
    assert_bootstrap_equal(results, expected)


@pytest.mark.parametrize("name", ORACLES)
@pytest.mark.parametrize("references", [1, 2, 3])
@pytest.mark.parametrize(("seed", "trials"), [(12345, 300), (7, 1500)])
def test_randomisation_equals_sacrebleu(
    name: str, references: int, seed: int, trials: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SACREBLEU_SEED", str(seed))
    streams, systems = corpus(seed + references, 43, references, 3)
    first, *expected = sacrebleus(name, "ar", trials, systems, streams)
    baseline, *others = (table(name, system, streams) for system in systems)
    results = approximate_randomisation(create_metric(name), baseline, others, trials=trials, seed=seed)
    assert [(one.value, one.p_value) for one in results] == [(one.score, one.p_value) for one in expected]
    assert {one.baseline_value for one in results} == {first.score}
    assert {(one.system, one.baseline) for one in results} == {(None, None)}


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_any_texts_equal_sacrebleu(data: st.DataObject) -> None:
    segments = data.draw(st.integers(2, 5))
    text = st.text("ab .,1", max_size=12)
    streams = [
        data.draw(st.lists(text, min_size=segments, max_size=segments)) for _ in range(data.draw(st.integers(1, 2)))
    ]
    systems = [data.draw(st.lists(text, min_size=segments, max_size=segments)) for _ in range(2)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SACREBLEU_SEED", str(seed := data.draw(st.integers(1, 2**31))))
        for name in ORACLES:
            metric = create_metric(name)
            baseline, system = (table(name, system, streams) for system in systems)
            results = paired_bootstrap(metric, baseline, [system], resamples=60, seed=seed)
            assert_bootstrap_equal(results, sacrebleus(name, "bs", 60, systems, streams))
            (result,) = approximate_randomisation(metric, baseline, [system], trials=60, seed=seed)
            assert result.p_value == sacrebleus(name, "ar", 60, systems, streams)[1].p_value


def test_equal_systems_are_never_significant_whatever_their_p_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SACREBLEU_SEED", raising=False)
    streams, (system,) = corpus(3, 20, 1, 1)
    same = table("bleu", system, streams)
    for kind, (result,) in {
        "bs": paired_bootstrap(create_metric("bleu"), same, [same], resamples=99),
        "ar": approximate_randomisation(create_metric("bleu"), same, [same], trials=99),
    }.items():
        assert result.p_value == sacrebleus("bleu", kind, 99, [system, system], streams)[1].p_value == 0.01
        assert result.difference == 0
        assert not result.is_significant()


def test_a_clear_difference_is_significant() -> None:
    streams, _ = corpus(3, 60, 1, 1)
    good, bad = table("chrf", streams[0], streams), table("chrf", ["something else"] * 60, streams)
    for (result,) in (
        paired_bootstrap(create_metric("chrf"), bad, [good], resamples=200),
        approximate_randomisation(create_metric("chrf"), bad, [good], trials=200),
    ):
        assert result.difference > 50
        assert result.is_significant()
        assert not result.is_significant(0.001)


def test_seeds_make_a_difference_and_zero_is_one_of_them() -> None:
    streams, systems = corpus(5, 40, 1, 2)
    baseline, system = (table("chrf", system, streams) for system in systems)

    def mean(seed: int) -> float:
        (result,) = paired_bootstrap(create_metric("chrf"), baseline, [system], resamples=50, seed=seed)
        assert result.system is not None
        return result.system.mean

    assert mean(0) == mean(0) != mean(1)


@pytest.mark.parametrize("test", [paired_bootstrap, approximate_randomisation])
def test_tables_that_can_not_be_compared(test: Any) -> None:
    streams, systems = corpus(5, 4, 1, 2)
    metric = create_metric("ter")
    whole, part, single = (
        table("ter", systems[0][:count], [stream[:count] for stream in streams]) for count in (4, 3, 1)
    )
    with pytest.raises(ScoringError, match="4 of the first system, 3 of another"):
        test(metric, whole, [whole, part])
    with pytest.raises(ScoringError, match="at least 2 segments, not 1"):
        test(metric, single, [single])
    with pytest.raises(ScoringError, match="at least 2 segments, not 0"):
        test(metric, StatisticsTable(2), [])
    with pytest.raises(ValueError, match="10 numbers a segment, expected 2"):
        test(metric, whole, [table("bleu", systems[1], streams)])


def test_numbers_of_draws_are_checked() -> None:
    streams, (system,) = corpus(5, 4, 1, 1)
    one = table("ter", system, streams)
    with pytest.raises(ValueError, match="0 draws"):
        paired_bootstrap(create_metric("ter"), one, [one], resamples=0)
    with pytest.raises(ValueError, match="-1 draws"):
        approximate_randomisation(create_metric("ter"), one, [one], trials=-1)


def test_a_table_keeps_numbers_as_they_came_in() -> None:
    pairs = list(texts(4, 30, references=3, longest=9))
    metric = create_metric("ter")
    rows = [metric.statistics(text, references) for text, references in pairs]
    kept = StatisticsTable(2)
    for row in rows:
        kept.append(row)
    assert [tuple(row) for row in kept.exact_rows().tolist()] == rows
    assert np.array_equal(kept.rows(), np.array(rows, dtype="float32"))
    for start in (0, 12, 30):  # with and without numbers that need double precision on either side
        joined = StatisticsTable(2)
        for _ in range(start):
            joined.append((1, 2))
        joined.extend(np.array(rows[start:]).reshape(-1, 2))
        assert joined.is_exact_in_single_precision == (start == 30)
        assert joined.exact_rows().tolist() == [[1, 2]] * start + [[*row] for row in rows[start:]]
    with pytest.raises(ValueError, match="3 numbers a segment, expected 2"):
        kept.extend(np.zeros((1, 3)))
