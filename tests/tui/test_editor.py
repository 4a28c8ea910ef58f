"""The editor's main job, driven key by key: what is on the screen and what is in the project."""

from pathlib import Path

import pytest
from textual import events

from posteditor.core.segment import Status
from posteditor.errors import StoreError
from posteditor.services.editing import EditingSession
from posteditor.tui.actions import ACTIONS
from posteditor.tui.dialogs import AskText, Tell

from .conftest import MTS, Opener


async def test_it_opens_on_the_first_segment_with_the_mt_to_edit(open_editor: Opener) -> None:
    async with open_editor() as desk:
        assert desk.screen.editor.value == MTS[0]
        assert "▶ 1 ·  Aide will not be complicated." in desk.text()
        assert "source Fuente 1" in desk.text()
        assert desk.screen.editor.has_focus


async def test_typing_is_saved_without_being_asked(open_editor: Opener, session: EditingSession) -> None:
    async with open_editor() as desk:
        await desk.type("XY")
        await desk.until(lambda: session.load(1).target == MTS[0] + "XY")
        segment = session.load(1)
        assert segment.target == MTS[0] + "XY"
        assert segment.status is Status.DRAFT
        assert "~" in desk.lines()[1]


async def test_enter_confirms_and_goes_to_the_next_open_segment(open_editor: Opener, session: EditingSession) -> None:
    async with open_editor() as desk:
        await desk.press("enter", "enter")
        assert session.load(1).status is session.load(2).status is Status.CONFIRMED
        assert desk.screen.position == 3
        assert session.load(1).target == MTS[0]
        assert "✓2" in desk.lines()[0]


async def test_moving_away_keeps_the_draft_and_coming_back_shows_it(open_editor: Opener) -> None:
    async with open_editor() as desk:
        await desk.type("!")
        await desk.press("ctrl+n", "ctrl+b")
        assert desk.screen.position == 1
        assert desk.screen.editor.value == MTS[0] + "!"


async def test_keys_of_a_fast_typist_are_obeyed_in_their_order(open_editor: Opener, session: EditingSession) -> None:
    async with open_editor() as desk:
        keys = [("backspace", "\x7f")] * 5 + [("a", "a"), ("left", ""), ("b", "b"), ("enter", "\r"), ("c", "c")]
        for key, character in keys:
            desk.app.post_message(events.Key(key, character))
        await desk.until(lambda: desk.screen.editor.value.endswith("c"))
        assert desk.screen.position == 2
        assert desk.screen.editor.value == MTS[1] + "c"
        assert session.load(1).target == MTS[0][:-5] + "ba"
        for key, character in [("d", "d"), ("ctrl+z", ""), ("ctrl+z", ""), ("e", "e"), ("alt+up", ""), ("f", "f")]:
            desk.app.post_message(events.Key(key, character))
        await desk.until(lambda: desk.screen.position == 1 and desk.screen.editor.value.endswith("f"))
        assert session.load(2).target == MTS[1] + "e"


async def test_undo_and_redo_go_through_typing_and_then_through_revisions(
    open_editor: Opener, session: EditingSession
) -> None:
    async with open_editor() as desk:
        await desk.type("A")
        await desk.press("alt+down", "alt+up")  # a revision
        await desk.type("B")
        await desk.press("ctrl+z")
        assert desk.screen.editor.value == MTS[0] + "A"
        await desk.press("ctrl+z")
        assert desk.screen.editor.value == MTS[0]
        await desk.press("ctrl+y")
        assert desk.screen.editor.value == MTS[0] + "A"
        await desk.press("ctrl+z", "ctrl+z")
    assert session.load(1).target is None


async def test_undo_survives_a_restart(project: Path) -> None:
    with EditingSession.open(project) as session:
        session.confirm(1, "First.")
        session.confirm(1, "Second.")
    with EditingSession.open(project) as session:
        undone = session.undo(1)
        assert undone is not None
        assert undone.target == "First."


async def test_every_text_is_shown_as_data_and_comes_back_unchanged(
    open_editor: Opener, session: EditingSession
) -> None:
    async with open_editor(size=(100, 40)) as desk:
        for position in range(1, len(MTS) + 1):
            desk.screen.go_to(position)
            await desk.pilot.pause()
            assert desk.screen.editor.value == MTS[position - 1]
            await desk.type("x")
            assert desk.screen.editor.value == MTS[position - 1] + "x"
            await desk.press("enter")
            assert session.load(position).target == MTS[position - 1] + "x"
        shown = desk.text()
        assert "\x1b" not in shown
        assert "[bold]Markup[/] and ␛[31mescapes␛[0m" in shown.replace("\n", "")


async def test_the_whole_of_a_long_wide_text_is_on_the_list(open_editor: Opener) -> None:
    async with open_editor(size=(80, 50)) as desk:
        text = desk.text()
        for char in set(MTS[3]):
            assert char in text


