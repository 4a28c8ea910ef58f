"""From the command line's words to a session."""

from pathlib import Path

import pytest

from posteditor.core.segment import Status
from posteditor.errors import CorpusError, UsageError
from posteditor.services.editing import EditingSession
from posteditor.services.importing import no_progress
from posteditor.services.opening import Decision, OpenRequest, open_for_editing

TSV = "id\tmt\na\tOne .\nb\tTwo .\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "news.tsv"
    path.write_text(TSV, encoding="utf-8")
    return path


class Asked:
    """Answers the question about a changed file, and notes that it was asked."""

    def __init__(self, decision: Decision = "later") -> None:
        self.decision = decision
        self.questions: list[str] = []

    def __call__(self, what: str) -> Decision:
        self.questions.append(what)
        return self.decision


def opened(request: OpenRequest, asked: Asked) -> tuple[EditingSession, list[str]]:
    return open_for_editing(request, progress=no_progress, on_change=asked)


def test_the_first_opening_makes_the_project_and_the_next_resumes_it(corpus: Path) -> None:
    asked = Asked()
    session, remarks = opened(OpenRequest((corpus,)), asked)
    with session:
        assert session.path == corpus.with_name("news.tsv.postedit")
        assert "2 segments imported" in remarks[0]
        session.confirm(2, "Two.")
    for path in (corpus, session.path):
        session, remarks = opened(OpenRequest((path,)), asked)
        with session:
            assert remarks == []
            assert session.load(2).target == "Two."
    assert asked.questions == []


def test_a_project_may_lie_elsewhere(corpus: Path, tmp_path: Path) -> None:
    place = tmp_path / "other" / "p.postedit"
    place.parent.mkdir()
    session, _ = opened(OpenRequest((corpus,), project=place), Asked())
    session.close()
    assert place.is_file()
    assert not corpus.with_name("news.tsv.postedit").exists()


@pytest.mark.parametrize(
    ("decision", "count", "asked_again"), [("update", 3, False), ("keep", 2, False), ("later", 2, True)]
)
def test_a_changed_file_is_asked_about(corpus: Path, decision: Decision, count: int, asked_again: bool) -> None:
    session, _ = opened(OpenRequest((corpus,)), Asked())
    with session:
        session.confirm(1, "One.")
    corpus.write_text(TSV + "c\tThree .\n", encoding="utf-8")
    asked = Asked(decision)
    session, _ = opened(OpenRequest((corpus,)), asked)
    with session:
        assert session.count == count
        assert session.load(1).status is Status.CONFIRMED
    assert len(asked.questions) == 1
    assert "news.tsv has changed" in asked.questions[0]
    session, _ = opened(OpenRequest((corpus,)), asked)
    session.close()
    assert (len(asked.questions) == 2) is asked_again


def test_references_that_come_too_late_are_told(corpus: Path, tmp_path: Path) -> None:
    references = tmp_path / "ref.txt"
    references.write_text("One.\nTwo.\n", encoding="utf-8")
    session, _ = opened(OpenRequest((corpus,)), Asked())
    session.close()
    session, remarks = opened(OpenRequest((corpus,), references=(references,)), Asked())
    with session:
        assert session.reference_count == 0
    assert "--references counts only when a project is made" in remarks[0]


def test_a_project_is_named_alone(corpus: Path) -> None:
    session, _ = opened(OpenRequest((corpus,)), Asked())
    session.close()
    with pytest.raises(UsageError, match="by itself"):
        opened(OpenRequest((corpus, session.path)), Asked())


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no such file"):
        opened(OpenRequest((tmp_path / "nowhere.tsv",)), Asked())


@pytest.mark.parametrize(
    ("name", "proposed"),
    [("news.tsv", "news.postedited.tsv"), ("news.tsv.gz", "news.postedited.tsv.gz"), ("p", "p.postedited")],
)
def test_the_proposed_export_never_is_the_original(name: str, proposed: str, tmp_path: Path) -> None:
    assert OpenRequest((tmp_path / name,)).proposed_export() == tmp_path / proposed
