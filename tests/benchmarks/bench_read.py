"""Segments per second and peak memory of reading and splicing, for 10,000 and 1,000,000 segments of each format.

Run: python tests/benchmarks/bench_read.py [segments]. Memory that does not grow with the file shows as a ratio near 1.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from posteditor.core.segment import Segment
from posteditor.formats.compression import file_opener
from posteditor.formats.options import ReadOptions
from posteditor.formats.reading import open_segments
from posteditor.formats.splicing import splice
from posteditor.formats.writing import write_segments

FILES = ("tsv", "csv", "jsonl", "txt", "tsv.gz", "tsv.zst", "tsv.xz")
TEXT = "the council of a small town has “decided” after long talks, to close its market square für Autos"


def made_up(count: int) -> Iterator[Segment]:
    words = TEXT.split()
    choose = Random(1).choices
    for position in range(1, count + 1):
        mt, source = " ".join(choose(words, k=11)), " ".join(choose(words, k=12))
        yield Segment(position, mt, source, references=(source,), id=f"s{position}")


def rows(path: Path) -> int:
    with open_segments([path]) as reader:
        return sum(map(len, reader.iter_rows()))


def segments(path: Path) -> int:
    with open_segments([path]) as reader:
        return sum(1 for _ in reader)


def splicing(path: Path) -> int:
    """A new target for every third segment."""
    changes = ((position, "new") for position in range(1, int(path.name.split(".")[0]), 3))
    with Path(os.devnull).open("wb") as out:
        return splice([file_opener(path)], [str(path)], ReadOptions(), changes, out).segments


WORK: dict[str, Callable[[Path], int]] = {"rows": rows, "segments": segments, "splicing": splicing}


def measured(work: str, path: Path) -> tuple[float, float, float]:
    """Segments per second, per second of CPU time, and peak memory in MiB, in a process of its own."""
    out = subprocess.run([sys.executable, __file__, work, str(path)], capture_output=True, text=True, check=True)
    rate, cpu_rate, memory = json.loads(out.stdout)
    return rate, cpu_rate, memory


def measure(work: str, path: Path) -> None:
    start, cpu = time.perf_counter(), time.process_time()
    count = WORK[work](path)
    seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu
    print(json.dumps([count / seconds, count / cpu_seconds, peak_mib()]))


def peak_mib() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def main(large: int) -> None:
    print(f"{'':18}{'segments/s':>24}{'per CPU s':>12}{'peak MiB':>20}{'ratio':>8}")
    print(f"{'':18}{'10,000':>12}{large:>12,}{large:>12,}{'10,000':>10}{large:>10,}")
    with tempfile.TemporaryDirectory() as folder:
        for suffix in FILES:
            paths = [Path(folder) / f"{count}.{suffix}" for count in (10_000, large)]
            for count, path in zip((10_000, large), paths, strict=True):
                write_segments(made_up(count), path, columns=("id", "source", "mt", "reference"))
            for work in WORK if "." not in suffix else ("rows",):
                (few, _, few_memory), (many, cpu_rate, memory) = (measured(work, path) for path in paths)
                print(
                    f"{suffix:8}{work:10}{few:12,.0f}{many:12,.0f}{cpu_rate:12,.0f}"
                    f"{few_memory:10.1f}{memory:10.1f}{memory / few_memory:8.2f}"
                )
            for path in paths:
                path.unlink()


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measure(sys.argv[1], Path(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
