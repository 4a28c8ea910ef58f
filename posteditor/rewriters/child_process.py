"""Starting, feeding, hearing and killing the child process that ``child.py`` describes; the parent's side."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Thread
from typing import IO

from posteditor.rewriters.messages import Message, decode, encode

_CHUNK = 1 << 16
_TAIL_BYTES = 4096
"""How much of the end of standard error is kept to explain a death."""
_PATIENCE = 2.0
"""Seconds that a process may take to end once it has closed its standard output."""


class ChildProcess:
    """One running model process. Nothing here waits for it, except its own two daemon threads."""

    def __init__(
        self,
        spec: str,
        *,
        source_lang: str | None = None,
        target_lang: str | None,
        glossary: Path | None = None,
        gate_off: Sequence[str] = (),
        on_message: Callable[["ChildProcess", Message], None],
        on_end: Callable[["ChildProcess", str], None],
    ) -> None:
        """Start the process; takes as long as a fork.

        Args:
            spec: The rewriter to load.
            source_lang: BCP 47; None when nobody said.
            target_lang: BCP 47; None when nobody said.
            glossary: A table of terms and their translations; None for none.
            gate_off: Rules of the gate that are switched off.
            on_message: Told each message of the child, from a reader thread.
            on_end: Told once why the process ended, from the same thread, after the last message.

        Raises:
            OSError: The system starts no more processes.
        """
        self._on_message = on_message
        self._on_end = on_end
        self._tail = b""
        # Unbuffered: a daemon thread that holds the lock of a buffered pipe can abort the interpreter at its exit.
        self._process = subprocess.Popen(
            _command(spec, source_lang, target_lang, glossary, gate_off),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,  # a Ctrl-C in the terminal is the editor's, not the model's
        )
        complaints = Thread(target=self._read_complaints, name=f"stderr of {spec}", daemon=True)
        complaints.start()
        Thread(target=self._read_messages, args=(complaints,), name=f"stdout of {spec}", daemon=True).start()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def send(self, message: Message) -> None:
        """Write a message to the child, waiting while its pipe is full; lost without a word when it is dead."""
        line = memoryview(encode(message))
        descriptor = _pipe(self._process.stdin).fileno()
        try:
            while line:
                line = line[os.write(descriptor, line) :]
        except OSError:
            return  # the reader thread sees the end of the process and says so

    def kill(self) -> None:
        """Kill the process, busy or not; returns at once, from any thread."""
        self._process.kill()

    def _read_messages(self, complaints: Thread) -> None:
        pending = b""
        stdout = _pipe(self._process.stdout)
        while chunk := os.read(stdout.fileno(), _CHUNK):
            *lines, pending = (pending + chunk).split(b"\n")
            for line in lines:
                message = decode(line)
                if message is not None:
                    self._on_message(self, message)
        try:
            code = self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        complaints.join(_PATIENCE)
        for pipe in (self._process.stdin, stdout, self._process.stderr):
            _pipe(pipe).close()
        self._on_end(self, self._obituary(code))

    def _read_complaints(self) -> None:
        stderr = _pipe(self._process.stderr)
        while chunk := os.read(stderr.fileno(), _CHUNK):
            self._tail = (self._tail + chunk)[-_TAIL_BYTES:]

    def _obituary(self, code: int) -> str:
        if code == -signal.SIGKILL:
            return "it was killed, perhaps because memory ran out"
        if code < 0:
            return f"it was ended by signal {-code} ({signal.strsignal(-code)})"
        last = self._tail.decode("utf-8", "replace").strip().splitlines()[-1:]
        return f"it ended with status {code}" + "".join(f": {line}" for line in last)


def _command(
    spec: str, source_lang: str | None, target_lang: str | None, glossary: Path | None, gate_off: Sequence[str]
) -> list[str]:
    # -P: a torch.py in the folder the person works in is not the torch we mean.
    command = [sys.executable, "-P", "-m", "posteditor.rewriters.child"]
    options = {"source-lang": source_lang, "target-lang": target_lang, "glossary": glossary}
    command += [f"--{name}={value}" for name, value in options.items() if value is not None]
    command += [f"--gate-off={rule}" for rule in gate_off]
    return [*command, "--", spec]


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # all three were asked for as pipes
    return pipe
