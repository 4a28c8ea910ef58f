"""The WMT's XML of 2021 and later, well and badly made."""

import gzip
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sacrebleu.dataset.wmt_xml import WMTXMLDataset

from posteditor.errors import CorpusError, UsageError
from posteditor.formats.test_sets import xml_reading
from posteditor.formats.test_sets.opening import open_test_sets
from tests.formats.test_sets.making import only, parts, put, refusal

HEAD = "<?xml version='1.0' encoding='utf-8'?>\n"
XML = (
    HEAD
    + """<dataset id="newstest2021.de-en">
 <collection id="general">
  <doc origlang="de" id="bbc.1" domain="news">
   <src lang="de"><p><seg id="1">q &amp;
     r</seg></p>
     <p><seg id="2">s</seg></p></src>
   <ref lang="en" translator="A"><p><seg id="1">a</seg><seg id="2">b</seg></p></ref>
   <ref lang="en" translator="B"><p><seg id="1">c</seg></p></ref>
   <hyp system="Online-A" language="en"><p><seg id="1">x</seg><seg id="2"/></p></hyp>
   <hyp system="UEdin" lang="en"><p><seg id="2">v</seg><seg id="1">u</seg></p></hyp>
   <hyp system="refA" lang="en"><p><seg id="1">a</seg><seg id="2">b</seg></p></hyp>
  </doc>
  <doc origlang="de" id="suite.1" testsuite="x"><src lang="de"><p><seg id="1">z</seg></p></src></doc>
  <doc origlang="de" id="bbc.2"><src lang="de"><p><seg id="1">t</seg><seg id="2">no reference</seg></p></src>
   <ref lang="en" translator="B"><p><seg id="1">d</seg></p></ref>
   <hyp system="Online-A" language="en"><p><seg id="1">y</seg></p></hyp>
   <hyp system="UEdin" language="en"><p><seg id="1">w</seg><seg id="2">w2</seg></p></hyp>
  </doc>
 </collection>
</dataset>
"""
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return put(tmp_path, {"newstest2021.de-en.all.xml": XML}) / "newstest2021.de-en.all.xml"


def test_each_system(path: Path) -> None:
    notes: list[str] = []
    found = open_test_sets([path], on_note=notes.append)
    assert [one.name for one in found] == ["newstest2021.de-en.all/Online-A", "newstest2021.de-en.all/UEdin"]
    assert {(one.kind, one.source_lang, one.target_lang, one.reference_kind, one.files) for one in found} == {
        ("wmt-xml", "de", "en", "independent", (path,))
    }
    assert len(notes) == 1
    assert "refA: left out" in notes[0]
    first, second = (list(one.segments()) for one in found)
    assert parts(first) == [("q & r", "x", ("a", "c")), ("s", "", ("b",)), ("t", "y", ("d",))]
    assert [segment.id for segment in first] == ["bbc.1:1", "bbc.1:2", "bbc.2:1"]
    assert [segment.line for segment in first] == [5, 7, 15]
    assert [segment.mt for segment in second] == ["u", "v", "w", "w2"]
    assert second[3].references == ()
    assert list(found[0].segments()) == first


def test_selections(path: Path) -> None:
    assert [one.system for one in open_test_sets([f"{path}:UEdin"])] == ["UEdin"]
    assert [one.system for one in open_test_sets([f"{path}:de-en"])] == ["Online-A", "UEdin"]
    assert "Online-A, UEdin" in refusal(f"{path}:refA", UsageError).hint


def test_compressed_and_cut_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, {"x.xml.gz": gzip.compress(b"\xef\xbb\xbf" + XML.encode())})
    whole = [parts(list(one.segments())) for one in open_test_sets([tmp_path / "x.xml.gz"])]
    monkeypatch.setattr(xml_reading, "_BLOCK_BYTES", 7)
    assert [parts(list(one.segments())) for one in open_test_sets([tmp_path / "x.xml.gz"])] == whole


