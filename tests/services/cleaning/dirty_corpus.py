"""A corpus with all kinds of faults, and rules that find them; for the tests of cleaning."""

import json
from pathlib import Path
from typing import Any

from posteditor.formats.options import ReadOptions
from posteditor.services.cleaning.options import CleanOptions
from posteditor.services.cleaning.result import CleanResult
from posteditor.services.cleaning.running import clean_files

RULES = """
[[steps]]
fix = "mojibake"
[[steps]]
rule = "empty"
[[steps]]
rule = "identical"
[[steps]]
rule = "length_ratio"
max = 3
[[steps]]
rule = "numbers"
[[steps]]
rule = "duplicates"
near = false
"""

Pair = tuple[str, str]


def pairs(count: int) -> list[Pair]:
    """Pairs of which some have faults, each kind at its own places."""
    found: list[Pair] = []
    for number in range(1, count + 1):
        source, target = f"Das ist Satz Nummer {number} von vielen.", f"This is sentence number {number} of many."
        if number % 10 == 3:
            target = ""
        elif number % 10 == 5:
            source = target
        elif number % 10 == 6:
            target = target.replace(str(number), str(number + 1))
        elif number % 10 == 7:
            target = f"Caf\u00c3\u00a9 {target}"
        elif number % 10 == 8:
            target = target * 5
        elif number % 10 == 9 and number > 10:
            source, target = found[number - 10]
        found.append((source, target))
    return found


def kept(of: list[Pair]) -> list[Pair]:
    """What ought to be left of them."""
    left = []
    for number, (source, target) in enumerate(of, 1):
        if number % 10 in (1, 2, 4, 7, 0) or number == 9 or (number % 10 == 9 and number <= 10):
            left.append((source, target.replace("\u00c3\u00a9", "é")))
    return left


def write_tsv(path: Path, of: list[Pair]) -> Path:
    path.write_text("source\tmt\tx\n" + "".join(f"{one}\t{other}\t-\n" for one, other in of), encoding="utf-8")
    return path


def read_tsv(path: Path) -> list[Pair]:
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    assert header == "source\tmt\tx"
    return [(line.split("\t")[0], line.split("\t")[1]) for line in lines]


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def rules_file(folder: Path, text: str = RULES) -> Path:
    path = folder / "rules.toml"
    path.write_text(text, encoding="utf-8")
    return path


def clean(source: Path | list[Path], output: Path | list[Path], rules: str = RULES, **options: Any) -> CleanResult:
    sources, outputs = (each if isinstance(each, list) else [each] for each in (source, output))
    read = options.pop("read", ReadOptions())
    asked = CleanOptions(rules=rules_file(outputs[0].parent, rules), read=read, **{"jobs": 1} | options)
    return clean_files(sources, outputs, asked)
