"""How fast a corpus is cleaned beside OpusFilter: the same rules, the same cores, decisions compared pair by pair.

    python -m venv /tmp/opus && /tmp/opus/bin/pip install opusfilter==3.3.1 pycld2==0.42
    python tests/benchmarks/bench_cleaning.py --opusfilter /tmp/opus --pairs 1000000 --files sources.txt targets.txt

Both sides clean the same pairs, once with seven rules and once with language identification by pycld2 on top, in turn
on one machine. Wall-clock seconds are of the whole command, its start included; peak memory is the largest sum of what
all processes of a command have of their own at one time (proportional set size). Every twentieth pair gets a fault, so
that every rule has something to reject. Without --files, invented words are cleaned.
"""

import argparse
import json
import lzma
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import IO, cast

JOBS = 2

RULES = """
[[steps]]
rule = "length"
unit = "words"
min = 1
max = 100

[[steps]]
rule = "length_ratio"
unit = "words"
max = 2.9999999999999996  # OpusFilter rejects 3 itself

[[steps]]
rule = "longest_word"
max = 39  # likewise 40

[[steps]]
rule = "tags"
allowed = "none"

[[steps]]
rule = "script"
source = "Latin"
target = "Latin"
strict = true
min = 1

[[steps]]
rule = "punctuation"
measure = "counts"
min = -2

[[steps]]
rule = "numbers"
measure = "digits"
min = 0.5
"""
LANGUAGE_RULE = """
[[steps]]
rule = "language"
source = "en"
target = "en"
unsure = "reject"
min = 0.01  # OpusFilter wants more than 0, in hundredths
"""
FILTERS = [
    {"LengthFilter": {"unit": "word", "min_length": 1, "max_length": 100}},
    {"LengthRatioFilter": {"unit": "word", "threshold": 3}},
    {"LongWordFilter": {"threshold": 40}},
    {"HtmlTagFilter": {}},
    {"CharacterScoreFilter": {"scripts": ["Latin", "Latin"], "thresholds": [1, 1]}},
    {"TerminalPunctuationFilter": {"threshold": -2}},
    {"NonZeroNumeralsFilter": {"threshold": 0.5}},
]
LANGUAGE_FILTER = {"Cld2Filter": {"languages": ["en", "en"]}}

Spoil = Callable[[str, random.Random], str]

