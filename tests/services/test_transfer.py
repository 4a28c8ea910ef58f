"""Files to projects and back, on real files."""

import gzip
import os
from pathlib import Path

import pytest

from posteditor.core.segment import Segment, Status
from posteditor.errors import AlignmentError, CorpusError, StoreError
from posteditor.formats.options import ReadOptions
from posteditor.services.editing import EditingSession
from posteditor.services.transfer import check_source, create_project, is_project, keep_project, update_from_source
from posteditor.store.project import Project

TSV = (
    "id\tsource\tmt\ttarget\treference\treference_2\n"
    "a\tEl ayudante\tThe assistant\t\tThe aide\t\n"
    "b\tdeclinó\trefused “it”\tdeclined\tdeclined\trefused\n"
    "c\t\tÉlan\t\t\t\n"
)


def write(path: Path, text: str) -> Path:
    path.write_bytes(text.encode())
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path / "news.tsv", TSV)


@pytest.fixture
def project(file: Path) -> Path:
    path = file.with_name("news.tsv.postedit")
    create_project([file], path, source_lang="es", target_lang="en")
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_everything_comes_in(file: Path, project: Path) -> None:
    assert is_project(project)
    assert not is_project(file)
    with EditingSession.open(project) as session:
        assert (session.count, session.has_source, session.reference_count) == (3, True, 2)
        assert (session.source_lang, session.target_lang) == ("es", "en")
        assert session.load(1) == Segment(
            1, "The assistant", "El ayudante", None, ("The aide",), "a", Status.NEW, "", 2
        )
        assert session.load(2) == Segment(
            2, "refused “it”", "declinó", "declined", ("declined", "refused"), "b", Status.DRAFT, "", 3
        )
        assert session.load(3).source == ""
        assert session.counts()[Status.DRAFT] == 1
    with Project.open_for_reading(project) as reader:
        [original] = reader.originals.all()
        assert original.path == file
        assert b"".join(reader.originals.chunks(0)) == file.read_bytes()
        assert reader.database.execute("PRAGMA foreign_key_check") == []
    assert names(file.parent) == ["news.tsv", "news.tsv.postedit"]


def test_the_report_counts(file: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    report = create_project([file], tmp_path / "p", progress=lambda done, total: told.append((done, total)))
    assert (report.segments, report.with_source, report.with_target, report.with_references) == (3, 3, 1, 2)
    assert told[-1] == (3, None)


def test_compressed_originals_are_kept_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "news.tsv.gz"
    path.write_bytes(gzip.compress(TSV.encode()))
    create_project([path], tmp_path / "p")
    with Project.open_for_reading(tmp_path / "p") as reader:
        assert b"".join(reader.originals.chunks(0)) == path.read_bytes()
        assert reader.database.one("SELECT compressed FROM original") == (0,)
        assert reader.segments.count() == 3


def test_originals_of_several_chunks(tmp_path: Path) -> None:
    lines = [f"{n}\t" + os.urandom(40).hex() for n in range(60_000)]
    path = write(tmp_path / "big.tsv", "id\tmt\n" + "\n".join(lines) + "\n")
    assert path.stat().st_size > 4 * 1024 * 1024
    create_project([path], tmp_path / "p")
    with Project.open_for_reading(tmp_path / "p") as reader, reader.originals.open(0) as stream:
        assert stream.read() == path.read_bytes()
        assert reader.segments.position_of("59999") == 60_000


def test_parallel_files_and_references(tmp_path: Path) -> None:
    source, mt, reference = (write(tmp_path / f"{name}.txt", f"{name} 1\n{name} 2\n") for name in ("src", "mt", "ref"))
    create_project([source, mt], tmp_path / "p", references=[reference])
    with EditingSession.open(tmp_path / "p") as session:
        segment = session.load(2)
        assert (segment.source, segment.mt, segment.references) == ("src 2", "mt 2", ("ref 2",))
    with Project.open_for_reading(tmp_path / "p") as reader:
        assert [original.path for original in reader.originals.all()] == [source, mt]


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("id\tmt\na\t1\nb\t2\na\t3\n", CorpusError, r"line 4: the id 'a' is already that of line 2"),
        ("id\tmt\na\t1\nb\n", CorpusError, "line 3"),
        ("id\tmt\n", CorpusError, "no segments"),
    ],
)
def test_bad_files_leave_nothing_behind(tmp_path: Path, text: str, error: type[Exception], said: str) -> None:
    path = write(tmp_path / "x.tsv", text)
    with pytest.raises(error, match=said) as raised:
        create_project([path], tmp_path / "x.tsv.postedit")
    assert isinstance(raised.value, CorpusError)
    assert raised.value.hint
    assert names(tmp_path) == ["x.tsv"]


