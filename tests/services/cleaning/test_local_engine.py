"""Judging in processes: what comes back when one dies, when the parent dies, and when a plug-in talks."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from posteditor.errors import PostEditorError
from tests.services.cleaning.dirty_corpus import clean, pairs, read_tsv, write_tsv

PLUGINS = Path(__file__).parents[2] / "plugins"
ROOT = Path(__file__).parents[3]
RULES = '[[steps]]\nrule = "deadly"\n'


@pytest.fixture(autouse=True)
def plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PLUGINS))
    monkeypatch.setenv("PYTHONPATH", str(PLUGINS))


def test_a_process_that_dies_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    corpus = pairs(8000)
    source = write_tsv(tmp_path / "a.tsv", [*corpus[:6000], ("a", "DIE"), *corpus[6000:]])
    with pytest.raises(PostEditorError, match="a process that judges pairs has ended") as caught:
        clean(source, tmp_path / "out.tsv", RULES, jobs=2)
    assert "goes on where it stopped" in caught.value.hint
    assert not (tmp_path / "out.tsv").exists()
    assert (tmp_path / "out.tsv.cleaning").exists()


def test_a_plug_in_that_talks_does_not_talk_into_the_answers(tmp_path: Path) -> None:
    corpus = pairs(6000)
    clean(write_tsv(tmp_path / "a.tsv", corpus), tmp_path / "out.tsv", RULES, jobs=2)
    assert read_tsv(tmp_path / "out.tsv") == corpus


PROGRAM = """
import sys
from pathlib import Path
from tests.services.cleaning.dirty_corpus import clean
rules = "[[steps]]\\nrule = 'expression'\\nsource = '^(a|a)*$'\\nseconds = 5\\n"
clean(Path(sys.argv[1]), Path(sys.argv[2]), rules, jobs=2)
"""


@pytest.mark.slow
def test_processes_end_with_their_parent(tmp_path: Path) -> None:
    source = write_tsv(tmp_path / "a.tsv", [("a" * 60 + "!", "x"), *pairs(8000)])
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    program = [sys.executable, "-c", PROGRAM, str(source), str(tmp_path / "out.tsv")]
    parent = subprocess.Popen(program, env=environment)
    children: list[int] = []
    while len(children) < 2:
        time.sleep(0.05)
        children = list(map(int, Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()))
    time.sleep(2)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    # One of them is busy with an expression, which it lets go first.
    end = time.monotonic() + 60
    while any(Path(f"/proc/{child}").exists() for child in children) and time.monotonic() < end:
        time.sleep(0.1)
    assert not any(Path(f"/proc/{child}").exists() for child in children)
