"""Sorting on the disk, and what groups of sorted keys give."""

import errno
import os
import subprocess
import sys
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from posteditor.cleaning.duplicates import sorted_runs
from posteditor.cleaning.duplicates.bits import Bits
from posteditor.cleaning.duplicates.disk import make_folder, remove_folder, told
from posteditor.cleaning.duplicates.flat_file import FlatFile
from posteditor.cleaning.duplicates.groups import GroupPairs
from posteditor.cleaning.duplicates.sorted_runs import SortedRuns
from posteditor.errors import UsageError

KEYS = st.lists(st.one_of(st.integers(0, 5), st.integers(0, 2**64 - 1)), max_size=60)
CUTS = st.lists(st.integers(1, 9), min_size=1, max_size=60)


def batches(rows: NDArray[np.uint64], cuts: list[int]) -> list[NDArray[np.uint64]]:
    bounds = np.cumsum(cuts)
    return np.split(rows, bounds[bounds < len(rows)].tolist())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@given(keys=KEYS, cuts=CUTS, capacity=st.sampled_from([1, 2, 7, 1000]), block=st.sampled_from([1, 3, 64]))
@settings(max_examples=150)
def test_sorts_by_key_then_as_added(folder: Path, keys: list[int], cuts: list[int], capacity: int, block: int) -> None:
    rows = np.array([keys, range(len(keys))], np.uint64).T
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorted_runs, "_LEAST_ROWS", capacity)
        patch.setattr(sorted_runs, "_LEAST_BLOCK", block)
        for columns in (1, 2):
            memory = 10**6 if capacity == 1000 else 1
            runs = SortedRuns(folder / "runs", columns, memory)
            for batch in batches(rows[:, :columns], cuts):
                runs.add(batch)
            merged = np.concatenate([*runs.merged(), np.empty((0, columns), np.uint64)])
            runs.close()
            assert merged.tolist() == sorted(rows[:, :columns].tolist())
    assert not list(folder.iterdir())


def test_what_was_added_stays_as_it_is(tmp_path: Path) -> None:
    rows = np.array([3, 1, 2], np.uint64)
    runs = SortedRuns(tmp_path / "runs", 1, 10**6)
    runs.add(rows)
    assert [value for block in runs.merged() for value in block[:, 0].tolist()] == [1, 2, 3]
    assert rows.tolist() == [3, 1, 2]


@given(st.lists(st.integers(0, 4), max_size=80), CUTS, st.integers(0, 3), st.integers(0, 3))
def test_members_meet_those_before_them(keys: list[int], cuts: list[int], heads: int, tails: int) -> None:
    rows = np.array([sorted(keys), range(len(keys))], np.uint64).T
    expected: list[tuple[int, int]] = []
    cut = 0
    for _, group in groupby(rows.tolist(), key=lambda row: row[0]):
        members = [member for _, member in group]
        for rank, member in enumerate(members):
            partners = {*members[: min(heads, rank)], *members[max(0, rank - tails) : rank]}
            expected += [(member, partner) for partner in partners]
            cut += rank > heads + tails
    pairs = GroupPairs(heads, tails)
    found = [
        couple
        for batch in batches(rows, cuts)
        for later, earlier in pairs.add(batch[:, 0], batch[:, 1])
        for couple in zip(later.tolist(), earlier.tolist(), strict=True)
    ]
    assert sorted(found) == sorted(expected)
    assert pairs.cut == cut


@given(st.sets(st.integers(0, 99)), st.integers(0, 99), st.integers(0, 30))
def test_bits(chosen: set[int], start: int, count: int) -> None:
    bits = Bits(130)
    bits.set(np.array(sorted(chosen), np.uint64))
    assert bits.at(np.arange(130, dtype=np.uint64)).tolist() == [number in chosen for number in range(130)]
    assert bits.stretch(start, count).tolist() == [number in chosen for number in range(start, start + count)]


@pytest.mark.parametrize("width", [1, 3000])
def test_rows_by_their_places(tmp_path: Path, width: int) -> None:
    """Dense places are read in stretches, sparse ones each by itself."""
    file = FlatFile(tmp_path / "rows", np.uint16, width)
    for start in range(0, 5000, 321):
        file.append(np.arange(start, min(start + 321, 5000))[:, None].repeat(width, axis=1) % 60_000)
    file.flush()
    assert file.rows == 5000
    draw = np.random.default_rng(1)
    for places in ([], [4999], [3, 1, 2, 2], [4999, 0], draw.integers(0, 5000, 3000), draw.integers(0, 5000, 9)):
        found = file.at(np.array(places, np.uint64))
        assert found.shape == (len(places), width)
        assert found[:, 0].tolist() == list(places)
        assert found[:, -1].tolist() == list(places)
    assert [start for start, _ in file.blocks(2000)] == [0, 2000, 4000]
    file.close()
    file.close()
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk() -> None:
    file = FlatFile(Path("/dev/full"), np.uint64)
    with pytest.raises(UsageError, match=r"/dev: the disk is full, temporary files don't fit\nfree some space there"):
        file.append(np.zeros(100_000, np.uint64))
        file.flush()


@pytest.mark.parametrize("code", [errno.EDQUOT, errno.EFBIG, errno.EACCES, errno.EIO])
def test_other_faults_of_a_disk(code: int) -> None:
    with pytest.raises(UsageError) as fault, told(Path("/somewhere/file")):
        raise OSError(code, os.strerror(code))
    assert fault.value.message.startswith("/somewhere: ")
    assert fault.value.hint


def test_no_folder_for_temporary_files(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError):
        make_folder(tmp_path / "file" / "below", "x")
    made = make_folder(tmp_path / "new" / "folders", "x")
    assert made.is_dir()
    remove_folder(made)
    remove_folder(made)
    assert not made.exists()


def test_a_file_that_may_not_grow_so_large(tmp_path: Path) -> None:
    """A real limit of the system, in a process of its own."""
    program = f"""
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
from pathlib import Path
from posteditor.cleaning.duplicates import DuplicateFinder, DuplicateSettings
from posteditor.errors import UsageError
folder = Path({str(tmp_path)!r})
try:
    with DuplicateFinder(folder, DuplicateSettings(near=None), 16 << 20) as finder:
        for start in range(0, 50_000, 1000):
            texts = [str(n) for n in range(start, start + 1000)]
            finder.add_batch(range(start, start + 1000), texts, texts)
        list(finder.finish())
except UsageError as error:
    print(error.message)
print(list(folder.iterdir()))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    told_so, left = done.stdout.splitlines()
    assert told_so.endswith("a temporary file is larger than may be written here")
    assert left == "[]"
