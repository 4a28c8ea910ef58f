"""Which rewriters there are on this machine: built in, shipped and plugged in. Loads no model."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posteditor.rewriters.nothing import DoNothing
from posteditor.rewriters.specs import family_of, plugged_in
from posteditor.rewriters.tagger_network import fingerprint
from posteditor.rewriters.tagger_settings import read_settings
from posteditor.shipped import shipped_model, shipped_model_names

_WITHOUT_FOLDER = (
    ("memory[:FILE,...]", "memory of confirmed edits"),
    ("openai:MODEL@URL", "OpenAI-compatible server"),
    ("languagetool:URL", "LanguageTool server"),
)
"""How the SPECs of built-in families are written, and what they are."""


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A rewriter that can be named with ``--model``."""

    spec: str
    """What to write; capitals stand for what the person fills in."""
    family: str
    languages: tuple[str, ...]
    """BCP 47 tags of what it rewrites; empty for any."""
    revision: str
    """Changes with the weights; empty where only loading would tell."""
    path: Path | None
    """The model's folder; None for what has none."""
    size_bytes: int
    """Of all files in the folder."""

    def to_json(self) -> dict[str, Any]:
        """The fields as plain JSON values."""
        return {
            "spec": self.spec,
            "family": self.family,
            "languages": list(self.languages),
            "revision": self.revision,
            "path": None if self.path is None else str(self.path),
            "size_bytes": self.size_bytes,
        }


def list_models() -> list[KnownModel]:
    """The rewriters that need no path: do-nothing, the shipped models, those of other packages.

    Raises:
        ModelError: A shipped model's configuration is broken.
    """
    nothing = DoNothing()
    models = [KnownModel(nothing.name, "do-nothing", nothing.target_languages, nothing.revision, None, 0)]
    models += [describe_folder(shipped_model(name), spec=name) for name in shipped_model_names()]
    models += [KnownModel(spec, family, (), "", None, 0) for spec, family in _WITHOUT_FOLDER]
    for point in plugged_in():
        package = point.dist.name if point.dist is not None else point.value
        models.append(KnownModel(point.name, f"plug-in of {package}", (), "", None, 0))
    return models


def describe_folder(folder: Path, *, spec: str) -> KnownModel:
    """What the files of a model folder say about it.

    Raises:
        ModelError: Its configuration is missing or broken.
    """
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    family = family_of(folder)
    languages = read_settings(folder).target_languages
    return KnownModel(spec, family, languages, fingerprint(folder), folder, size)
