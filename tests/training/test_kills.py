"""The real command, stopped at any moment and called again, ends with the same weights as one left alone."""

import os
import random
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest

from tests.training.conftest import Workshop


def start(workshop: Workshop, out: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "posteditor", "train", *workshop.arguments(out)]
    return subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a job in the background may ignore it
    )


def weights(folder: Path) -> str:
    return sha256((folder / "model.safetensors").read_bytes()).hexdigest()


def finish(workshop: Workshop, out: str) -> str:
    run = start(workshop, out)
    assert run.stderr is not None
    told = run.communicate()[1].decode()
    assert run.returncode == 0, told
    return weights(workshop.folder / out)


@pytest.mark.slow
def test_a_run_killed_at_random_moments_equals_an_unbroken_one(workshop: Workshop) -> None:
    workshop.change("epochs = 1.0", "epochs = 400.0\ncheckpoint_minutes = 0.0")  # some 3000 steps
    whole = finish(workshop, "whole")
    draw = random.Random(11)
    work = workshop.folder / "parts.work"
    checkpoint = work / "checkpoint.pt"
    resumed = 0
    for mark in (work / "recipe.json", work / "data.npz", checkpoint, checkpoint, checkpoint):
        if mark != checkpoint and mark.exists():
            continue  # written once, before the kill that came last: nobody writes it again
        run = start(workshop, "parts")
        before = mark.stat().st_mtime_ns if mark.exists() else 0
        while run.poll() is None and (not mark.exists() or mark.stat().st_mtime_ns == before):
            time.sleep(0.01)
        time.sleep(draw.uniform(0, 0.3))
        resumed += run.poll() is None and mark == checkpoint
        run.kill()
        run.communicate()
        if run.returncode == 0:
            break
    assert resumed, "no kill came between a checkpoint and the end"
    if not (workshop.folder / "parts").exists():
        finish(workshop, "parts")
    assert weights(workshop.folder / "parts") == whole
    steps = [line.split(",")[0] for line in (work / "curve.jsonl").read_text().splitlines()]
    assert len(steps) == len(set(steps)), "no step is reported twice"
    assert not [path for path in workshop.folder.iterdir() if path.name.startswith(".")]


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_polite_kill_leaves_a_checkpoint_of_that_moment(workshop: Workshop, number: signal.Signals) -> None:
    workshop.change("epochs = 1.0", "epochs = 300.0\ncheckpoint_minutes = 999.0")  # no checkpoint by itself
    whole = finish(workshop, "whole")
    run = start(workshop, "parts")
    curve, checkpoint = (workshop.folder / "parts.work" / name for name in ("curve.jsonl", "checkpoint.pt"))
    while run.poll() is None and not curve.exists():
        time.sleep(0.01)
    run.send_signal(number)
    assert run.stderr is not None
    told = run.communicate(timeout=60)[1].decode()
    assert run.returncode == 130, told
    assert "the same command goes on" in told
    assert "Traceback" not in told
    assert checkpoint.is_file()
    assert finish(workshop, "parts") == whole
