"""The field in which the target is typed."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import EditResult, Location, Selection

from posteditor.core.inline_tags import tag_spans, whole_tags
from posteditor.tui.visible import Disguise

_PATIENCE_S = 5.0


class TargetEditor(TextArea):
    """A text area that holds any text: characters it can't hold are disguised, and shown as signs.

    Enter is left to the screen (it confirms); Ctrl+J makes a new line. Up on the first line and Down on the last one
    ask for the neighbouring segment.
    """

    DEFAULT_CSS = """
    TargetEditor {
        height: auto; min-height: 2; max-height: 8;
        border: none; border-left: wide $accent; padding: 0 1; background: $surface;
        scrollbar-size-vertical: 1;
    }
    TargetEditor:focus { border: none; border-left: wide $accent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+j", "new_line", "New line", show=False)]

    @dataclass
    class Edited(Message):
        """The person changed the text; not sent when a text is loaded."""

        text: str

    @dataclass
    class LeftEdge(Message):
        """The cursor was moved above the first line (-1) or below the last (+1)."""

        step: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__("", id=id, soft_wrap=True, tab_behavior="focus", show_line_numbers=False, compact=False)
        self._disguise = Disguise.for_text("")
        self._loaded = ""
        self.keeps_tags = False
        """Placeholders of inline tags are deleted whole, and nothing is typed into one."""
        self.highlight_cursor_line = False
        self.cursor_blink = False  # each blink is a repaint sent over ssh

    @property
    def value(self) -> str:
        """The target as the file would hold it."""
        return self._disguise.take_off(self.text)

    def show(self, text: str) -> None:
        """Load ``text``, forgetting the typing history; the cursor goes to its end."""
        self._disguise = Disguise.for_text(text)
        self._loaded = text
        self.load_text(self._disguise.put_on(text))
        self.move_cursor(self.document.end)

    def replace_value(self, text: str) -> None:
        """Exchange the text as if it had been typed: the cursor stays near, and undo gets the old text back."""
        disguise = Disguise.for_text(text)
        if disguise != self._disguise:
            self.show(text)
            return
        old, new = self.text, disguise.put_on(text)
        head = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
        tail = 0
        while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
            tail += 1
        start, end = self._location(old, head), self._location(old, len(old) - tail)
        self.replace(new[head : len(new) - tail], start, end, maintain_selection_offset=False)

    @property
    def can_undo_typing(self) -> bool:
        """True when something was typed since the text was loaded."""
        return bool(self.history.undo_stack)

    @property
    def can_redo_typing(self) -> bool:
        """True when typing was undone and can come back."""
        return bool(self.history.redo_stack)

    def select_offsets(self, start: int, end: int) -> None:
        """Select the code points from ``start`` to ``end`` of the text."""
        text = self.text
        self.selection = Selection(self._location(text, start), self._location(text, end))

    @staticmethod
    def _location(text: str, offset: int) -> tuple[int, int]:
        before = text[:offset]
        row = before.count("\n")
        return row, offset - (before.rfind("\n") + 1)

    async def keys_taken_in(self) -> None:
        """Wait for the keys that were sent here before; one bound by the screen would overtake them."""
        done = asyncio.Event()
        if self.is_attached and self.call_later(done.set):
            with contextlib.suppress(TimeoutError):  # the field is closing
                await asyncio.wait_for(done.wait(), _PATIENCE_S)

    def insert_tags(self, tags: Sequence[str]) -> None:
        """Put a placeholder at the cursor; an opening and a closing one around what is selected."""
        start, end = sorted(self.selection)
        if len(tags) == 2:
            self._replace_via_keyboard(tags[0] + self.get_text_range(start, end) + tags[1], start, end)
        else:
            self._replace_via_keyboard(tags[0], end, end)

    def get_line(self, line_index: int) -> Text:
        """A line as it is drawn: control characters as signs, nothing read as markup, placeholders set apart."""
        shown = Text(self._disguise.shown(self.document.get_line(line_index)), end="", no_wrap=True)
        if self.keeps_tags:
            for start, end in tag_spans(shown.plain):
                shown.stylize("bold italic", start, end)
        return shown

    def _delete_via_keyboard(self, start: Location, end: Location) -> EditResult | None:
        return super()._delete_via_keyboard(*self._whole_tags(start, end))

    def _replace_via_keyboard(self, insert: str, start: Location, end: Location) -> EditResult | None:
        return super()._replace_via_keyboard(insert, *self._whole_tags(start, end))

    def _whole_tags(self, start: Location, end: Location) -> tuple[Location, Location]:
        if not self.keeps_tags:
            return start, end
        first, last = sorted((start, end))
        span = whole_tags(self.text, self._offset(first), self._offset(last))
        return self._location(self.text, span[0]), self._location(self.text, span[1])

    def _offset(self, location: Location) -> int:
        row, column = location
        return sum(len(self.document.get_line(line)) + 1 for line in range(row)) + column

    def action_new_line(self) -> None:
        """Break the line at the cursor."""
        start, end = self.selection
        self._replace_via_keyboard("\n", start, end)

    def action_cursor_up(self, select: bool = False) -> None:
        """Up, or to the segment before when there is no line above."""
        if not select and self.navigator.is_first_wrapped_line(self.cursor_location):
            self.post_message(self.LeftEdge(-1))
        else:
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        """Down, or to the segment after when there is no line below."""
        if not select and self.navigator.is_last_wrapped_line(self.cursor_location):
            self.post_message(self.LeftEdge(1))
        else:
            super().action_cursor_down(select)

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.prevent_default()  # not a character here; it bubbles to the screen's binding
            return
        # Textual looks for bindings only when a key has bubbled up to the application: by then letters typed after it
        # may have gone in, which a burst of keys over a slow line brings about.
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            event.prevent_default()
            event.stop()
            await self.run_action(binding.action)
            return
        await super()._on_key(event)

    async def _on_paste(self, event: events.Paste) -> None:
        """Pasted text goes in like typed text, whatever it holds."""
        event.prevent_default()
        event.stop()
        text = event.text.replace("\r\n", "\n").replace("\r", "\n")
        start, end = self.selection
        if result := self._replace_via_keyboard(self._disguise.put_on(text), start, end):
            self.move_cursor(result.end_location)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Tell of a change by the person, not of a load."""
        event.stop()
        value = self.value
        if value != self._loaded:
            self._loaded = value
            self.post_message(self.Edited(value))
