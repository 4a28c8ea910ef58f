"""Out of a project again: nothing but the targets may differ."""

import gzip
import json
from pathlib import Path

import pytest

from posteditor.core.segment import Status
from posteditor.errors import CorpusError, StoreError, UsageError
from posteditor.formats.options import ReadOptions
from posteditor.services.editing import EditingSession
from posteditor.services.transfer import convert, create_project, export_project
from posteditor.store.project import Project

# Everything that is easily lost: a byte order mark, CRLF, an unknown column, a blank line, no line end at the end.
TSV = (
    "\ufeffid\tsource\tmt\ttarget\tweight\r\n"
    "a\tEl ayudante\tThe assistant\t\t1.0\r\n"
    "\r\n"
    "b\tdeclinó\trefused\tdeclined\t2\r\n"
    "c\t\tÉlan\t\t"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "news.tsv"
    path.write_bytes(TSV.encode())
    return path


@pytest.fixture
def project(file: Path) -> Path:
    path = file.with_name("news.tsv.postedit")
    create_project([file], path)
    return path


def test_without_edits_byte_for_byte(file: Path, project: Path, tmp_path: Path) -> None:
    with EditingSession.open(project) as session:
        session.confirm(1, "The aide")
        session.undo(1)
        session.set_note(2, "a note is no edit of the target")
    file.unlink()
    report = export_project(project, tmp_path / "out.tsv")
    assert (tmp_path / "out.tsv").read_bytes() == TSV.encode()
    assert (report.segments, report.changed, report.spliced) == (3, 0, True)


def test_targets_go_into_the_original(project: Path, tmp_path: Path) -> None:
    with EditingSession.open(project) as session:
        session.confirm(1, "The aide")
        session.save_draft(3, "Élan.")
        report = export_project(project, tmp_path / "out.tsv")  # the editor is still open
    expected = TSV.replace("assistant\t\t", "assistant\tThe aide\t").replace("Élan\t\t", "Élan\tÉlan.\t")
    assert (tmp_path / "out.tsv").read_bytes() == expected.encode()
    assert (report.segments, report.changed) == (3, 2)
    assert report.to_json()["changed"] == 2
    assert "2 with a new target" in report.summary()[0]


def test_compressed_in_and_out(tmp_path: Path) -> None:
    path = tmp_path / "x.tsv.gz"
    path.write_bytes(gzip.compress(TSV.encode()))
    create_project([path], tmp_path / "p")
    export_project(tmp_path / "p", tmp_path / "same.tsv.gz")
    assert (tmp_path / "same.tsv.gz").read_bytes() == path.read_bytes()
    export_project(tmp_path / "p", tmp_path / "plain.tsv")
    assert (tmp_path / "plain.tsv").read_bytes() == TSV.encode()


def test_the_file_may_be_named_instead_of_its_project(file: Path, project: Path, tmp_path: Path) -> None:
    with EditingSession.open(project) as session:
        session.confirm(1, "The aide")
    assert export_project(file, tmp_path / "out.tsv").changed == 1
    with pytest.raises(StoreError, match="not a posteditor project"):
        export_project(tmp_path / "out.tsv", tmp_path / "other.tsv")


def test_other_formats_and_chosen_statuses_are_written_anew(project: Path, tmp_path: Path) -> None:
    with EditingSession.open(project) as session:
        session.confirm(1, "The aide")
        session.set_note(1, "note")
    report = export_project(project, tmp_path / "out.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert report.segments == len(rows) == 3
    assert rows[0]["target"] == "The aide"
    assert (rows[0]["status"], rows[0]["note"]) == ("confirmed", "note")
    report = export_project(project, tmp_path / "done.tsv", statuses=frozenset({Status.CONFIRMED}))
    assert (report.segments, report.spliced) == (1, False)
    assert (tmp_path / "done.tsv").read_text().splitlines()[1:] == [
        "a\tEl ayudante\tThe assistant\tThe aide\tconfirmed\tnote"
    ]
    report = export_project(project, tmp_path / "out.txt")
    assert (tmp_path / "out.txt").read_text().splitlines() == ["The aide", "declined", "Élan"]
    assert report.lost["source"] == 2
    assert "source (2)" in report.summary()[-1]


def test_parallel_text_gives_the_target_file(tmp_path: Path) -> None:
    for name in ("src", "mt"):
        (tmp_path / f"{name}.txt").write_text(f"{name} 1\n{name} 2\n")
    create_project([tmp_path / "src.txt", tmp_path / "mt.txt"], tmp_path / "p")
    with EditingSession.open(tmp_path / "p") as session:
        session.confirm(2, "target 2")
    export_project(tmp_path / "p", tmp_path / "out.txt")
    assert (tmp_path / "out.txt").read_text() == "mt 1\ntarget 2\n"


def test_what_the_format_cannot_hold_is_refused_with_the_line(project: Path, tmp_path: Path) -> None:
    with EditingSession.open(project) as session:
        session.confirm(2, "with\ta tab")
    with pytest.raises(CorpusError, match="tab") as raised:
        export_project(project, tmp_path / "out.tsv")
    assert raised.value.line == 4
    assert not (tmp_path / "out.tsv").exists()


def test_an_existing_file_needs_force(project: Path, tmp_path: Path) -> None:
    (tmp_path / "out.tsv").write_text("mine")
    with pytest.raises(UsageError, match="already"):
        export_project(project, tmp_path / "out.tsv")
    assert (tmp_path / "out.tsv").read_text() == "mine"
    export_project(project, tmp_path / "out.tsv", force=True)
    assert (tmp_path / "out.tsv").read_bytes() == TSV.encode()


def test_a_damaged_original_is_noticed(project: Path, tmp_path: Path) -> None:
    with Project.open_for_editing(project) as opened, opened.database.atomic():
        opened.database.execute("UPDATE original SET sha256 = 'x'")
    with pytest.raises(StoreError, match="SHA-256"):
        export_project(project, tmp_path / "out.tsv")
    assert not (tmp_path / "out.tsv").exists()


def test_convert_files_and_projects(file: Path, project: Path, tmp_path: Path) -> None:
    report = convert([file], tmp_path / "a.jsonl", ReadOptions())
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert (report.segments, [row["mt"] for row in rows]) == (3, ["The assistant", "refused", "Élan"])
    convert([file], tmp_path / "a.tsv.gz", ReadOptions())
    assert gzip.decompress((tmp_path / "a.tsv.gz").read_bytes()) == TSV.encode(), "unknown columns included"
    assert convert([project], tmp_path / "b.csv", ReadOptions()).segments == 3
    back = convert([tmp_path / "b.csv"], tmp_path / "c.jsonl", ReadOptions())
    assert back.segments == 3
    with pytest.raises(UsageError, match="already"):
        convert([file], tmp_path / "b.csv", ReadOptions())


def test_convert_passes_over_bad_records_when_told(tmp_path: Path) -> None:
    (tmp_path / "x.tsv").write_text("id\tmt\na\t1\nbad\nc\t3\n")
    report = convert([tmp_path / "x.tsv"], tmp_path / "x.csv", ReadOptions(skip_bad=True))
    assert (report.segments, report.skipped) == (2, 1)
    assert "passed over" in " ".join(report.summary())


def test_a_status_column_of_the_original_is_kept_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "s.tsv"
    path.write_text("mt\ttarget\tstatus\na\t\tnew\nb\tB\tconfirmed\nc\t\tnew\n", encoding="utf-8")
    project = tmp_path / "s.tsv.postedit"
    create_project([path], project)
    out = tmp_path / "out.tsv"
    export_project(project, out)
    assert out.read_bytes() == path.read_bytes()
    with EditingSession.open(project) as session:
        session.confirm(1, "A")
        session.reject(3, "c")
    export_project(project, out, force=True)
    assert out.read_text(encoding="utf-8").splitlines()[1:] == ["a\tA\tconfirmed", "b\tB\tconfirmed", "c\t\trejected"]
