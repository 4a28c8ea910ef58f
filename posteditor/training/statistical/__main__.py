"""``python -m posteditor.training.statistical --data FOLDER``: figures on development sets."""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.ter import TER

from posteditor.errors import PostEditorError
from posteditor.training.evaluation import Judge, Proposal, halves
from posteditor.training.pairs import Pair, Source, read_pairs
from posteditor.training.statistical.language_model import LanguageModel
from posteditor.training.statistical.post_editing import StatisticalPostEditor, words_of

_NEURAL = ("et-en", "ro-en", "ru-en")
_TRAINING = (
    Source(
        "kyoto-revisions",
        "kyoto-revisions.train.tsv.xz",
        columns=("draft", "revised"),
        length_ratio=1.4,
        edit_rate=0.35,
        new_content=0.2,
    ),
    Source(
        "mlqe-pe",
        "mlqe-pe.train.tsv.xz",
        columns=("mt", "pe"),
        length_ratio=1.4,
        edit_rate=0.5,
        new_content=0.34,
        where={"pair": list(_NEURAL)},
    ),
)
_CLEAN = Source("wikipedia-clean", "wikipedia-featured.txt.xz", held_out=2000)
_DEVELOPMENT = (
    Source("kyoto-revisions", "kyoto-revisions.dev.tsv.xz", columns=("draft", "revised")),
    *(
        Source(f"mlqe-pe {name}", "mlqe-pe.dev.tsv.xz", columns=("mt", "pe"), where={"pair": [name]})
        for name in _NEURAL
    ),
)
_THRESHOLDS = (0.4, 0.5, 0.6, 0.7, 0.8)


def main(arguments: list[str] | None = None) -> int:
    """Train and measure as the arguments say; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m posteditor.training.statistical", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with the training and development files")
    parser.add_argument(
        "--limit", type=int, default=14000, help="pairs drawn of each training set (default: %(default)s)"
    )
    parser.add_argument("--clean", type=int, default=100000, help="sentences of clean text (default: %(default)s)")
    parser.add_argument("--odd", action="store_true", help="measure on the odd halves, which decide nothing")
    options = parser.parse_args(arguments)
    try:
        for line in _run(options.data, options.limit, options.clean, odd=options.odd):
            sys.stdout.write(f"{line}\n")
    except PostEditorError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


def _run(data: Path, limit: int, clean: int, *, odd: bool) -> Iterator[str]:
    pairs = [pair for source in _TRAINING for pair in read_pairs(replace(source, limit=limit), data)]
    texts = [pair.target for pair in (*read_pairs(replace(_CLEAN, limit=clean), data), *pairs)]
    _tell(f"{len(pairs)} pairs, {len(texts)} sentences of good English")
    model = LanguageModel.train(words_of(text) for text in texts)
    _tell("language model trained")
    judge = Judge()
    editor = StatisticalPostEditor.train(pairs, model, judge)
    _tell(f"{len(editor.table)} corrections weighed")
    yield "set | threshold | segments | changed | better | worse | TER | chrF++"
    yield "--- | ---: | ---: | ---: | ---: | ---: | --- | ---"
    for source in _DEVELOPMENT:
        whole = replace(source, words=(0, 200), length_ratio=100.0)
        yield from _rows(source.name, halves(read_pairs(whole, data))[odd], editor, judge)


def _rows(name: str, pairs: Sequence[Pair], editor: StatisticalPostEditor, judge: Judge) -> Iterator[str]:
    proposals = [Proposal(pair, editor.propose(pair.mt)) for pair in pairs]
    scores = _Scores([pair.target for pair in pairs])
    before = scores.of([pair.mt for pair in pairs])
    for threshold in _THRESHOLDS:
        outcome = judge.outcome(proposals, threshold)
        after = scores.of([proposal.text(threshold) for proposal in proposals])
        counts = (outcome.segments, outcome.changed, outcome.better, outcome.worse)
        changes = (f"{old:.2f} → {new:.2f}" for old, new in zip(before, after, strict=True))
        yield " | ".join((name, f"{threshold:.2f}", *map(str, counts), *changes))


class _Scores:
    """Case-sensitive TER and chrF++ of a whole set, again and again while few of its sentences change."""

    def __init__(self, targets: Sequence[str]) -> None:
        self._targets = targets
        self._ter, self._chrf = TER(case_sensitive=True), CHRF(word_order=2)
        self._known: dict[tuple[str, str], tuple[float, float]] = {}

    def of(self, texts: Sequence[str]) -> tuple[float, float]:
        """TER, summed up from remembered sentences, and chrF++; 0-100."""
        edits = [self._edits(text, target) for text, target in zip(texts, self._targets, strict=True)]
        length = sum(words for _, words in edits)
        ter = 100 * sum(number for number, _ in edits) / length if length else 0.0
        return ter, float(self._chrf.corpus_score(list(texts), [list(self._targets)]).score)

    def _edits(self, text: str, target: str) -> tuple[float, float]:
        """The number of edits and the words of the target."""
        if (text, target) not in self._known:
            score = self._ter.sentence_score(text, [target])
            self._known[text, target] = float(score.num_edits), float(score.ref_length)
        return self._known[text, target]


def _tell(message: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {message}\n")


if __name__ == "__main__":
    sys.exit(main())
