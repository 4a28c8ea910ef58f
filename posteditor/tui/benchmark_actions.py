"""Everything the person can do while browsing a comparison, once: keys, key bar and help come from here.

Nothing is typed on this screen, so most keys are bare letters, as in less and in mail readers; they reach any terminal.
"""

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from posteditor.tui.actions import Action, key_name
from posteditor.tui.dialogs import HelpScreen
from posteditor.tui.key_bar import KeyBar

MOVING, LISTING, PROGRAM = "Moving", "Listing", "Program"

ACTIONS: tuple[Action, ...] = (
    Action("edit", "enter,e", "Edit", "Open the segment in the editor; leaving that leads back here.", PROGRAM, True),
    Action("sort", "s", "Sort", "Sort by gain, loss, position or length of the mt.", LISTING, in_footer=True),
    Action(
        "filter",
        "f",
        "Filter",
        "List all, changed, improved, deteriorated, refused by the gate, or failed ones (F: back).",
        LISTING,
        in_footer=True,
    ),
    Action("filter_back", "F", "Filter back", "The filter before.", LISTING),
    Action("search", "slash", "Search", "Find text in source, mt, references and both texts.", LISTING, in_footer=True),
    Action("next_hit", "n", "Next hit", "Go to the next place found.", LISTING),
    Action("previous_hit", "N", "Hit before", "Go to the place found before.", LISTING),
    Action("show_all", "escape", "Show all", "End the search, then the filter.", LISTING),
    Action("next_set", "t", "Test set", "Go to the next test set.", LISTING),
    Action("down", "down", "Down", "Go to the next segment.", MOVING),
    Action("up", "up", "Up", "Go to the segment before.", MOVING),
    Action("page_down", "pagedown", "Page down", "Go down by one screenful of segments.", MOVING),
    Action("page_up", "pageup", "Page up", "Go up by one screenful of segments.", MOVING),
    Action("first", "home", "First", "Go to the first segment listed.", MOVING),
    Action("last", "end", "Last", "Go to the last segment listed.", MOVING),
    Action("go_to", "g", "Go to", "Go to a segment by its number.", MOVING),
    Action("scroll_down", "space,alt+pagedown", "Texts down", "Scroll the texts of a long segment.", MOVING, True),
    Action("scroll_up", "b,alt+pageup", "Texts up", "Scroll the texts back.", MOVING),
    Action("theme", "f12", "Light/dark", "Change between light and dark.", PROGRAM),
    Action("help", "question_mark,f1", "Help", "Show all keys.", PROGRAM, in_footer=True),
    Action("quit", "q,ctrl+q", "Quit", "Leave.", PROGRAM, in_footer=True),
)
"""In the order of the key bar."""

_ALWAYS = ("help", "quit")
_NAMES = {"slash": "/", "question_mark": "?", "space": "Space"}
SIGNS = (
    ("+", "B is better than A by case-sensitive TER"),
    ("-", "B is worse"),
    ("~", "the texts differ and the score does not"),
    ("=", "both made the same text"),
    ("R", "the gate withdrew something from A or B"),
    ("!", "A or B gave up"),
    ("/", "the text searched for occurs"),
)
"""The signs of the list, and what they mean."""


def shown_key(key: str) -> str:
    """A key as people write it; letters as they are, for n and N are two keys."""
    return _NAMES.get(key) or (key if len(key) == 1 else key_name(key))


class BrowserKeys(KeyBar):
    """The last line: keys and labels, or for a few seconds a remark."""

    def render(self) -> Content:
        """As many keys as the terminal is wide enough for; help and quit are always among them."""
        return super().render() if self.has_remark else _keys(self.size.width)

    @property
    def has_remark(self) -> bool:
        """Whether there is something to say."""
        return bool(self._remark)


def _keys(width: int) -> Content:
    shown = [action for action in ACTIONS if action.in_footer]
    while len(shown) > len(_ALWAYS) and sum(len(_label(action)) for action in shown) > width:
        shown.remove(next(action for action in reversed(shown) if action.name not in _ALWAYS))
    parts = []
    for action in shown:
        key = shown_key(action.keys.split(",")[0])
        parts.append(Content.assemble((f" {key}", "bold $text-accent"), f" {action.label} "))
    return Content("").join(parts)


def _label(action: Action) -> str:
    return f" {shown_key(action.keys.split(',')[0])} {action.label} "


class BrowserHelp(HelpScreen):
    """All keys, and what the signs mean."""

    def compose(self) -> ComposeResult:
        """A table per group."""
        with Vertical(), VerticalScroll():
            yield Static(_help(), markup=False)


def _help() -> Content:
    lines = [Content.styled("Comparing: keys   (↑ ↓ PgDn to scroll, Esc to close)", "bold")]
    for group in (MOVING, LISTING, PROGRAM):
        lines += [Content(""), Content.styled(group, "bold $text-accent")]
        for action in ACTIONS:
            if action.group == group:
                keys = " ".join(map(shown_key, action.keys.split(",")))
                lines.append(Content.assemble((f"  {keys:<18}", "bold"), action.help))
    lines += [Content(""), Content.styled("Signs", "bold $text-accent")]
    lines += [Content.assemble((f"  {sign:<18}", "bold"), meaning) for sign, meaning in SIGNS]
    more = "Gain is A's sentence TER less B's, so that more is better. [-words-] of the mt went, {+words+} came."
    return Content("\n").join([*lines, Content(""), Content(f"  {more}")])
