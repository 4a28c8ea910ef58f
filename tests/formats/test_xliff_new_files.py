"""New XLIFF files: what they hold, judged by the schema and by other tools."""

import io
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posteditor.core.inline_tags import Placeholder, TagKind, joined
from posteditor.core.segment import Provenance, Segment, Status
from posteditor.errors import UsageError
from posteditor.formats.records import Change, Proposal
from posteditor.formats.writing import write_segments
from tests.formats.xliff_files import FILES, SCHEMAS, put_in, schema_problem, segments_of, written

SEGMENTS = [
    Segment(1, "Hallo", "Hello", "Hallo!", (), "a", Status.CONFIRMED, "note\n2"),
    Segment(2, "<1>Welt</1><2/>", "<1>World</1><2/>", None, (), "b<&\"'", Status.NEW),
    Segment(3, "x", "y", "", (), None, Status.REVIEWED),
    Segment(4, "", "untranslated", None, (), "a", Status.NEW),
    Segment(5, "<1>a<2>b</1></2><3>", "c", "<1>a<2>b</1></2><3>", (), "e", Status.REJECTED, "bad"),
    Segment(6, "d", None, "D", (), "f", Status.DRAFT),
]


def test_the_schemas_that_judge_are_there() -> None:
    if not SCHEMAS.is_dir():
        pytest.skip("no XLIFF schemas here, so nothing was held against them: apt-get install php-symfony-translation")
    assert "not allowed" in schema_problem(written(SEGMENTS)[0].replace(b"<body>", b"<body bad='1'>"))


def test_a_new_file_is_valid_and_holds_what_it_says() -> None:
    data, report = written(SEGMENTS)
    assert schema_problem(data) == ""
    assert (report.segments, report.lost) == (6, {})
    found = segments_of(data)
    assert [s.id for s in found] == ["a", "b<&\"'", "3", "a#4", "e", "f"]
    assert [s.source for s in found] == ["Hello", "<1>World</1><2/>", "y", "untranslated", "c", ""]
    assert [s.mt for s in found] == ["Hallo!", "<1>Welt</1><2/>", "", "", "<1>a<2>b</1></2><3/>", "D"]
    assert [s.target for s in found] == ["Hallo!", None, "", None, "<1>a<2>b</1></2><3/>", "D"]
    assert [s.status for s in found] == [s.status for s in SEGMENTS]
    assert [s.note for s in found] == [s.note for s in SEGMENTS]
    assert data.count(b'<alt-trans origin="mt"><target>') == 3
    assert b'source-language="en" target-language="de"' in data


def test_provenance_is_in_phases() -> None:
    who = Provenance("Ann", "hf:m", 0.5, "2026-11-26T10:20:30Z")
    segments = [replace(SEGMENTS[0], provenance=who), SEGMENTS[1]]
    data, _ = written(segments, provenance=True)
    assert schema_problem(data) == ""
    assert b'contact-name="Ann"><note>rewriter: hf:m</note><note>confidence: 0.50</note></phase>' in data
    assert b'<target state="translated" phase-name="posteditor-1">' in data
    assert b"phase" not in written(segments)[0]


def test_what_xml_can_not_hold_is_counted() -> None:
    data, report = written([Segment(1, "a\x00\x1b\ufffe", "s\x08")])
    assert report.lost == {"characters illegal in XML": 4}
    assert [(s.source, s.mt) for s in segments_of(data)] == [("s", "a")]


@pytest.mark.parametrize(("options", "message"), [
    ({"source_lang": None}, "source language, which is not known"),
    ({"target_lang": None}, "target language, which is not known"),
    ({"target_lang": "de_DE"}, "this is no language code"),
])  # fmt: skip
def test_languages_are_asked_for(options: dict[str, str | None], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        written(SEGMENTS, **options)


def test_files_of_one_tool_are_not_made_by_another(tmp_path: Any) -> None:
    with pytest.raises(UsageError, match="only Trados Studio can make"):
        write_segments(SEGMENTS, tmp_path / "new.sdlxliff")
    assert not list(tmp_path.iterdir())


parts = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=6),
    st.sampled_from("<>&\"'\r\n\t\ufffe\x00"),
    st.builds(Placeholder, st.integers(1, 3), st.sampled_from(TagKind)),
)
texts = st.lists(parts, max_size=6).map(joined)


