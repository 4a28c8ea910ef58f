"""The Apertium engine on this machine: what it can translate, and a few lines there and back through it."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256

_ENGLISH = ("eng", "en")
_START_SECONDS, _LINE_SECONDS = 30.0, 0.2
"""How long the engine may take to start and for each line; well over what a busy machine needs."""
_PROBE = ("This is a small test.", "The house of the old man was sold in the spring.", "They have not seen it yet.")
_BREAKS = re.compile(r"[\s\x00-\x1f\x7f\x85]+")


@dataclass(frozen=True, slots=True)
class Engine:
    """An installed Apertium."""

    program: str
    """The path of the command."""

    def version(self) -> str:
        """What the engine says of itself; empty when it says nothing."""
        return self._ask("-V")

    def pivots(self) -> tuple[str, ...]:
        """The directions out of English that have a way back, such as "eng-spa", sorted."""
        modes = set(self._ask("-l").split())
        pairs = (mode.partition("-")[::2] for mode in modes)
        return tuple(sorted(f"{a}-{b}" for a, b in pairs if a in _ENGLISH and f"{b}-{a}" in modes))

    def fingerprint(self, pivot: str) -> str | None:
        """A hash of the version and of what a few fixed sentences become; None when the engine doesn't work.

        The data of a language pair have no version that could be asked for, but new data tend to show in the sentences.
        """
        trips = self.round_trip(_PROBE, pivot)
        if trips is None or not all(trips):
            return None
        return sha256("\n".join((self.version(), pivot, *trips)).encode()).hexdigest()

    def round_trip(self, lines: Sequence[str], pivot: str) -> list[str] | None:
        """``lines`` to the pivot's language and back, white space made even.

        The engine gets an empty line after each line: that ends a sentence for it, and shows whether its lines are
        still ours when they come back.

        Returns:
            As many lines; None when the engine fails, takes too long, or loses, merges or splits a line.
        """
        there, back = pivot, "-".join(reversed(pivot.split("-")))
        text = "".join(f"{_BREAKS.sub(' ', line).strip()}\n\n" for line in lines)
        if (output := self._pipe(text, (there, back), _START_SECONDS + _LINE_SECONDS * len(lines))) is None:
            return None
        returned = [" ".join(line.split()) for line in output.removesuffix("\n").split("\n")]
        if len(returned) != 2 * len(lines) or any(returned[1::2]):
            return None
        return returned[::2]

    def _pipe(self, text: str, directions: Sequence[str], seconds: float) -> str | None:
        """``text`` through one process for each direction."""
        running: list[subprocess.Popen[bytes]] = []
        with tempfile.TemporaryFile() as stream:
            stream.write(text.encode("utf-8", "replace"))
            stream.seek(0)
            try:
                for direction in directions:
                    running.append(  # those started must be known when the next one can't be
                        subprocess.Popen(
                            [self.program, "-u", direction],
                            stdin=running[-1].stdout if running else stream,
                            stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL,
                            start_new_session=True,
                        )
                    )
                for process in running[:-1]:  # only the next one reads it, so that it hears when that one is gone
                    if process.stdout:
                        process.stdout.close()
                output, _ = running[-1].communicate(timeout=seconds)
                good = all(process.wait(timeout=seconds) == 0 for process in running)
            except (subprocess.TimeoutExpired, OSError):
                return None
            finally:
                _stop(running)
        return output.decode("utf-8", "replace") if good else None

    def _ask(self, option: str) -> str:
        try:
            done = subprocess.run([self.program, option], capture_output=True, timeout=_START_SECONDS, check=False)
        except (subprocess.TimeoutExpired, OSError):
            return ""
        return done.stdout.decode("utf-8", "replace").strip()


def find_engine() -> Engine | None:
    """The engine on the PATH, or None."""
    program = shutil.which("apertium")
    return Engine(program) if program else None


def available_pivots() -> tuple[str, ...]:
    """Pivots of the installed engine, such as "eng-spa", sorted; empty without an engine."""
    engine = find_engine()
    return engine.pivots() if engine else ()


def _stop(running: Sequence[subprocess.Popen[bytes]]) -> None:
    """End what is left: the engine is a script with a dozen children, each process a group of its own."""
    for process in running:
        if process.poll() is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if process.stdout:
            process.stdout.close()
