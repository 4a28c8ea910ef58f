"""Memory and time of a benchmark by the number of segments: ``python tests/benchmarks/bench_benchmark.py``.

The rewriter is the toy plug-in of the tests, which changes about a fifth of the segments and costs next to nothing, so
that what is seen is the benchmark's own. Each run is a process of its own; memory is its greatest resident set.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_PLUGINS = Path(__file__).parents[1] / "plugins"
_WORDS = [first + second for first in ("ka", "lo", "mi", "nu", "se", "ta") for second in ("ra", "ven", "dol", "sim")]


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    options = parser.parse_args()
    print(f"{'segments':>10} {'seconds':>8} {'a second':>9} {'peak MB':>8} {'of the first':>13}")
    first = 0.0
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "made.tsv"
            _make(path, size)
            seconds, peak = _run(path, Path(folder) / "run")
        first = first or peak
        print(f"{size:10,} {seconds:8.1f} {size / seconds:9,.0f} {peak / 1e6:8.0f} {peak / first:13.2f}")


def _make(path: Path, size: int) -> None:
    draw = random.Random(size)
    with path.open("w", encoding="utf-8") as out:
        out.write("mt\treference\n")
        for _ in range(size):
            words = [draw.choice(_WORDS) for _ in range(draw.randint(6, 34))]
            garbled = [draw.choice(_WORDS) if draw.random() < 0.1 else word for word in words]
            if draw.random() < 0.2:
                garbled[0], words[0] = "teh", "the"
            out.write(f"{' '.join(garbled)}.\t{' '.join(words)}.\n")


def _run(path: Path, run: Path) -> tuple[float, float]:
    """Seconds and bytes."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "posteditor", "bench", str(path), "--model", "toy", "-o", str(run)],
        env=os.environ | {"PYTHONPATH": str(_PLUGINS)},
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"the benchmark ended with status {status}")
    return time.perf_counter() - started, usage.ru_maxrss * 1024


if __name__ == "__main__":
    main()
