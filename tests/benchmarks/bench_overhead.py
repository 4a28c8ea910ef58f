"""What our layer costs around a generative model: protocol, hunks, confidences, gate and record, a segment at a time.

``python tests/benchmarks/bench_overhead.py MODEL TEXTS [--segments N]``: MODEL as for ``bench_draft_decoding.py``. The
time of the whole way from segment to JSON record is taken beside that spent in ``generate`` and in the tokenizer.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from posteditor.core.segment import Segment
from posteditor.rewriters.gate import Gate
from posteditor.rewriters.generative import GenerativeRewriter
from posteditor.rewriters.running import suggest
from posteditor.rewriters.specs import load_rewriter


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("texts", type=Path)
    parser.add_argument("--segments", type=int, default=200)
    options = parser.parse_args()
    rewriter = load_rewriter(options.model, threads=2)
    assert isinstance(rewriter, GenerativeRewriter)
    family = rewriter._family
    assert family is not None
    spent = [0.0]
    family.model.generate = _timed(family.model.generate, spent)
    family.task = _timed(family.task, spent)  # type: ignore[method-assign]
    lines = [line for line in options.texts.read_text(encoding="utf-8").splitlines() if line.strip()]
    texts = lines[:: max(1, len(lines) // options.segments)][: options.segments]
    gate = Gate()
    own, shares, changed = [], [], 0
    for number, text in enumerate(["A text to begin with.", *texts]):
        spent[0] = 0.0
        started = time.perf_counter()
        (suggestion,) = suggest(rewriter, [Segment(1, text)], gate)
        json.dumps(suggestion.to_json())
        whole = time.perf_counter() - started
        if number:
            own.append(1000 * (whole - spent[0]))
            shares.append((whole - spent[0]) / whole)
            changed += bool(suggestion.edits or suggestion.refused)
    own.sort()
    print(f"{len(own)} segments, {changed} of them with edits, allowed or refused")
    print(f"{'ms a segment':>14} {'median':>8} {'95 %':>8} {'mean':>8} {'share of all':>14}")
    print(
        f"{'our layer':>14} {statistics.median(own):8.2f} {own[int(0.95 * len(own))]:8.2f}"
        f" {statistics.mean(own):8.2f} {statistics.median(shares):14.1%}"
    )


def _timed(action: Callable[..., Any], spent: list[float]) -> Callable[..., Any]:
    def run(*values: Any, **named: Any) -> Any:
        started = time.perf_counter()
        try:
            return action(*values, **named)
        finally:
            spent[0] += time.perf_counter() - started

    return run


if __name__ == "__main__":
    main()
