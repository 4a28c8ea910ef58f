"""What is read from PO files of other tools."""

import gzip
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posteditor.core.segment import Segment, Status
from posteditor.errors import CorpusError, PostEditorError
from posteditor.formats.options import ReadOptions
from tests.formats.document_bytes import SKIPPING, any_text, mutations, read, reader

NOT_HELD = {0: None, 4: None}
HEADER = (
    '# Translations of it.\n# Somebody, 2020.\n#\nmsgid ""\nmsgstr ""\n"Project-Id-Version: it 1\\n"\n'
    '"Last-Translator: Old <old@example.org>\\n"\n"PO-Revision-Date: 2020-01-01 00:00+0000\\n"\n'
    '"Language: de\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
)
FILE = (
    HEADER
    + """# for translators
#  indented
#. from the source
#: src/a.c:1
#, c-format
msgid "Hello %s"
msgstr "Hallo %s"

#, fuzzy, c-format
#| msgid "old"
msgctxt "menu"
msgid ""
"Two\\n"
"lines \\"quoted\\"\\t\\\\"
msgstr ""
"Zwei\\n"
"Zeilen"

msgid "one file"
msgid_plural "%d files"
msgstr[0] "eine Datei"
msgstr[1] ""

msgid "new"
msgstr ""

#~ msgid "gone"
#~ msgstr "weg"
"""
)


def test_messages_are_segments() -> None:
    found = read(FILE, "a.po")
    assert found == [
        Segment(
            1, "Hallo %s", "Hello %s", "Hallo %s", (), "Hello %s", Status.CONFIRMED, "for translators\nindented", 17
        ),
        Segment(
            2,
            "Zwei\nZeilen",
            'Two\nlines "quoted"\t\\',
            "Zwei\nZeilen",
            (),
            'menu|Two\nlines "quoted"\t\\',
            Status.DRAFT,
            "",
            22,
        ),
        Segment(3, "eine Datei", "one file", "eine Datei", (), "one file[0]", Status.CONFIRMED, "", 30),
        Segment(4, "", "%d files", None, (), "one file[1]", Status.NEW, "", 30),
        Segment(5, "", "new", None, (), "new", Status.NEW, "", 35),
    ]


def test_languages_come_from_the_header_or_the_options() -> None:
    with reader(FILE.encode(), "a.po") as found:
        assert len(list(found)) == 5
        assert found.languages == (None, "de")
    with reader(FILE.encode(), "a.po", ReadOptions(source_lang="en", target_lang="de-CH")) as found:
        assert found.languages == ("en", "de-CH")


def test_locales_become_language_tags() -> None:
    for locale, tag in (("pt_BR", "pt-BR"), ("sr@latin", "sr-Latn"), ("ca@valencia", "ca")):
        with reader(FILE.replace("Language: de", f"Language: {locale}").encode(), "a.po") as found:
            assert found.languages == (None, tag)


def test_a_language_with_one_form_has_the_plural_as_its_source() -> None:
    (segment,) = read('msgid "a file"\nmsgid_plural "files"\nmsgstr[0] "x"\n', "a.po")
    assert segment.source == "files"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252"])
def test_encodings_by_the_header(encoding: str) -> None:
    declared = {"utf-8-sig": "UTF-8", "latin-1": "ISO-8859-1", "cp1252": "CP1252"}.get(encoding, "UTF-8")
    data = FILE.replace("UTF-8", declared).replace("Hallo", "Grüße").encode(encoding)
    assert read(data, "a.po")[0].mt == "Grüße %s"
    assert read(FILE.replace("UTF-8", "CHARSET"), "a.pot")[0].mt == "Hallo %s"


def test_an_unknown_encoding_is_said() -> None:
    with pytest.raises(CorpusError, match="declares the encoding 'KLINGON'"):
        read(FILE.replace("UTF-8", "KLINGON"), "a.po")


def test_windows_line_ends_and_compression() -> None:
    data = FILE.replace("\n", "\r\n").encode()
    assert read(data, "a.po") == read(FILE, "a.po")
    assert read(gzip.compress(data), "a.po.gz") == read(FILE, "a.po")


def test_comments_before_an_obsolete_message_are_not_of_the_next() -> None:
    data = (
        '#, fuzzy\n#~ msgid "gone"\n#~ msgstr "weg"\n\nmsgid "a"\nmsgstr "b"\n#, fuzzy\n#~ msgid "x"\n#~ msgstr "y"\n'
    )
    assert [segment.status for segment in read(data, "a.po")] == [Status.CONFIRMED]


def test_a_flag_counts_across_a_blank_line_and_strings_may_share_one() -> None:
    data = '#, fuzzy\n\nmsgid "a" "b"\n\n  "c"\n  msgstr\n"d"\n'
    (segment,) = read(data, "a.po")
    assert (segment.source, segment.mt, segment.status) == ("abc", "d", Status.DRAFT)


