"""The real program in a real terminal: start, typing, resizing, quitting, and being killed."""

import random
import subprocess
import time
from pathlib import Path

import pytest

from posteditor.services.editing import EditingSession
from posteditor.store.project import Project
from tests.terminal import COMMAND, Terminal

TSV = "id\tsource\tmt\treference\n" + "".join(
    f"s{n}\tFuente {n}\tThe mt of segment {n} .\tThe reference of segment {n}.\n" for n in range(1, 40)
)
KILLS = 200
PROMISED_S = 0.25


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "news.tsv"
    path.write_text(TSV, encoding="utf-8")
    return path


def editor(corpus: Path, model: str = "none") -> Terminal:
    return Terminal([*COMMAND, "edit", str(corpus), "--model", model])


def test_start_type_confirm_and_quit(corpus: Path) -> None:
    with editor(corpus) as terminal:
        terminal.wait_for(lambda: "▶ 1 ·" in terminal.text)
        terminal.send(b" typed")
        terminal.wait_for(lambda: "segment 1 . typed" in terminal.text)
        terminal.send(b"\r")
        terminal.wait_for(lambda: "▶ 2 ·" in terminal.text)
        assert " 1 ✓" in terminal.text
        terminal.send(b"\x1b[1;3B")  # Alt+Down as xterm sends it
        terminal.wait_for(lambda: "▶ 3 ·" in terminal.text)
        terminal.send(b"\x1bOP")  # F1
        terminal.wait_for(lambda: "posteditor: keys" in terminal.text)
        terminal.send(b"\x1b")
        terminal.wait_for(lambda: "posteditor: keys" not in terminal.text)
        terminal.send(b"\x11")  # Ctrl+Q
        assert terminal.wait_for_end() == 0
    assert sorted(path.name for path in corpus.parent.iterdir()) == ["news.tsv", "news.tsv.postedit"]
    with EditingSession.open(Path(f"{corpus}.postedit")) as session:
        assert session.load(1).target == "The mt of segment 1 . typed"
        assert session.last_position() == 3


def test_the_source_file_is_never_touched_and_comes_out_byte_for_byte(corpus: Path) -> None:
    with editor(corpus) as terminal:
        terminal.wait_for(lambda: "▶ 1 ·" in terminal.text)
        terminal.send(b"\x11")
        terminal.wait_for_end()
    out = corpus.with_name("out.tsv")
    subprocess.run([*COMMAND, "export", f"{corpus}.postedit", "-o", out], check=True, capture_output=True)
    assert out.read_bytes() == corpus.read_bytes() == TSV.encode()


def test_a_second_editor_is_told_who_has_the_project(corpus: Path) -> None:
    with editor(corpus) as first:
        first.wait_for(lambda: "▶ 1 ·" in first.text)
        with editor(corpus) as second:
            assert second.wait_for_end() == 4
            second.settle(0.2)
            assert f"process {first.pid}" in second.text.replace("\n", "")
        first.send(b"!")
        first.wait_for(lambda: "segment 1 .!" in first.text)


def test_hostile_text_does_nothing_to_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "evil.tsv"
    path.write_text("mt\n\x1b[2J\x1b]0;owned\x07[red]x[/] \x9b31mevil\n", encoding="utf-8")
    with editor(path) as terminal:
        terminal.wait_for(lambda: "␛[2J␛]0;owned␇[red]x[/]" in terminal.text)
        assert terminal.screen.title != "owned"


def test_the_demo_prints_without_a_terminal(tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "demo", "--print", "--limit", "12"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "do-nothing" in done.stdout
    assert done.stdout.count(" mt   ") == 12
    assert list(tmp_path.iterdir()) == []


def test_plain_mode_talks_line_by_line(corpus: Path) -> None:
    script = "\nA new target.\n:g 5\n:note see above\n:u\n:r\n:f segment 9\n:q\n"
    done = subprocess.run(
        [*COMMAND, "edit", str(corpus), "--plain", "--model", "none"],
        input=script, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "Segment 1 of 39, new" in done.stdout
    assert "Segment 9 of 39, new" in done.stdout
    with EditingSession.open(Path(f"{corpus}.postedit")) as session:
        assert session.load(1).target == "The mt of segment 1 ."
        assert session.load(2).target == "A new target."
        assert session.load(5).note == "see above"
        assert session.load(5).status.value == "rejected"


@pytest.mark.slow
def test_killed_at_any_moment_it_loses_at_most_a_quarter_of_a_second(tmp_path: Path) -> None:
    """Types at a person's speed and kills; what was on the screen a quarter of a second before must be on disk."""
    chance = random.Random(20261123)
    corpus = tmp_path / "news.tsv"
    corpus.write_text(TSV, encoding="utf-8")
    project = Path(f"{corpus}.postedit")
    told = 0
    for round_number in range(KILLS):
        before = _target(project, 1) if project.exists() else "The mt of segment 1 ."
        with editor(corpus) as terminal:
            terminal.wait_for(lambda: "▶ 1 " in terminal.text)
            echoed = _type_until_killed(terminal, before, chance)
            told += "Recovered" in terminal.text
        kept = _target(project, 1)
        assert kept.startswith(before), round_number
        assert len(kept) >= len(echoed), f"round {round_number}: {kept[len(before) :]!r} of {echoed[len(before) :]!r}"
        if len(kept) > 150:
            _reset(project)
    assert told > KILLS // 4  # the next opening says so, unless it was killed before it could


def _type_until_killed(terminal: Terminal, before: str, chance: random.Random) -> str:
    """Type letters, kill at a random moment; the text that had been on the screen for the promised time."""
    kill_at = time.perf_counter() + chance.uniform(0.05, 0.9)
    seen: list[tuple[float, str]] = []
    typed = before
    while time.perf_counter() < kill_at:
        letter = chance.choice("abcdefghijklmnopqrstuvwxyz")
        typed += letter
        terminal.send(letter.encode())
        pause = time.perf_counter() + chance.uniform(0.005, 0.12)
        while (left := min(pause, kill_at) - time.perf_counter()) > 0:
            terminal.read(left)
            field = "".join(line[1:].strip() for line in terminal.lines if line.startswith("▎")).replace(" ", "")
            if field.endswith(typed.replace(" ", "")[-20:]):
                seen.append((time.perf_counter(), typed))
    killed = time.perf_counter()
    terminal.kill()
    return max((text for moment, text in seen if moment < killed - PROMISED_S), key=len, default=before)


def _target(project: Path, position: int) -> str:
    """What is on disk, read without tidying up: that is left to the editor's next start."""
    with Project.open_for_reading(project) as reader:
        segment = reader.segments.load(position)
    assert segment is not None
    return segment.text


def _reset(project: Path) -> None:
    with EditingSession.open(project) as session:
        session.save_draft(1, "The mt of segment 1 .")


@pytest.mark.slow
def test_no_process_is_left_when_the_editor_is_killed(corpus: Path) -> None:
    with editor(corpus, model="default") as terminal:
        terminal.wait_for(lambda: "▶ 1 " in terminal.text)
        terminal.settle(3)
        children = subprocess.run(["pgrep", "-P", str(terminal.pid)], capture_output=True, text=True, check=False)
        pids = children.stdout.split()
        assert pids
        terminal.kill()
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() and not _is_zombie(pid) for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _is_zombie(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True
