"""XLIFF files that are damaged, of no use, or meant to harm: an error with the place, and nothing else."""

import io
import random
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posteditor.core.segment import Provenance, Status
from posteditor.errors import CorpusError, PostEditorError
from posteditor.formats.options import ReadOptions
from posteditor.formats.reading import open_segments_from
from posteditor.formats.records import Change, Proposal
from posteditor.formats.xliff import scanning
from tests.formats.in_memory import read_one
from tests.formats.xliff_files import FILES, OKAPI, XCODE, document, one_unit, put_in, segments_of

SKIPPING = ReadOptions(skip_bad=True)


def refusal(data: bytes | str, options: ReadOptions | None = None) -> CorpusError:
    with pytest.raises(CorpusError) as caught:
        read_one(data, "file.xlf", options or ReadOptions())
    return caught.value


@pytest.mark.parametrize(("data", "line", "problem"), [
    (XCODE[: XCODE.index('Later')], 14, "the file ends in the middle of the unit 'empty'"),
    (XCODE[:300], 2, "the file ends in the middle of its XML"),
    (XCODE.replace("</source>", "</sauce>", 1), 9, "in the unit 'title': mismatched tag"),
    (XCODE.replace("Title %@", "Title & co", 1), 9, "in the unit 'title': not well-formed"),
    (XCODE.replace("%@", "&who;", 1), 9, "undefined entity"),
    (XCODE.replace("<target ", "<u:target ", 1), 10, "unbound prefix"),
    ("", 0, "the file is empty"),
    ("not XML", 1, "syntax error"),
    ("<tmx version='1.4'/>", 1, "this is no XLIFF .*: its outermost element is tmx"),
    ("<xliff xmlns='urn:oasis:names:tc:xliff:document:3.0'/>", 1, "this is no XLIFF"),
    ("<?xml version='1.0' encoding='utf-7'?><xliff/>", 1, "the encoding utf-7 is not read"),
    ("<?xml version='1.0' encoding='no-such'?><xliff/>", 1, "the encoding no-such is not read"),
    ("<?xml version='1.0' encoding='utf-16'?><xliff/>", 1, "it is declared as utf-16, but its bytes are not"),
    ("\ufeff<?xml version='1.0' encoding='iso-8859-1'?><xliff/>", 1, "declared as iso-8859-1, but its first bytes"),
    ("<?xml version='1.0' encoding='utf-8'?><xliff/>".encode("utf-16"), 1, "declared as utf-8, but its first bytes"),
    ("<xliff/>".encode("utf-32"), 0, "the file is UTF-32"),
    (XCODE.replace("Title", "T\xfctle").encode("latin-1"), 9, "not well-formed"),
    (XCODE.replace("UTF-8", "ascii").replace("Title", "T\xfctle").encode(), 1, "are not ascii"),
])  # fmt: skip
def test_damage_is_told_with_its_place(data: bytes | str, line: int, problem: str) -> None:
    error = refusal(data)
    assert error.line == line
    assert re.search(problem, error.problem), error.problem
    assert error.hint


def test_an_encoding_that_can_not_come_back_exactly_is_refused() -> None:
    # One character, two ways to write it in Microsoft's Japanese encoding.
    head = b"<?xml version='1.0' encoding='cp932'?>"
    data = head + one_unit("<trans-unit id='1'><source>\x81\x81</source></trans-unit>").encode("latin-1")
    error = refusal(data.replace(b"\x81\x81", b"\xfa\x54"))
    assert "two ways" in error.problem
    assert segments_of(data.replace(b"\x81\x81", b"\x88\x9f"))[0].source == "亜"


@pytest.mark.parametrize("head", [
    '<!DOCTYPE xliff [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;">]>',
    '<!DOCTYPE xliff SYSTEM "file:///etc/passwd">',
    '<!DOCTYPE xliff [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
])  # fmt: skip
def test_document_types_and_entities_are_refused(head: str) -> None:
    assert "document type" in refusal(head + one_unit("<trans-unit id='1'><source>&x;</source></trans-unit>")).problem


def test_a_unit_that_does_not_end_is_not_collected_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "LONGEST_UNIT_BYTES", 1 << 18)
    error = refusal(one_unit(f"<trans-unit id='big'><source>{'x ' * (1 << 19)}</source></trans-unit>"))
    assert (error.line, "the unit 'big' has more than" in error.problem) == (1, True)


def test_a_huge_tag_or_comment_is_an_error() -> None:
    for opening in ("<!--", "<trans-unit id='"):
        error = refusal(one_unit("").replace("</body></file></xliff>", "") + opening + "x" * (3 << 20))
        assert "a tag or comment of more than 1 MiB" in error.problem


