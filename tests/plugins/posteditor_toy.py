"""A plug-in with a real, tiny rewriter: it puts misspelt words right, and has trouble where the text tells it to.

SPEC ``toy`` or ``toy:FOLDER``. With a folder it writes there which positions it was asked for (file ``calls``) and the
number of its process (file ``processes``), and waits while loading as long as the file ``loading`` exists. In the mt of
a segment

* HOLD makes it busy until FOLDER/release exists, deaf to cancellation; PATIENT the same, but it listens;
* RAISE is an error for this segment, CRASH kills the process, CHATTER prints to standard output.
"""

import os
import re
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from posteditor.core.segment import Segment
from posteditor.core.suggestion import Edit, Suggestion, suggestion_from_edits
from posteditor.rewriters.specs import RewriterRequest

_RIGHT = {"wrold": "world", "teh": "the", "recieve": "receive", "seven": "eight"}
_TICK = 0.01


class ToyRewriter:
    """Word for word, after a table."""

    revision = "toy-1"
    target_languages = ("en",)

    def __init__(self, name: str, folder: Path | None) -> None:
        self.name = name
        self._folder = folder
        if folder is not None:
            _append(folder / "processes", os.getpid())
        while folder is not None and (folder / "loading").exists():
            time.sleep(_TICK)

    def rewrite(
        self, segments: Sequence[Segment], *, should_stop: Callable[[], bool] = lambda: False
    ) -> Iterator[Suggestion]:
        """One suggestion per segment."""
        for segment in segments:
            if should_stop():
                return
            self._record(segment)
            if "PATIENT" in segment.mt and not self._wait(should_stop):
                return
            self._have_trouble(segment)
            yield suggestion_from_edits(segment.mt, self._edits(segment.mt), self.name)

    def close(self) -> None:
        """Nothing to free."""

    def _edits(self, mt: str) -> list[Edit]:
        words = re.finditer(r"\w+", mt)
        return [Edit(w.start(), w.end(), _RIGHT[w.group()], "spelling", 0.9) for w in words if w.group() in _RIGHT]

    def _have_trouble(self, segment: Segment) -> None:
        if "HOLD" in segment.mt:
            self._wait(lambda: False)
        if "RAISE" in segment.mt:
            raise RuntimeError("told to raise")
        if "CRASH" in segment.mt:
            os.kill(os.getpid(), signal.SIGKILL)
        if "CHATTER" in segment.mt:
            print("{}")  # noqa: T201  what libraries do

    def _wait(self, should_stop: Callable[[], bool]) -> bool:
        """False when stopped before it was released."""
        assert self._folder is not None, "HOLD and PATIENT need the SPEC toy:FOLDER"
        while not (self._folder / "release").exists():
            if should_stop():
                return False
            time.sleep(_TICK)
        return True

    def _record(self, segment: Segment) -> None:
        if self._folder is not None:
            _append(self._folder / "calls", segment.position)


def _append(path: Path, number: int) -> None:
    with path.open("a", encoding="utf-8") as numbers:
        numbers.write(f"{number}\n")


def load(request: RewriterRequest) -> ToyRewriter:
    """The entry point."""
    return ToyRewriter(request.spec, Path(request.argument) if request.argument else None)
