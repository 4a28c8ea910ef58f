"""How soon a search answers, and what the calls of an editor cost: ``python tests/benchmarks/bench_find.py``."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from posteditor.core.segment import Status
from posteditor.services.editing import EditingSession, FindQuery
from posteditor.services.transfer import create_project
from tests.benchmarks.made_corpus import NEEDLE, write_tsv

_CALLS = 500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", nargs="?", type=int, default=1_000_000)
    size = parser.parse_args().size
    with tempfile.TemporaryDirectory() as folder:
        file, project = Path(folder) / "made.tsv", Path(folder) / "made.postedit"
        write_tsv(file, size)
        create_project([file], project)
        start = time.perf_counter()
        session = EditingSession.open(project)
        print(f"{size:,} segments; opened in {(time.perf_counter() - start) * 1000:.1f} ms\n")
        with session:
            _searches(session)
            _calls(session, size)


def _searches(session: EditingSession) -> None:
    print(f"{'search':34} {'hits':>9} {'first ms':>9} {'all ms':>9}")
    queries = {
        "only in the last segment": FindQuery(NEEDLE),
        "the same in capitals": FindQuery(NEEDLE.upper()),
        "nowhere, ASCII": FindQuery("no such words"),
        "nowhere, Cyrillic": FindQuery("нигде"),
        "nowhere, Chinese": FindQuery("没有"),
        "two letters, everywhere": FindQuery("an"),
        "status new": FindQuery("", frozenset({Status.NEW})),
        "status confirmed, none": FindQuery("", frozenset({Status.CONFIRMED})),
    }
    for name, query in queries.items():
        start = time.perf_counter()
        first: float | None = None
        hits = 0
        for batch in session.find(query, start=1, should_stop=lambda: False):
            first = first or (time.perf_counter() - start) * 1000
            hits += len(batch)
        whole = (time.perf_counter() - start) * 1000
        print(f"{name:34} {hits:9,} {'-' if first is None else format(first, '.1f'):>9} {whole:9.1f}")


def _calls(session: EditingSession, size: int) -> None:
    middle = size // 2
    calls: dict[str, Callable[[int], object]] = {
        "rows (60 at a time)": lambda n: session.rows(range(middle + n, middle + n + 60)),
        "load": lambda n: session.load(middle + n),
        "save_draft": lambda n: session.save_draft(middle + n // 50, f"typed {n}"),
        "take": lambda n: session.take(middle + n, f"taken {n}", rewriter="r", edits=[]),
        "confirm (waits for the disk)": lambda n: session.confirm(middle + n, f"confirmed {n}"),
        "undo": lambda n: session.undo(middle + n),
        "next_open": lambda n: session.next_open(middle + n),
        "counts": lambda n: session.counts(),
    }
    print(f"\n{'call':34} {'median ms':>9} {'p95 ms':>9} {'max ms':>9}")
    for name, call in calls.items():
        times = []
        for number in range(_CALLS):
            start = time.perf_counter()
            call(number)
            times.append((time.perf_counter() - start) * 1000)
        times.sort()
        print(f"{name:34} {times[_CALLS // 2]:9.3f} {times[_CALLS * 95 // 100]:9.3f} {times[-1]:9.3f}")


if __name__ == "__main__":
    main()
