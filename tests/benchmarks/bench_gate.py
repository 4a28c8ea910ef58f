"""What the gate withdraws of human post-edits, what it catches of planted faults, and what it costs.

Run as ``python tests/benchmarks/bench_gate.py --data FOLDER`` with the folder of MLQE-PE and the Kyoto revisions
(``mlqe-pe.dev.tsv.xz``, ``kyoto-revisions.dev.tsv.xz``). The rules are tuned on the even halves; the odd halves are
what the README reports. Without the folder only the challenge set and the costs are shown.
"""

import argparse
import csv
import lzma
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).parents[2]))
from posteditor.core.diff import word_diff
from posteditor.core.segment import Segment
from posteditor.core.suggestion import Suggestion, suggestion_from_edits
from posteditor.rewriters.gate import RULE_NAMES, Gate, rule_of
from posteditor.training.pairs import content_hash
from tests.benchmarks.gate_faults import FAULTS, Case, kept_strings, ordinary_words, pool_of

CHALLENGE = Path(__file__).parents[2] / "corpora" / "challenge" / "challenge.tsv"
FILES = ("mlqe-pe.dev.tsv.xz", "kyoto-revisions.dev.tsv.xz")
NEAR = ("et-en", "ro-en", "ru-en", "kyoto")
"""The sets taken together; the post-edits of the others are next to new translations."""
GATE = Gate()
Halves = dict[str, list[Case]]


def judge(case: Case) -> Suggestion:
    """What the gate makes of a rewrite."""
    segment = Segment(1, case.mt, case.source, before=case.before)
    return GATE.judge(segment, suggestion_from_edits(case.mt, word_diff(case.mt, case.rewrite), "bench"))


def read_sets(folder: Path) -> tuple[Halves, Halves]:
    """The even and the odd halves of all sets, each by the name of the set."""
    even: Halves = {}
    odd: Halves = {}
    for name, case in _cases(folder):
        (odd if content_hash(case.mt) % 2 else even).setdefault(name, []).append(case)
    return even, odd


