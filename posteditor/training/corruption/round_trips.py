"""Round trips of English sentences through a rule-based engine: real machine garbling of any clean text.

Sentences go in shards through Apertium, several shards at a time, and each finished shard is kept on disk under a name
made of its content, the pivot and the engine. A run that was killed, or a second one over the same text, takes what is
there. The work is done by the engine's own processes; ours only wait for them, so threads are enough to drive them.
"""

import gzip
import json
import os
import threading
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from posteditor.training.corruption.apertium import Engine, available_pivots, find_engine

__all__ = ["available_pivots", "round_trips"]

_SHARD = 2000
"""Sentences in a shard."""
_FORMAT = 1
"""Counted up when the same input would give another result for a reason of ours."""


def round_trips(
    sentences: Iterable[str],
    pivot: str,
    cache: Path,
    *,
    workers: int = 0,
    shard: int = _SHARD,
    on_message: Callable[[str], None] = lambda _: None,
) -> Iterator[str]:
    """What ``sentences`` become on the way to the pivot's language and back, one for each, in their order.

    A sentence that the engine can't do comes back empty, and some come back as they were: a caller who makes training
    pairs drops both. Where the engine or the pivot is missing there is a notice and nothing at all comes back; where it
    stops working midway, the rest comes back empty, is not cached, and a later run tries again.

    Args:
        sentences: Read as they are needed, a few shards ahead. White space inside is made even.
        pivot: One of ``available_pivots()``.
        cache: A folder for finished shards, made when missing. Runs at the same time may share it.
        workers: Shards worked on at a time; 0 takes as many as there are cores.
        shard: Sentences in a shard.
        on_message: Told when something is missing or goes wrong.
    """
    engine = find_engine()
    if engine is None:
        on_message("round trips skipped: no apertium on the PATH")
        return
    if pivot not in (pivots := engine.pivots()):
        on_message(f"round trips through {pivot} skipped: installed are {', '.join(pivots) or 'none'}")
        return
    if (fingerprint := engine.fingerprint(pivot)) is None:
        on_message(f"round trips through {pivot} skipped: the engine fails on plain sentences")
        return
    cache.mkdir(parents=True, exist_ok=True)
    traveller = _Traveller(engine, pivot, fingerprint, cache)
    told = False
    for trips in _in_order(traveller.shard, _cut(sentences, shard), workers or os.cpu_count() or 1):
        if traveller.broken.is_set() and not told:
            told = True
            on_message(f"round trips through {pivot}: the engine stopped working, what it hasn't done is left out")
        yield from trips


@dataclass(frozen=True, slots=True)
class _Traveller:
    """One pivot of one engine with its cache; used from several threads."""

    engine: Engine
    pivot: str
    fingerprint: str
    cache: Path
    broken: threading.Event = field(default_factory=threading.Event)
    """Set when the engine fails even on what it could do before."""

    def shard(self, lines: Sequence[str]) -> list[str]:
        """The round trips of ``lines``, from the cache or made now."""
        key = json.dumps([_FORMAT, self.fingerprint, self.pivot, list(lines)])
        path = self.cache / f"{self.pivot}-{sha256(key.encode()).hexdigest()[:32]}.txt.gz"
        if (kept := _read(path, len(lines))) is not None:
            return kept
        trips = self._trips([line.strip() for line in lines])
        if not self.broken.is_set():
            _write(path, trips)
        return trips

    def _trips(self, lines: list[str]) -> list[str]:
        """In one go where that works, else by halves, down to the line that can't be done."""
        places = [at for at, line in enumerate(lines) if line]
        trips = [""] * len(lines)
        if not places or self.broken.is_set():
            return trips
        done = self.engine.round_trip([lines[at] for at in places], self.pivot)
        if done is not None:
            for at, trip in zip(places, done, strict=True):
                trips[at] = trip
        elif len(lines) > 1:
            middle = len(lines) // 2
            trips = self._trips(lines[:middle]) + self._trips(lines[middle:])
        elif self.engine.fingerprint(self.pivot) != self.fingerprint:
            self.broken.set()
        return trips


def _cut(sentences: Iterable[str], size: int) -> Iterator[list[str]]:
    lines: list[str] = []
    for sentence in sentences:
        lines.append(sentence)
        if len(lines) == size:
            yield lines
            lines = []
    if lines:
        yield lines


def _in_order(
    work: Callable[[Sequence[str]], list[str]], shards: Iterator[list[str]], workers: int
) -> Iterator[list[str]]:
    """The results of ``work`` in order, a few shards read ahead."""
    pool = ThreadPoolExecutor(workers)
    waiting: deque[Future[list[str]]] = deque()
    try:
        for lines in shards:
            waiting.append(pool.submit(work, lines))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _read(path: Path, count: int) -> list[str] | None:
    """The lines of a finished shard; None when there is none or it is damaged."""
    try:
        lines = gzip.decompress(path.read_bytes()).decode().split("\n")
    except (OSError, EOFError, UnicodeDecodeError, zlib.error):
        return None
    return lines[:-1] if len(lines) == count + 1 else None


def _write(path: Path, lines: Sequence[str]) -> None:
    """Complete or not at all, also beside another run that writes the same shard."""
    part = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    part.write_bytes(gzip.compress("".join(f"{line}\n" for line in lines).encode(), mtime=0))
    part.replace(path)
