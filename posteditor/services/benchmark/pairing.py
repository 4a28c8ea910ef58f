"""Which test sets two sides have in common, and whether their answers are there and can be compared."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from posteditor.errors import UsageError
from posteditor.scoring.metrics import DEFAULT_METRICS, Metric, create_metrics
from posteditor.services.benchmark.cell_numbers import is_finished
from posteditor.services.benchmark.report import DECIDING_METRIC, NOTHING
from posteditor.services.benchmark.run_folder import RunFolder
from posteditor.services.benchmark.set_files import KeptSet
from posteditor.services.benchmark.sides import Side

_HASH = 12  # characters of a hash that are shown
_TOLD_SETTINGS = ("threshold", "gate_off", "glossary", "source_lang", "target_lang")
_TOLD_VERSIONS = ("posteditor", "sacrebleu", "torch", "transformers", "tokenizers")


@dataclass(frozen=True, slots=True)
class SetPair:
    """One test set that both sides answered."""

    a: KeptSet
    b: KeptSet
    """The same texts, perhaps under another name."""
    metrics: tuple[Metric, ...]
    """Those that both sides were measured with, in the same way."""
    places_a: tuple[int, ...]
    """Where their statistics stand among those of an answer."""
    places_b: tuple[int, ...]

    @property
    def name(self) -> str:
        """What it is called."""
        return self.a.name if self.a.name == self.b.name else f"{self.a.name} = {self.b.name}"

    @property
    def deciding(self) -> int:
        """The place of the metric that says what is better, among ``metrics``."""
        return next(place for place, metric in enumerate(self.metrics) if metric.name == DECIDING_METRIC)


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two sides that can be compared."""

    a: Side
    b: Side
    sets: tuple[SetPair, ...]
    """At least one."""
    notes: tuple[str, ...]
    """Sentences on what else differs, and what was left out."""

    def cells(self, pair: SetPair) -> tuple[Path, Path, Path]:
        """The journals of do-nothing, of A and of B."""
        return (
            self.a.run.cell_file(pair.a.name, NOTHING),
            self.a.run.cell_file(pair.a.name, self.a.rewriter),
            self.b.run.cell_file(pair.b.name, self.b.rewriter),
        )

    def kept_file(self, pair: SetPair) -> Path:
        """The texts."""
        return self.a.run.set_file(pair.a.name)


def pair_up(a: Side, b: Side) -> Pairing:
    """The two sides with the test sets that they have in common.

    Raises:
        UsageError: They have none, or some of the answers are not there yet.
        ScoringError: A metric can't be had.
    """
    common = [(ours, theirs) for ours in a.run.sets.values() if (theirs := _same_texts(ours, b.run)) is not None]
    if not common:
        raise _nothing_in_common(a.run, b.run)
    _require_answers(a, b, common)
    pairs, notes = [], [*_left_out(a.run, b.run, common), *_other_settings(a.run, b.run)]
    for ours, theirs in common:
        pair, dropped = _with_metrics(a, b, ours, theirs)
        pairs.append(pair)
        if dropped:
            notes.append(f"{pair.name}: {', '.join(dropped)} was not measured in the same way on both sides.")
    return Pairing(a, b, tuple(pairs), tuple(notes))


def _same_texts(ours: KeptSet, run: RunFolder) -> KeptSet | None:
    """The other run's test set of the same texts, by preference of the same name."""
    named = run.sets.get(ours.name)
    if named is not None and named.sha256 == ours.sha256:
        return named
    return next((theirs for theirs in run.sets.values() if theirs.sha256 == ours.sha256), None)


def _nothing_in_common(a: RunFolder, b: RunFolder) -> UsageError:
    hint = "compare runs over the same test sets, with the same --limit and --sample"
    changed = [
        f"{name} ({ours.sha256[:_HASH]} there, {b.sets[name].sha256[:_HASH]} here)"
        for name, ours in a.sets.items()
        if name in b.sets
    ]
    if changed:
        return UsageError(
            f"{a.path} and {b.path} hold other texts under the same names: {', '.join(changed)}", hint=hint
        )
    return UsageError(
        f"{a.path} and {b.path} have no test set in common: {', '.join(a.sets) or 'none'} there, "
        f"{', '.join(b.sets) or 'none'} here",
        hint=hint,
    )


