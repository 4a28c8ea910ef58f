"""Looking into folders that others made: what can't be looked at is an error with a remedy, or simply not there."""

import stat
from pathlib import Path

from posteditor.errors import CorpusError


def children(folder: Path) -> list[Path]:
    """What lies in a folder, sorted, without hidden names.

    Raises:
        CorpusError: It is no folder, or may not be read.
    """
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise CorpusError(
            folder,
            f"the folder can't be read ({error.strerror or error})",
            hint="check its name, and change it with chmod u+rx, or ask its owner",
        ) from error


def is_folder(path: Path) -> bool:
    """True for a folder, or a link to one; False for one that can't be reached."""
    return stat.S_ISDIR(_mode(path))


def is_file(path: Path) -> bool:
    """True for a file, or a link to one; False for one that can't be reached."""
    return stat.S_ISREG(_mode(path))


def exists(path: Path) -> bool:
    """True for anything that can be reached; a name too long for the file system is no name of a file."""
    return _mode(path) != 0


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return 0
