"""Editor actions that look through the whole file: search, filter."""

from array import array
from bisect import bisect_left, bisect_right

from textual.message import Message

from posteditor.errors import PostEditorError
from posteditor.services.editing import FindQuery
from posteditor.tui.dialogs import AskFilter, AskText, FilterChoice
from posteditor.tui.editor_base import EditorBase
from posteditor.tui.editor_setup import EditorSetup
from posteditor.tui.finding import Finder


class HitsFound(Message):
    """A batch of positions from a running search, in the order found."""

    def __init__(self, number: int, positions: list[int]) -> None:
        super().__init__()
        self.number = number
        self.positions = positions


class SearchEnded(Message):
    """The search is through."""

    def __init__(self, number: int, trouble: PostEditorError | None) -> None:
        super().__init__()
        self.number = number
        self.trouble = trouble


class Finding(EditorBase):
    """Search goes from hit to hit on the list as it is; a filter makes a list of what it finds."""

    def __init__(self, setup: EditorSetup) -> None:
        super().__init__(setup)
        self._finder = Finder(
            lambda number, positions: self._hand_over(HitsFound(number, positions)),
            lambda number, trouble: self._hand_over(SearchEnded(number, trouble)),
        )
        self._query = FindQuery()
        self._filter = FilterChoice(None, "")
        self._hits = _no_hits()
        """Ascending positions found so far."""
        self._is_filtering = False
        self._is_searching = False
        self._jump_pending = False

    # -- search ------------------------------------------------------------------------------------------------------

    def do_search(self) -> None:
        """Ask what to look for and go to the first hit from here on."""
        question = AskText("Search in source, mt and target", value=self._query.text, hint="Esc later ends it.")
        self.ask(question, self._search)

    def _search(self, text: str) -> None:
        if not text:
            self.do_show_all()
            return
        self.put_away()
        if self._is_filtering:
            self._end_filter()
        self._query = FindQuery(text=text)
        self._begin(filtering=False)

    def do_next_hit(self) -> None:
        """To the next hit."""
        self._jump(forward=True)

    def do_previous_hit(self) -> None:
        """To the hit before."""
        self._jump(forward=False)

    def _jump(self, *, forward: bool) -> None:
        if not self._hits:
            self.say("Nothing found yet." if self._is_searching else "No search: Ctrl+F starts one.")
            return
        if forward:
            index = bisect_right(self._hits, self.position) % len(self._hits)
        else:
            index = bisect_left(self._hits, self.position) - 1
        self.go_to(self._hits[index])
        self._name_listing()

    # -- filter ------------------------------------------------------------------------------------------------------

    def do_filter(self) -> None:
        """Ask which segments to list."""

        def answered(choice: FilterChoice) -> None:
            if choice.statuses is None and not choice.text:
                self.do_show_all()
                return
            self.put_away()
            self._filter = choice
            self._query = FindQuery(text=choice.text, statuses=choice.statuses)
            self._begin(filtering=True)

        self.ask(AskFilter(self._filter), answered)

    def do_show_all(self) -> None:
        """End the filter and the search."""
        self.list_all()

    def list_all(self) -> None:
        """List every segment again, and forget what was looked for."""
        self._finder.stop()
        self._is_searching = False
        self._hits = _no_hits()
        self._query, self._filter = FindQuery(), FilterChoice(None, "")
        if self._is_filtering:
            self._end_filter()
        self._name_listing()

    def _end_filter(self) -> None:
        self._is_filtering = False
        self.rows.show_view(range(1, self.session.count + 1), self.position)

    # -- what the search's thread tells ------------------------------------------------------------------------------

    def _begin(self, *, filtering: bool) -> None:
        self._hits = _no_hits()
        self._is_filtering, self._is_searching, self._jump_pending = filtering, True, True
        query, start = self._query, self.position
        self._finder.start(lambda should_stop: self.session.find(query, start=start, should_stop=should_stop))
        self._name_listing()

    def hits_found(self, message: HitsFound) -> None:
        """Take in a batch; the first one moves the person there."""
        if message.number != self._finder.number or not self._is_searching:
            return
        is_first = not self._hits
        first = message.positions[0]
        if is_first or first > self._hits[-1]:
            self._hits.extend(message.positions)
        else:  # the search has gone round the end of the file
            at = bisect_left(self._hits, first)
            self._hits[at:at] = array("I", message.positions)
        if self._is_filtering:
            if is_first:
                self.rows.show_view(self._hits, first)
            else:
                self.rows.grew(self.position)
        if self._jump_pending:
            self._jump_pending = False
            self.go_to(first)
        self._name_listing()

    def search_ended(self, message: SearchEnded) -> None:
        """Say so when there was nothing."""
        if message.number != self._finder.number:
            return
        self._is_searching = False
        if message.trouble is not None:
            self.tell(message.trouble)
        elif not self._hits:
            self.say("Nothing found.")
            self.do_show_all()
        self._name_listing()

    def _name_listing(self) -> None:
        if not self._is_filtering and not self._query.text:
            self.listing = ""
        else:
            more = "…" if self._is_searching else ""
            words = [self._query.text and f"“{self._query.text}”"]
            if self._query.statuses is not None:
                words.append("/".join(sorted(self._query.statuses)))
            kind = "filter" if self._is_filtering else "search"
            self.listing = f"{kind} {' '.join(filter(None, words))}: {len(self._hits)}{more}"
        self.draw_status()


def _no_hits() -> "array[int]":
    """Four bytes a hit: a filter may list a million segments."""
    return array("I")
