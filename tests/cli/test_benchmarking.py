"""posteditor bench: what it prints, and what it refuses."""

import json
from pathlib import Path

import pytest

from posteditor.cli.main import main

PLUGINS = Path(__file__).parents[1] / "plugins"
CHALLENGE = (
    "category\tmt\treference\tkeep\n"
    "spelling\tteh cat\tthe cat\t\n"
    "spelling\tteh dog bark\tthe dog barks\t\n"
    "fluent\tHe wrote wrold.\tHe wrote wrold.\t\n"
    "guard\tteh <b>cat</b>\tthe <b>cat</b>\t<b> | </b>\n"
)
SCORED = "mt\treference\nteh cat sleeps\tthe cat sleeps\nthe dog\tthe dog\n"


@pytest.fixture(autouse=True)
def plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PLUGINS))


@pytest.fixture
def challenge_set(tmp_path: Path) -> Path:
    path = tmp_path / "challenge.tsv"
    path.write_text(CHALLENGE, encoding="utf-8")
    return path


@pytest.fixture
def scored(tmp_path: Path) -> Path:
    path = tmp_path / "scored.tsv"
    path.write_text(SCORED, encoding="utf-8")
    return path


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def test_a_challenge_set_gives_a_row_per_category(challenge_set: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", str(challenge_set), "--model", "toy", "--threshold", "show"]) == 0
    lines = lines_of(capsys)
    assert lines[0] == f"{challenge_set}: toy, threshold show"
    assert lines[1] == "category segments changed corrected better worse over-edited lost"
    assert lines[2:7] == [
        "spelling 2 100.0% (2) 50.0% (1) 100.0% (2) 0.0% (0) - -",
        "fluent 1 100.0% (1) 0.0% (0) 0.0% (0) 100.0% (1) 100.0% (1) -",
        "guard 1 100.0% (1) 100.0% (1) 100.0% (1) 0.0% (0) - 0.0% (0)",
        "all 4 100.0% (4) 50.0% (2) 75.0% (3) 25.0% (1) 100.0% (1) 0.0% (0)",
        "do-nothing 4 0.0% (0) 25.0% (1) 0.0% (0) 0.0% (0) 0.0% (0) 0.0% (0)",
    ]


def test_references_give_a_row_per_rewriter(scored: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", str(scored), "--model", "toy", "--resamples", "0"]) == 0
    lines = lines_of(capsys)
    assert lines[0] == f"{scored}: threshold apply"
    assert lines[2].startswith("do-nothing 2 ") and lines[2].endswith(" 20.00 20.00 0 0 0")
    assert lines[3].startswith("toy 2 ") and lines[3].endswith(" 0.00 0.00 1 1 0")
    signatures = lines[5:]
    assert [line.partition(":")[0] for line in signatures] == ["BLEU", "chrF++", "TER", "TER (cased)"]
    assert all("version:" in line for line in signatures)


def test_do_nothing_alone_is_a_table_too(challenge_set: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", str(challenge_set), "--model", "none"]) == 0
    lines = lines_of(capsys)
    assert lines[0].endswith("do-nothing, threshold apply")
    assert lines[5] == "all 4 0.0% (0) 25.0% (1) 0.0% (0) 0.0% (0) 0.0% (0) 0.0% (0)"
    assert not any(line.startswith("do-nothing") for line in lines)


def test_json(challenge_set: Path, scored: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", str(challenge_set), str(scored), "--model", "toy", "--resamples", "10", "--json"]) == 0
    envelope = json.loads(capsys.readouterr().out)
    assert (envelope["schema"], envelope["command"]) == (1, "bench")
    assert envelope["result"]["threshold"] == "apply"
    first, second = envelope["result"]["files"]
    assert (first["kind"], second["kind"]) == ("challenge", "references")
    assert [one["rewriter"] for one in first["rewriters"]] == ["none", "toy"]
    assert first["rewriters"][1]["all"]["over_edited"] == 1
    assert set(second["rewriters"][1]["scores"]["ter"]) == {
        "name",
        "value",
        "signature",
        "higher_is_better",
        "interval",
    }
    assert second["rewriters"][1]["improved"] == 1


@pytest.mark.parametrize(
    ("content", "arguments", "code", "words"),
    [
        ("mt\tsource\na\tb\n", [], 3, "neither a column category nor a column reference"),
        ("mt\tcategory\na\tb\n", [], 3, "needs a column reference"),
        ("mt\treference\na\t\n", ["--model", "none"], 2, "has a reference"),
        (SCORED, ["--model", "toyy"], 5, "Did you mean"),
        (SCORED, ["--model", "toy", "--target-lang", "de"], 5, "not de"),
        (SCORED, ["--threshold", "often"], 2, "often"),
    ],
)
def test_errors(
    content: str, arguments: list[str], code: int, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "some.tsv"
    path.write_text(content, encoding="utf-8")
    assert main(["bench", str(path), *arguments]) == code
    captured = capsys.readouterr()
    assert words in captured.err
    assert captured.out == ""


def test_a_rewriter_that_gives_up_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "some.tsv"
    path.write_text("mt\treference\nRAISE\tRaise\n", encoding="utf-8")
    assert main(["bench", str(path), "--model", "toy", "--resamples", "0"]) == 0
    assert "toy gave up on 1 segments" in capsys.readouterr().err


def test_a_missing_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "nowhere.tsv"]) == 3
    assert "nowhere.tsv" in capsys.readouterr().err
