"""What is read from TMX files of other tools."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posteditor.core.segment import Segment, Status
from posteditor.errors import CorpusError, PostEditorError, UsageError
from posteditor.formats.options import ReadOptions
from posteditor.formats.tmx import plain_units
from tests.formats.document_bytes import AS_IT_SAYS, SKIPPING, mutations, read, reader
from tests.formats.tmx_files import HEAD, TAIL, tmx, unit

quick = settings(max_examples=60, deadline=None)


def texts(data: str | bytes, options: ReadOptions = AS_IT_SAYS) -> list[tuple[str | None, str]]:
    return [(segment.source, segment.mt) for segment in read(data, "a.tmx", options)]


def test_units_are_segments_that_nobody_has_worked_on() -> None:
    data = tmx(unit("Hello &amp; you", "Hallo", attributes=' tuid="7"', notes="<note>n1</note><note>n2</note>"))
    assert read(data, "a.tmx") == [Segment(1, "Hallo", "Hello & you", None, (), "7", Status.NEW, "n1\nn2", 6)]


def test_languages_come_from_the_header_and_the_units() -> None:
    with reader(tmx(unit("a", "b", langs=("EN-us", "de-DE"))).encode(), "a.tmx") as found:
        assert [segment.source for segment in found] == ["a"]
        assert found.languages == ("EN-us", "de-DE")
        assert found.columns == ("id", "source", "mt", "target", "status", "note")


def test_the_source_is_found_wherever_it_stands() -> None:
    assert texts(tmx(unit("x", "y"), unit("ziel", "source", langs=("de", "en")))) == [("x", "y"), ("source", "ziel")]


def test_old_files_call_the_language_lang() -> None:
    assert texts(tmx(unit("a", "b")).replace("xml:lang", "lang")) == [("a", "b")]


def test_a_file_of_many_languages_needs_to_be_told_which() -> None:
    data = tmx(unit("a", "b"), unit("a", "c", langs=("en", "fr")))
    with pytest.raises(UsageError, match="it has the languages en, de, fr") as caught:
        read(data, "a.tmx")
    assert "--source-lang" in caught.value.hint
    options = ReadOptions(source_lang="en", target_lang="fr")
    with reader(data.encode(), "a.tmx", options) as found:
        assert [segment.mt for segment in found] == ["c"]
        assert found.skipped_count == 1
        assert found.skipped[0].reason == "unit 1: there is no fr, only en, de"


def test_a_language_matches_its_regional_form_unless_there_are_two() -> None:
    data = tmx(unit("a", "b", langs=("en-GB", "de")), unit("c", "d", langs=("en-US", "de")))
    with pytest.raises(UsageError, match="en can be any of en-GB, en-US"):
        read(data, "a.tmx", ReadOptions(source_lang="en", target_lang="de"))
    assert texts(tmx(unit("a", "b", langs=("en_gb", "de"))), ReadOptions(source_lang="EN", target_lang="de-DE")) == [
        ("a", "b")
    ]


def test_a_header_without_a_source_language_asks() -> None:
    data = tmx(unit("a", "b")).replace('srclang="en"', 'srclang="*all*"')
    with pytest.raises(UsageError, match="does not say which of en and de is the source"):
        read(data, "a.tmx")
    assert texts(data, ReadOptions(source_lang="de")) == [("b", "a")]
    assert texts(data, ReadOptions(target_lang="de")) == [("a", "b")]
    told = tmx(unit("a", "b", attributes=' srclang="de"')).replace('srclang="en"', 'srclang="*all*"')
    assert texts(told) == [("b", "a")]


def test_no_unit_with_the_languages_is_said() -> None:
    with pytest.raises(UsageError, match="no unit is a pair of sv and fi"):
        read(tmx(unit("a", "b")), "a.tmx", ReadOptions(source_lang="sv", target_lang="fi"))
    with pytest.raises(CorpusError, match="all en"):
        read(tmx('<tu><tuv xml:lang="en"><seg>a</seg></tuv></tu>'), "a.tmx")


def test_repeated_ids_are_made_different() -> None:
    data = tmx(*(unit("a", "b", attributes=f' tuid="{name}"') for name in ("x", "y", "x", "x#3", "")))
    assert [segment.id for segment in read(data, "a.tmx")] == ["x", "y", "x#3", "x#3#4", None]


def test_a_unit_without_its_pair_stops_or_is_passed_over() -> None:
    data = tmx(unit("a", "b"), '<tu tuid="u"><tuv xml:lang="en"><seg>alone</seg></tuv></tu>\n', unit("c", "d"))
    with pytest.raises(CorpusError, match=r"a\.tmx line 14: unit 2 \('u'\): there is no de, only en"):
        read(data, "a.tmx")
    with reader(data.encode(), "a.tmx", SKIPPING) as found:
        assert [segment.mt for segment in found] == ["b", "d"]
        assert [(record.line, record.reason) for record in found.skipped] == [
            (14, "unit 2 ('u'): there is no de, only en")
        ]


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        (unit("a & b", "c"), "not valid XML in line 16"),
        (unit("a\x02", "c"), "not valid XML in line 16"),
        (unit("a < b", "c"), "not valid XML in line 16"),
        (unit("a", "c").replace("</tu>", ""), "the unit (tu) has no end"),
        (unit("a", "c").replace(' xml:lang="en"', ""), "a variant (tuv) has no language"),
        (unit("a", "c").replace("seg>", "sag>"), "it has no variant (tuv) with a segment (seg)"),
        ("<tu/>\n", "it has no variant"),
        ("<foo>bar</foo>\n", "between the units (tu) stands '<foo>bar</foo>"),
        (unit("a&foo;", "c"), "undefined entity"),
        (unit("a&#0;", "c"), "not valid XML"),
        (unit("a]]>", "c"), "not valid XML"),
        (unit("a", "c", attributes=' a="1" a="2"'), "duplicate attribute"),
        (unit("<bpt i='1'>x", "c"), "mismatched tag"),
        (unit("a\ufffe", "c"), "not valid XML"),
    ],
)
def test_a_broken_unit_in_the_middle_is_told_or_passed_over(broken: str, problem: str) -> None:
    data = tmx(unit("one", "eins"), broken, unit("two", "zwei"))
    with pytest.raises(CorpusError) as caught:
        read(data, "a.tmx")
    assert f"unit 2: {problem}" in caught.value.problem or problem in caught.value.problem
    assert caught.value.line in (14, 13)
    with reader(data.encode(), "a.tmx", SKIPPING) as found:
        assert [segment.mt for segment in found] == ["eins", "zwei"]
        assert found.skipped_count == 1


def test_bytes_that_are_no_text_are_told_with_their_unit() -> None:
    data = tmx(unit("one", "eins"), unit("tw\xf6", "zw\xf6lf"), unit("two", "zwei")).encode("latin-1")
    with pytest.raises(CorpusError, match=r"line 14: unit 2: there are bytes that are no text"):
        read(data, "a.tmx")
    assert [segment.mt for segment in read(data, "a.tmx", SKIPPING)] == ["eins", "zwei"]


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "utf-16"),
        ("utf-32", "UTF-32"),
        ("latin-1", "ISO-8859-1"),
        ("cp1252", "windows-1252"),
        ("utf-8", "UTF-16"),
        ("utf-16", "UTF-8"),
    ],
)
def test_encodings_by_mark_or_declaration(encoding: str, declared: str) -> None:
    data = tmx(unit("Grüße", "é")).replace('encoding="UTF-8"', f'encoding="{declared}"').encode(encoding)
    assert texts(data) == [("Grüße", "é")]


def test_an_unknown_encoding_is_said() -> None:
    with pytest.raises(CorpusError, match="declares the encoding 'EBCDIC-X'"):
        read(tmx(unit("a", "b")).replace('encoding="UTF-8"', 'encoding="EBCDIC-X"'), "a.tmx")
    with pytest.raises(CorpusError, match="'zip'"):
        read(tmx(unit("a", "b")).replace('encoding="UTF-8"', 'encoding="zip"'), "a.tmx")


BOMB = '<!DOCTYPE tmx [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
READS_FILES = '<!DOCTYPE tmx [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "declaration", [BOMB, READS_FILES, "<!DOCTYPE tmx SYSTEM 'a.dtd' [<!ATTLIST tu x CDATA 'y'>]>"]
)
@pytest.mark.parametrize("options", [ReadOptions(), SKIPPING])
def test_document_types_that_declare_something_are_refused(declaration: str, options: ReadOptions) -> None:
    data = tmx(unit("a", "b")).replace('<!DOCTYPE tmx SYSTEM "tmx14.dtd">', declaration)
    with pytest.raises(CorpusError, match="declares its own document type"):
        read(data, "a.tmx", options)


def test_other_files_are_no_tmx() -> None:
    for data, said in (
        ("", "empty"),
        (" \n", "empty"),
        ("<xliff/>", "no TMX: it starts with the element 'xliff'"),
        ("<tmx version='1.4'><header/></tmx>", "no <body>"),
        ("<tmx", "ends in the middle"),
        ("hello", "not valid XML"),
        (HEAD, "ends in the middle"),
        (tmx(unit("a", "b"))[:-20], "ends in the middle"),
        (tmx(unit("a", "b"))[:-120], "ends in the middle"),
        (tmx(unit("a", "b")) + "<x/>", "behind the"),
        (tmx(unit("a", "b"), tail="</body><body>" + unit("c", "d") + TAIL), "behind the body"),
        (tmx(unit("a", "b"), "<!-- never closed" + unit("c", "d")), "ends in the middle"),
    ):
        for options in (ReadOptions(), SKIPPING):
            with pytest.raises(CorpusError, match=said):
                read(data, "a.tmx", options)


def test_a_file_without_units_has_no_segments() -> None:
    for data in (tmx(), HEAD.replace("<body>", "<body/>") + "</tmx>"):
        with pytest.raises(CorpusError, match="there are no segments"):
            read(data, "a.tmx")


def test_comments_may_stand_between_units_and_hide_some() -> None:
    hidden = f"<!-- {unit('x', 'y')} -->"
    assert texts(tmx(hidden, unit("a", "b"), "<?pi <tu> ?>", hidden, unit("c", "d"), "<!-- end -->")) == [
        ("a", "b"),
        ("c", "d"),
    ]


def test_texts_say_what_xml_says() -> None:
    inside = "a&lt;b&#10;c&#x64;<![CDATA[<&]]>e<!-- no -->\r\nf\rg &quot;&apos;&gt;"
    assert texts(tmx(unit(inside, "z"))) == [("a<b\ncd<&e\nf\ng \"'>", "z")]
    assert texts(tmx(unit("&lt;1&gt; &lt;&lt;2/>", "&lt;3/>"))) == [("<<1> <<<<2/>", "<<3/>")]


def test_inline_elements_are_placeholders() -> None:
    source = (
        'A <bpt i="1" type="bold">{\\b <sub>sub</sub></bpt>bold<ept i="1">}</ept> <ph type="x">[<ph/>]</ph>'
        '<hi type="term">term<ut>u</ut></hi><it pos="begin">&lt;i></it><x-new/>'
    )
    target = (
        '<hi type="term">Begriff<ut>u</ut></hi> <bpt i="5" type="bold">{\\b <sub>sub</sub></bpt>fett<ept i="5">}</ept>'
        '<ph type="y"/><ept i="9"/>'
    )
    assert texts(tmx(unit(source, target))) == [
        ("A <1>bold</1> <2/><3>term<4/></3><5/><6/>", "<3>Begriff<4/></3> <1>fett</1><7/><8/>")
    ]


def test_numbers_of_inline_elements_are_those_that_the_file_gives() -> None:
    data = tmx(unit('<ph x="4"/>a<bpt i="1" x="2"/>b<ept i="1"/>', '<bpt i="3" x="2"/>b<ept i="3"/>a<ph x="4">q</ph>'))
    assert texts(data) == [("<4/>a<2>b</2>", "<2>b</2>a<4/>")]


def test_a_gigantic_unit_is_refused_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posteditor.formats.tmx.scanning._LONGEST_UNIT", 1 << 20)
    with pytest.raises(CorpusError, match="a unit or comment of more than"):
        read(tmx(unit("a" * (3 << 20), "b")), "a.tmx")
    with pytest.raises(CorpusError, match="a unit or comment of more than"):
        read(tmx("<!--" + "a" * (3 << 20) + "-->", unit("a", "b")), "a.tmx", SKIPPING)


def test_much_white_space_takes_no_longer_than_it_is() -> None:
    data = tmx(unit("a", "b"), " " * 1_000_000, unit("a" + " " * 1_000_000, "b"))
    assert len(read(data, "a.tmx")) == 2


MUCH = 50_000


@pytest.mark.parametrize(
    "hostile",
    [
        "<tu><note>" * MUCH,
        "<tu>" + "<note>x</note>" * MUCH,
        '<tu a="' * MUCH,
        "<tu><!--" * MUCH,
        "<" * MUCH,
        "x " * MUCH,
        unit("&" * MUCH, "x"),
        unit("&lt;" * MUCH, "&lt;&lt;1&gt;" * MUCH),
        unit("<hi>" * MUCH + "</hi>" * MUCH, "x"),
        unit("<ph><sub>" * MUCH + "</sub></ph>" * MUCH, "x"),
        unit("<bpt i='1'>" * MUCH, "x"),
    ],
    ids=range(11),
)
def test_hostile_units_take_no_longer_than_they_are(hostile: str) -> None:
    outcome(tmx(unit("a", "b"), hostile, unit("c", "d")).encode(), SKIPPING)


def test_units_over_block_boundaries_keep_their_lines() -> None:
    data = tmx(
        *(unit(f"source {n} " + "x" * (n % 700), f"ziel {n} &amp;", attributes=f' tuid="{n}"') for n in range(3000))
    )
    segments = read(data, "a.tmx")
    assert [segment.id for segment in segments] == [str(n) for n in range(3000)]
    assert [segment.line for segment in segments] == [6 + 8 * n for n in range(3000)]


def seldom(odd: st.SearchStrategy[str], usual: str) -> st.SearchStrategy[str]:
    """The usual in most cases, so that a unit has one thing that is odd, or none."""
    return st.sampled_from(range(6)).flatmap(lambda number: odd if number == 0 else st.just(usual))


PIECES = (
    *("a", " ", "\n", "\r\n", "\r", "é", "\x0b", "\ufffe", "\uffff", "\x85", ">", "'", '"', "]]>"),
    *("&amp;", "&#65;", "&#x41;", "&#1;", "&#999;", "&foo;", "&", "&#39;", "&#99999999;"),
    *('<bpt i="1">x</bpt>', '<ept i="1"/>', '<ph x="1" x="2"/>', "<ph>a<sub>b</sub></ph>", "<it></bpt>", "<ph x='1'/>"),
    *("<ph/>", "<!-- c -->", "<![CDATA[x]]>", "<hi>", "</hi>", "<seg>", "<?p q?>", "</tu>"),
)
ATTRIBUTES = (
    *(' tuid="1"', ' tuid="1" tuid="2"', ' a="1" tuid="3"', ' tuid="1" a="2" tuid="3"', ' a="1" a="2"', " tuid='1'"),
    *(' tuid=""', '\n tuid = "1"', ' a="x\ty"', ' tuid="x\ny"', ' a="x&amp;y"', ' a="x<y"', ' a="&y;"', ' a="1"b="2"'),
    *(' srclang="de"', ' a="\ufffe"', ' é="1"', ' 1="1"', ' a="]]>"', ' tuid="&#65;"', " a", " a=1", "\x0b"),
)
LANGUAGES = (
    *(
        ' xml:lang="de"',
        " xml:lang='de'",
        ' xml:lang="fr"',
        "",
        ' xml:lang=""',
        ' lang="de"',
        ' xml:lang="de" a="1" a="2"',
    ),
    *(' lang="en" xml:lang="de"', ' xml:lang="de" xml:lang="en"', ' a="x\ny" xml:lang="de"', '\n xml:lang="de"\n'),
)
NOTES = (
    *("<note>n</note>", '<prop type="x-status">draft</prop>', '<prop type="x-mt">m&amp;\r\n</prop>', "<prop>p</prop>"),
    *('<prop type="a" type="b">p</prop>', "<note>n</prop>", '<prop type="q" x="1">p</prop>', "<note>&</note>", "text"),
    *("<note> n\x01</note>", "<note/>", '<prop type="x-mt"><ph/></prop>', "<x/>", '<prop type="x&#10;y">p</prop>'),
)
odd_content = st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map("".join)
space = seldom(st.sampled_from(["\n", "  ", "\r\n", "\x0b", "\xa0", "<!-- c -->", "x", "<?p?>"]), "")
notes = seldom(st.sampled_from(NOTES), "")


def variant(language: str) -> st.SearchStrategy[str]:
    return st.builds(
        lambda lang, first, second, notes, text, close: f"<tuv{lang}>{first}{notes}<seg>{text}</seg>{second}{close}",
        seldom(st.sampled_from(LANGUAGES), f' xml:lang="{language}"'),
        *(space, space, notes),
        seldom(odd_content, "text"),
        seldom(st.sampled_from(["</tuv >", ""]), "</tuv>"),
    )


odd_unit = st.builds(
    lambda space, attributes, notes, first, second, third, close: (
        f"{space}<tu{attributes}>{notes}{first}{second}{third}{close}"
    ),
    space,
    seldom(st.sampled_from(ATTRIBUTES), ""),
    notes,
    variant("en"),
    variant("de"),
    seldom(variant("fr"), ""),
    seldom(st.sampled_from(["</tu >", ""]), "</tu>"),
)


def outcome(data: bytes, options: ReadOptions) -> object:
    try:
        with reader(data, "a.tmx", options) as found:
            return list(found), found.skipped, found.languages
    except PostEditorError as error:
        return type(error), str(error)


def assert_the_same(data: bytes, options: ReadOptions) -> None:
    """The fast way and the parser alone find the same, or fail with the same words."""
    fast = outcome(data, options)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain_units.PlainUnits, "runs", lambda _self, _text, _end, **_: [])
        assert outcome(data, options) == fast


@given(st.lists(odd_unit | st.just(unit("p", "q")), min_size=1, max_size=6), st.booleans())
@settings(max_examples=250, deadline=None)
def test_the_fast_way_is_exactly_the_parser(units: list[str], skip_bad: bool) -> None:
    assert_the_same(tmx(*units).encode(), ReadOptions(skip_bad=skip_bad, source_lang="en", target_lang="de"))


def test_the_fast_way_falls_for_nothing() -> None:
    odd = (
        *(unit(piece, "t") for piece in PIECES),
        *(unit(f'{piece}<ph x="2"/>', "t") for piece in PIECES),
        *(unit("s", "t", attributes=attributes) for attributes in ATTRIBUTES),
        *(unit("s", "t", notes=notes) for notes in NOTES),
        *(unit("s", "t").replace(' xml:lang="de"', languages) for languages in LANGUAGES),
        *(
            unit("s", "t").replace("</tu>", f"{languages and f'<tuv{languages}>'}<seg>u</seg></tuv></tu>")
            for languages in LANGUAGES
        ),
    )
    for one in odd:
        for skip_bad in (False, True):
            assert_the_same(tmx(unit("a", "b"), one, unit("c", "d")).encode(), ReadOptions(skip_bad=skip_bad))


GOOD = tmx(
    unit("a &amp; b", "c", attributes=' tuid="1"', notes='<prop type="x-status">draft</prop>'),
    "<!-- c -->",
    unit('<bpt i="1">x</bpt>y<ept i="1"/>', "<ph/>é"),
    unit("e", "f"),
).encode()


@given(mutations(GOOD) | mutations(GOOD.decode().encode("utf-16")), st.booleans())
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_segments_or_an_error_for_the_person(data: bytes, skip_bad: bool) -> None:
    outcome(data, ReadOptions(skip_bad=skip_bad))


@given(st.binary(max_size=200))
@quick
def test_random_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(PostEditorError):
        read(data, "a.tmx")
