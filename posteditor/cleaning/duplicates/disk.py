"""Temporary files: their folder, and what to tell a person when the disk does not play along."""

import errno
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from posteditor.errors import UsageError


@contextmanager
def told(path: Path) -> Iterator[None]:
    """What the operating system says of a temporary file, as an error that a person can put right.

    Raises:
        UsageError: The disk is full or fails.
    """
    try:
        yield
    except OSError as error:
        place = path.parent
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            hint = "free some space there, or choose a folder on a larger disk"
            raise UsageError(f"{place}: the disk is full, temporary files don't fit", hint=hint) from error
        if error.errno == errno.EFBIG:
            hint = "raise the limit (ulimit -f)"
            raise UsageError(f"{place}: a temporary file is larger than may be written here", hint=hint) from error
        problem = error.strerror or str(error)
        raise UsageError(
            f"{place}: temporary files can't be written or read ({problem})", hint="choose another folder for them"
        ) from error


def make_folder(parent: Path, prefix: str) -> Path:
    """A new folder for temporary files, which only we may read; ``parent`` is made where it is missing.

    Raises:
        UsageError: It can't be made.
    """
    with told(parent / prefix):
        parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f"{prefix}-", dir=parent))


def remove_folder(folder: Path) -> None:
    """Remove a folder of temporary files; what can't be removed is left, which must not hide another error."""
    shutil.rmtree(folder, ignore_errors=True)
