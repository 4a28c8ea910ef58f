"""Targets, states and what goes with them put into XLIFF files, every other byte of which stays."""

import pytest

from posteditor.core.segment import Provenance, Status
from posteditor.errors import CorpusError
from posteditor.formats.records import Change, Proposal
from tests.formats.xliff_files import (
    FILES,
    MEMOQ,
    OKAPI,
    PHRASE,
    PREFIXED,
    SYMFONY,
    TRADOS,
    VERSION_20,
    VERSION_22,
    XCODE,
    one_unit,
    put_in,
    schema_problem,
    segments_of,
    text_with,
)

WHO = Provenance("Ann <a@b>", "hf:model", 0.934, "2026-11-26T10:20:30Z")


def unit_1(target: str = "", attributes: str = "", source: str = "a") -> str:
    return one_unit(f'<trans-unit id="1"{attributes}><source>{source}</source>{target}</trans-unit>')


def unit_2(target: str = "", attributes: str = "", source: str = "a", version: str = "2.0") -> str:
    segment = f"<segment{attributes}><source>{source}</source>{target}</segment>"
    return one_unit(f'<unit id="1">{segment}</unit>', version)


@pytest.mark.parametrize("name", FILES)
def test_without_changes_every_byte_comes_back(name: str) -> None:
    data = FILES[name].encode()
    out, opened = put_in(data, [], name)
    assert out == data
    same = [
        Change(s.position, s.mt if s.target is None else s.target, s.status, s.note) for s in segments_of(data, name)
    ]
    # A segment without a target has nothing in it: giving it an empty one would be a change.
    same = [change for change in same if change.target]
    out, opened = put_in(data, same, name)
    assert (out, opened.refused) == (data, [])


@pytest.mark.parametrize("name", FILES)
def test_only_the_changed_unit_differs_and_it_is_read_again(name: str) -> None:
    data = FILES[name].encode()
    before = segments_of(data, name)
    for segment in before:
        text = segment.source or ""
        if name == "symfony.xlf" and segment.position == 3:  # its target has tags of its own
            text = f"<1/>{text}<2/>"
        out, opened = put_in(data, [Change(segment.position, text, Status.CONFIRMED)], name)
        assert opened.refused == []
        after = segments_of(out, name)
        assert after[segment.position - 1].mt == text
        others = [s for s in after if s.position != segment.position]
        assert [(s.id, s.source, s.mt) for s in others] == [
            (s.id, s.source, s.mt) for s in before if s.position != segment.position
        ]
        start = len(commonprefix(data, out))
        end = len(commonprefix(data[start:][::-1], out[start:][::-1]))
        changed = data[start : len(data) - end]
        assert changed.count(b"</trans-unit>") + changed.count(b"</unit>") == 0


