"""Makes the README's picture: the editor on the demo corpus with the shipped model, as an SVG.

python -m tests.tui.picture corpora/demo.svg [--keys alt+down tab] [--size 110 32] [--light]
"""

import argparse
import asyncio
import re
import tempfile
from pathlib import Path

from posteditor.services.opening import OpenRequest, open_for_editing
from posteditor.shipped import shipped_corpus
from posteditor.tui.app import EditorApp
from posteditor.tui.editor_setup import EditorSetup

_PATIENCE_S = 120


def _no_progress(done: int, total: int | None = None) -> None:
    return


async def paint(size: tuple[int, int], keys: list[str], *, light: bool) -> str:
    """The picture, once suggestions and scores are there and the keys were pressed."""
    with tempfile.TemporaryDirectory() as folder:
        request = OpenRequest((shipped_corpus("demo.tsv"),), project=Path(folder, "demo.postedit"), target_lang="en")
        session, _ = open_for_editing(request, progress=_no_progress, on_change=lambda what: "later")
        with session:
            app = EditorApp(EditorSetup(session, models=("default",), name="demo.tsv"))
            async with app.run_test(size=size) as pilot:
                if light:
                    app.theme = "textual-light"
                for key in keys:
                    await pilot.press(key)
                    await pilot.pause(1)
                screen = app.editor_screen
                assert screen is not None
                for _ in range(_PATIENCE_S):
                    await pilot.pause(1)
                    view = screen.scores.view()
                    if view.scored == view.scorable and len(view.suggestion) == 3:
                        break
                return app.export_screenshot(title="posteditor")


def main() -> None:
    """Paint and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--keys", nargs="*", default=[])
    parser.add_argument("--size", nargs=2, type=int, default=(110, 32))
    parser.add_argument("--light", action="store_true")
    given = parser.parse_args()
    picture = asyncio.run(paint((given.size[0], given.size[1]), given.keys, light=given.light))
    # Fonts from elsewhere would be fetched by whoever looks at it; any monospaced one will do.
    picture = re.sub(r"@font-face\s*\{[^}]*\}", "", picture)
    given.out.write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
