"""What an XLIFF file is read as: segments, tags, states, notes, ids, languages."""

import gzip

import pytest

from posteditor.core.segment import Status
from posteditor.formats.options import ReadOptions
from tests.formats.in_memory import read_one
from tests.formats.xliff_files import (
    FILES,
    MEMOQ,
    NS2,
    OKAPI,
    PHRASE,
    SYMFONY,
    TRADOS,
    VERSION_20,
    VERSION_22,
    XCODE,
    document,
    one_unit,
    segments_of,
)

Row = tuple[str | None, str | None, str, str | None, Status]


def rows(data: str, name: str = "file.xlf") -> list[Row]:
    return [(s.id, s.source, s.mt, s.target, s.status) for s in segments_of(data, name)]


def only(unit: str, version: str = "1.2") -> Row:
    (row,) = rows(one_unit(unit, version))
    return row


def test_segments_of_trados_are_marks_with_their_status_in_seg_defs() -> None:
    assert rows(TRADOS, "file.sdlxliff") == [
        ("1", "One.", "Eins.", "Eins.", Status.CONFIRMED),
        ("2", "Two <1>bold</1>.", "Zwei <1>fett</1>.", "Zwei <1>fett</1>.", Status.DRAFT),
        ("3", "Three", "", None, Status.NEW),
        ("4", "Four <1/>", "", None, Status.NEW),
    ]


def test_memoq_says_the_status_on_the_unit() -> None:
    assert rows(MEMOQ, "file.mqxliff") == [
        ("1", "Press <1>F1</1><2/>", "<1>F1</1>: nyomja meg<2/>", "<1>F1</1>: nyomja meg<2/>", Status.CONFIRMED),
        ("2", "Stop", "", None, Status.NEW),
        ("3", "No", "Nem", "Nem", Status.REJECTED),
    ]


def test_phrase_counts_confirmations_up_to_the_level_of_the_job() -> None:
    assert rows(PHRASE, "file.mxliff") == [
        ("t:0", "{b>Yes<b}", "{b>Ano<b}", "{b>Ano<b}", Status.CONFIRMED),
        ("t:1", "No", "Ne", "Ne", Status.DRAFT),
        ("t:2", "Maybe", "Snad", None, Status.NEW),
    ]


def test_segmented_units_are_read_by_mark_and_proposals_are_no_segments() -> None:
    assert rows(OKAPI) == [
        ("tu1/0", "One.", "Un.", "Un.", Status.DRAFT),
        ("tu1/1", " <1>Two</1>.", " <1>Deux</1>.", " <1>Deux</1>.", Status.DRAFT),
        ("alt", "Alt text", "", None, Status.NEW),
    ]


def test_an_id_that_another_inner_file_uses_gets_the_name_of_its_own() -> None:
    found = segments_of(XCODE)
    assert [s.id for s in found] == ["title", "empty", "App/en.lproj/Other.strings/title"]
    assert [s.note for s in found] == ["Shown at the top", "", ""]
    assert [s.line for s in found] == [8, 13, 21]


def test_ids_are_always_different() -> None:
    unit = '<trans-unit id="x"><source>a</source></trans-unit>'
    names = [s.id for s in segments_of(one_unit(unit * 3))]
    assert names[0] == "x"
    assert len({*names, None}) == 4


def test_references_and_cdata_and_line_ends_are_text() -> None:
    found = rows(SYMFONY)
    assert found[0] == ("1", "<b>Hello</b> & more", "<b>Bonjour</b>", None, Status.NEW)
    assert found[1][1] == "Tom & J\xe9r\xe9my\r"
    assert only('<trans-unit id="1"><source>a\r\nb\rc&#13;\n</source></trans-unit>')[1] == "a\nb\nc\r\n"


def test_comments_and_instructions_in_a_target_are_tags_of_its_own() -> None:
    assert rows(SYMFONY)[2][1:3] == ("Comment", "a<1/>b<2/>")


@pytest.mark.parametrize("data", [VERSION_20, VERSION_22])
def test_version_2_has_segments_in_units(data: str) -> None:
    assert rows(data) == [
        ("yet", "Shown", "", None, Status.NEW),
        ("u1/s1", "First <1>bold</1> one.", "最初の<1>太字</1>。", "最初の<1>太字</1>。", Status.CONFIRMED),
        ("u1/2", "Second<1/> \x07", "", None, Status.NEW),
        ("u2", "A <1>b</1> <2>c</2>", "ア <1>ビ</1> <2>シ</2>", "ア <1>ビ</1> <2>シ</2>", Status.REVIEWED),
    ]
    assert segments_of(data)[1].note == "For people"


