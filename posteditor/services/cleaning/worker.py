"""A process that judges: takes a judge and then tasks from standard input, and puts what it judged on standard output.

Both are pickles between two processes of one program. When standard input ends, however its parent ended, it ends at
once.

Run as ``python -m posteditor.services.cleaning.worker``.
"""

import os
import pickle
import signal
import sys
import threading
from queue import SimpleQueue
from typing import BinaryIO

from posteditor.errors import PostEditorError
from posteditor.services.cleaning.judging import Judge, Task


def main() -> None:
    """Judge until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C in the terminal is the parent's
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a plug-in that prints must not talk into the answers
    judge: Judge = pickle.load(sys.stdin.buffer)
    tasks: SimpleQueue[Task] = SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, tasks), daemon=True).start()
    while True:
        task = tasks.get()
        try:
            found = pickle.dumps(judge.judge(task), pickle.HIGHEST_PROTOCOL)
        except PostEditorError as error:
            found = pickle.dumps(error)
        answers.write(found)
        answers.flush()


def _listen(pipe: BinaryIO, tasks: "SimpleQueue[Task]") -> None:
    try:
        while True:
            tasks.put(pickle.load(pipe))
    finally:
        os._exit(0)  # nothing to save: the parent is gone, or has all it wanted


if __name__ == "__main__":
    main()
