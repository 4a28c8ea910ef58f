"""What we write as PO, judged by our own reading, by polib and by msgfmt."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posteditor.core.segment import Provenance, Segment, Status
from posteditor.errors import CorpusError
from posteditor.formats.options import WriteOptions
from tests.formats.document_bytes import any_text, read, written

text = any_text.filter(lambda found: "\0" not in found and "\4" not in found)
# Confirmed with the same mt and target, fuzzy drafts, and untranslated ones are what PO can say.
rows = st.builds(
    lambda source, target, is_draft, name: Segment(
        0,
        target,
        source,
        target or None,
        (),
        name,
        Status.NEW if not target else Status.DRAFT if is_draft else Status.CONFIRMED,
    ),
    text,
    text,
    st.booleans(),
    st.none() | text.filter(bool),
)
corpora = st.lists(rows, min_size=1, max_size=6, unique_by=lambda row: row.id or id(row)).map(
    lambda found: [replace(row, position=position) for position, row in enumerate(found, 1)]
)
COLUMNS = ("id", "source", "mt", "target", "status", "note")


@given(corpora)
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_read_again(segments: list[Segment]) -> None:
    data, report = written(segments, "po", COLUMNS)
    assert [replace(segment, line=0) for segment in read(data, "a.po")] == segments
    assert (report.segments, report.lost) == (len(segments), {})


def test_golden_bytes() -> None:
    made = Provenance("Ann", "default", 0.5, "2024-05-06T07:08:09+00:00")
    segments = [
        Segment(1, "Hallo", "Hello", None, ("r",), "a"),
        Segment(2, "x", "Hello", "Hallo!", status=Status.REVIEWED, note="why\nnot", provenance=made),
        Segment(3, "", "Hello"),
        Segment(4, "q\0", "", "q", id="#1", status=Status.REJECTED),
    ]
    options = WriteOptions("en-GB", "de", provenance=True)
    data, report = written(segments, "po", (*COLUMNS, "reference"), options)
    assert data.decode().split("\n\n", 1)[1] == (
        '#, fuzzy\nmsgctxt "a"\nmsgid "Hello"\nmsgstr "Hallo"\n\n'
        '# why\n# not\n# posteditor: Ann, default (0.5), 2024-05-06T07:08:09+00:00\nmsgid "Hello"\nmsgstr "Hallo!"\n\n'
        'msgctxt "#3"\nmsgid "Hello"\nmsgstr ""\n\n'
        '#, fuzzy\nmsgctxt "##1"\nmsgid ""\nmsgstr "q"\n'
    )
    assert report.lost == {"reference": 1, "mt": 2, "status": 3}
    assert [s.id for s in read(data, "a.po")] == ["a", None, None, "#1"]


def test_without_a_source_there_is_no_po() -> None:
    with pytest.raises(CorpusError, match="segment 1 has no source"):
        written([Segment(1, "a")], "po")


def test_what_po_cannot_hold_is_counted() -> None:
    data, report = written([Segment(1, "a\0\ud800b", "s", "a\0b", status=Status.CONFIRMED)], "po", COLUMNS)
    assert read(data, "a.po")[0].mt == "ab"
    assert report.lost["characters that PO can't hold"] == 1


@given(corpora)
@settings(max_examples=25, deadline=None)
def test_gettext_and_polib_read_the_same(tmp_path_factory: pytest.TempPathFactory, segments: list[Segment]) -> None:
    polib = pytest.importorskip("polib")
    data, _ = written(segments, "po", COLUMNS)
    path = tmp_path_factory.mktemp("po") / "a.po"
    path.write_bytes(data)
    if shutil.which("msgcat") is not None:  # msgfmt refuses translations that don't end a line where the source does
        done = subprocess.run(["msgcat", str(path)], capture_output=True, check=True)
        assert [(s.source, s.text) for s in read(done.stdout, "a.po")] == [(s.source, s.text) for s in segments]
    if not any(c in s.text + (s.source or "") for s in segments for c in "\x85\u2028\u2029\x0b\x0c\x1c\x1d\x1e\r\a"):
        theirs = [(entry.msgid, entry.msgstr, entry.fuzzy) for entry in polib.pofile(str(path), encoding="utf-8")]
        assert theirs == [(s.source, s.text, s.status is Status.DRAFT) for s in segments]


def test_msgfmt_has_nothing_to_say(tmp_path: Path) -> None:
    if shutil.which("msgfmt") is None:
        pytest.skip("needs gettext")
    path = tmp_path / "a.po"
    path.write_bytes(written([Segment(1, "b", "a", "b", status=Status.CONFIRMED), Segment(2, "", "c")], "po")[0])
    done = subprocess.run(
        ["msgfmt", "-c", "-v", "-o", "/dev/null", str(path)], capture_output=True, text=True, check=True
    )
    assert "1 translated message, 1 untranslated message" in done.stderr