def _cases(folder: Path) -> Iterator[tuple[str, Case]]:
    for row in _rows(folder / FILES[0]):
        yield row["pair"], Case(row["mt"].strip(), row["pe"].strip(), row["source"].strip() or None)
    for row in _rows(folder / FILES[1]):
        yield "kyoto", Case(row["draft"].strip(), row["revised"].strip())


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with lzma.open(path, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def challenge_rows() -> list[dict[str, str]]:
    """The rows of the challenge set."""
    with CHALLENGE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def print_vetoes(title: str, sets: Halves) -> None:
    """The share of hunks, and of changed segments, that each rule withdraws."""
    hunks: dict[str, Counter[str]] = {}
    segments: dict[str, Counter[str]] = {}
    for name, cases in sets.items():
        groups = [name, "all near"] if name in NEAR else [name]
        for case in cases:
            edits = word_diff(case.mt, case.rewrite)
            if not edits:
                continue
            rules = [rule_of(refused.reason) for refused in judge(case).refused]
            for group in groups:
                hunks.setdefault(group, Counter()).update([*rules, *["all"] * len(edits)])
                segments.setdefault(group, Counter()).update({*rules, "all"})
    for what, counts in (("hunks", hunks), ("changed segments", segments)):
        print(f"\n{title}: share of the {what} of human post-edits that are withdrawn")
        print(f"{'':20}" + "".join(f"{name:>12}" for name in counts))
        print(f"{'(of)':20}" + "".join(f"{of['all']:12,}" for of in counts.values()))
        for rule in RULE_NAMES:
            print(f"{rule:20}" + "".join(f"{of[rule] / of['all']:12.1%}" for of in counts.values()))


def print_catches(title: str, sets: Halves, sample: int, seed: int) -> None:
    """The share of planted faults that are withdrawn, each planted into a post-edit that the gate lets through."""
    clean = {name: [case for case in cases if not judge(case).refused] for name, cases in sets.items()}
    ordinary = ordinary_words(case for cases in sets.values() for case in cases)
    pools = {name: pool_of(cases, ordinary) for name, cases in clean.items()}
    print(f"\n{title}: share of planted faults that are withdrawn")
    print(f"{'rule':20}{'fault':24}{'planted':>10}{'by it':>10}{'by any':>10}")
    for rule, plants in FAULTS.items():
        totals: Counter[str] = Counter()
        for kind, plant in plants.items():
            counts: Counter[str] = Counter()
            rng = random.Random(f"{seed} {rule} {kind}")
            for name in clean:
                planted = 0
                for case in rng.sample(clean[name], len(clean[name])):
                    faulty = plant(case, pools[name], rng)
                    if planted == sample:
                        break
                    if faulty is None or faulty.rewrite == faulty.mt or faulty == case:
                        continue
                    planted += 1
                    reasons = {rule_of(refused.reason) for refused in judge(faulty).refused}
                    counts.update({"planted": 1, "own": rule in reasons, "any": bool(reasons)})
            totals += counts
            _print_catch(rule, kind, counts)
        _print_catch(rule, "", totals)


def _print_catch(rule: str, kind: str, counts: Counter[str]) -> None:
    planted = counts["planted"]
    shares = "".join(f"{counts[name] / planted if planted else 0:10.1%}" for name in ("own", "any"))
    print(f"{rule if not kind else '':20}{kind or 'all':24}{planted:10,}{shares}")


def print_challenge() -> None:
    """What is withdrawn of the challenge set's corrections, and of what its guards forbid."""
    rows = challenge_rows()
    corrections = [Case(row["mt"], row[name]) for row in rows for name in ("reference", "reference_2") if row[name]]
    refused = Counter(rule for case in corrections for rule in {rule_of(item.reason) for item in judge(case).refused})
    listed = ", ".join(f"{rule} {count}" for rule, count in refused.most_common()) or "nothing"
    print(f"\nchallenge set, {len(corrections)} corrections; withdrawn from them: {listed}")
    counts: dict[str, Counter[str]] = {}
    guards = [(row["category"], row["mt"], row["keep"].split(" | ")) for row in rows if row["keep"]]
    for category, case in kept_strings(guards):
        counts.setdefault(category, Counter()).update({"planted": 1, "caught": bool(judge(case).refused)})
    for category, of in counts.items():
        print(f"{category:20}{of['planted']:10} strings taken out, {of['caught']} caught")


def print_costs(sets: Halves) -> None:
    """Milliseconds a segment by its length; processor time, the best of five turns through all."""
    cases = [case for name in NEAR for case in sets.get(name, []) if case.mt != case.rewrite]
    if not cases:
        cases = [Case(row["mt"], row["reference"]) for row in challenge_rows() if row["mt"] != row["reference"]]
    prepared = [
        (Segment(1, case.mt, case.source), suggestion_from_edits(case.mt, word_diff(case.mt, case.rewrite), "bench"))
        for case in cases
    ]
    times = [float("inf")] * len(prepared)
    for _ in range(5):
        for index, (segment, suggestion) in enumerate(prepared):
            started = time.thread_time()
            GATE.judge(segment, suggestion)
            times[index] = min(times[index], (time.thread_time() - started) * 1e3)
    print(f"\n{'words':>10}{'segments':>10}{'median ms':>12}{'p95 ms':>10}")
    for low, high in ((5, 15), (15, 22), (22, 29), (29, 45), (45, 500)):
        of = [spent for spent, case in zip(times, cases, strict=True) if low <= len(case.mt.split()) < high]
        if len(of) > 1:
            print(f"{f'{low}-{high - 1}':>10}{len(of):10,}{median(of):12.3f}{quantiles(of, n=20)[-1]:10.3f}")


def print_long_texts() -> None:
    """Milliseconds for long texts, made of the challenge set's."""
    rows = challenge_rows()
    print(f"\n{'words':>10}{'hunks':>10}{'ms':>12}")
    for count in (5, 20, 200):
        mt = " ".join(row["mt"] for row in rows[:count])
        suggestion = suggestion_from_edits(
            mt, word_diff(mt, " ".join(row["reference"] for row in rows[:count])), "bench"
        )
        started = time.thread_time()
        GATE.judge(Segment(1, mt), suggestion)
        spent = (time.thread_time() - started) * 1e3
        print(f"{len(mt.split()):10,}{len(suggestion.edits):10,}{spent:12.1f}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder of the development sets")
    parser.add_argument("--half", choices=("even", "odd", "both"), default="both")
    parser.add_argument("--sample", type=int, default=100, help="faults of each kind planted in each set")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sets: dict[str, Halves] = {}
    if options.data is None or not all((options.data / name).is_file() for name in FILES):
        where = "no --data FOLDER was given" if options.data is None else f"{options.data} does not have them"
        print(f"The development sets ({', '.join(FILES)}) are missing: {where}. Veto and catch rates are left out.")
    else:
        sets = dict(zip(("even", "odd"), read_sets(options.data), strict=True))
    for half, of_half in sets.items():
        if options.half in (half, "both"):
            print_vetoes(f"{half} halves", of_half)
            print_catches(f"{half} halves", of_half, options.sample, options.seed)
    print_challenge()
    print_costs(sets.get("even", {}))
    print_long_texts()


if __name__ == "__main__":
    main()