@pytest.mark.parametrize(
    ("broken", "problem", "line"),
    [
        ('msgid "a\nmsgstr "b"\n', "a string has no closing quote", 16),
        ('msgid "a" b\nmsgstr "b"\n', "something stands behind it", 16),
        ('msgid "a\\q"\nmsgstr "b"\n', r"PO has no escape \\q", 16),
        ('msgid "a"\nmsgstr "\\377"\n', "the escape .* is no character", 17),
        ('msgid "a"\n', "the entry has no msgstr", 16),
        ('msgstr "a"\n', "msgstr without msgid", 16),
        ('msgid "a"\nmsgid "b"\nmsgstr "c"\n', "msgid in the wrong place", 17),
        ('msgid "a"\nmsgstr[0] "c"\n', "goes with", 17),
        ('msgid "a"\nmsgid_plural "b"\nmsgstr[1] "c"\n', "out of order", 18),
        ('msgid "a"\nmsgstr "b"\nmsgstr "c"\n', "there twice", 18),
        ("hello\n", "this is no line of a PO file: 'hello'", 16),
        ('msgid "a\x80"\nmsgstr "b"\n', "bytes that are no text", 16),
    ],
)
def test_a_broken_entry_is_told_or_passed_over(broken: str, problem: str, line: int) -> None:
    first = 'msgid "one"\nmsgstr "eins"\n\n\n'
    data = (HEADER + first + broken + '\nmsgid "two"\nmsgstr "zwei"\n').encode("latin-1")
    with pytest.raises(CorpusError, match=problem) as caught:
        read(data, "a.po")
    assert caught.value.line == line
    with reader(data, "a.po", SKIPPING) as found:
        assert [segment.mt for segment in found] == ["eins", "zwei"]
        assert found.skipped_count == 1


def test_repeated_messages_get_ids_of_their_own() -> None:
    data = 'msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n'
    assert [segment.id for segment in read(data, "a.po")] == ["a", "a#2"]


def test_a_file_without_messages_has_no_segments() -> None:
    for data in ("", "\n\n", "# nothing\n", HEADER, '#~ msgid "a"\n#~ msgstr "b"\n'):
        with pytest.raises(CorpusError, match="there are no segments"):
            read(data, "a.po")


def test_many_continued_lines_are_no_trap() -> None:
    data = 'msgid "a"\nmsgstr ""\n' + '"0123456789"\n' * 100_000
    assert len(read(data, "a.po")[0].mt) == 1_000_000


@pytest.mark.skipif(shutil.which("msgcat") is None, reason="needs gettext")
@given(st.lists(st.tuples(any_text, any_text), min_size=1, max_size=4, unique_by=lambda pair: pair[0]))
@settings(max_examples=25, deadline=None)
def test_msgcat_and_we_read_the_same(tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]) -> None:
    pairs = [
        (f"s{n}{source}".translate(NOT_HELD), target.translate(NOT_HELD)) for n, (source, target) in enumerate(pairs)
    ]
    octal = {
        c: "".join(f"\\{byte:03o}" for byte in c.encode()) if c < " " or c in '"\\' else c
        for pair in pairs
        for c in "".join(pair)
    }
    path = tmp_path_factory.mktemp("po") / "a.po"
    entries = [f'msgid "{"".join(octal[c] for c in s)}"\nmsgstr "{"".join(octal[c] for c in t)}"\n\n' for s, t in pairs]
    path.write_text(HEADER + "".join(entries), encoding="utf-8", newline="")
    done = subprocess.run(["msgcat", str(path)], capture_output=True, check=True)
    assert [(s.source, s.mt) for s in read(done.stdout, "a.po")] == pairs
    assert [(s.source, s.mt) for s in read(path.read_bytes(), "a.po")] == pairs


@given(mutations(FILE.encode()), st.booleans())
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_segments_or_an_error_for_the_person(data: bytes, skip_bad: bool) -> None:
    with suppress(PostEditorError):
        read(data, "a.po", ReadOptions(skip_bad=skip_bad))


@given(st.binary(max_size=200))
@settings(max_examples=60, deadline=None)
def test_random_bytes_are_segments_or_an_error(data: bytes) -> None:
    with suppress(PostEditorError):
        read(data, "a.po", SKIPPING)


def test_the_catalogues_of_the_system_are_read(tmp_path: Path) -> None:
    pofile = pytest.importorskip("polib").pofile
    path = tmp_path / "a.po"
    path.write_text(FILE, encoding="utf-8")
    theirs = [entry for entry in pofile(str(path)) if not entry.obsolete]
    ours = read(FILE, "a.po")
    assert [entry.msgid for entry in theirs] == [ours[0].source, ours[1].source, ours[2].source, ours[4].source]
    assert [entry.fuzzy for entry in theirs] == [False, True, False, False]