@pytest.mark.parametrize(("name", "languages"), [
    ("trados.sdlxliff", ("en-US", "de-DE")),
    ("xcode.xliff", ("en", "de")),
    ("version20.xlf", ("en", "ja")),
])  # fmt: skip
def test_the_file_says_its_languages(name: str, languages: tuple[str, str]) -> None:
    opened = document(FILES[name])
    list(opened.batches())
    assert opened.languages == languages


@pytest.mark.parametrize(("state", "status"), [
    ("new", Status.NEW),
    ("needs-translation", Status.NEW),
    ("needs-adaptation", Status.DRAFT),
    ("needs-l10n", Status.DRAFT),
    ("needs-review-translation", Status.DRAFT),
    ("needs-review-adaptation", Status.DRAFT),
    ("needs-review-l10n", Status.DRAFT),
    ("x-fuzzy-forward", Status.DRAFT),
    ("translated", Status.CONFIRMED),
    ("signed-off", Status.REVIEWED),
    ("final", Status.REVIEWED),
])  # fmt: skip
def test_states_of_version_1(state: str, status: Status) -> None:
    unit = f'<trans-unit id="1"><source>a</source><target state="{state}">b</target></trans-unit>'
    assert only(unit)[2:] == ("b", None if status is Status.NEW else "b", status)
    approved = unit.replace('id="1"', 'id="1" approved="yes"')
    assert only(approved)[4] is Status.REVIEWED


def test_a_target_without_a_state_is_nobodys_work() -> None:
    assert only('<trans-unit id="1"><source>a</source><target>b</target></trans-unit>')[2:] == ("b", None, Status.NEW)


@pytest.mark.parametrize(("state", "status"), [
    ("", Status.NEW),
    ('state="initial"', Status.NEW),
    ('state="initial" subState="posteditor:draft"', Status.DRAFT),
    ('state="initial" subState="posteditor:rejected"', Status.REJECTED),
    ('state="initial" subState="other:draft"', Status.NEW),
    ('state="translated"', Status.CONFIRMED),
    ('state="reviewed"', Status.REVIEWED),
    ('state="final"', Status.REVIEWED),
])  # fmt: skip
def test_states_of_version_2(state: str, status: Status) -> None:
    unit = f'<unit id="1"><segment {state}><source>a</source><target>b</target></segment></unit>'
    assert only(unit, "2.0")[2:] == ("b", None if status is Status.NEW else "b", status)


@pytest.mark.parametrize("unit", [
    '<trans-unit id="1" approved="yes"><source>a</source></trans-unit>',
    '<trans-unit id="1"><source>a</source><target state="needs-review-translation"/></trans-unit>',
    '<trans-unit id="1"><source>a</source><target state="new"> </target></trans-unit>'.replace("> <", "><"),
])  # fmt: skip
def test_without_a_text_there_is_no_target(unit: str) -> None:
    assert only(unit)[2:] == ("", None, Status.NEW)


def test_a_confirmed_empty_target_is_one_emptied_on_purpose() -> None:
    unit = '<trans-unit id="1"><source>a</source><target state="translated"></target></trans-unit>'
    assert only(unit)[2:] == ("", "", Status.CONFIRMED)


@pytest.mark.parametrize(("source", "target", "expected"), [
    # a pair in another order, and one tag that the source lacks
    ('<g id="1">a</g><x id="2"/>', '<x id="2"/><x id="9"/><g id="1">b</g>', ("<1>a</1><2/>", "<2/><3/><1>b</1>")),
    # numbers follow the source's order, not its ids
    ('<x id="7"/><x id="3"/>', '<x id="3"/><x id="7"/>', ("<1/><2/>", "<2/><1/>")),
    # ends that cross
    ('<bx id="1" rid="1"/><bx id="2" rid="2"/>a<ex id="3" rid="1"/><ex id="4" rid="2"/>',
     '<bx id="1" rid="1"/>b<ex id="3" rid="1"/>', ("<1><2>a</1></2>", "<1>b</1>")),
    # an end without its start
    ('<ept id="1">x</ept><it id="2" pos="open">y</it>', '<it id="2" pos="open">z</it>', ("<1/><2/>", "<2/>")),
    # the same tag twice in the target, and once more in another form
    ('<x id="1"/>', '<x id="1"/><x id="1"/><x id="1" ctype="lb"/>', ("<1/>", "<1/><1/><2/>")),
    # what a tag hides is no text
    ('<ph id="1">a<sub>b</sub></ph>c', '<ph id="1">a<sub>b</sub></ph>d', ("<1/>c", "<1/>d")),
    # a pair without anything in it
    ('<g id="1"/>a', '<g id="1"></g>b', ("<1></1>a", "<1></1>b")),
    # text that looks like a tag
    ("&lt;1&gt;a<x id='1'/>", "&lt;1/&gt;<x id='1'/>", ("<<1>a<1/>", "<<1/><1/>")),
    # what another tool deleted
    ('a', '<mrk mtype="x-sdl-deleted">old</mrk>b', ("a", "<1/>b")),
    # a tag of another namespace
    ('<o:k xmlns:o="u">h</o:k>a', 'b', ("<1/>a", "b")),
])  # fmt: skip
def test_tags_are_numbered_as_in_the_source(source: str, target: str, expected: tuple[str, str]) -> None:
    unit = f'<trans-unit id="1"><source>{source}</source><target>{target}</target></trans-unit>'
    assert only(unit)[1:3] == expected


