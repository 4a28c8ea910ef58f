"""Paired tests of several systems beside sacrebleu's own command line, both cold from the same text files.

Run as ``python tests/benchmarks/bench_significance.py [--texts FILE]``. Sentences of FILE, one a line, or else made-up
ones, are the references; every system is a garbled copy, each one more than the one before, the first ones by so little
that chance may explain it. Our side reads the files,
counts, tests and prints JSON in a process of its own, as ``sacrebleu ... --paired-bs -f json`` does, once with as many
worker processes as it thinks fit and once without any. Every score, p-value, mean and interval is compared.

sacrebleu 2.6 can't write the JSON of chrF and TER, whose means are numpy's float32: its command line is run with an
encoder that writes those as the numbers they are.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

METRICS = {"bleu": "BLEU", "chrf": "chrF2", "ter": "TER"}
"""Our names, and the headings of sacrebleu's table."""
COMPARED = ("score", "p_value", "mean", "ci")
DRAWS = {"bs": 1000, "ar": 10_000}

_SACREBLEU = """
import json
json.JSONEncoder.default = lambda self, number: number.item()
from sacrebleu.sacrebleu import main
main()
"""

Rows = Sequence[Mapping[str, Any]]
"""One system each: its name, and its values by heading."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 when a number differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, help="a file with one sentence a line")
    parser.add_argument("--segments", type=int, default=2000)
    parser.add_argument("--systems", type=int, default=10)
    parser.add_argument("--kind", choices=DRAWS, default="bs", help="bootstrap or approximate randomisation")
    parser.add_argument("--draws", type=int, help="resamples or trials; sacrebleu's defaults")
    parser.add_argument("--least", type=float, default=0.2, help="share of words garbled in the first system")
    parser.add_argument("--most", type=float, default=0.5, help="share of words garbled in the last system")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ours", type=int, metavar="WORKERS", help=argparse.SUPPRESS)
    parser.add_argument("files", nargs="*", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    options.draws = options.draws or DRAWS[options.kind]
    if options.ours is not None:
        print(json.dumps(ours(options.files, options.kind, options.draws, options.ours or None)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        files = write_texts(Path(folder), options)
        return compare(files, options)


def ours(files: Sequence[str], kind: str, draws: int, workers: int | None) -> Rows:
    """What our product makes of the references' file and the systems', as sacrebleu lays it out."""
    from posteditor.scoring.many_systems import systems_statistics
    from posteditor.scoring.metrics import create_metrics
    from posteditor.scoring.significance import approximate_randomisation, paired_bootstrap

    wanted, *systems = (
        [line.rstrip() for line in Path(file).read_text(encoding="utf-8").split("\n")[:-1]] for file in files
    )
    tables = systems_statistics(list(METRICS), systems, [(one,) for one in wanted], workers=workers)
    rows: list[dict[str, Any]] = [{"system": file} for file in files[1:]]
    for number, metric in enumerate(create_metrics(METRICS)):
        baseline, *others = (of_system[number] for of_system in tables)
        if kind == "bs":
            results = paired_bootstrap(metric, baseline, others, resamples=draws)
        else:
            results = approximate_randomisation(metric, baseline, others, trials=draws)
        first = results[0].baseline
        entries = [(results[0].baseline_value, None, first)] + [(one.value, one.p_value, one.system) for one in results]
        for row, (score, p_value, resampled) in zip(rows, entries, strict=True):
            mean, half_width = (None, None) if resampled is None else (resampled.mean, resampled.half_width)
            row[METRICS[metric.name]] = {"score": score, "p_value": p_value, "mean": mean, "ci": half_width}
    return rows


def compare(files: Sequence[Path], options: argparse.Namespace) -> int:
    """Run both sides on the files and print what came out."""
    draws = [f"--paired-{options.kind}", f"--paired-{options.kind}-n", str(options.draws)]
    theirs = [sys.executable, "-c", _SACREBLEU, str(files[0]), "-i", *map(str, files[1:]), "-m", *METRICS]
    mine = [sys.executable, __file__, "--kind", options.kind, "--draws", str(options.draws), *map(str, files), "--ours"]
    expected, their_seconds, their_cpu = timed([*theirs, *draws, "-f", "json", "-q"])
    print(f"{options.systems} systems x {options.segments} segments, {', '.join(METRICS)}, {options.draws} draws")
    print(f"{'':28} {'seconds':>8} {'ratio':>6} {'of CPU':>8} {'ratio':>6}  {'equal values':>12} {'most apart':>10}")
    print(f"{'sacrebleu':28} {their_seconds:8.2f} {'':6} {their_cpu:8.2f}")
    differing = 0
    for label, workers in (("posteditor", 0), ("posteditor, one process", 1)):
        found, seconds, cpu = timed([*mine, str(workers)])
        differences = list(differences_between(expected, found))
        unequal = sum(difference != 0 for difference in differences)
        differing += unequal
        print(
            f"{label:28} {seconds:8.2f} {their_seconds / seconds:6.1f} {cpu:8.2f} {their_cpu / cpu:6.1f}  "
            f"{len(differences) - unequal:5} / {len(differences):4} {max(differences):10.3g}"
        )
    for name, heading in METRICS.items():
        print(f"{name:5}", *(f"{row[heading]['score']:.2f} (p {row[heading]['p_value'] or 1:.4f})" for row in expected))
    return 1 if differing else 0


def timed(command: Sequence[str]) -> tuple[Rows, float, float]:
    """What a command printed, its seconds, and those of the processor, its own processes included."""
    environment = {name: value for name, value in os.environ.items() if name != "SACREBLEU_SEED"}
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment, cwd=ROOT)
    seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(done.stdout), seconds, cpu


def differences_between(expected: Rows, found: Rows) -> list[float]:
    """The distance of every number from its counterpart; infinite where only one side has one."""
    differences = []
    for theirs, mine in zip(expected, found, strict=True):
        for heading in METRICS.values():
            for name in COMPARED:
                pair = theirs[heading][name], mine[heading][name]
                if pair != (None, None):
                    differences.append(float("inf") if None in pair else abs(pair[0] - pair[1]))
    return differences


def write_texts(folder: Path, options: argparse.Namespace) -> list[Path]:
    """Files of the references and of the systems, one sentence a line."""
    draw = random.Random(options.seed)
    wanted = sentences(draw, options.texts, options.segments)
    vocabulary = [word for sentence in wanted for word in sentence]
    files = [folder / "references"]
    contents = [wanted]
    for number in range(options.systems):
        share = options.least + (options.most - options.least) * (number / max(1, options.systems - 1)) ** 3
        files.append(folder / f"system{number + 1}")
        contents.append([garbled(draw, sentence, share, vocabulary) for sentence in wanted])
    for file, lines in zip(files, contents, strict=True):
        file.write_text("".join(f"{' '.join(words)}\n" for words in lines), encoding="utf-8", newline="\n")
    return files


def sentences(draw: random.Random, file: Path | None, count: int) -> list[list[str]]:
    """The words of so many sentences: the first ones of the file, or made-up ones of unevenly frequent words."""
    if file is not None:
        lines = [line.split() for line in file.read_text(encoding="utf-8").split("\n") if line.strip()]
        if len(lines) < count:
            raise SystemExit(f"{file} has {len(lines)} sentences, {count} wanted")
        return lines[:count]
    letters = "aaaabcdeeeeeefghiiiiklmnnnooooprrsssttttuvwxy"
    words = ["".join(draw.choices(letters, k=draw.randint(1, 9))) for _ in range(20_000)]
    # The most frequent word is then one in 27, about as in English.
    made = ([words[int(draw.random() ** 3 * len(words))] for _ in range(draw.randint(5, 40))] for _ in range(count))
    return [[*sentence[:-1], f"{sentence[-1]}."] for sentence in made]


def garbled(draw: random.Random, sentence: Sequence[str], share: float, vocabulary: Sequence[str]) -> list[str]:
    """The sentence with about that share of its words dropped, replaced, joined by others, or moved in blocks."""
    text: list[str] = []
    for word in sentence:
        fate = draw.random() / share
        if fate < 0.25:
            continue
        text.append(draw.choice(vocabulary) if fate < 0.5 else word)
        if 0.5 < fate < 0.65:
            text.append(draw.choice(vocabulary))
    for _ in range(sum(draw.random() < 0.15 * share for _ in sentence)):
        start, to = draw.randrange(len(text) + 1), draw.randrange(len(text) + 1)
        block = text[start : start + draw.randint(1, 4)]
        del text[start : start + len(block)]
        text[to:to] = block
    return text


if __name__ == "__main__":
    sys.exit(main())
