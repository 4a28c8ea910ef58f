"""The editor's screen: it turns keys, clicks and messages into the actions, and lets no error out."""

import functools
from collections.abc import Coroutine
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.command import DiscoveryHit, Hit, Hits, Provider

from posteditor.errors import PostEditorError, StoreError
from posteditor.services.exporting import export_project
from posteditor.tui.actions import ACTIONS, TAKE_BY_NUMBER, first_key
from posteditor.tui.dialogs import AskText, HelpScreen
from posteditor.tui.finding_actions import Finding, HitsFound, SearchEnded
from posteditor.tui.news import LaneChanged, ScoreArrived, ScoringTrouble, SuggestionArrived
from posteditor.tui.segment_list import SegmentList
from posteditor.tui.suggestion_actions import Suggesting
from posteditor.tui.target_editor import TargetEditor
from posteditor.tui.trouble import guarded
from posteditor.tui.working import Working


class EditorCommands(Provider):
    """The command palette's entries: every action, by its label or its sentence."""

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for action in ACTIONS:
            yield DiscoveryHit(f"{action.label}  ({first_key(action)})", self._runner(action.name), help=action.help)

    async def search(self, query: str) -> Hits:
        """Those that match ``query``."""
        matcher = self.matcher(query)
        for action in ACTIONS:
            text = f"{action.label}  ({first_key(action)})"
            score = max(matcher.match(text), matcher.match(action.help))
            if score > 0:
                yield Hit(score, matcher.highlight(text), self._runner(action.name), help=action.help)

    def _runner(self, name: str) -> "functools.partial[Coroutine[None, None, None]]":
        screen = self.screen
        assert isinstance(screen, EditorScreen)
        return functools.partial(screen.action_perform, name)


class EditorScreen(Working, Suggesting, Finding):
    """The whole editor."""

    CSS_PATH = "editor.tcss"
    COMMANDS: ClassVar = {EditorCommands}
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 (declared so by Textual)
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(
                action.keys,
                f"perform('{action.name}')",
                action.label,
                show=action.in_footer,
                key_display=first_key(action),
                tooltip=action.help,
                priority=True,
            )
            for action in ACTIONS
        ),
        *(Binding(f"alt+{number}", f"take_number({number})", show=False, priority=True) for number in TAKE_BY_NUMBER),
    ]

    _warned_of_loss = False

    def on_mount(self) -> None:
        """Paint first; models start once the first picture is on the terminal."""
        self.editor.focus()
        self.editor.keeps_tags = self.session.has_tags
        self._open_first()
        self.call_after_refresh(self._start_work)

    @guarded
    def _open_first(self) -> None:
        self.go_to(min(max(self.session.last_position(), 1), self.session.count))
        if self.session.recovered:
            self.notify(
                f"The last session did not end cleanly. Typing in {self.session.recovered} segment(s) was recovered.",
                title="Recovered",
                markup=False,
                timeout=10,
            )

    @guarded
    def _start_work(self) -> None:
        self.start_lanes()
        self.want_suggestions()
        self.scores.start_background()
        self.want_scores()
        self.draw_status()
        self.draw_panel()

    # -- keys --------------------------------------------------------------------------------------------------------

    async def action_perform(self, name: str) -> None:
        """Do the action of that name, when every key before it has reached the target."""
        await self.editor.keys_taken_in()
        self._perform(name)

    @guarded
    def _perform(self, name: str) -> None:
        self.take_in_typing()
        getattr(self, f"do_{name}")()

    async def action_take_number(self, number: int) -> None:
        """Take suggestion ``number`` whole."""
        await self.editor.keys_taken_in()
        self._take_number(number)

    @guarded
    def _take_number(self, number: int) -> None:
        self.take_in_typing()
        self.take_number(number)

    def do_theme(self) -> None:
        """Light or dark."""
        self.app.theme = "textual-light" if self.app.current_theme.dark else "textual-dark"

    def do_help(self) -> None:
        """All keys."""
        self.app.push_screen(HelpScreen())

    def do_export(self) -> None:
        """Ask for a file and write the targets to it."""

        def answered(text: str) -> None:
            if not text:
                return
            self.put_away()
            report = export_project(self.session.path, Path(text).expanduser())
            self.say(" ".join(report.summary()))

        question = AskText(
            "Export the targets to",
            value=str(self.setup.export_path or ""),
            hint="An existing file is not overwritten.",
        )
        self.ask(question, answered)

    def do_quit(self) -> None:
        """Save and leave at once, whatever the models are doing; what can't be saved has to be given up on purpose."""
        try:
            self.put_away()
        except PostEditorError as error:
            if not self._warned_of_loss:
                self._warned_of_loss = True
                hint = "Ctrl+Q once more leaves without the last typing in this segment."
                self.tell(StoreError(f"Not saved yet: {error.message}", hint=f"{error.hint}\n{hint}"))
                return
        self.close_down()
        self.app.exit()

    def close_down(self) -> None:
        """End the helper processes and the search; the session is closed by whoever opened it."""
        self._finder.stop()
        for lane in self.lanes:
            lane.close()
        self.lanes = []
        self.scores.close()

    # -- messages ----------------------------------------------------------------------------------------------------

    @guarded
    def on_target_editor_edited(self, message: TargetEditor.Edited) -> None:
        """A key changed the target."""
        self.target_typed(message.text)

    @guarded
    def on_target_editor_left_edge(self, message: TargetEditor.LeftEdge) -> None:
        """The cursor left the field upwards or downwards."""
        self.take_in_typing()
        self._move(message.step)

    @guarded
    def on_segment_list_picked(self, message: SegmentList.Picked) -> None:
        """A row was clicked."""
        self.take_in_typing()
        self.go_to(message.position)

    @guarded
    def on_suggestion_arrived(self, message: SuggestionArrived) -> None:
        """A lane has answered."""
        self.suggestion_arrived(message.suggested)

    @guarded
    def on_lane_changed(self, message: LaneChanged) -> None:
        """A lane's model is in another state."""
        self.lane_changed(message.state)

    @guarded
    def on_score_arrived(self, message: ScoreArrived) -> None:
        """A score is known."""
        if self.scores.accept(message.scored):
            self.draw_scores_soon()

    def on_scoring_trouble(self, message: ScoringTrouble) -> None:
        """Scores may be missing; work goes on."""
        self.notify(message.message, title="Scores", severity="warning", markup=False)

    @guarded
    def on_hits_found(self, message: HitsFound) -> None:
        """A search has found something."""
        self.take_in_typing()
        self.hits_found(message)

    @guarded
    def on_search_ended(self, message: SearchEnded) -> None:
        """A search is through."""
        self.search_ended(message)