def commonprefix(one: bytes, two: bytes) -> bytes:
    size = next((n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    return one[:size]


@pytest.mark.parametrize(("status", "attributes", "of_unit"), [
    (Status.NEW, 'state="new"', ""),
    (Status.DRAFT, 'state="needs-review-translation"', ""),
    (Status.CONFIRMED, 'state="translated"', ""),
    (Status.REVIEWED, 'state="signed-off"', ' approved="yes"'),
    (Status.REJECTED, 'state="needs-translation" state-qualifier="x-rejected"', ""),
])  # fmt: skip
def test_states_of_version_1(status: Status, attributes: str, of_unit: str) -> None:
    data = unit_1('<target state="x-odd" state-qualifier="leveraged-mt" xml:lang="de">b</target>')
    out = text_with(data, Change(1, "c", status))
    assert f'<target {attributes} xml:lang="de">c</target>' in out
    assert f'<trans-unit id="1"{of_unit}>' in out
    (read,) = segments_of(out)
    assert (read.mt, read.status) == ("c", status)


@pytest.mark.parametrize(("status", "attributes"), [
    (Status.NEW, ""),
    (Status.DRAFT, ' state="initial" subState="posteditor:draft"'),
    (Status.CONFIRMED, ' state="translated"'),
    (Status.REVIEWED, ' state="reviewed"'),
    (Status.REJECTED, ' state="initial" subState="posteditor:rejected"'),
])  # fmt: skip
@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_states_of_version_2(status: Status, attributes: str, version: str) -> None:
    out = text_with(unit_2(version=version), Change(1, "c", status))
    assert f"<segment{attributes}><source>a</source><target>c</target></segment>" in out
    assert segments_of(out)[0].status is status
    assert schema_problem(out.encode(), version) == ""


def test_approval_is_taken_back_when_the_text_is_no_longer_reviewed() -> None:
    data = unit_1('<target state="final">b</target>', " approved='yes'")
    assert "approved='no'><source>a</source><target state=\"needs-review-translation\">c" in text_with(
        data, Change(1, "c", Status.DRAFT)
    )
    # The same status for the same text leaves final as it is, though we would write signed-off.
    assert text_with(data, Change(1, "b", Status.REVIEWED)) == data


def test_a_sub_state_goes_when_the_state_changes_and_only_then() -> None:
    data = unit_2("<target>b</target>", ' subState="acme:x" state="translated"')
    assert '<segment state="reviewed">' in text_with(data, Change(1, None, Status.REVIEWED))
    assert '<segment subState="acme:x" state="translated">' in text_with(data, Change(1, "c", Status.CONFIRMED))


def test_there_is_no_state_without_a_target() -> None:
    for data in (unit_1(), unit_2()):
        assert text_with(data, Change(1, None, Status.CONFIRMED)) == data


def test_without_a_status_the_state_stays() -> None:
    out = text_with(unit_1('<target state="x-odd">b</target>'), Change(1, "c"))
    assert '<target state="x-odd">c</target>' in out


def test_missing_targets_stand_behind_the_source_with_its_indent_and_language() -> None:
    out = text_with(XCODE, Change(2, "Später", Status.CONFIRMED), Change(3, "Anderer"))
    assert '<source>Later</source>\n        <target state="translated">Später</target>\n        <note/>' in out
    assert "<source>Other title</source>\n        <target>Anderer</target>\n" in out
    assert schema_problem(out.encode()) == ""
    out = text_with(OKAPI, Change(3, "Texte"))
    assert '<source xml:lang="en">Alt text</source><target xml:lang="fr">Texte</target>' in out
    assert '<x:target>Hallo <x:x id="1"/></x:target>' in text_with(PREFIXED, Change(1, "Hallo <1/>"))
    space = unit_2(source="a").replace("<source>", '<source xml:space="preserve">')
    assert '<target xml:space="preserve"> b</target>' in text_with(space, Change(1, " b"))


def test_empty_targets_get_a_content_and_keep_their_attributes() -> None:
    data = unit_1('<target xml:lang="de" />')
    assert '<target xml:lang="de">b</target>' in text_with(data, Change(1, "b"))
    assert '<target xml:lang="de">b</target>' in text_with(data.replace(" />", "></target>"), Change(1, "b"))


def test_a_target_can_be_emptied() -> None:
    out = text_with(unit_1("<target>b</target>"), Change(1, "", Status.CONFIRMED))
    assert '<target state="translated"></target>' in out
    (read,) = segments_of(out)
    assert (read.mt, read.target) == ("", "")


def test_line_ends_are_those_of_the_unit() -> None:
    data = unit_1("\r\n<target>x</target>")
    assert "<target>a\r\nb&#13;c</target>" in text_with(data, Change(1, "a\nb\rc"))
    assert segments_of(text_with(data, Change(1, "a\nb\rc")))[0].mt == "a\nb\rc"


def test_a_cdata_section_stays_one_where_it_can() -> None:
    out = text_with(SYMFONY, Change(1, "<i>Salut</i>"))
    assert "<target state='needs-translation' ><![CDATA[<i>Salut</i>]]></target >" in out
    assert "<target state='needs-translation' >]]&gt;</target >" in text_with(SYMFONY, Change(1, "]]>"))


def test_what_xml_can_not_hold_is_left_out_and_counted() -> None:
    out, opened = put_in(unit_1(), [Change(1, "a\x00b\x1b\ufffe\t")])
    assert b"<target>ab\t</target>" in out
    assert opened.removed_characters == 3
    # Version 2 has an element for it.
    out, opened = put_in(unit_2(), [Change(1, "a\x00b\x1b\ufffe\t")])
    assert b'<target>a<cp hex="0000"/>b<cp hex="001B"/><cp hex="FFFE"/>\t</target>' in out
    assert opened.removed_characters == 0
    assert segments_of(out)[0].mt == "a\x00b\x1b\ufffe\t"


def test_tags_come_from_the_old_target_and_else_from_the_source() -> None:
    data = unit_1('<target>b<x id="2" ctype="lb"/><x id="9"/></target>', source='a<x id="1"/><x id="2"/>')
    assert segments_of(data)[0].mt == "b<2/><3/>"
    out = text_with(data, Change(1, "<1/>c<3/><2/>"))
    assert '<target><x id="1"/>c<x id="9"/><x id="2" ctype="lb"/></target>' in out


@pytest.mark.parametrize(("target", "reason"), [
    ("b", "the tag <1> is missing"),
    ("<1>b</1><2/><2/>", "the tag <2/> is there twice"),
    ("</1>b<1><2/>", "the tag </1> is in the wrong place"),
    ("<1>b</1><2/><7/>", "the tag <7/> is there but not in the original"),
])  # fmt: skip
def test_broken_tags_are_refused_and_the_old_target_stays(target: str, reason: str) -> None:
    data = unit_1('<target>x<g id="1">y</g><x id="2"/></target>', source='<g id="1">a</g><x id="2"/>').encode()
    out, opened = put_in(data, [Change(1, target, Status.CONFIRMED)])
    assert opened.refused == [(1, reason)]
    assert out == data


def test_a_tag_that_the_mt_lost_may_come_back_or_not() -> None:
    data = unit_1("<target>x</target>", source='<g id="1">a</g><x id="2"/>')
    for target in ("y", "<1>y</1>", "<1>y</1><2/>", "y<2/>"):
        assert segments_of(text_with(data, Change(1, target)))[0].mt == target
    assert put_in(data, [Change(1, "<1>y")])[1].refused == [(1, "the tag <1> is not closed")]


def test_tags_of_the_target_alone_have_to_stay() -> None:
    data = unit_1('<target>x<x id="5"/></target>')
    assert put_in(data, [Change(1, "y")])[1].refused == [(1, "the tag <1/> is missing")]
    assert "<!-- inside -->z<?pi x?></target>" in text_with(SYMFONY, Change(3, "<1/>z<2/>"))


def test_spans_that_cross_stay_elements_of_their_own() -> None:
    crossing = '<bx id="1" rid="1"/><bx id="2" rid="2"/>a<ex id="3" rid="1"/><ex id="4" rid="2"/>'
    out = text_with(unit_1(source=crossing), Change(1, "<2>x<1>y</2></1>"))
    assert '<target><bx id="2" rid="2"/>x<bx id="1" rid="1"/>y<ex id="4" rid="2"/><ex id="3" rid="1"/></target>' in out
    # Elements with text in them can't cross, whatever the spans do.
    elements = '<g id="7">b</g><g id="8">c</g>'
    _, opened = put_in(unit_1(source=crossing + elements), [Change(1, "<1><2>a</1></2><3><4>x</3></4>")])
    assert opened.refused == [(1, "its tags are not properly nested")]


def test_a_tag_whose_prefix_is_declared_elsewhere_is_refused() -> None:
    data = one_unit('<trans-unit id="1"><source xmlns:o="u"><o:k/>a</source><target/></trans-unit>').encode()
    out, opened = put_in(data, [Change(1, "<1/>b")])
    assert out == data
    assert [position for position, _ in opened.refused] == [1]
    assert "declarations" in opened.refused[0][1]


def test_segments_are_put_into_their_marks() -> None:
    out = text_with(OKAPI, Change(2, " <1>Deux</1>!", Status.CONFIRMED))
    assert (
        '<mrk mid="0" mtype="seg">Un.</mrk><mrk mid="1" mtype="seg"> <bpt id="1" ctype="bold">&lt;b></bpt>Deux' in out
    )
    # The unit has one state for both: that of the segment which is furthest from done.
    assert 'state="needs-review-translation"' in out
    out = text_with(OKAPI, Change(1, "Une.", Status.REVIEWED), Change(2, " <1>Deux</1>!", Status.CONFIRMED))
    assert '<target xml:lang="fr" state="translated"><mrk mid="0" mtype="seg">Une.</mrk>' in out
    assert schema_problem(text_with(OKAPI.replace(' okp:prop="x"', ""), Change(2, " <1>D</1>")).encode()) in (
        schema_problem(OKAPI.replace(' okp:prop="x"', "").encode()), "")  # fmt: skip


def test_missing_marks_and_targets_of_segmented_units() -> None:
    marks = '<g id="1"><mrk mtype="seg" mid="1">a.</mrk> </g><mrk mtype="seg" mid="2">b.</mrk>'
    unit = f'<trans-unit id="1"><source>a. b.</source><seg-source>{marks}</seg-source>{{}}</trans-unit>'
    out = text_with(one_unit(unit.format("")), Change(2, "B.", Status.CONFIRMED))
    assert (
        '<target state="new"><g id="1"><mrk mtype="seg" mid="1"></mrk> </g><mrk mtype="seg" mid="2">B.</mrk></target>'
        in out
    )
    assert schema_problem(out.encode()) == ""
    one = '<target><g id="1"><mrk mtype="seg" mid="{}">X.</mrk></g></target>'
    out = text_with(one_unit(unit.format(one.format(1))), Change(2, "B."))
    assert '<mrk mtype="seg" mid="1">X.</mrk><mrk mtype="seg" mid="2">B.</mrk></g></target>' in out
    out = text_with(one_unit(unit.format(one.format(2))), Change(1, "A."))
    assert '<g id="1"><mrk mtype="seg" mid="1">A.</mrk><mrk mtype="seg" mid="2">X.</mrk></g>' in out


def test_trados_gets_its_own_status() -> None:
    changes = [Change(1, "Eins!", Status.REVIEWED), Change(2, None, Status.REJECTED)]
    changes += [Change(3, "Drei", Status.DRAFT), Change(4, "Vier <1/>", Status.CONFIRMED)]
    out = text_with(TRADOS, *changes)
    assert '<mrk mtype="seg" mid="1">Eins!</mrk>' in out
    assert '<sdl:seg id="1" conf="ApprovedTranslation" origin="interactive"><sdl:value key="SegmentHash">' in out
    assert '<sdl:seg id="2" conf="RejectedTranslation" origin="mt" percent="0" />' in out
    assert '<target><mrk mtype="seg" mid="3">Drei</mrk></target>' in out
    assert '<sdl:seg id="3" conf="Draft" />' in out
    assert '<target><mrk mtype="seg" mid="4">Vier <x id="4"/></mrk></target>' in out
    assert '<sdl:seg-defs><sdl:seg id="4" conf="Translated"/></sdl:seg-defs>' in out
    assert " state=" not in out
    assert "approved" not in out
    statuses = [s.status for s in segments_of(out, "f.sdlxliff")]
    assert statuses == [Status.REVIEWED, Status.REJECTED, Status.DRAFT, Status.CONFIRMED]


def test_trados_has_a_place_for_who_and_when() -> None:
    out = text_with(TRADOS, Change(1, "Eins!", provenance=WHO), Change(3, "Drei", Status.DRAFT, provenance=WHO))
    ours = '<sdl:value key="posteditor_rewriter">hf:model</sdl:value>'
    ours += '<sdl:value key="posteditor_confidence">0.934</sdl:value>'
    who = '<sdl:value key="last_modified_by">Ann &lt;a@b&gt;</sdl:value>'
    when = '<sdl:value key="modified_on">11/26/2026 10:20:30</sdl:value>'
    assert f'<sdl:value key="SegmentHash">a1</sdl:value>{when}{who}{ours}</sdl:seg>' in out
    assert f'<sdl:seg id="3" conf="Draft">{who}{when}{ours}</sdl:seg>' in out
    assert "phase" not in out


def test_memoq_and_phrase_get_theirs() -> None:
    out = text_with(MEMOQ, Change(2, "Állj", Status.REVIEWED), Change(3, None, Status.DRAFT))
    assert '<trans-unit id="2" mq:status="Proofread" mq:segmentguid="a-c">' in out
    assert '<trans-unit id="3" mq:status="PartiallyEdited">' in out
    assert " state=" not in out
    out = text_with(PHRASE, Change(1, None, Status.REJECTED), Change(3, "Možná", Status.CONFIRMED))
    assert 'id="t:0" m:confirmed="0"' in out
    assert 'id="t:2" m:confirmed="2"' in out


def test_notes_of_version_1() -> None:
    out = text_with(XCODE, Change(1, None, Status.REJECTED, "Too <long>"), Change(3, None, None, "x"))
    assert (
        '<note>Shown at the top</note>\n        <note from="posteditor">Too &lt;long&gt;</note>\n      </trans-unit>'
        in out
    )
    assert '<source>Other title</source>\n        <note from="posteditor">x</note>' in out
    assert [s.note for s in segments_of(out)] == ["Too <long>", "", "x"]
    assert schema_problem(out.encode()) == ""
    again = text_with(out, Change(1, None, None, "Shorter"))
    assert again == out.replace("Too &lt;long&gt;", "Shorter")
    assert text_with(again, Change(1, None, None, ""), Change(3, None, None, "")) == text_with(
        XCODE, Change(1, None, Status.REJECTED)
    )


def test_notes_of_version_2() -> None:
    changes = [Change(2, None, None, "one"), Change(3, None, None, "two"), Change(4, None, Status.REJECTED, "three")]
    for data, version in ((VERSION_20, "2.0"), (VERSION_22, "2.2")):
        out = text_with(data, *changes)
        assert (
            '<note category="dev">For people</note>\n        <note category="posteditor:s1">one</note>\n'
            '        <note category="posteditor:2">two</note>\n      </notes>' in out
        )
        assert (
            '<unit id="u2" name="plain">\n      <notes><note category="posteditor">three</note></notes>\n      <segment'
            in out
        )
        assert [s.note for s in segments_of(out)] == ["", "one", "two", "three"]
        assert schema_problem(out.encode(), version) == ""


def test_proposals_of_version_1_are_alternatives() -> None:
    data = unit_1("<note>n</note><o:z xmlns:o='u'/>", source='a<x id="1"/>')
    out = text_with(data, Change(1, proposal=Proposal("b<1/>", "hf:a", 0.876)))
    assert (
        '<note>n</note><alt-trans match-quality="88" origin="hf:a"><source>a<x id="1"/></source>'
        '<target xml:lang="de">b<x id="1"/></target></alt-trans><o:z' in out
    )
    assert schema_problem(out.replace("<o:z xmlns:o='u'/>", "").encode()) == ""
    # Once is enough, and no proposal is a segment.
    assert text_with(out, Change(1, proposal=Proposal("b<1/>", "hf:a", 0.876))) == out
    assert [s.mt for s in segments_of(out)] == [""]
    out = text_with(OKAPI, Change(2, proposal=Proposal("Q", "m")))
    assert '<alt-trans origin="m" mid="1"><source> <bpt' in out


def test_a_proposal_whose_tags_do_not_fit_goes_out_without() -> None:
    out = text_with(unit_1(source='a<x id="1"/>'), Change(1, proposal=Proposal("b<7/> <<1/>", "m")))
    assert '<target xml:lang="de">b &lt;1/&gt;</target>' in out


@pytest.mark.parametrize(("data", "version"), [(VERSION_20, "2.0"), (VERSION_22, "2.2")])
def test_proposals_of_version_2_are_matches(data: str, version: str) -> None:
    out = text_with(data, Change(2, proposal=Proposal("x<1>y</1>", "m", 0.5)), Change(3, proposal=Proposal("z", "m")))
    assert (
        '<unit id="u1">\n      <mtc:matches xmlns:mtc="urn:oasis:names:tc:xliff:matches:2.0">'
        '<mtc:match ref="#s1" type="mt" matchQuality="50.00" origin="m"><originalData>' in out
    )
    assert '<mtc:match ref="#posteditor-2" type="mt" origin="m">' in out
    assert '<segment id="posteditor-2">' in out
    assert schema_problem(out.encode(), version) == ""
    assert [s.id for s in segments_of(out)] == [s.id for s in segments_of(data)]
    more = text_with(out, Change(2, proposal=Proposal("x<1>y</1>", "m", 0.5)), Change(3, proposal=Proposal("q", "m")))
    assert more.count("<mtc:match ") == 3
    assert schema_problem(more.encode(), version) == ""


def test_matches_that_have_a_default_namespace_get_theirs_whole() -> None:
    mtc = '<matches xmlns="urn:oasis:names:tc:xliff:matches:2.0"><match ref="#1"/></matches>'
    data = one_unit(f'<unit id="1">{mtc}<segment id="1"><source>a</source></segment></unit>', "2.0")
    out = text_with(data, Change(1, proposal=Proposal("b", "m")))
    assert (
        '<match ref="#1"/><mtc:match ref="#1" type="mt" origin="m" xmlns:mtc="urn:oasis:names:tc:xliff:matches:2.0" '
        'xmlns="urn:oasis:names:tc:xliff:document:2.0"><source>a</source>' in out
    )


def test_provenance_of_version_1_is_a_phase() -> None:
    other = Provenance("Bob", "", None, "yesterday")
    out = text_with(
        XCODE, Change(1, "T", provenance=WHO), Change(2, "S", provenance=other), Change(3, "A", provenance=WHO)
    )
    phase = (
        '<phase phase-name="posteditor-1" process-name="post-editing" date="2026-11-26T10:20:30Z" '
        'contact-name="Ann &lt;a@b&gt;"><note>rewriter: hf:model</note><note>confidence: 0.93</note></phase>'
    )
    bob = '<phase phase-name="posteditor-2" process-name="post-editing" contact-name="Bob"></phase>'
    assert f"<header><phase-group>{phase}{bob}</phase-group>\n      <tool" in out
    assert f'datatype="plaintext"><header><phase-group>{phase}</phase-group></header>\n    <body>' in out
    assert '<target state="translated" phase-name="posteditor-1">T</target>' in out
    assert '<target phase-name="posteditor-2">S</target>' in out
    assert schema_problem(out.encode()) == ""
    again = text_with(out, Change(1, "U", provenance=WHO))
    assert f'{bob}<phase phase-name="posteditor-3"' in again
    assert schema_problem(again.encode()) == ""


@pytest.mark.parametrize(("head", "expected"), [
    ("<header/>", "<header><phase-group>{}</phase-group></header>"),
    ("<header><skl><external-file href='x'/></skl><note>n</note></header>",
     "<header><skl><external-file href='x'/></skl><phase-group>{}</phase-group><note>n</note></header>"),
    ("<header><phase-group><phase phase-name='posteditor-1' process-name='p'/></phase-group></header>",
     "<header><phase-group><phase phase-name='posteditor-1' process-name='p'/>{}</phase-group></header>"),
    ("", "<header><phase-group>{}</phase-group></header>"),
])  # fmt: skip
def test_phases_stand_where_the_schema_wants_them(head: str, expected: str) -> None:
    data = unit_1().replace("<body>", f"{head}<body>")
    out = text_with(data, Change(1, "b", provenance=Provenance("Ann")))
    number = 2 if "posteditor-1" in head else 1
    phase = f'<phase phase-name="posteditor-{number}" process-name="post-editing" contact-name="Ann"></phase>'
    assert expected.format(phase) in out
    assert schema_problem(out.encode()) == ""


def test_provenance_of_version_2_is_metadata() -> None:
    out = text_with(VERSION_20, Change(2, "あ<1>い</1>", provenance=WHO), Change(4, "<1>x</1><2>y</2>", provenance=WHO))
    meta = (
        '<mda:meta type="author">Ann &lt;a@b&gt;</mda:meta><mda:meta type="time">2026-11-26T10:20:30Z</mda:meta>'
        '<mda:meta type="rewriter">hf:model</mda:meta><mda:meta type="confidence">0.934</mda:meta></mda:metaGroup>'
    )
    group = '<mda:metaGroup category="posteditor" appliesTo="target">'
    assert (
        '<unit id="u1">\n      <mda:metadata xmlns:mda="urn:oasis:names:tc:xliff:metadata:2.0">'
        f'{group}<mda:meta type="segment">s1</mda:meta>{meta}</mda:metadata>\n      <notes>' in out
    )
    assert schema_problem(out.encode(), "2.0") == ""
    again = text_with(
        out, Change(2, "う<1>い</1>", provenance=Provenance("Bob")), Change(3, "<1/>\x07", provenance=WHO)
    )
    bob = f'{group}<mda:meta type="segment">s1</mda:meta><mda:meta type="author">Bob</mda:meta></mda:metaGroup>'
    assert f'{bob}{group}<mda:meta type="segment">2</mda:meta>{meta}' in again
    assert schema_problem(again.encode(), "2.0") == ""


def test_provenance_is_only_for_a_new_text() -> None:
    data = unit_1("<target>b</target>")
    assert text_with(data, Change(1, "b", provenance=WHO)) == data


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "iso-8859-1", "shift_jis"])
def test_other_encodings_stay(encoding: str) -> None:
    name = "utf-16" if encoding.startswith("utf-16") else encoding
    head = f'<?xml version="1.0" encoding="{name}"?>\r\n'
    unit = '<trans-unit id="1"><source>a</source><target><![CDATA[b]]></target></trans-unit>'
    data = (head + one_unit(unit)).encode(encoding)
    assert put_in(data, [])[0] == data
    out, _ = put_in(data, [Change(1, "c日é😀")])
    assert out.decode(encoding).startswith(("\ufeff" + head, head))
    assert segments_of(out)[0].mt == "c日é😀"
    back, _ = put_in(out, [Change(1, "b")])
    assert segments_of(back)[0].mt == "b"


def test_a_change_for_no_segment_is_an_error() -> None:
    with pytest.raises(CorpusError, match="there is a change for segment 4, the file has 3 segments"):
        put_in(XCODE, [Change(4, "x")])
