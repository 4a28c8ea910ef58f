"""What the gate withdrew is shown in the editor, and rules that are switched off reach the model's process."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from posteditor.cli.plain_editor import PlainEditor
from posteditor.core.suggestion import Edit, RefusedEdit, Suggestion
from posteditor.services.editing import EditingSession
from posteditor.tui.app import EditorApp
from posteditor.tui.editor_setup import EditorSetup
from posteditor.tui.withdrawn import withdrawn_lines

from .conftest import Desk, Opener, make_project

PLUGINS = Path(__file__).parents[1] / "plugins"
MTS = ["teh seven dogs are here", "teh end"]


@pytest.fixture(autouse=True)
def plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child processes find the toy rewriter."""
    monkeypatch.setenv("PYTHONPATH", str(PLUGINS))


@pytest.fixture
def session(tmp_path: Path) -> Iterator[EditingSession]:
    with EditingSession.open(make_project(tmp_path / "toy.tsv.postedit", MTS)) as opened:
        yield opened


async def test_a_withdrawn_hunk_is_shown_with_its_reason(open_editor: Opener) -> None:
    async with open_editor("toy", size=(100, 30)) as desk:
        await desk.until(lambda: bool(desk.screen.desk.suggestions))
        await desk.pilot.pause()
        text = desk.text()
        assert "the seven dogs are here" in text
        assert "withdrawn by the gate: number: 8 added (seven → eight)" in text
        await desk.press("ctrl+t")
        assert desk.screen.editor.value == "the seven dogs are here"


async def test_a_rule_that_is_switched_off_lets_the_hunk_through(session: EditingSession) -> None:
    setup = EditorSetup(session, models=("toy",), gate_off=("name", "number"))
    app = EditorApp(setup)
    async with app.run_test(size=(100, 30)) as pilot:
        desk = Desk(app, pilot)
        await desk.until(lambda: bool(desk.screen.desk.suggestions))
        await pilot.pause()
        assert desk.screen.desk.suggestions[0].text == "the eight dogs are here"
        assert "withdrawn" not in desk.text()


def test_the_plain_editor_reads_it_out(session: EditingSession) -> None:
    out = io.StringIO()
    PlainEditor(session, ["toy"], io.StringIO(":q\n"), out).run()
    assert "  withdrawn by the gate: number: 8 added (seven → eight)\n" in out.getvalue()


def test_lines_group_hunks_by_reason_and_are_safe_for_the_terminal() -> None:
    edits = [Edit(at, at + 1, text) for at, text in ((0, "\x1b[31m"), (2, ""), (4, "x" * 200), (6, "y"), (8, "z"))]
    refused = tuple(RefusedEdit(edit, "chatter: Sure!\x9b") for edit in edits)
    refused += (RefusedEdit(Edit(9, 9, " "), "number: 5 lost"),)
    first, second = withdrawn_lines("a b c d e ", Suggestion("a b c d e ", (), "toy", refused=refused))
    assert first.startswith("withdrawn by the gate: chatter: Sure!� (a → ␛[31m, b → nothing, c → xxx")
    assert first.endswith("…) and 2 more") is False and first.endswith("… and 2 more)")
    assert first.isprintable()
    assert second == "withdrawn by the gate: number: 5 lost (nothing → space)"
