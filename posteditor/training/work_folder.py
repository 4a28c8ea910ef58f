"""The folder in which a training run keeps what it needs to go on: one run, one recipe, one state of the data."""

import fcntl
import json
import pickle
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import torch

from posteditor.errors import CorpusError, ModelError, UsageError
from posteditor.training.pairs import Source, file_hash
from posteditor.training.recipe import Recipe

CHECKPOINT_FILE = "checkpoint.pt"
_RECIPE_NOTE = "recipe.json"
_FILES_NOTE = "files.json"
_AFTERWARDS = (
    "dev",
    "verify",
    "floor",
    "notes",
    "show_worth",
    "apply_worth",
    "checkpoint_minutes",
    "target_language",
    "readings",
)
"""Settings that decide nothing about the weights: they may change before a run goes on."""
_TOLD = ("licence", "attribution")


@contextmanager
def claimed(work: Path, recipe: Recipe) -> Iterator[None]:
    """Have ``work`` to oneself, for ``recipe``.

    Raises:
        UsageError: It can't be written, another run is at work there, or it was begun with another recipe.
    """
    try:
        work.mkdir(parents=True, exist_ok=True)
        lock = (work / "lock").open("w", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{work}: can't be written: {error.strerror}", hint="Give another --work.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # freed by the kernel when the process dies
        except OSError as error:
            raise UsageError(
                f"{work}: another training run is at work there", hint="Wait for its end, or give another --work."
            ) from error
        _check_recipe(recipe, work)
        yield


def check_files(recipe: Recipe, data: Path, work: Path) -> None:
    """Hold a run that goes on to the data it was begun with.

    Raises:
        CorpusError: A file is missing or has changed.
    """
    names = dict.fromkeys(name for source in recipe.sources for name in _files(source) if name)
    hashes = {name: _hash(data / name) for name in names}
    note = work / _FILES_NOTE
    known = _json(note) if note.exists() else {}
    for name, digest in hashes.items():
        if known.get(name, digest) != digest:
            raise CorpusError(
                data / name,
                f"has changed since the run in {work} was begun",
                hint="Bring the old file back, or delete that folder to begin again.",
            )
    _write(note, json.dumps(hashes, indent=1))


def checkpoint_step(work: Path) -> int:
    """The step that the checkpoint in ``work`` was written after; 0 where there is none.

    Raises:
        ModelError: It is broken.
    """
    path = work / CHECKPOINT_FILE
    if not path.exists():
        return 0
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        if not {"model", "optimizer"} <= set(state):
            raise KeyError("model, optimizer")
        return int(state["step"])
    except (OSError, EOFError, RuntimeError, pickle.UnpicklingError, ValueError, KeyError, TypeError) as error:
        told = str(error).strip().splitlines()[:1]
        raise ModelError(
            f"{path}: the checkpoint is broken: {' '.join(told)[:120]}",
            hint="Delete it to begin the training again; the prepared data beside it stay.",
        ) from error


def _files(source: Source) -> tuple[str, ...]:
    return source.mt, source.target, source.rates


def _check_recipe(recipe: Recipe, work: Path) -> None:
    note = work / _RECIPE_NOTE
    mine = json.loads(json.dumps(recipe.to_json()))
    if note.exists() and (differing := _difference(_deciding(_json(note)), _deciding(mine))):
        raise UsageError(
            f"{work} belongs to another recipe: {differing} is not the same",
            hint="Give another folder with --work, or delete that one.",
        )
    _write(note, json.dumps(mine, indent=1, sort_keys=True))


def _deciding(recipe: Mapping[str, Any]) -> dict[str, Any]:
    """What decides about the weights; settings that an older version did not know have their defaults."""
    full = _defaults(Recipe) | dict(recipe)
    sources = [_defaults(Source) | each for each in full["sources"]]
    full["sources"] = [{name: each[name] for name in each if name not in _TOLD} for each in sources]
    return {name: value for name, value in full.items() if name not in _AFTERWARDS}


def _difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    return next((name for name in sorted({*old, *new}) if old.get(name) != new.get(name)), "")


def _defaults(kind: type[Recipe] | type[Source]) -> dict[str, Any]:
    values = {each.name: each.default for each in fields(kind) if each.default is not MISSING}
    made = {each.name: each.default_factory() for each in fields(kind) if each.default_factory is not MISSING}
    return {**json.loads(json.dumps(values)), **made}


def _json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise UsageError(f"{path}: is broken", hint=f"Delete the folder {path.parent} to begin again.")
    return value


def _write(path: Path, text: str) -> None:
    fresh = path.with_name(path.name + ".part")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def _hash(path: Path) -> str:
    try:
        return file_hash(path)
    except OSError as error:
        raise CorpusError(path, f"can't be read: {error.strerror}", hint="Give the data folder with --data.") from error
