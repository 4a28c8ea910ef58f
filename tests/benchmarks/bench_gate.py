"""What the gate costs per segment, what it catches of planted faults, and what it refuses of human post-edits.

Run as ``python tests/benchmarks/bench_gate.py [--pairs FILE.tsv --mt COLUMN --post-edit COLUMN [--source COLUMN]]``.
The pairs (a TSV file with a header) are needed for the last two tables; a plain run times sentences of made-up words.
"""

import argparse
import csv
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median, quantiles

from posteditor.core.diff import word_diff
from posteditor.core.segment import Segment
from posteditor.core.suggestion import Edit, Suggestion, suggestion_from_edits
from posteditor.rewriters.gate import RULE_NAMES, Gate, rule_of

VOCABULARY = "the house of a garden went slowly not 5 1990 Anna Paris saw and his large dog under (old) trees"
Pair = tuple[str, str, str | None]


def judge(mt: str, edits: Sequence[Edit], source: str | None) -> Suggestion:
    """What the gate makes of these edits."""
    return Gate().judge(Segment(1, mt, source), suggestion_from_edits(mt, edits, "bench"))


def print_costs(rng: random.Random) -> None:
    """Milliseconds per segment by length, one word in eight changed."""
    vocabulary = VOCABULARY.split()
    print(f"{'words':>8}{'hunks':>8}{'median ms':>12}{'p95 ms':>10}")
    for length in (12, 25, 50, 400, 3000):
        times, hunks = [], []
        for _ in range(max(20, 4000 // length)):
            words = [rng.choice(vocabulary) for _ in range(length)]
            changed = [rng.choice(vocabulary) if rng.random() < 1 / 8 else word for word in words]
            mt = " ".join(words)
            edits = word_diff(mt, " ".join(changed))
            started = time.perf_counter()
            judge(mt, edits, None)
            times.append((time.perf_counter() - started) * 1e3)
            hunks.append(len(edits))
        print(f"{length:8}{median(hunks):8.0f}{median(times):12.3f}{quantiles(times, n=20)[-1]:10.3f}")


def read_pairs(path: Path, mt: str, post_edit: str, source: str | None) -> list[Pair]:
    """The changed pairs of the file."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row[mt], row[post_edit], row[source] if source else None) for row in rows if row[mt] != row[post_edit]]


def print_vetoes(pairs: Sequence[Pair]) -> None:
    """The share of segments and of hunks that each rule refuses of human post-edits."""
    segments: Counter[str] = Counter()
    hunks: Counter[str] = Counter()
    total = 0
    for mt, post_edit, source in pairs:
        edits = word_diff(mt, post_edit)
        total += len(edits)
        rules = [rule_of(refused.reason) for refused in judge(mt, edits, source).refused]
        segments.update(set(rules))
        hunks.update(rules)
    print(f"\n{len(pairs):,} human post-edits, {total:,} hunks\n{'rule':20}{'segments':>10}{'hunks':>10}")
    for rule in RULE_NAMES:
        print(f"{rule:20}{segments[rule] / len(pairs):10.1%}{hunks[rule] / max(1, total):10.1%}")


def other_number(match: re.Match[str]) -> str:
    """Another number of as many digits."""
    return str((int(match.group()) + 1) % 10 ** len(match.group())).rjust(len(match.group()), "1")


FAULTS: dict[str, Callable[[str], str]] = {
    "number changed": lambda text: re.sub(r"\d+", other_number, text, count=1),
    "number dropped": lambda text: re.sub(r"\s\d+", "", text, count=1),
    "negation dropped": lambda text: re.sub(r"\s(not|never|no)\b|n't\b", "", text, count=1),
    "negation added": lambda text: re.sub(r"\b(is|was|are|were|will|can)\b", r"\1 not", text, count=1),
    "name dropped": lambda text: re.sub(r"(?<=[a-z] )[A-Z][a-z]{3,} ", "", text, count=1),
    "name changed": lambda text: re.sub(r"(?<=[a-z] )[A-Z][a-z]{3,}\b", "Xavier", text, count=1),
    "bracket dropped": lambda text: re.sub(r"\)", "", text, count=1),
    "quote dropped": lambda text: re.sub(r'"', "", text, count=1),
}


def print_catches(pairs: Sequence[Pair]) -> None:
    """The share of planted faults that are refused, each planted into a post-edit that the gate lets through."""
    print(f"\n{'planted fault':20}{'planted':>10}{'caught':>10}")
    for name, plant in FAULTS.items():
        planted = caught = 0
        for mt, faulty in _faulty(pairs, plant):
            planted += 1
            caught += judge(mt, word_diff(mt, faulty), None).text != faulty
        print(f"{name:20}{planted:10,}{caught / max(1, planted):10.1%}")


def _faulty(pairs: Sequence[Pair], plant: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    for mt, post_edit, _ in pairs:
        faulty = plant(post_edit)
        if faulty != post_edit and not judge(mt, word_diff(mt, post_edit), None).refused:
            yield mt, faulty


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path)
    parser.add_argument("--mt", default="mt")
    parser.add_argument("--post-edit", default="target")
    parser.add_argument("--source")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print_costs(random.Random(options.seed))
    if options.pairs:
        pairs = read_pairs(options.pairs, options.mt, options.post_edit, options.source)
        print_vetoes(pairs)
        print_catches(pairs)


if __name__ == "__main__":
    main()
