"""What we write as TMX, judged by our own reading, by expat and by translate-toolkit."""

import io
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posteditor.core.segment import Provenance, Segment, Status
from posteditor.errors import CorpusError, UsageError
from posteditor.formats.options import WriteOptions
from tests.formats.document_bytes import EN_DE, any_text, read, written

ILLEGAL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
MADE = Provenance("Ann & <Bob>", "default", 0.87654, "2024-05-06T09:08:07.123+02:00")

legal_text = any_text.filter(lambda text: not ILLEGAL.search(text))
rows = st.builds(
    lambda mt, source, target, references, name, status, note: Segment(
        0, mt, source, target, tuple(references), name, status, note
    ),
    legal_text,
    legal_text,
    st.none() | legal_text,
    st.lists(legal_text.filter(bool), max_size=2),
    st.none() | legal_text.filter(bool),
    st.sampled_from(Status),
    legal_text,
)
corpora = st.lists(rows, min_size=1, max_size=5, unique_by=lambda row: row.id or id(row)).map(
    lambda found: [replace(row, position=position) for position, row in enumerate(found, 1)]
)


@given(corpora)
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_read_again(segments: list[Segment]) -> None:
    data, report = written(segments, "tmx")
    assert [replace(segment, line=0) for segment in read(data, "a.tmx")] == segments
    assert report.segments == len(segments)
    assert report.lost == {}


@given(st.lists(any_text, min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_only_what_xml_cannot_hold_is_taken_out_and_counted(texts: list[str]) -> None:
    texts = [text + "\0\ud800" for text in texts]
    data, report = written([Segment(n, text, "x") for n, text in enumerate(texts, 1)], "tmx")
    expected = [re.sub("[\ud800-\udfff]", "", ILLEGAL.sub("", text)) for text in texts]
    assert [segment.mt for segment in read(data, "a.tmx")] == expected
    assert report.lost == {"characters illegal in XML": sum(map(len, texts)) - sum(map(len, expected))}


def test_the_header_has_all_that_is_required() -> None:
    root = ElementTree.fromstring(written([Segment(1, "b", "a")], "tmx")[0])
    header = root.find("header")
    assert root.get("version") == "1.4"
    assert header is not None
    assert set(header.attrib) == {
        *("creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype"),
    }
    assert (header.get("srclang"), header.get("creationtool")) == ("en", "posteditor")


def test_golden_bytes_with_provenance() -> None:
    segments = [
        Segment(1, "Hallo <1>Welt</1><2/>", "Hello <1>world</1><2/>", id='a"1'),
        Segment(2, "mt", "src", "tgt", ("r",), status=Status.CONFIRMED, note="n\n2", provenance=MADE),
    ]
    data, _ = written(segments, "tmx", options=WriteOptions("en", "de-AT", provenance=True))
    assert data.decode().split("<body>\n")[1] == (
        '<tu tuid="a&quot;1"><tuv xml:lang="en"><seg>Hello <bpt i="1" x="1"/>world<ept i="1"/><ph x="2"/></seg></tuv>'
        '<tuv xml:lang="de-AT"><seg>Hallo <bpt i="1" x="1"/>Welt<ept i="1"/><ph x="2"/></seg></tuv></tu>\n'
        '<tu creationdate="20240506T070807Z" creationid="Ann &amp; &lt;Bob&gt;"><prop type="x-status">confirmed</prop>'
        '<prop type="x-mt">mt</prop><note>n\n2</note><prop type="x-reference">r</prop>'
        '<prop type="x-rewriter">default</prop><prop type="x-confidence">0.8765</prop>'
        '<tuv xml:lang="en"><seg>src</seg></tuv>'
        '<tuv xml:lang="de-AT" changedate="20240506T070807Z" changeid="Ann &amp; &lt;Bob&gt;">'
        "<seg>tgt</seg></tuv></tu>\n"
        "</body>\n</tmx>\n"
    )


def test_without_languages_or_source_there_is_no_tmx() -> None:
    with pytest.raises(UsageError, match="needs the target language"):
        written([Segment(1, "a", "b")], "tmx", options=WriteOptions("en", None))
    with pytest.raises(CorpusError, match="segment 2 has no source"):
        written([Segment(1, "a", "b"), Segment(2, "a")], "tmx")


@given(st.lists(st.tuples(legal_text, legal_text), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_translate_toolkit_reads_the_same_texts(pairs: list[tuple[str, str]]) -> None:
    tmx = pytest.importorskip("translate.storage.tmx")
    plain = [(source.replace("<", "("), target.replace("<", "(")) for source, target in pairs]
    data, _ = written([Segment(n, mt, source) for n, (source, mt) in enumerate(plain, 1)], "tmx", options=EN_DE)
    store = tmx.tmxfile(io.BytesIO(data), "en", "de")
    assert [(unit.source or "", unit.target or "") for unit in store.units] == plain


def test_translate_toolkit_writes_what_we_read() -> None:
    tmx = pytest.importorskip("translate.storage.tmx")
    store = tmx.tmxfile(sourcelanguage="en", targetlanguage="de")
    store.addtranslation("Hello & <b>", "en", "Grüße", "de", "a comment")
    store.addtranslation("two", "en", "zwei", "de")
    (first, second) = read(bytes(store), "a.tmx")
    assert (first.source, first.mt, first.note) == ("Hello & <b>", "Grüße", "a comment")
    assert (second.source, second.mt) == ("two", "zwei")
