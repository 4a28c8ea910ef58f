"""The editor line by line: for screen readers, braille displays and terminals that can't do more.

One segment is read out at a time; a line that is typed becomes its target, one that starts with a colon is a command.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TextIO

from posteditor.core.hunks import HunkState
from posteditor.core.segment import Segment
from posteditor.core.suggestion import Edit
from posteditor.errors import PostEditorError
from posteditor.rewriters.remote import remote_host
from posteditor.services.consent import consent_question, host_to_ask_about, is_yes
from posteditor.services.editing import EditingSession, FindQuery
from posteditor.services.learning import pair_of, pairs_of_session
from posteditor.services.suggesting import LaneState, Suggested, SuggestionLane
from posteditor.tui.desk import Desk
from posteditor.tui.visible import visible
from posteditor.tui.withdrawn import withdrawn_lines

_WAIT_S = 20.0
"""Seconds to wait for the first suggestion, while the model loads."""

HELP = """\
Enter alone     confirm the target as it is and go on
text            make the text the target, confirm it and go on (:: starts a text with a colon)
:t [N]          take suggestion N (1) whole          :k N            take or put back hunk N
:n  :p          next, previous segment               :o              next open segment
:g N            go to segment N or to an id          :f TEXT         go to the next segment with the text
:r              reject and go on                     :u  :y          undo, redo
:m              back to the mt                       :note TEXT      write a note
:s              say the segment again                :h  :q          help, quit"""


class PlainEditor:
    """A conversation over two streams."""

    def __init__(
        self,
        session: EditingSession,
        models: Sequence[str],
        lines: TextIO,
        out: TextIO,
        *,
        tm: Sequence[Path] = (),
        glossary: Path | None = None,
        allow_remote: bool = False,
        gate_off: Sequence[str] = (),
    ) -> None:
        self._session = session
        self._lines = lines
        self._out = out
        self._desk = Desk()
        self._number = 0
        self._heard: SimpleQueue[Suggested | LaneState] = SimpleQueue()
        self._tm = tm
        self._glossary = glossary
        self._gate_off = gate_off
        self._lanes: list[SuggestionLane] = []
        self._working: set[str] = set()
        self._waiting: list[str] = []
        """Models on other machines that the person has to be asked about."""
        for spec in models:
            if host_to_ask_about(spec, session, allowed=allow_remote):
                self._waiting.append(spec)
            else:
                self._start_lane(spec)

    def run(self) -> None:
        """Until the person quits or the input ends."""
        self._say("Type :h for help, :q to leave. Everything is saved at once.")
        try:
            for spec in self._waiting:
                self._ask_for_consent(spec)
            self._open(self._session.last_position())
            while (line := self._read()) not in (None, ":q"):
                self._obey_guarded(line or "")
        finally:
            for lane in self._lanes:
                lane.close()

    def _start_lane(self, spec: str) -> None:
        self._lanes.append(
            SuggestionLane(
                spec,
                on_suggestion=self._heard.put,
                on_state=self._heard.put,
                source_lang=self._session.source_lang,
                target_lang=self._session.target_lang,
                glossary=self._glossary,
                gate_off=self._gate_off,
                pairs=partial(pairs_of_session, self._session, self._tm),
            )
        )
        self._working.add(spec)
        host = remote_host(spec)
        if host is not None:
            self._say(f"Texts go to {host} for suggestions of {spec}.")

    def _ask_for_consent(self, spec: str) -> None:
        host = host_to_ask_about(spec, self._session, allowed=False)
        if host is not None:
            self._say(consent_question(spec, host))
            if not is_yes(self._read()):
                self._say(f"Nothing is sent to {host}. The next opening asks again.")
                return
            self._session.allow_host(host)
        self._start_lane(spec)

    def _read(self) -> str | None:
        self._out.write("> ")
        self._out.flush()
        line = self._lines.readline()
        return line.rstrip("\r\n") if line else None

    def _say(self, text: str) -> None:
        for line in text.split("\n"):
            self._out.write(visible(line) + "\n")

    def _obey_guarded(self, line: str) -> None:
        try:
            self._obey(line)
        except PostEditorError as error:
            self._say(f"Not done: {error}")

    # -- the segment -------------------------------------------------------------------------------------------------

    def _open(self, position: int) -> None:
        if self._desk.segment.position:
            self._session.leave(self._desk.segment.position)
        segment = self._session.load(position)
        self._desk.open(segment, self._session.suggestions(position))
        self._session.remember_position(position)
        self._wait_for_suggestions(segment)
        self._read_out()

    def _wait_for_suggestions(self, segment: Segment) -> None:
        self._number += 1
        waiting = set(self._working)
        (placed,) = self._session.in_context([segment])
        for lane in self._lanes:
            lane.want(placed, self._number)
        while waiting:
            try:
                heard = self._heard.get(timeout=_WAIT_S)
            except Empty:
                self._say("No suggestion yet; :s asks again.")
                return
            if isinstance(heard, Suggested):
                self._session.store_suggestion(heard.position, heard.suggestion, heard.model_revision)
                if heard.number == self._number:
                    self._desk.add_suggestion(heard.suggestion)
                    waiting.discard(heard.spec)
            elif heard.kind in ("failed", "died"):
                self._say(heard.message)
                if heard.kind == "failed":
                    waiting.discard(heard.spec)
                    self._working.discard(heard.spec)

    def _read_out(self) -> None:
        segment = self._desk.segment
        self._say(f"\nSegment {segment.position} of {self._session.count}, {segment.status.value}")
        if segment.source is not None:
            self._say(f"source: {segment.source}")
        self._say(f"mt: {segment.mt}")
        if self._desk.target != segment.mt:
            self._say(f"target: {self._desk.target}")
        if segment.note:
            self._say(f"note: {segment.note}")
        for number, suggestion in enumerate(self._desk.suggestions, 1):
            if suggestion.edits:
                self._say(
                    f"suggestion {number} ({suggestion.rewriter}, {suggestion.confidence:.0%}): {suggestion.text}"
                )
            for line in withdrawn_lines(segment.mt, suggestion):
                self._say(f"  {line}")
        for number, hunk in enumerate(self._desk.hunks(), 1):
            old, new = segment.mt[hunk.edit.start : hunk.edit.end], hunk.edit.replacement
            taken = ", taken" if hunk.state is HunkState.TAKEN else ""
            self._say(f"  hunk {number}: {old.strip() or 'nothing'} -> {new.strip() or 'nothing'}{taken}")

    # -- what is typed -----------------------------------------------------------------------------------------------

    def _obey(self, line: str) -> None:
        if not line.startswith(":") or line.startswith("::"):
            text = line[1:] if line.startswith("::") else line
            self._confirm(text or self._desk.target)
            return
        name, _, argument = line[1:].partition(" ")
        commands: dict[str, Callable[[str], None]] = {
            "h": lambda _: self._say(HELP),
            "s": lambda _: self._open(self._position),
            "t": self._take,
            "k": self._take_hunk,
            "n": lambda _: self._open(min(self._position + 1, self._session.count)),
            "p": lambda _: self._open(max(self._position - 1, 1)),
            "o": lambda _: self._go_on(),
            "g": self._go_to,
            "f": self._find,
            "r": self._reject,
            "u": lambda _: self._show(self._session.undo(self._position), "Nothing to undo."),
            "y": lambda _: self._show(self._session.redo(self._position), "Nothing to redo."),
            "m": lambda _: self._put(self._desk.segment.mt, "", ()),
            "note": self._note,
        }
        if name in commands:
            commands[name](argument.strip())
        else:
            self._say(f"There is no command :{name}. Type :h for help.")

    @property
    def _position(self) -> int:
        return self._desk.segment.position

    def _confirm(self, text: str) -> None:
        if problem := self._session.tag_problem(self._position, text):
            self._say(f"Not confirmed: {problem}.")
            return
        segment = self._session.confirm(self._position, text)
        for lane in self._lanes:
            lane.learn([pair_of(segment, is_own=True)])
        self._say("Confirmed.")
        self._go_on()

    def _reject(self, _: str) -> None:
        self._session.reject(self._position, self._desk.target)
        self._say("Rejected.")
        self._go_on()

    def _go_on(self) -> None:
        following = self._session.next_open(self._position)
        if following is None:
            self._say("No open segment is left.")
        else:
            self._open(following)

    def _take(self, argument: str) -> None:
        whole = self._desk.whole(int(argument) if argument.isdecimal() else 1)
        if whole is None:
            self._say("There is no such suggestion.")
            return
        text, suggestion, edits = whole
        self._put(text, suggestion.rewriter, edits)

    def _take_hunk(self, argument: str) -> None:
        self._desk.hunk = int(argument) - 1 if argument.isdecimal() else 0
        result = self._desk.toggle_hunk()
        suggestion = self._desk.suggestion
        if result is None or suggestion is None:
            self._say("There is no such hunk.")
            return
        self._put(result[0], suggestion.rewriter, (result[1],))

    def _put(self, text: str, rewriter: str, edits: Sequence[Edit]) -> None:
        self._show(self._session.take(self._position, text, rewriter=rewriter, edits=edits), "")

    def _show(self, segment: Segment | None, otherwise: str) -> None:
        if segment is None:
            self._say(otherwise)
            return
        self._desk.update(segment)
        self._read_out()

    def _note(self, argument: str) -> None:
        self._session.set_note(self._position, argument)
        self._show(self._session.load(self._position), "")

    def _go_to(self, argument: str) -> None:
        position = int(argument) if argument.isdecimal() else self._session.id_position(argument)
        if position is None or not 1 <= position <= self._session.count:
            self._say(f"There is no segment {argument}; numbers go from 1 to {self._session.count}.")
        else:
            self._open(position)

    def _find(self, argument: str) -> None:
        start = self._position % self._session.count + 1
        for batch in self._session.find(FindQuery(text=argument), start=start, should_stop=lambda: False):
            if batch:
                self._open(batch[0])
                return
        self._say("Nothing found.")
