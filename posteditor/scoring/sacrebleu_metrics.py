"""sacrebleu's BLEU, chrF, chrF++ and TER behind our interface; the only module of the product that imports sacrebleu.

sacrebleu offers scores, not statistics, so this relies on methods that it marks as private. A contract test holds
them to what is assumed here, and the dependency has an upper bound.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.ter import TER

from posteditor.core.score import Score
from posteditor.errors import ScoringError
from posteditor.scoring.metrics import Metric, Statistics
from posteditor.scoring.ter import edits_to, never_stop

if TYPE_CHECKING:
    from posteditor.scoring.corpus_values import Numbers
    from posteditor.scoring.ngram_statistics import Table

_CACHED_TEXTS = 1000

# Primary language subtag to sacrebleu's tokenizer, and the extra of sacrebleu that brings it ("" when none is needed).
_TOKENIZERS = {
    "zh": ("zh", ""),
    "cmn": ("zh", ""),
    "yue": ("zh", ""),
    "ja": ("ja-mecab", "ja"),
    "ko": ("ko-mecab", "ko"),
}


def create(name: str, target_lang: str | None) -> Metric:
    """The metric of that registry name.

    Raises:
        ScoringError: The language's tokenizer is not installed.
    """
    match name:
        case "bleu":
            return _bleu(target_lang)
        case "chrf":
            chrf = CHRF()
            return _ChrfMetric("chrf", "chrF", 18, chrf, chrf)
        case "chrf++":
            chrf = CHRF(word_order=2)
            return _ChrfMetric("chrf++", "chrF++", 24, chrf, chrf)
        case "ter":
            return _ter("ter", "TER", cased=False)
        case _:
            return _ter("ter-cased", "TER (cased)", cased=True)


def _bleu(target_lang: str | None) -> Metric:
    primary = (target_lang or "").replace("_", "-").split("-")[0].casefold()
    tokenizer, extra = _TOKENIZERS.get(primary, ("13a", ""))
    try:
        return _BleuMetric(
            "bleu",
            "BLEU",
            10,
            BLEU(tokenize=tokenizer),
            # A sentence may be shorter than four words; sacrebleu asks for this order then.
            BLEU(tokenize=tokenizer, effective_order=True),
        )
    except RuntimeError as error:  # what sacrebleu raises when MeCab is missing
        raise ScoringError(
            f"BLEU for {target_lang} needs the {tokenizer} tokenizer, which is not installed",
            hint=f"pip install 'sacrebleu[{extra}]', or leave BLEU out with --metric chrf++ --metric ter.",
        ) from error


@dataclass
class _SacrebleuMetric:
    """What all of them share: sacrebleu makes the scores and the signatures from the totals."""

    name: str
    label: str
    width: int
    corpus: Any
    sentence: Any
    higher_is_better: bool = True

    def sentence_score(self, statistics: Statistics, reference_count: int = 1) -> Score:
        """See ``Metric``."""
        return self._score(self.sentence, statistics, reference_count, None)

    def corpus_score(
        self, totals: Sequence[float], reference_count: int | None = 1, bootstrap: tuple[int, int] | None = None
    ) -> Score:
        """See ``Metric``."""
        return self._score(self.corpus, totals, reference_count, bootstrap)

    def _score(
        self, scorer: Any, totals: Sequence[float], reference_count: int | None, bootstrap: tuple[int, int] | None
    ) -> Score:
        scorer.num_refs = -1 if reference_count is None else reference_count
        scorer.n_bootstrap, scorer.seed = (None, None) if bootstrap is None else (bootstrap[0], str(bootstrap[1]))
        value = float(scorer._compute_score_from_stats(list(totals)).score)
        return Score(self.label, value, str(scorer.get_signature()), self.higher_is_better)


@dataclass
class _CountingMetric(_SacrebleuMetric):
    """BLEU and the chrF family: sacrebleu counts the n-grams."""

    _known: tuple[tuple[str, ...], Any] = field(default=((), None), init=False)
    _since_cleared: int = field(default=0, init=False)

    def statistics(
        self, text: str, references: Sequence[str], should_stop: Callable[[], bool] | None = None
    ) -> Statistics:
        """See ``Metric``; the references of the last call are kept, since one segment is scored many times."""
        key = tuple(references)
        if self._known[0] != key or not key:
            prepared = [self.corpus._preprocess_segment(reference) for reference in _some(key)]
            self._known = (key, self.corpus._extract_reference_info(prepared))
        self._since_cleared += 1
        if self._since_cleared >= _CACHED_TEXTS:
            self._since_cleared = 0
            _forget_texts(self.corpus)
        return tuple(self.corpus._compute_segment_statistics(self.corpus._preprocess_segment(text), self._known[1]))


@dataclass
class _BleuMetric(_CountingMetric):
    """BLEU."""

    def corpus_values(self, totals: "Numbers") -> "Numbers":
        """See ``Metric``."""
        from posteditor.scoring.corpus_values import bleu_values  # numpy, which a single score does without

        return bleu_values(totals)

    def statistics_of_systems(self, texts: Sequence[Sequence[str]], references: Sequence[Sequence[str]]) -> "Table":
        """See ``Metric``."""
        from posteditor.scoring.ngram_statistics import bleu_statistics

        words = [
            ([self._words(one) for one in _some(ours)], [self._words(one) for one in theirs])
            for ours, theirs in zip(references, texts, strict=True)
        ]
        _forget_texts(self.corpus)
        return bleu_statistics(words)

    def _words(self, text: str) -> list[str]:
        words: list[str] = self.corpus._preprocess_segment(text).split()
        return words


@dataclass
class _ChrfMetric(_CountingMetric):
    """chrF and chrF++."""

    def corpus_values(self, totals: "Numbers") -> "Numbers":
        """See ``Metric``."""
        from posteditor.scoring.corpus_values import chrf_values

        return chrf_values(totals)

    def statistics_of_systems(self, texts: Sequence[Sequence[str]], references: Sequence[Sequence[str]]) -> "Table":
        """See ``Metric``."""
        from posteditor.scoring.ngram_statistics import chrf_statistics

        whole = list(zip(map(_some, references), texts, strict=True))
        bare = [(list(map(_without_spaces, ours)), list(map(_without_spaces, theirs))) for ours, theirs in whole]
        cut, longest = self.corpus._remove_punctuation, self.corpus.word_order
        words = [(list(map(cut, ours)), list(map(cut, theirs))) for ours, theirs in whole] if longest else None
        return chrf_statistics(bare, words, longest)


@dataclass
class _TerMetric(_SacrebleuMetric):
    """TER with our own search for shifts."""

    cased: bool = False

    def statistics(
        self, text: str, references: Sequence[str], should_stop: Callable[[], bool] | None = None
    ) -> Statistics:
        """See ``Metric``; the fewest edits to any reference, and the mean length of the references in words."""
        words = self._words(text)
        wanted = [self._words(reference) for reference in _some(references)]
        edits = min(edits_to(words, reference, should_stop or never_stop) for reference in wanted)
        return edits, sum(len(reference) for reference in wanted) / len(wanted)

    def corpus_values(self, totals: "Numbers") -> "Numbers":
        """See ``Metric``."""
        from posteditor.scoring.corpus_values import ter_values

        return ter_values(totals)

    def statistics_of_systems(self, texts: Sequence[Sequence[str]], references: Sequence[Sequence[str]]) -> "Table":
        """See ``Metric``; systems often agree, and a text is looked at once."""
        import numpy as np

        rows = []
        for ours, theirs in zip(references, texts, strict=True):
            known = {text: self.statistics(text, ours) for text in dict.fromkeys(theirs)}
            rows.append([known[text] for text in theirs])
        return np.array(rows, dtype=np.float64)

    def _words(self, text: str) -> list[str]:
        return (text if self.cased else text.lower()).split()


def _ter(name: str, label: str, *, cased: bool) -> Metric:
    scorer = TER(case_sensitive=cased)
    return _TerMetric(name, label, 2, scorer, scorer, higher_is_better=False, cased=cased)


def _forget_texts(scorer: Any) -> None:
    """Empty the caches of sacrebleu's tokenizers, which would keep 65,536 texts each and hardly ever meet one again."""
    tokenizer = getattr(scorer, "tokenizer", None)
    for caching in (tokenizer, getattr(tokenizer, "_post_tokenizer", None)):
        clear = getattr(type(caching).__call__, "cache_clear", None)
        if clear is not None:
            clear()


def _without_spaces(text: str) -> str:
    return "".join(text.split())


def _some(references: Sequence[str]) -> Sequence[str]:
    if not references:
        raise ScoringError("a segment without references can't be scored", hint="Give a references file or column.")
    return references
