"""New targets in the bytes of a TMX file, every other byte as it was."""

import gzip
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posteditor.core.segment import Provenance, Segment, Status
from posteditor.errors import CorpusError, PostEditorError
from posteditor.formats.options import ReadOptions
from posteditor.formats.records import Change
from tests.formats.document_bytes import SKIPPING, any_text, mutations, read, spliced, written
from tests.formats.tmx_files import tmx, unit

WITH_TAGS = unit(
    'A <bpt i="1">{\\b </bpt>bold<ept i="1">}</ept> <ph type="x"/>',
    'Ein <bpt i="7">{\\b </bpt>fetter<ept i="7">}</ept>',
)


def test_only_the_target_differs() -> None:
    untouched = unit(" a ", "b", notes="<!-- n --><prop type='q'>v</prop>"), "<!-- between -->\r\n", WITH_TAGS
    data = tmx(*untouched, unit("two", "zwei"), unit("three", "d r e i"))
    out, report = spliced(data, "a.tmx", [Change(3, "ZWEI & <1>")])
    assert out.decode() == data.replace("zwei", "ZWEI &amp; &lt;1&gt;") or report.refused
    out, report = spliced(data, "a.tmx", [Change(3, "ZWEI & <<1>"), Change(4, "drei", Status.CONFIRMED)])
    assert out.decode() == data.replace("zwei", "ZWEI &amp; &lt;1&gt;").replace("d r e i", "drei")
    assert (report.segments, report.changed, report.refused) == (4, 2, ())


def test_the_same_target_again_changes_nothing() -> None:
    data = tmx(unit("a &#38; b", "c &#38;<!-- x --> d"), WITH_TAGS)
    changes = [Change(s.position, s.mt, Status.CONFIRMED) for s in read(data, "a.tmx")]
    assert spliced(data, "a.tmx", changes)[0].decode() == data


def test_tags_keep_their_raw_form_wherever_they_go() -> None:
    data = tmx(WITH_TAGS)
    out, report = spliced(data, "a.tmx", [Change(1, "<1>Fett</1> ist das")])
    assert '<seg><bpt i="7">{\\b </bpt>Fett<ept i="7">}</ept> ist das</seg>' in out.decode()
    assert report.refused == ()


def test_tags_may_come_from_the_source() -> None:
    out, report = spliced(tmx(WITH_TAGS), "a.tmx", [Change(1, "<2/><1>Fett</1>")])
    assert '<seg><ph type="x"/><bpt i="7">{\\b </bpt>Fett<ept i="7">}</ept></seg>' in out.decode()
    assert report.changed == 1


def test_pairs_of_both_languages_do_not_get_the_same_number() -> None:
    source = '<bpt i="1">A</bpt>x<ept i="1">a</ept> <bpt i="2">B</bpt>y<ept i="2">b</ept>'
    data = tmx(unit(source, '<bpt i="1">B</bpt>y<ept i="1">b</ept>'))
    (segment,) = read(data, "a.tmx")
    assert segment.mt == "<2>y</2>"
    out, _ = spliced(data, "a.tmx", [Change(1, "<1>X</1> <2>Y</2>")])
    new = '<bpt i="1">A</bpt>X<ept i="1">a</ept> <bpt i="2">B</bpt>Y<ept i="2">b</ept>'
    assert f"<seg>{new}</seg>" in out.decode()


@pytest.mark.parametrize("target", ["no tags", "<1>x", "</1>x<1>", "<1>x</1><1>y</1>", "<9/>"])
def test_a_target_with_broken_tags_is_refused(target: str) -> None:
    data = tmx(unit("a", "b"), WITH_TAGS)
    out, report = spliced(data, "a.tmx", [Change(1, "x"), Change(2, target, Status.CONFIRMED)])
    assert out.decode() == data.replace("<seg>b<", "<seg>x<")
    assert [position for position, _ in report.refused] == [2]
    assert "the tag" in report.refused[0][1]


def test_provenance_stands_with_the_target() -> None:
    data = tmx(unit("a", "b").replace('<tuv xml:lang="de">', "<tuv xml:lang='de' changeid='old' x=' changeid=\"no\"'>"))
    made = Provenance('Ann "&', "default", 0.5, "2024-05-06T07:08:09+00:00")
    out, _ = spliced(data, "a.tmx", [Change(1, "B", provenance=made)])
    assert (
        '<tuv xml:lang=\'de\' changeid="Ann &quot;&amp;" x=\' changeid="no"\' changedate="20240506T070809Z">'
        '<prop type="x-rewriter">default</prop><prop type="x-confidence">0.5</prop>\n      <seg>B</seg>'
    ) in out.decode()
    again, _ = spliced(out, "a.tmx", [Change(1, "C", provenance=replace(made, rewriter="", confidence=None))])
    assert "<prop" not in again.decode()


def test_empty_segments_get_a_target() -> None:
    data = tmx(unit("a", "").replace("<seg></seg>", "<seg/>"), unit("a", ""))
    out, _ = spliced(data, "a.tmx", [Change(1, "x"), Change(2, "y")])
    assert out.decode() == tmx(unit("a", "x"), unit("a", "y"))


