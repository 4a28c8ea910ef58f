"""Opening projects: what is refused and why, locks, readers beside an editor, and what a crash leaves."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from posteditor.errors import StoreError
from posteditor.services.editing import EditingSession
from posteditor.store.bulk import ProjectBuilder
from posteditor.store.project import Project, is_project

MakeProject = Callable[..., Path]

HOLD = """
import sys, time
from pathlib import Path
from posteditor.services.editing import EditingSession
session = EditingSession.open(Path(sys.argv[1]))
print("open", flush=True)
time.sleep(60)
"""
TYPE = """
import sys
from pathlib import Path
from posteditor.services.editing import EditingSession
session = EditingSession.open(Path(sys.argv[1]))
number = 0
while True:
    number += 1
    session.save_draft(number % 3 + 1, f"typed {number}")
    if number % 50 == 0:
        session.confirm(4, f"confirmed {number}")
    print(number, flush=True)
"""


@pytest.fixture
def other_editor(make_project: MakeProject) -> Iterator["tuple[Path, subprocess.Popen[str]]"]:
    path = make_project()
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    yield path, process
    process.kill()
    process.communicate()


def test_another_process_has_it(other_editor: "tuple[Path, subprocess.Popen[str]]") -> None:
    path, process = other_editor
    with pytest.raises(StoreError, match=f"process {process.pid} of .* on .*, since 20") as raised:
        EditingSession.open(path)
    assert "close it there" in raised.value.hint
    with Project.open_for_reading(path) as reader:
        assert reader.segments.count() == 5


def test_the_lock_of_a_killed_process_is_no_lock(other_editor: "tuple[Path, subprocess.Popen[str]]") -> None:
    path, process = other_editor
    process.kill()
    process.wait()
    with EditingSession.open(path) as session:
        assert session.recovered == 0, "nothing had been typed"
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_readers_see_the_work_of_an_open_editor(make_project: MakeProject) -> None:
    path = make_project()
    with EditingSession.open(path) as session:
        session.save_draft(1, "typed")
        with Project.open_for_reading(path) as reader:
            segment = reader.segments.load(1)
            assert segment is not None
            assert segment.target == "typed"
            session.close()
            assert reader.segments.count() == 5, "the reader goes on"
    with EditingSession.open(path):
        pass
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_on_a_network_file_system_the_session_reads_through_its_own_connection(
    make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("posteditor.store.connection.on_network", lambda path: True)
    path = make_project()
    with EditingSession.open(path) as session:
        session.confirm(2, "done")
        assert [segment.target for segment in session.segments()] == [None, "done", None, None, None]
        session.save_draft(1, "still open")
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("size", [0, 1, 10, 71, 5000])
def test_something_else_is_refused(tmp_path: Path, size: int) -> None:
    path = tmp_path / "x.postedit"
    path.write_bytes(b"x" * size)
    assert not is_project(path)
    with pytest.raises(StoreError, match="empty" if size == 0 else "not a posteditor project") as raised:
        EditingSession.open(path)
    assert raised.value.hint
    assert path.read_bytes() == b"x" * size
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_nothing_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such project"):
        EditingSession.open(tmp_path / "missing")
    with pytest.raises(StoreError, match="folder"):
        EditingSession.open(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_project_is_told_so(make_project: MakeProject) -> None:
    path = make_project(2000)
    content = bytearray(path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged") as raised:
        EditingSession.open(path)
    assert "recover" in raised.value.hint
    assert path.read_bytes() == content


def mounted(folder: Path, *options: str) -> Iterator[Path]:
    folder.mkdir()
    done = subprocess.run(["mount", *options, str(folder)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    yield from mounted(tmp_path / "small", "-t", "tmpfs", "-o", "size=1m", "tmpfs")


def test_a_full_disk_loses_nothing(small_disk: Path, make_project: MakeProject) -> None:
    path = make_project(50, folder=small_disk)
    session = EditingSession.open(path)
    session.save_draft(1, "before")
    filler = small_disk / "filler"
    with pytest.raises(OSError, match="No space"):
        filler.write_bytes(b"x" * 2_000_000)
    with pytest.raises(StoreError, match=r"disk is full|disk reported"):
        for number in range(1000):
            session.save_draft(2, "x" * 1000 + str(number))
    for _ in range(2):
        with pytest.raises(StoreError) as raised:
            session.confirm(3, "y" * 50_000)
        assert raised.value.hint
    assert session.load(1).target == "before"
    filler.unlink()
    assert session.confirm(3, "y" * 50_000).target == "y" * 50_000
    session.close()
    with EditingSession.open(path) as session:
        assert session.load(1).target == "before"


def test_a_project_is_made_whole_or_not_at_all_on_a_full_disk(small_disk: Path, make_project: MakeProject) -> None:
    with pytest.raises(StoreError, match="disk is full"):
        make_project(50_000, folder=small_disk)
    assert list(small_disk.iterdir()) == []


@pytest.fixture
def read_only(tmp_path: Path, make_project: MakeProject) -> Iterator[Path]:
    source = tmp_path / "source"
    source.mkdir()
    make_project(folder=source)
    yield from mounted(tmp_path / "ro", "--bind", "-o", "ro", str(source))


def test_a_read_only_folder(read_only: Path, make_project: MakeProject) -> None:
    with pytest.raises(StoreError, match=r"can't be locked|read-only") as raised:
        EditingSession.open(read_only / "p.postedit")
    assert "copy the project" in raised.value.hint
    with pytest.raises(StoreError, match="can't be made here") as raised:
        make_project(folder=read_only, name="new")
    assert "--project" in raised.value.hint
    assert "copy the file" in raised.value.hint
    with Project.open_for_reading(read_only / "p.postedit") as reader:
        assert reader.segments.count() == 5


def test_a_folder_that_takes_no_files(make_project: MakeProject) -> None:
    with pytest.raises(StoreError, match="can't be made here"):
        make_project(folder=Path("/proc"))


def test_an_existing_file_is_never_overwritten(make_project: MakeProject, tmp_path: Path) -> None:
    (tmp_path / "p.postedit").write_text("mine")
    with pytest.raises(StoreError, match="already a file"):
        make_project()
    assert (tmp_path / "p.postedit").read_text() == "mine"
    assert len(list(tmp_path.iterdir())) == 1


def test_an_import_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), ProjectBuilder(tmp_path / "p") as builder:
        builder.add([(1, 1, None, None, "mt", None, "new", "", None)], [])
        _ = 1 / 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("attempt", range(5))
def test_kill_in_the_middle_of_typing(make_project: MakeProject, attempt: int) -> None:
    path = make_project()
    process = subprocess.Popen([sys.executable, "-c", TYPE, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = process.stdout.readline()
    time.sleep(0.03 * attempt)
    process.send_signal(signal.SIGKILL)
    rest = process.communicate()[0]
    last = int((said + rest).strip().rsplit("\n", 1)[-1])
    with EditingSession.open(path) as session:
        assert session.recovered in (min(last, 3), min(last + 1, 3))
        typed = {position: session.load(position).target for position in (1, 2, 3)}
        for number in range(max(last - 2, 1), last + 1):
            assert typed[number % 3 + 1] in (f"typed {number}", f"typed {number + 3}")
        confirmed = last // 50 * 50
        if confirmed:
            assert session.load(4).target in (f"confirmed {confirmed}", f"confirmed {confirmed + 50}")
        statuses = [row.status for row in session.rows(range(1, 6))]
        assert all(session.counts()[status] == statuses.count(status) for status in set(statuses))
    assert [file.name for file in path.parent.iterdir()] == [path.name]
