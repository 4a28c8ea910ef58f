"""Suggestions for the editor: one lane per model, which lives in a child process.

The lane's own thread does all the work; ``want`` and ``close`` only leave a note for it. What the model is busy with is
at most one small batch, and a batch of prefetched segments is called off as soon as the person needs another one.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread
from typing import Literal

from posteditor.core.segment import Segment
from posteditor.core.suggestion import Suggestion
from posteditor.errors import PostEditorError
from posteditor.rewriters.child_process import ChildProcess
from posteditor.rewriters.memory_likeness import may_change
from posteditor.rewriters.messages import Message, pair_to_json, segment_to_json
from posteditor.rewriters.protocol import MemoryPair
from posteditor.services.suggestion_queue import Answer, SuggestionQueue

StateKind = Literal["starting", "ready", "died", "restarting", "failed"]

_DEATHS_IN_A_ROW = 5
"""After so many deaths without a single answer between them the lane gives up."""
_PAIRS_AT_ONCE = 1000
"""Confirmed pairs in one message."""
_FIRST_PAUSE = 0.2
"""Seconds before the first restart; doubled for each further death in a row."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """An answer, with what it answers."""

    spec: str
    position: int
    """1-based place of the segment in the file."""
    number: int
    """Of the latest request that named the segment, so that a reader can drop what it no longer waits for."""
    suggestion: Suggestion
    model_revision: str
    """As ``Rewriter.revision``."""


@dataclass(frozen=True, slots=True)
class LaneState:
    """What became of the lane's model.

    starting, ready: as they say. died: the process ended by itself; restarting follows, or failed after too many
    deaths. failed: this lane gives no more suggestions.
    """

    spec: str
    kind: StateKind
    message: str = ""
    """For the person: why it died or failed and what to do; empty while all is well."""


@dataclass(frozen=True, slots=True)
class _Want:
    segment: Segment
    number: int
    ahead: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class _Learn:
    pairs: tuple[MemoryPair, ...]


@dataclass(frozen=True, slots=True)
class _Heard:
    process: ChildProcess
    message: Message


@dataclass(frozen=True, slots=True)
class _Ended:
    process: ChildProcess
    reason: str


class _WakeUp:
    """A note without content: look whether there is anything to do."""


class SuggestionLane:
    """Suggestions of one model, made in a child process. Both methods return at once, from any thread."""

    def __init__(
        self,
        spec: str,
        *,
        on_suggestion: Callable[[Suggested], None],
        on_state: Callable[[LaneState], None],
        source_lang: str | None = None,
        target_lang: str | None = None,
        glossary: Path | None = None,
        gate_off: Sequence[str] = (),
        pairs: Callable[[], Iterable[MemoryPair]] = tuple,
        start: bool = True,
    ) -> None:
        """Make the lane for the model that ``spec`` names.

        Args:
            spec: As on the command line, see ``rewriters.specs``.
            on_suggestion: Told each answer, from the lane's thread.
            on_state: Told what happens to the model, from the lane's thread.
            source_lang: BCP 47; None when nobody said.
            target_lang: BCP 47; None when nobody said.
            glossary: A table of terms and their translations, for models that can be told; None for none.
            gate_off: Rules of the gate that are switched off.
            pairs: Gives what a rewriter that learns is to know from the start; called in the lane's thread.
            start: False to load the model only once something is wanted.
        """
        self.spec = spec
        self._on_suggestion = on_suggestion
        self._on_state = on_state
        self._languages = (source_lang, target_lang)
        self._glossary = glossary
        self._gate_off = tuple(gate_off)
        self._pairs = pairs
        self._may_start = start
        self._notes: SimpleQueue[_Want | _Learn | _Heard | _Ended | _WakeUp] = SimpleQueue()
        self._closed = Event()
        self._process: ChildProcess | None = None
        # Below: only the lane's thread.
        self._queue = SuggestionQueue()
        self._ready = False
        self._learns = False
        self._failed = False
        self._revision = ""
        self._batch_number = 0
        self._deaths = 0
        Thread(target=self._run, name=f"suggestions of {spec}", daemon=True).start()
        self._notes.put(_WakeUp())

    def want(self, segment: Segment, number: int, *, ahead: Sequence[Segment] = ()) -> None:
        """Ask for the current segment's suggestion, and after it for those of the segments ahead.

        Replaces all that was asked before. What was answered before is known: it is told again for the current segment
        and not again for those ahead. A lane that has failed tells nothing.

        Args:
            segment: The one the person looks at.
            number: The caller's number of this request; comes back in the answers.
            ahead: The ones to prefetch, nearest first.
        """
        self._notes.put(_Want(segment, number, tuple(ahead)))

    def learn(self, pairs: Sequence[MemoryPair]) -> None:
        """Tell a rewriter that learns what was confirmed just now; any other is not told.

        What was answered before for segments that are like these is asked for again when it is next wanted.
        """
        self._notes.put(_Learn(tuple(pairs)))

    def close(self) -> None:
        """Kill the model, busy or not, without waiting; nothing is told any more. Closing twice does no harm."""
        self._closed.set()
        process = self._process
        if process is not None:
            process.kill()
        self._notes.put(_WakeUp())

    def _run(self) -> None:
        while not self._closed.is_set():
            self._read(self._notes.get())
            # All notes before any work, so that a request that was replaced meanwhile never reaches the model.
            while not self._notes.empty():
                self._read(self._notes.get())
            self._work()

    def _read(self, note: "_Want | _Learn | _Heard | _Ended | _WakeUp") -> None:
        if isinstance(note, _Want):
            self._may_start = True
            self._tell(self._queue.want(note.segment, note.number, note.ahead))
        elif isinstance(note, _Learn):
            if self._ready and self._learns:  # else it is among those that are told at the start
                self._teach(note.pairs)
                self._queue.forget(partial(may_change, note.pairs))
        elif isinstance(note, _Heard):
            if note.process is self._process:
                self._hear(note.message)
        elif isinstance(note, _Ended) and note.process is self._process:
            self._process, self._ready = None, False
            self._mourn(note.reason)

    def _work(self) -> None:
        if self._closed.is_set() or self._failed:
            return
        if self._process is None and self._may_start:
            self._start()
        if self._process is None or not self._ready:
            return
        if self._queue.take_cancellation():
            self._process.send({"type": "cancel", "batch": self._batch_number})
        if segments := self._queue.next_batch():
            self._batch_number += 1
            values = [segment_to_json(segment) for segment in segments]
            self._process.send({"type": "rewrite", "batch": self._batch_number, "segments": values})

    def _start(self) -> None:
        self._state("restarting" if self._deaths else "starting")
        if self._deaths and self._closed.wait(_FIRST_PAUSE * 2 ** (self._deaths - 1)):
            return
        try:
            self._process = ChildProcess(
                self.spec,
                source_lang=self._languages[0],
                target_lang=self._languages[1],
                glossary=self._glossary,
                gate_off=self._gate_off,
                on_message=lambda process, message: self._notes.put(_Heard(process, message)),
                on_end=lambda process, reason: self._notes.put(_Ended(process, reason)),
            )
        except OSError as error:
            self._fail(f"the process for model {self.spec!r} can't be started: {error.strerror}")
            return
        if self._closed.is_set():  # close() may have looked before there was a process to kill
            self._process.kill()

    def _hear(self, message: Message) -> None:
        kind = message["type"]
        if message.get("batch", self._batch_number) != self._batch_number:
            return  # of a batch that was given up
        if kind == "suggestion":
            self._deaths = 0
            self._tell(self._queue.answered(int(message["index"]), Suggestion.from_json(message["suggestion"])))
        elif kind == "done":
            self._queue.batch_ended()
        elif kind == "ready":
            self._ready, self._revision = True, str(message["revision"])
            self._learns = bool(message.get("learns"))
            if self._learns:
                self._teach_all()
            if not self._failed:
                self._state("ready")
        elif kind == "learned":
            self._revision = str(message["revision"])
        elif kind == "fatal":
            self._fail("\n".join(filter(None, (str(message["message"]), str(message["hint"])))))

    def _teach_all(self) -> None:
        pairs = iter(self._pairs())
        try:
            while not self._closed.is_set() and (some := tuple(islice(pairs, _PAIRS_AT_ONCE))):
                self._teach(some)
        except PostEditorError as error:
            self._fail(str(error))

    def _teach(self, pairs: Sequence[MemoryPair]) -> None:
        if self._process is not None:
            self._process.send({"type": "learn", "pairs": [pair_to_json(pair) for pair in pairs]})

    def _mourn(self, reason: str) -> None:
        if self._failed:
            return
        self._deaths += 1
        self._state("died", f"The process of model {self.spec!r} died: {reason}.")
        for answer in self._queue.model_died(self.spec):
            self._tell(answer)
        if self._deaths >= _DEATHS_IN_A_ROW:
            self._fail(f"The process of model {self.spec!r} died {self._deaths} times in a row: {reason}.")

    def _fail(self, message: str) -> None:
        self._failed = True
        self._state("failed", message)

    def _tell(self, answer: Answer | None) -> None:
        if answer is None or self._closed.is_set():
            return
        wanted = answer.wanted
        self._on_suggestion(
            Suggested(self.spec, wanted.segment.position, wanted.number, answer.suggestion, self._revision)
        )

    def _state(self, kind: StateKind, message: str = "") -> None:
        if not self._closed.is_set():
            self._on_state(LaneState(self.spec, kind, message))
