"""Reading and splicing XLIFF 1.2 beside translate-toolkit: ``python tests/benchmarks/bench_xliff.py``.

Seconds are those of the processor, memory is the greatest resident set; each side of each line is a process of its own.
translate-toolkit builds the whole tree and gives a target's text without its inline tags; we keep and number them.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

_WORDS = [first + second for first in ("ka", "lo", "mi", "nu", "se", "ta") for second in ("ra", "ven", "dol", "sim")]
_OURS_READ = """
import sys; from pathlib import Path; from posteditor.formats.reading import open_segments
with open_segments([Path(sys.argv[1])]) as reader:
    print(sum(len(rows) for rows in reader.iter_rows()))
"""
_THEIRS_READ = """
import sys; from translate.storage.xliff import xlifffile
print(sum(1 for unit in xlifffile.parsefile(sys.argv[1]).units if (unit.source, unit.target, unit.isapproved())))
"""
_OURS_SPLICED = """
import sys; from pathlib import Path
from posteditor.core.segment import Status
from posteditor.formats.compression import file_opener
from posteditor.formats.documents import splice_document
from posteditor.formats.options import ReadOptions
from posteditor.formats.records import Change
path = Path(sys.argv[1])
changes = (Change(n, "neu", Status.CONFIRMED) for n in range(1, int(sys.argv[2]) + 1, 10))
with open(sys.argv[1] + ".out", "wb") as out:
    print(splice_document("xliff", file_opener(path), str(path), ReadOptions(), changes, out).segments)
"""
_THEIRS_SPLICED = """
import sys; from translate.storage.xliff import xlifffile
store = xlifffile.parsefile(sys.argv[1])
for number, unit in enumerate(store.units):
    if number % 10 == 0:
        unit.target = "neu"
        unit.marktranslated()
store.savefile(sys.argv[1] + ".out")
print(len(store.units))
"""


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=100_000)
    options = parser.parse_args()
    print(f"{'':34} {'units a s':>10} {'theirs':>10} {'times':>6} {'MB':>6} {'theirs':>7}")
    with tempfile.TemporaryDirectory() as folder:
        for share in (0.0, 0.1, 1.0):
            path = Path(folder) / "made.xlf"
            _make(path, options.units, share)
            for name, ours, theirs in (("read", _OURS_READ, _THEIRS_READ), ("spliced", _OURS_SPLICED, _THEIRS_SPLICED)):
                if name == "spliced" and share:
                    continue
                seconds, megabytes = _run(ours, path, options.units)
                their_seconds, their_megabytes = _run(theirs, path, options.units)
                speeds = f"{options.units / seconds:10,.0f} {options.units / their_seconds:10,.0f}"
                sizes = f"{megabytes:6.0f} {their_megabytes:7.0f}"
                what = f"{name}, {share:.0%} of the units with tags"
                print(f"{what:34} {speeds} {their_seconds / seconds:6.2f} {sizes}")


def _make(path: Path, count: int, share: float) -> None:
    draw = random.Random(count)
    with path.open("w", encoding="utf-8") as out:
        out.write(
            '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">\n'
            '<file original="a" source-language="en" target-language="de" datatype="plaintext">\n<body>\n'
        )
        for number in range(count):
            source, target = (" ".join(draw.choices(_WORDS, k=18)) for _ in range(2))
            if draw.random() < share:
                source, target = (f'<g id="1">{text}</g> <x id="2"/>' for text in (source, target))
            out.write(
                f'<trans-unit id="u{number}">\n  <source>{source}</source>\n'
                f'  <target state="needs-review-translation">{target}</target>\n</trans-unit>\n'
            )
        out.write("</body>\n</file>\n</xliff>\n")


def _run(program: str, path: Path, count: int) -> tuple[float, float]:
    """Seconds of the processor, and megabytes."""
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(path), str(count)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    found = process.stdout.read().strip()
    _, status, usage = os.wait4(process.pid, 0)
    if status or found != str(count):
        raise SystemExit(f"{found or 'nothing'} instead of {count} units (status {status})")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
