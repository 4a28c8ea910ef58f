"""The last line: the keys that matter most, as many as fit, help and quit always among them."""

from textual.content import Content
from textual.widget import Widget

from posteditor.tui.actions import ACTIONS, Action, first_key

_ALWAYS = ("help", "quit")


class KeyBar(Widget, can_focus=False):
    """Keys and labels in the order of the actions."""

    DEFAULT_CSS = "KeyBar { height: 1; background: $panel; color: $foreground; dock: bottom; }"

    def render(self) -> Content:
        """As many as the terminal is wide enough for."""
        return key_content(self.size.width)


def key_content(width: int) -> Content:
    """At most ``width`` cells of keys and labels."""
    shown = [action for action in ACTIONS if action.in_footer]
    while len(shown) > len(_ALWAYS) and sum(map(_cells, shown)) > width:
        shown.remove(next(action for action in reversed(shown) if action.name not in _ALWAYS))
    parts = [Content.assemble((f" {first_key(action)}", "bold $text-accent"), f" {action.label} ") for action in shown]
    return Content("").join(parts)


def _cells(action: Action) -> int:
    return len(first_key(action)) + len(action.label) + 3
