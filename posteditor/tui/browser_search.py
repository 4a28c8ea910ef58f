"""Searching the texts of a comparison, in a thread of its own; hits are gone to in the order of the list."""

from posteditor.tui.benchmark_view import BrowserView
from posteditor.tui.browser_base import BrowserBase
from posteditor.tui.dialogs import AskText
from posteditor.tui.finding import Finder
from posteditor.tui.finding_actions import HitsFound, SearchEnded
from posteditor.tui.trouble import guarded


class Searching(BrowserBase):
    """Search, and from hit to hit."""

    def __init__(self, view: BrowserView) -> None:
        super().__init__(view)
        self._jump_pending = False
        self._finder = Finder(
            lambda number, indices: self.hand_over(HitsFound(number, indices)),
            lambda number, trouble: self.hand_over(SearchEnded(number, trouble)),
        )

    def do_search(self) -> None:
        """Ask what to look for and go to the first hit from here on."""
        question = AskText("Search in all texts", value=self.view.search, hint="n, N: go on.  Esc later ends it.")
        self.ask(question, self._search_or_end)

    def _search_or_end(self, text: str) -> None:
        if text:
            self.search(text, jumps=True)
        else:
            self.end_search()

    def search(self, text: str, *, jumps: bool) -> None:
        """Look for a text; ``jumps`` goes to the nearest hit in the end."""
        self.hits = bytearray(len(self.view.segments))
        self.hit_count, self.is_searching, self._jump_pending = 0, True, jumps
        self.view.search = text
        segments = self.view.segments
        self._finder.start(lambda should_stop: segments.find(text, should_stop))
        self.rows.redraw()
        self.draw_facts()

    def end_search(self) -> None:
        """Forget what was looked for."""
        self.stop_search()
        self.hits = bytearray(len(self.view.segments))
        self.hit_count, self.view.search = 0, ""
        self.rows.redraw()
        self.draw_facts()

    def do_next_hit(self) -> None:
        """To the next hit on the list, after the last the first."""
        self._jump(1)

    def do_previous_hit(self) -> None:
        """To the hit before."""
        self._jump(-1)

    def _jump(self, step: int, *, or_here: bool = False) -> None:
        place = self._hit_from(self.rows.place, step, or_here)
        if place is not None:
            self.move(place)
        elif not self.view.search:
            self.say("No search: / starts one.")
        else:
            self.say("Nothing found yet." if self.is_searching else "It occurs in none of the segments listed.")

    def _hit_from(self, place: int, step: int, or_here: bool) -> int | None:
        """The place of the nearest hit in a direction, around the ends."""
        view, hits = self.rows.view, self.hits
        count = len(view)
        for distance in range(0 if or_here else 1, count + 1 if count else 0):
            if hits[view[(place + step * distance) % count]]:
                return (place + step * distance) % count
        return None

    @guarded
    def on_hits_found(self, message: HitsFound) -> None:
        """A batch of indices; the first hit there is from here on is jumped to once all are known."""
        if message.number == self._finder.number and self.is_searching:
            for index in message.positions:
                self.hits[index] = 1
            self.hit_count += len(message.positions)
            self.rows.redraw(message.positions)
            self.draw_facts()

    @guarded
    def on_search_ended(self, message: SearchEnded) -> None:
        """Now the nearest hit in the order of the list is known."""
        if message.number != self._finder.number or not self.is_searching:
            return
        self.is_searching = False
        self.draw_facts()
        if message.trouble is not None:
            self.tell(message.trouble)
        elif self._jump_pending:
            self._jump_pending = False
            self._jump(1, or_here=True)

    def stop_search(self) -> None:
        """End the search that is under way, if there is one."""
        self._finder.stop()
        self.is_searching = False
