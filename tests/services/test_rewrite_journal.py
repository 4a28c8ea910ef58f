"""The journal of a rewriting run: cut anywhere, about something else, opened twice."""

import resource
from pathlib import Path

import pytest

from posteditor.core.suggestion import Edit, Suggestion, suggestion_from_edits
from posteditor.errors import UsageError
from posteditor.services.rewrite_journal import RewriteJournal

ABOUT = {"model": "toy", "input": ["ab"]}


def suggestion(position: int) -> Suggestion:
    mt = f"teh \ud800 {position}\n"
    return suggestion_from_edits(mt, [Edit(0, 3, "the", "spelling", 0.75)], "toy")


def batch(*positions: int) -> list[tuple[int, Suggestion]]:
    return [(position, suggestion(position)) for position in positions]


def test_answers_come_back_in_order(tmp_path: Path) -> None:
    with RewriteJournal(tmp_path / "out.tsv", ABOUT) as journal:
        journal.append(batch(3, 1))
        journal.append(batch(4, 2))
        assert list(journal.in_order()) == [suggestion(position) for position in (1, 2, 3, 4)]
        assert (journal.batches, journal.segments) == (2, 4)


def test_cut_at_any_byte_it_goes_on_behind_the_last_whole_batch(tmp_path: Path) -> None:
    output = tmp_path / "out.tsv"
    lengths = []
    with RewriteJournal(output, ABOUT) as journal:
        lengths.append(journal.path.stat().st_size)
        for number in range(3):
            journal.append(batch(2 * number + 2, 2 * number + 1))
            lengths.append(journal.path.stat().st_size)
    content = journal.path.read_bytes()
    for cut in range(lengths[0], len(content) + 1, 7):
        journal.path.write_bytes(content[:cut] + b"\0" * (cut % 3))
        with RewriteJournal(output, ABOUT) as journal:
            whole = sum(length <= cut for length in lengths[1:])
            assert (journal.batches, journal.segments, journal.replaced_another) == (whole, 2 * whole, False)
            for number in range(whole, 3):
                journal.append(batch(2 * number + 2, 2 * number + 1))
        assert journal.path.read_bytes() == content


@pytest.mark.parametrize("content", [b"", b"post", b'posteditor journal 1 {"model": "other"}\n[]\n'])
def test_a_journal_about_something_else_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    output = tmp_path / "out.tsv"
    (tmp_path / "out.tsv.partial").write_bytes(content)
    with RewriteJournal(output, ABOUT) as journal:
        assert journal.replaced_another == bool(content)
        assert list(journal.in_order()) == []
        journal.append(batch(1))
    with RewriteJournal(output, ABOUT) as journal:
        assert (journal.batches, journal.replaced_another) == (1, False)
        journal.remove()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_journal_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "out.tsv.partial"
    path.write_bytes(b"my own notes")
    with pytest.raises(UsageError, match="in the way"):
        RewriteJournal(tmp_path / "out.tsv", ABOUT)
    assert path.read_bytes() == b"my own notes"


def test_two_runs_never_share_an_output(tmp_path: Path) -> None:
    with RewriteJournal(tmp_path / "out.tsv", ABOUT) as journal:
        journal.append(batch(1))
        with pytest.raises(UsageError, match="another run"):
            RewriteJournal(tmp_path / "out.tsv", {})
        assert list(journal.in_order()) == [suggestion(1)]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="can't be written: No such file"):
        RewriteJournal(tmp_path / "nowhere" / "out.tsv", ABOUT)


def test_no_room_is_told_with_the_remedy_and_loses_nothing(tmp_path: Path) -> None:
    output = tmp_path / "out.tsv"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        with RewriteJournal(output, ABOUT) as journal:
            journal.append(batch(1))
            resource.setrlimit(resource.RLIMIT_FSIZE, (journal.path.stat().st_size + 10, hard))
            with pytest.raises(UsageError, match="can't be written") as caught:
                journal.append(batch(2))
            assert "goes on where it stopped" in caught.value.hint
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    with RewriteJournal(output, ABOUT) as journal:
        assert journal.batches == 1
