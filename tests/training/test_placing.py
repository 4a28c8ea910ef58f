"""A finished folder takes the place of an older one in one step."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from posteditor.errors import UsageError
from posteditor.training import placing
from posteditor.training.placing import check_output, fresh_staging, put_in_place, staging_folder


def model(folder: Path, words: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("config.json", "model.safetensors"):
        (folder / name).write_text(words)
    return folder


def words(folder: Path) -> set[str]:
    return {path.read_text() for path in folder.iterdir()}


def test_a_new_folder_appears_with_its_parents(tmp_path: Path) -> None:
    out = check_output(tmp_path / "models" / "new", force=False)
    put_in_place(model(fresh_staging(out), "new"), out)
    assert words(out) == {"new"}
    assert [path.name for path in out.parent.iterdir()] == ["new"]


@pytest.mark.parametrize("swaps", [True, False])
def test_an_old_folder_is_replaced_and_leaves_nothing(
    tmp_path: Path, swaps: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not swaps:
        monkeypatch.setattr(placing, "_swap", lambda *_: False)
    out = model(tmp_path / "old", "old")
    (out / "extra.bin").write_text("old")
    put_in_place(model(fresh_staging(out), "new"), out)
    assert words(out) == {"new"}
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


def test_a_folder_moved_aside_is_brought_back(tmp_path: Path) -> None:
    model(tmp_path / ".out.old", "old")
    with pytest.raises(UsageError, match="already a model"):
        check_output(tmp_path / "out", force=False)
    assert words(tmp_path / "out") == {"old"}


def test_a_rename_that_fails_keeps_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "_swap", lambda *_: False)
    out, staging = model(tmp_path / "out", "old"), model(staging_folder(tmp_path / "out"), "new")
    rename = Path.rename

    def fail(self: Path, target: Path) -> Path:
        if self == staging:
            raise OSError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(UsageError, match="can't be replaced"):
        put_in_place(staging, out)
    assert (words(out), words(staging)) == ({"old"}, {"new"})


def test_what_is_no_model_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "mother.txt").write_text("dear")
    with pytest.raises(UsageError, match="holds no model"):
        check_output(tmp_path / "letters", force=True)
    with pytest.raises(UsageError, match="is a file"):
        check_output(tmp_path / "letters" / "mother.txt", force=True)
    out = model(tmp_path / "model", "old")
    with pytest.raises(UsageError, match="already a model") as caught:
        check_output(out, force=False)
    assert "--force" in caught.value.hint
    (tmp_path / "link").symlink_to(out)
    assert check_output(tmp_path / "link", force=True) == out
    (tmp_path / "empty").mkdir()
    assert check_output(tmp_path / "empty", force=False) == tmp_path / "empty"


_LOOP = """
import sys
from pathlib import Path
from posteditor.training.placing import check_output, fresh_staging, put_in_place
out = Path(sys.argv[1])
number = 0
while True:
    number += 1
    out = check_output(out, force=True)
    staging = fresh_staging(out)
    for name in ("config.json", "model.safetensors"):
        (staging / name).write_text(str(number))
    put_in_place(staging, out)
    print(number, flush=True)
"""


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_one_whole_folder(tmp_path: Path) -> None:
    out = tmp_path / "model"
    for pause in (0.0, 0.001, 0.003, 0.007, 0.011, 0.02):
        loop = subprocess.Popen([sys.executable, "-c", _LOOP, str(out)], stdout=subprocess.PIPE)
        assert loop.stdout is not None
        loop.stdout.readline()
        time.sleep(pause)
        os.kill(loop.pid, signal.SIGKILL)
        loop.communicate()
        assert len(words(out)) == 1
        assert {path.name for path in out.iterdir()} == {"config.json", "model.safetensors"}
