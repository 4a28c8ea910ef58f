"""What a tagger's folder says beside the plain Hugging Face files: thresholds, language, how it is run."""

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from posteditor.errors import ModelError
from posteditor.rewriters.edit_confidence import Calibration

SETTINGS_FILE = "posteditor.json"


@dataclass(frozen=True, slots=True)
class TaggerSettings:
    """The content of ``posteditor.json``."""

    show: float = 0.5
    """0-1: edits at least so certain are shown to a person, who decides."""
    apply: float = 0.8
    """0-1: edits at least so certain are made in batches, where nobody looks."""
    floor: float = 0.45
    """0-1: tags at least so probable take part in a round; an edit is as probable as the least of its tags."""
    calibration: Calibration = field(default_factory=Calibration)
    """From probabilities to confidences."""
    target_languages: tuple[str, ...] = ("en",)
    """BCP 47 tags of what the model rewrites."""
    iterations: int = 2
    """Rounds of tagging; from the second on only texts that the round before changed."""

    def __post_init__(self) -> None:
        for name, value in (("floor", self.floor), ("show", self.show), ("apply", self.apply)):
            if not 0 < value <= 1:
                raise ValueError(f"{name} = {value} is not between 0 and 1")
        if self.iterations < 1:
            raise ValueError(f"iterations = {self.iterations} is less than 1")

    def to_text(self) -> str:
        """The settings as the file holds them."""
        return json.dumps(asdict(self), indent=1) + "\n"


def write_settings(folder: Path, settings: TaggerSettings) -> None:
    """Put ``settings`` into the model's folder, in place of those that are there."""
    (folder / SETTINGS_FILE).write_text(settings.to_text(), encoding="utf-8")


def read_settings(folder: Path) -> TaggerSettings:
    """The settings of the model in ``folder``; those of a token classifier of unknown make when it has no such file.

    Raises:
        ModelError: The file is unreadable or holds something else.
    """
    path = folder / SETTINGS_FILE
    if not path.exists():
        return TaggerSettings()
    hint = "Copy the model folder again."
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        known = {each.name for each in fields(TaggerSettings)}
        if unknown := sorted(set(values) - known):
            raise ModelError(f"{path}: unknown setting {unknown[0]!r}", hint=f"Known: {', '.join(sorted(known))}")
        languages = tuple(values.get("target_languages", ("en",)))
        calibration = Calibration(**values.get("calibration", {}))
        return TaggerSettings(**values | {"target_languages": languages, "calibration": calibration})
    except OSError as error:
        raise ModelError(f"{path}: can't be read: {error.strerror}", hint=hint) from error
    except (ValueError, TypeError) as error:
        raise ModelError(f"{path}: {error}", hint=hint) from error
