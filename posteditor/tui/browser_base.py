"""What the groups of actions on a comparison share: where the person is, and the widgets that show it."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from posteditor.errors import PostEditorError
from posteditor.services.benchmark.segment_differences import Kind
from posteditor.tui.benchmark_actions import BrowserKeys
from posteditor.tui.benchmark_view import BrowserView
from posteditor.tui.dialogs import AskText, Tell
from posteditor.tui.difference_list import DifferenceList, DifferenceRow
from posteditor.tui.difference_panel import DifferencePanel
from posteditor.tui.visible import visible


class BrowserBase(Screen[None]):
    """State and drawing; the actions are in the classes built on it."""

    def __init__(self, view: BrowserView) -> None:
        super().__init__()
        self.view = view
        self.hits = bytearray()
        """1 for each segment of the test set that a search has found, by index."""
        self.hit_count = 0
        self.is_searching = False
        self.reading: int | None = None
        """The place of the test set that is being read."""

    def compose(self) -> ComposeResult:
        """A line of facts, the list, the texts, the keys."""
        yield Static(id="facts", markup=False)
        with Vertical(id="main"):
            yield DifferenceList(id="list")
            yield DifferencePanel(id="panel")
        yield BrowserKeys(id="keys")

    @property
    def rows(self) -> DifferenceList:
        """The list."""
        return self.query_one("#list", DifferenceList)

    @property
    def panel(self) -> DifferencePanel:
        """The texts."""
        return self.query_one("#panel", DifferencePanel)

    # -- showing -----------------------------------------------------------------------------------------------------

    def show_set(self) -> None:
        """The current test set, from the start or from where it was left."""
        segments = self.view.segments
        self.hits = bytearray(len(segments))
        self.rows.show_segments(self._row, lambda index: bool(self.hits[index]), segments.last_position)
        self.show_view(self.view.index)

    def show_view(self, index: int | None) -> None:
        """List what the order and the filter say, at the segment with that index if it is there."""
        view = self.view.segments.view(self.view.order, self.view.kind)
        place = 0
        if index is not None and index in view:
            place = view.index(index)
        self.rows.show_view(view, place)
        self._show_current()

    def _row(self, index: int) -> DifferenceRow:
        """A row of the list; a folder that has changed under it must not end the program."""
        try:
            return self.view.row(index)
        except PostEditorError as error:
            return DifferenceRow(0, "=", 0.0, 0.0, 0.0, "!", error.message)

    def _show_current(self) -> None:
        index = self.rows.current
        self.view.index = index
        self.panel.show(None if index is None else self.view.texts(index))
        self.draw_facts()

    def move(self, place: int) -> None:
        """Make the row at ``place``, or the nearest there is, current."""
        self.rows.move_to(place)
        self._show_current()

    def draw_facts(self) -> None:
        """The top line."""
        a, b = self.view.names()
        segments, kind = self.view.segments, self.view.kind
        place = f"{self.rows.place + 1}/{len(self.rows.view)}" if self.rows.view else "none"
        parts = [
            Content.styled(visible(self.view.pair.name), "bold"),
            Content(place),
            Content.styled(f"sort {self.view.order}", "$text-accent"),
        ]
        if kind is not Kind.ALL:
            parts.append(Content.styled(f"only {kind}", "$text-accent"))
        if self.view.search:
            more = "…" if self.is_searching else ""
            parts.append(Content.styled(visible(f"“{self.view.search}” {self.hit_count}{more}"), "$text-accent"))
        if self.reading is not None:
            parts.append(Content.styled("reading the next test set …", "$text-warning"))
        parts.append(Content.styled(f"+{segments.better} -{segments.worse}", "$foreground-muted"))
        parts.append(Content.styled(visible(f"A {a}  B {b}"), "$foreground-muted"))
        self.query_one("#facts", Static).update(Content("  ").join(parts), layout=False)

    # -- telling -----------------------------------------------------------------------------------------------------

    def tell(self, error: PostEditorError) -> None:
        """Show an error for the person."""
        top = self.app.screen
        if not (isinstance(top, Tell) and top.message == visible(error.message)):
            self.app.push_screen(Tell(visible(error.message), visible(error.hint)))

    def say(self, text: str) -> None:
        """A passing remark."""
        self.query_one("#keys", BrowserKeys).say(text)

    def ask(self, screen: AskText, answer: Callable[[str], None]) -> None:
        """Push a question; ``answer`` is called unless it was dismissed."""

        def answered(text: str | None) -> None:
            if text is None:
                return
            try:
                answer(text)
            except PostEditorError as error:
                self.tell(error)

        self.app.push_screen(screen, answered)

    def hand_over(self, message: Message) -> None:
        """From any thread; once the screen is gone the message is nobody's."""
        if self.is_attached:
            self.post_message(message)
