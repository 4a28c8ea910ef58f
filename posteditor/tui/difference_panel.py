"""The texts of the current segment of a comparison: source, mt, what both sides made of it, references."""

from collections.abc import Iterator
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from posteditor.core.segment import Segment
from posteditor.core.suggestion import Suggestion
from posteditor.tui.diff_pieces import diff_pieces
from posteditor.tui.visible import visible
from posteditor.tui.withdrawn import withdrawn_lines

_STYLES = {"same": "", "old": "strike $text-error", "new": "bold underline $text-success"}
_LABEL = "$foreground-muted"
_TROUBLE = "$text-warning"
_INDENT = 8
_HUNKS_SHOWN = 12
_LONGEST = 40
"""Characters of a hunk that are shown in the list of confidences."""


@dataclass(frozen=True, slots=True)
class SideView:
    """What one side made of the segment."""

    label: str
    """A or B."""
    name: str
    """Of the rewriter."""
    suggestion: Suggestion
    ter: float


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """All that the panel shows."""

    segment: Segment
    before: float
    """TER of the mt."""
    sides: tuple[SideView, ...]
    """Without do-nothing, whose text is the mt."""


class DifferencePanel(VerticalScroll, can_focus=False):
    """Shows a ``DifferenceView``; it scrolls when there is more than fits."""

    DEFAULT_CSS = """
    DifferencePanel { height: 55%; min-height: 4; border-top: solid $primary; scrollbar-size-vertical: 1; }
    DifferencePanel > Static { height: auto; min-height: 100%; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._view: DifferenceView | None = None

    def compose(self) -> ComposeResult:
        """One text; wrapped, never cut off."""
        yield Static(id="panel-text", markup=False)

    def show(self, view: DifferenceView | None) -> None:
        """Draw ``view`` from its top; nothing where there is none."""
        self._view = view
        self.scroll_home(animate=False)
        self._draw()

    def scroll_pages(self, pages: int) -> None:
        """Scroll by so many screenfuls of the panel; back when negative."""
        self.scroll_relative(y=pages * max(1, self.size.height - 1), animate=False)

    def on_resize(self) -> None:
        """Wrap anew, once the layout that is under way is done."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        if self.size.width:
            content = Content("") if self._view is None else panel_content(self._view, max(self.size.width - 2, 20))
            self.query_one("#panel-text", Static).update(content)


def panel_content(view: DifferenceView, width: int) -> Content:
    """The panel's text in lines of at most ``width`` cells; texts are made visible first and no markup is read."""
    segment = view.segment
    blocks: list[Content] = []
    if segment.source is not None:
        blocks.append(_block("source", Content(visible(segment.source)), width))
    mt = Content(visible(segment.mt)) + Content.styled(f"  [TER {view.before:.1f}]", _LABEL)
    blocks.append(_block("mt", mt, width))
    for side in view.sides:
        blocks += [_block(label, text, width) for label, text in _side_lines(segment.mt, side)]
    for number, reference in enumerate(segment.references, 1):
        label = "ref" if len(segment.references) == 1 else f"ref {number}"
        blocks.append(_block(label, Content(visible(reference)), width))
    if segment.id is not None:
        blocks.append(_block("id", Content.styled(visible(segment.id), _LABEL), width))
    return Content("\n").join(blocks)


def _side_lines(mt: str, side: SideView) -> Iterator[tuple[str, Content]]:
    suggestion = side.suggestion
    facts = f"  [{side.name}, TER {side.ter:.1f}]"
    if suggestion.error:
        text = Content.styled(visible(f"gave up: {suggestion.error}"), "$text-error")
    elif suggestion.text == mt:
        text = Content.styled("left as it is", _LABEL)
    else:
        text = Content("").join(
            Content.styled(piece.text, _STYLES[piece.kind]) for piece in diff_pieces(mt, suggestion)
        )
    yield side.label, text + Content.styled(visible(facts), _LABEL)
    if suggestion.edits:
        yield "", Content.styled(_confidences(mt, suggestion), _LABEL)
    for line in withdrawn_lines(mt, suggestion):
        yield "", Content.styled(line, _TROUBLE)


def _confidences(mt: str, suggestion: Suggestion) -> str:
    """Each hunk with how sure the rewriter was of it."""
    shown = []
    for edit in suggestion.edits[:_HUNKS_SHOWN]:
        category = f"{edit.category} " if edit.category else ""
        facts = visible(f"{category}{edit.confidence:.0%}")
        shown.append(f"{_short(mt[edit.start : edit.end])} → {_short(edit.replacement)} ({facts})")
    more = len(suggestion.edits) - len(shown)
    return "; ".join(shown) + (f"; and {more} more" if more else "")


def _short(text: str) -> str:
    shown = visible(text.strip()) or ("space" if text else "nothing")
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"


def _block(label: str, text: Content, width: int) -> Content:
    """A text beside its label, the following lines indented as far."""
    lines = text.wrap(width - _INDENT)
    indent = " " * _INDENT
    return Content("\n").join(
        Content.styled(f" {label:<{_INDENT - 1}}" if index == 0 else indent, _LABEL) + line
        for index, line in enumerate(lines or [Content("")])
    )
