"""The program ``comet-score`` itself: where it is, of which version, and running it.

Environment variable POSTEDITOR_COMET: the program's path, where it is not on the PATH.
"""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from posteditor.errors import ScoringError

VARIABLE = "POSTEDITOR_COMET"
INSTALL_HINT = (
    "COMET has an environment of its own: python -m venv comet && comet/bin/pip install unbabel-comet 'setuptools<82'; "
    f"then set {VARIABLE} to the path of comet/bin/comet-score."
)

_NAME = "comet-score"
_LOOK_EVERY = 0.2  # seconds between two looks at should_stop and at what the program says
_TAIL = 1 << 13  # bytes of what it said last
_SHOWN = 3  # lines of them in an error
_PATIENCE = 5.0  # seconds until a killed process is gone
_BATCHES = re.compile(rb"Predicting[^\r\n]*?(\d+)/\d+ \[")
_SECRETS = frozenset(
    ("KEY", "KEYS", "APIKEY", "TOKEN", "TOKENS", "SECRET", "SECRETS", "PASSWORD", "PASSWD", "CREDENTIAL", "CREDENTIALS")
)
_NO_SECRETS = frozenset(("HF_TOKEN_PATH",))  # where a token lies, not the token
_OF_OUR_PYTHON = frozenset(("PYTHONPATH", "PYTHONHOME"))


@dataclass(frozen=True, slots=True)
class CometRun:
    """One call of the program."""

    program: Path
    arguments: Sequence[str]
    folder: Path
    """Where what it says is written to; of this run alone."""
    seconds: float | None
    """The most that it may take; None for no limit."""


def find_comet(named: Path | None = None) -> Path:
    """The program: the one named, else that in POSTEDITOR_COMET, else comet-score on the PATH.

    Raises:
        ScoringError: There is none, or it can't be run.
    """
    wanted = named or os.environ.get(VARIABLE) or _NAME
    found = shutil.which(Path(wanted).expanduser())
    if found is None:
        what = f"{wanted}: there is no such program" if wanted != _NAME else f"{_NAME} is not installed"
        raise ScoringError(what, hint=INSTALL_HINT)
    return Path(found).absolute()


def comet_version(program: Path) -> str:
    """Version of unbabel-comet in the program's environment; "unknown" where it doesn't lie where pip puts it."""
    root = program.resolve().parent.parent
    found = {
        path.name.removeprefix("unbabel_comet-").removesuffix(".dist-info")
        for pattern in ("lib*/python*/*-packages", "Lib/site-packages")
        for path in root.glob(f"{pattern}/unbabel_comet-*.dist-info")
    }
    return found.pop() if len(found) == 1 else "unknown"


def run_comet(
    run: CometRun, *, should_stop: Callable[[], bool], on_batches: Callable[[int], None] = lambda done: None
) -> None:
    """Run the program to its end. It is killed when this is left in any other way, Ctrl-C included.

    Args:
        run: What to run.
        should_stop: Looked at several times a second.
        on_batches: Told how many batches are done, each time that has changed.

    Raises:
        ScoringError: It can't be started, fails, takes too long, or ``should_stop`` returned True.
    """
    said = run.folder / "stderr"
    with said.open("wb") as stderr:
        try:
            process = subprocess.Popen(
                [run.program, *run.arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                env=child_environment(os.environ),
                start_new_session=True,  # its workers die with it
            )
        except OSError as error:
            raise ScoringError(f"{run.program} can't be run: {error.strerror}", hint=INSTALL_HINT) from error
    try:
        _wait(process, run.seconds, said, should_stop, on_batches)
    finally:
        _kill(process)
    if process.returncode:
        raise _failure(process.returncode, _tail(said))


def child_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables that the program gets: no keys or passwords, and nothing that leads it to our own packages.

    What says that it should stay offline, or where models are kept, is as the person set it. A token for models that
    the hub gives only to some is read from the file that ``huggingface-cli login`` writes.
    """
    return {
        name: value
        for name, value in variables.items()
        if name not in _OF_OUR_PYTHON and (name in _NO_SECRETS or _SECRETS.isdisjoint(name.upper().split("_")))
    }


def _wait(
    process: subprocess.Popen[bytes],
    seconds: float | None,
    said: Path,
    should_stop: Callable[[], bool],
    on_batches: Callable[[int], None],
) -> None:
    started, last = monotonic(), b""
    while True:
        with suppress(subprocess.TimeoutExpired):
            process.wait(_LOOK_EVERY)
            return
        if should_stop():
            raise ScoringError("COMET was stopped before it had scored", hint="Nothing of it was kept; start it again.")
        if seconds is not None and monotonic() - started > seconds:
            raise ScoringError(
                f"comet-score was stopped after {seconds:g} seconds",
                hint="Allow it more time, score fewer segments, name a smaller model, or give it a GPU.",
            )
        if (batches := _BATCHES.findall(_tail(said))[-1:]) and batches[0] != last:
            last = batches[0]
            on_batches(int(last))


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End it and what it started, if it has not ended."""
    if process.poll() is not None:
        return
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        process.wait(_PATIENCE)


def _tail(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
        return file.read()


def _failure(code: int, said: bytes) -> ScoringError:
    """What a program that failed is told as."""
    if code == -signal.SIGKILL:
        return ScoringError(
            "comet-score was killed, perhaps because memory ran out", hint="Give it a smaller batch or a smaller model."
        )
    if code < 0:
        return ScoringError(f"comet-score was ended by signal {-code} ({signal.strsignal(-code)})")
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    told = "".join(f": {line}" for line in [" / ".join(lines[-_SHOWN:])] if line)
    return ScoringError(f"comet-score ended with status {code}{told}", hint=_advice("\n".join(lines)))


def _advice(said: str) -> str:
    """What to do about the failures that are known to happen."""
    if "pkg_resources" in said and "ModuleNotFoundError" in said:
        return "Its environment lacks what newer setuptools left out: pip install 'setuptools<82' there."
    if "not supported by COMET" in said:
        return (
            "The model is not known, not to be had offline, or only for those who are logged in: fetch it once with "
            "huggingface-cli, or name a local checkpoint."
        )
    if "requires -r/--references" in said:
        return "The model needs references, though its name or path (kiwi, qe) says otherwise: give it another one."
    return "Try comet-score by itself with this model; its own message is above."
