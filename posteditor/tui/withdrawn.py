"""What the gate withdrew from a suggestion, as lines for the person."""

from posteditor.core.suggestion import Suggestion
from posteditor.tui.visible import visible

_HUNKS_SHOWN = 3
_LONGEST = 60
"""Characters of a hunk that are shown."""


def withdrawn_lines(mt: str, suggestion: Suggestion) -> list[str]:
    """One line for each reason, with the hunks that went for it: "number: 5 lost (5 → 6)"."""
    hunks: dict[str, list[str]] = {}
    for refused in suggestion.refused:
        edit = refused.edit
        old, new = _short(mt[edit.start : edit.end]), _short(edit.replacement)
        hunks.setdefault(refused.reason, []).append(f"{old} → {new}")
    return [
        f"withdrawn by the gate: {visible(reason)} ({', '.join(shown[:_HUNKS_SHOWN])}{_more(len(shown))})"
        for reason, shown in hunks.items()
    ]


def _short(text: str) -> str:
    shown = visible(text.strip()) or ("space" if text else "nothing")
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"


def _more(count: int) -> str:
    return f" and {count - _HUNKS_SHOWN} more" if count > _HUNKS_SHOWN else ""
