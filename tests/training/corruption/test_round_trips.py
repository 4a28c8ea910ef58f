"""Round trips: with a stand-in for the engine that can be made to misbehave, and with the real one if it is here."""

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from posteditor.training.corruption.__main__ import main
from posteditor.training.corruption.apertium import available_pivots, find_engine
from posteditor.training.corruption.round_trips import round_trips

LINES = [f"This is sentence {number}." for number in range(10)]
SCRIPT = r"""#!/bin/sh
# There: letters become small. Back: as it comes. Counts its runs, and misbehaves as the environment says.
case "$1" in
-V) echo "Apertium 0.0"; exit 0 ;;
-l) printf '  en-xx\n  xx-en\n  en-yy\n'; exit 0 ;;
esac
input=$(cat; echo x)
case "$input" in
*CRASH*) exit 3 ;;
*SLOW*) touch "$STATE/slow"; sleep 60 ;;
esac
case "$2" in
en-xx)
    printf '%s' "$input" | grep -c . >> "$STATE/runs"
    [ -e "$STATE/broken" ] && exit 1
    printf '%s' "${input%x}" | tr A-Z a-z | sed 's/merge.*/merge/; /merge/{N;N;s/\n//g;}' ;;
*) printf '%s' "${input%x}" ;;
esac
"""


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the stand-in keeps its count; it comes first on the PATH."""
    program = tmp_path / "bin" / "apertium"
    program.parent.mkdir()
    program.write_text(SCRIPT, encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("STATE", str(tmp_path))
    return tmp_path


def runs(engine: Path) -> int:
    """How often the engine was started for a first direction."""
    path = engine / "runs"
    return len(path.read_text(encoding="utf-8").splitlines()) if path.exists() else 0


def trip(engine: Path, lines: list[str], *, shard: int = 4) -> list[str]:
    return list(round_trips(lines, "en-xx", engine / "cache", workers=2, shard=shard))


def test_pivots_are_those_with_a_way_back(engine: Path) -> None:
    assert available_pivots() == ("en-xx",)


def test_lines_come_back_in_order(engine: Path) -> None:
    assert trip(engine, LINES) == [line.lower() for line in LINES]


def test_empty_lines_and_odd_characters_keep_their_places(engine: Path) -> None:
    lines = ["", "One  two\tThree", "  ", "A\x00b\u2028c\rD", "\ud800 E", ""]
    assert trip(engine, lines) == ["", "one two three", "", "a b c d", "? e", ""]


def test_a_second_run_takes_what_is_there(engine: Path) -> None:
    first = trip(engine, LINES)
    before = runs(engine)
    assert trip(engine, LINES) == first
    assert runs(engine) == before + 1  # to see whether it is the same engine
    assert trip(engine, [*LINES[:8], "Another one."])[:8] == first[:8]
    assert runs(engine) == before + 3


def test_a_damaged_shard_is_made_again(engine: Path) -> None:
    first = trip(engine, LINES)
    for number, path in enumerate(sorted((engine / "cache").iterdir())):
        path.write_bytes(b"" if number else path.read_bytes()[:-9])
    assert trip(engine, LINES) == first


def test_lines_that_the_engine_merges_come_back_by_halves(engine: Path) -> None:
    lines = ["One.", "This will merge.", "Three.", "Four."]
    assert trip(engine, lines) == ["one.", "this will merge", "three.", "four."]


def test_a_line_that_crashes_the_engine_comes_back_empty(engine: Path) -> None:
    lines = [*LINES[:5], "A CRASH.", *LINES[6:]]
    wanted = [*(line.lower() for line in LINES[:5]), "", *(line.lower() for line in LINES[6:])]
    assert trip(engine, lines, shard=10) == wanted
    before = runs(engine)
    assert trip(engine, lines, shard=10) == wanted
    assert runs(engine) == before + 1


def test_an_engine_that_breaks_midway_is_told_and_not_cached(engine: Path) -> None:
    messages: list[str] = []
    going = round_trips(LINES, "en-xx", engine / "cache", workers=1, shard=2, on_message=messages.append)
    first = next(going)
    (engine / "broken").touch()
    rest = list(going)
    assert len(rest) == len(LINES) - 1 and first == LINES[0].lower() and rest[-1] == ""
    assert len(messages) == 1 and "stopped working" in messages[0]
    (engine / "broken").unlink()
    assert trip(engine, LINES, shard=2) == [line.lower() for line in LINES]


def test_a_killed_run_is_taken_up(engine: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from posteditor.training.corruption.round_trips import round_trips\n"
        f"lines = {LINES[:8]!r} + ['A SLOW one.']\n"
        "list(round_trips(lines, 'en-xx', Path(sys.argv[1]), workers=1, shard=4))"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(engine / "cache")])
    for _ in range(600):
        if (engine / "slow").exists():
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert len(list((engine / "cache").glob("*.gz"))) == 2
    before = runs(engine)
    assert trip(engine, LINES) == [line.lower() for line in LINES]
    assert runs(engine) == before + 2  # the engine's check and the one shard that was missing


def test_without_an_engine_there_is_a_notice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    messages: list[str] = []
    assert list(round_trips(LINES, "en-xx", tmp_path, on_message=messages.append)) == []
    assert available_pivots() == () and len(messages) == 1 and "apertium" in messages[0]


def test_a_missing_pivot_or_a_broken_engine_gives_a_notice(engine: Path) -> None:
    messages: list[str] = []
    assert list(round_trips(LINES, "en-zz", engine / "cache", on_message=messages.append)) == []
    (engine / "broken").touch()
    assert list(round_trips(LINES, "en-xx", engine / "cache", on_message=messages.append)) == []
    assert "en-zz" in messages[0] and "en-xx" in messages[0] and "fails" in messages[1]


def garble(monkeypatch: pytest.MonkeyPatch, text: str, *arguments: str) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    return main(list(arguments))


def test_the_command_makes_round_trips(
    engine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert garble(monkeypatch, "One.\n\nTwo.\n", "--pivot", "en-xx", "--cache", str(engine / "cache")) == 0
    assert capsys.readouterr().out == "one.\n\ntwo.\n"
    assert garble(monkeypatch, "One.\n", "--pivot", "en-zz", "--cache", str(engine / "cache")) == 2
    assert "en-xx" in capsys.readouterr().err


def test_the_command_garbles_by_rules(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    text = "".join(f"The old dog number {number} sat in the house by the river.\n" for number in range(30))
    assert garble(monkeypatch, text, "--rules", "--seed", "4", "--categories") == 0
    out = capsys.readouterr().out
    rows = [line.split("\t") for line in out.splitlines()]
    assert len(rows) == 30 and sum(bool(categories) for _, categories in rows) > 15
    assert garble(monkeypatch, text, "--rules", "--seed", "4", "--categories") == 0
    assert capsys.readouterr().out == out


@pytest.mark.skipif(find_engine() is None, reason="no apertium on the PATH")
def test_the_real_engine_keeps_lines_in_step(tmp_path: Path) -> None:
    lines = [
        "The old man sold his house in the spring.",
        "",
        "She didn't see it",
        "Costs [rose] by 5% ^ $10 / {x} \\\\ <b>now</b> @ 3.",
        "He left. It was late. Nobody knew why...",
        "e.g.",
        "The exports of the company fell.",
    ]
    if not available_pivots():
        pytest.skip("apertium has no pivot for English here")
    for pivot in available_pivots():
        messages: list[str] = []
        trips = list(round_trips(lines, pivot, tmp_path, on_message=messages.append))
        assert len(trips) == len(lines) and not messages
        assert trips[1] == "" and trips[0] and trips[6]
        assert "5" in trips[3] and "10" in trips[3]
        assert trips != lines
