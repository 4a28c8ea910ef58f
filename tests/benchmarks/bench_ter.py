"""Our TER beside sacrebleu's on the same pairs: seconds, ratios, and whether the numbers are equal.

Run as ``python tests/benchmarks/bench_ter.py [--pairs N] [--seed N]``.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence
from statistics import median

from sacrebleu.metrics.lib_ter import translation_edit_rate

from posteditor.scoring.ter import edits_to

LENGTHS = (20, 40, 80, 160)
DISPLACED = (0.0, 0.2, 0.5, 1.0)
"""Share of the words that change places; with 0, a few words are replaced and dropped instead, as in a good mt."""

Words = list[str]


def sentence(rng: random.Random, length: int) -> Words:
    """Words with frequencies about as uneven as those of a text: a few come several times."""
    return [f"w{int(rng.paretovariate(0.7)) % 5000}" for _ in range(length)]


def garbled(rng: random.Random, reference: Words, share: float) -> Words:
    """The reference with that share of its words shuffled among themselves."""
    text = list(reference)
    if not share:
        for _ in range(max(1, len(text) // 10)):
            text[rng.randrange(len(text))] = "other"
        del text[rng.randrange(len(text))]
        return text
    places = rng.sample(range(len(text)), round(share * len(text)))
    words = [text[place] for place in places]
    rng.shuffle(words)
    for place, word in zip(places, words, strict=True):
        text[place] = word
    return text


def timed(count: Callable[[Words, Words], int], text: Words, reference: Words) -> tuple[int, float]:
    """The edits, and how many seconds it took to count them."""
    started = time.perf_counter()
    edits = count(text, reference)
    return edits, time.perf_counter() - started


def sacrebleus(text: Words, reference: Words) -> int:
    """sacrebleu's number of edits."""
    return int(translation_edit_rate(text, reference)[0])


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 when any number differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=15, help="pairs per row")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    rng = random.Random(options.seed)
    differing = 0
    print(f"{options.pairs} pairs per row; milliseconds per pair; seed {options.seed}")
    print(
        "words displaced | sacrebleu median     max | posteditor median     max | ratio of medians   smallest | equal"
    )
    for length in LENGTHS:
        for share in DISPLACED:
            theirs, ours, equal = [], [], 0
            for _ in range(options.pairs):
                reference = sentence(rng, length)
                text = garbled(rng, reference, share)
                expected, slow = timed(sacrebleus, text, reference)
                edits, fast = timed(edits_to, text, reference)
                theirs.append(1000 * slow)
                ours.append(1000 * fast)
                equal += edits == expected
            differing += options.pairs - equal
            smallest = min(slow / fast for slow, fast in zip(theirs, ours, strict=True))
            print(
                f"{length:5} {share:9.0%} | {median(theirs):16.2f} {max(theirs):7.0f} | {median(ours):17.3f} "
                f"{max(ours):7.2f} | {median(theirs) / median(ours):16.0f} {smallest:10.0f} | {equal}/{options.pairs}"
            )
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
