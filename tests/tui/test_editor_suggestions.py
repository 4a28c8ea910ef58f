"""Suggestions in the editor, with real child processes and the toy rewriter of tests/plugins."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from posteditor.core.segment import Status
from posteditor.services.editing import EditingSession
from posteditor.tui.list_row import ListRow

from .conftest import Opener, make_project

PLUGINS = Path(__file__).parents[1] / "plugins"
MTS = ["teh wrold is here", "we recieve teh news", "HOLD teh line", "nothing wrong", "teh end", "RAISE teh flag"]


@pytest.fixture(autouse=True)
def plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child processes find the toy rewriter."""
    monkeypatch.setenv("PYTHONPATH", str(PLUGINS))


@pytest.fixture
def session(tmp_path: Path) -> Iterator[EditingSession]:
    path = make_project(tmp_path / "toy.tsv.postedit", MTS, [(1, 0, "the world is here")])
    with EditingSession.open(path) as opened:
        yield opened


async def test_a_suggestion_is_shown_with_its_hunks_and_taken_whole(
    open_editor: Opener, session: EditingSession
) -> None:
    async with open_editor("toy") as desk:
        await desk.until(lambda: bool(desk.screen.desk.suggestions))
        await desk.pilot.pause()
        text = desk.text()
        assert "▸ 1    the world is here  [toy 90%]" in text
        assert "hunk   1/2 teh → the (spelling, 90%, open)" in text
        await desk.press("ctrl+t")
        assert desk.screen.editor.value == "the world is here"
        revision = session.history(1)[-1]
        assert (revision.rewriter, revision.status) == ("toy", Status.DRAFT)
        assert len(revision.edits) == 2
        await desk.press("ctrl+z")
        assert desk.screen.editor.value == MTS[0]


async def test_hunks_are_taken_put_back_and_refused_one_by_one(open_editor: Opener) -> None:
    async with open_editor("toy") as desk:
        await desk.until(lambda: bool(desk.screen.desk.suggestions))

        def value() -> str:
            return desk.screen.editor.value

        await desk.press("tab", "f5")
        assert value() == "teh world is here"
        await desk.press("tab", "f5")
        assert value() == "teh wrold is here"
        await desk.press("shift+tab", "shift+tab", "f6")
        refused = desk.screen.desk.hunks()
        assert [hunk.state.value for hunk in refused].count("refused") == 1
        await desk.press("ctrl+t")
        assert value() in ("teh world is here", "the wrold is here")


async def test_a_hunk_whose_words_were_edited_is_stale(open_editor: Opener) -> None:
    async with open_editor("toy") as desk:
        await desk.until(lambda: bool(desk.screen.desk.suggestions))
        desk.screen.editor.replace_value("tex wrold is here")
        await desk.until(lambda: "its words were edited" in desk.text())
        await desk.press("f5")
        assert desk.screen.editor.value == "tex wrold is here"
        await desk.press("tab", "f5")
        assert desk.screen.editor.value == "tex world is here"


async def test_alt_and_a_number_takes_that_suggestion(open_editor: Opener, tmp_path: Path) -> None:
    async with open_editor("toy", f"toy:{tmp_path}") as desk:
        await desk.until(lambda: len(desk.screen.desk.suggestions) == 2)
        await desk.press("alt+3")
        assert desk.screen.editor.value == MTS[0]
        await desk.press("alt+2")
        assert desk.screen.editor.value == "the world is here"


async def test_the_next_segments_are_prefetched_and_shown_on_the_list(open_editor: Opener) -> None:
    async with open_editor("toy", size=(100, 30)) as desk:
        await desk.until(lambda: "we receive the news" in desk.text())
        assert desk.screen.position == 1
        rows: list[ListRow] = desk.screen._list_rows([2])
        assert rows[0].suggestion == "we receive the news"


async def test_a_late_answer_never_shows_on_another_segment(
    open_editor: Opener, session: EditingSession, tmp_path: Path
) -> None:
    session.remember_position(3)  # HOLD: the model is busy with it until released
    async with open_editor(f"toy:{tmp_path}") as desk:
        await desk.until(lambda: (tmp_path / "calls").exists())
        await desk.press("alt+down")
        (tmp_path / "release").touch()
        await desk.until(lambda: bool(session.suggestions(3)))
        await desk.pilot.pause()
        assert desk.screen.position == 4
        assert all(suggestion.text == MTS[3] for suggestion in desk.screen.desk.suggestions)
        await desk.press("alt+up")
        assert desk.screen.desk.suggestions[0].text == "HOLD the line"


async def test_typing_and_quitting_while_the_model_is_busy(
    open_editor: Opener, session: EditingSession, tmp_path: Path
) -> None:
    session.remember_position(3)
    async with open_editor(f"toy:{tmp_path}") as desk:
        await desk.until(lambda: (tmp_path / "calls").exists())
        process = desk.screen.lanes[0]._process
        assert process is not None
        await desk.type("abc")
        assert desk.screen.editor.value == MTS[2] + "abc"
        await desk.press("ctrl+q")
    assert session.load(3).target == MTS[2] + "abc"
    deadline = time.monotonic() + 10
    while not is_gone(process.pid):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert not (tmp_path / "release").exists()  # nobody waited for the answer


async def test_a_model_that_dies_is_told_and_started_again(open_editor: Opener, tmp_path: Path) -> None:
    async with open_editor(f"toy:{tmp_path}") as desk:
        await desk.until(lambda: bool(desk.screen.desk.suggestions))
        process = desk.screen.lanes[0]._process
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
        await desk.until(lambda: any("died" in note.message for note in desk.app._notifications))
        desk.screen.go_to(5)
        await desk.until(lambda: bool(desk.screen.desk.suggestions))
        assert desk.screen.desk.suggestions[0].text == "the end"


async def test_a_segment_the_model_fails_on_says_why(open_editor: Opener, session: EditingSession) -> None:
    session.remember_position(6)
    async with open_editor("toy") as desk:
        await desk.until(lambda: "told to raise" in desk.text())
        await desk.press("ctrl+t")
        assert desk.screen.editor.value == MTS[5]
        assert session.suggestions(6) == []


async def test_an_unknown_model_is_told_and_the_editor_works_on(open_editor: Opener) -> None:
    async with open_editor("no-such-model") as desk:
        await desk.until(lambda: any("no-such-model" in note.message for note in desk.app._notifications))
        await desk.type("!")
        assert desk.screen.editor.value == MTS[0] + "!"


def is_gone(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text(encoding="ascii").rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True
