"""Putting a finished folder in the place of an older one, so that at every moment one of the two is there whole."""

import ctypes
import os
import shutil
from pathlib import Path

from posteditor.errors import UsageError

_HERE = -100
"""AT_FDCWD: paths are taken from the current folder."""
_SWAP = 2
"""RENAME_EXCHANGE of Linux and RENAME_SWAP of macOS."""
_MODEL_FILES = ("config.json", "model.safetensors")


def staging_folder(out: Path) -> Path:
    """Where the folder that will be ``out`` is built: beside it, so that a rename brings it there."""
    return out.with_name(f".{out.name}.new")


def check_output(out: Path, *, force: bool) -> Path:
    """Whether a model folder may be written to ``out``; the real path behind a link.

    A folder that a killed run had moved aside is brought back first.

    Raises:
        UsageError: Something is there and ``force`` is not given, or it is no model folder and must not be replaced.
    """
    out = out.resolve()
    if not out.name:
        raise UsageError(f"{out}: can't be a model folder", hint="Name another one with -o.")
    aside = _aside(out)
    if aside.exists() and not out.exists():
        aside.rename(out)
    if not out.exists():
        return out
    if not out.is_dir():
        raise UsageError(f"{out}: is a file", hint="Name a folder with -o.")
    if not any(out.iterdir()):
        return out
    if not all((out / name).is_file() for name in _MODEL_FILES):
        raise UsageError(f"{out}: this folder holds no model and won't be replaced", hint="Name another one with -o.")
    if not force:
        raise UsageError(f"{out}: there is already a model", hint="Add --force to replace it at the end of the run.")
    return out


def fresh_staging(out: Path) -> Path:
    """An empty folder to build ``out`` in; what a killed run left of one is deleted.

    Raises:
        UsageError: It can't be made.
    """
    staging = staging_folder(out)
    try:
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
    except OSError as error:
        raise UsageError(f"{staging}: can't be made: {error.strerror}", hint="Name another place with -o.") from error
    return staging


def put_in_place(staging: Path, out: Path) -> None:
    """Make ``staging`` the folder ``out`` and delete the one that was there.

    Where the system can't swap two folders in one step (an overlay or network file system), the old one is moved aside
    for the moment between two renames; ``check_output`` brings it back after a kill just then.

    Raises:
        UsageError: The folder can't be renamed; both stay.
    """
    _flush(staging)
    try:
        if not out.exists() or not any(out.iterdir()):
            staging.rename(out)
            return
        if _swap(staging, out):
            shutil.rmtree(staging, ignore_errors=True)
            return
        aside = _aside(out)
        shutil.rmtree(aside, ignore_errors=True)
        out.rename(aside)
        try:
            staging.rename(out)
        except BaseException:
            aside.rename(out)
            raise
        shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise UsageError(
            f"{out}: can't be replaced: {error.strerror}", hint=f"The new model is in {staging}: move it yourself."
        ) from error


def _aside(out: Path) -> Path:
    return out.with_name(f".{out.name}.old")


def _swap(first: Path, second: Path) -> bool:
    """Exchange two folders in one step; False when this system can't."""
    library = ctypes.CDLL(None, use_errno=True)
    names = os.fsencode(first), os.fsencode(second)
    if hasattr(library, "renameat2"):
        return bool(library.renameat2(_HERE, names[0], _HERE, names[1], _SWAP) == 0)
    if hasattr(library, "renamex_np"):
        return bool(library.renamex_np(*names, _SWAP) == 0)
    return False


def _flush(folder: Path) -> None:
    """Wait until all files of ``folder`` are on the disk: a rename may reach it before what it names."""
    for path in folder.iterdir():
        with path.open("rb") as stream:
            os.fsync(stream.fileno())
