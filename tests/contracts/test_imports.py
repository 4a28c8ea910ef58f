"""What a command loads. Static contracts can't see imports inside functions: each is proved in a process of its own."""

import subprocess
import sys

import pytest

HEAVY = ("torch", "transformers", "textual", "sacrebleu", "numpy", "ray", "pyarrow", "pandas")


def loaded_after(code: str) -> set[str]:
    """Which heavy libraries a fresh interpreter has after ``code``."""
    show = f"import sys\n{code}\nprint('\\nLOADED', *[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True)
    return set(done.stdout.rpartition("LOADED")[2].split())


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        ("import posteditor", set()),
        ("import posteditor.core.diff, posteditor.core.hunks", set()),
        ("import posteditor.services.editing", set()),
        ("import posteditor.services.transfer, posteditor.services.opening", set()),
        ("import posteditor.services.suggesting, posteditor.services.models", set()),
        ("import posteditor.services.evaluating, posteditor.services.scoring_lane", set()),
        ("import posteditor.services.live_scores", set()),
        ("import posteditor.services.rewriting, posteditor.services.ray_rewriting", set()),
        ("import posteditor.rewriters.specs, posteditor.rewriters.gate", set()),
        ("import posteditor.cli.main", set()),
        ("from posteditor.cli.main import main\nmain(['--help'])", set()),
        ("from posteditor.cli.main import main\nmain(['models'])", set()),
        ("import posteditor.cli.plain_editor", set()),
        ("import posteditor.tui.app", {"textual"}),
    ],
)
def test_an_import_loads_no_more_than_it_needs(code: str, allowed: set[str]) -> None:
    assert loaded_after(code) <= allowed


def test_scoring_loads_neither_torch_nor_textual(tmp_path: object) -> None:
    code = (
        "from posteditor.scoring.metrics import create_metrics, DEFAULT_METRICS\n"
        "create_metrics(DEFAULT_METRICS)[0].statistics('a b', ['a c'])"
    )
    assert loaded_after(code) <= {"sacrebleu", "numpy"}


def test_the_first_paint_of_the_editor_loads_neither_torch_nor_transformers() -> None:
    code = """
import asyncio, tempfile, pathlib
from posteditor.services.opening import OpenRequest, open_for_editing
from posteditor.tui.app import EditorApp
from posteditor.tui.editor_setup import EditorSetup
async def paint(session):
    app = EditorApp(EditorSetup(session, models=("default",)))
    async with app.run_test() as pilot:
        await pilot.pause()
with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder, "a.tsv")
    path.write_text("mt\\nHello .\\n")
    request = OpenRequest((path,))
    session, _ = open_for_editing(request, progress=lambda done, total=None: None, on_change=lambda s: "later")
    with session:
        asyncio.run(paint(session))
"""
    assert loaded_after(code) <= {"textual"}
