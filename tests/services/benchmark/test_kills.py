"""The real command, killed at any moment and called again, reports what an unbroken one reports."""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.services.benchmark.conftest import PLUGINS, write


def start(source: Path, run: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "posteditor", "bench", str(source), "--model", "toy", "-o", str(run)]
    environment = os.environ | {"PYTHONPATH": str(PLUGINS)}
    options = ["--resamples", "20", "--trials", "20"]
    return subprocess.Popen([*command, *options], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def reported(run: Path) -> list[Any]:
    """The rows without what the clock says."""
    rows = json.loads((run / "report.json").read_text())["sets"][0]["rows"]
    return [{name: value for name, value in row.items() if name != "speed"} for row in rows]


@pytest.mark.slow
def test_a_run_killed_at_random_moments_equals_an_unbroken_one(tmp_path: Path) -> None:
    draw = random.Random(5)
    words = ["teh", "wrold", "cat", "dog", "sleeps", "runs", "here", "there", "old", "new"]
    texts = [" ".join(draw.choices(words, k=draw.randint(5, 40))) for _ in range(3000)]
    lines = [f"{text}\t{text.replace('teh', 'the')} now" for text in texts]
    source = write(tmp_path / "a.tsv", ["mt\treference", *lines])
    whole = start(source, tmp_path / "whole")
    assert whole.wait() == 0
    run = tmp_path / "parts"
    resumed = 0
    for _ in range(12):
        before = sum(path.stat().st_size for path in run.rglob("*.jsonl")) if run.exists() else 0
        process = start(source, run)
        time.sleep(draw.uniform(0.5, 2.5))
        if process.poll() is None:
            process.kill()
        process.communicate()
        after = sum(path.stat().st_size for path in run.rglob("*.jsonl"))
        resumed += after > before > 0
        if process.returncode == 0:
            break
    assert resumed, "no run went on with what an earlier one had left"
    assert start(source, run).wait() == 0
    assert reported(run) == reported(tmp_path / "whole")
