"""How a generative model is to be asked: its prompt and the form of its language codes, from small tables."""

import json
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from posteditor.errors import ModelError
from posteditor.rewriters.tagger_settings import SETTINGS_FILE

SETTINGS_VARIABLE = "POSTEDITOR_MODELS"
"""Environment variable: a table of models that is looked at before the shipped one."""
_SHIPPED = Path(__file__).with_name("model_settings.toml")
_LANGUAGE_FORMS = ("none", "mbart", "m2m", "nllb")
_FIELD = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True, slots=True)
class GenerationSettings:
    """How to ask one model."""

    prompt: str = "{mt}"
    """What the encoder reads; ``{mt}`` and ``{source}`` stand for the texts."""
    languages: str = "none"
    """How its language codes are written: none, mbart (en_XX), m2m (en), nllb (eng_Latn)."""
    show: float = 0.0
    """Least confidence of an edit that is shown to a person; 0-1."""
    apply: float = 0.5
    """Least confidence of an edit in batches; 0-1."""

    def input_text(self, mt: str, source: str | None) -> str:
        """The prompt with the texts in their places."""
        texts = {"mt": mt, "source": source or ""}
        return _FIELD.sub(lambda found: texts[found[1]], self.prompt)

    @property
    def reads_source(self) -> bool:
        """Whether a segment without a source can't be asked about."""
        return "{source}" in self.prompt


def settings_for(folder: Path, spec: str, config: Mapping[str, Any]) -> GenerationSettings:
    """What is known about the model in ``folder``.

    Args:
        folder: The model; a table "generation" in its ``posteditor.json`` is all that counts, if there is one.
        spec: As the person gave it.
        config: Its ``config.json``.

    Raises:
        ModelError: A table can't be read or says what nobody understands.
    """
    own = _own(folder)
    if own is not None:
        return own
    name = f"{spec} {config.get('_name_or_path', '')}".lower()
    override = os.environ.get(SETTINGS_VARIABLE)
    for path in [*([Path(override)] if override else []), _SHIPPED]:
        for number, entry in enumerate(_entries(path), start=1):
            if "pattern" in entry and str(entry["pattern"]).lower() in name:
                return _settings(entry, f"{path}: entry {number}")
            if entry.get("model_type", "") == config.get("model_type") and "pattern" not in entry:
                return _settings(entry, f"{path}: entry {number}")
    return GenerationSettings()


def _own(folder: Path) -> GenerationSettings | None:
    path = folder / SETTINGS_FILE
    if not path.is_file():
        return None
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{path}: can't be read: {error}", hint="Repair the file or take it away.") from error
    table = value.get("generation") if isinstance(value, dict) else None
    return _settings(table, str(path)) if isinstance(table, dict) else None


def _entries(path: Path) -> Iterable[dict[str, Any]]:
    try:
        value = tomllib.loads(path.read_text(encoding="utf-8")).get("models", [])
    except (OSError, ValueError) as error:  # TOMLDecodeError and UnicodeDecodeError are ValueErrors
        hint = f"{SETTINGS_VARIABLE} names a TOML file with tables [[models]]."
        raise ModelError(f"{path}: can't be read: {error}", hint=hint) from error
    return [entry for entry in value if isinstance(entry, dict)]


def _settings(entry: Mapping[str, Any], where: str) -> GenerationSettings:
    known = {each.name for each in fields(GenerationSettings)}
    unknown = set(entry) - known - {"pattern", "model_type"}
    if unknown:
        hint = f"Known are {', '.join(sorted(known))}."
        raise ModelError(f"{where}: nobody knows the setting {min(unknown)!r}", hint=hint)
    settings = GenerationSettings(**{name: value for name, value in entry.items() if name in known})
    if not isinstance(settings.prompt, str) or not set(_FIELD.findall(settings.prompt)) <= {"mt", "source"}:
        raise ModelError(f"{where}: prompt may hold {{mt}} and {{source}} and no other field", hint="Change prompt.")
    if settings.languages not in _LANGUAGE_FORMS:
        raise ModelError(
            f"{where}: languages = {settings.languages!r}", hint=f"Give one of {', '.join(_LANGUAGE_FORMS)}."
        )
    if not all(isinstance(value, int | float) and 0 <= value <= 1 for value in (settings.show, settings.apply)):
        raise ModelError(f"{where}: show and apply must lie between 0 and 1", hint="Change them.")
    return settings
