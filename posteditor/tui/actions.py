"""Everything the person can do in the editor, once: keys, footer, help, command palette and README come from here.

Every action has a key that a plain terminal sends over ssh and tmux: letters with Ctrl, function keys, Alt with a digit
or an arrow. Ctrl+Enter, Ctrl+digit and Ctrl+Shift+letter need a newer keyboard protocol and are never the only way.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do; the screen's method is called ``do_<name>``."""

    name: str
    keys: str
    """Textual's names, comma separated; the first is shown."""
    label: str
    """Two words at most: footer and palette."""
    help: str
    """One sentence for the help screen."""
    group: str
    in_footer: bool = False


WORK, MOVING, SUGGESTIONS, FINDING, PROGRAM = "Working", "Moving", "Suggestions", "Finding", "Program"

ACTIONS: tuple[Action, ...] = (
    Action("confirm", "enter", "Confirm", "Confirm the target and go to the next open segment.", WORK, in_footer=True),
    Action("undo", "ctrl+z", "Undo", "Undo typing, then earlier states of this segment, also after a restart.", WORK),
    Action("redo", "ctrl+y", "Redo", "Redo what was undone.", WORK),
    Action("restore_mt", "f4", "Back to mt", "Start again from the machine translation.", WORK),
    Action("reject", "f8", "Reject", "Mark the segment as unusable and go to the next open one.", WORK),
    Action("reopen", "ctrl+r", "Reopen", "Make a confirmed or rejected segment a draft again.", WORK),
    Action("insert_tag", "alt+t", "Tag", "Put in the next missing inline tag, or two around the selection.", WORK),
    Action("note", "f7", "Note", "Write a note on this segment.", WORK),
    Action("next", "alt+down,ctrl+down,ctrl+n", "Next", "Go to the next segment (also ↓ on the last line).", MOVING),
    Action(
        "previous", "alt+up,ctrl+up,ctrl+b", "Previous", "Go to the segment before (also ↑ on the first line).", MOVING
    ),
    Action("next_open", "ctrl+o", "Next open", "Go to the next segment that is new or a draft.", MOVING),
    Action("page_down", "pagedown", "Page down", "Go down by one screenful of segments.", MOVING),
    Action("page_up", "pageup", "Page up", "Go up by one screenful of segments.", MOVING),
    Action("first", "ctrl+home", "First", "Go to the first segment listed.", MOVING),
    Action("last", "ctrl+end", "Last", "Go to the last segment listed.", MOVING),
    Action("scroll_down", "alt+pagedown", "Panel down", "Scroll the panel of a long segment.", MOVING),
    Action("scroll_up", "alt+pageup", "Panel up", "Scroll the panel back.", MOVING),
    Action("go_to", "ctrl+g", "Go to", "Go to a segment by its number or id.", MOVING, in_footer=True),
    Action(
        "take",
        "ctrl+t",
        "Take",
        "Take the shown suggestion whole, without the hunks refused.",
        SUGGESTIONS,
        in_footer=True,
    ),
    Action(
        "next_hunk",
        "tab",
        "Hunk",
        "Go to the next hunk of the suggestion (Shift+Tab: back).",
        SUGGESTIONS,
        in_footer=True,
    ),
    Action("previous_hunk", "shift+tab", "Hunk back", "Go to the hunk before.", SUGGESTIONS),
    Action(
        "take_hunk",
        "f5",
        "Take hunk",
        "Take this hunk alone; again puts the mt's words back.",
        SUGGESTIONS,
        in_footer=True,
    ),
    Action(
        "refuse_hunk",
        "f6",
        "Refuse hunk",
        "Refuse this hunk; taking the whole then leaves it out.",
        SUGGESTIONS,
        in_footer=True,
    ),
    Action("next_suggestion", "ctrl+s", "Other one", "Show the next of several suggestions.", SUGGESTIONS),
    Action("search", "ctrl+f", "Search", "Find text in source, mt and target.", FINDING, in_footer=True),
    Action("next_hit", "f3", "Next hit", "Go to the next place found.", FINDING),
    Action("previous_hit", "f2", "Hit before", "Go to the place found before.", FINDING),
    Action("filter", "f9", "Filter", "List only segments with a status or a text.", FINDING, in_footer=True),
    Action("show_all", "escape", "Show all", "End the filter or the search.", FINDING),
    Action("export", "alt+e", "Export", "Write the targets to a file in the format that came in.", PROGRAM),
    Action("theme", "f12", "Light/dark", "Change between light and dark.", PROGRAM),
    Action("help", "f1", "Help", "Show all keys.", PROGRAM, in_footer=True),
    Action("quit", "ctrl+q", "Quit", "Leave; everything is saved already.", PROGRAM, in_footer=True),
)
"""In the order of the help screen."""

TAKE_BY_NUMBER = tuple(range(1, 10))
"""Alt+1 … Alt+9 take the suggestion of that number whole."""

_KEY_NAMES = {
    "enter": "Enter", "escape": "Esc", "tab": "Tab", "pagedown": "PgDn", "pageup": "PgUp",
    "up": "↑", "down": "↓", "home": "Home", "end": "End", "ctrl": "Ctrl", "alt": "Alt", "shift": "Shift",
}  # fmt: skip


def key_name(key: str) -> str:
    """A Textual key name as people write it: "ctrl+t" is "Ctrl+T"."""
    return "+".join(_KEY_NAMES.get(part, part.upper()) for part in key.split("+"))


def first_key(action: Action) -> str:
    """The key shown for an action."""
    return key_name(action.keys.split(",")[0])


def key_table() -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Groups of (keys, label, help), for the help screen and the README."""
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for action in ACTIONS:
        keys = " ".join(key_name(key) for key in action.keys.split(","))
        groups.setdefault(action.group, []).append((keys, action.label, action.help))
    numbers = ("Alt+1 … Alt+9", "Take no. n", "Take the suggestion of that number whole.")
    groups[SUGGESTIONS].insert(1, numbers)
    groups[WORK].insert(1, ("Ctrl+J", "New line", "Break the line in the target."))
    groups[PROGRAM].append(("Ctrl+P", "Commands", "Find any of these by name."))
    return list(groups.items())