def test_bad_units_and_those_of_other_languages_stay() -> None:
    data = tmx(unit("a", "b"), unit("a & b", "x"), unit("a", "b", langs=("en", "fr")), unit("c", "d"), "<junk/>\n")
    options = ReadOptions(skip_bad=True, source_lang="en", target_lang="de")
    out, report = spliced(data, "a.tmx", [Change(2, "D")], options)
    assert out.decode() == data.replace(">d<", ">D<")
    assert report.segments == 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "latin-1", "cp1251", "gb18030", "shift_jis"])
def test_other_encodings_come_back(encoding: str) -> None:
    declared = {"utf-8-sig": "UTF-8", "latin-1": "ISO-8859-1", "cp1251": "windows-1251"}.get(encoding, encoding)
    data = tmx(unit("a", "b"), unit("c", "d")).replace('encoding="UTF-8"', f'encoding="{declared}"')
    out, _ = spliced(data.encode(encoding), "a.tmx", [Change(2, "é Я 語")])
    kept = "é Я 語".encode("utf-8" if encoding.startswith("utf") else encoding, "xmlcharrefreplace")
    expected = data.replace(">d<", f">{kept.decode('utf-8' if encoding.startswith('utf') else encoding)}<")
    assert out == expected.encode(encoding)
    assert read(out, "a.tmx")[1].mt == "é Я 語"


def test_bytes_that_would_not_come_back_are_told() -> None:
    data = tmx(unit("a", "X"), unit("c", "d")).replace('encoding="UTF-8"', 'encoding="cp932"').encode()
    data = data.replace(b"X", b"\x87\x90")  # one of two ways to write the character
    assert len(read(data, "a.tmx")) == 2
    with pytest.raises(CorpusError, match="can't be written back as they are"):
        spliced(data, "a.tmx", [Change(2, "x")])


def test_a_compressed_file_stays_compressed() -> None:
    data = tmx(unit("a", "b"))
    out, _ = spliced(gzip.compress(data.encode()), "a.tmx.gz", [Change(1, "x")])
    assert gzip.decompress(out).decode() == tmx(unit("a", "x"))


def test_a_target_for_no_segment_is_told() -> None:
    with pytest.raises(CorpusError, match="there is a target for segment 2, but the file has 1"):
        spliced(tmx(unit("a", "b")), "a.tmx", [Change(2, "x")])


SEGMENTS = [
    Segment(1, "eins", "one"),
    Segment(2, "zwei <1/>", "two <1/>", "ZWEI <1/>", status=Status.DRAFT),
    Segment(3, "drei", "three", None, status=Status.REJECTED),
    Segment(4, "vier", "four", "vier", status=Status.CONFIRMED),
]


@pytest.mark.parametrize("position", [1, 2, 3, 4])
@pytest.mark.parametrize("status", [Status.DRAFT, Status.REVIEWED, Status.REJECTED])
def test_files_of_ours_keep_status_and_mt(position: int, status: Status) -> None:
    data, _ = written(SEGMENTS, "tmx")
    target = "neu <1/>" if position == 2 else "neu"
    made = Provenance("Ann", "default", 0.5, "2024-05-06T07:08:09+00:00")
    out, _ = spliced(data, "a.tmx", [Change(position, target, status, provenance=made)])
    expected = [replace(s, line=0) for s in SEGMENTS]
    mt = expected[position - 1].mt if position != 4 else "neu"  # where mt and target were one, they are again
    expected[position - 1] = replace(expected[position - 1], target=target, status=status, mt=mt)
    found = [replace(s, line=0) for s in read(out, "a.tmx")]
    if position == 3:
        expected[2] = replace(expected[2], mt=found[2].mt)
    assert found == expected


@given(st.lists(st.tuples(any_text, any_text), min_size=1, max_size=5), st.data())
@settings(max_examples=100, deadline=None)
def test_splicing_changes_those_targets_alone(pairs: list[tuple[str, str]], data: st.DataObject) -> None:
    units = [
        unit("".join(f"&#{ord(c)};" if c in "<&\r]" else c for c in source if c.isprintable()), f"t{n}")
        for n, (source, _) in enumerate(pairs)
    ]
    original = tmx(*units)
    before = read(original, "a.tmx")
    chosen = data.draw(st.sets(st.integers(1, len(pairs))))
    plain = {n: pairs[n - 1][1].replace("<", "") for n in chosen}
    out, report = spliced(original, "a.tmx", [Change(n, plain[n]) for n in sorted(chosen)])
    legal = {
        n: "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))
        for n, text in plain.items()
    }
    assert [s.mt for s in read(out, "a.tmx")] == [legal.get(s.position, s.mt) for s in before]
    assert report.segments == len(pairs)
    back, _ = spliced(out, "a.tmx", [Change(n, f"t{n - 1}") for n in sorted(chosen)])
    assert back.decode() == original


GOOD = tmx(unit("a", "b"), WITH_TAGS, unit("e", "f")).encode()


@given(mutations(GOOD), any_text)
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_spliced_or_told(data: bytes, target: str) -> None:
    try:
        out, _ = spliced(data, "a.tmx", [Change(1, target)], SKIPPING)
    except PostEditorError:
        return
    assert len(read(out, "a.tmx", SKIPPING)) == len(read(data, "a.tmx", SKIPPING))
