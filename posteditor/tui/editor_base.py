"""What the groups of editor actions share: the session, the segment on the desk, and the widgets that show it."""

from collections.abc import Callable, Sequence
from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer

from posteditor.core.segment import Segment, Status
from posteditor.errors import PostEditorError
from posteditor.services.consent import may_prefetch
from posteditor.services.editing import Row
from posteditor.services.live_scores import LiveScores
from posteditor.services.suggesting import LaneState, SuggestionLane
from posteditor.tui.desk import Desk
from posteditor.tui.dialogs import Tell
from posteditor.tui.editor_setup import EditorSetup
from posteditor.tui.key_bar import KeyBar
from posteditor.tui.list_row import ListRow
from posteditor.tui.news import ScoreArrived, ScoringTrouble
from posteditor.tui.score_bar import ScoreBar, ScoreView
from posteditor.tui.segment_list import SegmentList
from posteditor.tui.segment_panel import SegmentPanel
from posteditor.tui.status_line import StatusLine
from posteditor.tui.target_editor import TargetEditor

_SAVE_AFTER_S = 0.12
"""From the first unsaved key to its being on disk. The promise is 0.25 s, and a busy machine may be late."""
_RETRY_AFTER_S = 1.0
"""Until what could not be saved is tried again; every key and every action tries too."""
_SCORE_AFTER_S = 0.05
_DRAW_SCORES_AFTER_S = 0.04
_PREFETCH = 8
"""Segments after the current one whose suggestions are asked for ahead; more where more are on the screen."""


