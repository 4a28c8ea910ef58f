"""Carrying work over to a project made from a changed file."""

import json
import os
from pathlib import Path

import pytest

from posteditor.core.segment import Status
from posteditor.core.suggestion import Edit, suggestion_from_edits
from posteditor.errors import StoreError
from posteditor.services.editing import EditingSession
from posteditor.store.bulk import ProjectBuilder
from posteditor.store.project import Project
from posteditor.store.updating import Carried, carry_over

Unit = tuple[str | None, str | None, str]
"""id, source, mt"""


def make(path: Path, units: list[Unit], previous: Path | None = None) -> Carried | None:
    with ProjectBuilder(path, previous=previous) as builder:
        builder.add([(n, n, *unit, None, "new", "", None) for n, unit in enumerate(units, 1)], [])
        builder.index()
        carried = carry_over(builder.database) if previous else None
        builder.finish(replace=previous is not None)
    return carried


def update(path: Path, units: list[Unit]) -> Carried:
    with Project.open_for_editing(path) as project, project.laid_down():
        carried = make(path, units, path)
    assert carried is not None
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    with Project.open_for_reading(path) as project:
        assert project.database.execute("PRAGMA foreign_key_check") == []
        assert project.database.execute("PRAGMA integrity_check") == [("ok",)]
    return carried


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "p"


def test_by_id_wherever_it_went(path: Path) -> None:
    make(path, [("a", "A", "1"), ("b", "B", "2"), ("c", "C", "3")])
    with EditingSession.open(path) as session:
        session.take(2, "zwei?", rewriter="r", edits=[Edit(0, 1, "zwei?")])
        session.confirm(2, "zwei")
        session.set_note(2, "note")
        session.store_suggestion(2, suggestion_from_edits("2", [Edit(0, 1, "zwei?")], "r"), "1")
        session.remember_position(2)
    assert update(path, [("new", "N", "0"), ("c", "C", "3"), ("a", "A", "1"), ("b", "B", "2")]) == Carried(3, 0, 1, 0)
    with EditingSession.open(path) as session:
        segment = session.load(4)
        assert (segment.target, segment.status, segment.note) == ("zwei", Status.CONFIRMED, "note")
        assert [revision.text for revision in session.history(4)] == ["zwei?", "zwei"]
        assert len(session.suggestions(4)) == 1
        assert session.last_position() == 4
        assert session.counts()[Status.CONFIRMED] == 1
        undone = session.undo(4)
        assert undone is not None
        assert undone.target == "zwei?"
        session.undo(4)
        assert session.load(4).target is None


def test_by_source_then_by_mt_in_the_order_of_the_file(path: Path) -> None:
    make(path, [(None, "A", "1"), (None, "A", "2"), (None, "B", "3"), (None, None, "4"), (None, None, "4")])
    with EditingSession.open(path) as session:
        for position in range(1, 6):
            session.confirm(position, f"t{position}")
    carried = update(
        path, [(None, None, "4"), (None, "A", "2"), (None, "A", "other"), (None, None, "4"), (None, "new source", "3")]
    )
    assert carried == Carried(kept=3, changed=2, new=0, gone=0)
    with EditingSession.open(path) as session:
        found = [(session.load(n).target, session.load(n).status) for n in range(1, 6)]
    assert found == [
        ("t4", Status.CONFIRMED),
        ("t2", Status.CONFIRMED),
        ("t1", Status.CONFIRMED),  # the mt is another, but what was translated is the same
        ("t5", Status.CONFIRMED),
        ("t3", Status.DRAFT),
    ]


def test_another_source_takes_a_confirmation_back(path: Path) -> None:
    make(path, [("a", "A", "1"), ("b", None, "2"), ("c", None, "3")])
    with EditingSession.open(path) as session:
        for position in (1, 2, 3):
            session.confirm(position, "done")
        session.store_suggestion(2, suggestion_from_edits("2", [], "r"), "1")
    assert update(path, [("a", "A!", "1"), ("b", None, "2!"), ("c", None, "3")]) == Carried(1, 2, 0, 0)
    with EditingSession.open(path) as session:
        assert [session.load(n).status for n in (1, 2, 3)] == [Status.DRAFT, Status.DRAFT, Status.CONFIRMED]
        assert [session.load(n).target for n in (1, 2, 3)] == ["done", "done", "done"]
        assert session.history(1)[-1].actor == "update"
        assert session.suggestions(2) == [], "its hunks point into another mt"
        undone = session.undo(1)
        assert undone is not None
        assert undone.status is Status.CONFIRMED


def test_the_work_on_segments_that_are_gone_is_kept(path: Path) -> None:
    make(path, [("a", "A", "1"), ("b", "B", "2"), ("c", "C", "3")])
    with EditingSession.open(path) as session:
        session.take(1, "eins\0", rewriter="r", edits=[Edit(0, 1, "eins\0")])
        session.confirm(1, "eins\0!")
    assert update(path, [("b", "B", "2")]) == Carried(1, 0, 0, 2)
    assert update(path, [("b", "B", "2"), ("d", "D", "4")]) == Carried(1, 0, 1, 0)
    with Project.open_for_reading(path) as project:
        [(identifier, mt, target, status, revisions)] = project.database.execute(
            "SELECT id, mt, target, status, revisions FROM departed"
        )
        assert (identifier, mt, target, status) == ("a", "1", "eins\0!", "confirmed")
        history = json.loads(revisions)
        assert [revision["text"] for revision in history] == ["eins\0", "eins\0!"]
        assert history[0]["hunks"][0]["replacement"] == "eins\0"


def test_a_failing_update_changes_nothing(path: Path) -> None:
    make(path, [("a", "A", "1")])
    with EditingSession.open(path) as session:
        session.confirm(1, "eins")
    before = path.read_bytes()
    with pytest.raises(ZeroDivisionError), Project.open_for_editing(path) as project, project.laid_down():
        inside = path.read_bytes()
        with ProjectBuilder(path, previous=path) as builder:
            builder.add([(1, 1, "a", "A", "1", None, "new", "", None)], [])
            _ = 1 / 0
    assert path.read_bytes() == inside
    assert len(before) == len(inside)
    with EditingSession.open(path) as session:
        assert session.load(1).target == "eins"
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_nobody_else_gets_in_during_an_update_and_readers_prevent_it(path: Path) -> None:
    make(path, [("a", "A", "1")])
    with (
        Project.open_for_editing(path) as project,
        Project.open_for_reading(path) as reader,
        reader.database.snapshot(),
        pytest.raises(StoreError, match="another program is reading"),
        project.laid_down(),
    ):
        pass
    with (
        Project.open_for_editing(path) as project,
        project.laid_down(),
        pytest.raises(StoreError, match="open in another editor"),
    ):
        EditingSession.open(path)
    with EditingSession.open(path) as session:
        assert session.recovered == 0
    assert os.listdir(path.parent) == [path.name]  # noqa: PTH208 - only the names
