"""The demo corpus is what its card says, and its program makes it from the texts that are there."""

import hashlib
import os
import re
import runpy
import shutil
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.ter import TER

CORPORA = Path(__file__).resolve().parents[2] / "corpora"
COLUMNS = ["id", "source_lang", "source", "mt", "reference", "origin"]
ENGINE_PAIRS = {"spa-eng": "es", "cat-eng": "ca", "gl-en": "gl", "eng-spa-eng": "es"}

Row = dict[str, str]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    header, *lines = (CORPORA / "demo.tsv").read_bytes().decode("utf-8").removesuffix("\n").split("\n")
    assert header.split("\t") == COLUMNS
    return [dict(zip(COLUMNS, line.split("\t"), strict=True)) for line in lines]


@pytest.fixture(scope="module")
def card() -> str:
    return (CORPORA / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def program() -> dict[str, Any]:
    return runpy.run_path(str(CORPORA / "make_demo.py"))


def table(card: str, first_column: str) -> dict[str, list[str]]:
    """The body of the card's table whose header starts with `first_column`, by first cell."""
    start = card.index(f"| {first_column} |")
    block = card[start:].split("\n\n", 1)[0].splitlines()[2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in block]
    return {first: rest for first, *rest in cells}


def text_of(row: Row) -> str:
    return row["id"].rpartition("-")[0]


def test_every_row_is_complete_and_plain(rows: list[Row]) -> None:
    for row in rows:
        for column, value in row.items():
            assert value, (row["id"], column)
            assert value == " ".join(value.split()), (row["id"], column)
            assert value == unicodedata.normalize("NFC", value), (row["id"], column)
            assert not any(unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs"} for char in value), row["id"]
            assert not value.startswith('"'), "a reader that unquotes cells would swallow it"
            assert len(value.split()) <= 90, (row["id"], column)


def test_ids_number_the_lines_of_each_text_from_one(rows: list[Row]) -> None:
    expected = [f"{text}-{n:02}" for text, size in Counter(map(text_of, rows)).items() for n in range(1, size + 1)]
    assert [row["id"] for row in rows] == expected


def test_it_is_large_and_varied_enough_to_try_things_on(rows: list[Row]) -> None:
    lengths = [len(row["reference"].split()) for row in rows]
    perfect = sum(row["mt"] == row["reference"] for row in rows)

    assert len(rows) >= 100
    assert len(set(map(text_of, rows))) >= 5
    assert len({row["source_lang"] for row in rows}) >= 2
    assert 0.15 <= perfect / len(rows) <= 0.30
    assert min(lengths) <= 2
    assert max(lengths) >= 60
    assert sum("?" in row["reference"] for row in rows) >= 5
    assert sum("“" in row["reference"] for row in rows) >= 8
    assert sum(any(char.isdigit() for char in row["reference"]) for row in rows) >= 20


def test_no_source_mt_pair_and_no_reference_appears_twice(rows: list[Row]) -> None:
    for columns in (("source", "mt"), ("reference",)):
        counts = Counter(tuple(row[column] for column in columns) for row in rows)
        assert [key for key, count in counts.items() if count > 1] == []


def test_lines_of_the_engine_name_a_pair_from_their_language(rows: list[Row]) -> None:
    for row in rows:
        if row["origin"] != "by hand":
            engine, pair = row["origin"].split(" ")
            assert (engine, ENGINE_PAIRS[pair]) == ("apertium", row["source_lang"]), row["id"]
    assert sum(row["origin"] == "by hand" for row in rows) >= 10


def test_what_a_person_wrote_is_what_the_texts_hold(rows: list[Row], program: dict[str, Any]) -> None:
    demo = iter(rows)
    for text in program["TEXTS"]:
        for written in program["read_text"](text):
            row = next(demo)
            assert {column: row[column] for column in written} == written, row["id"]
            assert (row["origin"], row["source_lang"]) == (text.origin, text.source_lang), row["id"]
    assert next(demo, None) is None
    assert {path.stem for path in (CORPORA / "texts").iterdir()} == {text.name for text in program["TEXTS"]}


def test_the_card_has_the_digest_of_the_file(card: str) -> None:
    # It changes with every edit of a text and with every new engine: then the card's figures need a new look, too.
    assert f"`{hashlib.sha256((CORPORA / 'demo.tsv').read_bytes()).hexdigest()}`" in card


def test_the_card_counts_the_texts(card: str, rows: list[Row]) -> None:
    sizes = Counter(map(text_of, rows))
    origins = {text_of(row): row["origin"] for row in rows}
    said = {text: (int(size), origin) for text, (_about, _language, size, origin) in table(card, "text").items()}
    assert said == {text: (size, origins[text]) for text, size in sizes.items()}
    assert f"`demo.tsv`: {len(rows)} segments" in card


def test_the_card_names_only_lines_that_exist(card: str, rows: list[Row]) -> None:
    named = set(re.findall(r"`([a-z]+-\d\d)`", card))
    assert len(named) > 20
    assert named <= {row["id"] for row in rows}


def test_the_card_has_the_do_nothing_scores(card: str, rows: list[Row]) -> None:
    said = table(card, "origin")
    assert list(said) == [*dict.fromkeys(row["origin"] for row in rows), "all"]
    for origin, (size, perfect, *scores) in said.items():
        chosen = [row for row in rows if origin in ("all", row["origin"])]
        mts, references = [row["mt"] for row in chosen], [row["reference"] for row in chosen]
        assert (int(size), int(perfect)) == (len(chosen), sum(map(str.__eq__, mts, references)))
        for metric, score in zip((BLEU(), CHRF(word_order=2), TER()), scores, strict=True):
            assert f"{metric.corpus_score(mts, [references]).score:.2f}" == score, (origin, metric)


@pytest.fixture
def put_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a Python program in the engine's place; it sees the engine's own command line, input and locale."""

    def put(body: str) -> None:
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        engine = folder / "apertium"
        engine.write_text(f"#!{sys.executable} -IS\nimport os, sys\n{body}\n", encoding="utf-8")
        engine.chmod(0o755)
        monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)

    return put


def test_making_it_sends_each_sentence_through_its_modes(
    put_engine: Callable[[str], None], program: dict[str, Any], rows: list[Row], tmp_path: Path
) -> None:
    put_engine("print(os.environ['LC_ALL'], *sys.argv[1:], '<' + sys.stdin.buffer.read().decode().strip() + '>')")
    out = tmp_path / "made.tsv"
    main, arguments = program["main"], ["-o", str(out)]

    assert main(arguments) == 0
    assert main([*arguments, "--check"]) == 0
    made = [dict(zip(COLUMNS, line.split("\t"), strict=True)) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in made[1:]] == [row["id"] for row in rows]
    by_id = {row["id"]: row for row in made}
    assert by_id["match-02"]["mt"] == "C.UTF-8 -u cat-eng <Plovia.>"
    assert by_id["letter-06"]["source"] == "C.UTF-8 -u eng-spa <Nobody came.>"
    assert by_id["letter-06"]["mt"] == "C.UTF-8 -u spa-eng <C.UTF-8 -u eng-spa <Nobody came.>>"
    assert by_id["desk-01"] == next(row for row in rows if row["id"] == "desk-01")

    out.write_text("an older file", encoding="utf-8")
    assert main([*arguments, "--check"]) == 1


def test_an_engine_that_fails_leaves_the_old_file_alone(
    put_engine: Callable[[str], None], program: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_engine("sys.exit('Error: Mode spa-eng does not exist')")
    out = tmp_path / "made.tsv"
    out.write_text("an older file", encoding="utf-8")

    assert program["main"](["-o", str(out)]) == 1
    assert out.read_text(encoding="utf-8") == "an older file"
    assert "apertium -u spa-eng failed: Error: Mode spa-eng does not exist" in capsys.readouterr().err


def test_without_an_engine_it_says_how_to_get_one(
    program: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("apertium") is None
    assert program["main"](["-o", str(tmp_path / "made.tsv")]) == 1
    assert "apt-get install apertium-eng-spa apertium-eng-cat apertium-en-gl" in capsys.readouterr().err
