"""COMET, scored by the program ``comet-score`` in a Python environment of its own.

unbabel-comet asks for transformers below 5 and numpy below 2, so it can't be installed beside posteditor. Texts go to
the program in files, for all systems at once since loading its model is slow, and scores come back in one.

COMET's own scale, on which ``comet_scores`` answers, has 1 for a perfect translation, so that ours is that times 100.
Models before 2022 keep to no bounds: they may go below 0 and above 1. The program computes in half precision, on a CPU
as well, so near 0.85 its scores are multiples of 0.0005.

Source: Rei et al. (2020), COMET: A Neural Framework for MT Evaluation (EMNLP); options and output as in unbabel-comet
2.2.7, cli/score.py.
"""

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from posteditor.core.score import Score
from posteditor.errors import ScoringError
from posteditor.scoring.comet_program import CometRun, comet_version, find_comet, run_comet
from posteditor.scoring.metrics import Statistics
from posteditor.scoring.ter import never_stop

if TYPE_CHECKING:
    from posteditor.scoring.corpus_values import Numbers
    from posteditor.scoring.ngram_statistics import Table

_CHECKPOINT = Path("checkpoints", "model.ckpt")  # where a hub's model keeps it
_SETTINGS = "hparams.yaml"
_REFERENCE_FREE = re.compile(r"kiwi|(?<![a-z])qe(?![a-z])")

_Triple = tuple[str, str, str]  # source, text and reference as they are written to the files


@dataclass(frozen=True, slots=True)
class Comet:
    """A model of COMET and how it is run."""

    model: str
    """Name on the hub, such as "Unbabel/wmt22-comet-da"; or a checkpoint's file, or the folder that holds it."""
    program: Path | None = None
    """comet-score; None looks for it, see ``find_comet``."""
    reference_free: bool | None = None
    """Whether the model scores without references; None goes by its name (CometKiwi, "qe")."""
    batch_size: int = 16
    """Segments at once; at least 1."""
    gpus: int = 0
    """How many; 0 for the CPU."""
    seconds: float | None = None
    """The most that a run may take, model loading and download included; None for no limit."""

    def __post_init__(self) -> None:
        if self.batch_size < 1 or self.gpus < 0:
            raise ValueError(f"a batch of {self.batch_size} on {self.gpus} GPUs, expected at least 1 on at least 0")

    @property
    def is_reference_free(self) -> bool:
        """Whether no references are given to the model."""
        return self.reference_free if self.reference_free is not None else names_no_reference(self.model)

    def checkpoint(self) -> Path | None:
        """The file of a local model; None for one from the hub.

        Raises:
            ScoringError: The model is meant to be local, but isn't there or isn't whole.
        """
        path = Path(self.model).expanduser()
        if path.is_dir():
            path /= _CHECKPOINT
        elif path.suffix != ".ckpt":
            return None
        if not path.is_file():
            raise ScoringError(
                f"{path}: there is no such COMET checkpoint",
                hint=f"Name the file, or the folder that has {_CHECKPOINT.as_posix()} in it.",
            )
        settings = path.absolute().parent.parent / _SETTINGS
        if not settings.is_file():
            raise ScoringError(
                f"{path}: COMET needs {settings} beside that checkpoint",
                hint=f"Copy {_SETTINGS} along with the checkpoint; it belongs in the folder above it.",
            )
        return path.absolute()

    def metric(self) -> "CometMetric":
        """The metric of its scores.

        Raises:
            ScoringError: The program can't be found.
        """
        return CometMetric(self.model, comet_version(find_comet(self.program)), self.is_reference_free)


