"""How fast a TSV file becomes a project, and how much memory that takes: ``python tests/benchmarks/bench_import.py``.

Each size runs in a process of its own, whose peak memory is what the system counted. CPU seconds beside the wall clock
show what other programs on the machine took away.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.made_corpus import write_tsv

_ONE_RUN = """
import json, resource, sys, time
from pathlib import Path
from posteditor.services.transfer import create_project
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start, cpu = time.perf_counter(), time.process_time()
report = create_project([Path(sys.argv[1])], Path(sys.argv[2]))
print(json.dumps({
    "segments": report.segments,
    "seconds": time.perf_counter() - start,
    "cpu": time.process_time() - cpu,
    "before": before / 1024,
    "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
}))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    sizes = parser.parse_args().sizes
    titles = ("seconds", "seg/s", "CPU s", "peak MB", "start MB", "file MB", "project")
    print(f"{'segments':>10} " + " ".join(f"{title:>9}" for title in titles))
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            file, project = Path(folder) / f"{size}.tsv", Path(folder) / f"{size}.postedit"
            write_tsv(file, size)
            done = subprocess.run(
                [sys.executable, "-c", _ONE_RUN, str(file), str(project)], stdout=subprocess.PIPE, check=True
            )
            result = json.loads(done.stdout)
            rate = result["segments"] / result["seconds"]
            ratio = project.stat().st_size / file.stat().st_size
            print(
                f"{size:10,} {result['seconds']:9.2f} {rate:9,.0f} {result['cpu']:9.2f} {result['peak']:9.0f} "
                f"{result['before']:9.0f} {file.stat().st_size / 1e6:9.0f} {ratio:8.2f}x"
            )
            file.unlink()
            project.unlink()


if __name__ == "__main__":
    main()
