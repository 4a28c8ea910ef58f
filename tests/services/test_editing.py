"""The editing session on a real project file."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from posteditor.core.segment import Status
from posteditor.core.suggestion import Edit, suggestion_from_edits
from posteditor.errors import StoreError
from posteditor.services.editing import EditingSession, FindQuery
from posteditor.store.bulk import ProjectBuilder
from posteditor.store.folding import folded

MT = "Aide will not be complicated."


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "news.tsv.postedit"
    statuses = ["new", "new", "draft", "confirmed", "new", "reviewed", "rejected", "new", "new", "new"]
    rows = [
        (
            n,
            n + 1,
            f"s{n}",
            f"El ayudante {n} declinó.",
            f"{MT} {n}",
            "Done." if n in (4, 6) else None,
            status,
            "",
            folded("El ayudante declinó.", MT),
        )
        for n, status in enumerate(statuses, 1)
    ]
    with ProjectBuilder(path) as builder:
        builder.add(rows, [(1, 0, "The aide declined."), (1, 1, "He declined."), (9, 0, "No.")])
        builder.meta.update({"has_source": True, "reference_count": 2, "target_lang": "en"})
        builder.index()
        builder.finish()
    return path


@pytest.fixture
def session(project: Path) -> Iterator[EditingSession]:
    with EditingSession.open(project) as opened:
        yield opened


def never() -> bool:
    return False


def found(
    session: EditingSession, text: str = "", statuses: frozenset[Status] | None = None, start: int = 1
) -> list[int]:
    query = FindQuery(text, statuses)
    return [position for batch in session.find(query, start=start, should_stop=never) for position in batch]


def test_a_new_session_shows_what_was_imported(session: EditingSession) -> None:
    assert (session.count, session.has_source, session.has_references, session.reference_count) == (10, True, True, 2)
    assert (session.target_lang, session.recovered, session.last_position()) == ("en", 0, 1)
    segment = session.load(1)
    assert (segment.mt, segment.target, segment.status) == (f"{MT} 1", None, Status.NEW)
    assert (segment.references, segment.id, segment.line) == (("The aide declined.", "He declined."), "s1", 2)
    assert session.counts() == {
        Status.NEW: 6,
        Status.DRAFT: 1,
        Status.CONFIRMED: 1,
        Status.REVIEWED: 1,
        Status.REJECTED: 1,
    }


def test_a_draft_is_the_text_until_it_is_typed_back(session: EditingSession) -> None:
    session.save_draft(1, "The aide")
    assert (session.load(1).target, session.load(1).status) == ("The aide", Status.DRAFT)
    assert session.counts()[Status.DRAFT] == 2
    assert session.rows([1])[0].edited
    session.save_draft(1, f"{MT} 1")
    assert (session.load(1).target, session.load(1).status) == (None, Status.NEW)
    assert session.counts()[Status.DRAFT] == 1
    assert not session.rows([1])[0].edited
    session.leave(1)
    assert session.history(1) == []


def test_a_target_emptied_on_purpose_is_a_target(session: EditingSession) -> None:
    session.save_draft(4, "")
    session.leave(4)
    assert (session.load(4).target, session.load(4).status) == ("", Status.DRAFT)


def test_editing_a_confirmed_segment_opens_it_and_undo_confirms_it_again(session: EditingSession) -> None:
    session.save_draft(4, "Done, nearly.")
    assert session.load(4).status is Status.DRAFT
    undone = session.undo(4)
    assert undone is not None
    assert (undone.target, undone.status) == ("Done.", Status.CONFIRMED)
    assert session.undo(4) is None
    redone = session.redo(4)
    assert redone is not None
    assert (redone.target, redone.status) == ("Done, nearly.", Status.DRAFT)


def test_taking_keeps_what_was_typed_before_and_where_it_came_from(session: EditingSession) -> None:
    session.save_draft(1, "typed")
    edits = [Edit(0, 4, "The aide", "article", 0.9)]
    taken = session.take(1, "The aide will not be complicated. 1", rewriter="default", edits=edits)
    assert (taken.target, taken.status) == ("The aide will not be complicated. 1", Status.DRAFT)
    typed, took = session.history(1)
    assert (typed.text, typed.rewriter, typed.parent) == ("typed", None, None)
    assert (took.rewriter, took.actor, took.edits, took.parent) == ("default", "human", tuple(edits), typed.number)
    undone = session.undo(1)
    assert undone is not None
    assert undone.target == "typed"


def test_confirm_reject_reopen(session: EditingSession) -> None:
    assert session.confirm(1, "The aide declined.").status is Status.CONFIRMED
    session.confirm(1, "The aide declined.")
    assert len(session.history(1)) == 1, "confirming twice is one revision"
    reopened = session.reopen(1)
    assert (reopened.status, reopened.target) == (Status.DRAFT, "The aide declined.")
    rejected = session.reject(2, f"{MT} 2")
    assert (rejected.status, rejected.target) == (Status.REJECTED, None), "the untouched mt is no target"
    assert session.reopen(2).status is Status.NEW
    assert session.reject(1, "half").target == "half"


def test_next_open_wraps(session: EditingSession) -> None:
    assert session.next_open(3) == 5
    assert session.next_open(5) == 8
    for position in (8, 9, 10):
        session.confirm(position, "x")
    assert session.next_open(5) == 1
    assert session.next_open(5, wrap=False) is None
    for position in (1, 2, 3, 5):
        session.reject(position, "x")
    assert session.next_open(5) is None


def test_everything_survives_a_restart(project: Path) -> None:
    with EditingSession.open(project) as session:
        session.take(1, "one", rewriter="default", edits=[])
        session.save_draft(1, "two")
        session.confirm(2, "zwei")
        session.undo(2)
        session.set_note(3, "ask the client")
        session.remember_position(7)
    with EditingSession.open(project) as session:
        assert (session.last_position(), session.recovered) == (7, 0)
        assert (session.load(1).target, session.load(3).note) == ("two", "ask the client")
        assert session.load(2).status is Status.NEW
        redone = session.redo(2)
        assert redone is not None
        assert (redone.target, redone.status) == ("zwei", Status.CONFIRMED)
        undone = session.undo(1)
        assert undone is not None
        assert undone.target == "one"


def test_closing_leaves_one_file(project: Path) -> None:
    with EditingSession.open(project) as session:
        session.save_draft(1, "x")
        assert len(list(project.parent.iterdir())) > 1
    assert [path.name for path in project.parent.iterdir()] == [project.name]


def test_find_by_text_and_status(session: EditingSession) -> None:
    session.save_draft(2, "Größe 100% [b]_\\x")
    session.confirm(3, "ΣΊΣΥΦΟΣ")
    assert found(session, "complicated. 5") == [5]
    assert found(session, "EL AYUDANTE 1") == [1, 10]
    assert found(session, "GRÖSSE") == [2]
    assert found(session, "0% [b]_\\X") == [2]
    assert found(session, "0_%") == []
    assert found(session, "σίσυφος") == [3]
    assert found(session, "done.") == [4, 6]
    assert found(session, "complicated", frozenset({Status.CONFIRMED})) == [3, 4]
    assert found(session, "", frozenset({Status.DRAFT, Status.REJECTED})) == [2, 7]
    assert found(session, "", None, start=9) == [9, 10, 1, 2, 3, 4, 5, 6, 7, 8]


def test_find_sees_the_target_as_it_is_now(session: EditingSession) -> None:
    session.save_draft(4, "Finished")
    assert found(session, "done.") == [6]
    assert found(session, "finished") == [4]


def test_find_stops_when_told(session: EditingSession) -> None:
    assert list(session.find(FindQuery("aide"), start=1, should_stop=lambda: True)) == []


def test_suggestions_are_kept_best_first(session: EditingSession) -> None:
    mt = session.load(1).mt
    weak = suggestion_from_edits(mt, [Edit(0, 4, "An aide", confidence=0.4)], "weak")
    strong = suggestion_from_edits(mt, [Edit(0, 4, "The aide", confidence=0.9)], "strong")
    nothing = suggestion_from_edits(mt, [], "none")
    for suggestion in (nothing, weak, strong):
        session.store_suggestion(1, suggestion, "r1")
    assert session.suggestions(1) == [strong, weak, nothing]
    assert session.rows([1, 2])[0].suggestion_text == strong.text
    assert session.rows([1, 2])[1].suggestion_text is None
    session.store_suggestion(1, suggestion_from_edits(mt, [], "strong"), "r2")
    assert session.rows([1])[0].suggestion_text == weak.text
    assert [s.rewriter for s in session.suggestions(1, model_revisions={"strong": "r3"})] == ["weak", "none"]


def test_statistics_belong_to_one_text_and_add_up(session: EditingSession) -> None:
    session.store_statistics([(1, "mt", "BLEU", "a b", (1, 2, 3)), (9, "mt", "BLEU", "c", (1.5, 0, 70000))])
    session.store_statistics([(1, "target", "BLEU", "a", (5, 5, 5))])
    assert session.statistics(1, "mt", "BLEU", "a b") == (1, 2, 3)
    assert session.statistics(9, "mt", "BLEU", "c") == (1.5, 0, 70000)
    assert session.statistics(1, "mt", "BLEU", "changed") is None
    assert session.statistics(1, "mt", "chrF", "a b") is None
    total = session.statistics_total("BLEU")
    assert (total.count, total.mt, total.current) == (2, (2.5, 2, 70003), (6.5, 5, 70005))
    session.store_statistics([(1, "target", "BLEU", "b", (6, 5, 5))])
    assert session.statistics_total("BLEU").current == (7.5, 5, 70005)
    session.drop_target_statistics(1)
    assert session.statistics_total("BLEU").current == (2.5, 2, 70003)
    assert list(session.positions_with_references()) == [1, 9]


def test_positions_and_ids(session: EditingSession) -> None:
    assert session.id_position("s7") == 7
    assert session.id_position("nobody") is None
    assert [row.position for row in session.rows([3, 1, 99])] == [3, 1]
    with pytest.raises(StoreError, match="no segment 99"):
        session.load(99)


def test_hostile_text_is_kept_as_it_is(session: EditingSession) -> None:
    text = "\x1b[31m[bold]\x00\r\n\t'; DROP TABLE segment; --\u202e\U0001f600"
    session.confirm(1, text)
    assert session.load(1).target == text
    with pytest.raises(StoreError, match="surrogate"):
        session.save_draft(1, "\ud800")
    assert session.load(1).target == text


def test_a_second_editor_is_told_who_has_the_project(project: Path, session: EditingSession) -> None:
    with pytest.raises(StoreError, match=f"process {os.getpid()}") as raised:
        EditingSession.open(project)
    assert raised.value.hint
    session.save_draft(1, "still fine")


def test_a_file_deleted_under_the_editor_is_reported_at_each_write(project: Path) -> None:
    session = EditingSession.open(project)
    project.rename(project.with_name("moved"))
    for _ in range(2):
        with pytest.raises(StoreError, match="deleted, moved or replaced"):
            session.save_draft(1, "x")
    project.with_name("moved").rename(project)
    session.save_draft(1, "x")
    session.close()


def test_redo_follows_the_newest_branch(session: EditingSession) -> None:
    for text in ("older", "newer"):
        session.confirm(1, text)
        session.undo(1)
    for _ in range(2):
        redone = session.redo(1)
        assert redone is not None
        assert redone.target == "newer"
        session.undo(1)
    assert [revision.parent for revision in session.history(1)] == [None, None]


def test_only_decisions_wait_for_the_disk(session: EditingSession) -> None:
    statements: list[str] = []
    session._project.database._connection.set_trace_callback(statements.append)
    session.save_draft(1, "typed")
    session.leave(1)
    assert "COMMIT" in statements
    assert not [text for text in statements if "synchronous" in text]
    for decide in (session.confirm, session.reject):
        statements.clear()
        decide(1, "decided")
        full, commit, normal = (
            statements.index(text) for text in ("PRAGMA synchronous=FULL", "COMMIT", "PRAGMA synchronous=NORMAL")
        )
        assert full < commit < normal
