"""Projects of XLIFF files: tags that got lost, characters that can't be, and where targets come from."""

from pathlib import Path

import pytest

from posteditor.cli.main import main
from posteditor.formats.options import ReadOptions
from posteditor.services.editing import EditingSession
from posteditor.services.transfer import convert, create_project, export_project
from posteditor.store.project import Project

XLIFF = """<?xml version="1.0"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file original="a" source-language="es"
 target-language='en' datatype="html"><body>
<trans-unit id="u1"><source>El <g id="7">ayudante</g> declinó.</source>
<target state="needs-review-translation">Aide <g id="7">refused</g>.</target></trans-unit>
<trans-unit id="u2"><source>Hola &lt;1&gt;</source></trans-unit>
</body></file></xliff>
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "a.xlf").write_text(XLIFF, encoding="utf-8")
    path = tmp_path / "a.xlf.postedit"
    create_project([tmp_path / "a.xlf"], path)
    return path


def test_without_edits_byte_for_byte_and_with_languages_of_the_file(project: Path, tmp_path: Path) -> None:
    report = export_project(project, tmp_path / "out.xlf")
    assert (tmp_path / "out.xlf").read_text(encoding="utf-8") == XLIFF
    assert (report.segments, report.changed, report.refused) == (2, 0, ())
    with Project.open_for_reading(project) as opened:
        assert (opened.meta.get("source_lang"), opened.meta.get("target_lang")) == ("es", "en")


def test_targets_and_states_go_in(project: Path, tmp_path: Path) -> None:
    with EditingSession.open(project) as session:
        session.confirm(1, "The <1>aide</1> refused.")
        session.confirm(2, "Hello <<1>")
    report = export_project(project, tmp_path / "out.xlf")
    text = (tmp_path / "out.xlf").read_text(encoding="utf-8")
    assert '<target state="translated">The <g id="7">aide</g> refused.</target>' in text
    assert '<target state="translated">Hello &lt;1></target>' in text.replace("&gt;", ">")
    assert report.changed == 2


def test_a_target_that_lost_its_tags_is_not_confirmed_nor_written(project: Path, tmp_path: Path) -> None:
    with EditingSession.open(project) as session:
        assert session.tag_problem(1, "The aide refused.") == "the tag <1> is missing"
        assert session.missing_tags(1, "The aide</1> refused.") == ["<1>"]
        assert session.tag_problem(2, "Hello <<1>") == ""
        session.save_draft(1, "The aide refused.")
    report = export_project(project, tmp_path / "out.xlf")
    ((position, reason),) = report.refused
    assert (position, report.changed) == (1, 0)
    assert "tag" in reason
    assert "Segment 1 keeps its old target" in " ".join(report.summary())
    assert '<g id="7">refused</g>' in (tmp_path / "out.xlf").read_text(encoding="utf-8")


def test_characters_that_xml_can_not_hold_are_counted(project: Path, tmp_path: Path) -> None:
    with EditingSession.open(project) as session:
        session.confirm(2, "Hel\x00lo\x1b")
    report = export_project(project, tmp_path / "out.xlf")
    assert report.lost == {"characters that the format can't hold": 2}
    assert ">Hello<" in (tmp_path / "out.xlf").read_text(encoding="utf-8")


def test_tags_are_placeholders_in_tables_and_gone_from_plain_text(project: Path, tmp_path: Path) -> None:
    report = convert([tmp_path / "a.xlf"], tmp_path / "a.tsv", ReadOptions())
    assert "Aide <1>refused</1>." in (tmp_path / "a.tsv").read_text(encoding="utf-8")
    assert list(report.lost.values()) == [1]
    convert([tmp_path / "a.xlf"], tmp_path / "a.txt", ReadOptions(), sources=tmp_path / "s.txt")
    assert (tmp_path / "s.txt").read_text(encoding="utf-8") == "El ayudante declinó.\nHola <1>\n"
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "Aide refused.\n\n"


def test_text_that_looks_like_a_tag_is_none_in_xliff(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("source\tmt\n<1> mal\t<1> bad\n", encoding="utf-8")
    convert([tmp_path / "a.tsv"], tmp_path / "b.xlf", ReadOptions(source_lang="es", target_lang="en"))
    assert "&lt;1" in (tmp_path / "b.xlf").read_text(encoding="utf-8")
    convert([tmp_path / "b.xlf"], tmp_path / "c.txt", ReadOptions())
    assert (tmp_path / "c.txt").read_text(encoding="utf-8") == "<1> bad\n"


def test_rewrites_go_out_as_proposals(tmp_path: Path) -> None:
    (tmp_path / "a.xlf").write_text(XLIFF, encoding="utf-8")
    (tmp_path / "tm.tsv").write_text("mt\ttarget\nAide refused.\tThe aide refused.\n", encoding="utf-8")
    model = f"memory:{tmp_path / 'tm.tsv'}"
    assert main(["rewrite", str(tmp_path / "a.xlf"), "-o", str(tmp_path / "b.xlf"), "--model", model]) == 0
    written = (tmp_path / "b.xlf").read_text(encoding="utf-8")
    assert f'origin="{model}"' in written
    assert '<target>The aide <g id="7">refused</g>.</target></alt-trans>' in written.replace(' xml:lang="en"', "")
    assert '<target state="needs-review-translation">Aide <g id="7">refused</g>.</target>' in written


def test_scores_do_not_count_tags(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.xlf").write_text(XLIFF.replace("Hola", "x"), encoding="utf-8")
    (tmp_path / "ref.txt").write_text("Aide refused.\n\n", encoding="utf-8")
    assert main(["score", str(tmp_path / "a.xlf"), "--references", str(tmp_path / "ref.txt"), "--metric", "ter"]) == 0
    assert " 0.00" in capsys.readouterr().out
