"""First paint, memory and key echo of the editor in a real terminal, on a small and on a large project.

    python tests/benchmarks/bench_editor.py [--segments 1000000] [--keys 100] [--model default]

Each figure of the large project stands beside that of a project of 1,000 segments, measured in the same run, with the
model rewriting meanwhile. Times are from the command, or from the key, to the change on the screen, through a pty.
"""

import argparse
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from posteditor.formats.options import ReadOptions
from posteditor.services.transfer import create_project
from tests.terminal import COMMAND, Terminal

NEEDLE = "zzyzx"
Figures = dict[str, float]


def make_project(folder: Path, count: int) -> Path:
    """A project of ``count`` segments of 8 to 25 words; the last one holds a word of its own."""
    chance = random.Random(count)
    words = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(2, 9))) for _ in range(5000)]
    path = folder / f"{count}.tsv"
    with path.open("w", encoding="utf-8") as file:
        file.write("id\tsource\tmt\treference\n")
        for n in range(1, count + 1):
            texts = [" ".join(chance.choices(words, k=chance.randint(8, 25))) for _ in range(3)]
            if n == count:
                texts[1] += f" {NEEDLE}"
            file.write(f"s{n}\t" + "\t".join(texts) + "\n")
    project = folder / f"{count}.tsv.postedit"
    started = time.perf_counter()
    create_project([path], project, ReadOptions(), target_lang="en")
    seconds = time.perf_counter() - started
    print(f"imported {count:,} segments in {seconds:.1f} s: {count / seconds:,.0f} a second", file=sys.stderr)
    return path


def measure(path: Path, model: str, keys: int) -> Figures:
    """All figures of one project."""
    with Terminal([*COMMAND, "edit", str(path), "--model", model]) as terminal:
        first_paint = terminal.wait_for(lambda: "▶" in terminal.text) + 0.0
        figures: Figures = {"first paint, s": time.perf_counter() - terminal.started}
        figures["memory at first paint, MB"] = terminal.memory_mb()
        assert first_paint >= 0
        if model != "none":
            terminal.settle(8)  # the model is loaded and rewrites ahead
        terminal.send(b"\x1b[1;5H")  # Ctrl+Home: an earlier run left off at the end
        terminal.wait_for(lambda: _position(terminal) == 1)
        typing = [_echo(terminal, chance_key()) for _ in range(keys)]
        moving = [_move(terminal) for _ in range(keys)]
        figures |= _summary("key echo", typing) | _summary("move echo", moving)
        figures["search, last segment, ms"] = _search(terminal)
        figures["filter, first hit, ms"] = _filter(terminal)
        figures["memory after, MB"] = terminal.memory_mb()
    return figures


def chance_key() -> bytes:
    """A letter."""
    return random.choice("abcdefghijkmn").encode()


def _echo(terminal: Terminal, key: bytes) -> float:
    """Milliseconds until the letter stands in the field before the cursor."""
    terminal.settle(0.08)
    before = _field(terminal)
    return _timed(terminal, key, lambda: _field(terminal) != before)


def _field(terminal: Terminal) -> str:
    return "".join(line.lstrip("│")[1:].strip() for line in terminal.lines if line.startswith("▎"))


def _move(terminal: Terminal) -> float:
    terminal.settle(0.12)
    number = _position(terminal)
    return _timed(terminal, b"\x1b[1;3B", lambda: _position(terminal) == number + 1)


def _position(terminal: Terminal) -> int:
    found = re.search(r" (\d+)/\d+ ", terminal.lines[0])
    return int(found[1]) if found else 0


def _search(terminal: Terminal) -> float:
    terminal.send(b"\x06")
    terminal.wait_for(lambda: "Search in" in terminal.text)
    terminal.send(NEEDLE.encode())
    terminal.settle(0.3)
    seconds = _timed(terminal, b"\r", lambda: NEEDLE in _field(terminal))
    terminal.send(b"\x1b")
    terminal.settle(1)
    return seconds


def _filter(terminal: Terminal) -> float:
    terminal.send(b"\x1b[1;5H")  # Ctrl+Home
    terminal.wait_for(lambda: _position(terminal) == 1 and NEEDLE not in terminal.text)
    terminal.send(b"\x1b[20~")  # F9
    terminal.wait_for(lambda: "List only" in terminal.text)
    terminal.send(NEEDLE.encode())
    terminal.settle(0.3)
    return _timed(terminal, b"\r", lambda: "List only" not in terminal.text and NEEDLE in _field(terminal))


def _timed(terminal: Terminal, key: bytes, happened: Callable[[], bool]) -> float:
    started = time.perf_counter()
    terminal.send(key)
    terminal.wait_for(happened)
    return (time.perf_counter() - started) * 1000


def _summary(name: str, values: list[float]) -> Figures:
    ordered = sorted(values)
    return {
        f"{name}, median, ms": ordered[len(ordered) // 2],
        f"{name}, 95th percentile, ms": ordered[int(len(ordered) * 0.95)],
        f"{name}, maximum, ms": ordered[-1],
    }


def main() -> None:
    """Measure both projects and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--segments", type=int, default=1_000_000)
    parser.add_argument("--keys", type=int, default=100)
    parser.add_argument("--model", default="default")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        small, large = (make_project(Path(name), count) for count in (1_000, given.segments))
        columns = {
            f"1,000, {given.model}": measure(small, given.model, given.keys),
            f"{given.segments:,}, none": measure(large, "none", given.keys),
            f"{given.segments:,}, {given.model}": measure(large, given.model, given.keys),
        }
    names = list(columns)
    print(f"{'':32}" + "".join(f"{name:>20}" for name in names) + f"{'ratio last/first':>20}")
    for row in columns[names[0]]:
        values = [columns[name][row] for name in names]
        print(f"{row:32}" + "".join(f"{value:20.2f}" for value in values) + f"{values[-1] / values[0]:20.2f}")


if __name__ == "__main__":
    main()
