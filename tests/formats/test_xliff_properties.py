"""XLIFF files of any layout and texts of any characters: what is put in is read again, and nothing else differs."""

import re
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posteditor.core.inline_tags import protected
from posteditor.core.segment import Provenance, Status
from posteditor.formats.records import Change, Proposal
from posteditor.formats.xliff import document, encodings
from posteditor.formats.xliff.markup import legal
from tests.formats.xliff_files import FILES, NS1, NS2, NS22, one_unit, put_in, schema_problem, segments_of

quick = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
any_text = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    [
        "",
        "]]>",
        "<1>",
        "</1>",
        "&amp;",
        "\r\n",
        "\r",
        "\0\x1b\x7f\x85\u2028",
        "\ufffe\uffff\ufeff",
        "😀\U0010fffd",
        " a ",
    ]
)
space = st.sampled_from(["", " ", "\n", "\r\n", "\n    ", "\t", "<!-- > ' -->", "<?x > ?>", "\r\n <!--</target>--> "])
quotes = st.sampled_from("'\"")


@dataclass
class Layout:
    """A file and the texts that its segments have."""

    data: bytes
    version: str
    sources: list[str]
    targets: list[str | None]


@st.composite
def raw_texts(draw: st.DrawFn) -> tuple[str, str]:
    """Character data in one of the ways to write it, and what it stands for."""
    raw: list[str] = []
    meant: list[str] = []
    for character in legal(draw(any_text)):
        forms = [f"&#{ord(character)};", f"&#x{ord(character):x};"]
        if character not in "<&>\r":
            forms.append(character)
        if character not in "\r>":
            forms.append(f"<![CDATA[{character}]]>")
        raw.append(draw(st.sampled_from(forms)))
        meant.append(character)
    return "".join(raw), "".join(meant)


@st.composite
def tags(draw: st.DrawFn, prefix: str, names: tuple[str, ...]) -> tuple[str, str]:
    """Two tags around nothing, in front of a text, as the file has them and as placeholders."""
    name, quote = draw(st.sampled_from(names)), draw(quotes)
    if name in ("g", "pc"):
        return f"<{prefix}{name} id={quote}1{quote}></{prefix}{name} >", "<1></1>"
    return f"<{prefix}{name} id={quote}1{quote} />", "<1/>"


