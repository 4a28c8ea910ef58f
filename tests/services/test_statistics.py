"""The numbers of a small project, counted by hand."""

import subprocess
import sys
from pathlib import Path

import pytest

from posteditor.core.segment import Status
from posteditor.core.suggestion import Edit, Suggestion, suggestion_from_edits
from posteditor.services.editing import EditingSession
from posteditor.services.statistics import ProjectStatistics, project_statistics
from posteditor.store.bulk import ProjectBuilder

MT = "aide will not be complicated"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "p.postedit"
    with ProjectBuilder(path) as builder:
        builder.add([(n, n, None, None, MT, None, "new", "", None) for n in range(1, 11)], [])
        builder.index()
        builder.meta.update({"target_lang": "en"})
        builder.finish()
    return path


def suggestion(rewriter: str = "r") -> Suggestion:
    return suggestion_from_edits(MT, [Edit(0, 4, "the aide"), Edit(5, 28, "declined")], rewriter)


def work(session: EditingSession) -> None:
    one, two = suggestion().edits
    for position in range(1, 7):
        session.store_suggestion(position, suggestion(), "1")
        session.store_suggestion(position, suggestion_from_edits(MT, [], "none"), "1")
    session.confirm(1, MT)  # unchanged, suggestion refused
    session.take(2, suggestion().text, rewriter="r", edits=[one, two])  # whole
    session.confirm(2, suggestion().text)
    session.take(3, "the aide will not be complicated", rewriter="r", edits=[one])  # in part
    session.take(4, "the aide will not be complicated", rewriter="r", edits=[one])  # whole in two steps
    session.take(4, suggestion().text, rewriter="r", edits=[two])
    session.save_draft(4, "the aide refused")  # edited afterwards
    session.reject(5, MT)  # refused
    session.save_draft(6, "something")  # not decided yet
    session.save_draft(7, f"{MT} now")


def test_nothing_done_yet(project: Path) -> None:
    numbers = project_statistics(project)
    assert numbers.segments == 10
    assert (numbers.history.revisions, numbers.history.days, numbers.history.first) == (0, 0, None)
    assert numbers.edit_rate.value == 0
    assert not numbers.open_in_editor


def check(numbers: ProjectStatistics) -> None:
    assert numbers.by_status[Status.CONFIRMED] == 2
    assert (numbers.suggestions.whole, numbers.suggestions.in_part, numbers.suggestions.refused) == (2, 1, 2)
    assert (numbers.targets.unchanged, numbers.targets.taken, numbers.targets.edited) == (1, 2, 3)
    assert numbers.history.days == 1
    # Segments 1, 2, 3, 4, 6, 7; "the aide declined" is one word inserted, one replaced and three deleted.
    assert (numbers.edit_rate.edits, numbers.edit_rate.length) == (0 + 5 + 1 + 5 + 5 + 1, 5 + 3 + 6 + 3 + 1 + 6)


def test_beside_an_open_editor_and_after_it(project: Path) -> None:
    with EditingSession.open(project) as session:
        work(session)
        numbers = project_statistics(project)
        check(numbers)
        assert numbers.history.revisions == 7
        assert numbers.open_in_editor
    numbers = project_statistics(project)
    check(numbers)
    assert numbers.history.revisions == 10
    assert not numbers.open_in_editor


def test_json_has_all_of_it(project: Path) -> None:
    value = project_statistics(project).to_json()
    assert value["by_status"] == {"new": 10, "draft": 0, "confirmed": 0, "reviewed": 0, "rejected": 0}
    assert value["word_edit_rate"] == 0


@pytest.mark.parametrize("module", ["editing", "recovering", "statistics", "transfer"])
def test_imports_are_cheap(module: str) -> None:
    code = (
        f"import sys, posteditor.services.{module}\n"
        "print([name for name in ('torch', 'transformers', 'textual', 'sacrebleu', 'rich') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
