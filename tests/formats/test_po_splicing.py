"""New translations in the lines of a PO file, every other byte as it was."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posteditor.core.segment import Provenance, Status
from posteditor.errors import PostEditorError
from posteditor.formats.records import Change
from tests.formats.document_bytes import SKIPPING, any_text, mutations, read, spliced
from tests.formats.test_po_reading import FILE, HEADER

MADE = Provenance("Ann", "default", 0.5, "2024-05-06T07:08:09+00:00")


def changed(data: str, *changes: Change) -> str:
    return spliced(data, "a.po", changes)[0].decode()


def test_only_the_translation_differs() -> None:
    assert changed(FILE, Change(1, "Hi %s")) == FILE.replace('"Hallo %s"', '"Hi %s"')
    assert changed(FILE, Change(5, 'a "b"\\\t')) == FILE.replace(
        'msgid "new"\nmsgstr ""', 'msgid "new"\nmsgstr "a \\"b\\"\\\\\\t"'
    )
    assert changed(FILE, Change(2, "Eins\nZwei\n")) == FILE.replace('"Zwei\\n"\n"Zeilen"', '"Eins\\n"\n"Zwei\\n"')
    assert changed(FILE, Change(4, "%d Dateien")) == FILE.replace('msgstr[1] ""', 'msgstr[1] "%d Dateien"')


def test_the_same_translation_again_changes_nothing() -> None:
    changes = [Change(s.position, s.mt, s.status) for s in read(FILE, "a.po")]
    assert changed(FILE, *changes) == FILE


def test_confirming_takes_the_fuzzy_flag_and_the_previous_text() -> None:
    expected = FILE.replace('#, fuzzy, c-format\n#| msgid "old"\n', "#, c-format\n").replace(
        '"Zwei\\n"\n"Zeilen"', '"Zwei\\n"\n"Reihen"'
    )
    assert changed(FILE, Change(2, "Zwei\nReihen", Status.CONFIRMED)) == expected
    assert changed('#,fuzzy\nmsgid "a"\nmsgstr "b"', Change(1, status=Status.REVIEWED)) == 'msgid "a"\nmsgstr "b"'


def test_a_draft_is_fuzzy() -> None:
    assert changed(FILE, Change(1, "Hi", Status.DRAFT)) == FILE.replace(
        '#, c-format\nmsgid "Hello %s"\nmsgstr "Hallo %s"', '#, fuzzy, c-format\nmsgid "Hello %s"\nmsgstr "Hi"'
    )
    assert changed(FILE, Change(5, "neu", Status.DRAFT)) == FILE.replace(
        'msgid "new"\nmsgstr ""', '#, fuzzy\nmsgid "new"\nmsgstr "neu"'
    )


def test_a_rejected_one_is_fuzzy_with_the_reason() -> None:
    out = changed(FILE, Change(1, status=Status.REJECTED, note="no\r\ngood"))
    assert out == FILE.replace("#  indented\n", "#  indented\n# no\n# good\n").replace(
        '#, c-format\nmsgid "Hello', '#, fuzzy, c-format\nmsgid "Hello'
    )
    assert changed(out, Change(1, status=Status.REJECTED, note="no\ngood")) == out


def test_plural_forms_are_fuzzy_together() -> None:
    out = changed(FILE, Change(3, status=Status.DRAFT), Change(4, "Dateien", Status.CONFIRMED))
    assert '#, fuzzy\nmsgid "one file"' in out
    assert changed(out, Change(3, status=Status.CONFIRMED), Change(4, status=Status.CONFIRMED)) == FILE.replace(
        'msgstr[1] ""', 'msgstr[1] "Dateien"'
    )


def test_provenance_stands_in_the_entry_and_the_header() -> None:
    later = Provenance("Bob <bob@example.org>", time="2025-01-02T03:04:05+00:00")
    out = changed(FILE, Change(1, "Hi", provenance=later), Change(5, "neu", provenance=MADE))
    expected = (
        FILE.replace("Last-Translator: Old <old@example.org>", "Last-Translator: Bob <bob@example.org>")
        .replace("2020-01-01 00:00", "2025-01-02 03:04")
        .replace("#  indented\n", "#  indented\n# posteditor: Bob <bob@example.org>, 2025-01-02T03:04:05+00:00\n")
        .replace('"Hallo %s"', '"Hi"')
        .replace(
            'msgid "new"\nmsgstr ""',
            '# posteditor: Ann, default (0.5), 2024-05-06T07:08:09+00:00\nmsgid "new"\nmsgstr "neu"',
        )
    )
    assert out == expected
    assert out.count("posteditor:") == changed(out, Change(1, "Ho", provenance=MADE)).count("posteditor:")


def test_line_ends_and_an_open_end_stay() -> None:
    data = FILE.split("\n#~")[0].rstrip("\n").replace("\n", "\r\n")
    out = changed(data, Change(5, "x\ny", Status.DRAFT))
    assert out == data.replace('msgid "new"\r\nmsgstr ""', '#, fuzzy\r\nmsgid "new"\r\nmsgstr ""\r\n"x\\n"\r\n"y"')


def test_long_lines_are_broken_where_the_file_does_that() -> None:
    long = "word " * 30
    out = changed(FILE, Change(5, long))
    assert all(len(line) <= 79 for line in out.split("\n"))
    assert read(out, "a.po")[4].mt == long
    unbroken = FILE + f'\nmsgid "{long}"\nmsgstr ""\n'
    assert changed(unbroken, Change(6, long + "end")) == unbroken[: -len('msgstr ""\n')] + f'msgstr "{long}end"\n'


def test_what_the_encoding_does_not_have_is_refused() -> None:
    data = FILE.replace("UTF-8", "ISO-8859-1").replace("Hallo", "Grüße").encode("latin-1")
    out, report = spliced(data, "a.po", [Change(1, "Łódź", Status.DRAFT), Change(5, "né")])
    assert out == data.replace(b'msgid "new"\nmsgstr ""', b'msgid "new"\nmsgstr "n\xe9"')
    assert report.refused == ((1, "the encoding of the file does not have 'Ł': convert it to UTF-8"),)
    assert spliced(FILE, "a.po", [Change(1, "a\0b")])[1].refused == ((1, "PO can't hold the character U+0000"),)


def test_bad_entries_stay() -> None:
    data = HEADER + 'msgid "a\nmsgstr "b"\n\nmsgid "c"\nmsgstr "d"\n'
    out, report = spliced(data, "a.po", [Change(1, "D")], SKIPPING)
    assert out.decode() == data.replace('"d"', '"D"')
    assert report.segments == 1


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\4"), max_size=60), min_size=5, max_size=5))
@settings(max_examples=150, deadline=None)
def test_any_translations_are_read_again(targets: list[str]) -> None:
    out = changed(FILE, *(Change(n, target) for n, target in enumerate(targets, 1)))
    assert [segment.mt for segment in read(out, "a.po")] == targets
    before = read(FILE, "a.po")
    back = changed(out, *(Change(s.position, s.mt) for s in before))
    assert read(back, "a.po") == before


words = st.text(st.sampled_from("abcdefghij-.,:/()é"), min_size=1, max_size=14)


@pytest.mark.skipif(shutil.which("msgcat") is None, reason="needs gettext")
@given(st.lists(st.lists(words, min_size=1, max_size=40).map(" ".join), min_size=5, max_size=5), st.data())
@settings(max_examples=25, deadline=None)
def test_msgcat_would_lay_it_out_much_the_same(
    tmp_path_factory: pytest.TempPathFactory, targets: list[str], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("po") / "a.po"
    path.write_text(changed(FILE, *(Change(n, target) for n, target in enumerate(targets, 1))), encoding="utf-8")
    done = subprocess.run(["msgcat", str(path)], capture_output=True, check=True, text=True, encoding="utf-8")
    ours, theirs = path.read_text(encoding="utf-8"), done.stdout
    assert max(map(len, ours.split("\n"))) <= 79
    assert [s.mt for s in read(theirs, "a.po")] == targets


@pytest.mark.skipif(shutil.which("msgcat") is None, reason="needs gettext")
def test_plain_sentences_are_laid_out_as_msgcat_does(tmp_path: Path) -> None:
    text = "The quick brown fox jumps over the lazy dog, and then it does so once more for well-known reasons. " * 4
    targets = [text[:71], text[:72], text[:68] + "\nand a new line. " + text, text, "a" * 200]
    path = tmp_path / "a.po"
    path.write_text(changed(FILE, *(Change(n, target) for n, target in enumerate(targets, 1))), encoding="utf-8")
    done = subprocess.run(["msgcat", str(path)], capture_output=True, check=True, text=True, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == done.stdout


@given(mutations(FILE.encode()), any_text)
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_spliced_or_told(data: bytes, target: str) -> None:
    try:
        out, _ = spliced(data, "a.po", [Change(1, target, Status.DRAFT, provenance=MADE)], SKIPPING)
    except PostEditorError:
        return
    assert len(read(out, "a.po", SKIPPING)) == len(read(data, "a.po", SKIPPING))
