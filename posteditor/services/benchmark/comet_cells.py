"""COMET for a finished benchmark: segment scores that stay in the run folder, and what a report says of them.

::

    comet/NAME.json     the scores of a test set's segments, by rewriter

Only segments with a source and a first reference that are not blank are scored. Texts that have been scored before are
not scored again, so a run that a rewriter was added to, or that is reported on once more, costs what is new in it.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from posteditor.core.segment import Segment
from posteditor.errors import UsageError
from posteditor.formats.atomic import atomic_output
from posteditor.scoring.comet import Comet, CometMetric, comet_scores, comet_statistics
from posteditor.scoring.comet_program import comet_version, find_comet
from posteditor.scoring.gain_to_edit import gain_per_100_edited_words, gain_to_edit
from posteditor.scoring.ter import never_stop
from posteditor.services.benchmark import set_files
from posteditor.services.benchmark.answering import with_references
from posteditor.services.benchmark.cells import read_answers
from posteditor.services.benchmark.differences import differences
from posteditor.services.benchmark.json_values import from_json, to_json
from posteditor.services.benchmark.report import NOTHING, CometRow
from posteditor.services.benchmark.row_making import Tables
from posteditor.services.benchmark.run_folder import RunFolder
from posteditor.services.benchmark.set_files import KeptSet

_VERSION = 1


@dataclass(frozen=True, slots=True)
class CometScores:
    """The content of a file of scores."""

    version: int
    """Of this layout."""
    model: str
    checkpoint: str
    """Changes with the file of a local model; empty for one from the hub."""
    program: str
    """Version of unbabel-comet."""
    is_reference_free: bool
    texts: dict[str, str]
    """By rewriter, a hash of all that its scores come from."""
    scores: dict[str, tuple[float, ...]]
    """By rewriter, one for each segment with a reference and a source, on COMET's own scale."""

    @property
    def metric(self) -> CometMetric:
        """The metric that they are scores of."""
        return CometMetric(self.model, self.program, self.is_reference_free)

    def is_of(self, comet: Comet) -> bool:
        """Whether that model gave them, as far as can be told without the program."""
        return (self.version, self.model, self.checkpoint, self.is_reference_free) == (
            _VERSION,
            comet.model,
            _fingerprint(comet),
            comet.is_reference_free,
        )


def score_cells(
    run: RunFolder,
    comet: Comet,
    *,
    should_stop: Callable[[], bool] = never_stop,
    on_note: Callable[[str], None] = lambda note: None,
    on_progress: Callable[[int, int, str], None] = lambda done, total, name: None,
) -> None:
    """Score what is not scored yet of a run all of whose cells are finished, a test set after the other.

    Args:
        run: With all its test sets and rewriters.
        comet: The model; the program is not needed where everything is scored.
        should_stop: Looked at several times a second; test sets that are scored by then stay so.
        on_note: Told what is left out.
        on_progress: Told how many texts are scored, of how many, and of which test set.

    Raises:
        ScoringError: The model or the program can't be had, or fails.
        UsageError: The run folder can't be written to.
    """
    for kept in run.sets.values():
        _score_set(run, kept, comet, should_stop, on_note, on_progress)


def read_scores(run: RunFolder, name: str) -> CometScores | None:
    """The scores of a test set that are there; None where there are none that this version can read."""
    try:
        found = from_json(CometScores, json.loads(run.comet_file(name).read_bytes()))
    except (OSError, ValueError):
        return None
    return found if found.version == _VERSION else None


def comet_rows(
    run: RunFolder, kept: KeptSet, comet: Comet, *, resamples: int, trials: int, seed: int
) -> dict[str, CometRow]:
    """By rewriter what a report says; nothing of those whose texts as they are now have not been scored.

    Args:
        run: After ``score_cells``.
        kept: One of its test sets.
        comet: The model that was given there.
        resamples: Of the bootstrap, for intervals and p-values; 0 for neither.
        trials: Of approximate randomisation; 0 for no such p-values.
        seed: Of both.

    Raises:
        ScoringError: The model is a local one that isn't there.
    """
    scores = read_scores(run, kept.name)
    if scores is None or not scores.is_of(comet):
        return {}
    segments = list(_scored(run, kept))
    texts = {spec: _texts(run, kept, spec) for spec in run.rewriters}
    valid = {spec: of_one for spec, of_one in texts.items() if _has(scores, spec, segments, of_one)}
    if NOTHING not in valid:
        return {}
    tables = {spec: _tables(scores, spec, segments) for spec in valid}
    baselines = (NOTHING, *[spec for spec in valid if spec != NOTHING][:1])
    told = differences(tables, baselines, (scores.metric,), resamples=resamples, trials=trials, seed=seed)
    mts = [segment.mt for segment in segments]
    rows = {}
    for spec, of_one in valid.items():
        gains = _gains(scores, spec)
        rows[spec] = CometRow(
            score=tables[spec].scores(resamples, seed)[scores.metric.name],
            segments=len(segments),
            differences=told[spec],
            gain_to_edit=gain_to_edit(mts, of_one, gains),
            gain_per_100_edited_words=gain_per_100_edited_words(mts, of_one, gains),
        )
    return rows


