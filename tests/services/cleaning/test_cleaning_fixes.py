"""Rejected pairs that a person made good come back at their place."""

from pathlib import Path

import pytest

from posteditor.core.segment import Status
from posteditor.errors import StoreError
from posteditor.services.editing import EditingSession
from posteditor.services.transfer import create_project
from tests.services.cleaning.dirty_corpus import RULES, clean, kept, pairs, read_jsonl, read_tsv, write_tsv


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_tsv(tmp_path / "a.tsv", pairs(3000))


@pytest.fixture
def project(tmp_path: Path, corpus: Path) -> Path:
    """The fix queue, in which nothing is done."""
    clean(corpus, tmp_path / "first.tsv", rejected=tmp_path / "r.jsonl")
    create_project([tmp_path / "r.jsonl"], tmp_path / "r.postedit")
    return tmp_path / "r.postedit"


def work(project: Path, done: dict[int, tuple[str | None, Status]]) -> None:
    """Set targets and statuses as the editor does, by the positions in the corpus."""
    with EditingSession.open(project) as session:
        for position, (target, status) in done.items():
            found = session.id_position(str(position))
            assert found is not None
            text = session.load(found).text if target is None else target
            if status is Status.DRAFT:
                session.save_draft(found, text)
            elif status is Status.REJECTED:
                session.reject(found, text)
            else:
                session.confirm(found, text)


def test_confirmed_pairs_come_back(tmp_path: Path, corpus: Path, project: Path) -> None:
    done = {
        3: ("This is sentence number 3, at last.", Status.CONFIRMED),
        6: ("This is sentence number 6 of many.", Status.CONFIRMED),
        8: ("This is a draft.", Status.DRAFT),
        19: (None, Status.CONFIRMED),
        23: (None, Status.REJECTED),
    }
    work(project, done)
    result = clean(corpus, tmp_path / "out.tsv", with_fixes=project, rejected=tmp_path / "r2.jsonl")
    assert (result.returned, result.replaced, result.pairs, result.kept) == (3, 0, 3000, 1501 + 3)
    texts = read_tsv(tmp_path / "out.tsv")
    assert texts[2] == ("Das ist Satz Nummer 3 von vielen.", "This is sentence number 3, at last.")
    assert texts[4] == ("Das ist Satz Nummer 6 von vielen.", "This is sentence number 6 of many.")
    assert [pair for pair in texts if pair in kept(pairs(3000))] != []
    left = [row["position"] for row in read_jsonl(tmp_path / "r2.jsonl")]
    assert {8, 23} <= set(left) and not {3, 6, 19} & set(left)
    assert any("3 rejected pairs came back" in line for line in result.summary())


def test_a_fix_wins_where_rules_do_not_reject_any_more(tmp_path: Path, corpus: Path, project: Path) -> None:
    work(project, {6: ("Better.", Status.CONFIRMED)})
    lenient = RULES.replace('rule = "numbers"', 'rule = "numbers"\nmin = 0')
    result = clean(corpus, tmp_path / "out.tsv", lenient, with_fixes=project)
    assert (result.returned, result.replaced) == (0, 1)
    assert ("Das ist Satz Nummer 6 von vielen.", "Better.") in read_tsv(tmp_path / "out.tsv")


def test_the_project_of_another_corpus_is_refused(tmp_path: Path, corpus: Path, project: Path) -> None:
    work(project, {6: ("Better.", Status.CONFIRMED)})
    other = write_tsv(tmp_path / "b.tsv", [("x", "y"), *pairs(3000)])
    with pytest.raises(StoreError, match="pair 6 of the corpus is not the one"):
        clean(other, tmp_path / "out.tsv", with_fixes=project)
    short = write_tsv(tmp_path / "c.tsv", pairs(5))
    with pytest.raises(StoreError, match="there is a fix for pair 6, but the corpus has 5"):
        clean(short, tmp_path / "out.tsv", with_fixes=project)
    assert not (tmp_path / "out.tsv").exists()


def test_a_project_of_something_else_is_refused(tmp_path: Path, corpus: Path) -> None:
    (tmp_path / "x.jsonl").write_text(
        '{"id": "seg-1", "source": "a", "mt": "b", "target": "c", "status": "confirmed"}\n'
    )
    create_project([tmp_path / "x.jsonl"], tmp_path / "x.postedit")
    with pytest.raises(StoreError, match="no position in a corpus"):
        clean(corpus, tmp_path / "out.tsv", with_fixes=tmp_path / "x.postedit")