@st.composite
def units(draw: st.DrawFn, version: str, p: str, number: int) -> tuple[str, str, str | None]:
    """A unit with one segment, and what source and target are."""
    gap = draw(space)
    raw_tag, tag = draw(tags(p, ("g", "x") if version == "1.2" else ("pc", "ph")) | st.just(("", "")))
    raw, source = draw(raw_texts())
    inner = f"<{p}source>{raw_tag}{raw}</{p}source>"
    target: str | None = None
    kind = draw(st.sampled_from(["none", "empty", "text"]))
    if kind == "empty":
        inner += gap + draw(st.sampled_from([f"<{p}target/>", f"<{p}target></{p}target >"]))
        target = ""
    elif kind == "text":
        raw, text = draw(raw_texts())
        inner += f"{gap}<{p}target xml:lang='de'>{raw_tag}{raw}</{p}target>"
        target = tag + protected(text)
    note = f"<{p}note>n</{p}note>"
    if version == "1.2":
        more = draw(st.sampled_from(["", note, f"<{p}alt-trans><{p}target>q</{p}target></{p}alt-trans>"]))
        unit = f"<{p}trans-unit  id='{number}'>{gap}{inner}{gap}{more}</{p}trans-unit>"
    else:
        more = draw(st.sampled_from(["", f"<{p}notes>{note}</{p}notes>", "<o:k xmlns:o='u' a='>'/>"]))
        unit = f"<{p}unit id='u{number}'>{more}{gap}<{p}segment >{inner}{gap}</{p}segment></{p}unit>"
    return unit, tag + protected(source), target


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    version = draw(st.sampled_from(["1.2", "2.0", "2.2"]))
    p = draw(st.sampled_from(["", "xlf:"]))
    made = [draw(units(version, p, number)) for number in range(draw(st.integers(1, 4)))]
    body = draw(space).join(unit for unit, _, _ in made)
    declared = f"xmlns{':' if p else ''}{p[:-1]}='{ {'1.2': NS1, '2.0': NS2, '2.2': NS22}[version] }'"
    if version == "1.2":
        head = draw(st.sampled_from(["", f"<{p}header/>", f"<{p}header><{p}note>n</{p}note></{p}header>"]))
        start = f"<{p}file original='a' source-language='en' target-language='de' datatype='x-t'>"
        file = f"{start}{head}<{p}body>{body}</{p}body></{p}file>"
        text = f"<{p}xliff {declared} version='1.2'>{file}</{p}xliff>"
    else:
        start = f"<{p}xliff {declared} version='{version}' srcLang='en' trgLang='de'>"
        text = f"{start}<{p}file id='f'>{body}</{p}file></{p}xliff>"
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
    return Layout(
        text.encode(encoding), version, [made_one[1] for made_one in made], [made_one[2] for made_one in made]
    )


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("size", [64, 101])
def test_nothing_depends_on_where_blocks_end(name: str, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data = FILES[name].encode()
    changes = [
        Change(s.position, s.mt or s.source, Status.REVIEWED, "n", Provenance("A"), Proposal("p", "m"))
        for s in segments_of(data, name)
    ]
    whole = segments_of(data, name), put_in(data, changes, name)[0]
    monkeypatch.setattr(encodings, "BLOCK_BYTES", size)
    assert (segments_of(data, name), put_in(data, changes, name)[0]) == whole
    assert put_in(data, [], name)[0] == data
    wide = data.decode().removeprefix("\ufeff").replace("UTF-8", "UTF-16").replace("utf-8", "utf-16").encode("utf-16")
    assert [s.mt for s in segments_of(wide, name)] == [s.mt for s in whole[0]]
    assert put_in(wide, [], name)[0] == wide


def test_units_read_in_one_go_are_read_as_when_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [(name, data.encode()) for name, data in FILES.items()]
    odd = """<trans-unit id='1' approved = "yes" ><source a='>'>a&#13;</source >
      <target state='final'>&lt;1&gt;\r\n</target><note>x &amp; y</note><note from='b'></note></trans-unit>"""
    more = ["<trans-unit id='2'><source/><target>b</target></trans-unit>",
            "<trans-unit id='3'><source>c</source><target/><note/></trans-unit>",
            "<trans-unit id='4'><source>d</source><target state='needs-l10n'></target></trans-unit>"]  # fmt: skip
    files += [("file.xlf", one_unit(odd + "".join(more)).encode())]
    segment = "<unit id='5'><segment subState='posteditor:draft'><source>a</source> <target>b</target></segment></unit>"
    files += [("file.xlf", one_unit(segment, version).encode()) for version in ("2.0", "2.2")]
    fast = [segments_of(data, name) for name, data in files]
    assert sum(map(len, fast)) > 20
    monkeypatch.setattr(document, "plain_reading", lambda *_: None)
    assert [segments_of(data, name) for name, data in files] == fast


@given(layouts())
@quick
def test_any_layout_is_read_and_comes_back(layout: Layout) -> None:
    found = segments_of(layout.data)
    assert [s.source for s in found] == layout.sources
    assert [s.mt for s in found] == [target or "" for target in layout.targets]
    assert put_in(layout.data, [])[0] == layout.data


@given(layouts(), st.data())
@quick
def test_new_texts_are_read_again_and_all_else_stays(layout: Layout, data: st.DataObject) -> None:
    changes: list[Change] = []
    expected: list[str] = []
    for position, (source, target) in enumerate(zip(layout.sources, layout.targets, strict=True), 1):
        lead = re.match(r"(?:(?<!<)<1/>|<1></1>)?", source)
        text = (lead[0] if lead else "") + protected(data.draw(any_text))
        is_changed = data.draw(st.booleans())
        expected.append(text if is_changed else target or "")
        if is_changed:
            changes.append(Change(
                position, text, data.draw(st.none() | st.sampled_from(Status)),
                data.draw(st.none() | st.just("a < b")),
                data.draw(st.none() | st.just(Provenance("A", "m", 0.5, "2026-01-01T00:00:00Z"))),
                data.draw(st.none() | st.builds(Proposal, any_text, st.just("m"), st.just(0.25))),
            ))  # fmt: skip
    out, opened = put_in(layout.data, changes)
    assert opened.refused == []
    found = segments_of(out)
    kept = [text if layout.version != "1.2" else legal(text) for text in expected]
    assert [s.mt for s in found] == kept
    assert [s.source for s in found] == layout.sources
    for change in changes:
        if change.status is not None and change.target:
            assert found[change.position - 1].status is change.status
        if change.note:
            assert found[change.position - 1].note == change.note
    encoding = "utf-16" if layout.data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    text = out.decode(encoding)
    if not schema_problem(layout.data, layout.version):
        assert schema_problem(out, layout.version) == ""
    if not any(change.provenance for change in changes):
        # Units that were not to change are there as they were, and so is what stands between.
        pattern = re.compile(r"<(?:xlf:)?(?:trans-)?unit\s.*?</(?:xlf:)?(?:trans-)?unit>", re.DOTALL)
        before = layout.data.decode(encoding)
        assert pattern.split(text) == pattern.split(before)
        changed = {change.position for change in changes}
        pairs = enumerate(zip(pattern.findall(before), pattern.findall(text), strict=True), 1)
        assert all(one == two for position, (one, two) in pairs if position not in changed)