class EditorBase(Screen[None]):
    """State and drawing; the actions are in the classes built on it."""

    def __init__(self, setup: EditorSetup) -> None:
        super().__init__()
        self.setup = setup
        self.session = setup.session
        self.desk = Desk()
        self.request = 0
        """Number of the latest suggestion request; answers to older ones are kept, not shown."""
        self.lanes: list[SuggestionLane] = []
        self.lane_states: dict[str, LaneState] = {}
        self.scores = LiveScores(
            self.session,
            on_result=lambda scored: self._hand_over(ScoreArrived(scored)),
            on_trouble=lambda text: self._hand_over(ScoringTrouble(text)),
        )
        self.listing = ""
        self.unsaved = False
        self.trouble = ""
        self._save_timer: Timer | None = None
        self._score_timer: Timer | None = None
        self._panel_timer: Timer | None = None
        self._scores_timer: Timer | None = None

    # -- layout ------------------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Status, list, and the work area; side by side where the terminal is wide."""
        yield StatusLine(id="status")
        with Vertical(id="main"):
            yield SegmentList(self._list_rows, range(1, self.session.count + 1), id="list")
            with Vertical(id="work"):
                yield SegmentPanel(id="panel")
                yield TargetEditor(id="target")
                yield ScoreBar(id="scores")
        yield KeyBar(id="keys")

    @property
    def rows(self) -> SegmentList:
        """The segment list."""
        return self.query_one("#list", SegmentList)

    @property
    def panel(self) -> SegmentPanel:
        """The panel on the current segment."""
        return self.query_one("#panel", SegmentPanel)

    @property
    def editor(self) -> TargetEditor:
        """The target's field."""
        return self.query_one("#target", TargetEditor)

    def _list_rows(self, positions: Sequence[int]) -> list[ListRow]:
        rows = self.session.rows(positions)
        return [self._live_row() if row.position == self.desk.segment.position else _list_row(row) for row in rows]

    def _live_row(self) -> ListRow:
        """The current row, with what is typed but not yet saved."""
        segment, target = self.desk.segment, self.desk.target
        is_touched = segment.target is not None or target != segment.mt
        suggestion = self.desk.suggestion
        status = segment.status
        if self.unsaved:
            status = Status.DRAFT
        return ListRow(
            position=segment.position,
            mt=segment.mt,
            target=target if is_touched else None,
            suggestion=suggestion.text if suggestion and suggestion.edits else None,
            status=status,
            has_note=bool(segment.note),
        )

    # -- the current segment -----------------------------------------------------------------------------------------

    @property
    def position(self) -> int:
        """Of the segment on the desk; 0 when there is none."""
        return self.desk.segment.position

    def go_to(self, position: int) -> None:
        """Leave the current segment, saved, and put the one at ``position`` on the desk."""
        if position == self.position:
            self.rows.move_to(position)
            return
        self.put_away()
        segment = self.session.load(position)
        self.desk.open(segment, self.session.suggestions(position))
        self.rows.move_to(position)
        self.editor.show(segment.text)
        self.session.remember_position(position)
        self.want_suggestions()
        self.draw_all()
        self.want_scores()

    def put_away(self) -> None:
        """Save what is on the desk and close its revision."""
        if self.position:
            self.save_draft()
            self.session.leave(self.position)
            self.rows.invalidate([self.position])

    def segment_changed(self, segment: Segment, *, reload: bool = True) -> None:
        """The current segment is in another state: show it, and its text too when ``reload``."""
        self.unsaved = False
        self.desk.update(segment)
        if reload:
            self.editor.show(segment.text)
        self.rows.show_row(self._live_row())
        self.draw_all()
        self.want_scores()

    def list_all(self) -> None:
        """List every segment again."""
        self.rows.show_view(range(1, self.session.count + 1), self.position)

    # -- saving ------------------------------------------------------------------------------------------------------

    def take_in_typing(self) -> None:
        """Take what stands in the field now: the message that tells of the last key may still be under way."""
        if self.position:
            self.target_typed(self.editor.value)

    def target_typed(self, text: str) -> None:
        """The person changed the target."""
        if text == self.desk.target:
            return
        self.desk.target = text
        self.unsaved = True
        if self._save_timer is None:
            self._save_timer = self.set_timer(_SAVE_AFTER_S, self._save_now)
        self.rows.show_row(self._live_row())
        if self._panel_timer is None:
            self._panel_timer = self.set_timer(_SCORE_AFTER_S, self._draw_panel_now)
        if self._score_timer is None:
            self._score_timer = self.set_timer(_SCORE_AFTER_S, self._score_now)

    def _save_now(self) -> None:
        self._save_timer = None
        is_known = bool(self.trouble)
        try:
            self.save_draft()
        except PostEditorError as error:
            self._save_timer = self.set_timer(_RETRY_AFTER_S, self._save_now)
            if not is_known:  # after that the status line says it; a dialog at each key would be in the way
                self.tell(error)

    def save_draft(self) -> None:
        """Put what was typed on disk.

        Raises:
            StoreError: It could not be written; the text stays in the field and is tried again.
        """
        if self._save_timer is not None:
            self._save_timer.stop()
            self._save_timer = None
        if not self.unsaved:
            return
        try:
            self.session.save_draft(self.position, self.desk.target)
        except PostEditorError:
            self.trouble = "NOT SAVED"
            self.draw_status()
            raise
        self.unsaved = False
        segment = self.desk.segment
        self.desk.segment = _with_text(segment, self.desk.target)
        if self.trouble:
            self.trouble = ""
        self.draw_status()

    # -- suggestions and scores --------------------------------------------------------------------------------------

    def want_suggestions(self) -> None:
        """Ask every lane for the current segment first, then for the next open ones on the list."""
        self.request += 1
        ahead = [self.session.load(position) for position in self._positions_ahead()]
        segment, *ahead = self.session.in_context([self.desk.segment, *ahead])
        for lane in self.lanes:
            lane.want(segment, self.request, ahead=ahead if may_prefetch(lane.spec) else ())

    def _positions_ahead(self) -> list[int]:
        view, index = self.rows.view, self.rows.index_of(self.position)
        near = list(view[index + 1 : index + 1 + max(_PREFETCH, self.rows.page_step())])
        return [row.position for row in self.session.rows(near) if row.suggestion_text is None and row.status.is_open]

    def want_scores(self) -> None:
        """Ask for the current texts' scores."""
        suggestion = self.desk.suggestion
        self.scores.look_at(self.desk.segment, suggestion.text if suggestion else None, self.desk.target)
        self.draw_scores()

    def _score_now(self) -> None:
        self._score_timer = None
        self.want_scores()

    # -- drawing -----------------------------------------------------------------------------------------------------

    def draw_all(self) -> None:
        """Status line, panel and scores."""
        self.draw_status()
        self.draw_panel()
        self.draw_scores()

    def draw_status(self) -> None:
        """The top line."""
        self.query_one("#status", StatusLine).show(
            self.setup.name or self.session.path.name,
            f"{self.position}/{self.session.count}",
            self.session.counts(),
            listing=self.listing,
            model=self._model_words(),
            trouble=self.trouble,
        )

    def _model_words(self) -> str:
        words = []
        for spec, state in self.lane_states.items():
            if state.kind != "ready":
                words.append(f"{spec}: {state.kind}")
        return "  ".join(words)

    def draw_panel(self) -> None:
        """The panel on the current segment."""
        self.panel.show(self.desk.view(self._waiting()))

    def _draw_panel_now(self) -> None:
        self._panel_timer = None
        self.draw_panel()

    def _waiting(self) -> str:
        kinds = {state.kind for state in self.lane_states.values()}
        if not self.lanes:
            return "no model: you work alone (posteditor edit --model default)"
        return "no suggestion: the model has failed" if kinds == {"failed"} else "waiting for a suggestion …"

    def draw_scores_soon(self) -> None:
        """Draw once for all the scores that come in together."""
        if self._scores_timer is None:
            self._scores_timer = self.set_timer(_DRAW_SCORES_AFTER_S, self._draw_scores_now)

    def _draw_scores_now(self) -> None:
        self._scores_timer = None
        self.draw_scores()

    def draw_scores(self) -> None:
        """The scores as far as they are known."""
        live = self.scores.view()
        self.query_one("#scores", ScoreBar).show(
            ScoreView(
                has_references=bool(self.desk.segment.references),
                mt=live.mt,
                suggestion=live.suggestion,
                target=live.target,
                file_mt=live.file_mt,
                file_target=live.file_target,
                scored=live.scored,
                scorable=live.scorable,
            )
        )

    # -- telling -----------------------------------------------------------------------------------------------------

    def tell(self, error: PostEditorError) -> None:
        """Show an error for the person; the same one is not shown twice on top of itself."""
        top = self.app.screen
        if isinstance(top, Tell) and top.message == error.message:
            return
        self.app.push_screen(Tell(error.message, error.hint))

    def say(self, text: str) -> None:
        """A passing remark."""
        self.query_one("#keys", KeyBar).say(text)

    def _hand_over(self, message: Message) -> None:
        """From any thread; once the screen is gone the message is nobody's."""
        if self.is_attached:
            self.post_message(message)

    def ask(self, screen: Screen[Any], answer: Callable[[Any], None]) -> None:
        """Push a question; ``answer`` is called unless it was dismissed."""

        def answered(value: Any) -> None:
            if value is None:
                return
            try:
                answer(value)
            except PostEditorError as error:
                self.tell(error)

        self.app.push_screen(screen, answered)


def _list_row(row: Row) -> ListRow:
    return ListRow(
        position=row.position,
        mt=row.mt,
        target=row.target,
        suggestion=row.suggestion_text if row.suggestion_text != row.mt else None,
        status=row.status,
        has_note=row.has_note,
    )


def _with_text(segment: Segment, text: str) -> Segment:
    return Segment(
        position=segment.position,
        mt=segment.mt,
        source=segment.source,
        target=text,
        references=segment.references,
        id=segment.id,
        status=Status.DRAFT,
        note=segment.note,
        line=segment.line,
    )
