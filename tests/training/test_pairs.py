"""Reading and filtering training pairs, and the vocabulary of tags mined from them."""

import lzma
from pathlib import Path

import pytest

from posteditor.errors import CorpusError, UsageError
from posteditor.rewriters.edit_tags import apply_to_word, parse_tag
from posteditor.rewriters.tag_words import tag_words
from posteditor.training.pairs import Pair, Source, content_hash, edit_rate, file_hash, new_content, read_pairs
from posteditor.training.recipe import read_recipe
from posteditor.training.tag_vocabulary import OTHER, TagVocabulary, mine_vocabulary


def test_parallel_files_are_read_line_by_line(tmp_path: Path) -> None:
    (tmp_path / "mt.txt").write_text("a b c\n\u2028 d e f\ng h i\n", encoding="utf-8")
    (tmp_path / "target.txt").write_text("a b c x\nd e f\ng h j\n", encoding="utf-8")
    pairs = read_pairs(Source("x", "mt.txt", "target.txt", words=(1, 9)), tmp_path)
    assert pairs == [Pair("a b c", "a b c x"), Pair("d e f", "d e f"), Pair("g h i", "g h j")]


def test_a_table_is_read_by_its_header(tmp_path: Path) -> None:
    with lzma.open(tmp_path / "t.tsv.xz", "wt", encoding="utf-8") as stream:
        stream.write('lang\tmt\tpe\net\tone "two three\tone two three\nsi\ta b c\td e f\n')
    source = Source("x", "t.tsv.xz", columns=("mt", "pe"), where={"lang": ["et"]})
    assert read_pairs(source, tmp_path) == [Pair('one "two three', "one two three")]


def test_clean_text_is_its_own_target_and_ends_can_be_held_out(tmp_path: Path) -> None:
    (tmp_path / "clean.txt").write_text("".join(f"line number {number}\n" for number in range(10)))
    source = Source("x", "clean.txt", held_out=3)
    assert [pair.target for pair in read_pairs(source, tmp_path)] == [f"line number {number}" for number in range(7)]
    assert [pair.mt for pair in read_pairs(Source("x", "clean.txt", only_last=2), tmp_path)] == [
        "line number 8",
        "line number 9",
    ]


def test_a_limit_draws_the_same_pairs_for_the_same_seed(tmp_path: Path) -> None:
    (tmp_path / "clean.txt").write_text("".join(f"line number {number}\n" for number in range(100)))
    source = Source("x", "clean.txt", limit=10)
    first = read_pairs(source, tmp_path, seed=1)
    assert len(first) == 10
    assert first == read_pairs(source, tmp_path, seed=1)
    assert first != read_pairs(source, tmp_path, seed=2)


@pytest.mark.parametrize(
    ("pair", "settings", "passes"),
    [
        (Pair("the dog runs", "the dog ran"), {}, True),
        (Pair("the dog", "the dog"), {}, False),
        (Pair("the dog runs", "the dog runs in the red house"), {}, False),
        (Pair("one two three four", "one five six four"), {"edit_rate": 0.4}, False),
        (Pair("one two three four", "one two six four"), {"edit_rate": 0.4}, True),
        (Pair("it was built there", "Tanaka built it there"), {"new_content": 0.3}, False),
        (Pair("it was built there", "it was building there"), {"new_content": 0.3}, True),
        (Pair("", "a b c"), {}, False),
    ],
)
def test_pairs_are_filtered(tmp_path: Path, pair: Pair, settings: dict[str, float], passes: bool) -> None:
    (tmp_path / "mt.txt").write_text(pair.mt + "\n")
    (tmp_path / "target.txt").write_text(pair.target + "\n")
    source = Source("x", "mt.txt", "target.txt", **settings)  # type: ignore[arg-type]  # only numbers are given
    assert bool(read_pairs(source, tmp_path)) == passes


def test_edit_rate_and_new_content() -> None:
    assert edit_rate(["a", "b", "c", "d"], ["a", "b", "x", "d"]) == 0.25
    assert edit_rate(["a"], ["a"]) == 0
    assert new_content(["the", "building", "1905"], ["the", "built", "tower", "1906"]) == pytest.approx(2 / 3)
    assert new_content(["the", "towers"], ["the", "tower", "of"]) == 0


def test_hashes_depend_on_content_alone(tmp_path: Path) -> None:
    assert content_hash("x") == content_hash("x") != content_hash("y")
    (tmp_path / "x").write_bytes(b"")
    assert file_hash(tmp_path / "x").startswith("e3b0c44298fc1c14")