FAULTS: tuple[Spoil, ...] = (
    lambda text, draw: "",
    lambda text, draw: text[: len(text) // 5].strip(),
    lambda text, draw: f"{text} {text} {text} {text}",
    lambda text, draw: f"<b>{text}</b>",
    lambda text, draw: f"{text} < 3 & more",
    lambda text, draw: text.replace(" ", "_"),
    lambda text, draw: f"Привет, {text}",
    lambda text, draw: f"{text} /ˈhɛləʊ/",
    lambda text, draw: f"{text}!!!???",
    lambda text, draw: f"{text} {draw.randint(100, 99_999)} {draw.randint(100, 99_999)}",
    lambda text, draw: "Der Zug fährt heute nicht, weil die Strecke wegen des Sturms gesperrt ist.",
)


@dataclass
class Cost:
    seconds: float
    cpu: float
    megabytes: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--opusfilter", type=Path, metavar="VENV", required=True, help="where OpusFilter is installed")
    parser.add_argument("--pairs", type=int, default=50_000)
    parser.add_argument("--files", type=Path, nargs=2, metavar=("SOURCES", "TARGETS"), help="a text a line; .xz too")
    options = parser.parse_args()
    print(f"{options.pairs:,} pairs, {JOBS} processes, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"{'':<22} {'side':<11} {'seconds':>9} {'pairs/s':>9} {'CPU s':>8} {'peak MB':>8} {'kept':>10}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_pairs(folder, options.pairs, options.files)
        for with_language in (False, True):
            compare(folder, options, with_language)


def compare(folder: Path, options: argparse.Namespace, with_language: bool) -> None:
    what = "with identification" if with_language else "seven rules"
    ours = measured(our_command(folder, with_language))
    theirs = measured(their_command(folder, options.opusfilter, with_language))
    kept, other = our_pairs(folder), their_pairs(folder)
    for side, cost, count in (("posteditor", ours, len(kept)), ("OpusFilter", theirs, len(other))):
        rate = options.pairs / cost.seconds
        print(
            f"{what:<22} {side:<11} {cost.seconds:9.1f} {rate:9,.0f} {cost.cpu:8.1f} {cost.megabytes:8.0f} {count:10,}"
        )
    print(
        f"{'':<22} ratio       {theirs.seconds / ours.seconds:8.1f}x {'':9} {theirs.cpu / ours.cpu:7.1f}x "
        f"{ours.megabytes / theirs.megabytes:7.2f}x {differing(kept, other)}"
    )


def our_command(folder: Path, with_language: bool) -> list[str]:
    rules = folder / "rules.toml"
    rules.write_text(RULES + (LANGUAGE_RULE if with_language else ""), encoding="utf-8")
    files = [str(folder / name) for name in ("sources.txt", "targets.txt")]
    outputs = ["-o", str(folder / "ours.sources.txt"), "-o", str(folder / "ours.targets.txt")]
    program = [sys.executable, "-m", "posteditor", "clean", *files, *outputs]
    return [*program, "--rules", str(rules), "--no-rejected", "--force", "--jobs", str(JOBS)]


def their_command(folder: Path, place: Path, with_language: bool) -> list[str]:
    parameters = {
        "inputs": ["sources.txt", "targets.txt"],
        "outputs": ["theirs.sources.txt", "theirs.targets.txt"],
        "filters": [*FILTERS, LANGUAGE_FILTER] if with_language else FILTERS,
    }
    config = {
        "common": {"output_directory": str(folder)},
        "steps": [{"type": "filter", "parameters": parameters}],
    }
    path = folder / "opusfilter.yaml"
    path.write_text(json.dumps(config), encoding="utf-8")  # JSON is YAML
    return [str(place / "bin" / "opusfilter"), "--overwrite", "--n-jobs", str(JOBS), str(path)]


def measured(command: list[str]) -> Cost:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=said, stderr=said)
        peak = 0
        while process.poll() is None:
            peak = max(peak, sum(map(own_bytes, family(process.pid))))
            time.sleep(0.1)
        seconds = time.perf_counter() - start
        if process.returncode:
            said.seek(0)
            raise SystemExit(f"{command[0]} failed:\n{said.read().decode(errors='replace')[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(seconds, cpu, peak / 2**20)


def family(pid: int) -> Iterator[int]:
    """A process and all below it."""
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from family(int(child))


def own_bytes(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) << 10
    return 0


def our_pairs(folder: Path) -> list[tuple[str, str]]:
    return read_pairs(folder / "ours.sources.txt", folder / "ours.targets.txt")


def their_pairs(folder: Path) -> list[tuple[str, str]]:
    return read_pairs(folder / "theirs.sources.txt", folder / "theirs.targets.txt")


def read_pairs(sources: Path, targets: Path) -> list[tuple[str, str]]:
    with sources.open(encoding="utf-8", newline="\n") as one, targets.open(encoding="utf-8", newline="\n") as other:
        return list(zip(map(stripped, one), map(stripped, other), strict=True))


def stripped(line: str) -> str:
    return line.rstrip("\n")


def differing(ours: list[tuple[str, str]], theirs: list[tuple[str, str]]) -> str:
    """How many pairs one side keeps and the other does not; equal texts are decided on alike by each."""
    if ours == theirs:
        return "all decisions are the same, in the same order"
    one, other = Counter(ours), Counter(theirs)
    only = ((one - other).total(), (other - one).total())
    examples = [pair for pair, _ in [*(one - other).most_common(1), *(other - one).most_common(1)]]
    return f"only ours keeps {only[0]}, only OpusFilter {only[1]}: {str(examples)[:300]}"


def write_pairs(folder: Path, count: int, files: list[Path] | None) -> None:
    """Two text files; the same ones at every run."""
    draw = random.Random(1)
    with (
        (folder / "sources.txt").open("w", encoding="utf-8", newline="\n") as sources,
        (folder / "targets.txt").open("w", encoding="utf-8", newline="\n") as targets,
    ):
        faults = cycle(FAULTS)
        for number, (source, target) in enumerate(islice(cycle_pairs(files), count)):
            if number % 20 == 19:
                target = next(faults)(target, draw)
            sources.write(f"{source}\n")
            targets.write(f"{target}\n")


def cycle_pairs(files: list[Path] | None) -> Iterator[tuple[str, str]]:
    """The pairs of the files again and again, told apart by a number at the end of each round."""
    turn = 0
    while True:
        tail = f" {turn}" if turn else ""
        for source, target in invented() if files is None else read_files(files):
            yield source + tail, target + tail
        turn += 1


def read_files(files: list[Path]) -> Iterator[tuple[str, str]]:
    with opened(files[0]) as one, opened(files[1]) as other:
        for source, target in zip(one, other, strict=False):
            yield one_line(source), one_line(target)


def one_line(text: str) -> str:
    """Without what some programs take for the end of a line."""
    return " ".join(text.split())


def opened(path: Path) -> IO[str]:
    return (
        cast(IO[str], lzma.open(path, "rt", encoding="utf-8")) if path.suffix == ".xz" else path.open(encoding="utf-8")
    )


def invented() -> Iterable[tuple[str, str]]:
    draw = random.Random(2)
    letters = "aaaabcdeeeeeefghiiiiklmnnnooooprrsssttttuvwxy"
    words = ["".join(draw.choices(letters, k=draw.randint(1, 9))) for _ in range(20_000)]
    for _ in range(100_000):
        size = draw.randint(5, 40)
        source, target = (" ".join(draw.choices(words, k=size)) + "." for _ in range(2))
        yield source, target


if __name__ == "__main__":
    main()
