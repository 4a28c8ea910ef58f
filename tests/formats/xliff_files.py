# ruff: noqa: E501 - the files of other tools are not wrapped
"""Small XLIFF files built as the tools of the trade build theirs, and reading, splicing and judging over bytes."""

import io
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from posteditor.core.segment import Segment
from posteditor.formats.options import ReadOptions, WriteOptions
from posteditor.formats.records import Change
from posteditor.formats.writing import WriteReport, write_segments_to
from posteditor.formats.xliff.document import XliffDocument
from posteditor.formats.xliff.format import open_document
from tests.formats.in_memory import read_one

NS1 = "urn:oasis:names:tc:xliff:document:1.2"
NS2 = "urn:oasis:names:tc:xliff:document:2.0"
NS22 = "urn:oasis:names:tc:xliff:document:2.2"

TRADOS = """\ufeff<?xml version="1.0" encoding="utf-8"?>\r
<xliff xmlns:sdl="http://sdl.com/FileTypes/SdlXliff/1.0" xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2" \
sdl:version="1.0"><doc-info xmlns="http://sdl.com/FileTypes/SdlXliff/1.0"><rep-defs/></doc-info>\
<file original="c:\\a b\\page.html" datatype="x-sdlfilterframework2" source-language="en-US" target-language="de-DE">\
<header><file-info xmlns="http://sdl.com/FileTypes/SdlXliff/1.0"><value key="SDL:CreationDate">x &gt; y</value></file-info>\
<reference><internal-file form="base64">AAAA</internal-file></reference>\
<tag-defs xmlns="http://sdl.com/FileTypes/SdlXliff/1.0"><tag id="1"><bpt name="b">&lt;b&gt;</bpt></tag></tag-defs></header>\
<body><group id="g1"><sdl:cxts><sdl:cxt id="1" /></sdl:cxts>\
<trans-unit id="6f0a"><source>One. Two <g id="1">bold</g>.</source>\
<seg-source><mrk mtype="seg" mid="1">One.</mrk> <mrk mtype="seg" mid="2">Two <g id="1">bold</g>.</mrk></seg-source>\
<target><mrk mtype="seg" mid="1">Eins.</mrk> <mrk mtype="seg" mid="2">Zwei <g id="1">fett</g>.</mrk></target>\
<sdl:seg-defs><sdl:seg id="1" conf="Translated" origin="interactive"><sdl:value key="SegmentHash">a1</sdl:value>\
<sdl:value key="modified_on">01/02/2024 03:04:05</sdl:value></sdl:seg>\
<sdl:seg id="2" conf="Draft" origin="mt" percent="0" /></sdl:seg-defs></trans-unit></group>\
<trans-unit id="lock" translate="no"><source><x id="9"/></source></trans-unit>\
<trans-unit id="77bc"><source>Three</source><seg-source><mrk mtype="seg" mid="3">Three</mrk></seg-source>\
<target><mrk mtype="seg" mid="3" /></target><sdl:seg-defs><sdl:seg id="3" /></sdl:seg-defs></trans-unit>\
<trans-unit id="88"><source>Four <x id="4"/></source><seg-source><mrk mtype="seg" mid="4">Four <x id="4"/></mrk></seg-source>\
<sdl:seg-defs></sdl:seg-defs></trans-unit></body></file></xliff>"""

MEMOQ = """<?xml version="1.0" encoding="utf-8"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2" xmlns:mq="MQXliff">
<file original="a.docx" source-language="en" target-language="hu" datatype="x-memoq" mq:docguid="00">
<header><mq:docinformation><mq:versioninfos/></mq:docinformation></header>
<body>
<trans-unit id="1" mq:status="ManuallyConfirmed" mq:segmentguid="a-b">
<source xml:space="preserve">Press <bpt id="1" ctype="bold">{}</bpt>F1<ept id="1">{}</ept><ph id="2">&lt;br/&gt;</ph></source>
<target xml:space="preserve"><bpt id="1" ctype="bold">{}</bpt>F1<ept id="1">{}</ept>: nyomja meg<ph id="2">&lt;br/&gt;</ph></target>
<mq:warnings40><mq:errorwarning mq:errorwarning-code="1"/></mq:warnings40>
</trans-unit>
<trans-unit id="2" mq:status="NotStarted" mq:segmentguid="a-c">
<source xml:space="preserve">Stop</source>
<target xml:space="preserve"></target>
</trans-unit>
<trans-unit id="3" mq:status="Rejected"><source xml:space="preserve">No</source><target xml:space="preserve">Nem</target></trans-unit>
</body></file></xliff>
"""