async def test_reject_note_reopen(open_editor: Opener, session: EditingSession) -> None:
    async with open_editor() as desk:
        await desk.press("f7")
        await desk.type("ask Ana")
        await desk.press("enter")
        assert session.load(1).note == "ask Ana"
        assert "note   ask Ana" in desk.text()
        await desk.press("f8")
        assert session.load(1).status is Status.REJECTED
        assert desk.screen.position == 2
        await desk.press("alt+up", "ctrl+r")
        assert session.load(1).status.is_open


async def test_back_to_the_mt_can_be_undone(open_editor: Opener) -> None:
    async with open_editor() as desk:
        await desk.type(" More")
        await desk.press("f4")
        assert desk.screen.editor.value == MTS[0]
        await desk.press("ctrl+z")
        assert desk.screen.editor.value == MTS[0] + " More"


@pytest.mark.parametrize(("answer", "position"), [("9", 9), ("s4", 4)])
async def test_go_to_a_number_or_an_id(open_editor: Opener, answer: str, position: int) -> None:
    async with open_editor() as desk:
        await desk.press("ctrl+g")
        await desk.type(answer)
        await desk.press("enter")
        assert desk.screen.position == position


async def test_go_to_nowhere_says_so_and_stays(open_editor: Opener) -> None:
    async with open_editor() as desk:
        await desk.press("ctrl+g")
        await desk.type("99")
        await desk.press("enter")
        assert desk.screen.position == 1
        assert "no segment 99" in desk.lines()[-1]


async def test_search_goes_from_hit_to_hit(open_editor: Opener) -> None:
    async with open_editor() as desk:
        await desk.press("ctrl+f")
        await desk.type("THE")
        await desk.press("enter")
        await desk.until(lambda: not desk.screen._is_searching)
        assert desk.screen.position == 2
        places = [desk.screen.position]
        for _ in range(4):
            await desk.press("f3")
            places.append(desk.screen.position)
        assert places == [2, 5, 8, 9, 10]
        await desk.press("f2")
        assert desk.screen.position == 9
        assert "search “THE”: 5" in desk.lines()[0]
        await desk.press("escape")
        assert "search" not in desk.lines()[0]


async def test_a_filter_lists_only_what_it_finds(open_editor: Opener, session: EditingSession) -> None:
    session.confirm(3, "Three.")
    session.confirm(7, "Seven.")
    async with open_editor() as desk:
        await desk.press("f9", "down", "down", "down", "down", "enter")
        await desk.until(lambda: len(desk.screen.rows.view) == 2)
        await desk.until(lambda: desk.screen.position == 3)
        assert list(desk.screen.rows.view) == [3, 7]
        await desk.press("alt+down")
        assert desk.screen.position == 7
        await desk.press("alt+down")
        assert desk.screen.position == 7
        await desk.press("escape")
        assert len(desk.screen.rows.view) == len(MTS)
        assert desk.screen.position == 7


async def test_a_filter_that_finds_nothing_says_so(open_editor: Opener) -> None:
    async with open_editor() as desk:
        await desk.press("f9")
        await desk.type("nowhere")
        await desk.press("enter")
        await desk.until(lambda: "Nothing found" in desk.lines()[-1])
        assert len(desk.screen.rows.view) == len(MTS)


async def test_up_and_down_leave_the_field_at_its_edges(open_editor: Opener) -> None:
    async with open_editor() as desk:
        await desk.press("down")
        assert desk.screen.position == 2
        await desk.press("up")
        assert desk.screen.position == 1


async def test_a_new_line_is_typed_with_ctrl_j(open_editor: Opener, session: EditingSession) -> None:
    async with open_editor() as desk:
        await desk.press("ctrl+j")
        await desk.type("b")
        await desk.press("enter")
    assert session.load(1).target == MTS[0] + "\nb"


async def test_scores_of_segment_and_file_move_while_typing(open_editor: Opener) -> None:
    async with open_editor() as desk:
        await desk.until(lambda: desk.screen.scores.view().scored == 2)
        view = desk.screen.scores.view
        await desk.until(lambda: "ter" in view().target)
        before = view().target["ter"]
        desk.screen.editor.replace_value("The aide declined to elaborate.")
        await desk.until(lambda: view().target.get("ter") == 0.0)
        assert before > 50
        await desk.until(lambda: view().file_target["ter"] == 0.0)
        assert view().file_mt["ter"] > 0
        assert "100.0" in desk.text()


async def test_help_lists_every_action(open_editor: Opener) -> None:
    async with open_editor(size=(120, 60)) as desk:
        await desk.press("f1")
        assert desk.help_is_open
        text = desk.text()
        missing = [action.name for action in ACTIONS if action.help[:40] not in text]
        assert missing == []
        await desk.press("escape")
        assert desk.app.screen is desk.screen


