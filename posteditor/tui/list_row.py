"""One row of the segment list: what it shows and how it is laid out in lines. No widget, no data access."""

from dataclasses import dataclass

from rich.segment import Segment as Span
from rich.style import Style

from posteditor.core.segment import Status
from posteditor.tui.visible import visible
from posteditor.tui.wrapping import fit, wrap_spans

MARKS: dict[Status, str] = {
    Status.NEW: "·",
    Status.DRAFT: "~",
    Status.CONFIRMED: "✓",
    Status.REVIEWED: "★",
    Status.REJECTED: "✗",
}
"""The sign of each status, one cell wide; the help screen explains them."""

NOTE_MARK = "¶"
CURRENT_MARK = "▶"


@dataclass(frozen=True, slots=True)
class ListRow:
    """What the list shows of one segment."""

    position: int
    mt: str
    target: str | None
    suggestion: str | None
    """Shown in the target's place while there is no target."""
    status: Status
    has_note: bool = False


@dataclass(frozen=True, slots=True)
class RowStyles:
    """The styles of a row's parts; ``current`` lies over the others on the current row."""

    mt: Style
    target: Style
    suggestion: Style
    frame: Style
    current: Style
    status: dict[Status, Style]


def lay_out(row: ListRow, width: int, digits: int, styles: RowStyles, *, is_current: bool) -> list[list[Span]]:
    """The lines of a row, each ``width`` cells: number and marks, the mt, and the target or suggestion beside it.

    Args:
        digits: Cells for the segment number.
    """
    gutter = digits + 5  # pointer, number, space, status, note, space
    left = max(4, (width - gutter - 3) // 2)
    right = max(4, width - gutter - 3 - left)
    is_suggestion = row.target is None and row.suggestion is not None
    text = row.target if row.target is not None else (row.suggestion or "")
    mt_lines = _wrapped(row.mt, left)
    text_lines = _wrapped(text, right)
    over = styles.current if is_current else Style.null()
    mt_style, frame = styles.mt + over, styles.frame + over
    text_style = (styles.suggestion if is_suggestion else styles.target) + over
    lines = []
    for index in range(max(len(mt_lines), len(text_lines))):
        if index == 0:
            pointer = CURRENT_MARK if is_current else " "
            note = NOTE_MARK if row.has_note else " "
            head = [
                Span(f"{pointer}{row.position:>{digits}} ", frame),
                Span(MARKS[row.status], styles.status[row.status] + over),
                Span(f"{note} ", frame),
            ]
        else:
            head = [Span(" " * gutter, frame)]
        lines.append(
            [
                *head,
                Span(mt_lines[index] if index < len(mt_lines) else " " * left, mt_style),
                Span(" │ ", frame),
                Span(text_lines[index] if index < len(text_lines) else " " * right, text_style),
            ]
        )
    return lines


def _wrapped(text: str, width: int) -> list[str]:
    shown = visible(text)
    return [fit(shown[start:end], width) for start, end in wrap_spans(shown, width)]
