"""The screen that browses a comparison segment by segment: what gained, what lost, and which words did it."""

from dataclasses import dataclass
from threading import Event, Thread
from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.message import Message

from posteditor.errors import PostEditorError
from posteditor.services.benchmark.segment_differences import Kind, Order
from posteditor.tui.benchmark_actions import ACTIONS, BrowserHelp
from posteditor.tui.benchmark_view import BrowserView
from posteditor.tui.browser_search import Searching
from posteditor.tui.dialogs import AskText
from posteditor.tui.difference_list import DifferenceList
from posteditor.tui.trouble import guarded


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


class _NobodyWaits(Exception):  # noqa: N818 - ends the reading of a test set when the screen has gone
    pass


class BrowserScreen(Searching):
    """List above, texts below; side by side where the terminal is wide."""

    CSS_PATH = "benchmark_browser.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 (declared so by Textual)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(action.keys, f"perform('{action.name}')", action.label, tooltip=action.help) for action in ACTIONS
    ]

    def __init__(self, view: BrowserView) -> None:
        super().__init__(view)
        self._ended = Event()

    def on_mount(self) -> None:
        """Show where the person is."""
        self._begin()
        if self.view.trouble is not None:
            self.tell(self.view.trouble)
            self.view.trouble = None

    @guarded
    def _begin(self) -> None:
        self.show_set()
        if self.view.search:
            self.search(self.view.search, jumps=False)

    # -- keys --------------------------------------------------------------------------------------------------------

    @guarded
    def action_perform(self, name: str) -> None:
        """Do the action of that name."""
        getattr(self, f"do_{name}")()

    def do_down(self) -> None:
        """One on."""
        self.move(self.rows.place + 1)

    def do_up(self) -> None:
        """One back."""
        self.move(self.rows.place - 1)

    def do_page_down(self) -> None:
        """A screenful on."""
        self.move(self.rows.place + max(1, self.rows.page - 1))

    def do_page_up(self) -> None:
        """A screenful back."""
        self.move(self.rows.place - max(1, self.rows.page - 1))

    def do_first(self) -> None:
        """To the top."""
        self.move(0)

    def do_last(self) -> None:
        """To the end."""
        self.move(len(self.rows.view) - 1)

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
        self.show_view(None)

    def do_filter(self) -> None:
        """The next kind of segments."""
        self._filter(1)

    def do_filter_back(self) -> None:
        """The kind before."""
        self._filter(-1)

    def _filter(self, step: int) -> None:
        kinds = list(Kind)
        self.view.kind = kinds[(kinds.index(self.view.kind) + step) % len(kinds)]
        self.show_view(self.view.index)
        if not self.rows.view:
            self.say(f"There is no segment to list as {self.view.kind}.")

    def do_show_all(self) -> None:
        """End the search, or else the filter."""
        if self.view.search:
            self.end_search()
        elif self.view.kind is not Kind.ALL:
            self.view.kind = Kind.ALL
            self.show_view(self.view.index)

    def do_go_to(self) -> None:
        """Ask for a number and go there."""

        def answered(text: str) -> None:
            index = self.view.segments.index_of(int(text)) if text.strip().isdecimal() else None
            if index is None:
                self.say("There is no scored segment of that number.")
                return
            if index not in self.rows.view:
                self.view.kind = Kind.ALL
            self.show_view(index)

        self.ask(AskText("Go to segment number"), answered)

    def do_next_set(self) -> None:
        """The next test set; one that was not read yet is read while the screen goes on."""
        count = len(self.view.pairing.sets)
        if count == 1:
            self.say("There is only one test set.")
        elif self.reading is None:
            self.reading = (self.view.place + 1) % count
            Thread(target=self._load, args=(self.reading,), name="reading", daemon=True).start()
            self.draw_facts()

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
        self._ended.set()
        self.stop_search()

    # -- other test sets ---------------------------------------------------------------------------------------------

    def _load(self, place: int) -> None:
        """In a thread of its own."""
        trouble: PostEditorError | None = None
        try:
            self.view.load(place, self._go_on)
        except PostEditorError as error:
            trouble = error
        except _NobodyWaits:
            return
        self.hand_over(SetLoaded(place, trouble))

    def _go_on(self, done: int, total: int, stage: str) -> None:
        if self._ended.is_set():
            raise _NobodyWaits

    @guarded
    def on_set_loaded(self, message: SetLoaded) -> None:
        """Go there."""
        self.reading = None
        if message.trouble is not None:
            self.draw_facts()
            raise message.trouble
        self.stop_search()
        self.hit_count = 0
        self.view.place, self.view.index = message.place, None
        self._begin()

    @guarded
    def on_difference_list_picked(self, message: DifferenceList.Picked) -> None:
        """A row was clicked."""
        self.move(message.place)


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
