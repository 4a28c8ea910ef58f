"""What could have become the default rewriter, on the even halves of the development sets, beside doing nothing.

``python tests/benchmarks/bench_candidates.py --data FOLDER --work FOLDER [--minutes N]`` trains statistical
post-editing (Simard et al. 2007) and, for N minutes, a warm-started encoder-decoder (Rothe et al. 2020), and prints
their tables and that of the shipped tagger, which it does not train. The odd halves are not read.
"""

import argparse
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from posteditor.rewriters.tagger import Tagger, load_tagger
from posteditor.rewriters.tagger_settings import read_settings
from posteditor.shipped import shipped_model
from posteditor.training.evaluation import Judge, Proposal, corpus_scores, halves
from posteditor.training.garbling import PairMaker
from posteditor.training.overlap import seen_texts, text_hash
from posteditor.training.pairs import Pair
from posteditor.training.recipe import RECIPE_FILE, read_recipe

_MOST_SEGMENTS = 1500
_THRESHOLDS = (0.4, 0.5, 0.6, 0.7, 0.8)


def main() -> None:
    """Run the three, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="for the encoder-decoder's checkpoint")
    parser.add_argument("--minutes", default="0", help="of training for the encoder-decoder")
    options = parser.parse_args()
    print("## Edit tagger (shipped)\n", flush=True)
    for line in _tagger_rows(options.data, options.work):
        print(line, flush=True)
    data, work = str(options.data), str(options.work)
    _run("Statistical post-editing", "statistical", "--data", data, "--clean", "40000")
    _run("Encoder-decoder", "seq2seq", "--data", data, "--work", work, "--minutes", options.minutes, "--even")


def _run(title: str, module: str, *arguments: str) -> None:
    print(f"\n## {title}\n", flush=True)
    subprocess.run([sys.executable, "-m", f"posteditor.training.{module}", *arguments], check=True)


def _tagger_rows(data: Path, work: Path) -> Iterator[str]:
    folder = shipped_model("default")
    recipe, settings = read_recipe(folder / RECIPE_FILE), read_settings(folder)
    tagger, judge = load_tagger(folder, threads=2), Judge()
    maker = PairMaker(data, work / "round-trips", folder, recipe.seed)
    seen = seen_texts(pair for source in recipe.sources for pair in maker.pairs(source))
    thresholds = sorted({*_THRESHOLDS, settings.show, settings.apply})
    yield "set | threshold | segments | changed | better | worse | TER | chrF++"
    yield "--- | ---: | ---: | ---: | ---: | ---: | --- | ---"
    for source in recipe.dev:
        pairs = [pair for pair in maker.pairs(source) if not seen & {text_hash(pair.mt), text_hash(pair.target)}]
        yield from _rows(source.name, _proposals(tagger, halves(pairs)[0][:_MOST_SEGMENTS]), judge, thresholds)


def _proposals(tagger: Tagger, pairs: Sequence[Pair]) -> list[Proposal]:
    drafts = tagger.drafts([pair.mt for pair in pairs], [pair.source for pair in pairs]) or []
    return [Proposal(pair, draft.calibrated(tagger.calibration)) for pair, draft in zip(pairs, drafts, strict=True)]


def _rows(name: str, proposals: Sequence[Proposal], judge: Judge, thresholds: Sequence[float]) -> Iterator[str]:
    targets = [proposal.pair.target for proposal in proposals]
    before = corpus_scores([proposal.pair.mt for proposal in proposals], targets)
    for threshold in thresholds:
        outcome = judge.outcome(proposals, threshold)
        after = corpus_scores([proposal.text(threshold) for proposal in proposals], targets)
        changes = [f"{before[place].value:.2f} → {after[place].value:.2f}" for place in (2, 1)]
        counts = (outcome.segments, outcome.changed, outcome.better, outcome.worse)
        yield " | ".join((name, f"{threshold:.3f}", *map(str, counts), *changes))


if __name__ == "__main__":
    main()