@pytest.mark.parametrize(
    ("mt", "target", "problem"),
    [
        ("a b c\nd e f\n", "a b c\n", "target.txt: ends before line 2"),
        ("lang\tx\n", None, "line 1: has no column 'mt'"),
        ("mt\tpe\none\n", None, "line 2: 1 fields, expected 2"),
        (None, None, "can't be read"),
    ],
)
def test_broken_files_are_named(tmp_path: Path, mt: str | None, target: str | None, problem: str) -> None:
    if mt is not None:
        (tmp_path / "mt.txt").write_text(mt)
    if target is not None:
        (tmp_path / "target.txt").write_text(target)
    columns = () if target is not None else ("mt", "pe")
    with pytest.raises(CorpusError, match=problem):
        read_pairs(Source("x", "mt.txt", "target.txt" if target is not None else "", columns=columns), tmp_path)


def test_a_source_must_be_one_thing() -> None:
    with pytest.raises(UsageError, match="columns"):
        Source("x", "a", "b", columns=("mt", "pe"))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("seed = ", "is not TOML"),
        ("sources = 1", "sources is no list of tables"),
        ("speed = 3\n[[sources]]\nname = 'x'\nmt = 'y'", "line 1: unknown setting 'speed' in the recipe"),
        ("[[sources]]\nname = 'x'\nmt = 'y'\nfoo = 1", r"line 4: unknown setting 'foo' in \[\[sources\]\]"),
        ("[[sources]]\nname = 'x'", "line 1: mt is missing"),
    ],
)
def test_a_broken_recipe_is_named(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "r.toml").write_text(text)
    with pytest.raises(CorpusError, match=problem):
        read_recipe(tmp_path / "r.toml")


@pytest.mark.parametrize(("text", "problem"), [("seed = 1", "no training sources"), ("epochs = 0", "no training")])
def test_a_recipe_that_makes_no_sense_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "r.toml").write_text(text)
    with pytest.raises(CorpusError, match=problem):
        read_recipe(tmp_path / "r.toml")


def test_the_recipe_of_the_shipped_model_reads() -> None:
    from posteditor.shipped import shipped_model

    recipe = read_recipe(shipped_model("default") / "training.toml")
    assert all(source.licence and source.attribution for source in (*recipe.sources, *recipe.dev))


def test_the_vocabulary_holds_the_frequent_tags() -> None:
    labels = [["KEEP", "REPLACE:the", "DELETE"]] * 5 + [["REPLACE:of the", "APPEND:a"]] * 3 + [["SUFFIX:sed:zed"]] * 9
    vocabulary = mine_vocabulary(labels, size=100, least=3)
    assert vocabulary.labels == (
        "KEEP",
        "DELETE",
        "CASE:capital",
        "CASE:lower",
        "CASE:upper",
        "REPLACE:the",
        "APPEND:a",
    )
    assert mine_vocabulary(labels, size=6, least=1).labels[-1] == "REPLACE:the"
    with_words = mine_vocabulary(labels, size=6, least=1, words=["dog", "cat"])
    assert with_words.labels[5:] == ("REPLACE:the", "WORD:cat", "WORD:dog")
    assert with_words.words == ["cat", "dog"]


def test_unknown_tags_have_no_class_and_several_words_fall_back_on_the_first() -> None:
    vocabulary = TagVocabulary(("KEEP", "DELETE", "REPLACE:the"))
    assert vocabulary.classes(["KEEP", "REPLACE:the", "REPLACE:the end", "REPLACE:end", "MOVE:+3"]) == [
        0,
        2,
        2,
        OTHER,
        OTHER,
    ]


def test_a_word_without_a_tag_of_its_own_stands_in_the_letter_case_of_the_old_one() -> None:
    vocabulary = TagVocabulary(("KEEP", "REPLACE:cat", "WORD:cat", "WORD:palace"))
    words = tag_words("Building is a Building , a building or BUILDING")

    def put(slot: int, label: str) -> int:
        return vocabulary.classes(["KEEP"] * slot + [label], words)[slot]

    assert put(6 + 1, "REPLACE:palace") == 3
    assert put(6 + 1, "REPLACE:palace of") == 3
    assert put(6 + 1, "REPLACE:Palace") == OTHER
    assert put(3 + 1, "REPLACE:Palace") == 3
    assert put(3 + 1, "REPLACE:palace") == OTHER
    assert put(0 + 1, "REPLACE:palace") == 3  # the capital of a sentence's first word is no part of its tag
    assert put(8 + 1, "REPLACE:PALACE") == 3
    assert put(6 + 1, "REPLACE:cat") == 1
    assert put(6 + 1, "APPEND:palace") == OTHER
    assert put(0, "REPLACE:palace") == OTHER
    for slot, text in ((7, "palace"), (4, "Palace"), (1, "Palace"), (9, "PALACE")):
        assert apply_to_word(parse_tag("WORD:palace"), words[slot - 1].text) == text