PHRASE = """<?xml version="1.0" encoding="UTF-8"?>
<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" xmlns:m="http://www.memsource.com/mxlf/2.0" m:level="2" version="1.2">
<file original="a.html" source-language="en" target-language="cs"><header/><body>
<group id="0" m:para-id="0"><context-group><context context-type="x-key">k</context></context-group>
<trans-unit id="t:0" m:confirmed="2" m:locked="false"><source>{b&gt;Yes&lt;b}</source><target>{b&gt;Ano&lt;b}</target>
<alt-trans origin="machine-trans"><target>Jo</target></alt-trans><m:tunit-metadata/></trans-unit>
<trans-unit id="t:1" m:confirmed="1"><source>No</source><target>Ne</target></trans-unit>
<trans-unit id="t:2" m:confirmed="0"><source>Maybe</source><target>Snad</target></trans-unit>
</group></body></file></xliff>
"""

OKAPI = """<?xml version="1.0" encoding="UTF-8"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2" xmlns:okp="okapi-framework:xliff-extensions" \
xmlns:its="http://www.w3.org/2005/11/its" its:version="2.0">
<file original="a.html" source-language="en" target-language="fr" datatype="html">
<body>
<trans-unit id="tu1" okp:prop="x">
<source xml:lang="en">One. <bpt id="1" ctype="bold">&lt;b></bpt>Two<ept id="1">&lt;/b></ept>.</source>
<seg-source><mrk mid="0" mtype="seg">One.</mrk><mrk mid="1" mtype="seg"> <bpt id="1" ctype="bold">&lt;b></bpt>Two<ept id="1">&lt;/b></ept>.</mrk></seg-source>
<target xml:lang="fr" state="needs-review-translation"><mrk mid="0" mtype="seg">Un.</mrk><mrk mid="1" mtype="seg"> <bpt id="1" ctype="bold">&lt;b></bpt>Deux<ept id="1">&lt;/b></ept>.</mrk></target>
<alt-trans mid="0" match-quality="80" origin="tm"><source xml:lang="en">One</source><target xml:lang="fr">Une</target></alt-trans>
</trans-unit>
<bin-unit id="b" mime-type="image/png"><bin-source><external-file href="x"/></bin-source>
<trans-unit id="alt"><source xml:lang="en">Alt text</source></trans-unit></bin-unit>
</body>
</file>
</xliff>
"""

XCODE = """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="1.2" \
xsi:schemaLocation="urn:oasis:names:tc:xliff:document:1.2 http://docs.oasis-open.org/xliff/v1.2/os/xliff-core-1.2-strict.xsd">
  <file original="App/en.lproj/Main.strings" source-language="en" target-language="de" datatype="plaintext">
    <header>
      <tool tool-id="x" tool-name="Xcode"/>
    </header>
    <body>
      <trans-unit id="title" xml:space="preserve">
        <source>Title %@</source>
        <target state="translated">Titel %@</target>
        <note>Shown at the top</note>
      </trans-unit>
      <trans-unit id="empty" xml:space="preserve">
        <source>Later</source>
        <note/>
      </trans-unit>
    </body>
  </file>
  <file original="App/en.lproj/Other.strings" source-language="en" target-language="de" datatype="plaintext">
    <body>
      <trans-unit id="title" xml:space="preserve">
        <source>Other title</source>
      </trans-unit>
    </body>
  </file>
</xliff>
"""

SYMFONY = """<?xml version="1.0"?>
<!-- hand-written & odd > x -->
<xliff version='1.2' xmlns='urn:oasis:names:tc:xliff:document:1.2'>
\t<file source-language='en' target-language='fr' datatype='plaintext' original='file.ext' >
\t\t<body>
\t\t\t<trans-unit  id='1'\tresname='greeting'>
\t\t\t\t<source><![CDATA[<b>Hello</b> & more]]></source>
\t\t\t\t<target state='needs-translation' ><![CDATA[<b>Bonjour</b>]]></target >
\t\t\t</trans-unit>
\t\t\t<trans-unit id='2'><source>Tom &#38; J&#xE9;r&#233;my&#13;</source><target/><?keep me?></trans-unit>
\t\t\t<trans-unit id='3'><source>Comment</source><target>a<!-- inside -->b<?pi x?></target></trans-unit>
\t\t</body>
\t</file>
</xliff>
"""

PREFIXED = """<?xml version="1.0"?>
<x:xliff version="1.2" xmlns:x="urn:oasis:names:tc:xliff:document:1.2"><x:file original="a" source-language="en" \
target-language="de" datatype="plaintext"><x:body><x:trans-unit id="1"><x:source>Hello <x:x id="1"/></x:source></x:trans-unit>\
</x:body></x:file></x:xliff>
"""

