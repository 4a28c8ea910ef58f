"""The panel on the current segment: source, mt with the changed words marked, numbered suggestions with their hunks."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from posteditor.core.hunks import Hunk, HunkState
from posteditor.core.suggestion import Edit, Suggestion
from posteditor.tui.panel_view import PanelView
from posteditor.tui.visible import visible
from posteditor.tui.withdrawn import withdrawn_lines

_MARKED_MT = "underline $text-error"
_INSERTED = "bold $text-success"
_REFUSED = "dim strike"
_STALE = "dim"
_CURRENT = " reverse"
_LABEL = "$text-muted"
_INDENT = 8
"""Cells before the texts: the widest label and two spaces."""

_STATE_WORDS = {
    HunkState.OPEN: "open",
    HunkState.TAKEN: "taken",
    HunkState.REFUSED: "refused",
    HunkState.STALE: "its words were edited",
}


class SegmentPanel(VerticalScroll, can_focus=False):
    """Shows a ``PanelView``; it scrolls by itself when there is more than fits."""

    DEFAULT_CSS = """
    SegmentPanel {
        height: 38vh; min-height: 4;
        border-top: solid $primary; scrollbar-size-vertical: 1;
    }
    SegmentPanel > Static { height: auto; min-height: 100%; }
    """

    def compose(self) -> ComposeResult:
        """One text; wrapped by Textual, never cut off."""
        yield Static(id="panel-text", markup=False)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._view = PanelView(mt="")
        self._height = 0

    def show(self, view: PanelView) -> None:
        """Draw ``view``."""
        if view != self._view:
            if view.mt != self._view.mt:
                self.scroll_home(animate=False)
            self._view = view
            self._draw()

    def scroll_pages(self, pages: int) -> None:
        """Scroll by so many screenfuls of the panel; back when negative."""
        self.scroll_relative(y=pages * max(1, self.size.height - 1), animate=False)

    def on_resize(self) -> None:
        """Wrap anew; not before the layout that is under way is done, which would not see the new height."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        if not self.size.width:
            return  # not laid out yet; the resize that follows draws it
        content = panel_content(self._view, max(self.size.width - 2, 20))  # the scroll bar, and a cell of air
        # A layout of the whole screen is the dearest thing at a key press: none is needed for what fits anyway.
        height = max(content.plain.count("\n") + 1, self.size.height)
        self.query_one("#panel-text", Static).update(content, layout=height != self._height)
        self._height = height


def panel_content(view: PanelView, width: int) -> Content:
    """The panel's text in lines of at most ``width`` cells; texts are made visible first and no markup is read."""
    blocks: list[Content] = []
    if view.source is not None:
        blocks.append(_block("source", Content(visible(view.source)), width))
    blocks.append(_block("mt", _mt_content(view), width))
    for index, suggestion in enumerate(view.suggestions):
        blocks += _suggestion_blocks(view, index, suggestion, width)
    if not view.suggestions and view.waiting:
        blocks.append(_block("", Content.styled(view.waiting, _LABEL), width))
    if view.hunks:
        blocks.append(_block("hunk", _hunk_content(view), width))
    if view.note:
        blocks.append(_block("note", Content.styled(visible(view.note), "$text-warning"), width))
    return Content("\n").join(blocks)


def _block(label: str, text: Content, width: int, style: str = _LABEL) -> Content:
    """A text beside its label, the following lines indented as far."""
    lines = text.wrap(width - _INDENT)
    indent = " " * _INDENT
    return Content("\n").join(
        Content.styled(f" {label:<{_INDENT - 1}}" if index == 0 else indent, style) + line
        for index, line in enumerate(lines or [Content("")])
    )


def _mt_content(view: PanelView) -> Content:
    """The mt with the words marked that the suggestion, or else the target, changes."""
    content = Content(visible(view.mt))
    edits = [hunk.edit for hunk in view.hunks] if view.hunks else list(view.changes)
    for index, edit in enumerate(edits):
        style = _MARKED_MT
        if view.hunks:
            style = _hunk_style(view.hunks[index], _MARKED_MT)
            style += _CURRENT if index == view.hunk else ""
        start, end = _shown_span(view.mt, edit)
        content = content.stylize(style, start, end)
    return content


def _shown_span(mt: str, edit: Edit) -> tuple[int, int]:
    """The words to mark; an insertion marks the character it comes before."""
    if edit.start < edit.end:
        return edit.start, edit.end
    return (edit.start, edit.start + 1) if edit.start < len(mt) else (max(0, edit.start - 1), edit.start)


def _hunk_style(hunk: Hunk, style: str) -> str:
    if hunk.state is HunkState.REFUSED:
        return _REFUSED
    return _STALE if hunk.state is HunkState.STALE else style


def _suggestion_blocks(view: PanelView, index: int, suggestion: Suggestion, width: int) -> list[Content]:
    is_selected = index == view.selected
    label = f"{'▸' if is_selected else ' '} {index + 1}"
    style = "bold $text-accent" if is_selected else _LABEL
    if suggestion.error:
        error = Content.styled(visible(f"{suggestion.rewriter}: {suggestion.error}"), "$text-error")
        return [_block(label, error, width, style)]
    tail = f"  [{suggestion.rewriter} {suggestion.confidence:.0%}]"
    if not suggestion.edits:
        what = "would leave it as it is" if not suggestion.refused else "nothing let through"
        text = Content.styled(what, _LABEL)
        tail = f"  [{suggestion.rewriter}]"
    else:
        text = _suggestion_text(view, suggestion, marks_hunks=is_selected)
    blocks = [_block(label, text + Content.styled(visible(tail), _LABEL), width, style)]
    if is_selected:
        lines = withdrawn_lines(view.mt, suggestion)
        blocks += [_block("", Content.styled(line, "$text-warning"), width) for line in lines]
    return blocks


def _suggestion_text(view: PanelView, suggestion: Suggestion, *, marks_hunks: bool) -> Content:
    """The mt with the replacements in place and marked."""
    parts: list[Content] = []
    done = 0
    mt = visible(view.mt)
    for index, edit in enumerate(suggestion.edits):
        parts.append(Content(mt[done : edit.start]))
        style = _INSERTED
        if marks_hunks and index < len(view.hunks):
            style = _hunk_style(view.hunks[index], _INSERTED) + (_CURRENT if index == view.hunk else "")
        shown = visible(edit.replacement) or ("‸" if marks_hunks else "")
        parts.append(Content.styled(shown, style))
        done = edit.end
    parts.append(Content(mt[done:]))
    return Content("").join(parts)


def _hunk_content(view: PanelView) -> Content:
    index = min(view.hunk, len(view.hunks) - 1)
    hunk = view.hunks[index]
    edit = hunk.edit
    old = visible(view.mt[edit.start : edit.end]) or "nothing"
    new = visible(edit.replacement) or "nothing"
    category = f"{edit.category}, " if edit.category else ""
    agreeing = f" by {' and '.join(edit.sources)}" if edit.sources else ""
    facts = f" ({category}{edit.confidence:.0%}{agreeing}, {_STATE_WORDS[hunk.state]})"
    return Content.assemble(
        f"{index + 1}/{len(view.hunks)} ",
        (old.strip() or "space", _MARKED_MT),
        " → ",
        (new.strip() or "space", _INSERTED),
        (visible(facts), _LABEL),
    )