def test_uneven_files_leave_nothing_behind(tmp_path: Path) -> None:
    one, two = write(tmp_path / "a.txt", "1\n2\n"), write(tmp_path / "b.txt", "1\n")
    with pytest.raises(AlignmentError):
        create_project([one, two], tmp_path / "p")
    with pytest.raises(AlignmentError):
        create_project([one], tmp_path / "p", references=[two])
    with pytest.raises(CorpusError, match="no such file"):
        create_project([tmp_path / "missing.tsv"], tmp_path / "p")
    assert names(tmp_path) == ["a.txt", "b.txt"]


def test_bad_records_can_be_passed_over(tmp_path: Path) -> None:
    path = write(tmp_path / "x.tsv", "id\tmt\na\t1\nbad\nc\t3\n")
    report = create_project([path], tmp_path / "p", ReadOptions(skip_bad=True))
    assert (report.segments, report.skipped) == (2, 1)
    with EditingSession.open(tmp_path / "p") as session:
        assert [session.load(n).line for n in (1, 2)] == [2, 4]


def test_an_import_that_is_interrupted_leaves_nothing(file: Path, tmp_path: Path) -> None:
    def interrupt(done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        create_project([file], tmp_path / "p", progress=interrupt)
    assert names(tmp_path) == ["news.tsv"]


def test_a_file_that_grows_while_it_is_read(file: Path, tmp_path: Path) -> None:
    def grow(done: int, total: int | None) -> None:
        if done == 3:
            write(file, f"{TSV}x\ty\tz\t\t\t\n")

    with pytest.raises(CorpusError, match="changed while it was being read"):
        create_project([file], tmp_path / "p", progress=grow)
    assert names(tmp_path) == ["news.tsv"]


def test_an_unchanged_or_missing_source_is_no_change(file: Path, project: Path) -> None:
    assert check_source(project) is None
    os.utime(file, (1, 1))
    assert check_source(project) is None, "another time, but the same bytes"
    file.unlink()
    assert check_source(project) is None
    with pytest.raises(CorpusError, match="no such file"):
        update_from_source(project)
    with EditingSession.open(project) as session:
        assert session.count == 3


def test_a_changed_source_can_be_kept_or_taken_in(file: Path, project: Path) -> None:
    with EditingSession.open(project) as session:
        session.confirm(1, "The aide")
        session.confirm(3, "gone soon")
        session.save_draft(2, "still typing")
    write(file, TSV.replace("c\t\tÉlan\t\t\t\n", "d\tnuevo\tnew\t\t\t\n").replace("“it”", "it"))
    change = check_source(project)
    assert change is not None
    assert (change.paths, "news.tsv has changed" in change.message) == ((file,), True)
    keep_project(project, change)
    assert check_source(project) is None
    write(file, file.read_text() + "e\tmás\tmore\t\t\t\n")
    assert check_source(project) is not None, "changed once more"

    report = update_from_source(project)
    assert report.to_json() == {"segments": 4, "kept": 1, "changed": 1, "new": 2, "gone": 1}
    assert report.summary()
    assert check_source(project) is None
    with EditingSession.open(project) as session:
        assert (session.load(1).target, session.load(1).status) == ("The aide", Status.CONFIRMED)
        assert (session.load(2).target, session.load(2).mt) == ("still typing", "refused it")
        assert [session.load(n).status for n in (3, 4)] == [Status.NEW, Status.NEW]
        assert session.target_lang == "en"
    assert names(file.parent) == ["news.tsv", "news.tsv.postedit"]


def test_a_source_that_became_unreadable_changes_nothing(file: Path, project: Path) -> None:
    with EditingSession.open(project) as session:
        session.confirm(1, "The aide")
    write(file, TSV + "short\n")
    with pytest.raises(CorpusError, match="line 5"):
        update_from_source(project)
    with EditingSession.open(project) as session:
        assert (session.count, session.load(1).target, session.recovered) == (3, "The aide", 0)
    assert names(file.parent) == ["news.tsv", "news.tsv.postedit"]


def test_no_update_under_an_open_editor(project: Path) -> None:
    with EditingSession.open(project), pytest.raises(StoreError, match="open in another editor"):
        update_from_source(project)


def test_project_and_file_can_be_moved_together(file: Path, project: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere"
    other.mkdir()
    for path in (file, project):
        path.rename(other / path.name)
    write(other / file.name, TSV.replace("“it”", "it"))
    change = check_source(other / project.name)
    assert change is not None
    assert change.paths == (other / file.name,)
