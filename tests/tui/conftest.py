"""A project to edit, and an application driven without a terminal."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from posteditor.services.editing import EditingSession
from posteditor.store.bulk import ProjectBuilder
from posteditor.store.folding import folded
from posteditor.tui.app import EditorApp
from posteditor.tui.dialogs import HelpScreen
from posteditor.tui.editor_screen import EditorScreen
from posteditor.tui.editor_setup import EditorSetup

MTS = [
    "Aide will not be complicated.",
    "The session lasted almost six hours.",
    "[bold]Markup[/] and \x1b[31mescapes\x1b[0m [@click=app.quit]here[/].",
    "日本語の文章はここにあります。これはとても長い文章なので折り返す必要があります。",
    "Cafe\u0301 au lait 👍🏽 for the 👨‍👩‍👧 and שלום עולם too.",
    "It cost 4.3 million in 2009.",
    "",
    "A line\r\nand another\u2028one\tmore.",
    "It goes to the bridge in bus.",
    "The end is near of the file.",
]


def make_project(path: Path, mts: Sequence[str], references: Sequence[tuple[int, int, str]] = ()) -> Path:
    rows = [
        (n, n + 1, f"s{n}", f"Fuente {n}", mt, None, "new", "", folded(f"Fuente {n}", mt, None))
        for n, mt in enumerate(mts, 1)
    ]
    with ProjectBuilder(path) as builder:
        builder.add(rows, references)
        builder.meta.update({"has_source": True, "has_references": bool(references), "target_lang": "en"})
        builder.index()
        builder.finish()
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    references = [(1, 0, "The aide declined to elaborate."), (2, 0, "The session lasted almost six hours.")]
    return make_project(tmp_path / "news.tsv.postedit", MTS, references)


@pytest.fixture
def session(project: Path) -> Iterator[EditingSession]:
    with EditingSession.open(project) as opened:
        yield opened


class Desk:
    """The running editor and shortcuts to what a test looks at."""

    def __init__(self, app: EditorApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def screen(self) -> EditorScreen:
        assert self.app.editor_screen is not None
        return self.app.editor_screen

    @property
    def help_is_open(self) -> bool:
        return isinstance(self.app.screen, HelpScreen)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        await self.press(*[{" ": "space", ".": "full_stop"}.get(char, char) for char in text])

    async def until(self, condition: Callable[[], bool], tries: int = 400) -> None:
        """Wait for ``condition``; the test fails when it never comes."""
        for _ in range(tries):
            if condition():
                return
            await self.pilot.pause(0.025)
        raise AssertionError("it never happened")

    def lines(self) -> list[str]:
        """What stands on the screen, line by line."""
        width, height = self.app.size
        strips = self.app.screen._compositor.render_strips()
        return [strip.text[:width] for strip in strips[:height]]

    def text(self) -> str:
        return "\n".join(self.lines())


Opener = Callable[..., AbstractAsyncContextManager[Desk]]


@pytest.fixture
def open_editor(session: EditingSession) -> Opener:
    @asynccontextmanager
    async def opener(*models: str, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Desk]:
        app = EditorApp(EditorSetup(session, models=models, name="news.tsv"))
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            yield Desk(app, pilot)

    return opener