def _left_out(a: RunFolder, b: RunFolder, common: list[tuple[KeptSet, KeptSet]]) -> Iterator[str]:
    for run, taken in ((a, {ours.name for ours, _ in common}), (b, {theirs.name for _, theirs in common})):
        other = b if run is a else a
        for name, kept in run.sets.items():
            if name in taken or (run is b and name in a.sets):  # the latter was told of already
                continue
            if name in other.sets:
                short = f"{kept.sha256[:_HASH]} and {other.sets[name].sha256[:_HASH]}"
                yield f"{name} is left out: it has other texts in {a.path} than in {b.path} ({short})."
            else:
                yield f"{name} is left out: it is in {run.path} only."


def _other_settings(a: RunFolder, b: RunFolder) -> Iterator[str]:
    if a is b:
        return
    for name in _TOLD_SETTINGS:
        ours, theirs = _said(a.settings.get(name)), _said(b.settings.get(name))
        if ours != theirs:
            yield f"{name.replace('_', ' ')} differs: {ours} in {a.path}, {theirs} in {b.path}."
    versions = [
        f"{name} {a.environment.get(name, '-')} and {b.environment.get(name, '-')}"
        for name in _TOLD_VERSIONS
        if a.environment.get(name) != b.environment.get(name)
    ]
    if versions:
        yield f"Versions differ: {', '.join(versions)}."


def _said(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)[:_HASH]


def _with_metrics(a: Side, b: Side, ours: KeptSet, theirs: KeptSet) -> tuple[SetPair, list[str]]:
    """The pair, and the names of metrics that only one side has or that cut words differently."""
    names_a, names_b = list(a.run.settings["metrics"]), list(b.run.settings["metrics"])
    both = [name for name in names_a if name in names_b]
    metrics = create_metrics(both, _language(a.run, ours))
    others = create_metrics(both, _language(b.run, theirs))
    alike = [
        metric
        for metric, other in zip(metrics, others, strict=True)
        if _signature(metric) == _signature(other)
    ]  # fmt: skip
    names = [metric.name for metric in alike]
    places_a, places_b = (tuple(map(every.index, names)) for every in (names_a, names_b))
    dropped = [name for name in dict.fromkeys((*names_a, *names_b)) if name not in names]
    return SetPair(ours, theirs, tuple(alike), places_a, places_b), dropped


def _language(run: RunFolder, kept: KeptSet) -> str | None:
    return run.settings.get("target_lang") or kept.target_lang


def _signature(metric: Metric) -> str:
    return metric.corpus_score((0.0,) * metric.width).signature


def _require_answers(a: Side, b: Side, common: list[tuple[KeptSet, KeptSet]]) -> None:
    """Each cell that is needed, finished."""
    for ours, theirs in common:
        needed = ((a.run, ours.name, NOTHING), (a.run, ours.name, a.rewriter), (b.run, theirs.name, b.rewriter))
        for run, name, spec in needed:
            if not is_finished(run.cell_file(name, spec)):
                raise UsageError(
                    f"{run.path}: {spec} has not answered all of {name} yet",
                    hint=f"The call that began the run finishes it, such as: {finishing_command(run)}",
                )


def finishing_command(run: RunFolder) -> str:
    """A call of bench that goes on with a run, as far as its manifest can tell."""
    settings = run.settings
    words = ["posteditor", "bench", *dict.fromkeys(kept.path for kept in run.sets.values())]
    for spec in run.rewriters:
        words += ["--model", spec] if spec != NOTHING or len(run.rewriters) == 1 else []
    metrics = list(settings.get("metrics") or ())
    if metrics not in ([*DEFAULT_METRICS, DECIDING_METRIC], [*DEFAULT_METRICS]):
        words += [word for name in metrics for word in ("--metric", name)]
    words += [word for rule in settings.get("gate_off") or () for word in ("--gate-off", rule)]
    for name in ("threshold", "source_lang", "target_lang", "limit", "sample", "seed"):
        value = settings.get(name)
        if value is not None and (name, value) != ("threshold", "apply"):
            words += [f"--{name.replace('_', '-')}", str(value)]
    glossary = " --glossary FILE" if settings.get("glossary") else ""
    return f"{shlex.join(words)}{glossary} -o {shlex.quote(str(run.path))}"
