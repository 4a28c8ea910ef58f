"""The folder of a run: what it is about, its test sets, and the answers of each rewriter to each of them.

::

    manifest.json              settings, test sets with hashes, rewriters, versions and hardware
    sets/NAME.jsonl            the segments of a test set
    answers/NAME/MODEL.jsonl   the journal of a cell: suggestions and statistics, segment by segment
    comet/NAME.json            COMET's scores, where they were asked for
    report.*                   what came of it, made anew from the above at any time
"""

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from posteditor import __version__
from posteditor.errors import CorpusError, UsageError
from posteditor.formats.atomic import atomic_output
from posteditor.services.benchmark.json_values import from_json, to_json
from posteditor.services.benchmark.set_files import KeptSet

MANIFEST = "manifest.json"
_VERSION = 1
_UNSAFE = re.compile(r"[^\w.=+-]+")
_OURS = ("sets", "answers", "comet")


class RunFolder:
    """What a run has on the disk. Names of test sets are safe as paths, those of rewriters are made so here."""

    def __init__(self, path: Path) -> None:
        """Look at a folder, which need not be there yet; nothing is written.

        Raises:
            CorpusError: Its manifest is damaged.
        """
        self.path = path
        self.settings: dict[str, Any] = {}
        self.sets: dict[str, KeptSet] = {}
        """By name, in the order of the report."""
        self.rewriters: list[str] = []
        """Their SPECs, do-nothing first."""
        self.environment: dict[str, str] = {}
        self.reported = ""
        """What the last report was made from; empty while there is none."""
        self.is_temporary = False
        """True for a folder that goes away with the run, so that nobody will read a report in it."""
        self.is_new = not (path / MANIFEST).exists()
        if not self.is_new:
            self._read(path / MANIFEST)

    def set_file(self, name: str) -> Path:
        """The segments of a test set."""
        return self.path / "sets" / f"{name}.jsonl"

    def cell_file(self, name: str, rewriter: str) -> Path:
        """The journal of a rewriter on a test set."""
        return self.path / "answers" / name / f"{file_name(rewriter)}.jsonl"

    def comet_file(self, name: str) -> Path:
        """COMET's scores of a test set."""
        return self.path / "comet" / f"{name}.json"

    def save(self) -> None:
        """Write the manifest.

        Raises:
            UsageError: The folder can't be written to.
        """
        value = {
            "version": _VERSION,
            "posteditor": __version__,
            "settings": self.settings,
            "sets": to_json(list(self.sets.values())),
            "rewriters": self.rewriters,
            "environment": self.environment,
            "reported": self.reported,
        }
        with atomic_output(self.path / MANIFEST, force=True) as out:
            out.write(json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8") + b"\n")

    def begin(self, settings: Mapping[str, Any], *, force: bool) -> None:
        """Make the folder ready for a run with these settings: a new one, or one that goes on.

        Raises:
            UsageError: It holds something else and ``force`` is not given, or can't be written to.
        """
        if self.is_new and self.path.is_dir() and any(each.name != ".lock" for each in self.path.iterdir()):
            raise UsageError(
                f"{self.path}: is not empty and holds no benchmark",
                hint="name another folder, or one that is not there",
            )
        if not self.is_new and self.settings != dict(settings):
            changed = [name for name in settings if settings[name] != self.settings.get(name)]
            if not force:
                raise UsageError(
                    f"{self.path}: holds a run with another {', '.join(changed) or 'version'}",
                    hint="name another folder with -o, or begin it anew with --force",
                )
            self.clear()
        self.settings = dict(settings)

    def clear(self) -> None:
        """Throw away what the run has brought so far."""
        for name in _OURS:
            shutil.rmtree(self.path / name, ignore_errors=True)
        self.sets, self.rewriters, self.reported = {}, [], ""

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other runs out; the kernel gives the lock back when the process ends.

        Raises:
            UsageError: Another run has it, or the folder can't be made.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except OSError as error:
            raise UsageError(
                f"{self.path}: can't be written to: {error.strerror}", hint="choose another folder"
            ) from error
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise UsageError(
                    f"{self.path}: another run is at work in it", hint="wait for it, or name another folder with -o"
                ) from error
            yield
        finally:
            os.close(descriptor)

    def _read(self, manifest: Path) -> None:
        hint = "name the folder of a finished or stopped run, or begin anew in another one"
        try:
            value = json.loads(manifest.read_bytes())
            if value["version"] != _VERSION:
                raise CorpusError(manifest, f"is of version {value['version']}, known is {_VERSION}", hint=hint)
            self.settings = dict(value["settings"])
            kept = from_json(tuple[KeptSet, ...], value["sets"])
            self.sets = {one.name: one for one in kept}
            self.rewriters = [str(name) for name in value["rewriters"]]
            self.environment = {str(name): str(said) for name, said in value["environment"].items()}
            self.reported = str(value["reported"])
        except OSError as error:
            raise CorpusError(manifest, f"can't be read: {error.strerror}", hint=hint) from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CorpusError(manifest, f"is damaged: {error}", hint=hint) from error


def open_run(path: Path) -> RunFolder:
    """The folder of a run that has begun.

    Raises:
        CorpusError: There is none, or its manifest is damaged.
    """
    folder = RunFolder(path)
    if folder.is_new:
        raise CorpusError(path, f"there is no {MANIFEST} in it", hint="name a folder that bench has written with -o")
    return folder


def file_name(rewriter: str) -> str:
    """A SPEC as the name of a file: readable, and another one for each SPEC."""
    readable = _UNSAFE.sub("_", rewriter).strip("._")[:60]
    return (
        rewriter
        if readable == rewriter
        else f"{readable}-{sha256(rewriter.encode('utf-8', 'replace')).hexdigest()[:8]}"
    )


def in_order(known: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """What is known, and behind it what is new."""
    return list(dict.fromkeys((*known, *wanted)))
