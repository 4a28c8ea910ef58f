"""What a look-up in the memory costs, beside a scan of all stored mts: ``python tests/benchmarks/bench_memory.py``.

Without a FILE (a TSV as ``memory:FILE`` reads it) sentences are made of invented words, as unevenly frequent as those
of a language. Each query is a stored mt with some words changed. Times are of the processor, since all run in one
thread. Beside them stands how often the index brings up the pair that the scan finds most similar.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from rapidfuzz import process
from rapidfuzz.distance import Indel

from posteditor.core.segment import Segment
from posteditor.rewriters.memory import MemoryRewriter
from posteditor.rewriters.memory_file import read_pairs
from posteditor.rewriters.memory_index import PairIndex
from posteditor.rewriters.protocol import MemoryPair

_SIZES = (1_000, 10_000, 100_000)
_QUERIES = 100
_LEAST = 0.5
_WORDS = 30_000
_CHANGED = 0.15


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path)
    path = parser.parse_args().file
    draw = random.Random(1)
    pairs = list(read_pairs(path)) if path else _made_pairs(draw, max(_SIZES))
    print(f"{'pairs':>8} {'learn s':>8} {'scan ms':>16} {'index ms':>16} {'memory ms':>16} {'same best':>10}")
    for size in dict.fromkeys(min(size, len(pairs)) for size in _SIZES):
        _measure(draw, pairs[:size])


def _measure(draw: random.Random, pairs: list[MemoryPair]) -> None:
    started = time.process_time()
    memory = MemoryRewriter("memory")
    memory.learn(pairs)
    learned = time.process_time() - started
    index = PairIndex()
    for pair in pairs:
        index.add(pair)
    mts = [pair.mt for pair in pairs]
    queries = [_changed(draw, draw.choice(mts), mts) for _ in range(_QUERIES)]

    def scan(query: str) -> list[str]:
        found = process.extract(query, mts, scorer=Indel.normalized_similarity, score_cutoff=_LEAST, limit=8)
        return [mt for mt, _, _ in found]

    scanned, scan_ms = _timed(scan, queries)
    looked_up, index_ms = _timed(
        lambda query: [found.pair.mt for found in index.like(query, least=_LEAST, most=8)], queries
    )
    _, memory_ms = _timed(lambda query: [each.text for each in memory.rewrite([Segment(1, query)])], queries)
    asked = [(one[0], other) for one, other in zip(scanned, looked_up, strict=True) if one]
    same = sum(best in found for best, found in asked)
    print(
        f"{len(pairs):8,} {learned:8.2f} {scan_ms:>16} {index_ms:>16} {memory_ms:>16} {same:6}/{len(asked)}", flush=True
    )


def _timed(call: Callable[[str], list[str]], queries: list[str]) -> tuple[list[list[str]], str]:
    """The answers, and median and 95th percentile of the milliseconds for one."""
    answers, times = [], []
    for query in queries:
        started = time.process_time()
        answers.append(call(query))
        times.append((time.process_time() - started) * 1000)
    times.sort()
    return answers, f"{times[len(times) // 2]:.2f} (p95 {times[len(times) * 95 // 100]:.1f})"


def _made_pairs(draw: random.Random, count: int) -> list[MemoryPair]:
    """Sentences of 6 to 40 words, one in three made from an earlier one; some words of each are corrected."""
    letters = "aaaabcdeeeeeefghiiiiklmnnnooooprrsssttttuvwxy"
    words = ["".join(draw.choices(letters, k=draw.randint(2, 10))) for _ in range(_WORDS)]
    weights = [1 / rank for rank in range(1, _WORDS + 1)]
    better = {word: draw.choice(words) for word in draw.sample(words, _WORDS // 10)}
    drawn = iter(draw.choices(words, weights, k=count * 42))
    pairs: list[MemoryPair] = []
    for _ in range(count):
        if pairs and draw.random() < 1 / 3:
            old = draw.choice(pairs).mt.split()
            text = [next(drawn) if draw.random() < _CHANGED else word for word in old]
        else:
            text = [next(drawn) for _ in range(draw.randint(6, 40))]
        target = [better[word] if word in better and draw.random() < 0.7 else word for word in text]
        pairs.append(MemoryPair(" ".join(text), " ".join(target)))
    return pairs


def _changed(draw: random.Random, mt: str, mts: list[str]) -> str:
    """The text with some words from others in place of its own."""
    others = draw.choice(mts).split() or [""]
    return " ".join(draw.choice(others) if draw.random() < _CHANGED else word for word in mt.split())


if __name__ == "__main__":
    main()
