"""How a benchmark is run and scored."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from posteditor.errors import CorpusError
from posteditor.formats.test_sets.definition import ReferenceKind
from posteditor.rewriters.specs import Threshold
from posteditor.scoring.intervals import DEFAULT_RESAMPLES, DEFAULT_SEED
from posteditor.scoring.metrics import DEFAULT_METRICS
from posteditor.services.benchmark.report import DECIDING_METRIC

DEFAULT_TRIALS = 1000
"""Of approximate randomisation."""


@dataclass(frozen=True, slots=True)
class BenchmarkOptions:
    """What the person asked for."""

    threshold: Threshold = "apply"
    source_lang: str | None = None
    """BCP 47; goes before what a test set says."""
    target_lang: str | None = None
    """BCP 47; goes before what a test set says."""
    glossary: Path | None = None
    """Terms and their translations, for rewriters that can be told."""
    gate_off: tuple[str, ...] = ()
    """Rules of the gate that are switched off."""
    reference_kind: ReferenceKind | None = None
    """Goes before what a test set says."""
    metrics: tuple[str, ...] = DEFAULT_METRICS
    """Names in the registry; the one that decides what improved is always there too."""
    limit: int | None = None
    """Only so many segments from the start of each test set."""
    sample: int | None = None
    """Only so many segments of each test set, drawn by ``seed``."""
    resamples: int = DEFAULT_RESAMPLES
    """Of the bootstrap, for intervals and p-values; 0 for neither."""
    trials: int = DEFAULT_TRIALS
    """Of approximate randomisation; 0 for no such p-values."""
    seed: int = DEFAULT_SEED
    comet: str | None = None
    """A model of COMET by name or checkpoint; None leaves COMET out."""
    force: bool = False
    """Begin a run folder anew that holds a run about something else."""

    @property
    def all_metrics(self) -> tuple[str, ...]:
        """Each once, lower case, in the order of the columns."""
        return tuple(dict.fromkeys((*(name.casefold() for name in self.metrics), DECIDING_METRIC)))

    def settings(self) -> dict[str, Any]:
        """What answers and their statistics depend on, as plain JSON values.

        Raises:
            CorpusError: The glossary can't be read.
        """
        return {
            "threshold": self.threshold,
            "source_lang": self.source_lang,
            "target_lang": self.target_lang,
            "glossary": None if self.glossary is None else _fingerprint(self.glossary),
            "gate_off": sorted(self.gate_off),
            "metrics": list(self.all_metrics),
            "limit": self.limit,
            "sample": self.sample,
            "seed": self.seed if self.sample is not None else None,
        }


def _fingerprint(path: Path) -> str:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise CorpusError(path, f"the glossary can't be read: {error.strerror}", hint="check the name") from error
