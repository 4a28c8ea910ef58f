"""The editor and models on other machines: asked about once per project, named in the footer, nothing sent before.

The server listens on this machine under 0.0.0.0, which is not taken for the loopback address.
"""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from posteditor.cli.plain_editor import PlainEditor
from posteditor.services.consent import ALLOW_VARIABLE, PREFETCH_VARIABLE
from posteditor.services.editing import EditingSession
from posteditor.tui.app import EditorApp
from posteditor.tui.dialogs import AskText
from posteditor.tui.editor_setup import EditorSetup
from tests.rewriters.scripted_server import ScriptedServer, saying

from .conftest import Desk, Opener, make_project

TRIES = 4000
"""A child process has the lowest priority, and may take its time on a busy machine."""
MTS = ["It rain.", "It snow.", "It hail.", "It thunder."]


@pytest.fixture(autouse=True)
def nothing_said_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posteditor.cli.plain_editor._WAIT_S", 100.0)
    for name in (ALLOW_VARIABLE, PREFETCH_VARIABLE, "POSTEDITOR_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[EditingSession]:
    path = make_project(tmp_path / "rain.tsv.postedit", MTS)
    with EditingSession.open(path) as opened:
        opened.remember_position(2)
        yield opened


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(lambda line: saying(line.asked.mt.replace(".", "s."))(line)) as server:
        yield server


def elsewhere(server: ScriptedServer) -> str:
    return f"openai:m@http://0.0.0.0:{server.port}"


def is_asking(desk: Desk) -> bool:
    return isinstance(desk.app.screen, AskText)


async def test_a_model_on_this_machine_is_not_asked_about(open_editor: Opener, server: ScriptedServer) -> None:
    async with open_editor(f"openai:m@{server.url}") as desk:
        await desk.until(lambda: bool(desk.screen.desk.suggestions), TRIES)
        assert not is_asking(desk)
        assert "texts go to" not in desk.text()
        await desk.until(lambda: "It thunder." in [asked.mt for asked in server.chats], TRIES)


async def test_without_consent_nothing_is_sent_and_the_next_opening_asks_again(
    open_editor: Opener, session: EditingSession, server: ScriptedServer
) -> None:
    for answer in (("escape",), ("enter",), ("y", "enter"), ("n", "o", "enter")):
        session.remember_position(2)
        async with open_editor(elsewhere(server)) as desk:
            await desk.until(lambda: is_asking(desk), TRIES)
            assert f"0.0.0.0:{server.port}" in desk.text()
            await desk.press(*answer)
            assert not is_asking(desk)
            assert f"Nothing is sent to 0.0.0.0:{server.port}." in desk.text()
            assert desk.screen.lanes == []
            await desk.press("alt+down")
            assert desk.screen.position == 3
        assert not session.allows_host(f"0.0.0.0:{server.port}")
    assert server.asked == []


async def test_consent_is_asked_for_once_and_the_host_stands_in_the_footer(
    open_editor: Opener, session: EditingSession, server: ScriptedServer
) -> None:
    async with open_editor(elsewhere(server)) as desk:
        await desk.until(lambda: is_asking(desk), TRIES)
        assert server.asked == []
        await desk.press("y", "e", "s", "enter")
        await desk.until(lambda: bool(desk.screen.desk.suggestions), TRIES)
        await desk.pilot.pause()
        assert desk.screen.desk.suggestions[0].text == "It snows."
        assert f"texts go to 0.0.0.0:{server.port}" in desk.lines()[-1]
        assert "Quit" in desk.lines()[-1]
    assert session.allows_host(f"0.0.0.0:{server.port}")
    session.remember_position(3)
    async with open_editor(elsewhere(server)) as desk:
        await desk.until(lambda: bool(desk.screen.desk.suggestions), TRIES)
        assert not is_asking(desk)
    assert [asked.mt for asked in server.chats] == ["It snow.", "It hail."], "nothing was prefetched"
    first, second = (str(asked.body["messages"][-1]["content"]) for asked in server.chats)
    assert "<before>It rain.</before>" in first
    assert "<after>It hail.</after>" in first
    assert "<source>Fuente 3</source>" in second
    assert "into English (en)" in str(server.chats[0].body["messages"][0]["content"])


async def test_prefetching_can_be_switched_on(
    open_editor: Opener, session: EditingSession, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PREFETCH_VARIABLE, "1")
    session.allow_host(f"0.0.0.0:{server.port}")
    async with open_editor(elsewhere(server)) as desk:
        await desk.until(lambda: {"It hail.", "It thunder."} <= {asked.mt for asked in server.chats}, TRIES)


async def test_consent_for_one_session_is_not_kept(session: EditingSession, server: ScriptedServer) -> None:
    app = EditorApp(EditorSetup(session, models=(elsewhere(server),), allow_remote=True))
    async with app.run_test() as pilot:
        desk = Desk(app, pilot)
        await desk.until(lambda: app.editor_screen is not None and bool(desk.screen.desk.suggestions), TRIES)
    assert not session.allows_host(f"0.0.0.0:{server.port}")


async def test_one_host_is_asked_about_once_for_several_models_and_a_local_one_does_not_wait(
    open_editor: Opener, server: ScriptedServer
) -> None:
    other = elsewhere(server).replace("openai:m", "openai:other")
    async with open_editor(elsewhere(server), f"openai:m@{server.url}", other) as desk:
        await desk.until(lambda: is_asking(desk) and bool(desk.screen.desk.suggestions), TRIES)
        await desk.press(*"yes", "enter")
        assert not is_asking(desk)
        await desk.until(lambda: len(desk.screen.desk.suggestions) == 3, TRIES)


async def test_a_lane_that_failed_is_no_longer_named(open_editor: Opener, session: EditingSession) -> None:
    with ScriptedServer() as gone:
        spec = elsewhere(gone)
    session.allow_host(f"0.0.0.0:{gone.port}")
    async with open_editor(spec) as desk:
        await desk.until(lambda: desk.screen.lane_states.get(spec, None) is not None, TRIES)
        await desk.until(lambda: desk.screen.lane_states[spec].kind == "failed", TRIES)
        await desk.pilot.pause()
        assert "texts go to" not in desk.lines()[-1]
        assert "no connection to" in desk.screen.lane_states[spec].message


def converse(session: EditingSession, server: ScriptedServer, lines: str, **options: bool) -> str:
    out = StringIO()
    PlainEditor(session, [elsewhere(server)], StringIO(lines), out, **options).run()  # type: ignore[arg-type]
    return out.getvalue()


@pytest.mark.parametrize("lines", ["", "\n:q\n", "no\n:q\n"])
def test_line_by_line_nothing_is_sent_without_consent(
    session: EditingSession, server: ScriptedServer, lines: str
) -> None:
    said = converse(session, server, lines)
    assert f"Type yes to allow this for the project.\n> Nothing is sent to 0.0.0.0:{server.port}." in said
    assert server.asked == []


def test_line_by_line_consent_is_asked_for_once(session: EditingSession, server: ScriptedServer) -> None:
    said = converse(session, server, "yes\n:q\n")
    assert f"Texts go to 0.0.0.0:{server.port}" in said
    assert "It snows." in said
    said = converse(session, server, ":q\n")
    assert "Type yes" not in said
    assert "It snows." in said
