"""A report with everything in it that a run can bring forth: hostile names, missing values, a challenge set."""

from collections.abc import Sequence
from dataclasses import dataclass

from posteditor.core.score import Interval, Score
from posteditor.services.benchmark.report import (
    NOTHING,
    REPORT_VERSION,
    Bucket,
    CalibrationBin,
    Category,
    Difference,
    Failure,
    Row,
    RunReport,
    SetReport,
    Speed,
)
from posteditor.services.benchmark.tallies import LENGTH_LABELS, QUALITY_LABELS

METRICS = ("bleu", "chrf++", "ter", "ter-cased")
SCRIPT = "<script>alert('1')</script>"
SPECIAL = 'a_b%&$"\x1b[31m\n]]>\u202edlrow'
LONG = "server:http://localhost:8000/v1,model=example/a-model-with-a-name-that-goes-on-4b-instruct"
MODELS = ("default", SCRIPT, SPECIAL, LONG)
_NAMES = {"bleu": "BLEU", "chrf++": "chrF++", "ter": "TER", "ter-cased": "TER (cased)"}
_GAINS = {"default": 2.1, SCRIPT: 0.9, SPECIAL: -0.6, LONG: 3.4}
"""TER points that each rewriter saves."""
_RATES = {"default": 41.5, SCRIPT: 660.0, SPECIAL: 385.0, LONG: 2.6}
"""Segments per second."""


@dataclass(frozen=True, slots=True)
class _Plan:
    segments: int
    ter: float
    """Of the mt."""
    has_tests: bool
    """Whether there are p-values and intervals."""


def made_report() -> RunReport:
    """Two test sets, one without significance tests, and a challenge set; do-nothing and four rewriters on each."""
    news, other, challenge = _Plan(1997, 31.2, True), _Plan(350, 54.9, False), _Plan(120, 22.4, True)
    return RunReport(
        version=REPORT_VERSION,
        posteditor="0.1.0",
        threshold="show",
        gate_off=("numbers", SCRIPT),
        metrics=METRICS,
        resamples=1000,
        trials=1000,
        seed=12345,
        environment={"python": "3.11.7", "processor": "Example CPU", "memory": "23.5 GiB", SPECIAL: SCRIPT},
        sets=(
            made_set("news", _rows(news), news.segments, reference_kind="post-edit"),
            made_set(SPECIAL, _rows(other), other.segments, warnings=(f"{SCRIPT} has no languages.",)),
            made_set(
                "challenge", _rows(challenge, is_challenge=True), challenge.segments, reference_kind="independent"
            ),
        ),
    )


def made_set(
    name: str,
    rows: Sequence[Row],
    scored: int,
    *,
    reference_kind: str | None = None,
    warnings: tuple[str, ...] = (),
) -> SetReport:
    """A test set of these rows."""
    is_known = reference_kind is not None
    return SetReport(
        name=name,
        path=f"/data/{name}.tsv",
        system="" if is_known else SCRIPT,
        reference_kind=reference_kind,
        source_lang="de" if is_known else None,
        target_lang="en" if is_known else None,
        sha256="0123456789abcdef" * 4,
        segments=scored + 3,
        scored=scored,
        references=1 if is_known else 2,
        warnings=warnings,
        rows=tuple(rows),
    )


def _rows(plan: _Plan, *, is_challenge: bool = False) -> list[Row]:
    return [_row(plan, spec, is_challenge=is_challenge) for spec in (NOTHING, *MODELS)]


