"""Where a run stands: its folder and its settings, for workers that start elsewhere."""

import os
from collections.abc import MutableMapping
from dataclasses import dataclass
from pathlib import Path

_PREFIX = "POSTEDITOR_"
_KEYS = ("POSTEDITOR_API_KEY",)
"""These travel nowhere: every machine has its own."""


@dataclass(frozen=True, slots=True)
class Place:
    """The folder where relative paths start, and the environment variables that are settings of ours."""

    folder: Path
    settings: tuple[tuple[str, str], ...]

    @classmethod
    def here(cls, variables: MutableMapping[str, str] = os.environ) -> "Place":
        """That of this process."""
        return cls(Path.cwd(), tuple(sorted((name, value) for name, value in variables.items() if _travels(name))))

    def enter(self, variables: MutableMapping[str, str] = os.environ) -> None:
        """Make it that of this process, which is a worker's; a folder that this machine does not have is left out."""
        if self.folder.is_dir():
            os.chdir(self.folder)
        for name in [name for name in variables if _travels(name)]:
            del variables[name]
        variables.update(self.settings)


def _travels(name: str) -> bool:
    return name.startswith(_PREFIX) and name not in _KEYS