def test_it_agrees_with_sacrebleu(tmp_path: Path) -> None:
    whole = XML.replace('<seg id="2">no reference</seg>', "")  # sacrebleu stops at a segment without output
    put(tmp_path, {"x.xml": whole.replace('<seg id="2">w2</seg>', "")})
    sacrebleu: Any = WMTXMLDataset  # it has no annotations
    fields = sacrebleu._unwrap_wmt21_or_later(str(tmp_path / "x.xml"))
    for found in open_test_sets([tmp_path / "x.xml"]):
        segments = list(found.segments())
        assert [segment.mt for segment in segments] == fields[found.system]
        assert [segment.source for segment in segments] == [sacrebleu._clean(text) for text in fields["src"]]
        assert [segment.references for segment in segments] == [
            tuple(filter(None, pair)) for pair in zip(fields["ref:A"], fields["ref:B"], strict=True)
        ]


BROKEN = [
    (XML[: XML.index("<seg id") + 3], 5, "ends in the middle"),
    (XML[: XML.index("</doc>")], 13, "ends in the middle"),
    ("", 0, "the file is empty"),
    (XML.replace("&amp;", "&"), 5, "not valid XML"),
    (XML.replace("</p></ref>", "</ref>", 1), 8, "mismatched tag"),
    (XML.replace('<seg id="2">v</seg>', "", 1), 11, "has no segment '2' of 'UEdin'"),
    (XML.replace('<hyp system="UEdin" language', '<hyp system="Other" language'), 15, "has no <hyp> of 'UEdin'"),
    (XML.replace('<seg id="2">v</seg>', '<seg id="1">v</seg>'), 11, "'1' is there twice"),
    (XML.replace('<seg id="2">v</seg>', '<seg id="2">v</seg><seg id="3"/>'), 11, "'3' is not in the <src>"),
    (XML.replace('<seg id="2">v</seg>', "<seg>v</seg>"), 11, "a <seg> without id"),
    (XML.replace('system="UEdin" lang=', 'system="Online-A" lang='), 11, "a second hyp 'Online-A'"),
    (XML.replace(' system="UEdin"', ""), 11, "a <hyp> without system"),
    (XML.replace(' id="bbc.2"', ' id=" "'), 15, "a <doc> without id"),
    (XML.replace("</collection>", "<doc id='1'><doc id='2'/></doc></collection>"), 20, "a <doc> inside a <doc>"),
    (XML.replace('<seg id="2">v', '<seg id="2">v<b>w</b>'), 11, "a <b> inside the text"),
    (XML.replace('<p><seg id="1">t', '</src><seg id="1">t', 1), 15, "outside of <src>"),
    (XML.replace('lang="de"><p><seg id="1">t', 'lang="fr"><p><seg id="1">t'), 15, "'fr' beside 'de'"),
    (XML.replace('lang="de"><p><seg id="1">t', 'lang="d\x9be"><p><seg id="1">t'), 15, "'d\\x9be' is no language"),
    (HEAD + "<tmx/>", 2, "it starts with <tmx>"),
    (HEAD + "<refset/>", 2, "before WMT21"),
    (HEAD + "<dataset/>", 0, "no <hyp>"),
    (XML.replace("<ref ", "<note ").replace("</ref>", "</note>"), 8, "a <seg> outside of"),
    ("\n<dataset><doc id='1'><src/><hyp system='A'/></doc></dataset>", 0, "no <ref>"),
    (XML.replace("utf-8", "iso-8859-1"), 1, "the file is iso-8859-1, only UTF-8"),
]


