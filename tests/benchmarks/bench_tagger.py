"""How fast the shipped tagger starts and rewrites: ``python tests/benchmarks/bench_tagger.py [--threads N]``.

Absolute figures depend on the machine and on what else it does; the ratio to the bare encoder does so much less, since
both are measured in turns on the same texts.
"""

import argparse
import csv
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from safetensors.torch import load_file

from posteditor.core.segment import Segment
from posteditor.core.suggestion import apply_edits
from posteditor.rewriters.bert_encoder import BertTagger
from posteditor.rewriters.tag_encoder import WordEncoder
from posteditor.rewriters.tag_words import tag_words
from posteditor.rewriters.tagger import Tagger, load_tagger
from posteditor.shipped import shipped_corpus, shipped_model

_ROUNDS = 5
_BATCH = 32
_COLD = """
import time; started = time.perf_counter()
from pathlib import Path
from posteditor.core.segment import Segment
from posteditor.rewriters.tagger import load_tagger
tagger = load_tagger(Path({folder!r}), threads={threads})
loaded = time.perf_counter() - started
list(tagger.rewrite([Segment(1, "It was the first woman in winning the championship.")]))
print(loaded, time.perf_counter() - started)
"""


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    threads = parser.parse_args().threads
    folder = shipped_model("default")
    with shipped_corpus("demo.tsv").open(encoding="utf-8", newline="") as stream:
        texts = [row["mt"] for row in csv.DictReader(stream, delimiter="\t")] * 4
    cold = [_cold_start(folder, threads) for _ in range(_ROUNDS)]
    tagger = load_tagger(folder, threads=threads)
    segments = [Segment(number, text) for number, text in enumerate(texts, start=1)]
    list(tagger.rewrite(segments[:64]))
    encode = _bare_encoder(folder, texts)
    again = _bare_encoder(folder, [*texts, *_texts_of_the_second_round(tagger, texts)])
    bare, same, full = [], [], []
    for _ in range(_ROUNDS):
        bare.append(_seconds(encode))
        same.append(_seconds(again))
        full.append(_seconds(partial(_rewrite, tagger, segments)))
    single = _latencies(tagger, texts)
    rows = (
        ("import and load, cold process", f"{min(load for load, _ in cold):.2f} s"),
        ("start to first suggestion", f"{min(first for _, first in cold):.2f} s"),
        ("rewriting, all rounds", f"{len(texts) / min(full):.0f} segments/s"),
        ("bare encoder, one pass", f"{len(texts) / min(bare):.0f} segments/s"),
        ("throughput against one pass of it", f"{min(bare) / min(full):.2f}"),
        ("the same, over the tokens of both rounds", f"{min(same) / min(full):.2f}"),
        ("one segment of 15 to 25 words, median", f"{1000 * statistics.median(single):.1f} ms"),
        ("the same, 95th percentile", f"{1000 * statistics.quantiles(single, n=20)[-1]:.1f} ms"),
        ("weights on disk", f"{(folder / 'model.safetensors').stat().st_size / 1e6:.1f} MB"),
    )
    for name, value in rows:
        print(f"{name:40} {value:>16}")


def _cold_start(folder: Path, threads: int) -> tuple[float, float]:
    program = _COLD.format(folder=str(folder), threads=threads)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded, first = done.stdout.split()
    return float(loaded), float(first)


def _bare_encoder(folder: Path, texts: list[str]) -> Callable[[], None]:
    """One forward pass of the encoder over the same texts, cut into pieces and batched by length beforehand."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    model = BertTagger(config, load_file(folder / "model.safetensors"))
    words = [[word.text for word in tag_words(text)] for text in texts]
    encoded = sorted(WordEncoder(folder / "tokenizer.json").encode(words), key=lambda each: len(each.ids))
    batches = []
    for start in range(0, len(encoded), _BATCH):
        members = encoded[start : start + _BATCH]
        ids = torch.tensor([piece for each in members for piece in each.ids])
        batches.append((ids, torch.zeros_like(ids), [len(each.ids) for each in members]))

    def run() -> None:
        with torch.inference_mode():
            for batch in batches:
                model.encode(*batch)

    return run


def _texts_of_the_second_round(tagger: Tagger, texts: list[str]) -> list[str]:
    """What the second round reads: only texts that the first one has changed, here with the edits of both."""
    return [apply_edits(draft.mt, draft.edits) for draft in tagger.drafts(texts) or [] if draft.edits]


def _rewrite(tagger: Tagger, segments: list[Segment]) -> None:
    for _ in tagger.rewrite(segments):
        pass


def _seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _latencies(tagger: Tagger, texts: list[str]) -> list[float]:
    chosen = [text for text in dict.fromkeys(texts) if 15 <= len(tag_words(text)) <= 25]
    seconds = []
    for number, text in enumerate(chosen * _ROUNDS, start=1):
        seconds.append(_seconds(partial(_rewrite, tagger, [Segment(number, text)])))
    return seconds


if __name__ == "__main__":
    main()
