"""Duplicates on the disk and in memory: ``nice python tests/benchmarks/bench_duplicates.py [--pairs 10000000]``.

Made-up pairs, one in ten an exact copy of an earlier one, one in twenty with one word of some 36 exchanged, one in
twenty with a word on either side (whose similarity is about the threshold, so that it is right to leave some). Each row
is a process of its own; making the pairs counts for nothing. Memory is what the process took at most beyond what it had
taken when all was imported. datasketch is the usual library for it (``pip install datasketch``).
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from posteditor.cleaning.duplicates import DuplicateFinder, DuplicateSettings
from posteditor.cleaning.duplicates.mixing import mixed
from posteditor.cleaning.splitting import SplitAssigner

_BATCH = 2000
_WORDS_MOST = 24
_NEW, _EXACT, _NEAR_1, _NEAR_2 = range(4)
_NAMES = {_EXACT: "exact", _NEAR_1: "1 word", _NEAR_2: "2 words"}
_SIZES = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
_LETTERS = np.array(list("aaaabcdeeeeeefghiiiiklmnnnooooprrsssttttuvwxy"))


def _hash(values: NDArray[np.uint64], salt: int) -> NDArray[np.uint64]:
    return mixed(mixed(values + np.uint64(salt << 40)) + np.uint64(0x9E3779B97F4A7C15))


def _vocabulary() -> list[str]:
    draw = np.random.default_rng(1)
    return ["".join(draw.choice(_LETTERS, draw.integers(1, 10))) for _ in range(50_000)]


def kinds(numbers: NDArray[np.uint64]) -> NDArray[np.int64]:
    """What each pair is; the first ones are all new."""
    tenth = (_hash(numbers, 1) % np.uint64(20)).astype(np.int64)
    made = np.select([tenth < 2, tenth < 3, tenth < 4], [_EXACT, _NEAR_1, _NEAR_2], _NEW)
    made[numbers < 100] = _NEW
    return made


def origins(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The new pair that each is a copy of; itself if it is new."""
    found = numbers.copy()
    while (copies := kinds(found) != _NEW).any():
        found[copies] = _hash(found[copies], 2) % found[copies]
    return found


def batches(count: int) -> Iterator[tuple[list[int], list[str], list[str]]]:
    words = _vocabulary()
    for start in range(0, count, _BATCH):
        numbers = np.arange(start, min(start + _BATCH, count), dtype=np.uint64)
        yield numbers.astype(np.int64).tolist(), _texts(numbers, 0, words), _texts(numbers, 1, words)


def _texts(numbers: NDArray[np.uint64], side: int, words: list[str]) -> list[str]:
    bases = origins(numbers)
    columns = np.arange(_WORDS_MOST, dtype=np.uint64)[None, :]
    chosen = _hash(bases[:, None] * np.uint64(64) + columns + np.uint64(32 * side), 3) % np.uint64(len(words))
    lengths = 12 + (_hash(bases, 4 + side) % np.uint64(_WORDS_MOST - 11)).astype(np.int64)
    changed = np.flatnonzero(kinds(numbers) >= (_NEAR_1, _NEAR_2)[side])
    places = (_hash(numbers[changed], 6) % lengths[changed].astype(np.uint64)).astype(np.int64)
    chosen[changed, places] = _hash(numbers[changed], 7 + side) % np.uint64(len(words))
    rows = zip(chosen.tolist(), lengths.tolist(), strict=True)
    return [" ".join([words[word] for word in row[:length]]) for row, length in rows]


@dataclass
class Result:
    seconds: float
    cpu_seconds: float
    memory: int
    gone: dict[str, int]
    """Of each kind of pair, how many were found."""
    planted: dict[str, int]
    wrong: int
    """New pairs that were found."""
    note: str = ""


class _Clock:
    """Wall and processor time of the parts that count."""

    def __init__(self) -> None:
        self.wall = self.cpu = 0.0

    def __enter__(self) -> None:
        self._started = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        self.wall += time.perf_counter() - self._started[0]
        self.cpu += time.process_time() - self._started[1]


def _on_disk(count: int, memory: int, clock: _Clock) -> tuple[NDArray[np.uint64], str]:
    with tempfile.TemporaryDirectory() as folder, DuplicateFinder(Path(folder), DuplicateSettings(), memory) as finder:
        for positions, sources, targets in batches(count):
            with clock:
                finder.add_batch(positions, sources, targets)
        added = clock.wall
        on_disk = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
        with clock:
            gone = np.fromiter((one.position for one in finder.finish()), np.uint64)
        finding = clock.wall - added
        return gone, f"fingerprints {added:.0f} s, finding {finding:.0f} s, {on_disk / count:.0f} B a pair on the disk"


def _splits(count: int, memory: int, clock: _Clock) -> tuple[NDArray[np.uint64], str]:
    """Pairs that stand in another split than what they are copies of count as not found."""
    shares = {"train": 0.98, "dev": 0.01, "test": 0.01}
    names = list(shares)
    with tempfile.TemporaryDirectory() as folder, SplitAssigner(Path(folder), shares, memory=memory) as splitter:
        for positions, sources, targets in batches(count):
            with clock:
                splitter.add_batch(positions, sources, targets)
        with clock:
            splits = np.fromiter((names.index(name) for _, name in splitter.finish()), np.uint8, count)
        numbers = np.arange(count, dtype=np.uint64)
        together = (splits == splits[origins(numbers).astype(np.int64)]) & (kinds(numbers) != _NEW)
        met = ", ".join(f"{name} {splitter.report.share(name):.4%}" for name in names)
        return np.flatnonzero(together).astype(np.uint64), f"{met}; largest cluster {splitter.report.largest}"


