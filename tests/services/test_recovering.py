"""Recovery after crashes and of damaged files."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from posteditor.core.segment import Status
from posteditor.errors import StoreError
from posteditor.services.editing import EditingSession
from posteditor.services.recovering import recover
from posteditor.store.bulk import ProjectBuilder

COUNT = 5000
CRASH = """
import os, signal, sys
from pathlib import Path
from posteditor.services.editing import EditingSession
session = EditingSession.open(Path(sys.argv[1]))
session.save_draft(2, "half a sen")
session.save_draft(7, "another")
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "p.postedit"
    with ProjectBuilder(path) as builder:
        builder.add(
            [(n, n, f"s{n}", f"source {n} {'x' * 100}", f"mt {n}", None, "new", "", None) for n in range(1, COUNT + 1)],
            [(n, 0, f"reference {n}") for n in range(1, COUNT + 1)],
        )
        builder.index()
        builder.meta.update({"has_source": True, "reference_count": COUNT, "target_lang": "en"})
        builder.finish()
    with EditingSession.open(path) as session:
        for position in range(1, COUNT + 1, 10):
            session.take(position, f"taken {position}", rewriter="r", edits=[])
            session.set_note(position, f"note {position}")
        session.confirm(11, "confirmed 11")
    return path


def test_a_sound_project(project: Path) -> None:
    before = project.read_bytes()
    report = recover(project)
    assert (report.unclean, report.drafts, report.problems, report.recovered_path) == (False, (), (), None)
    assert report.segments == COUNT
    assert report.to_json()["segments"] == COUNT
    assert len(project.read_bytes()) == len(before)
    assert list(project.parent.iterdir()) == [project]


def test_drafts_of_a_crash_become_revisions(project: Path) -> None:
    done = subprocess.run([sys.executable, "-c", CRASH, str(project)], check=False)
    assert done.returncode == -signal.SIGKILL
    report = recover(project)
    assert (report.unclean, report.drafts, report.problems) == (True, (2, 7), ())
    assert list(project.parent.iterdir()) == [project]
    with EditingSession.open(project) as session:
        assert session.recovered == 0
        assert session.load(2).target == "half a sen"
        undone = session.undo(2)
        assert undone is not None
        assert undone.target is None
    assert recover(project).unclean is False


def damage(path: Path, start: float, end: float) -> bytes:
    """Overwrite a part of the file, given as fractions of its length, with noise."""
    content = bytearray(path.read_bytes())
    first, last = (int(len(content) * fraction) // 8192 * 8192 for fraction in (start, end))
    content[first:last] = os.urandom(last - first)
    path.write_bytes(content)
    return bytes(content)


@pytest.mark.parametrize(("start", "end"), [(0.3, 0.35), (0.9, 1.0), (0.05, 0.2), (0.5, 0.52)])
def test_a_damaged_file_is_salvaged_and_left_alone(project: Path, start: float, end: float) -> None:
    content = damage(project, start, end)
    report = recover(project)
    assert project.read_bytes() == content
    assert report.problems
    assert report.recovered_path == project.with_name("p.postedit.recovered")
    assert report.segments + len(report.lost_segments) == COUNT
    assert report.segments > COUNT / 2
    with EditingSession.open(report.recovered_path) as session:
        lost = set(report.lost_segments)
        assert session.count == COUNT
        for position in range(1, COUNT + 1):
            segment = session.load(position)
            assert segment.mt == ("" if position in lost else f"mt {position}")
            if segment.target is not None:
                assert segment.target in (f"taken {position}", f"confirmed {position}")
        assert sum(session.counts().values()) == COUNT
        statuses = [row.status for row in session.rows(range(1, COUNT + 1))]
        assert all(session.counts()[status] == statuses.count(status) for status in Status)
    assert recover(report.recovered_path).problems == ()
    assert recover(project).recovered_path == project.with_name("p.postedit.recovered2")


def test_nothing_left_to_read(project: Path) -> None:
    content = damage(project, 0.01, 1.0)
    with pytest.raises(StoreError, match=r"no segment can be read|damaged"):
        recover(project)
    assert project.read_bytes() == content
    assert list(project.parent.iterdir()) == [project]


def test_not_while_an_editor_has_it(project: Path) -> None:
    with EditingSession.open(project), pytest.raises(StoreError, match="open in another editor"):
        recover(project)


def test_not_a_project(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("text")
    with pytest.raises(StoreError, match="not a posteditor project"):
        recover(tmp_path / "x")
