"""posteditor compare: what it prints, what it refuses, and its screen in a real terminal."""

import json
import sys
from pathlib import Path

import pytest

from posteditor.cli.comparing import browse
from posteditor.cli.main import main
from posteditor.errors import UsageError
from posteditor.services.benchmark.options import BenchmarkOptions
from posteditor.services.benchmark.running import benchmark
from tests.terminal import COMMAND, Terminal

PLUGINS = Path(__file__).parents[1] / "plugins"
DATA = (
    "id\tsource\tmt\treference\n"
    "s-1\tUno\tteh cat sleeps\tthe cat sleeps\n"
    "s-2\tDos\tteh is a misprint\tteh is a misprint\n"
    "s-3\tTres\tseven \x1b[31mdwarfs recieve\tseven \x1b[31mdwarfs receive\n"
)


@pytest.fixture(autouse=True)
def plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PLUGINS))


@pytest.fixture
def run(tmp_path: Path) -> Path:
    data = tmp_path / "news.tsv"
    data.write_text(DATA, encoding="utf-8")
    benchmark([data], ["toy"], BenchmarkOptions(resamples=0, trials=0), run_folder=tmp_path / "run")
    return tmp_path / "run"


def test_a_table_and_the_segments_that_gained_and_lost_most(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["compare", f"{run}:none", str(run), "--segments", "1", "--resamples", "20", "--trials", "20"]
    assert main(arguments) == 0
    captured = capsys.readouterr()
    lines = [" ".join(line.split()) for line in captured.out.splitlines()]
    assert captured.err == "" and "\x1b" not in captured.out
    assert lines[:2] == [f"A: do-nothing in {run}, threshold apply", f"B: toy in {run}, threshold apply"]
    assert lines[3] == "news: 3 segments"
    assert lines[4] == "A B B less A better p (bootstrap) p (randomisation)"
    assert lines[7].startswith("TER (lower is better) 20.00 10.00 -10.00 B 0.")
    assert lines[9] == "B is better than A in 2 segments, worse in 1, equal in 0; the texts differ in 3."
    at = lines.index("gained most: 1 (s-1) +33.3 TER points, +1 edits; TER of mt 33.3, A 33.3, B 0.0")
    assert lines[at + 1 : at + 5] == [
        "source Uno",
        "mt teh cat sleeps",
        "B [-teh-]{+the+} cat sleeps",
        "ref the cat sleeps",
    ]
    assert "lost most: 2 (s-2) -25.0 TER points, -1 edits; TER of mt 0.0, A 0.0, B 25.0" in lines
    assert any(line.startswith("TER (cased): nrefs:1|") for line in lines)


def test_without_tests_there_are_no_columns_for_them(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(run), str(run), "--resamples", "0", "--trials", "0"]) == 0
    out = capsys.readouterr().out
    assert "p (" not in out and "gained most" not in out


def test_json(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(run), str(run), "--segments", "3", "--resamples", "0", "--json"]) == 0
    envelope = json.loads(capsys.readouterr().out)
    assert (envelope["schema"], envelope["command"]) == (1, "compare")
    result = envelope["result"]
    assert set(result) == {"a", "b", "notes", "resamples", "trials", "seed", "sets"}
    (one,) = result["sets"]
    assert (one["better"], one["worse"], one["equal"], one["texts_differ"]) == (2, 1, 0, 3)
    assert [each["id"] for each in one["gained"]] == ["s-1", "s-3"]
    assert one["gained"][1]["suggestion_b"]["text"] == "seven \x1b[31mdwarfs receive"
    assert one["metrics"][0]["bootstrap_p"] is None and one["metrics"][2]["randomisation_p"] > 0


def test_what_differs_between_runs_goes_to_standard_error(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = run.with_name("other")
    options = BenchmarkOptions(threshold="show", resamples=0, trials=0)
    benchmark([run.with_name("news.tsv")], ["toy"], options, run_folder=other)
    assert main(["compare", str(run), str(other)]) == 0
    captured = capsys.readouterr()
    assert captured.err == f"note: threshold differs: apply in {run}, show in {other}.\n"
    assert "better than A in 0 segments, worse in 0, equal in 3" in captured.out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["{run}", "nowhere"], 3, "no such run folder"),
        (["{run}:none", "{run}:toyy"], 2, "Did you mean toy?"),
        (["{run}", "{run}", "--browse"], 2, "terminal"),
        (["{run}", "{run}", "--browse", "--json"], 2, "--json"),
        (["{run}", "{run}", "--segments", "-1"], 2, "--segments"),
        (["{run}"], 2, "B"),
    ],
)
def test_errors(arguments: list[str], code: int, words: str, run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", *(argument.format(run=run) for argument in arguments)]) == code
    captured = capsys.readouterr()
    assert words in captured.err and captured.out == ""


def test_another_command_can_open_the_screen_too(run: Path) -> None:
    with pytest.raises(UsageError, match="terminal"):
        browse(run, "none", "toy")


def test_from_the_screen_to_the_editor_and_back(run: Path) -> None:
    kept = run / "sets" / "news.jsonl"
    before = kept.read_bytes()
    command = [*COMMAND, "compare", str(run), str(run), "--browse"]
    path = ":".join([str(PLUGINS), *filter(None, sys.path)])
    with Terminal(command, PYTHONPATH=path) as terminal:
        terminal.wait_for(lambda: "▶  1 +  +33.3    33.3 → 0.0" in terminal.text)
        terminal.send(b"s")
        terminal.wait_for(lambda: "▶  2 -  -25.0" in terminal.text)
        terminal.send(b"\r")
        terminal.wait_for(lambda: "▶2 ·" in terminal.text and "Confirm" in terminal.text)
        terminal.send(b"\x11")  # Ctrl+Q
        terminal.wait_for(lambda: "sort loss" in terminal.text and "▶  2 -  -25.0" in terminal.text)
        terminal.send(b"q")
        assert terminal.wait_for_end() == 0
    assert kept.read_bytes() == before
    assert [path.suffix for path in (run / "edits").iterdir()] == [".postedit"]
