"""The segment on the desk: its target as typed, its suggestions, and which hunk is in hand. No widgets, no data."""

from collections.abc import Sequence

from posteditor.core.diff import word_diff
from posteditor.core.hunks import Hunk, HunkState, hunks_of, take_hunk, undo_hunk, without_refused
from posteditor.core.segment import Segment
from posteditor.core.suggestion import Edit, Suggestion
from posteditor.tui.panel_view import PanelView

# A word diff of a text this long would be felt at each key; such a text is marked when it is left, not while typing.
_LIVE_DIFF_CHARACTERS = 6_000


class Desk:
    """What the person is doing to one segment."""

    def __init__(self) -> None:
        self.segment = Segment(position=0, mt="")
        self.target = ""
        self.suggestions: list[Suggestion] = []
        self.selected = 0
        self.hunk = 0
        self._refused: set[Edit] = set()

    def open(self, segment: Segment, suggestions: Sequence[Suggestion]) -> None:
        """Put a segment on the desk, with what is known of its suggestions."""
        self.segment = segment
        self.target = segment.text
        self.suggestions = list(suggestions)
        self.selected = self.hunk = 0
        self._refused = set()
        self.hunk = self._first_open()

    def update(self, segment: Segment) -> None:
        """The same segment in another state; the place in the suggestions stays."""
        self.segment = segment
        self.target = segment.text

    def add_suggestion(self, suggestion: Suggestion) -> None:
        """A rewriter has answered; it takes the place of its earlier answer."""
        for index, known in enumerate(self.suggestions):
            if known.rewriter == suggestion.rewriter:
                self.suggestions[index] = suggestion
                break
        else:
            self.suggestions.append(suggestion)
        self.hunk = min(self.hunk, max(0, len(suggestion.edits) - 1))

    @property
    def suggestion(self) -> Suggestion | None:
        """The one that is shown with its hunks."""
        return self.suggestions[self.selected] if self.suggestions else None

    def hunks(self) -> tuple[Hunk, ...]:
        """The shown suggestion's hunks against the target as it is now."""
        if self.suggestion is None or len(self.target) > _LIVE_DIFF_CHARACTERS:
            return ()
        return hunks_of(self.segment.mt, self.target, self.suggestion, self._refused)

    def select_next(self) -> None:
        """Show the next suggestion, after the last the first."""
        if self.suggestions:
            self.selected = (self.selected + 1) % len(self.suggestions)
            self.hunk = self._first_open()

    def step_hunk(self, step: int) -> None:
        """Go ``step`` hunks on, around the ends."""
        if self.suggestion is not None and self.suggestion.edits:
            self.hunk = (self.hunk + step) % len(self.suggestion.edits)

    def whole(self, number: int) -> tuple[str, Suggestion, tuple[Edit, ...]] | None:
        """Suggestion ``number`` (from 1) taken whole but for refused hunks: the target, and the edits in it."""
        if not 1 <= number <= len(self.suggestions):
            return None
        suggestion = self.suggestions[number - 1]
        if suggestion.error:
            return None
        kept = tuple(edit for edit in suggestion.edits if edit not in self._refused)
        return without_refused(self.segment.mt, suggestion.edits, self._refused), suggestion, kept

    def toggle_hunk(self) -> tuple[str, Edit] | None:
        """The target with the hunk in hand taken, or put back if it was; None when that can't be done."""
        hunk = self._hunk_in_hand()
        if hunk is None or hunk.state is HunkState.STALE:
            return None
        self._refused.discard(hunk.edit)
        if hunk.state is HunkState.TAKEN:
            return undo_hunk(self.segment.mt, self.target, hunk), hunk.edit
        return take_hunk(self.target, hunk), hunk.edit

    def refuse_hunk(self) -> str | None:
        """Refuse the hunk in hand; the target without it, or None when there is no hunk."""
        hunk = self._hunk_in_hand()
        if hunk is None:
            return None
        self._refused.add(hunk.edit)
        return undo_hunk(self.segment.mt, self.target, hunk)

    def next_open_hunk(self) -> None:
        """After a decision: go to the next hunk that is open, or stay."""
        hunks = self.hunks()
        later = [index for index in range(len(hunks)) if hunks[index].state is HunkState.OPEN]
        after = [index for index in later if index > self.hunk]
        if after or later:
            self.hunk = (after or later)[0]

    def view(self, waiting: str) -> PanelView:
        """What the panel shows."""
        hunks = self.hunks()
        changes: Sequence[Edit] = ()
        if not hunks and len(self.target) <= _LIVE_DIFF_CHARACTERS:
            changes = word_diff(self.segment.mt, self.target)
        return PanelView(
            mt=self.segment.mt,
            source=self.segment.source,
            note=self.segment.note,
            changes=changes,
            suggestions=tuple(self.suggestions),
            selected=self.selected,
            hunks=hunks,
            hunk=min(self.hunk, max(0, len(hunks) - 1)),
            waiting=waiting,
        )

    def _hunk_in_hand(self) -> Hunk | None:
        hunks = self.hunks()
        return hunks[min(self.hunk, len(hunks) - 1)] if hunks else None

    def _first_open(self) -> int:
        hunks = self.hunks()
        return next((i for i, hunk in enumerate(hunks) if hunk.state is HunkState.OPEN), 0)