def test_deep_nesting_is_an_error() -> None:
    assert "deep" in refusal(one_unit("<group>" * 2000)).problem
    opened, closed = "<g id='1'>" * 150, "</g>" * 150
    unit = f"<trans-unit id='1'><source>{opened}{closed}</source></trans-unit>"
    assert "nested more than 100 deep" in refusal(one_unit(unit)).problem


BAD = "<trans-unit id='bad'><target>x</target></trans-unit>"
GOOD = "<trans-unit id='good'><source>a</source></trans-unit>"


@pytest.mark.parametrize(("bad", "problem"), [
    (BAD, "it has no <source>"),
    ("<trans-unit id='bad'><source>a</source><source>b</source></trans-unit>", "it has more than one <source>"),
    ("<trans-unit id='bad'><trans-unit id='x'><source>a</source></trans-unit></trans-unit>", "it has a unit inside"),
    ("<trans-unit id='bad'/>", "it has no <source>"),
    ("<trans-unit id='bad'></trans-unit>", "it has no <source>"),
])  # fmt: skip
def test_bad_units_stop_or_are_passed_over(bad: str, problem: str) -> None:
    error = refusal(one_unit(f"{GOOD}\n{bad}"))
    assert (error.line, error.problem) == (2, f"the unit 'bad' can't be read: {problem}")
    data = one_unit(f"{GOOD}\n{bad}\n{GOOD}")
    if "inside" in problem:
        return
    with open_segments_from([lambda: io.BytesIO(data.encode())], ["file.xlf"], SKIPPING) as reader:
        assert [s.position for s in reader] == [1, 2]
        assert [(skip.line, skip.reason) for skip in reader.skipped] == [
            (2, f"the unit 'bad' can't be read: {problem}")
        ]
    opened = document(data, options=SKIPPING)
    out = b"".join(opened.spliced([Change(2, "b")])).decode()
    assert out == data.replace(GOOD + "</body>", GOOD.replace("</source>", "</source><target>b</target>") + "</body>")


def test_bad_units_of_version_2() -> None:
    error = refusal(one_unit("<unit id='u'><segment><target>a</target></segment></unit>", "2.0"))
    assert error.problem == "the unit 'u' can't be read: its segment 1 has no <source>"


CHANGES = [
    Change(
        1, "a<1>b</1>", Status.REVIEWED, "n", Provenance("A", "m", 0.1, "2026-01-01T00:00:00Z"), Proposal("p", "q", 1)
    ),
    Change(2, "c", Status.REJECTED, "x"),
    Change(3, "\ud7ff\x00]]>", Status.DRAFT),
]


def survives(data: bytes) -> None:
    """Reading and splicing give segments and bytes or an error for people, and what was spliced is read again."""
    try:
        found = segments_of(data)
    except PostEditorError:
        return
    changes = CHANGES[: len(found)]
    out, opened = put_in(data, changes)
    again = segments_of(out)
    assert len(again) == len(found)
    refused = {position for position, _ in opened.refused}
    for change, segment in zip(changes, again, strict=False):
        if change.position in refused:
            assert segment.mt == found[change.position - 1].mt
    assert put_in(data, [])[0] == data


@pytest.mark.parametrize("name", FILES)
def test_files_with_changed_bytes_are_read_or_refused(name: str) -> None:
    data = FILES[name].encode()
    generator = random.Random(name)
    for _ in range(60):
        mutated = bytearray(data)
        for _ in range(generator.randint(1, 3)):
            place = generator.randrange(len(mutated))
            match generator.randrange(4):
                case 0:
                    mutated[place] = generator.choice(b"<>/\"'=&;![]?- \n\x00\xffax1")
                case 1:
                    del mutated[place : place + generator.randint(1, 30)]
                case 2:
                    other = generator.randrange(len(mutated))
                    mutated[place:place] = mutated[other : other + generator.randint(1, 60)]
                case _:
                    tags = [
                        b"<g id='1'>",
                        b"</g>",
                        b"<x id='1'/>",
                        b"<target>",
                        b"</target>",
                        b"<![CDATA[",
                        b"]]>",
                        b"<!--",
                    ]
                    mutated[place:place] = generator.choice(tags)
        survives(bytes(mutated))


@pytest.mark.parametrize("data", [OKAPI, FILES["version20.xlf"], FILES["trados.sdlxliff"]])
def test_elements_moved_about_are_read_or_refused(data: str) -> None:
    generator = random.Random(7)
    pieces = re.split(r"(?=<)", data)
    for _ in range(150):
        mutated = list(pieces)
        for _ in range(generator.randint(1, 2)):
            start = generator.randrange(len(mutated))
            moved = mutated[start : start + generator.randint(1, 4)]
            del mutated[start : start + len(moved) * generator.randrange(2)]
            place = generator.randrange(len(mutated) + 1)
            mutated[place:place] = moved
        survives("".join(mutated).encode())


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    survives(data)
    survives(one_unit("").encode().replace(b"<body>", b"<body>" + data))
