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
    assert lines[0].startswith("challenge: 4 segments, threshold show; references: nobody said")
    start = lines.index("toy by category")
    assert lines[start + 1 : start + 6] == [
        "category segments changed corrected better worse over-edited lost",
        "spelling 2 100.0% (2) 50.0% (1) 100.0% (2) 0.0% (0) - -",
        "fluent 1 100.0% (1) 0.0% (0) 0.0% (0) 100.0% (1) 100.0% (1) -",
        "guard 1 100.0% (1) 100.0% (1) 100.0% (1) 0.0% (0) - 0.0% (0)",
        "all 4 100.0% (4) 50.0% (2) 75.0% (3) 25.0% (1) 100.0% (1) 0.0% (0)",
    ]


def test_references_give_a_row_per_rewriter(scored: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--resamples", "0", "--trials", "0", "--reference-kind", "post-edit"]
    assert main(["bench", str(scored), "--model", "toy", *options]) == 0
    lines = lines_of(capsys)
    assert lines[0] == "scored: 2 segments, threshold apply; references: post-edits of this mt, so that its TER is HTER"
    assert lines[2].startswith("do-nothing ") and lines[2].endswith(" 20.00 20.00")
    assert lines[3].startswith("toy ") and lines[3].endswith(" 0.00* 0.00*")
    assert lines[5] == "less do-nothing (p)"
    assert lines[7].endswith(" -20.00 -20.00")
    assert lines[11].startswith("toy 1 1 0 100.0 % 0.0% (0) 20.0 +100.0 0.00/0.00 ")
    signatures = lines[-4:]
    assert [line.partition(":")[0] for line in signatures] == ["BLEU", "chrF++", "TER", "TER (cased)"]
    assert all("version:" in line for line in signatures)


def test_do_nothing_alone_is_a_table_too(challenge_set: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", str(challenge_set), "--model", "none"]) == 0
    lines = lines_of(capsys)
    assert "all 4 0.0% (0) 25.0% (1) 0.0% (0) 0.0% (0) 0.0% (0) 0.0% (0)" in lines
    assert not any("*" in line for line in lines[:8]), "nothing is best beside itself"


def test_json(challenge_set: Path, scored: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = tmp_path / "run"
    call = ["bench", str(challenge_set), str(scored), "--model", "toy", "--resamples", "10", "--json", "-o", str(run)]
    assert main(call) == 0
    envelope = json.loads(capsys.readouterr().out)
    assert (envelope["schema"], envelope["command"]) == (1, "bench")
    assert envelope["result"]["threshold"] == "apply"
    assert envelope["result"] == json.loads((run / "report.json").read_text())
    first, second = envelope["result"]["sets"]
    assert [one["rewriter"] for one in first["rows"]] == ["none", "toy"]
    assert first["rows"][1]["over_edited"] == 1
    assert set(second["rows"][1]["scores"]["ter"]) == {"name", "value", "signature", "higher_is_better", "interval"}
    assert second["rows"][1]["improved"] == 1


@pytest.mark.parametrize(
    ("content", "arguments", "code", "words"),
    [
        ("mt\tsource\na\tb\n", [], 3, "reference"),
        ("mt\tcategory\na\tb\n", [], 3, "there is no column reference"),
        ("mt\treference\na\t\n", ["--model", "none"], 3, "has a reference"),
        (SCORED, ["--metric", "blue"], 2, "Did you mean bleu"),
        (SCORED, ["--reference-kind", "any"], 2, "any"),
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