@given(st.lists(st.builds(
    Segment, st.just(1), texts, st.none() | texts, st.none() | texts, st.just(()),
    st.none() | st.text(max_size=3), st.sampled_from(Status), st.text(max_size=5),
), min_size=1, max_size=4))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_whatever_there_is_makes_a_valid_file(segments: list[Segment]) -> None:
    data, report = written([replace(segment, position=n) for n, segment in enumerate(segments, 1)])
    assert schema_problem(data) == ""
    assert len(segments_of(data)) == len(segments) == report.segments


def test_translate_toolkit_reads_what_we_write() -> None:
    storage: Any = pytest.importorskip("translate.storage.xliff")
    units = storage.xlifffile.parsestring(written(SEGMENTS)[0]).units
    assert units[0].source == "Hello"
    assert [unit.target for unit in units][:2] == ["Hallo!", "Welt"]
    assert [unit.isapproved() for unit in units] == [False, False, True, False, False, False]
    assert units[0].getnotes() == "note\n2"
    assert [str(alternative.target) for alternative in units[0].getalttrans()] == ["Hallo"]


def test_files_of_translate_toolkit_come_back_and_it_reads_them_again() -> None:
    storage: Any = pytest.importorskip("translate.storage.xliff")
    store = storage.xlifffile()
    for n in range(3):
        unit = store.addsourceunit(f"Source <{n}> & é")
        unit.target = f"Target {n}" if n else None
    out = io.BytesIO()
    store.serialize(out)
    data = out.getvalue()
    assert put_in(data, [])[0] == data
    found = segments_of(data)
    assert [s.mt for s in found] == ["", "Target 1", "Target 2"]
    changed, opened = put_in(data, [
        Change(1, "Ziel & <x>", Status.REVIEWED, "why", Provenance("Ann"), Proposal("P", "m", 0.5)),
        Change(3, "Drei", Status.DRAFT),
    ])  # fmt: skip
    assert opened.refused == []
    units = storage.xlifffile.parsestring(changed).units
    assert [unit.target for unit in units] == ["Ziel & <x>", "Target 1", "Drei"]
    assert units[0].isapproved()
    assert units[2].isfuzzy()
    assert "why" in units[0].getnotes()
    assert [str(one.target) for one in units[0].getalttrans()] == ["P"]


def test_version_2_files_of_translate_toolkit_come_back_and_it_reads_them_again() -> None:
    storage: Any = pytest.importorskip("translate.storage.xliff2")
    store = storage.Xliff2File()
    for n in range(2):
        store.addsourceunit(f"Source {n}").target = f"Target {n}"
    out = io.BytesIO()
    store.serialize(out)
    data = out.getvalue()
    assert put_in(data, [])[0] == data
    changed, _ = put_in(data, [Change(2, "Zwei", Status.REVIEWED, "n", Provenance("Ann"), Proposal("P", "m"))])
    units = storage.Xliff2File.parsestring(changed).units
    assert [unit.target for unit in units] == ["Target 0", "Zwei"]
    # It makes units without ids, which are not valid; we add nothing to that.
    assert schema_problem(changed, "2.0").count("ERROR") == schema_problem(data, "2.0").count("ERROR")


@pytest.mark.parametrize("name", ["okapi.xlf", "xcode.xliff", "trados.sdlxliff"])
def test_translate_toolkit_reads_what_we_splice(name: str) -> None:
    storage: Any = pytest.importorskip("translate.storage.xliff")
    out, _ = put_in(FILES[name].encode(), [Change(1, "Anders", Status.CONFIRMED, "n")], name)
    assert any("Anders" in str(unit.target) for unit in storage.xlifffile.parsestring(out).units)
