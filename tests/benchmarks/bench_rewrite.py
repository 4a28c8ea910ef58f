"""What the engines of ``rewrite`` cost: segments per second and peak memory with a rewriter that costs next to nothing.

Run: python tests/benchmarks/bench_rewrite.py [segments]. Memory that does not grow shows as a ratio near 1.
"own" is the processor time of a segment in the process that reads and writes, which bounds what a cluster can do.
The Ray engine works on a cluster that it starts on this machine; "all" is the memory of it all, without what is shared.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PLUGINS = Path(__file__).parents[1] / "plugins"
ENGINES = ("local", "ray")
SMALL = 10_000


def write_input(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("id\tsource\tmt\n")
        for number in range(1, count + 1):
            words = "the wrold of today " * (2 + number * 7 % 9)
            file.write(f"{number}\tel mundo de hoy {number}\tteh {words}{number}\n")


def rewrite(engine: str, source: Path, output: Path) -> None:
    """Rewrite, and print what it took."""
    from posteditor.services.ray_rewriting import RayOptions, rewrite_file_on_ray
    from posteditor.services.rewriting import RewriteOptions, rewrite_file

    times: list[tuple[float, float, int]] = []

    def tell(done: int, total: int | None = None, stage: str = "rewriting") -> None:
        if stage == "rewriting" and done:
            times.append((time.perf_counter(), time.process_time(), done))

    options = RewriteOptions(spec="toy")
    if engine == "ray":
        result = rewrite_file_on_ray([source], output, options, RayOptions("local"), on_progress=tell)
    else:
        result = rewrite_file([source], output, options, on_progress=tell)
    (first, cpu_first, before), (last, cpu_last, done) = times[0], times[-1]
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))
    rate = (done - before) / (last - first)
    cpu = (cpu_last - cpu_first) / (done - before) * 1e6
    print(json.dumps({"whole": result.segments / result.seconds, "rate": rate, "cpu": cpu, "peak": peak}))


def measured(engine: str, source: Path, output: Path) -> dict[str, float]:
    """The same in a process of its own, with the memory of all processes that it starts."""
    process = subprocess.Popen(
        [sys.executable, __file__, engine, str(source), str(output)],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(PLUGINS), os.environ.get("PYTHONPATH", "")]),
            "RAY_worker_niceness": "0",  # as the local engine runs, which other programs don't get ahead of
        },
        stdout=subprocess.PIPE,
    )
    together = 0.0
    while process.poll() is None:
        together = max(together, sum(map(memory, family(process.pid))))
        time.sleep(1)
    assert process.returncode == 0 and process.stdout is not None
    found: dict[str, float] = json.loads(process.stdout.read())
    return {**found, "all": together}


def family(ancestor: int) -> set[int]:
    """The process and all that it has started, directly or not."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(status.parent.name)] = int(status.read_text(encoding="latin-1").rpartition(")")[2].split()[1])
        except OSError:  # it has ended
            continue
    found = {ancestor}
    while more := {process for process, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def memory(process: int) -> float:
    """MiB, of which shared pages count in parts."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def content(output: Path) -> bytes:
    return output.read_bytes() if output.is_file() else b"".join(part.read_bytes() for part in sorted(output.iterdir()))


def main(large: int) -> None:
    heads = (
        f"{'segments':>10}{'a second':>10}{'with start':>12}{'own µs':>8}{'peak MiB':>10}{'ratio':>8}{'all MiB':>10}"
    )
    print(f"{'':8}{heads}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for count in (SMALL, large):
            write_input(folder / f"{count}.tsv", count)
        for engine in ENGINES:
            small = 0.0
            for count in (SMALL, large):
                found = measured(engine, folder / f"{count}.tsv", folder / f"{engine}.{count}.tsv")
                small = small or found["peak"]
                print(
                    f"{engine:8}{count:10,}{found['rate']:10,.0f}{found['whole']:12,.0f}{found['cpu']:8,.0f}"
                    f"{found['peak']:10.1f}{found['peak'] / small:8.2f}{found['all']:10.1f}",
                    flush=True,
                )
        here, there = (content(folder / f"{engine}.{large}.tsv") for engine in ENGINES)
        print("the outputs are the same" if here == there else "THE OUTPUTS DIFFER")


if __name__ == "__main__":
    if len(sys.argv) == 4:
        rewrite(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
