"""Scores while a person types: a child process that is asked often, answers in pieces and is never waited for.

A newer request for the same key takes the place of an older one wherever that has got to. A child that dies is told and
started again; one that keeps dying is given up. Nothing here imports sacrebleu.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any

from posteditor.scoring.metrics import DEFAULT_METRICS
from posteditor.scoring.requests import ScoredText, ScoreRequest

_MOST_DEATHS = 3  # in a row, without one finished request in between
_LONGEST_GOODBYE_S = 1.0  # a killed process is gone within a millisecond or so, unless its disk hangs
_BACKGROUND_LINE = 100  # requests in one message: a live one waits for at most this much to be read


class ScoringLane:
    """The editor's way to the scoring process.

    The process is started with the first request. No method waits for it, and all of them may be called from any
    thread. The callbacks come from a thread of the lane's own.
    """

    def __init__(
        self,
        on_result: Callable[[ScoredText], None],
        on_trouble: Callable[[str], None],
        *,
        on_background_done: Callable[[], None] | None = None,
        metrics: Iterable[str] = DEFAULT_METRICS,
        target_lang: str | None = None,
    ) -> None:
        """A lane that is idle.

        Args:
            on_result: Gets every score as soon as it is known, never one of a request that has been superseded.
            on_trouble: Gets a sentence for the person.
            on_background_done: Called when nothing is left of what ``score_in_background`` was given.
            metrics: Names in the registry.
            target_lang: BCP 47 tag of the texts, for tokenizers.
        """
        self._on_result = on_result
        self._on_trouble = on_trouble
        self._on_background_done = on_background_done
        self._command = [sys.executable, "-P", "-m", "posteditor.scoring.child", ",".join(metrics)]
        if target_lang:
            self._command.append(target_lang)
        self._changed = threading.Condition()
        self._live: dict[str, ScoreRequest] = {}  # by key: not yet finished
        self._background: dict[str, ScoreRequest] = {}
        self._unsent_live: dict[str, ScoreRequest] = {}
        self._unsent_background: dict[str, ScoreRequest] = {}
        self._supervisor: threading.Thread | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._is_closed = False

    @property
    def child_pid(self) -> int | None:
        """The process id of the child; None while there is none."""
        child = self._child
        return None if child is None or child.poll() is not None else child.pid

    def score(self, request: ScoreRequest) -> None:
        """Score this now; what is left of an older request with the same key is dropped."""
        with self._changed:
            if self._is_closed or not request.references:
                return
            self._live[request.key] = self._unsent_live[request.key] = request
            self._wake()

    def score_in_background(self, batch: Iterable[ScoreRequest]) -> None:
        """Score these, in order, whenever there is nothing live to do; those without references are skipped.

        As with ``score``, a newer number takes the place of an older one with the same key, among these requests.
        """
        with self._changed:
            if self._is_closed:
                return
            wanted = {request.key: request for request in batch if request.references}
            self._background.update(wanted)
            self._unsent_background.update(wanted)
            if wanted:
                self._wake()

    def close(self) -> None:
        """End the child at once. No callback begins after this; requests made later are ignored."""
        with self._changed:
            self._is_closed = True
            child = self._child
            self._changed.notify_all()
        if child is not None:
            child.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(_LONGEST_GOODBYE_S)

    def _wake(self) -> None:
        if self._supervisor is None:
            self._supervisor = threading.Thread(target=self._supervise, name="scoring lane", daemon=True)
            self._supervisor.start()
        self._changed.notify_all()

    def _supervise(self) -> None:
        """Keep a child running as long as there is something for it to do."""
        deaths = 0
        while self._wait_for_work():
            with _complaints() as complaints:
                child = self._start(complaints)
                if child is None:
                    return
                threading.Thread(target=self._send, args=(child,), name="scoring requests", daemon=True).start()
                has_finished_some = self._receive(child)
                code = child.wait()
                reason = _last_line(complaints) or f"exit status {code}"
            deaths = 1 if has_finished_some else deaths + 1
            if not self._recover(deaths, reason):
                return

    def _wait_for_work(self) -> bool:
        """True when there is work and no child; False when the lane was closed."""
        with self._changed:
            while not self._is_closed and not self._live and not self._background:
                self._changed.wait()
            self._unsent_live = dict(self._live)
            self._unsent_background = dict(self._background)
            return not self._is_closed

    def _start(self, complaints: IO[bytes]) -> subprocess.Popen[bytes] | None:
        try:
            child = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                start_new_session=True,  # an interrupt at the terminal is the editor's business
            )
        except OSError as error:
            self._give_up(f"the scoring process can't be started: {error}")
            return None
        with self._changed:
            self._child = child
            if self._is_closed:
                child.kill()
        return child

    def _send(self, child: subprocess.Popen[bytes]) -> None:
        """Write requests to this child until it ends."""
        pipe = child.stdin
        assert pipe is not None
        try:
            while (message := self._next_message(child)) is not None:
                pipe.write(json.dumps(message).encode("ascii") + b"\n")
                pipe.flush()
        except OSError:
            return  # the child is gone; the supervisor sees it too
        finally:
            # The buffer of a broken pipe can't be flushed, and closing tries to.
            with contextlib.suppress(OSError):
                pipe.close()

    def _next_message(self, child: subprocess.Popen[bytes]) -> dict[str, Any] | None:
        """What to tell the child next, live before background; waits for it; None when the child has ended."""
        with self._changed:
            while not self._unsent_live and not self._unsent_background:
                if self._is_closed or self._child is not child:
                    return None
                self._changed.wait()
            if self._is_closed or self._child is not child:
                return None
            if self._unsent_live:
                request = self._unsent_live.popitem()[1]
                return {"live": request.to_json()}
            keys = list(self._unsent_background)[:_BACKGROUND_LINE]
            return {"background": [self._unsent_background.pop(key).to_json() for key in keys]}

    def _receive(self, child: subprocess.Popen[bytes]) -> bool:
        """Hand on what the child says until it ends; True if it finished any request."""
        assert child.stdout is not None
        has_finished_some = False
        with child.stdout as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    break  # it died in the middle of a sentence
                message = json.loads(line)
                has_finished_some |= "done" in message
                self._handle(message)
        with self._changed:
            self._child = None
            self._changed.notify_all()
        return has_finished_some

    def _handle(self, message: dict[str, Any]) -> None:
        if "trouble" in message:
            self._tell(message["trouble"])
            return
        scores = [ScoredText.from_json(score) for score in message["scores"]]
        for score in scores:
            if self._is_wanted(score, is_live=message["live"]):
                self._on_result(score)
        if "done" in message and self._finish(*message["done"], is_live=message["live"]):
            self._background_done()

    def _is_wanted(self, score: ScoredText, *, is_live: bool) -> bool:
        with self._changed:
            latest = (self._live if is_live else self._background).get(score.key)
            return latest is not None and latest.number == score.number and not self._is_closed

    def _finish(self, key: str, number: int, *, is_live: bool) -> bool:
        """Forget a finished request; True if it was the last one in the background."""
        with self._changed:
            unfinished = self._live if is_live else self._background
            latest = unfinished.get(key)
            if latest is None or latest.number != number:
                return False  # superseded on its way
            del unfinished[key]
            return not is_live and not unfinished

    def _recover(self, deaths: int, reason: str) -> bool:
        """Say that the child died and decide how to go on; False when it is not to be started again."""
        if self._is_closed:
            return False
        if deaths >= _MOST_DEATHS:
            self._give_up(f"the scoring process keeps ending ({reason})")
            return False
        self._tell(f"the scoring process ended ({reason}) and is started again")
        if deaths > 1:
            self._drop_everything()  # it may be one of these that it dies of
        return True

    def _give_up(self, problem: str) -> None:
        self._tell(f"{problem}; scores are off until the file is opened again")
        with self._changed:
            self._is_closed = True
        self._drop_everything()

    def _drop_everything(self) -> None:
        with self._changed:
            had_background = bool(self._background)
            for waiting in (self._live, self._background, self._unsent_live, self._unsent_background):
                waiting.clear()
        if had_background:
            self._background_done()

    def _background_done(self) -> None:
        if self._on_background_done is not None and not self._is_closed:
            self._on_background_done()

    def _tell(self, problem: str) -> None:
        if not self._is_closed:
            self._on_trouble(problem)


def _complaints() -> IO[bytes]:
    """Where a child's standard error goes: not to the screen, and not into a pipe that could fill up."""
    try:
        return tempfile.TemporaryFile()
    except OSError:  # no folder for temporary files that can be written to
        return Path(os.devnull).open("w+b")


def _last_line(complaints: IO[bytes]) -> str:
    """The last thing that a dead child wrote on standard error, such as the exception it died of."""
    end = complaints.seek(0, 2)
    complaints.seek(max(0, end - 4096))
    lines = complaints.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1].strip() if lines else ""
