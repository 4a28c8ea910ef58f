"""The list of a comparison's segments: one line each, so that a hundred thousand cost what a screenful does."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment as Span
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from posteditor.tui.list_row import CURRENT_MARK
from posteditor.tui.visible import visible
from posteditor.tui.wrapping import fit, wrap_spans

_KEPT_ROWS = 400
_HEAD = "{:>{}}   {:>6}  {:>6}   {:<6}    {}"


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """What the list shows of one segment."""

    position: int
    sign: str
    """+, -, ~ or =; see ``benchmark_actions.SIGNS``."""
    gain: float
    a: float
    """TER of side A."""
    b: float
    mark: str
    """R, ! or a space."""
    text: str


RowSource = Callable[[int], DifferenceRow]
"""Gives the row of an index; called for visible rows only."""


class DifferenceList(Widget, can_focus=False):
    """Rows in any order around a current one, under a line that names the columns."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "difference-list--text",
        "difference-list--frame",
        "difference-list--head",
        "difference-list--current",
        "difference-list--better",
        "difference-list--worse",
        "difference-list--thumb",
    }
    DEFAULT_CSS = """
    DifferenceList { height: 1fr; min-height: 4; background: $background; color: $foreground; }
    DifferenceList > .difference-list--text { color: $foreground; }
    DifferenceList > .difference-list--frame { color: $text-muted; }
    DifferenceList > .difference-list--head { color: $text-muted; text-style: underline; }
    DifferenceList > .difference-list--current { background: $primary 20%; }
    DifferenceList > .difference-list--better { color: $text-success; }
    DifferenceList > .difference-list--worse { color: $text-error; }
    DifferenceList > .difference-list--thumb { color: $primary; }
    """

    @dataclass
    class Picked(Message):
        """The person clicked a row."""

        place: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._source: RowSource = _nothing
        self._is_hit: Callable[[int], bool] = lambda index: False
        self._view: Sequence[int] = ()
        self._digits = 1
        self._place = 0
        self._top = 0
        self._drawn: dict[tuple[int, bool, bool, int], Strip] = {}

    # -- what the screen tells it ------------------------------------------------------------------------------------

    @property
    def view(self) -> Sequence[int]:
        """The indices listed, top to bottom."""
        return self._view

    @property
    def place(self) -> int:
        """Of the current row in the view."""
        return self._place

    @property
    def current(self) -> int | None:
        """Index of the current segment; None while nothing is listed."""
        return self._view[self._place] if self._view else None

    @property
    def page(self) -> int:
        """Rows on the screen."""
        return max(1, self.size.height - 1)

    def show_segments(self, source: RowSource, is_hit: Callable[[int], bool], last_position: int) -> None:
        """List other segments; ``show_view`` follows.

        Args:
            source: Their rows.
            is_hit: Whether the text searched for occurs in one.
            last_position: The largest number to make room for.
        """
        self._source, self._is_hit = source, is_hit
        self._digits = max(3, len(str(last_position)))
        self._drawn.clear()

    def show_view(self, view: Sequence[int], place: int) -> None:
        """List these indices, with the current row at ``place``."""
        self._view = view
        self._place = self._top = 0
        self.move_to(place)
        self.refresh()

    def move_to(self, place: int) -> None:
        """Make the row at ``place``, or the nearest there is, current and visible."""
        before, top = self._place, self._top
        self._place = min(max(place, 0), max(0, len(self._view) - 1))
        self._follow()
        if self._top != top:
            self.refresh()
        else:  # over ssh every cell counts
            for each in {before, self._place}:
                self.refresh(Region(0, 1 + each - top, self.size.width, 1))
        self._refresh_thumb(before)

    def redraw(self, indices: Iterable[int] | None = None) -> None:
        """Draw again, as when hits have come or gone: all rows, or if any of these is on the screen."""
        if indices is None or not set(self._view[self._top : self._top + self.page]).isdisjoint(indices):
            self.refresh()

    # -- drawing -----------------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        if self._place < self._top:
            self._top = self._place
        elif self._place >= self._top + self.page:
            self._top = self._place - self.page + 1

    def render_line(self, y: int) -> Strip:
        """One line of the screen (Textual's line API)."""
        width = self.size.width
        if y == 0:
            return self._head(width)
        place = self._top + y - 1
        if place >= len(self._view):
            return Strip.blank(width, self.rich_style)
        strip = self._row(self._view[place], place == self._place, width)
        if y - 1 != self._thumb(self._place):
            return strip
        return Strip([*strip.crop(0, width - 1), Span("▐", self._style("thumb"))], width)

    def _head(self, width: int) -> Strip:
        text = " " + _HEAD.format("no.", self._digits, "gain", "TER A", "TER B", "mt")
        return Strip([Span(fit(text[:width], width), self._style("head"))], width)

    def _row(self, index: int, is_current: bool, width: int) -> Strip:
        is_hit = self._is_hit(index)
        key = (index, is_current, is_hit, width)
        strip = self._drawn.get(key)
        if strip is None:
            if len(self._drawn) > _KEPT_ROWS:
                self._drawn.clear()
            strip = self._drawn[key] = self._lay_out(self._source(index), is_current, is_hit, width)
        return strip

    def _lay_out(self, row: DifferenceRow, is_current: bool, is_hit: bool, width: int) -> Strip:
        over = Style(bgcolor=self._style("current").bgcolor) if is_current else Style.null()
        name = {"+": "better", "-": "worse"}.get(row.sign, "frame")
        pointer = CURRENT_MARK if is_current else " "
        number = f"{pointer}{row.position:>{self._digits}} "
        scores = f"{row.a:>6.1f} → {row.b:<6.1f} {row.mark}{'/' if is_hit else ' '} "
        gain = f"{row.sign} {_signed(row.gain):>6}  "
        room = max(0, width - len(number) - len(gain) - len(scores) - 1)
        spans = [
            Span(number, self._style("frame") + over),
            Span(gain, self._style(name) + over),
            Span(scores, self._style("frame") + over),
            Span(_start(row.text, room), self._style("text") + over),
            Span(" ", self._style("frame")),  # the scroll bar
        ]
        return Strip(spans).adjust_cell_length(width, self.rich_style)

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"difference-list--{name}")

    def _thumb(self, place: int) -> int:
        if len(self._view) <= self.page:
            return -1
        return round(place / (len(self._view) - 1) * (self.page - 1))

    def _refresh_thumb(self, before: int) -> None:
        for line in {self._thumb(before), self._thumb(self._place)}:
            if line >= 0:
                self.refresh(Region(self.size.width - 1, line + 1, 1, 1))

    # -- Textual's side ----------------------------------------------------------------------------------------------

    def notify_style_update(self) -> None:
        """The theme changed: colours are looked up again."""
        super().notify_style_update()
        self._drawn.clear()

    def on_resize(self, event: events.Resize) -> None:
        """The current row stays visible."""
        self._follow()
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click picks the row under the pointer."""
        place = self._top + event.y - 1
        if event.y > 0 and place < len(self._view):
            self.post_message(self.Picked(place))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel scrolls by three rows; the current segment stays current."""
        self._scroll(3)
        event.stop()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel scrolls back by three rows."""
        self._scroll(-3)
        event.stop()

    def _scroll(self, rows: int) -> None:
        self._top = min(max(0, self._top + rows), max(0, len(self._view) - self.page))
        self.refresh()


def _start(text: str, width: int) -> str:
    """As much of a text as fits, cut between words where it can be."""
    shown = visible(text[: 4 * width])
    (_, end), *more = wrap_spans(shown, width) if width >= 2 else ((0, 0),)
    if not more:
        return fit(shown[:end], width)
    (_, end), *_ = wrap_spans(shown, width - 1) if width > 2 else ((0, 0),)
    return fit(shown[:end].rstrip() + "…", width)


def _nothing(index: int) -> DifferenceRow:
    raise IndexError(index)


def _signed(gain: float) -> str:
    return f"{gain:+.1f}" if gain else "0.0"
