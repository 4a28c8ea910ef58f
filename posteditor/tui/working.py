"""Editor actions on the segment itself and on moving about."""

from posteditor.core.segment import Segment
from posteditor.services.learning import pair_of
from posteditor.tui.dialogs import AskText
from posteditor.tui.editor_base import EditorBase


class Working(EditorBase):
    """Confirm, reject, undo, notes; next, previous, go to."""

    def do_confirm(self) -> None:
        """Confirm the target and go on; not while it lacks inline tags or has them in disorder."""
        if problem := self.session.tag_problem(self.position, self.desk.target):
            self.say(f"Not confirmed: {problem}. Alt+T puts in what is missing.")
            return
        segment = self.session.confirm(self.position, self.desk.target)
        for lane in self.lanes:
            lane.learn([pair_of(segment, is_own=True)])
        self._decide(segment)

    def do_reject(self) -> None:
        """Mark the segment as unusable and go on."""
        self._decide(self.session.reject(self.position, self.desk.target))

    def _decide(self, segment: Segment) -> None:
        self.segment_changed(segment, reload=False)
        self.scores.settle(segment)
        following = self._next_open()
        if following is None:
            self.say("No open segment is left." if self.listing == "" else "No open segment is left on this list.")
        else:
            self.go_to(following)

    def do_reopen(self) -> None:
        """Make it a draft again."""
        self.segment_changed(self.session.reopen(self.position))

    def do_undo(self) -> None:
        """Typing first, then the segment's earlier states."""
        if self.editor.can_undo_typing:
            self.editor.undo()
            return
        self.save_draft()
        segment = self.session.undo(self.position)
        if segment is None:
            self.say("Nothing to undo in this segment.")
        else:
            self.segment_changed(segment)

    def do_redo(self) -> None:
        """Forward again."""
        if self.editor.can_redo_typing:
            self.editor.redo()
            return
        segment = self.session.redo(self.position)
        if segment is None:
            self.say("Nothing to redo in this segment.")
        else:
            self.segment_changed(segment)

    def do_restore_mt(self) -> None:
        """Start again from the mt."""
        self.editor.replace_value(self.desk.segment.mt)

    def do_insert_tag(self) -> None:
        """The next inline tag that is missing, at the cursor or around the selection."""
        missing = self.session.missing_tags(self.position, self.desk.target)
        if not missing:
            self.say("No inline tag is missing." if self.session.has_tags else "This file has no inline tags.")
            return
        pair = [missing[0], missing[0].replace("<", "</")]
        is_selected = self.editor.selection.start != self.editor.selection.end
        self.editor.insert_tags(pair if is_selected and pair[1] in missing else missing[:1])

    def do_note(self) -> None:
        """Write a note."""

        def answered(note: str) -> None:
            self.session.set_note(self.position, note)
            self.desk.segment = self.session.load(self.position)
            self.rows.show_row(self._live_row())
            self.draw_panel()

        self.save_draft()
        self.ask(AskText("Note on this segment", value=self.desk.segment.note, hint="Empty: no note."), answered)

    # -- moving ------------------------------------------------------------------------------------------------------

    def _move(self, step: int) -> None:
        position = self.rows.neighbour(step)
        if position is not None:
            self.go_to(position)

    def do_next(self) -> None:
        """One row down."""
        self._move(1)

    def do_previous(self) -> None:
        """One row up."""
        self._move(-1)

    def do_page_down(self) -> None:
        """A screenful down."""
        self._move(self.rows.page_step())

    def do_page_up(self) -> None:
        """A screenful up."""
        self._move(-self.rows.page_step())

    def do_scroll_down(self) -> None:
        """A long segment's panel, down."""
        self.panel.scroll_pages(1)

    def do_scroll_up(self) -> None:
        """And back."""
        self.panel.scroll_pages(-1)

    def do_first(self) -> None:
        """To the first row."""
        self._move(-len(self.rows.view))

    def do_last(self) -> None:
        """To the last row."""
        self._move(len(self.rows.view))

    def do_next_open(self) -> None:
        """To the next segment that waits for a decision."""
        position = self._next_open()
        if position is None:
            self.say("No open segment is left.")
        else:
            self.go_to(position)

    def _next_open(self) -> int | None:
        """The next open segment on the list, from the current one on and then from the top."""
        view = self.rows.view
        if len(view) == self.session.count:
            return self.session.next_open(self.position)
        at = self.rows.index_of(self.position)
        for part in (view[at + 1 :], view[:at]):
            for first in range(0, len(part), 64):
                for row in self.session.rows(list(part[first : first + 64])):
                    if row.status.is_open:
                        return row.position
        return None

    def do_go_to(self) -> None:
        """Ask for a number or an id."""

        def answered(text: str) -> None:
            text = text.strip()
            position = int(text) if text.isdecimal() else self.session.id_position(text)
            if position is None or not 1 <= position <= self.session.count:
                self.say(f"There is no segment {text}; numbers go from 1 to {self.session.count}.")
                return
            if position not in self.rows.view:
                self.list_all()
            self.go_to(position)

        self.ask(AskText(f"Go to segment (1-{self.session.count}, or an id)"), answered)
