"""An output appears whole or not at all, and whatever prevents it is said with the remedy."""

import gzip
import os
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from posteditor.core.segment import Segment
from posteditor.errors import UsageError
from posteditor.formats.atomic import atomic_output
from posteditor.formats.writing import write_segments
from tests.formats.as_nobody import as_nobody


def test_a_new_file(tmp_path: Path) -> None:
    path = tmp_path / "out.tsv"
    with atomic_output(path, force=False) as out:
        out.write(b"content")
        assert not path.exists()
    assert path.read_bytes() == b"content"
    assert list(tmp_path.iterdir()) == [path]


def test_an_existing_file_needs_force(tmp_path: Path) -> None:
    path = tmp_path / "out.tsv"
    path.write_bytes(b"old")
    path.chmod(0o640)
    with pytest.raises(UsageError, match="already a file") as caught, atomic_output(path, force=False):
        pytest.fail("nothing may be done")
    assert "--force" in caught.value.hint
    assert path.read_bytes() == b"old"
    with atomic_output(path, force=True) as out:
        out.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_file_that_appears_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "out.tsv"
    with pytest.raises(UsageError, match="already a file"), atomic_output(path, force=False) as out:
        out.write(b"ours")
        path.write_bytes(b"theirs")
    assert path.read_bytes() == b"theirs"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [ValueError("bug"), KeyboardInterrupt()])
@pytest.mark.parametrize("suffix", ["", ".gz", ".xz", ".zst"])
def test_an_error_leaves_nothing(tmp_path: Path, error: BaseException, suffix: str) -> None:
    path = tmp_path / f"out.tsv{suffix}"
    path.write_bytes(b"old")
    with pytest.raises(type(error)), atomic_output(path, force=True) as out:
        out.write(b"half")
        raise error
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_name_decides_the_compression_and_the_bytes_do_not_vary(tmp_path: Path) -> None:
    paths = [tmp_path / "a.tsv.gz", tmp_path / "b.tsv.gz"]
    for path in paths:
        with atomic_output(path, force=False) as out:
            out.write(b"content")
            out.flush()
    assert gzip.decompress(paths[0].read_bytes()) == b"content"
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_folder_or_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="this is a folder"), atomic_output(tmp_path, force=True):
        pytest.fail("nothing may be done")
    missing = tmp_path / "no" / "out.tsv"
    with pytest.raises(UsageError, match="there is no folder") as caught, atomic_output(missing, force=True):
        pytest.fail("nothing may be done")
    assert "make it first" in caught.value.hint


def test_a_link_stays_and_what_it_points_to_is_replaced(tmp_path: Path) -> None:
    real, link = tmp_path / "real.tsv", tmp_path / "link.tsv"
    real.write_bytes(b"old")
    link.symlink_to(real)
    with atomic_output(link, force=True) as out:
        out.write(b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_a_device_is_written_to() -> None:
    with atomic_output(Path("/dev/null"), force=False) as out:
        out.write(b"gone")
    assert Path("/dev/null").is_char_device()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_device_is_told() -> None:
    full = Path("/dev/full")
    with pytest.raises(UsageError, match="the disk is full") as caught, atomic_output(full, force=False) as out:
        out.write(b"x" * 100_000)
    assert "free some space" in caught.value.hint


@pytest.fixture
def small_files_only() -> Iterator[None]:
    """No file may grow beyond 64 KiB in this process."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65536, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.parametrize("suffix", ["", ".gz", ".xz", ".zst"])
@pytest.mark.usefixtures("small_files_only")
def test_running_out_of_room_leaves_nothing(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out.txt{suffix}"
    texts = (Segment(n, os.urandom(500).hex()) for n in range(1, 2000))
    with pytest.raises(UsageError, match="larger than may be written"):
        write_segments(texts, path)
    assert list(tmp_path.iterdir()) == []


def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    """Run as nobody, since root may write anywhere."""
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o555)
    done = as_nobody(
        "try:\n"
        "    with atomic_output(Path(sys.argv[1]), force=False) as out: out.write(b'x')\n"
        "except UsageError as error: print(error)\n",
        folder / "out.tsv",
    )
    assert "you may not write here" in done
    assert "choose another folder" in done
    assert list(folder.iterdir()) == []
