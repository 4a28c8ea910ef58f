"""The child process that holds a model for the editor: ``python -m posteditor.rewriters.child SPEC``.

It reads requests from standard input and answers on standard output, in the messages of ``messages.py``. It ends when
standard input does, so a parent that is killed leaves nothing behind. Whatever libraries print goes to standard error.
"""

import argparse
import os
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from time import perf_counter
from typing import Any

from posteditor.errors import ModelError, PostEditorError
from posteditor.rewriters.gate import Gate
from posteditor.rewriters.messages import Message, decode, encode, pair_from_json, segment_from_json
from posteditor.rewriters.protocol import Learner, Rewriter
from posteditor.rewriters.running import suggest
from posteditor.rewriters.specs import load_rewriter

_FATAL_EXIT = ModelError.exit_code
_BELOW_THE_EDITOR = 10
"""Added to the niceness: the editor's keys come first."""
_OOM_SCORE = "500"
"""Where memory runs out the kernel is to end this process, not the editor."""


class _Inbox:
    """Requests as they come in, and how far they are cancelled. Its thread ends the process with standard input."""

    def __init__(self, source: int) -> None:
        self.requests: SimpleQueue[Message] = SimpleQueue()
        self.cancelled_batch = 0
        """The highest number of a batch that is no longer wanted; batches are numbered upwards from 1."""
        self._source = source
        Thread(target=self._read, name="requests", daemon=True).start()

    def _read(self) -> None:
        with os.fdopen(self._source, "rb") as lines:
            for line in lines:
                message = decode(line)
                if message is None:
                    continue
                if message["type"] == "cancel":
                    self.cancelled_batch = int(message["batch"])
                else:
                    self.requests.put(message)
        os._exit(0)  # the parent is gone: no answer is wanted any more, and a busy model can't be asked to end


class _Outbox:
    """The real standard output; descriptor 1 then leads to standard error, for libraries that print."""

    def __init__(self) -> None:
        self._real = os.dup(1)
        os.dup2(2, 1)

    def send(self, message: Message) -> None:
        line = memoryview(encode(message))
        try:
            while line:
                line = line[os.write(self._real, line) :]
        except BrokenPipeError:
            os._exit(0)


def main(arguments: list[str] | None = None) -> int:
    """Load the rewriter, say ``ready`` or ``fatal``, and answer requests until standard input ends."""
    options = _parse(arguments)
    outbox = _Outbox()
    inbox = _Inbox(os.dup(0))
    _prepare_process(options.threads)
    started = perf_counter()
    try:
        rewriter = load_rewriter(
            options.spec,
            threads=options.threads,
            threshold=options.threshold,
            source_lang=options.source_lang,
            target_lang=options.target_lang,
            glossary=options.glossary,
            gate_off=options.gate_off,
        )
    except PostEditorError as error:
        outbox.send({"type": "fatal", "message": error.message, "hint": error.hint})
        return _FATAL_EXIT
    outbox.send(
        {
            "type": "ready",
            "name": rewriter.name,
            "revision": rewriter.revision,
            "learns": isinstance(rewriter, Learner),
            "seconds": round(perf_counter() - started, 3),
        }
    )
    _serve(rewriter, Gate(off=options.gate_off), inbox, outbox)
    return 0


def _serve(rewriter: Rewriter, gate: Gate, inbox: _Inbox, outbox: _Outbox) -> None:
    while True:
        request = inbox.requests.get()
        if request["type"] == "learn":
            if isinstance(rewriter, Learner):
                rewriter.learn([pair_from_json(value) for value in request["pairs"]])
            outbox.send({"type": "learned", "revision": rewriter.revision})
            continue
        batch = int(request["batch"])
        segments = [segment_from_json(value) for value in request["segments"]]
        stop = partial(_is_cancelled, inbox, batch)
        for index, suggestion in enumerate(suggest(rewriter, segments, gate, should_stop=stop)):
            value = suggestion.to_json()
            outbox.send({"type": "suggestion", "batch": batch, "index": index, "suggestion": value})
        outbox.send({"type": "done", "batch": batch})


def _is_cancelled(inbox: _Inbox, batch: int) -> bool:
    return inbox.cancelled_batch >= batch


def _prepare_process(threads: int) -> None:
    os.nice(_BELOW_THE_EDITOR)
    with suppress(OSError):  # Linux only
        Path("/proc/self/oom_score_adj").write_text(_OOM_SCORE, encoding="ascii")
    os.environ.update(
        {
            "HF_HUB_OFFLINE": "1",
            "TRANSFORMERS_OFFLINE": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "TOKENIZERS_PARALLELISM": "false",
            "OMP_NUM_THREADS": str(threads),
        }
    )


def _cores() -> int:
    """The processors this process may run on."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _parse(arguments: list[str] | None) -> Any:
    parser = argparse.ArgumentParser(prog="python -m posteditor.rewriters.child", description=__doc__)
    parser.add_argument("spec")
    parser.add_argument("--source-lang")
    parser.add_argument("--target-lang")
    parser.add_argument("--glossary", type=Path)
    parser.add_argument("--gate-off", action="append", default=[], metavar="RULE")
    parser.add_argument("--threads", type=int, default=max(1, _cores() - 1))
    parser.add_argument("--threshold", choices=("show", "apply"), default="show")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
