"""The list of all segments. It holds no texts but those on the screen, so a million segments cost what twenty do."""

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

from posteditor.core.segment import Status
from posteditor.tui.list_row import ListRow, RowStyles, lay_out

RowSource = Callable[[Sequence[int]], list[ListRow]]
"""Gives the rows at the positions asked for, in that order; called for visible rows only."""

_KEPT_ROWS = 200
"""Rows whose drawn lines are kept; typing changes one of them and moving two."""


class SegmentList(Widget, can_focus=False):
    """Rows of different heights, wrapped whole, around a current one.

    The view is any ascending sequence of positions: ``range(1, count + 1)`` or what a filter found. Layout starts from
    an anchor (the first visible row and how many of its lines are scrolled away): nothing above it need be measured.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "segment-list--mt",
        "segment-list--target",
        "segment-list--suggestion",
        "segment-list--frame",
        "segment-list--current",
        "segment-list--done",
        "segment-list--draft",
        "segment-list--rejected",
        "segment-list--thumb",
    }
    DEFAULT_CSS = """
    SegmentList { height: 1fr; min-height: 3; background: $background; color: $foreground; }
    SegmentList > .segment-list--mt { color: $foreground; }
    SegmentList > .segment-list--target { color: $foreground; text-style: bold; }
    SegmentList > .segment-list--suggestion { color: $text-accent; text-style: italic; }
    SegmentList > .segment-list--frame { color: $text-muted; }
    SegmentList > .segment-list--current { background: $primary 20%; }
    SegmentList > .segment-list--done { color: $text-success; }
    SegmentList > .segment-list--draft { color: $text-warning; }
    SegmentList > .segment-list--rejected { color: $text-error; }
    SegmentList > .segment-list--thumb { color: $primary; }
    """

    @dataclass
    class Picked(Message):
        """The person clicked a row."""

        position: int

    def __init__(self, source: RowSource, view: Sequence[int], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._source = source
        self._view = view
        self._index = 0
        self._top = 0
        self._skip = 0
        self._follow = True
        self._rows: dict[int, ListRow] = {}
        self._screen_lines: list[Strip] | None = None
        self._line_index: list[int] = []
        self._styles: RowStyles | None = None
        self._drawn: dict[tuple[ListRow, bool, int, int], list[Strip]] = {}
        self._thumb: tuple[Strip, Strip] | None = None

    # -- what the screen tells it ------------------------------------------------------------------------------------

    @property
    def view(self) -> Sequence[int]:
        """The positions listed, ascending."""
        return self._view

    @property
    def current(self) -> int:
        """Position of the current segment; 0 when the view is empty."""
        return self._view[self._index] if self._view else 0

    @property
    def visible_positions(self) -> list[int]:
        """Positions of the rows on the screen, top to bottom."""
        self._laid_out()
        return [self._view[index] for index in sorted(set(self._line_index)) if index >= 0]

    def show_view(self, view: Sequence[int], position: int) -> None:
        """List other segments, with the current row at ``position`` or the first one after it."""
        self._view = view
        self._top, self._skip, self._rows = 0, 0, {}
        self._index = self.index_of(position)
        self._top = self._index
        self._follow = True
        self.invalidate()

    def grew(self, position: int) -> None:
        """The view, a list that a search is still filling, has got longer; the row at ``position`` stays current."""
        top = self._view[self._top] if self._top < len(self._view) else position
        self._index, self._top = self.index_of(position), self.index_of(min(top, position))
        self._follow = True
        self._redraw()

    def move_to(self, position: int) -> None:
        """Make the segment at ``position`` (or the first after it in the view) current and visible."""
        self._index = self.index_of(position)
        self._follow = True
        self._redraw()

    def neighbour(self, step: int) -> int | None:
        """The position ``step`` rows from the current one, or the last one there is; None when already there."""
        if not self._view:
            return None
        index = min(max(self._index + step, 0), len(self._view) - 1)
        return None if index == self._index else self._view[index]

    def page_step(self) -> int:
        """How many rows a page is: those now on the screen, less one; at least 1."""
        return max(1, len(self.visible_positions) - 1)

    def index_of(self, position: int) -> int:
        """Index in the view of ``position``, or of the first position after it, or of the last one."""
        low, high = 0, len(self._view)
        while low < high:
            middle = (low + high) // 2
            if self._view[middle] < position:
                low = middle + 1
            else:
                high = middle
        return max(0, min(low, len(self._view) - 1))

    def invalidate(self, positions: Iterable[int] | None = None) -> None:
        """Fetch and draw again the rows at ``positions``, or all on the screen."""
        if positions is None:
            self._rows.clear()
        elif not [position for position in positions if self._rows.pop(position, None)]:
            return
        self._redraw()

    def show_row(self, row: ListRow) -> None:
        """Draw ``row`` in place of what the source gave, until the row is invalidated."""
        if self._rows.get(row.position) != row:
            self._rows[row.position] = row
            self._redraw()

    def _redraw(self) -> None:
        """Lay out again and repaint only the lines that differ: over ssh every cell counts."""
        before, self._screen_lines = self._screen_lines, None
        if before is None or not self.is_attached or not self.size.height:
            self.refresh()
            return
        after = self._laid_out()
        changed = [y for y in range(len(after)) if y >= len(before) or before[y] is not after[y]]
        if len(after) < len(before):
            changed.append(len(before) - 1)
        if changed:
            self.refresh(Region(0, changed[0], self.size.width, changed[-1] - changed[0] + 1))

    # -- layout ------------------------------------------------------------------------------------------------------

    def _laid_out(self) -> list[Strip]:
        """The lines on the screen, made if they are out of date."""
        if self._screen_lines is None:
            self._screen_lines, self._line_index = self._lay_out_screen(self.size.height)
        return self._screen_lines

    def _lay_out_screen(self, height: int) -> tuple[list[Strip], list[int]]:
        if not self._view or height == 0:
            return [], []
        if self._follow:
            self._scroll_to_current(height)
        lines: list[Strip] = []
        line_index: list[int] = []
        index, skip = self._top, self._skip
        while len(lines) < height and index < len(self._view):
            row_lines = self._row_lines(index)[skip:]
            lines += row_lines
            line_index += [index] * len(row_lines)
            index, skip = index + 1, 0
        thumb = self._thumb_line(height)
        if 0 <= thumb < len(lines):
            lines[thumb] = self._with_thumb(lines[thumb])
        return lines[:height], line_index[:height]

    def _scroll_to_current(self, height: int) -> None:
        """Choose the anchor so that the current row is whole on the screen, moving as little as possible."""
        if self._index <= self._top:
            self._top, self._skip = self._index, 0
            return
        room = height - len(self._row_lines(self._index))
        index = self._index
        while index > self._top and room >= 0:
            index -= 1
            if index == self._top:
                if room >= len(self._row_lines(index)) - self._skip:
                    return  # the current row is on the screen already
                break
            room -= len(self._row_lines(index))
        self._anchor_at_bottom(height)

    def _anchor_at_bottom(self, height: int) -> None:
        room = height - len(self._row_lines(self._index))
        self._top, self._skip = self._index, 0
        while self._top > 0 and room > 0:
            size = len(self._row_lines(self._top - 1))
            if size > room:
                break
            self._top, room = self._top - 1, room - size

    def _row_lines(self, index: int) -> list[Strip]:
        position = self._view[index]
        row = self._rows.get(position)
        if row is None:
            row = self._fetch(index)
        is_current = index == self._index
        width = max(20, self.size.width)
        digits = len(str(self._view[-1]))
        key = (row, is_current, width, digits)
        lines = self._drawn.get(key)
        if lines is None:
            if len(self._drawn) > _KEPT_ROWS:
                self._drawn.clear()
            spans = lay_out(row, width - 1, digits, self._row_styles(), is_current=is_current)
            end = Span(" ", self._row_styles().frame)  # the last column is the scroll bar
            lines = self._drawn[key] = [Strip([*line, end], width) for line in spans]
        return lines

    def _fetch(self, index: int) -> ListRow:
        """Fetch a screenful around ``index`` in one go and give its row."""
        around = range(max(0, index - self.size.height), min(len(self._view), index + self.size.height + 1))
        wanted = [self._view[near] for near in around if self._view[near] not in self._rows]
        if len(self._rows) > 20 * (self.size.height + 1):
            kept = self._rows.get(self.current)
            self._rows = {} if kept is None else {kept.position: kept}
            wanted = [self._view[near] for near in around]
        for row in self._source(wanted):
            self._rows.setdefault(row.position, row)
        return self._rows[self._view[index]]

    def _row_styles(self) -> RowStyles:
        if self._styles is None:

            def style(name: str) -> Style:
                return self.get_component_rich_style(f"segment-list--{name}")

            frame, done = style("frame"), style("done")
            self._styles = RowStyles(
                mt=style("mt"),
                target=style("target"),
                suggestion=style("suggestion"),
                frame=frame,
                current=Style(bgcolor=style("current").bgcolor),
                status={
                    Status.NEW: frame,
                    Status.DRAFT: style("draft"),
                    Status.CONFIRMED: done,
                    Status.REVIEWED: done,
                    Status.REJECTED: style("rejected"),
                },
            )
        return self._styles

    # -- Textual's side ----------------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """One line of the screen (Textual's line API)."""
        lines = self._laid_out()
        return lines[y] if y < len(lines) else Strip.blank(self.size.width, self.rich_style)

    def _thumb_line(self, height: int) -> int:
        if len(self._view) < 2:
            return -1
        return round(self._index / (len(self._view) - 1) * (height - 1))

    def _with_thumb(self, line: Strip) -> Strip:
        """The same line object for the same line, so that nothing is repainted for it."""
        kept = self._thumb
        if kept is None or kept[0] is not line:
            style = self.get_component_rich_style("segment-list--thumb")
            *spans, _ = line
            self._thumb = kept = (line, Strip([*spans, Span("▐", style)], line.cell_length))
        return kept[1]

    def notify_style_update(self) -> None:
        """The theme changed: colours are looked up again."""
        super().notify_style_update()
        self._styles = self._screen_lines = self._thumb = None
        self._drawn.clear()

    def on_resize(self, event: events.Resize) -> None:
        """Another width wraps differently; the current row stays visible."""
        self._follow = True
        self._screen_lines = None
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click picks the row under the pointer."""
        self._laid_out()
        if event.y < len(self._line_index):
            self.post_message(self.Picked(self._view[self._line_index[event.y]]))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel scrolls by three lines; the current segment stays current."""
        self._scroll_lines(3)
        event.stop()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel scrolls back by three lines."""
        self._scroll_lines(-3)
        event.stop()

    def _scroll_lines(self, lines: int) -> None:
        if not self._view:
            return
        self._laid_out()
        self._follow = False
        self._skip += lines
        while self._skip < 0 and self._top > 0:
            self._top -= 1
            self._skip += len(self._row_lines(self._top))
        self._skip = max(self._skip, 0)
        while self._top < len(self._view) - 1 and self._skip >= (size := len(self._row_lines(self._top))):
            self._top, self._skip = self._top + 1, self._skip - size
        self._skip = min(self._skip, len(self._row_lines(self._top)) - 1)
        self._redraw()