async def test_a_project_that_can_not_be_written_is_told_and_keeps_the_text(
    open_editor: Opener, session: EditingSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(position: int, text: str) -> None:
        raise StoreError("news: the disk is full", hint="free some space")

    async with open_editor() as desk:
        with monkeypatch.context() as patch:
            patch.setattr(session, "save_draft", full)
            await desk.type("Z")
            await desk.until(lambda: isinstance(desk.app.screen, Tell) and "disk is full" in desk.text())
            await desk.press("enter")
            assert desk.screen.editor.value.endswith("Z")
        await desk.type("Y")
        await desk.until(lambda: session.load(1).target == MTS[0] + "ZY")
        assert "NOT SAVED" not in desk.text()


async def test_what_can_not_be_saved_is_told_once_tried_again_and_saved_when_it_can_be(
    open_editor: Opener, session: EditingSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(position: int, text: str) -> None:
        raise StoreError("news: the disk is full", hint="free some space")

    async with open_editor() as desk:
        with monkeypatch.context() as patch:
            patch.setattr(session, "save_draft", full)
            await desk.type("Z")
            await desk.until(lambda: isinstance(desk.app.screen, Tell))
            await desk.press("enter")
            await desk.type("YX")
            await desk.pilot.pause(0.3)
            assert desk.app.screen is desk.screen  # no second dialog while typing
            assert "NOT SAVED" in desk.lines()[0]
        await desk.until(lambda: session.load(1).target == MTS[0] + "ZYX")  # without another key
        assert "NOT SAVED" not in desk.text()


async def test_leaving_what_can_not_be_saved_takes_two_tries(
    open_editor: Opener, session: EditingSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(position: int, text: str) -> None:
        raise StoreError("news: the disk is full", hint="free some space")

    async with open_editor() as desk:
        monkeypatch.setattr(session, "save_draft", full)
        desk.screen.editor.insert("!", (0, len(MTS[0])))
        await desk.app.action_quit()
        await desk.until(lambda: "Ctrl+Q once more" in desk.text())
        assert desk.app.is_running
        await desk.app.action_quit()
        await desk.until(lambda: not desk.app.is_running)


@pytest.mark.parametrize("size", [(80, 24), (200, 60), (40, 12)])
async def test_it_works_at_every_size_and_in_light_and_dark(open_editor: Opener, size: tuple[int, int]) -> None:
    async with open_editor(size=size) as desk:
        for _ in range(2):
            lines = desk.lines()
            assert len(lines) == size[1]
            assert any("▶" in line for line in lines)
            assert "Enter Confirm" in lines[-1] or size[0] < 60
            await desk.press("f12")
        await desk.press("ctrl+end")
        assert any("▶10" in line.replace(" ", "") for line in desk.lines())


async def test_resizing_keeps_the_current_row_in_sight(open_editor: Opener) -> None:
    async with open_editor(size=(200, 60)) as desk:
        await desk.press("ctrl+end")
        await desk.pilot.resize_terminal(80, 24)
        await desk.pilot.pause()
        assert any("▶" in line for line in desk.lines())


async def test_a_click_picks_a_row(open_editor: Opener) -> None:
    async with open_editor() as desk:
        await desk.pilot.click("#list", offset=(12, 1))
        await desk.pilot.pause()
        assert desk.screen.position == 2


async def test_the_wheel_scrolls_without_moving_the_current_segment(open_editor: Opener) -> None:
    async with open_editor() as desk:
        before = desk.screen.rows.visible_positions
        desk.screen.rows._scroll_lines(3)
        await desk.pilot.pause()
        assert desk.screen.rows.visible_positions[0] > before[0]
        assert desk.screen.position == 1
        await desk.press("alt+down")
        assert 2 in desk.screen.rows.visible_positions


async def test_questions_can_be_dismissed(open_editor: Opener) -> None:
    async with open_editor() as desk:
        for key in ("ctrl+f", "ctrl+g", "f7", "f9", "f1"):
            await desk.press(key)
            assert desk.app.screen is not desk.screen
            await desk.press("escape")
            assert desk.app.screen is desk.screen


async def test_the_palette_knows_every_action(open_editor: Opener) -> None:
    async with open_editor() as desk:
        await desk.press("ctrl+p")
        await desk.type("note")
        await desk.until(lambda: "Write a note on this segment" in desk.text() and "Redo what" not in desk.text())
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, AskText))


async def test_leaving_saves_and_comes_back_to_the_same_place(open_editor: Opener, session: EditingSession) -> None:
    async with open_editor() as desk:
        await desk.press("alt+down", "alt+down")
        await desk.type("Q")
        await desk.press("ctrl+q")
    assert session.load(3).target == MTS[2] + "Q"
    assert session.last_position() == 3


@pytest.mark.parametrize("key", ["ctrl+q", "enter", "alt+down", "ctrl+f"])
async def test_no_key_can_overtake_the_typing_before_it(open_editor: Opener, session: EditingSession, key: str) -> None:
    async with open_editor() as desk:
        desk.screen.editor.insert("!", (0, len(MTS[0])))  # its message is still under way
        if key == "ctrl+q":
            await desk.app.action_quit()
        else:
            await desk.screen.action_perform({"enter": "confirm", "alt+down": "next", "ctrl+f": "search"}[key])
        desk.screen.save_draft()
        assert session.load(1).target == MTS[0] + "!"
