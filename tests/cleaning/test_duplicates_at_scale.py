"""A million pairs in little memory: what the process takes, told by the system."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from posteditor.cleaning.duplicates import DuplicateFinder, DuplicateKind, DuplicateSettings
from posteditor.cleaning.duplicates.fingerprints import fingerprint_length
from posteditor.cleaning.splitting import SPLIT_SETTINGS, SplitAssigner

MEMORY = 16 << 20
ROUND = 1 << 20
BATCH = 1 << 13
SLACK = 24 << 20
"""Batches of fingerprints as Python objects, and what malloc keeps."""


def made_marks(start: int, count: int, settings: DuplicateSettings) -> list[bytes]:
    """Fingerprints of which every tenth is that of an earlier pair, and every tenth resembles an earlier one."""
    rows = np.random.default_rng(start // BATCH).integers(1, 256, (count, fingerprint_length(settings)), np.uint8)
    rows[110::10] = rows[9:-101:10]
    rows[105::10] = rows[3:-102:10]
    rows[105::10, :16] ^= 1  # another key
    rows[105::10, -10:] ^= 1  # ten values of the signature
    return [row.tobytes() for row in rows]


def peak() -> int:
    """Bytes that this process has taken at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def find_many(folder: str, count: int) -> None:
    """Print what was found and how much memory that took."""
    settings = DuplicateSettings()
    made_marks(0, BATCH, settings)
    before = peak()
    exact = near = 0
    with DuplicateFinder(Path(folder), settings, MEMORY) as finder:
        for start in range(0, count, BATCH):
            finder.add_fingerprints(range(start, start + BATCH), made_marks(start, BATCH, settings))
        for one in finder.finish():
            exact += one.kind is DuplicateKind.EXACT
            near += one.kind is DuplicateKind.NEAR
    sys.stdout.write(json.dumps([exact, near, peak() - before]))


def split_many(folder: str, count: int) -> None:
    """The same for splits: pairs in each."""
    made_marks(0, BATCH, SPLIT_SETTINGS)
    before = peak()
    with SplitAssigner(Path(folder), {"train": 0.9, "test": 0.1}, memory=MEMORY) as splitter:
        for start in range(0, count, BATCH):
            splitter.add_fingerprints(range(start, start + BATCH), made_marks(start, BATCH, SPLIT_SETTINGS))
        test = sum(name == "test" for _, name in splitter.finish())
    sys.stdout.write(json.dumps([test, splitter.report.pairs["train"], peak() - before]))


def in_a_process(call: str) -> list[int]:
    program = f"from tests.cleaning import test_duplicates_at_scale as scale; scale.{call}"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    numbers: list[int] = json.loads(done.stdout)
    return numbers


@pytest.mark.slow
def test_a_million_pairs_are_found_in_bounded_memory(tmp_path: Path) -> None:
    exact, near, memory = in_a_process(f"find_many({str(tmp_path)!r}, {ROUND})")
    assert exact == len(range(110, BATCH, 10)) * (ROUND // BATCH)
    assert near == len(range(105, BATCH, 10)) * (ROUND // BATCH)
    assert memory < MEMORY + SLACK
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_million_pairs_are_split_in_bounded_memory(tmp_path: Path) -> None:
    test, train, memory = in_a_process(f"split_many({str(tmp_path)!r}, {ROUND})")
    assert test + train == ROUND
    assert abs(test / ROUND - 0.1) < 0.01
    assert memory < MEMORY + SLACK + 16 * ROUND  # the arrays of the clusters are mapped
    assert not list(tmp_path.iterdir())