def _score_set(
    run: RunFolder,
    kept: KeptSet,
    comet: Comet,
    should_stop: Callable[[], bool],
    on_note: Callable[[str], None],
    on_progress: Callable[[int, int, str], None],
) -> None:
    segments = list(_scored(run, kept))
    if missing := kept.scored - len(segments):
        on_note(f"{kept.name}: {missing:,} of {kept.scored:,} segments lack a source, so COMET leaves them out.")
    if not segments:
        return
    texts = {spec: _texts(run, kept, spec) for spec in run.rewriters}
    known = read_scores(run, kept.name)
    if known is not None and known.is_of(comet) and all(_has(known, spec, segments, texts[spec]) for spec in texts):
        return
    version = comet_version(find_comet(comet.program))
    pairs: dict[tuple[int, str], float] = {}
    if known is not None and known.is_of(comet) and known.program == version:
        pairs = _known_pairs(known, segments, texts)
    todo = list(dict.fromkeys(pair for of_one in texts.values() for pair in enumerate(of_one) if pair not in pairs))
    new = comet_scores(
        [segments[place].source for place, _ in todo],
        {kept.name: [text for _, text in todo]},
        [segments[place].references for place, _ in todo],
        comet,
        should_stop=should_stop,
        on_progress=lambda done, total: on_progress(done, total, kept.name),
    )
    pairs.update(zip(todo, new[kept.name], strict=True))
    found = CometScores(
        version=_VERSION,
        model=comet.model,
        checkpoint=_fingerprint(comet),
        program=version,
        is_reference_free=comet.is_reference_free,
        texts={spec: _hash(segments, of_one, comet.is_reference_free) for spec, of_one in texts.items()},
        scores={spec: tuple(pairs[pair] for pair in enumerate(of_one)) for spec, of_one in texts.items()},
    )
    _save(run.comet_file(kept.name), found)


def _known_pairs(
    known: CometScores, segments: Sequence[Segment], texts: Mapping[str, Sequence[str]]
) -> dict[tuple[int, str], float]:
    """The scores of texts, by place of the segment and text."""
    return {
        pair: score
        for spec, of_one in texts.items()
        if _has(known, spec, segments, of_one)
        for pair, score in zip(enumerate(of_one), known.scores[spec], strict=True)
    }


def _scored(run: RunFolder, kept: KeptSet) -> Iterator[Segment]:
    """The segments that COMET can score."""
    return (one for one in with_references(set_files.read(run.set_file(kept.name))) if _can_be_scored(one))


def _texts(run: RunFolder, kept: KeptSet, spec: str) -> list[str]:
    """The rewriter's texts for these segments."""
    segments = with_references(set_files.read(run.set_file(kept.name)))
    answers = read_answers(run.cell_file(kept.name, spec))
    pairs = zip(segments, answers, strict=True)
    return [answer.suggestion.text for segment, answer in pairs if _can_be_scored(segment)]


def _can_be_scored(segment: Segment) -> bool:
    return bool((segment.source or "").strip() and segment.references[0].strip())


def _has(scores: CometScores, spec: str, segments: Sequence[Segment], texts: Sequence[str]) -> bool:
    """Whether the rewriter's texts are those that were scored."""
    return scores.texts.get(spec) == _hash(segments, texts, scores.is_reference_free) and (
        len(scores.scores.get(spec, ())) == len(segments)
    )


def _hash(segments: Sequence[Segment], texts: Sequence[str], is_reference_free: bool) -> str:
    total = sha256()
    for segment, text in zip(segments, texts, strict=True):
        reference = None if is_reference_free else segment.references[0]
        total.update(json.dumps([segment.source, text, reference]).encode("ascii"))
    return total.hexdigest()


def _fingerprint(comet: Comet) -> str:
    checkpoint = comet.checkpoint()
    if checkpoint is None:
        return ""
    about = checkpoint.stat()
    return f"{about.st_size} {about.st_mtime_ns}"


def _save(path: Path, scores: CometScores) -> None:
    try:
        path.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise UsageError(f"{path.parent}: can't be made: {error.strerror}", hint="choose another folder") from error
    with atomic_output(path, force=True) as out:
        out.write(json.dumps(to_json(scores), ensure_ascii=False).encode("utf-8") + b"\n")


def _tables(scores: CometScores, spec: str, segments: Sequence[Segment]) -> Tables:
    pairs = zip(segments, scores.scores[spec], strict=True)
    return Tables.of(
        (scores.metric,), (((comet_statistics(score),), len(segment.references)) for segment, score in pairs)
    )


def _gains(scores: CometScores, spec: str) -> list[float]:
    """By how many points each segment's score rose over do-nothing's."""
    pairs = zip(scores.scores[NOTHING], scores.scores[spec], strict=True)
    return [100 * (after - before) for before, after in pairs]