def _datasketch(count: int, _memory: int, clock: _Clock) -> tuple[NDArray[np.uint64], str]:
    from datasketch import MinHash, MinHashLSH  # type: ignore[import-untyped, import-not-found, unused-ignore]

    index = MinHashLSH(threshold=0.8, num_perm=128)
    gone = []
    for positions, sources, targets in batches(count):
        with clock:
            shingles = [
                [f"{side}{text[n : n + 5]}".encode() for side, text in enumerate(pair) for n in range(len(text) - 4)]
                for pair in zip(sources, targets, strict=True)
            ]
            for position, sketch in zip(positions, MinHash.bulk(shingles, num_perm=128), strict=True):
                if index.query(sketch):
                    gone.append(position)
                else:
                    index.insert(position, sketch)
    return np.array(gone, np.uint64), "candidates are not verified"


def _dictionary(count: int, _memory: int, clock: _Clock) -> tuple[NDArray[np.uint64], str]:
    seen: dict[tuple[str, str], int] = {}
    gone = []
    for positions, sources, targets in batches(count):
        with clock:
            for position, source, target in zip(positions, sources, targets, strict=True):
                if seen.setdefault((source, target), position) != position:
                    gone.append(position)
    return np.array(gone, np.uint64), "exact duplicates only"


_WAYS: dict[str, Callable[[int, int, _Clock], tuple[NDArray[np.uint64], str]]] = {
    "posteditor": _on_disk,
    "posteditor splits": _splits,
    "datasketch": _datasketch,
    "dict of texts": _dictionary,
}


def _run_one(way: str, count: int, memory: int) -> None:
    if way == "datasketch":
        import datasketch  # type: ignore[import-untyped, import-not-found, unused-ignore] # noqa: F401
    list(batches(_BATCH))
    import rensa  # noqa: F401

    before = _peak()
    clock = _Clock()
    gone, note = _WAYS[way](count, memory, clock)
    taken = _peak() - before
    of_kind = np.zeros(4, np.int64)
    planted = np.zeros(4, np.int64)
    for start in range(0, count, 1 << 20):
        numbers = np.arange(start, min(start + (1 << 20), count), dtype=np.uint64)
        planted += np.bincount(kinds(numbers), minlength=4)
    for start in range(0, len(gone), 1 << 20):
        of_kind += np.bincount(kinds(gone[start : start + (1 << 20)]), minlength=4)
    found = {name: int(of_kind[kind]) for kind, name in _NAMES.items()}
    there = {name: int(planted[kind]) for kind, name in _NAMES.items()}
    print(json.dumps(asdict(Result(clock.wall, clock.cpu, taken, found, there, int(of_kind[_NEW]), note))))


def _peak() -> int:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _print_row(way: str, count: int, memory: str) -> None:
    command = [sys.executable, __file__, "--way", way, "--pairs", str(count), "--memory", memory or "16M"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    name = f"{way} --memory {memory}" if memory else way
    if done.returncode:
        print(f"{name:32} {count:>11,}  failed: {done.stderr.strip().splitlines()[-1]}")
        return
    result = Result(**json.loads(done.stdout))
    recalls = " ".join(f"{result.gone[kind] / max(1, result.planted[kind]):>8.3%}" for kind in _NAMES.values())
    all_gone = sum(result.gone.values()) + result.wrong
    print(
        f"{name:32} {count:>11,} {result.seconds:>8.1f} {result.cpu_seconds:>8.1f} {count / result.seconds:>9,.0f}"
        f" {result.memory / (1 << 20):>8,.0f} {recalls} {1 - result.wrong / max(1, all_gone):>9.3%}  {result.note}",
        flush=True,
    )


def _bytes(text: str) -> int:
    return int(text[:-1]) * _SIZES[text[-1]] if text[-1] in _SIZES else int(text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=1_000_000)
    parser.add_argument("--memory", nargs="+", default=["200M", "1G"])
    parser.add_argument("--in-memory-pairs", type=int, default=50_000, help="how many datasketch gets")
    parser.add_argument("--no-splits", action="store_true")
    parser.add_argument("--way", choices=list(_WAYS), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.way:
        _run_one(given.way, given.pairs, _bytes(given.memory[0]))
        return
    recalls = " ".join(f"{name:>8}" for name in _NAMES.values())
    print(f"{'':32} {'pairs':>11} {'seconds':>8} {'CPU s':>8} {'pairs/s':>9} {'MiB':>8} {recalls} {'precision':>9}")
    few = min(given.in_memory_pairs, given.pairs)
    _print_row("datasketch", few, "")
    _print_row("posteditor", few, given.memory[0])
    _print_row("dict of texts", given.pairs, "")
    for memory in given.memory:
        _print_row("posteditor", given.pairs, memory)
    if not given.no_splits:
        _print_row("posteditor splits", given.pairs, given.memory[0])


if __name__ == "__main__":
    main()
