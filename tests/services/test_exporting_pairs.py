"""Pairs out of a project, where targets come from, and plain text side by side."""

import json
from pathlib import Path

import pytest

from posteditor.core.segment import Status
from posteditor.core.suggestion import Edit
from posteditor.errors import CorpusError, UsageError
from posteditor.formats.options import ReadOptions
from posteditor.services.editing import EditingSession
from posteditor.services.exporting import Pairs
from posteditor.services.transfer import convert, create_project, export_project

TSV = (
    "id\tsource\tmt\tweight\n"
    "a\tEl ayudante\tThe assistant\t1\n"
    "b\tdeclinó\trefused\t2\n"
    "c\t\tÉlan\t3\n"
    "d\tHola\tHello\t4\n"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    file = tmp_path / "news.tsv"
    file.write_text(TSV, encoding="utf-8")
    path = tmp_path / "news.tsv.postedit"
    create_project([file], path, source_lang="es", target_lang="en")
    with EditingSession.open(path, actor="maria") as session:
        session.take(1, "The aide", rewriter="default", edits=[Edit(4, 13, "aide", "word", 0.75)])
        session.confirm(1, "The aide")
        session.confirm(3, "Élan.")
        session.reject(4, "Hello")
    return path


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_parallel_pairs_have_both_sides_and_a_confirmed_target(project: Path, tmp_path: Path) -> None:
    report = export_project(project, tmp_path / "out.tsv", pairs=Pairs.PARALLEL)
    assert lines(tmp_path / "out.tsv") == ["source\ttarget", "El ayudante\tThe aide"]
    assert (report.segments, report.left_out, report.lost) == (1, 3, {})


def test_training_pairs_are_mt_and_target(project: Path, tmp_path: Path) -> None:
    export_project(project, tmp_path / "out.jsonl", pairs=Pairs.TRAINING)
    assert [json.loads(line) for line in lines(tmp_path / "out.jsonl")] == [
        {"mt": "The assistant", "target": "The aide"},
        {"mt": "Élan", "target": "Élan."},
    ]


def test_other_statuses_on_demand(project: Path, tmp_path: Path) -> None:
    every = frozenset(Status)
    report = export_project(project, tmp_path / "out.tsv", pairs=Pairs.PARALLEL, statuses=every)
    assert lines(tmp_path / "out.tsv")[1:] == ["El ayudante\tThe aide", "declinó\trefused", "Hola\tHello"]
    assert report.left_out == 1


def test_plain_text_takes_two_files(project: Path, tmp_path: Path) -> None:
    export_project(project, tmp_path / "out.en.txt", sources=tmp_path / "out.es.txt", pairs=Pairs.PARALLEL)
    assert (lines(tmp_path / "out.es.txt"), lines(tmp_path / "out.en.txt")) == (["El ayudante"], ["The aide"])
    export_project(project, tmp_path / "pe.txt", sources=tmp_path / "mt.txt", pairs=Pairs.TRAINING)
    assert (lines(tmp_path / "mt.txt"), lines(tmp_path / "pe.txt")) == (
        ["The assistant", "Élan"],
        ["The aide", "Élan."],
    )


def test_what_can_not_be_meant(project: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds one side of a pair"):
        export_project(project, tmp_path / "a.txt", pairs=Pairs.PARALLEL)
    with pytest.raises(UsageError, match="--sources goes with plain text"):
        export_project(project, tmp_path / "a.tsv", sources=tmp_path / "b.txt")
    with pytest.raises(UsageError, match="a file each"):
        export_project(project, tmp_path / "a.txt", sources=tmp_path / "a.txt")
    with pytest.raises(UsageError, match="not for mt and target"):
        export_project(project, tmp_path / "a.tmx", pairs=Pairs.TRAINING)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["news.tsv", "news.tsv.postedit"]


def test_where_targets_come_from(project: Path, tmp_path: Path) -> None:
    export_project(project, tmp_path / "out.jsonl", provenance=True)
    first, second, third, fourth = (json.loads(line) for line in lines(tmp_path / "out.jsonl"))
    assert (first["author"], first["rewriter"], first["confidence"]) == ("maria", "default", 0.75)
    assert first["edited"].startswith("20")
    assert "author" not in second
    assert (third["author"], "rewriter" in third) == ("maria", False)
    assert fourth["status"] == "rejected"
    export_project(project, tmp_path / "out.tsv", provenance=True)
    assert lines(tmp_path / "out.tsv")[0].split("\t")[-4:] == ["author", "rewriter", "confidence", "edited"]


def test_what_was_undone_is_no_provenance(project: Path, tmp_path: Path) -> None:
    with EditingSession.open(project, actor="jo") as session:
        session.undo(1)
        session.undo(1)
        session.confirm(1, "An aide")
    export_project(project, tmp_path / "out.jsonl", provenance=True)
    first = json.loads(lines(tmp_path / "out.jsonl")[0])
    assert (first["author"], "rewriter" in first) == ("jo", False)


def test_parallel_text_in_and_out(tmp_path: Path) -> None:
    (tmp_path / "a.es").write_text("uno\n\ntres\n", encoding="utf-8")
    (tmp_path / "a.en").write_text("one\ntwo\nthree\n", encoding="utf-8")
    both = [tmp_path / "a.es", tmp_path / "a.en"]
    report = convert(both, tmp_path / "a.tsv", ReadOptions())
    assert report.segments == 3
    convert([tmp_path / "a.tsv"], tmp_path / "b.en.txt", ReadOptions(), sources=tmp_path / "b.es.txt")
    assert (tmp_path / "b.es.txt").read_bytes() == (tmp_path / "a.es").read_bytes()
    assert (tmp_path / "b.en.txt").read_bytes() == (tmp_path / "a.en").read_bytes()


def test_columns_that_nobody_knows_are_named_when_they_get_lost(project: Path, tmp_path: Path) -> None:
    report = convert([tmp_path / "news.tsv"], tmp_path / "out.csv", ReadOptions())
    assert report.lost == {"the column weight": 4}


def test_a_failure_leaves_neither_file(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"source": "a", "mt": "b"}\n{"source": "a\\nb", "mt": "c"}\n', encoding="utf-8")
    with pytest.raises(CorpusError, match="the source of segment 2 has a line break"):
        convert([tmp_path / "a.jsonl"], tmp_path / "b.txt", ReadOptions(), sources=tmp_path / "s.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]
