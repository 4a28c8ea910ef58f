"""Small questions: each a modal screen that asks one thing and gives back the answer, or None when it was dismissed."""

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from posteditor.core.segment import Status
from posteditor.tui.actions import key_table
from posteditor.tui.list_row import MARKS, NOTE_MARK

_DIALOG_CSS = """
{name} {{ align: center middle; background: $background 60%; }}
{name} > Vertical {{
    width: 64; max-width: 95%; height: auto; max-height: 90%;
    border: round $accent; padding: 0 1; background: $surface;
}}
{name} Static {{ height: auto; margin-bottom: 1; }}
{name} Input {{ width: 100%; }}
"""


class AskText(ModalScreen[str | None]):
    """One line of text: a search, a number, a note, a file name."""

    DEFAULT_CSS = _DIALOG_CSS.format(name="AskText")
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Cancel")]

    def __init__(self, question: str, *, value: str = "", hint: str = "") -> None:
        super().__init__()
        self._question = question
        self._value = value
        self._hint = hint

    def compose(self) -> ComposeResult:
        """The question, a field and a hint."""
        with Vertical():
            yield Static(self._question, markup=False)
            yield Input(value=self._value, compact=True)
            yield Static(f"{self._hint}  Enter: done  Esc: cancel".strip(), markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter gives the text back."""
        event.stop()
        self.dismiss(event.value)


@dataclass(frozen=True, slots=True)
class FilterChoice:
    """Which segments to list."""

    statuses: frozenset[Status] | None
    """None lists every status."""
    text: str


OPEN = frozenset({Status.NEW, Status.DRAFT})
_FILTERS: tuple[tuple[str, frozenset[Status] | None], ...] = (
    ("all segments", None),
    ("open (new or draft)", OPEN),
    *((f"{MARKS[status]} {status.value}", frozenset({status})) for status in Status),
)


class AskFilter(ModalScreen[FilterChoice | None]):
    """A status and, if wanted, a text. The field has the keys; the arrows choose the status."""

    DEFAULT_CSS = _DIALOG_CSS.format(name="AskFilter") + "AskFilter OptionList { height: auto; max-height: 10; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel"),
        Binding("up", "choose(-1)", "Status before", priority=True),
        Binding("down", "choose(1)", "Next status", priority=True),
    ]

    def __init__(self, current: FilterChoice) -> None:
        super().__init__()
        self._current = current

    def compose(self) -> ComposeResult:
        """The statuses, and a field for a text."""
        statuses = OptionList(*(Option(Content(label)) for label, _ in _FILTERS), compact=True)
        statuses.can_focus = False
        with Vertical():
            yield Static("List only (↑ ↓ to choose)", markup=False)
            yield statuses
            yield Static("that hold this text (may be empty)", markup=False)
            yield Input(value=self._current.text, compact=True)
            yield Static("Enter: list them  Esc: cancel", markup=False)

    def on_mount(self) -> None:
        """Start at the filter in force."""
        index = next((i for i, (_, statuses) in enumerate(_FILTERS) if statuses == self._current.statuses), 0)
        self.query_one(OptionList).highlighted = index

    def action_choose(self, step: int) -> None:
        """One status on or back."""
        statuses = self.query_one(OptionList)
        statuses.highlighted = min(max((statuses.highlighted or 0) + step, 0), len(_FILTERS) - 1)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click on a status lists it."""
        event.stop()
        self._done()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter gives the choice back."""
        event.stop()
        self._done()

    def _done(self) -> None:
        index = self.query_one(OptionList).highlighted or 0
        self.dismiss(FilterChoice(_FILTERS[index][1], self.query_one(Input).value))


class Tell(ModalScreen[None]):
    """A message that must be seen: a problem and its remedy."""

    DEFAULT_CSS = _DIALOG_CSS.format(name="Tell")
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,space", "dismiss(None)", "Close")]

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__()
        self.message = message
        self._hint = hint

    def compose(self) -> ComposeResult:
        """The message, the remedy and how to go on."""
        with Vertical():
            yield Static(self.message, markup=False)
            if self._hint:
                yield Static(self._hint, markup=False)
            yield Static("Enter: go on", markup=False)


class HelpScreen(ModalScreen[None]):
    """All keys, and what the signs mean."""

    DEFAULT_CSS = (
        _DIALOG_CSS.format(name="HelpScreen")
        + """
    HelpScreen > Vertical { width: 100; }
    HelpScreen VerticalScroll { height: auto; max-height: 100%; }
    """
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,f1,q", "dismiss(None)", "Close")]

    def compose(self) -> ComposeResult:
        """A table per group."""
        with Vertical(), VerticalScroll():
            yield Static(help_content(), markup=False)

    def on_mount(self) -> None:
        """Arrow keys scroll at once."""
        self.query_one(VerticalScroll).focus()


def help_content() -> Content:
    """The help screen's text."""
    lines = [Content.styled("posteditor: keys   (↑ ↓ PgDn to scroll, Esc to close)", "bold")]
    for group, rows in key_table():
        lines += [Content(""), Content.styled(group, "bold $text-accent")]
        for keys, _, text in rows:
            lines.append(Content.assemble((f"  {keys:<24}", "bold"), text))
    signs = "  ".join(f"{MARKS[status]} {status.value}" for status in Status)
    lines += [Content(""), Content.styled("Signs", "bold $text-accent"), Content(f"  {signs}  {NOTE_MARK} has a note")]
    return Content("\n").join(lines)
