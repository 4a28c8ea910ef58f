"""The log of readings of the odd halves."""

import json
from pathlib import Path

import pytest

from posteditor.errors import CorpusError, UsageError
from posteditor.training.readings import append_reading, check_log, gathered


def test_lines_are_only_ever_added_and_gathered_once(tmp_path: Path) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    append_reading(first, {"time": "2026-01-02T00:00:00+00:00", "recipe": "b"})
    append_reading(second, {"time": "2026-01-01T00:00:00+00:00", "recipe": "a\u2028"})
    append_reading(first, {"time": "2026-01-03T00:00:00+00:00", "recipe": "c"})
    second.write_text(second.read_text() + first.read_text())
    lines = gathered([first, second, tmp_path / "none.jsonl"])
    assert [json.loads(line)["recipe"] for line in lines] == ["a\u2028", "b", "c"]


def test_a_log_that_cannot_be_kept_is_found_out_beforehand(tmp_path: Path) -> None:
    check_log(tmp_path / "new.jsonl")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(UsageError, match="can't be written"):
        check_log(tmp_path)
    with pytest.raises(UsageError, match="can't be written"):
        check_log(tmp_path / "no folder" / "x.jsonl")
    (tmp_path / "broken.jsonl").write_text('{"time": "2026"}\n{"ti\n')
    with pytest.raises(CorpusError, match="line 2: is no reading"):
        check_log(tmp_path / "broken.jsonl")
