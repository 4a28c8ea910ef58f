"""The real program in a terminal of its own: a pty, with pyte reading what a person would see."""

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pyte

COMMAND = (sys.executable, "-m", "posteditor")


class Terminal:
    """A program running in a terminal; a context manager that leaves no process behind."""

    def __init__(self, command: Sequence[str], *, columns: int = 80, rows: int = 24, **environment: str) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.started = time.perf_counter()
        self.exit_status: int | None = None
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.environ.update({"TERM": "xterm-256color", "COLORTERM": "", **environment})
            os.execvp(command[0], list(command))
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    @property
    def lines(self) -> list[str]:
        """What stands on the screen."""
        return list(self.screen.display)

    @property
    def text(self) -> str:
        """What stands on the screen, as one string."""
        return "\n".join(self.lines)

    def send(self, keys: bytes) -> None:
        """Press keys, as the bytes that a terminal sends."""
        os.write(self._fd, keys)

    def read(self, seconds: float) -> bool:
        """Take in what the program paints, waiting at most so long; False when it painted nothing or has ended."""
        ready, _, _ = select.select([self._fd], [], [], seconds)
        if not ready:
            return False
        try:
            painted = os.read(self._fd, 65536)
        except OSError:  # the other end is closed
            painted = b""
        self._stream.feed(painted)
        return bool(painted)

    def settle(self, seconds: float) -> None:
        """Take in all that is painted for so long."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self.read(left)

    def wait_for(self, condition: Callable[[], bool], seconds: float = 30.0) -> float:
        """Seconds until ``condition`` held.

        Raises:
            AssertionError: It did not, in time; the message shows the screen.
        """
        start = time.perf_counter()
        while not condition():
            if time.perf_counter() - start > seconds:
                raise AssertionError(f"not within {seconds} s; the screen shows\n{self.text}")
            if not self.read(0.5) and self._has_ended() and not condition():
                raise AssertionError(f"the program has ended; the screen shows\n{self.text}")
        return time.perf_counter() - start

    def kill(self) -> None:
        """What the out-of-memory killer does."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self.wait_for_end()

    def wait_for_end(self, seconds: float = 30.0) -> int:
        """Wait until the program has ended by itself; its exit status."""
        end = time.perf_counter() + seconds
        while not self._has_ended():
            assert time.perf_counter() < end, f"still running; the screen shows\n{self.text}"
            self.read(0.02)
        assert self.exit_status is not None
        return self.exit_status

    def memory_mb(self) -> float:
        """Resident memory of the program itself, without its children, in MB."""
        for line in Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0.0

    def _has_ended(self) -> bool:
        if self.exit_status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.exit_status = os.waitstatus_to_exitcode(status)
        return self.exit_status is not None

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        if not self._has_ended():
            self.kill()
        os.close(self._fd)
