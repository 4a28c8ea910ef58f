"""What a worker takes over from the process that started the run, and what it does not."""

import pickle
from pathlib import Path

import pytest

from posteditor.services.worker_place import Place


def test_settings_and_folder_travel_and_keys_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "worker").mkdir()
    monkeypatch.chdir(tmp_path / "run")
    mine = {"POSTEDITOR_MODELS": "mine.toml", "POSTEDITOR_API_KEY": "secret", "HOME": "/home/me"}
    place = Place.here(mine)
    assert b"secret" not in pickle.dumps(place)

    monkeypatch.chdir(tmp_path / "worker")
    theirs = {"POSTEDITOR_PROMPT": "theirs", "POSTEDITOR_API_KEY": "own", "HOME": "/home/worker"}
    pickle.loads(pickle.dumps(place)).enter(theirs)
    assert theirs == {"POSTEDITOR_MODELS": "mine.toml", "POSTEDITOR_API_KEY": "own", "HOME": "/home/worker"}
    assert Path.cwd() == tmp_path / "run"


def test_a_folder_that_the_machine_lacks_is_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Place(tmp_path / "elsewhere", ()).enter({})
    assert Path.cwd() == tmp_path
