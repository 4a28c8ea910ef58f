"""A run that is stopped goes on where it was, and writes what it would have written."""

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from posteditor.errors import UsageError
from posteditor.services.cleaning import running
from posteditor.services.cleaning.judging import Judge
from posteditor.services.cleaning.work_folder import WorkFolder
from tests.services.cleaning.dirty_corpus import RULES, clean, kept, pairs, read_tsv, write_tsv

COUNT = 12_000
"""A dozen batches."""


class StoppedError(Exception):
    """What ends a run in these tests."""


@contextmanager
def stopped_after(batches: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    real, left = Judge.judge, [batches]

    def judge(self: Judge, task: object) -> object:
        left[0] -= 1
        if left[0] < 0:
            raise StoppedError
        return real(self, task)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Judge, "judge", judge)
        with pytest.raises(StoppedError):
            yield


@pytest.mark.parametrize("batches", [0, 1, 5])
def test_it_goes_on(tmp_path: Path, batches: int, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_tsv(tmp_path / "a.tsv", pairs(COUNT))
    files: dict[str, Any] = {"rejected": tmp_path / "r.jsonl", "scores": tmp_path / "s.tsv"}
    whole = clean(source, tmp_path / "whole.tsv", **files)
    wanted = [path.read_bytes() for path in files.values()]
    for path in files.values():
        path.unlink()
    with stopped_after(batches, monkeypatch):
        clean(source, tmp_path / "out.tsv", **files)
    assert not (tmp_path / "out.tsv").exists() and not files["rejected"].exists()
    result = clean(source, tmp_path / "out.tsv", **files)
    assert result.resumed == min(COUNT, 1024 * batches)
    assert (tmp_path / "out.tsv").read_bytes() == (tmp_path / "whole.tsv").read_bytes()
    assert [path.read_bytes() for path in files.values()] == wanted
    assert [step.to_json() for step in result.steps] == [step.to_json() for step in whole.steps]
    assert not (tmp_path / "out.tsv.cleaning").exists()


def test_what_a_kill_left_behind_the_journal_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_tsv(tmp_path / "a.tsv", pairs(COUNT))
    with stopped_after(3, monkeypatch):
        clean(source, tmp_path / "out.tsv")
    for name in ("decisions", "fingerprints"):
        with (tmp_path / "out.tsv.cleaning" / name).open("ab") as file:
            file.write(b"[1, 2, half a li")
    clean(source, tmp_path / "out.tsv")
    assert read_tsv(tmp_path / "out.tsv") == kept(pairs(COUNT))


def test_other_rules_start_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_tsv(tmp_path / "a.tsv", pairs(COUNT))
    with stopped_after(3, monkeypatch):
        clean(source, tmp_path / "out.tsv", RULES.replace("max = 3", "max = 2"))
    result = clean(source, tmp_path / "out.tsv")
    assert (result.resumed, result.discarded_other) == (0, True)
    assert read_tsv(tmp_path / "out.tsv") == kept(pairs(COUNT))


def test_an_input_that_changes_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_tsv(tmp_path / "a.tsv", pairs(100))
    real = running.keep_all

    def meddle(*arguments: object) -> None:
        real(*arguments)  # type: ignore[arg-type]
        source.write_text(source.read_text() + "a\tb\t-\n")

    monkeypatch.setattr(running, "keep_all", meddle)
    with pytest.raises(Exception, match="changed while it was being cleaned"):
        clean(source, tmp_path / "out.tsv")
    assert not (tmp_path / "out.tsv").exists()


def test_two_runs_never_write_one_output(tmp_path: Path) -> None:
    source = write_tsv(tmp_path / "a.tsv", pairs(100))
    with WorkFolder(tmp_path / "out.tsv", {}), pytest.raises(UsageError, match="another run is writing this output"):
        clean(source, tmp_path / "out.tsv")


def test_a_foreign_folder_is_not_touched(tmp_path: Path) -> None:
    source = write_tsv(tmp_path / "a.tsv", pairs(100))
    (tmp_path / "out.tsv.cleaning").mkdir()
    (tmp_path / "out.tsv.cleaning" / "letter").write_text("dear")
    with pytest.raises(UsageError, match="is in the way"):
        clean(source, tmp_path / "out.tsv")
    assert (tmp_path / "out.tsv.cleaning" / "letter").read_text() == "dear"


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    source = write_tsv(tmp_path / "a.tsv", pairs(COUNT))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
        with pytest.raises(UsageError, match="can't be written") as caught:
            clean(source, tmp_path / "out.tsv", rejected=tmp_path / "r.jsonl")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert "goes on where it stopped" in caught.value.hint
    assert not (tmp_path / "out.tsv").exists()
    result = clean(source, tmp_path / "out.tsv", rejected=tmp_path / "r.jsonl")
    assert 0 < result.resumed < COUNT
    assert read_tsv(tmp_path / "out.tsv") == kept(pairs(COUNT))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("what", ["rejected", "fixed", "report"])
def test_files_beside_it_on_a_full_disk(tmp_path: Path, what: str) -> None:
    source = write_tsv(tmp_path / "a.tsv", pairs(100))
    full = tmp_path / {"report": "full.html"}.get(what, "full.jsonl")
    full.symlink_to("/dev/full")
    beside: dict[str, Any] = {what: full}
    with pytest.raises(UsageError, match="the disk is full"):
        clean(source, tmp_path / "out.tsv", force=True, **beside)


PROGRAM = """
import sys
from pathlib import Path
from tests.services.cleaning.dirty_corpus import clean
if __name__ == "__main__":
    result = clean(Path(sys.argv[1]), Path(sys.argv[2]), rejected=Path(sys.argv[3]), scores=Path(sys.argv[4]), jobs=2)
    print(result.resumed)
"""


@pytest.mark.slow
def test_killed_again_and_again(tmp_path: Path) -> None:
    source = write_tsv(tmp_path / "a.tsv", pairs(60_000))
    folders = [tmp_path / "whole", tmp_path / "killed"]
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    commands = []
    for folder in folders:
        folder.mkdir()
        files = [folder / name for name in ("out.tsv", "r.jsonl", "s.tsv")]
        commands.append([sys.executable, str(program), str(source), *map(str, files)])
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    subprocess.run(commands[0], check=True, env=environment, stdout=subprocess.DEVNULL)
    resumed = []
    for turn in range(60):
        run = subprocess.Popen(commands[1], env=environment, stdout=subprocess.PIPE, text=True)
        journal = folders[1] / "out.tsv.cleaning" / "decisions"
        size = journal.stat().st_size if journal.exists() else 0
        while run.poll() is None and (not journal.exists() or journal.stat().st_size < size + 1):
            time.sleep(0.005)
        time.sleep(0.02 * (turn % 7))
        run.send_signal(signal.SIGKILL)
        said, _ = run.communicate()
        if run.returncode == 0:
            resumed.append(int(said))
            break
    else:
        subprocess.run(commands[1], check=True, env=environment)
    for name in ("out.tsv", "r.jsonl", "s.tsv"):
        assert (folders[1] / name).read_bytes() == (folders[0] / name).read_bytes()
    assert turn > 3
