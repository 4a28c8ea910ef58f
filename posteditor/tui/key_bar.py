"""The last line: where texts go, the keys that matter most, as many as fit, or for a few seconds a passing remark."""

from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget

from posteditor.tui.actions import ACTIONS, Action, first_key
from posteditor.tui.visible import visible

_ALWAYS = ("help", "quit")
_REMARK_S = 4.0


class KeyBar(Widget, can_focus=False):
    """Keys and labels in the order of the actions; help and quit are always among them."""

    DEFAULT_CSS = "KeyBar { height: 1; background: $panel; color: $foreground; dock: bottom; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._remark = ""
        self._hosts = ""
        self._timer: Timer | None = None

    def name_hosts(self, hosts: str) -> None:
        """Show for as long as it holds where texts are sent; empty for nowhere."""
        if visible(hosts) != self._hosts:
            self._hosts = visible(hosts)
            self.refresh()

    def say(self, text: str) -> None:
        """Show a remark in place of the keys; the next one takes its place."""
        self._remark = visible(text)
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_REMARK_S, self._fall_silent)
        self.refresh()

    def _fall_silent(self) -> None:
        self._remark, self._timer = "", None
        self.refresh()

    def render(self) -> Content:
        """The remark, or where texts go and as many keys as the terminal is wide enough for."""
        if self._remark:
            return Content.styled(f" {self._remark}", "bold $text-warning")
        if not self._hosts:
            return key_content(self.size.width)
        hosts = Content.styled(f" texts go to {self._hosts} ", "bold $text-warning")
        return hosts + key_content(self.size.width - hosts.cell_length)


def key_content(width: int) -> Content:
    """At most ``width`` cells of keys and labels."""
    shown = [action for action in ACTIONS if action.in_footer]
    while len(shown) > len(_ALWAYS) and sum(map(_cells, shown)) > width:
        shown.remove(next(action for action in reversed(shown) if action.name not in _ALWAYS))
    parts = [Content.assemble((f" {first_key(action)}", "bold $text-accent"), f" {action.label} ") for action in shown]
    return Content("").join(parts)


def _cells(action: Action) -> int:
    return len(first_key(action)) + len(action.label) + 3
