"""Editor actions on suggestions: take one whole, take or refuse single hunks; and what the lanes tell."""

from collections.abc import Sequence
from functools import partial

from posteditor.core.suggestion import Edit
from posteditor.rewriters.remote import remote_host
from posteditor.services.consent import consent_question, host_to_ask_about, is_yes
from posteditor.services.learning import pairs_of_session
from posteditor.services.suggesting import LaneState, Suggested, SuggestionLane
from posteditor.tui.dialogs import AskText
from posteditor.tui.editor_base import EditorBase
from posteditor.tui.key_bar import KeyBar
from posteditor.tui.news import LaneChanged, SuggestionArrived
from posteditor.tui.trouble import guarded
from posteditor.tui.visible import visible


class Suggesting(EditorBase):
    """Every suggestion is a list of hunks, so a person can take one and leave another."""

    def start_lanes(self) -> None:
        """One lane per model; they load in their own processes while the person reads.

        A model on another machine waits until the person has let the project's texts go there.
        """
        waiting = [spec for spec in self.setup.models if self._host_to_ask_about(spec)]
        for spec in self.setup.models:
            if spec not in waiting:
                self._start_lane(spec)
        self._ask_for_consent(waiting)

    def _start_lane(self, spec: str) -> None:
        self.lanes.append(
            SuggestionLane(
                spec,
                on_suggestion=lambda suggested: self._hand_over(SuggestionArrived(suggested)),
                on_state=lambda state: self._hand_over(LaneChanged(state)),
                source_lang=self.session.source_lang,
                target_lang=self.session.target_lang,
                glossary=self.setup.glossary,
                gate_off=self.setup.gate_off,
                pairs=partial(pairs_of_session, self.session, self.setup.tm),
                start=self.setup.start_lanes,
            )
        )
        self._name_hosts()

    def _host_to_ask_about(self, spec: str) -> str | None:
        return host_to_ask_about(spec, self.session, allowed=self.setup.allow_remote)

    def _ask_for_consent(self, specs: Sequence[str]) -> None:
        """One question after the other; a host that was allowed for one model is not asked about for the next."""
        if not specs:
            return
        spec, *rest = specs
        host = self._host_to_ask_about(spec)
        if host is None:
            self._consented(spec)
            self._ask_for_consent(rest)
            return

        def answered(text: str | None) -> None:
            if is_yes(text):
                self._consented(spec, host)
            else:
                self.say(f"Nothing is sent to {host}. The next opening asks again.")
            self._ask_for_consent(rest)

        question = consent_question(visible(spec), visible(host))
        self.app.push_screen(AskText(question, hint="Anything else: no."), answered)

    @guarded
    def _consented(self, spec: str, host: str = "") -> None:
        if host:
            self.session.allow_host(host)
        self._start_lane(spec)
        self.want_suggestions()
        self.draw_panel()

    def _name_hosts(self) -> None:
        """Say in the footer where texts go as long as such a lane is on."""
        on = (lane.spec for lane in self.lanes if not self._has_failed(lane.spec))
        hosts = dict.fromkeys(host for spec in on if (host := remote_host(spec)) is not None)
        self.query_one("#keys", KeyBar).name_hosts(", ".join(hosts))

    def _has_failed(self, spec: str) -> bool:
        state = self.lane_states.get(spec)
        return state is not None and state.kind == "failed"

    # -- what the lanes tell -----------------------------------------------------------------------------------------

    def suggestion_arrived(self, suggested: Suggested) -> None:
        """Keep every answer; show it only when it is for the segment on the desk."""
        suggestion = suggested.suggestion
        if not suggestion.error:
            self.session.store_suggestion(suggested.position, suggestion, suggested.model_revision)
        if suggested.position == self.position:
            self.desk.add_suggestion(suggestion)
            self.rows.show_row(self._live_row())
            self.draw_panel()
            self.want_scores()
        else:
            self.rows.invalidate([suggested.position])

    def lane_changed(self, state: LaneState) -> None:
        """A model starts, is ready, died, is restarted or has failed."""
        self.lane_states[state.spec] = state
        self._name_hosts()
        if state.kind == "failed":
            title = f"Model {state.spec} has failed"
            self.notify(visible(state.message), title=title, severity="error", markup=False, timeout=10)
        elif state.kind == "died":
            self.notify(visible(state.message), title="It is started again", severity="warning", markup=False)
        self.draw_status()
        self.draw_panel()

    # -- taking ------------------------------------------------------------------------------------------------------

    def do_take(self) -> None:
        """The shown suggestion, whole."""
        self.take_number(self.desk.selected + 1)

    def take_number(self, number: int) -> None:
        """Suggestion ``number``, whole."""
        whole = self.desk.whole(number)
        if whole is None:
            self.say(f"There is no suggestion {number}." if self.desk.suggestions else "There is no suggestion yet.")
            return
        text, suggestion, edits = whole
        self.desk.selected = number - 1
        if text == self.desk.target:
            self.say("The target has all of it already." if edits else "There is nothing to take from it.")
            return
        self._take(text, suggestion.rewriter, edits)

    def do_take_hunk(self) -> None:
        """The hunk in hand alone; a taken one is put back."""
        result = self.desk.toggle_hunk()
        if result is None:
            self.say("There is no hunk to take here.")
            return
        text, edit = result
        suggestion = self.desk.suggestion
        self._take(text, suggestion.rewriter if suggestion else "", (edit,))
        self.desk.next_open_hunk()
        self.draw_panel()

    def do_refuse_hunk(self) -> None:
        """The hunk in hand is not wanted; if it was taken, the mt's words come back."""
        text = self.desk.refuse_hunk()
        if text is None:
            self.say("There is no hunk to refuse here.")
            return
        if text != self.desk.target:
            suggestion = self.desk.suggestion
            self._take(text, suggestion.rewriter if suggestion else "", ())
        self.desk.next_open_hunk()
        self.draw_panel()

    def _take(self, text: str, rewriter: str, edits: tuple[Edit, ...]) -> None:
        self.save_draft()
        self.segment_changed(self.session.take(self.position, text, rewriter=rewriter, edits=edits))

    # -- choosing ----------------------------------------------------------------------------------------------------

    def do_next_suggestion(self) -> None:
        """Show another one."""
        self.desk.select_next()
        self.draw_panel()
        self.want_scores()

    def do_next_hunk(self) -> None:
        """One hunk on."""
        self.desk.step_hunk(1)
        self.draw_panel()

    def do_previous_hunk(self) -> None:
        """One hunk back."""
        self.desk.step_hunk(-1)
        self.draw_panel()