@dataclass(frozen=True, slots=True)
class CometMetric:
    """COMET as a metric: corpus scores, intervals and tests from segment scores that are there already.

    It has no statistics of a text alone, since a model scores a whole file with its sources: they come from
    ``comet_scores`` by way of ``comet_statistics``.
    """

    model: str
    version: str = "unknown"
    """Of unbabel-comet."""
    is_reference_free: bool = False
    name: str = field(default="comet", init=False)
    label: str = field(default="COMET", init=False)
    higher_is_better: bool = field(default=True, init=False)
    width: int = field(default=2, init=False)

    def statistics(
        self, text: str, references: Sequence[str], should_stop: Callable[[], bool] | None = None
    ) -> Statistics:
        """See ``Metric``; never to be had.

        Raises:
            ScoringError: Always.
        """
        raise _not_one_by_one()

    def statistics_of_systems(self, texts: Sequence[Sequence[str]], references: Sequence[Sequence[str]]) -> "Table":
        """See ``Metric``; never to be had.

        Raises:
            ScoringError: Always.
        """
        raise _not_one_by_one()

    def sentence_score(self, statistics: Statistics, reference_count: int = 1) -> Score:
        """See ``Metric``."""
        return self.corpus_score(statistics, reference_count)

    def corpus_score(
        self, totals: Sequence[float], reference_count: int | None = 1, bootstrap: tuple[int, int] | None = None
    ) -> Score:
        """See ``Metric``; the mean of the segments' scores."""
        value = totals[0] / totals[1] if totals[1] else 0.0
        return Score(self.label, value, self._signature(reference_count, bootstrap), self.higher_is_better)

    def corpus_values(self, totals: "Numbers") -> "Numbers":
        """See ``Metric``."""
        values: Numbers = totals[:, 0] / totals[:, 1]
        return values

    def _signature(self, reference_count: int | None, bootstrap: tuple[int, int] | None) -> str:
        """Like one of sacrebleu's; "first" where segments have more references than the one that is used."""
        references = "0" if self.is_reference_free else "1" if reference_count == 1 else "first"
        parts = [f"nrefs:{references}"]
        if bootstrap is not None:
            parts += [f"bs:{bootstrap[0]}", f"seed:{bootstrap[1]}"]
        return "|".join((*parts, f"model:{self.model}", f"program:unbabel-comet|version:{self.version}"))


def comet_statistics(score: float) -> Statistics:
    """A segment's statistics from its score on COMET's own scale: the score on ours, and 1 to count it."""
    return 100 * score, 1.0


def comet_scores(
    sources: Sequence[str | None],
    texts: Mapping[str, Sequence[str]],
    references: Sequence[Sequence[str]],
    comet: Comet,
    *,
    should_stop: Callable[[], bool] = never_stop,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, list[float]]:
    """Score every segment of several systems in one run of the program.

    A text is scored once, however many systems have it for a segment, so that equal texts have equal scores; half
    precision would give them others in another batch. Line breaks in a segment become spaces.

    Args:
        sources: Of each segment.
        texts: By system, one text per segment.
        references: Of each segment. COMET takes one: the first is used, and the others are not. A reference-free model
            uses none.
        comet: The model.
        should_stop: Looked at several times a second.
        on_progress: Told how many different texts are scored, of how many, as far as the program says.

    Returns:
        By system, a score per segment on COMET's own scale; times 100 it is on ours.

    Raises:
        ScoringError: Segments lack a source, a text or a reference; the program can't be found, fails, takes too long,
            is stopped, or gives something else than a score for each text.
    """
    triples = _triples(sources, texts, references, comet.is_reference_free)
    different = list(dict.fromkeys(triple for of_one in triples.values() for triple in of_one))
    scores = _scores(different, comet, should_stop, on_progress) if different else []
    known = dict(zip(different, scores, strict=True))
    return {name: [known[triple] for triple in of_one] for name, of_one in triples.items()}


def names_no_reference(model: str) -> bool:
    """Whether a model's name says that it scores without references."""
    return _REFERENCE_FREE.search(model.casefold()) is not None


