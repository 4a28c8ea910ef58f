"""What the panel on the current segment shows, as data; no user interface library."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from posteditor.core.hunks import Hunk
from posteditor.core.suggestion import Edit, Suggestion


@dataclass(frozen=True, slots=True)
class PanelView:
    """All that the panel shows."""

    mt: str
    source: str | None = None
    note: str = ""
    changes: Sequence[Edit] = ()
    """What the target changes in the mt; marked while there is no suggestion to compare with."""
    suggestions: Sequence[Suggestion] = ()
    selected: int = 0
    """Index of the suggestion whose hunks are shown."""
    hunks: Sequence[Hunk] = field(default_factory=tuple)
    """Hunks of the selected suggestion."""
    hunk: int = 0
    """Index of the current hunk."""
    waiting: str = ""
    """What is said while there is no suggestion yet."""
