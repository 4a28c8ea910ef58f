"""The screen that browses a comparison, driven key by key, on runs that the toy rewriter has made here."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from posteditor.errors import CorpusError
from posteditor.services.benchmark.editing_runs import open_run_segment
from posteditor.services.benchmark.options import BenchmarkOptions
from posteditor.services.benchmark.pairing import pair_up
from posteditor.services.benchmark.run_folder import open_run
from posteditor.services.benchmark.running import benchmark
from posteditor.services.benchmark.segment_differences import Kind, Order
from posteditor.services.benchmark.sides import sides_in_run
from posteditor.services.importing import no_progress
from posteditor.tui.app import EditorApp
from posteditor.tui.benchmark_actions import ACTIONS, BrowserHelp
from posteditor.tui.benchmark_browser import BrowserApp, BrowserScreen, OpenInEditor
from posteditor.tui.benchmark_view import BrowserView
from posteditor.tui.dialogs import Tell
from posteditor.tui.editor_setup import EditorSetup

PLUGINS = Path(__file__).parents[1] / "plugins"
HOSTILE = "[bold]teh[/] \x1b[31mred\x1b[0m [@click=app.quit]x[/] \u202edrow"
ROWS = [
    ("Uno", "teh cat sleeps", "the cat sleeps"),  # gains
    ("", "teh is a misprint of long standing", "teh is a misprint of long standing"),  # loses
    ("", "nothing to do", "nothing to do"),
    ("", "teh wrold", "the world"),  # gains most
    ("", "seven dwarfs", "seven dwarfs"),  # the gate withdraws eight
    ("", "RAISE teh flag", "Raise the flag"),  # the rewriter gives up
    ("[red]fuente[/]", HOSTILE, "quite another"),  # changed to no effect
    ("", "日本語の文章はここにあります。" * 6, "日本"),
    ("", "Cafe\u0301 " * 120 + "recieve", "Café receive"),
]


class Browser:
    """The running browser and shortcuts to what a test looks at."""

    def __init__(self, app: BrowserApp, pilot: Pilot[OpenInEditor]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def screen(self) -> BrowserScreen:
        assert self.app.browser is not None
        return self.app.browser

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def search(self, text: str) -> None:
        await self.press("slash", *[{" ": "space"}.get(char, char) for char in text], "enter")
        await self.until(lambda: not self.screen.is_searching)

    async def until(self, condition: Callable[[], bool], tries: int = 400) -> None:
        for _ in range(tries):
            if condition():
                return
            await self.pilot.pause(0.025)
        raise AssertionError("it never happened")

    @property
    def position(self) -> int:
        index = self.screen.rows.current
        return 0 if index is None else self.screen.view.row(index).position

    @property
    def listed(self) -> list[int]:
        return [self.screen.view.row(index).position for index in self.screen.rows.view]

    def lines(self) -> list[str]:
        width, height = self.app.size
        return [strip.text[:width] for strip in self.app.screen._compositor.render_strips()[:height]]

    def text(self) -> str:
        return "\n".join(self.lines())


Opener = Callable[..., AbstractAsyncContextManager[Browser]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(PLUGINS))
    lines = ["id\tsource\tmt\treference"]
    lines += [f"s-{number}\t{source}\t{mt}\t{reference}" for number, (source, mt, reference) in enumerate(ROWS, 1)]
    (tmp_path / "news.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "more.tsv").write_text("mt\treference\nteh end\tthe end\n", encoding="utf-8")
    paths = [tmp_path / "news.tsv", tmp_path / "more.tsv"]
    benchmark(paths, ["toy", "toy+none"], BenchmarkOptions(resamples=0, trials=0), run_folder=tmp_path / "run")
    return tmp_path / "run"


@pytest.fixture
def view(run: Path) -> BrowserView:
    found = BrowserView(pair_up(*sides_in_run(run, "none", "toy")))
    found.load(0, lambda done, total, stage: None)
    return found


@pytest.fixture
def open_browser(view: BrowserView) -> Opener:
    @asynccontextmanager
    async def opener(size: tuple[int, int] = (80, 24)) -> AsyncIterator[Browser]:
        app = BrowserApp(view)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            yield Browser(app, pilot)

    return opener


async def test_it_opens_on_what_gained_most(open_browser: Opener) -> None:
    async with open_browser() as browser:
        lines = browser.lines()
        assert lines[0].startswith(" news  1/9  sort gain  +3 -1  A do-nothing  B toy")
        assert lines[2].startswith("▶  4 + +100.0   100.0 → 0.0       teh wrold ")
        text = browser.text()
        assert " mt     teh wrold  [TER 100.0]" in text
        assert " B      [-teh wrold-]{+the world+}  [toy, TER 0.0]" in text
        assert "teh → the (spelling 90%); wrold → world (spelling 90%)" in text
        assert " ref    the world" in text
        assert " id     s-4" in text
        assert "s Sort" in lines[-1] and "q Quit" in lines[-1]


async def test_changed_words_are_marked_by_more_than_colour(open_browser: Opener) -> None:
    async with open_browser() as browser:
        spans = [span for strip in browser.app.screen._compositor.render_strips() for span in strip]
        styles = {span.text: span.style for span in spans if "[-" in span.text or "{+" in span.text}
        old, new = styles["[-teh wrold-]"], styles["{+the world+}"]
        assert old is not None and old.strike
        assert new is not None and new.underline and new.bold


async def test_the_arrows_and_their_kin_move(open_browser: Opener) -> None:
    async with open_browser() as browser:
        places = []
        for key in ("down", "down", "up", "end", "down", "home", "up", "pagedown", "pageup"):
            await browser.press(key)
            places.append(browser.screen.rows.place)
        assert places == [1, 2, 1, 8, 8, 0, 0, 8, 0]


async def test_sorting_goes_round_and_starts_at_the_top(open_browser: Opener) -> None:
    async with open_browser() as browser:
        assert browser.listed[:3] == [4, 9, 1] and browser.listed[-1] == 2
        await browser.press("end", "s")
        assert "sort loss" in browser.lines()[0]
        assert (browser.position, browser.listed[0], browser.listed[-1]) == (2, 2, 4)
        await browser.press("s")
        assert browser.listed == list(range(1, 10))
        await browser.press("s")
        assert browser.listed[:2] == [9, 2] and browser.listed[-1] == 8
        await browser.press("s")
        assert browser.screen.view.order is Order.GAIN


async def test_filters_go_round_and_the_segment_stays(open_browser: Opener) -> None:
    async with open_browser() as browser:
        await browser.press("down")
        found = {}
        for _ in Kind:
            await browser.press("f")
            found[browser.screen.view.kind] = sorted(browser.listed)
        assert found == {
            Kind.CHANGED: [1, 2, 4, 7, 9],
            Kind.IMPROVED: [1, 4, 9],
            Kind.DETERIORATED: [2],
            Kind.REFUSED: [5],
            Kind.FAILED: [6],
            Kind.ALL: list(range(1, 10)),
        }
        assert browser.listed[browser.screen.rows.place] == 6  # failed, which was the last that was listed
        await browser.press("home", "down", "f")
        assert browser.position == 9
        await browser.press("F", "F")
        assert "only failed" in browser.lines()[0]
        assert "gave up: RuntimeError: told to raise" in browser.text()
        assert "!  RAISE teh flag" in browser.text()
        await browser.press("F")
        assert "withdrawn by the gate: number: 8 added (seven → eight)" in browser.text()
        await browser.press("escape")
        assert browser.screen.view.kind is Kind.ALL and browser.position == 5


async def test_a_filter_without_segments_says_so(run: Path) -> None:
    view = BrowserView(pair_up(*sides_in_run(run, "toy", "toy+none")))
    view.load(0, lambda done, total, stage: None)
    app = BrowserApp(view)
    async with app.run_test(size=(80, 24)) as pilot:
        browser = Browser(app, pilot)
        await browser.press("f")
        assert " none  " in browser.lines()[0] and "no segment to list as changed" in browser.lines()[-1]
        await browser.press("down", "end", "enter", "n", "space")
        assert browser.position == 0 and browser.app.is_running
        await browser.search("teh")
        assert "none of the segments listed" in browser.lines()[-1]
        await browser.press("escape", "escape")
        assert len(browser.listed) == 9
        assert " A      [-teh-]{+the+} cat" in browser.text() and " B      [-teh-]{+the+} cat" in browser.text()


async def test_search_goes_from_hit_to_hit_in_the_order_of_the_list(open_browser: Opener) -> None:
    async with open_browser() as browser:
        await browser.search("THE")
        hits = [position for position in browser.listed if position in (1, 2, 4, 6, 7)]
        assert browser.screen.hit_count == 5 and browser.position == hits[0] == 4
        assert "“THE” 5" in browser.lines()[0]
        found = []
        for _ in hits:
            await browser.press("n")
            found.append(browser.position)
        assert found == [*hits[1:], hits[0]]
        await browser.press("N")
        assert browser.position == hits[-1]
        assert browser.lines()[2 + browser.screen.rows.place].find(" / ") > 0
        await browser.press("escape")
        assert "“" not in browser.lines()[0]
        await browser.press("n")
        assert "No search" in browser.lines()[-1]
        await browser.search("uno")
        assert browser.position == 1  # only the source has it
        await browser.search("zzz")
        assert "none of the segments listed" in browser.lines()[-1]


async def test_go_to_a_number(open_browser: Opener) -> None:
    async with open_browser() as browser:
        await browser.press("f", "f", "g", "5", "enter")
        assert browser.position == 5 and browser.screen.view.kind is Kind.ALL
        for wrong in ("99", "x", "0"):
            await browser.press("g", *wrong, "enter")
            assert browser.position == 5 and "no scored segment" in browser.lines()[-1]


async def test_hostile_texts_are_shown_as_they_are(open_browser: Opener) -> None:
    async with open_browser() as browser:
        await browser.press("g", "7", "enter")
        text = browser.text()
        assert "\x1b" not in text and "\u202e" not in text
        assert " source [red]fuente[/]" in text
        assert " mt     [bold]teh[/] ␛[31mred␛[0m [@click=app.quit]x[/] ⋄drow" in text
        assert " B      [bold][-teh-]{+the+}[/] ␛[31mred␛[0m" in text
        await browser.search("[/]")
        assert browser.screen.hit_count == 1 and "“[/]” 1" in browser.lines()[0]


@pytest.mark.parametrize("size", [(80, 24), (60, 24), (40, 10), (24, 6), (140, 30)])
async def test_every_size_works_and_no_line_is_too_wide(open_browser: Opener, size: tuple[int, int]) -> None:
    async with open_browser(size) as browser:
        for _ in ROWS:
            await browser.press("down")
            strips = browser.app.screen._compositor.render_strips()
            assert len(strips) == size[1] and {strip.cell_length for strip in strips} == {size[0]}
        assert "q" in browser.lines()[-1]
        await browser.pilot.resize_terminal(80, 24)
        await browser.pilot.pause()
        assert browser.position == browser.listed[-1]


async def test_a_long_segment_scrolls(open_browser: Opener) -> None:
    async with open_browser() as browser:
        await browser.press("g", "9", "enter")
        assert "Café receive" not in browser.text()
        await browser.press("space", "space", "space")
        assert "Café receive" in browser.text()
        await browser.press("b", "down")
        assert browser.screen.panel.scroll_y == 0


async def test_another_test_set_is_read_behind_the_screen(open_browser: Opener) -> None:
    async with open_browser() as browser:
        await browser.press("t")
        await browser.until(lambda: browser.screen.view.place == 1 and browser.screen.reading is None)
        await browser.pilot.pause()
        assert browser.lines()[0].startswith(" more  1/1 ") and "teh end" in browser.lines()[2]
        await browser.press("t")
        await browser.until(lambda: browser.screen.view.place == 0)


async def test_a_run_that_changes_meanwhile_is_told(open_browser: Opener, run: Path) -> None:
    async with open_browser() as browser:
        open_run(run).cell_file("news", "toy").write_bytes(b"")
        for reader in browser.screen.view.segments._readers:
            reader._portions.clear()
        await browser.press("down")
        assert isinstance(browser.app.screen, Tell) and "has changed" in browser.app.screen.message
        await browser.press("enter", "t")
        await browser.until(lambda: browser.screen.view.place == 1)


async def test_what_went_wrong_in_the_editor_is_told_in_the_browser(open_browser: Opener, view: BrowserView) -> None:
    view.trouble = CorpusError("sets/news.jsonl", "is gone")
    async with open_browser() as browser:
        assert isinstance(browser.app.screen, Tell) and "is gone" in browser.app.screen.message
        assert view.trouble is None


async def test_a_click_picks_and_the_wheel_scrolls(open_browser: Opener) -> None:
    async with open_browser((80, 12)) as browser:
        await browser.pilot.click("#list", offset=(5, 2))
        assert browser.screen.rows.place == 1
        browser.screen.rows._scroll(3)
        await browser.pilot.pause()
        assert "▶" not in "\n".join(browser.lines()[2:6])
        await browser.press("down")
        assert "▶" in "\n".join(browser.lines()[1:6])


async def test_help_lists_every_key(open_browser: Opener) -> None:
    async with open_browser((110, 60)) as browser:
        await browser.press("question_mark")
        assert isinstance(browser.app.screen, BrowserHelp)
        text = browser.text()
        for action in ACTIONS:
            assert action.help.split(":")[0][:40] in text
        await browser.press("q")
        assert not isinstance(browser.app.screen, BrowserHelp)


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_leaving(open_browser: Opener, key: str) -> None:
    async with open_browser() as browser:
        await browser.press(key)
        assert browser.app.return_value is None and not browser.app.is_running


@pytest.mark.parametrize("key", ["enter", "e"])
async def test_editing_lands_on_the_segment_and_the_browser_is_where_it_was(
    open_browser: Opener, view: BrowserView, run: Path, key: str
) -> None:
    async with open_browser() as browser:
        await browser.press("s", "s", "down", "down", "down", key)
        wanted = browser.app.return_value
        assert wanted == OpenInEditor(3)
    assert wanted is not None
    folder = open_run(run)
    texts = view.segments.texts(wanted.index)
    session, _ = open_run_segment(
        folder, view.pair.a, texts.segment.position, [(texts.b, "toy-1")], progress=no_progress
    )
    with session:
        app = EditorApp(EditorSetup(session, models=(), name="news"))
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            screen = app.editor_screen
            assert screen is not None and screen.position == 4
            assert screen.editor.value == "teh wrold"
            await pilot.press("ctrl+t")  # what the run suggested is there to be taken
            await pilot.pause()
            assert screen.editor.value == "the world"
            await pilot.press("ctrl+q")
    async with open_browser() as browser:
        assert browser.screen.view.order is Order.POSITION and browser.position == 4