def test_code_points_that_are_no_characters_of_xml_are_text_and_others_tags() -> None:
    unit = '<unit id="1"><segment><source>a<cp hex="001F"/><cp hex="0041"/><cp hex="D800"/></source></segment></unit>'
    assert only(unit, "2.0")[1] == "a\x1f<1/><2/>"


@pytest.mark.parametrize("target", ["<target>B. C.</target>", '<target><mrk mtype="seg">B. C.</mrk></target>'])
def test_a_target_that_is_not_segmented_as_its_source_makes_one_segment(target: str) -> None:
    marks = '<mrk mtype="seg" mid="1">b.</mrk> <mrk mtype="seg" mid="2">c.</mrk>'
    unit = f'<trans-unit id="1"><source>b. c.</source><seg-source>{marks}</seg-source>{target}</trans-unit>'
    (row,) = rows(one_unit(unit))
    assert (row[0], row[1], row[4]) == ("1", "b. c.", Status.NEW)
    assert row[2] in ("B. C.", "<1>B. C.</1>")


def test_what_is_not_to_be_translated_is_no_segment() -> None:
    unit = '<trans-unit id="{}" {}><source>a</source></trans-unit>'
    no, yes = 'translate="no"', 'translate="yes"'
    data = f"{unit.format(1, no)}<group {no}>{unit.format(2, '')}{unit.format(3, yes)}</group>{unit.format(4, '')}"
    assert [row[0] for row in rows(one_unit(data))] == ["3", "4"]
    unit = '<unit id="{}" {}><segment><source>a</source></segment></unit>'
    data = f'<group id="g" {no}><group id="h">{unit.format(1, "")}</group>{unit.format(2, yes)}</group>'
    assert [row[0] for row in rows(one_unit(data, "2.0"))] == ["2"]


def test_files_without_a_namespace_and_of_version_1_1_are_read() -> None:
    for start in ('<xliff version="1.0">', '<xliff version="1.1" xmlns="urn:oasis:names:tc:xliff:document:1.1">'):
        data = (
            f'{start}<file original="a" source-language="en" datatype="x"><body>'
            '<trans-unit id="1"><source>a</source></trans-unit></body></file></xliff>'
        )
        assert rows(data) == [("1", "a", "", None, Status.NEW)]


def test_namespaces_count_and_not_prefixes() -> None:
    data = FILES["prefixed.xlf"]
    assert rows(data) == [("1", "Hello <1/>", "", None, Status.NEW)]
    # An element called source of another namespace is none of ours.
    unit = '<trans-unit id="1"><source>a</source><target>b</target><y:target xmlns:y="u">c</y:target></trans-unit>'
    assert only(unit)[2] == "b"
    inner = f'<unit id="1"><segment xmlns="u"/><z:segment xmlns:z="{NS2}"><z:source>a</z:source></z:segment></unit>'
    assert only(inner, "2.0")[1] == "a"


def test_compressed_files_are_read() -> None:
    assert len(read_one(gzip.compress(XCODE.encode()), "file.xliff.gz")) == 3


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "iso-8859-2", "windows-1252", "shift_jis"])
def test_other_encodings_are_read(encoding: str) -> None:
    text = {"shift_jis": "日本", "iso-8859-2": "čeština"}.get(encoding, "Grüße")
    name = "utf-16" if encoding.startswith("utf-16") else encoding
    unit = f'<trans-unit id="1"><source>{text}</source></trans-unit>'
    data = f'<?xml version="1.0" encoding="{name}"?>\n' + one_unit(unit)
    (found,) = read_one(data.encode(encoding), "file.xlf", ReadOptions())
    assert found.source == text
