"""The screen that browses a comparison segment by segment: what gained, what lost, and which words did it."""

from dataclasses import dataclass
from threading import Event, Thread
from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from posteditor.errors import PostEditorError
from posteditor.services.benchmark.segment_differences import Kind, Order
from posteditor.tui.benchmark_actions import ACTIONS, BrowserHelp, BrowserKeys
from posteditor.tui.benchmark_view import BrowserView
from posteditor.tui.dialogs import AskText, Tell
from posteditor.tui.difference_list import DifferenceList, DifferenceRow
from posteditor.tui.difference_panel import DifferencePanel
from posteditor.tui.finding import Finder
from posteditor.tui.finding_actions import HitsFound, SearchEnded
from posteditor.tui.trouble import guarded
from posteditor.tui.visible import visible


@dataclass(frozen=True, slots=True)
class OpenInEditor:
    """The person wants to edit this segment of the view's current test set."""

    index: int


class SetLoaded(Message):
    """Another test set has been read, or could not be."""

    def __init__(self, place: int, trouble: PostEditorError | None) -> None:
        super().__init__()
        self.place = place
        self.trouble = trouble


class _Called(Exception):  # noqa: N818 - ends a reading that nobody waits for any more
    pass


class BrowserScreen(Screen[None]):
    """List above, texts below; side by side where the terminal is wide."""

    CSS_PATH = "benchmark_browser.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 (declared so by Textual)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(action.keys, f"perform('{action.name}')", action.label, tooltip=action.help) for action in ACTIONS
    ]

    def __init__(self, view: BrowserView) -> None:
        super().__init__()
        self.view = view
        self._hits = bytearray()
        """1 for each segment found, by index."""
        self._hit_count = 0
        self._is_searching = False
        self._jump_pending = False
        self._loading: int | None = None
        self._closed = Event()
        self._finder = Finder(
            lambda number, indices: self._hand_over(HitsFound(number, indices)),
            lambda number, trouble: self._hand_over(SearchEnded(number, trouble)),
        )

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

    def on_mount(self) -> None:
        """Show where the person is."""
        self._show_set()
        if self.view.trouble is not None:
            self.tell(self.view.trouble)
            self.view.trouble = None

    # -- showing -----------------------------------------------------------------------------------------------------

    @guarded
    def _show_set(self) -> None:
        """The current test set, from the start or from where it was left."""
        segments = self.view.segments
        self._hits = bytearray(len(segments))
        self.rows.show_segments(self._row, lambda index: bool(self._hits[index]), segments.last_position)
        self._show_view(self.view.index)
        if self.view.search:
            self._search(self.view.search, jumps=False)

    def _show_view(self, index: int | None) -> None:
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
        self._draw_facts()

    def _move(self, place: int) -> None:
        self.rows.move_to(place)
        self._show_current()

    def _draw_facts(self) -> None:
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
            more = "…" if self._is_searching else ""
            parts.append(Content.styled(visible(f"“{self.view.search}” {self._hit_count}{more}"), "$text-accent"))
        if self._loading is not None:
            parts.append(Content.styled("reading the next test set …", "$text-warning"))
        parts.append(Content.styled(f"+{segments.better} -{segments.worse}", "$text-muted"))
        parts.append(Content.styled(visible(f"A {a}  B {b}"), "$text-muted"))
        self.query_one("#facts", Static).update(Content("  ").join(parts), layout=False)

    # -- keys --------------------------------------------------------------------------------------------------------

    @guarded
    def action_perform(self, name: str) -> None:
        """Do the action of that name."""
        getattr(self, f"do_{name}")()

    def do_down(self) -> None:
        """One on."""
        self._move(self.rows.place + 1)

    def do_up(self) -> None:
        """One back."""
        self._move(self.rows.place - 1)

    def do_page_down(self) -> None:
        """A screenful on."""
        self._move(self.rows.place + max(1, self.rows.page - 1))

    def do_page_up(self) -> None:
        """A screenful back."""
        self._move(self.rows.place - max(1, self.rows.page - 1))

    def do_first(self) -> None:
        """To the top."""
        self._move(0)

    def do_last(self) -> None:
        """To the end."""
        self._move(len(self.rows.view) - 1)

    def do_scroll_down(self) -> None:
        """The texts, one screenful of them."""
        self.panel.scroll_pages(1)

    def do_scroll_up(self) -> None:
        """The same back."""
        self.panel.scroll_pages(-1)

    def do_sort(self) -> None:
        """The next order, from its top."""
        orders = list(Order)
        self.view.order = orders[(orders.index(self.view.order) + 1) % len(orders)]
        self._show_view(None)

    def do_filter(self) -> None:
        """The next kind of segments."""
        self._filter(1)

    def do_filter_back(self) -> None:
        """The kind before."""
        self._filter(-1)

    def _filter(self, step: int) -> None:
        kinds = list(Kind)
        self.view.kind = kinds[(kinds.index(self.view.kind) + step) % len(kinds)]
        self._show_view(self.view.index)
        if not self.rows.view:
            self.say(f"No segment is {self.view.kind}.")

    def do_show_all(self) -> None:
        """End the search, or else the filter."""
        if self.view.search:
            self._end_search()
        elif self.view.kind is not Kind.ALL:
            self.view.kind = Kind.ALL
            self._show_view(self.view.index)

    def do_go_to(self) -> None:
        """Ask for a number and go there."""

        def answered(text: str) -> None:
            index = self.view.segments.index_of(int(text)) if text.strip().isdecimal() else None
            if index is None:
                self.say("There is no scored segment of that number.")
                return
            if index not in self.rows.view:
                self.view.kind = Kind.ALL
            self._show_view(index)

        self.ask(AskText("Go to segment number"), answered)

    def do_next_set(self) -> None:
        """The next test set; one that was not read yet is read while the screen goes on."""
        count = len(self.view.pairing.sets)
        if count == 1:
            self.say("There is only one test set.")
        elif self._loading is None:
            self._loading = (self.view.place + 1) % count
            Thread(target=self._load, args=(self._loading,), name="reading", daemon=True).start()
            self._draw_facts()

    def do_edit(self) -> None:
        """Leave for the editor."""
        if self.rows.current is not None:
            self._leave(OpenInEditor(self.rows.current))

    def do_theme(self) -> None:
        """Light or dark."""
        self.app.theme = "textual-light" if self.app.current_theme.dark else "textual-dark"

    def do_help(self) -> None:
        """All keys."""
        self.app.push_screen(BrowserHelp())

    def do_quit(self) -> None:
        """Leave."""
        self._leave(None)

    def _leave(self, result: OpenInEditor | None) -> None:
        self.close_down()
        self.app.exit(result)

    def close_down(self) -> None:
        """End what goes on in threads."""
        self._closed.set()
        self._finder.stop()

    # -- search ------------------------------------------------------------------------------------------------------

    def do_search(self) -> None:
        """Ask what to look for and go to the first hit from here on."""
        question = AskText("Search in all texts", value=self.view.search, hint="n, N: go on.  Esc later ends it.")
        self.ask(question, self._search_or_end)

    def _search_or_end(self, text: str) -> None:
        if text:
            self._search(text, jumps=True)
        else:
            self._end_search()

    def _search(self, text: str, *, jumps: bool) -> None:
        self._hits = bytearray(len(self.view.segments))
        self._hit_count, self._is_searching, self._jump_pending = 0, True, jumps
        self.view.search = text
        segments = self.view.segments
        self._finder.start(lambda should_stop: segments.find(text, should_stop))
        self.rows.redraw()
        self._draw_facts()

    def _end_search(self) -> None:
        self._finder.stop()
        self._hits = bytearray(len(self.view.segments))
        self._hit_count, self._is_searching, self.view.search = 0, False, ""
        self.rows.redraw()
        self._draw_facts()

    def do_next_hit(self) -> None:
        """To the next hit on the list, after the last the first."""
        self._jump(1)

    def do_previous_hit(self) -> None:
        """To the hit before."""
        self._jump(-1)

    def _jump(self, step: int, *, or_here: bool = False) -> None:
        place = self._hit_from(self.rows.place, step, or_here)
        if place is not None:
            self._move(place)
        elif not self.view.search:
            self.say("No search: / starts one.")
        else:
            self.say("Nothing found yet." if self._is_searching else "It occurs in none of the segments listed.")

    def _hit_from(self, place: int, step: int, or_here: bool) -> int | None:
        """The place of the nearest hit in a direction, around the ends."""
        view, hits = self.rows.view, self._hits
        count = len(view)
        for distance in range(0 if or_here else 1, count + 1):
            if hits[view[(place + step * distance) % count]]:
                return (place + step * distance) % count
        return None

    @guarded
    def on_hits_found(self, message: HitsFound) -> None:
        """A batch of indices; the first hit there is from here on is jumped to once all are known."""
        if message.number == self._finder.number and self._is_searching:
            for index in message.positions:
                self._hits[index] = 1
            self._hit_count += len(message.positions)
            self.rows.redraw()
            self._draw_facts()

    @guarded
    def on_search_ended(self, message: SearchEnded) -> None:
        """Now the nearest hit in the order of the list is known."""
        if message.number != self._finder.number or not self._is_searching:
            return
        self._is_searching = False
        self._draw_facts()
        if message.trouble is not None:
            self.tell(message.trouble)
        elif self._jump_pending:
            self._jump_pending = False
            self._jump(1, or_here=True)

    # -- other test sets ---------------------------------------------------------------------------------------------

    def _load(self, place: int) -> None:
        """In a thread of its own."""
        trouble: PostEditorError | None = None
        try:
            self.view.load(place, self._go_on)
        except PostEditorError as error:
            trouble = error
        except _Called:
            return
        self._hand_over(SetLoaded(place, trouble))

    def _go_on(self, done: int, total: int, stage: str) -> None:
        if self._closed.is_set():
            raise _Called

    @guarded
    def on_set_loaded(self, message: SetLoaded) -> None:
        """Go there."""
        self._loading = None
        if message.trouble is not None:
            self._draw_facts()
            raise message.trouble
        self._finder.stop()
        self._is_searching, self._hit_count = False, 0
        self.view.place, self.view.index = message.place, None
        self._show_set()

    # -- telling -----------------------------------------------------------------------------------------------------

    @guarded
    def on_difference_list_picked(self, message: DifferenceList.Picked) -> None:
        """A row was clicked."""
        self._move(message.place)

    def tell(self, error: PostEditorError) -> None:
        """Show an error for the person."""
        top = self.app.screen
        if not (isinstance(top, Tell) and top.message == visible(error.message)):
            self.app.push_screen(Tell(visible(error.message), visible(error.hint)))

    def say(self, text: str) -> None:
        """A passing remark."""
        self.query_one("#keys", BrowserKeys).say(text)

    def ask(self, screen: AskText, answer: Any) -> None:
        """Push a question; ``answer`` is called unless it was dismissed."""

        def answered(text: str | None) -> None:
            if text is None:
                return
            try:
                answer(text)
            except PostEditorError as error:
                self.tell(error)

        self.app.push_screen(screen, answered)

    def _hand_over(self, message: Message) -> None:
        """From any thread; once the screen is gone the message is nobody's."""
        if self.is_attached:
            self.post_message(message)


class BrowserApp(App[OpenInEditor]):
    """The browser in the terminal; ``run`` gives what to edit, or None when the person leaves."""

    TITLE = "posteditor compare"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, view: BrowserView) -> None:
        super().__init__()
        self._view = view
        self.browser: BrowserScreen | None = None

    def on_mount(self) -> None:
        """Show the screen."""
        self.browser = BrowserScreen(self._view)
        self.push_screen(self.browser)

    async def action_quit(self) -> None:
        """Textual's own Ctrl+Q, which comes before any screen's."""
        if self.browser is not None:
            self.browser.do_quit()

    def on_unmount(self) -> None:
        """However the program ends, no thread goes on."""
        if self.browser is not None:
            self.browser.close_down()


def run_browser(view: BrowserView) -> OpenInEditor | None:
    """Browse until the person leaves (None) or wants to edit a segment; ``view`` says where they were."""
    app = BrowserApp(view)
    result = app.run()
    if app.return_code:
        raise SystemExit(app.return_code)
    return result
