"""M2: sentences and the edits of their annotators."""

import lzma
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posteditor.errors import CorpusError, UsageError
from tests.formats.test_sets.making import only, parts_of, put, refusal

M2 = """S She go to the  school .
A 1 2|||R:VERB:SVA|||goes|||REQUIRED|||-NONE-|||0
A 3 4|||U:DET||||||REQUIRED|||-NONE-|||0
A 0 1|||R:PRON|||He|||REQUIRED|||-NONE-|||1
A 6 6|||M:OTHER|||Now !||Then !|||REQUIRED|||-NONE-|||1

S Fine .
A -1 -1|||noop|||-NONE-|||REQUIRED|||-NONE-|||0
I 0 1|||ignored

S Nobody looked .

S Odd words
A 0 1|||UNK|||what|||REQUIRED|||-NONE-|||0
A 1 2|||R:NOUN|||-NONE-|||REQUIRED|||-NONE-|||2
"""
CORRECTED = [
    (None, "She go to the school .", ("She goes to school .", "He go to the school . Now !")),
    (None, "Fine .", ("Fine .",)),
    (None, "Nobody looked .", ("Nobody looked .",)),
    (None, "Odd words", ("Odd words", "Odd")),
]


def test_annotators_and_their_edits(tmp_path: Path) -> None:
    path = put(tmp_path, {"dev.m2": M2}) / "dev.m2"
    found = only(path)
    assert (found.name, found.kind, found.reference_kind, found.is_tokenized) == ("dev", "m2", "post-edit", True)
    assert [segment.line for segment in found.segments()] == [1, 7, 11, 13]
    assert parts_of(path) == CORRECTED


@pytest.mark.parametrize("content", [M2.replace("\n", "\r\n").encode(), b"\xef\xbb\xbf" + M2.encode()])
def test_other_line_ends_and_a_mark(tmp_path: Path, content: bytes) -> None:
    assert parts_of(put(tmp_path, {"dev.m2": content}) / "dev.m2") == CORRECTED


def test_compressed(tmp_path: Path) -> None:
    assert parts_of(put(tmp_path, {"dev.m2.xz": lzma.compress(M2.encode())}) / "dev.m2.xz") == CORRECTED


def test_without_noop_the_silence_of_an_annotator_means_that_a_sentence_is_right(tmp_path: Path) -> None:
    content = "S a b\nA 0 1|||R|||c|||REQUIRED|||-NONE-|||0\nS d\nA 0 1|||R|||e|||REQUIRED|||-NONE-|||3\n\nS\n"
    assert parts_of(put(tmp_path, {"x.m2": content + "\nS f\n"}) / "x.m2") == [
        (None, "a b", ("c b", "a b")),
        (None, "d", ("d", "e")),
        (None, "", ()),
        (None, "f", ("f", "f")),
    ]


@pytest.mark.parametrize(
    ("correction", "corrected"),
    [("|", "| b"), ("x|y", "x|y b"), ("||c", "b"), ("c||", "c b"), ("-NONE-", "b"), (" c  d ", "c d b")],
)
def test_bars_and_other_oddities_in_a_correction(tmp_path: Path, correction: str, corrected: str) -> None:
    content = f"S a b\nA 0 1|||R|||{correction}|||REQUIRED|||-NONE-|||0\n"
    assert parts_of(put(tmp_path, {"x.m2": content}) / "x.m2") == [(None, "a b", (corrected,))]


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        ("S a b\nA 1 3|||R|||c|||REQUIRED|||-NONE-|||0\n", 2, "the edit 1 3 lies outside the sentence, which has 2"),
        ("S a b\nA -1 1|||R|||c|||REQUIRED|||-NONE-|||0\n", 2, "outside"),
        ("S a b\nA 2 1|||R|||c|||REQUIRED|||-NONE-|||0\n", 2, "outside"),
        ("S a b\nA 1|||R|||c|||REQUIRED|||-NONE-|||0\n", 2, "not an edit"),
        ("S a b\nA 0 1|||R|||c|||REQUIRED\n", 2, "not an edit"),
        ("S a b\nA 0 1|||R|||c|||REQUIRED|||-NONE-|||x\n", 2, "not an edit"),
        ("\nA 0 1|||R|||c|||REQUIRED|||-NONE-|||0\n", 2, "an edit without a sentence"),
        ("S a\n\nA 0 1|||R|||c|||REQUIRED|||-NONE-|||0\n", 3, "an edit without a sentence"),
        ("S a\n\x1b[2Jhello\n", 2, "neither S nor A: '\\x1b[2Jhello'"),
        (
            "S a b c\nA 0 2|||R|||x|||REQUIRED|||-NONE-|||0\nA 1 3|||R|||x|||REQUIRED|||-NONE-|||0\n",
            3,
            "overlaps that of line 2",
        ),
        (b"S a\n\nS \xff\n", 3, "not UTF-8"),
        ("", 0, "there are no segments"),
    ],
)
def test_bad_files(tmp_path: Path, content: str | bytes, line: int, problem: str) -> None:
    error = refusal(put(tmp_path, {"x.m2": content}) / "x.m2", CorpusError)
    assert isinstance(error, CorpusError)
    assert problem in error.message
    assert error.line == line


def test_there_is_nothing_to_select(tmp_path: Path) -> None:
    put(tmp_path, {"x.m2": M2})
    assert "only one test set" in refusal(f"{tmp_path}/x.m2:0", UsageError).message


TOKENS = st.lists(st.text("abcé-.1", min_size=1, max_size=3), max_size=6)
PIECES = st.lists(st.tuples(TOKENS, st.booleans(), TOKENS), min_size=1, max_size=6)


@given(st.lists(st.tuples(PIECES, st.randoms(use_true_random=False)), min_size=1, max_size=4))
def test_random_edits_give_the_text_they_were_made_from(
    tmp_path_factory: pytest.TempPathFactory, sentences: list[tuple[list[tuple[list[str], bool, list[str]]], object]]
) -> None:
    """A sentence is made of pieces; some are replaced, which may insert or delete, and the edits come in any order."""
    import random

    lines, expected = [], []
    for pieces, shuffler in sentences:
        assert isinstance(shuffler, random.Random)
        tokens: list[str] = []
        corrected: list[str] = []
        edits = []
        last_was_insertion_at = -1
        for old, is_edited, new in pieces:
            start = len(tokens)
            tokens += old
            if is_edited and last_was_insertion_at != start:  # two insertions at one place have no order of their own
                edits.append(f"A {start} {len(tokens)}|||X|||{' '.join(new)}|||REQUIRED|||-NONE-|||4")
                corrected += new
                last_was_insertion_at = start if not old else -1
            else:
                corrected += old
        shuffler.shuffle(edits)
        lines += [f"S {' '.join(tokens)}", *(edits or ["A -1 -1|||noop|||-NONE-|||REQUIRED|||-NONE-|||4"]), ""]
        expected.append((" ".join(tokens), " ".join(corrected)))
    path = tmp_path_factory.mktemp("m2") / "x.m2"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert [(one.mt, *one.references) for one in only(path).read()] == expected
