"""How long the editor is held up by a request for scores, and how long its answers take.

Run as ``python tests/benchmarks/bench_scoring_lane.py [--keys N]``.
"""

import argparse
import random
import time
from collections.abc import Sequence
from queue import Empty, SimpleQueue
from statistics import quantiles

from posteditor.scoring.requests import ScoredText, ScoreRequest
from posteditor.services.scoring_lane import ScoringLane

LENGTHS = (20, 40, 80, 160)
KEY_INTERVAL_S = 0.03  # 33 keys a second, faster than anyone types


def scrambled(rng: random.Random, length: int) -> tuple[str, str]:
    """A reference of different words and the same words in another order."""
    words = [f"word{number}" for number in range(length)]
    text = list(words)
    rng.shuffle(text)
    return " ".join(text), " ".join(words)


class Typist:
    """Asks for scores at every key and notes when they come."""

    def __init__(self) -> None:
        self.answers: SimpleQueue[tuple[float, ScoredText]] = SimpleQueue()
        self.lane = ScoringLane(lambda scored: self.answers.put((time.perf_counter(), scored)), print)
        self.number = 0

    def key(self, text: str, reference: str) -> tuple[float, float]:
        """Ask once; when, and how many seconds the call took."""
        self.number += 1
        started = time.perf_counter()
        self.lane.score(ScoreRequest("segment", self.number, {"mt": reference, "target": text}, (reference,)))
        return started, time.perf_counter() - started

    def collect(self, seconds: float) -> list[tuple[float, ScoredText]]:
        """What comes until nothing has come for so long."""
        found = []
        while True:
            try:
                found.append(self.answers.get(timeout=seconds))
            except Empty:
                return found


def percentiles(values: Sequence[float]) -> str:
    """Median, 95th percentile and maximum, in milliseconds."""
    cuts = quantiles(values, n=100, method="inclusive")
    return f"{1000 * cuts[49]:8.2f} {1000 * cuts[94]:8.2f} {1000 * max(values):8.2f}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=60, help="keys per row")
    options = parser.parse_args(arguments)
    rng = random.Random(1)
    typist = Typist()
    started, held_up = typist.key("a b", "a c")
    first = typist.collect(2)[0][0] - started
    print(f"first request: caller held up {1000 * held_up:.2f} ms; first score after {1000 * first:.0f} ms")
    print(f"{options.keys} keys per row, one every {1000 * KEY_INTERVAL_S:.0f} ms; milliseconds: median, 95 %, most")
    print("words |              held up |    BLEU of the target |     TER of the target")
    for length in LENGTHS:
        asked: dict[int, float] = {}
        calls = []
        for _ in range(options.keys):
            text, reference = scrambled(rng, length)
            started, held_up = typist.key(text, reference)
            asked[typist.number] = started
            calls.append(held_up)
            time.sleep(KEY_INTERVAL_S)
        answers = [(at, scored) for at, scored in typist.collect(1) if scored.name == "target"]
        waits = {
            metric: [at - asked[scored.number] for at, scored in answers if scored.metric == metric]
            for metric in ("bleu", "ter")
        }
        print(f"{length:5} | {percentiles(calls)[3:]} | {percentiles(waits['bleu'])} | {percentiles(waits['ter'])}")
    typist.lane.close()


if __name__ == "__main__":
    main()