VERSION_20 = """<?xml version="1.0" encoding="UTF-8"?>
<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="en" trgLang="ja">
  <file id="f1" original="a.md">
    <skeleton href="a.skl"/>
    <group id="g1" translate="no">
      <unit id="never"><segment><source>Hidden</source></segment></unit>
      <unit id="yet" translate="yes"><segment><source>Shown</source></segment></unit>
    </group>
    <unit id="u1">
      <notes>
        <note category="dev">For people</note>
      </notes>
      <originalData>
        <data id="d1">&lt;b&gt;</data>
        <data id="d2">&lt;/b&gt;</data>
      </originalData>
      <segment id="s1" state="translated" subState="acme:ok">
        <source>First <pc id="1" dataRefStart="d1" dataRefEnd="d2">bold</pc> one.</source>
        <target>最初の<pc id="1" dataRefStart="d1" dataRefEnd="d2">太字</pc>。</target>
      </segment>
      <ignorable>
        <source> </source>
      </ignorable>
      <segment>
        <source>Second<ph id="2"/> <cp hex="0007"/></source>
      </segment>
    </unit>
    <unit id="u2" name="plain">
      <segment state="final">
        <source xml:space="preserve">A <sc id="1"/>b<ec startRef="1"/> <mrk id="m1" type="term">c</mrk></source>
        <target xml:space="preserve">ア <sc id="1"/>ビ<ec startRef="1"/> <mrk id="m1" type="term">シ</mrk></target>
      </segment>
    </unit>
  </file>
</xliff>
"""

VERSION_22 = VERSION_20.replace(NS2, NS22).replace('version="2.0"', 'version="2.2"')

FILES: dict[str, str] = {
    "trados.sdlxliff": TRADOS,
    "memoq.mqxliff": MEMOQ,
    "phrase.mxliff": PHRASE,
    "okapi.xlf": OKAPI,
    "xcode.xliff": XCODE,
    "symfony.xlf": SYMFONY,
    "prefixed.xlf": PREFIXED,
    "version20.xlf": VERSION_20,
    "version22.xlf": VERSION_22,
}
"""Name to content, one for each kind of file there is."""


def one_unit(unit: str, version: str = "1.2") -> str:
    """A file with that inside."""
    if version == "1.2":
        return (
            f'<xliff version="1.2" xmlns="{NS1}"><file original="a" source-language="en" target-language="de" '
            f'datatype="plaintext"><body>{unit}</body></file></xliff>'
        )
    namespace = NS22 if version == "2.2" else NS2
    return (
        f'<xliff version="{version}" xmlns="{namespace}" srcLang="en" trgLang="de"><file id="f">{unit}</file></xliff>'
    )


def document(data: bytes | str, name: str = "file.xlf", options: ReadOptions | None = None) -> XliffDocument:
    raw = data if isinstance(data, bytes) else data.encode()
    return open_document(lambda: io.BytesIO(raw), name, options or ReadOptions())


def segments_of(data: bytes | str, name: str = "file.xlf") -> list[Segment]:
    return read_one(data, name)


def put_in(data: bytes | str, changes: Iterable[Change], name: str = "file.xlf") -> tuple[bytes, XliffDocument]:
    """The file with the changes, and the document that tells what was refused."""
    opened = document(data, name)
    return b"".join(opened.spliced(changes)), opened


def text_with(data: bytes | str, *changes: Change) -> str:
    """The file with the changes, none of which may be refused."""
    out, opened = put_in(data, changes)
    assert opened.refused == []
    return out.decode()


def written(segments: Iterable[Segment], **options: object) -> tuple[bytes, WriteReport]:
    out = io.BytesIO()
    given = WriteOptions(**{"source_lang": "en", "target_lang": "de", **options})  # type: ignore[arg-type]
    columns = ("id", "source", "mt", "target", "status", "note")
    report = write_segments_to(segments, out, "xliff", Path("new.xlf"), columns=columns, options=given)
    return out.getvalue(), report


SCHEMAS = Path(os.environ.get("XLIFF_SCHEMAS", "/usr/share/php/Symfony/Component/Translation/Resources/schemas"))
"""Where the Debian package php-symfony-translation has the schemas of OASIS; their licence keeps them out of our tree."""


def schema_problem(data: bytes, version: str = "1.2") -> str:
    """What the published schema says against a file; empty when nothing, or where there are no schemas."""
    if not SCHEMAS.is_dir():
        return ""
    etree: Any = pytest.importorskip("lxml.etree")
    schema = _schema(etree, version)
    schema.validate(etree.fromstring(data))
    return "; ".join(str(error) for error in schema.error_log)


@cache
def _schema(etree: Any, version: str) -> Any:
    def resolve(self: Any, url: str, _public: object, context: object) -> Any:
        name = url.rpartition("/")[2]
        return self.resolve_filename(str(SCHEMAS / name), context) if name == "xml.xsd" else None

    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(type("Local", (etree.Resolver,), {"resolve": resolve})())
    name = "xliff-core-1.2-strict.xsd" if version == "1.2" else "xliff-core-2.0.xsd"
    text = (SCHEMAS / name).read_text()
    if version == "2.2":
        text = text.replace(NS2, NS22)
    return etree.XMLSchema(etree.fromstring(text.encode(), parser, base_url=str(SCHEMAS / name)))