def _triples(
    sources: Sequence[str | None],
    texts: Mapping[str, Sequence[str]],
    references: Sequence[Sequence[str]],
    is_reference_free: bool,
) -> dict[str, list[_Triple]]:
    """What is to be scored, by system."""
    count = len(sources)
    for what, length in [(f"texts of {name}", len(of_one)) for name, of_one in texts.items()] + [
        ("sets of references", len(references))
    ]:
        if length != count:
            raise ScoringError(f"{length} {what} but {count} sources", hint="Give one of each for every segment.")
    from_lines = [_line(source or "") for source in sources]
    _require(from_lines, "source", "Leave these segments out, or score without COMET.")
    to_lines = [""] * count
    if not is_reference_free:
        to_lines = [_line(of_one[0]) if of_one else "" for of_one in references]
        _require(to_lines, "reference", "Leave these segments out, or name a reference-free model (CometKiwi).")
    return {
        name: [(source, _line(text), to) for source, text, to in zip(from_lines, of_one, to_lines, strict=True)]
        for name, of_one in texts.items()
    }


def _require(lines: Sequence[str], what: str, hint: str) -> None:
    if missing := lines.count(""):
        raise ScoringError(f"{missing:,} of {len(lines):,} segments have no {what}, which COMET needs", hint=hint)


def _line(text: str) -> str:
    return " ".join(text.splitlines()).strip()


def _scores(
    triples: Sequence[_Triple],
    comet: Comet,
    should_stop: Callable[[], bool],
    on_progress: Callable[[int, int], None],
) -> list[float]:
    """The scores of as many lines, from one run of the program."""
    program, checkpoint = find_comet(comet.program), comet.checkpoint()
    with TemporaryDirectory(prefix="posteditor-comet-") as folder:
        source_file, text_file, reference_file, out = (
            Path(folder, name) for name in ("sources", "texts", "references", "scores.json")
        )
        arguments = [f"--sources={source_file}", f"--translations={text_file}"]
        _write(source_file, [triple[0] for triple in triples])
        _write(text_file, [triple[1] for triple in triples])
        if not comet.is_reference_free:
            _write(reference_file, [triple[2] for triple in triples])
            arguments.append(f"--references={reference_file}")
        arguments += [f"--model={checkpoint or comet.model}", f"--to_json={out}", "--only_system"]
        arguments += [f"--batch_size={comet.batch_size}", f"--gpus={comet.gpus}"]
        on_progress(0, len(triples))
        run_comet(
            CometRun(program, arguments, Path(folder), comet.seconds),
            should_stop=should_stop,
            on_batches=lambda batches: on_progress(min(len(triples), batches * comet.batch_size), len(triples)),
        )
        scores = _read(out, str(text_file), len(triples))
    on_progress(len(triples), len(triples))
    return scores


def _write(path: Path, lines: Sequence[str]) -> None:
    path.write_bytes("".join(f"{line}\n" for line in lines).encode("utf-8", "replace"))


def _read(path: Path, name: str, count: int) -> list[float]:
    """The scores in the program's output: a list of objects for each file of texts."""
    hint = "This is known to work with unbabel-comet 2.2.7; see which version comet-score belongs to."
    try:
        value: Any = json.loads(path.read_bytes())
        scores = [float(one["COMET"]) for one in value[name]]
    except FileNotFoundError as error:
        raise ScoringError("comet-score ended well but wrote no scores", hint=hint) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ScoringError(f"the scores that comet-score wrote can't be read: {error!r}", hint=hint) from error
    if len(scores) != count:
        raise ScoringError(f"comet-score gave {len(scores):,} scores for {count:,} texts", hint=hint)
    if broken := sum(not math.isfinite(score) for score in scores):
        raise ScoringError(
            f"comet-score gave no number for {broken:,} of {count:,} texts",
            hint="The model may not bear half precision, in which comet-score computes; try another one.",
        )
    return scores


def _not_one_by_one() -> ScoringError:
    return ScoringError(
        "COMET scores whole test sets with their sources, not one text", hint="Use it in bench, with --comet MODEL."
    )
