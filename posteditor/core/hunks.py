"""Taking and refusing single hunks of a suggestion, on a target that may have been edited since."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from posteditor.core.diff import map_edits
from posteditor.core.suggestion import Edit, Suggestion, apply_edits


class HunkState(StrEnum):
    """What became of a hunk."""

    OPEN = "open"
    """Neither taken nor refused."""
    TAKEN = "taken"
    """The target has it."""
    REFUSED = "refused"
    """The person does not want it."""
    STALE = "stale"
    """The words it would replace were edited otherwise; it can't be taken any more."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """One edit of a suggestion and where it lies on the target."""

    edit: Edit
    """As the rewriter gave it: offsets into the mt."""
    state: HunkState
    start: int
    end: int
    """Offsets into the target of what the hunk would replace, or of its replacement once taken; 0 when stale."""


def hunks_of(mt: str, target: str, suggestion: Suggestion, refused: Collection[Edit] = ()) -> tuple[Hunk, ...]:
    """The suggestion's hunks in order, as they stand against ``target``."""
    hunks = []
    for edit, mapped in zip(suggestion.edits, map_edits(mt, target, suggestion.edits), strict=True):
        if mapped.stale:
            hunks.append(Hunk(edit, HunkState.STALE, 0, 0))
            continue
        untaken = HunkState.REFUSED if edit in refused else HunkState.OPEN
        state = HunkState.TAKEN if mapped.taken else untaken
        hunks.append(Hunk(edit, state, mapped.edit.start, mapped.edit.end))
    return tuple(hunks)


def take_hunk(target: str, hunk: Hunk) -> str:
    """``target`` with the hunk made; unchanged when it is taken already or stale."""
    if hunk.state in (HunkState.TAKEN, HunkState.STALE):
        return target
    return target[: hunk.start] + hunk.edit.replacement + target[hunk.end :]


def undo_hunk(mt: str, target: str, hunk: Hunk) -> str:
    """``target`` with a taken hunk's words of the mt put back; unchanged when it is not taken."""
    if hunk.state is not HunkState.TAKEN:
        return target
    return target[: hunk.start] + mt[hunk.edit.start : hunk.edit.end] + target[hunk.end :]


def without_refused(mt: str, edits: Sequence[Edit], refused: Collection[Edit]) -> str:
    """The suggestion's text without the hunks that the person refused."""
    return apply_edits(mt, [edit for edit in edits if edit not in refused])