def _row(plan: _Plan, spec: str, *, is_challenge: bool) -> Row:
    gain = _GAINS.get(spec, 0.0)
    changed = int(plan.segments * 0.09 * abs(gain))
    improved = int(changed * (0.78 if gain > 0 else 0.2))
    perfect = plan.segments // 9
    does_nothing = spec == NOTHING
    failures = _failures() if spec == LONG else ()
    return Row(
        rewriter=spec,
        revision="1" if does_nothing else "0.1.0-5fd09193da4ea915-show",
        segments=plan.segments,
        changed=changed,
        improved=improved,
        deteriorated=int(changed * 0.14),
        perfect=perfect,
        over_edited=int(perfect * abs(gain) / 50),
        failures=failures,
        failed=len(failures) and 140,
        edits=int(changed * 1.3),
        edited_words=changed * 2,
        words=plan.segments * 21,
        word_edit_rate=plan.ter - gain + 1.1,
        character_edit_rate=plan.ter * 0.8 - gain,
        gain_per_100_edited_words=None if does_nothing else 11.5 * gain,
        refused={} if does_nothing else {"numbers": changed // 3, SCRIPT: changed // 9, "length": 1},
        scores={metric: _score(plan, metric, gain) for metric in METRICS},
        differences=() if does_nothing else tuple(_differences(plan, spec, gain)),
        by_length=_buckets(LENGTH_LABELS, (0.24, 0.36, 0.25, 0.147, 0.003), (5, 2, -1, -3, -3), plan, gain),
        by_quality=_buckets(QUALITY_LABELS, (0.11, 0.0, 0.24, 0.35, 0.3), (-31, 0, -12, 5, 29), plan, gain),
        calibration=() if does_nothing else _calibration(gain),
        categories=_categories(gain) if is_challenge else (),
        speed=None if does_nothing else _speed(spec),
    )


def _score(plan: _Plan, metric: str, gain: float) -> Score:
    is_ter = metric.startswith("ter")
    value = plan.ter - gain if is_ter else 92.0 - plan.ter + 0.7 * gain + (metric == "bleu")
    interval = Interval(value - 1.3, value + 1.2) if plan.has_tests else None
    signature = f"nrefs:{1 if plan.has_tests else 2}|case:mixed|tok:{metric}|version:2.6.0"
    return Score(_NAMES[metric], value, signature, higher_is_better=not is_ter, interval=interval)


def _differences(plan: _Plan, spec: str, gain: float) -> list[Difference]:
    baselines = {NOTHING: 0.0} if spec == MODELS[0] else {NOTHING: 0.0, MODELS[0]: _GAINS[MODELS[0]]}
    found = []
    for baseline, its_gain in baselines.items():
        for metric in METRICS:
            value = (its_gain - gain) if metric.startswith("ter") else 0.7 * (gain - its_gain)
            p_values = (0.2 / (1 + value**4) ** 2, 0.0009) if plan.has_tests else (None, None)
            found.append(Difference(metric, baseline, value, *p_values))
    return found


def _buckets(
    labels: Sequence[str], shares: Sequence[float], tilts: Sequence[int], plan: _Plan, gain: float
) -> tuple[Bucket, ...]:
    found = []
    for place, (label, share, tilt) in enumerate(zip(labels, shares, tilts, strict=True)):
        segments = int(plan.segments * share)
        ter = plan.ter * (0.5 + place / 4)
        before = {"ter": ter, "ter-cased": ter} if segments else {}
        after = {name: value - gain * (1 + tilt / 12) for name, value in before.items()}
        changed = int(segments * abs(gain) / 12)
        found.append(Bucket(label, segments, changed, int(changed * 0.7), int(changed * 0.2), before, after))
    return tuple(found)


def _calibration(gain: float) -> tuple[CalibrationBin, ...]:
    bins = []
    for place in range(3, 10):
        edits = int(7 * (place - 2) ** 2.6)
        share = min(0.97, 0.07 * place + 0.06 * gain)
        bins.append(
            CalibrationBin(place / 10, (place + 1) / 10, edits, place / 10 + 0.06, int(edits * share), edits // 8)
        )
    return tuple(bins)


def _categories(gain: float) -> tuple[Category, ...]:
    good = max(0, round(5 * gain))
    return (
        Category("spelling", 40, 0, 0, good + 2, good, good + 1, 1, 0, 0),
        Category("already fluent", 40, 40, 0, round(abs(gain)), 0, 0, round(abs(gain)), round(abs(gain)), 0),
        Category(SCRIPT, 40, 3, 40, good, good // 2, good - 1 if good else 0, 1, 0, int(gain < 0)),
    )


def _speed(spec: str) -> Speed:
    rate = _RATES[spec]
    return Speed(
        seconds_to_load=2.445,
        median_seconds=1.6 / rate,
        percentile_95_seconds=3.9 / rate,
        timed_segments=200,
        segments_per_second=rate,
        words_per_second=21.2 * rate,
        peak_memory_bytes=None if spec == SPECIAL else 441_651_200,
    )


def _failures() -> tuple[Failure, ...]:
    reasons = ("the server did not answer within 60 s", f"an answer without a text: {SCRIPT}\x1b[2J")
    return tuple(
        Failure(7 * place + 1, f"doc-{place}" if place % 2 else None, reasons[place % 3 == 0]) for place in range(100)
    )
