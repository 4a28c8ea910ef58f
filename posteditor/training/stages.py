"""The stages of training that a model goes back to, each with its recipe and what it has seen.

A model folder keeps the recipe of its last stage and those of all stages before it, so that card and overlap check need
no other folder.
"""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posteditor.errors import ModelError
from posteditor.training.recipe import RECIPE_FILE, Recipe, read_recipe

EVALUATION_FILE = "evaluation.json"


@dataclass(frozen=True, slots=True)
class Stage:
    """One finished stage."""

    recipe: Recipe
    file: Path
    """Where its recipe lies."""
    texts: int
    """Texts seen, repetitions included."""
    counts: Mapping[str, int]
    """Pairs by source."""


def earlier_stages(recipe: Recipe) -> list[Stage]:
    """The stages that made the model which ``recipe`` goes on from, the first of all last.

    Raises:
        ModelError: A folder lacks the recipe or the figures of its stage.
        CorpusError: A recipe is broken.
    """
    stages: list[Stage] = []
    folders: list[Path] = []
    while recipe.start_from:
        folder = Path(recipe.start_from)
        if folder.resolve() in folders:
            raise ModelError(f"{folder}: its recipe says that it was started from itself")
        folders.append(folder.resolve())
        figures = _figures(folder)
        stages.append(_stage(folder / RECIPE_FILE, figures, folder))
        if "earlier" in figures:
            return stages + [_stage(folder / each["recipe"], each, folder) for each in figures["earlier"]]
        recipe = stages[-1].recipe
    return stages


def keep_recipes(stages: Sequence[Stage], folder: Path) -> list[dict[str, Any]]:
    """Copy the recipes of ``stages`` into ``folder``; what its evaluation says of them, as ``earlier_stages`` reads."""
    kept = []
    for number, stage in zip(range(len(stages), 0, -1), stages, strict=True):
        name = f"training-stage-{number}.toml"
        if stage.file.resolve() != (folder / name).resolve():
            shutil.copyfile(stage.file, folder / name)
        kept.append({"recipe": name, "texts": stage.texts, "counts": dict(stage.counts)})
    return kept


def _figures(folder: Path) -> dict[str, Any]:
    try:
        figures = json.loads((folder / EVALUATION_FILE).read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(
            f"{error.filename}: can't be read: {error.strerror}",
            hint="start_from must name a model folder as posteditor train leaves it, from where the command runs.",
        ) from error
    except ValueError as error:
        raise ModelError(f"{folder / EVALUATION_FILE}: is no JSON: {error}") from error
    if not isinstance(figures, dict):
        raise ModelError(f"{folder / EVALUATION_FILE}: holds no figures of training")
    return figures


def _stage(file: Path, figures: Mapping[str, Any], folder: Path) -> Stage:
    try:
        return Stage(read_recipe(file), file, int(figures["texts"]), dict(figures["counts"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{folder / EVALUATION_FILE}: the figures of a stage are broken: {error}") from error
