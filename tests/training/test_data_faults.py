"""Data files with faults: each is refused with the file, the line and a remedy."""

import lzma
from dataclasses import replace
from pathlib import Path

import pytest

from posteditor.errors import AlignmentError, CorpusError
from posteditor.training.garbling import PairMaker
from posteditor.training.overlap import development_sets, load_seen, save_seen, seen_texts
from posteditor.training.pairs import Pair, Source, read_pairs
from posteditor.training.recipe import Recipe

TABLE = Source("x", "x.tsv", columns=("mt", "pe"))


@pytest.mark.parametrize(
    ("data", "line", "problem"),
    [
        (b"", 0, "is empty"),
        (b"a b c\td e f\n", 1, "has no column 'mt'"),
        (b"mt\tpe\tmt\na\tb\tc\n", 1, "two columns 'mt'"),
        (b"mt\tpe\na b c\ta b c\na b c\n", 3, "1 fields, expected 2"),
        (b"mt\tpe\na b c\ta b c\td\n", 2, "3 fields, expected 2"),
        (b"mt\tpe\na b c\ta b c\n\xff b c\tx\n", 3, "byte 1 is not UTF-8"),
        (b"mt\tpe\na\0b c\ta b c\n", 2, "NUL"),
    ],
)
def test_a_broken_table_is_named_with_its_line(tmp_path: Path, data: bytes, line: int, problem: str) -> None:
    (tmp_path / "x.tsv").write_bytes(data)
    with pytest.raises(CorpusError) as caught:
        read_pairs(TABLE, tmp_path)
    assert problem in caught.value.message
    assert caught.value.line == line
    assert caught.value.hint


def test_a_compressed_file_that_ends_too_early_is_named(tmp_path: Path) -> None:
    whole = lzma.compress("".join(f"line number {number} of the file\n" for number in range(5000)).encode())
    source = Source("x", "x.txt.xz")
    (tmp_path / "x.txt.xz").write_bytes(whole)
    assert len(read_pairs(source, tmp_path)) == 5000
    (tmp_path / "x.txt.xz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CorpusError, match=r"line \d+: the compressed data ends too early"):
        read_pairs(source, tmp_path)
    (tmp_path / "x.txt.xz").write_bytes(b"no xz at all")
    with pytest.raises(CorpusError, match="no sound xz file"):
        read_pairs(source, tmp_path)


def test_parallel_files_must_end_together(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("a b c\nd e f\ng h i\n")
    (tmp_path / "short.txt").write_text("a b c\nd e f\n")
    for mt, target, line in (("long.txt", "short.txt", 3), ("short.txt", "long.txt", 3)):
        with pytest.raises(AlignmentError, match=rf"short\.txt: ends before line {line} of long\.txt"):
            read_pairs(Source("x", mt, target), tmp_path)


def test_marks_of_other_systems_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "x.tsv").write_bytes("\ufeffmt\tpe\r\none two three\tone two four\r\n".encode())
    (pair,) = read_pairs(TABLE, tmp_path)
    assert (pair, pair.line) == (Pair("one two three", "one two four"), 2)


def test_more_held_out_than_there_is_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("a b c\nd e f\n")
    assert read_pairs(Source("x", "x.txt", held_out=3), tmp_path) == []


def maker(folder: Path) -> PairMaker:
    return PairMaker(folder, folder / "cache", folder / "encoder", 1)


@pytest.fixture
def overlapping(tmp_path: Path) -> Recipe:
    """Of four development segments the second has the mt of a training pair and the fourth its target."""
    (tmp_path / "x.tsv").write_text("mt\tpe\nthe red dogs\tthe big dogs\nthe cat sat\tthe cat sits\n")
    (tmp_path / "dev.tsv").write_text(
        "mt\tpe\na b c\td e f\nthe  red dogs\tx y z\ng h i\tj k l\nm n o\tthe cat  sits\n"
    )
    return Recipe((TABLE,), (Source("dev", "dev.tsv", columns=("mt", "pe")),))


def test_an_overlapping_set_is_refused_with_count_and_place(overlapping: Recipe, tmp_path: Path) -> None:
    seen = seen_texts(read_pairs(TABLE, tmp_path))
    with pytest.raises(CorpusError) as caught:
        development_sets(overlapping, maker(tmp_path), seen)
    assert (caught.value.path, caught.value.line) == (tmp_path / "dev.tsv", 3)
    assert "2 of 4 segments of development set 'dev'" in caught.value.message
    assert "drop_overlap = true" in caught.value.hint


def test_an_overlap_can_be_left_out(overlapping: Recipe, tmp_path: Path) -> None:
    dev = replace(overlapping.dev[0], drop_overlap=True)
    messages: list[str] = []
    seen = seen_texts(read_pairs(TABLE, tmp_path))
    sets = development_sets(replace(overlapping, dev=(dev,)), maker(tmp_path), seen, on_message=messages.append)
    assert [pair.mt for pair in sets["dev"]] == ["a b c", "g h i"]
    assert messages == ["2 segments of dev are also in the training data and are left out"]
    everything = seen | seen_texts([Pair("a b c", ""), Pair("j k l", "")])
    with pytest.raises(CorpusError, match="nothing of it is left"):
        development_sets(replace(overlapping, dev=(dev,)), maker(tmp_path), everything)


def test_hashes_survive_the_disk(tmp_path: Path) -> None:
    seen = seen_texts([Pair("a b c", "d e f"), Pair("a  b c", "a b c ")])
    assert len(seen) == 2
    save_seen(tmp_path / "seen.npy", seen)
    assert load_seen(tmp_path / "seen.npy") == seen