@pytest.mark.parametrize(("content", "line", "problem"), BROKEN, ids=[problem for _, _, problem in BROKEN])
def test_bad_files(tmp_path: Path, content: str, line: int, problem: str) -> None:
    error = refusal(put(tmp_path, {"x.xml": content}) / "x.xml", CorpusError)
    assert isinstance(error, CorpusError)
    assert problem in error.message
    assert error.line == line


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        (XML.replace(">b<", ">b\xe9<").encode("latin-1"), 8, "not valid XML at column 69"),
        (XML.encode("utf-16"), 0, "the file is UTF-16"),
        (XML.lstrip().encode("utf-16-le"), 0, "the file is UTF-16LE"),
    ],
)
def test_wrong_encodings(tmp_path: Path, content: bytes, line: int, problem: str) -> None:
    error = refusal(put(tmp_path, {"x.xml": content}) / "x.xml", CorpusError)
    assert isinstance(error, CorpusError)
    assert problem in error.message
    assert error.line == line


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE dataset [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE dataset [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE dataset [<!ENTITY % a SYSTEM "http://127.0.0.1:1/x.dtd"> %a;]>',
        '<!DOCTYPE dataset SYSTEM "http://127.0.0.1:1/x.dtd">',
    ],
)
def test_declarations_are_refused(tmp_path: Path, declaration: str) -> None:
    content = XML.replace("<dataset", f"{declaration}\n<dataset").replace(">a<", ">&a;&b;<")
    error = refusal(put(tmp_path, {"x.xml": content}) / "x.xml", CorpusError)
    assert "declares a document type" in error.message
    assert isinstance(error, CorpusError)
    assert error.line == 2


def test_entities_that_nobody_declared(tmp_path: Path) -> None:
    content = XML.replace(">a<", ">&a;<", 1)
    assert "undefined entity" in refusal(put(tmp_path, {"x.xml": content}) / "x.xml", CorpusError).message


def test_a_comment_that_never_ends_is_not_read_into_memory(tmp_path: Path) -> None:
    content = gzip.compress(XML.replace("<collection", "<!--" + "x" * (3 << 20) + "<collection").encode())
    error = refusal(put(tmp_path, {"x.xml.gz": content}) / "x.xml.gz", CorpusError)
    assert "a tag or comment of more than 1 MiB" in error.message


def test_a_document_that_never_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posteditor.formats.test_sets.wmt_xml_documents._LARGEST_DOCUMENT", 1000)
    content = XML.replace(">s<", f">{'s' * 2000}<")
    assert "a <doc> of more than" in refusal(put(tmp_path, {"x.xml": content}) / "x.xml", CorpusError).message


def test_hostile_names_can_not_be_printed_or_leave_a_folder(tmp_path: Path) -> None:
    content = XML.replace('"UEdin"', '"../../..\x9b2J/etc"').replace('"Online-A"', '".."')
    found = open_test_sets([put(tmp_path, {"x.xml": content}) / "x.xml"])
    assert [one.name for one in found] == ["x/_.", "x/_._.._.._2J_etc"]
    assert [len(list(one.segments())) for one in found] == [3, 4]


def test_sgml_is_not_read(tmp_path: Path) -> None:
    path = put(tmp_path, {"newstest2019-deen-src.de.sgm": "<srcset>"}) / "newstest2019-deen-src.de.sgm"
    assert "SGML files of the WMT are not read" in refusal(path, UsageError).message


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="￾￿"), max_size=12)


@given(st.lists(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=3), min_size=1, max_size=3))
def test_any_text_comes_through(
    tmp_path_factory: pytest.TempPathFactory, documents: list[list[tuple[str, ...]]]
) -> None:
    sides = [("src", ""), ("hyp", f" system={quoteattr('a<b>')}"), ("ref", "")]
    xml = "<dataset>"
    for number, document in enumerate(documents):
        xml += f'<doc id="{number}">'
        for index, (side, attributes) in enumerate(sides):
            segments = "".join(f'<seg id="{at}">{escape(row[index])}</seg>' for at, row in enumerate(document))
            xml += f"<{side}{attributes}><p>{segments}</p></{side}>"
        xml += "</doc>"
    path = tmp_path_factory.mktemp("xml") / "x.xml"
    path.write_text(xml + "</dataset>", encoding="utf-8")
    found = only(path)
    assert found.system == "a<b>"
    rows = [[" ".join(text.split()) for text in row] for document in documents for row in document]
    assert parts(list(found.read())) == [(source, mt, (ref,) if ref else ()) for source, mt, ref in rows]
