"""The challenge set is what its card says, and every segment tests the one thing that it is there for."""

import hashlib
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from posteditor.scoring.ter import edits_to
from posteditor.services.challenge_set import read_challenge
from posteditor.services.benchmark.lost_strings import lost_strings
from posteditor.shipped import shipped_corpus

FOLDER = Path(__file__).resolve().parents[2] / "corpora" / "challenge"
COLUMNS = ["id", "category", "mt", "reference", "reference_2", "keep"]
FAULTS = (
    "article", "preposition", "agreement", "tense", "number", "derivation", "pronoun", "sense", "compound",
    "moved-word", "moved-phrase", "dropped", "doubled", "function-word", "punctuation", "casing",
)  # fmt: skip
GUARDS = ("guard-number", "guard-name", "guard-negation", "guard-tag")
FEW_EDITS = 8
"""Word edits between mt and reference; a chain of three "of" turned round takes that many."""

Row = dict[str, str]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    header, *lines = (FOLDER / "challenge.tsv").read_bytes().decode("utf-8").removesuffix("\n").split("\n")
    assert header.split("\t") == COLUMNS
    return [dict(zip(COLUMNS, line.split("\t"), strict=True)) for line in lines]


@pytest.fixture(scope="module")
def card() -> str:
    return (FOLDER / "README.md").read_text(encoding="utf-8")


def references(row: Row) -> list[str]:
    return [row[column] for column in ("reference", "reference_2") if row[column]]


def test_every_category_has_enough_segments(rows: list[Row]) -> None:
    sizes = Counter(row["category"] for row in rows)
    assert list(sizes) == [*FAULTS, "fluent", *GUARDS]
    assert min(sizes[name] for name in FAULTS) >= 25
    assert sum(sizes[name] for name in FAULTS) >= 400
    assert sizes["fluent"] == 100
    assert [sizes[name] for name in GUARDS] == [15, 15, 15, 15]


def test_ids_number_each_category_from_one(rows: list[Row]) -> None:
    seen: Counter[str] = Counter()
    for row in rows:
        seen[row["category"]] += 1
        name, _, number = row["id"].rpartition("-")
        assert (name, int(number)) == (row["category"], seen[name]), row["id"]


def test_cells_are_plain(rows: list[Row]) -> None:
    for row in rows:
        for column, value in row.items():
            assert value == " ".join(value.split()), (row["id"], column)
            assert value == unicodedata.normalize("NFC", value), (row["id"], column)
            assert not any(unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs"} for char in value), row["id"]
            assert not value.startswith('"'), "a reader that unquotes cells would swallow it"
        assert row["mt"] and row["reference"]
        assert 3 <= len(row["mt"].split()) <= 35, row["id"]


def test_no_text_appears_twice(rows: list[Row]) -> None:
    for column in ("mt", "reference"):
        counts = Counter(row[column].casefold() for row in rows)
        assert [text for text, count in counts.items() if count > 1] == []


def test_no_sentence_frame_is_used_twice(rows: list[Row]) -> None:
    runs: dict[tuple[str, ...], set[str]] = {}
    for row in rows:
        words = re.findall(r"[\w'’]+", row["reference"].lower())
        for at in range(len(words) - 5):
            runs.setdefault(tuple(words[at : at + 6]), set()).add(row["id"])
    assert {run: ids for run, ids in runs.items() if len(ids) > 1} == {}


def test_only_fluent_segments_are_perfect(rows: list[Row]) -> None:
    for row in rows:
        assert (row["mt"] in references(row)) == (row["category"] == "fluent"), row["id"]
        assert row["reference"] != row["reference_2"], row["id"]


def test_references_are_near(rows: list[Row]) -> None:
    for row in rows:
        for reference in references(row):
            assert edits_to(row["mt"].split(), reference.split()) <= FEW_EDITS, row["id"]
    few = [row for row in rows if edits_to(row["mt"].split(), row["reference"].split()) <= 2]
    assert len(few) >= 0.85 * len(rows)


def test_moved_words_are_the_same_words(rows: list[Row]) -> None:
    for row in rows:
        if row["category"] == "moved-word":
            mt, reference = (Counter(row[name].lower().split()) for name in ("mt", "reference"))
            assert mt == reference or Counter(re.findall(r"\w+", row["mt"].lower())) == Counter(
                re.findall(r"\w+", row["reference"].lower())
            ), row["id"]


def test_what_must_be_kept_is_there_to_be_kept(rows: list[Row]) -> None:
    for row in rows:
        assert bool(row["keep"]) == (row["category"] in GUARDS), row["id"]
        keep = row["keep"].split(" | ") if row["keep"] else []
        assert all(part and part in row["mt"] for part in keep), row["id"]
        assert len(lost_strings(keep, row["mt"], "")) == len(keep), row["id"]
        for reference in references(row):
            assert lost_strings(keep, row["mt"], reference) == (), row["id"]


def test_many_segments_have_a_second_reference(rows: list[Row]) -> None:
    assert sum(bool(row["reference_2"]) for row in rows) >= 50


def test_an_installation_finds_and_reads_it(rows: list[Row]) -> None:
    items = read_challenge(shipped_corpus("challenge/challenge.tsv"))
    assert [item.segment.id for item in items] == [row["id"] for row in rows]
    assert [list(item.segment.references) for item in items] == [references(row) for row in rows]
    assert [" | ".join(item.keep) for item in items] == [row["keep"] for row in rows]


def test_the_card_counts_the_segments(card: str, rows: list[Row]) -> None:
    said = dict(re.findall(r"^\| ([a-z-]+) \|[^|]*\| (\d+) \|$", card, flags=re.MULTILINE))
    assert {name: int(count) for name, count in said.items()} == Counter(row["category"] for row in rows)
    faulty = sum(row["category"] in FAULTS for row in rows)
    assert f"`challenge.tsv`: {len(rows)} segments" in card
    assert f" {faulty} have exactly one fault" in " ".join(card.split())
    assert f"`{hashlib.sha256((FOLDER / 'challenge.tsv').read_bytes()).hexdigest()}`" in card
