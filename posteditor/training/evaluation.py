"""Scores of a tagger on development sets, beside those of doing nothing, and the choice of its thresholds.

A set is split by the content of its mt: thresholds are chosen on the even half, figures are reported on the odd half.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.ter import TER

from posteditor.core.score import Score
from posteditor.core.segment import Segment
from posteditor.core.suggestion import Edit, Suggestion, suggestion_from_edits
from posteditor.rewriters.gate import Gate, rule_of
from posteditor.training.pairs import Pair, content_hash
from posteditor.training.significance import paired_bootstrap

_FORGIVEN = 0.002
"""Share of a set's segments by which the better ones may fall short when a threshold is chosen."""
_GATE = Gate()
THRESHOLDS = tuple(round(0.10 + 0.025 * step, 3) for step in range(35))
"""Those that are tried, 0.1 to 0.95."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rewriter proposes for one development pair, uncertain edits included."""

    pair: Pair
    edits: tuple[Edit, ...]

    def text(self, threshold: float) -> str:
        """The mt with the edits that are at least so certain and that the gate lets through."""
        return self.judged(threshold).text

    def judged(self, threshold: float) -> Suggestion:
        """The same with the edits, and those that the gate does not let through."""
        sure = [edit for edit in self.edits if edit.confidence >= threshold]
        suggestion = suggestion_from_edits(self.pair.mt, sure, "")
        return _GATE.judge(Segment(1, self.pair.mt, source=self.pair.source or None), suggestion)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happens to a set at one threshold; a segment is judged by its sentence TER against the target."""

    threshold: float
    segments: int
    changed: int
    better: int
    worse: int
    perfect: int
    """Segments whose mt is already the target."""
    perfect_changed: int

    def __add__(self, other: "Outcome") -> "Outcome":
        """Two sets taken together."""
        sums = (
            getattr(self, name) + getattr(other, name)
            for name in ("segments", "changed", "better", "worse", "perfect", "perfect_changed")
        )
        return Outcome(self.threshold, *sums)

    @property
    def coverage(self) -> float:
        """Share of segments that get a suggestion; 0-1."""
        return self.changed / max(self.segments, 1)

    @property
    def precision(self) -> float:
        """Share of the changed segments that get better; 0-1."""
        return self.better / max(self.changed, 1)


@dataclass(frozen=True, slots=True)
class SetReport:
    """One development set at one threshold beside doing nothing."""

    name: str
    outcome: Outcome
    nothing: tuple[Score, ...]
    rewritten: tuple[Score, ...]
    refused: Mapping[str, int]
    """Hunks that the gate withdrew, by rule, the most frequent first."""
    chance: Mapping[str, float]
    """For TER and chrF++ the probability that the difference is chance, by paired bootstrap; 0-1."""

    def to_json(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        return {
            "name": self.name,
            "outcome": asdict(self.outcome),
            "nothing": [score.to_json() for score in self.nothing],
            "rewritten": [score.to_json() for score in self.rewritten],
            "refused": dict(self.refused),
            "chance": dict(self.chance),
        }


def halves(pairs: Iterable[Pair]) -> tuple[list[Pair], list[Pair]]:
    """The even half, to tune on, and the odd half, to report on; a text is always in the same one."""
    even: list[Pair] = []
    odd: list[Pair] = []
    for pair in pairs:
        (odd if content_hash(pair.mt) % 2 else even).append(pair)
    return even, odd


def word_errors(text: str, target: str) -> int:
    """The word edit distance between two texts: TER without shifts, not divided by the length.

    For the question whether one small edit helps it answers as TER does nearly always, in a fraction of the time.
    """
    old, new = text.split(), target.split()
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    old, new = old[head:], new[head:]
    while old and new and old[-1] == new[-1]:
        old.pop()
        new.pop()
    line = list(range(len(new) + 1))
    for row, word in enumerate(old, start=1):
        corner, line[0] = line[0], row
        for column, other in enumerate(new, start=1):
            best = corner + (word != other)
            corner = line[column]
            line[column] = min(best, corner + 1, line[column - 1] + 1)
    return line[-1]


class Judge:
    """Sentence TER against the target, remembered, since sweeps ask for the same sentences again."""

    def __init__(self) -> None:
        self._metric = TER(case_sensitive=True)
        self._known: dict[tuple[str, str], float] = {}

    def outcome(self, proposals: Sequence[Proposal], threshold: float) -> Outcome:
        """What happens when edits at least so certain are made."""
        changed = better = worse = perfect = perfect_changed = 0
        for proposal in proposals:
            pair, text = proposal.pair, proposal.text(threshold)
            perfect += pair.mt == pair.target
            if text == pair.mt:
                continue
            changed += 1
            perfect_changed += pair.mt == pair.target
            gain = self.gain(pair, text)
            better += gain > 0
            worse += gain < 0
        return Outcome(threshold, len(proposals), changed, better, worse, perfect, perfect_changed)

    def gain(self, pair: Pair, text: str) -> float:
        """By how many points of TER ``text`` is nearer to the target than the mt is; negative where it is farther."""
        return self._rate(pair.mt, pair.target) - self._rate(text, pair.target)

    def _rate(self, text: str, target: str) -> float:
        key = text, target
        if key not in self._known:
            self._known[key] = float(self._metric.sentence_score(text, [target]).score)
        return self._known[key]


def choose_threshold(sweeps: Sequence[Sequence[Outcome]], worth: float, *, most_perfect_changed: float) -> float:
    """The lowest threshold from which on every set has ``worth`` better segments for each worse one.

    Args:
        sweeps: For each set, its outcomes at the same rising thresholds.
        worth: How many segments must get better for each that gets worse; two segments in a thousand are forgiven, so
            that a set where next to nothing changes does not decide.
        most_perfect_changed: The largest share of already perfect segments, all sets together, that may be touched.
    """
    chosen = sweeps[0][-1].threshold
    for column in reversed(list(zip(*sweeps, strict=True))):
        touched = sum(each.perfect_changed for each in column) / max(sum(each.perfect for each in column), 1)
        if touched > most_perfect_changed or any(not _is_worth(each, worth) for each in column):
            break
        chosen = column[0].threshold
    return chosen


def _is_worth(outcome: Outcome, worth: float) -> bool:
    return outcome.better >= worth * outcome.worse - _FORGIVEN * outcome.segments


def set_report(name: str, proposals: Sequence[Proposal], judge: Judge, threshold: float) -> SetReport:
    """The figures of one set at ``threshold``, beside those of doing nothing."""
    targets = [proposal.pair.target for proposal in proposals]
    mts = [proposal.pair.mt for proposal in proposals]
    judged = [proposal.judged(threshold) for proposal in proposals]
    texts = [suggestion.text for suggestion in judged]
    refused = Counter(rule_of(each.reason) for suggestion in judged for each in suggestion.refused)
    return SetReport(
        name,
        judge.outcome(proposals, threshold),
        corpus_scores(mts, targets),
        corpus_scores(texts, targets),
        dict(refused.most_common()),
        paired_bootstrap(mts, texts, targets),
    )


def corpus_scores(texts: Sequence[str], targets: Sequence[str]) -> tuple[Score, ...]:
    """BLEU, chrF++ and case-sensitive TER with their signatures."""
    scores = []
    for name, metric in (("BLEU", BLEU()), ("chrF++", CHRF(word_order=2)), ("TER", TER(case_sensitive=True))):
        value = float(metric.corpus_score(list(texts), [list(targets)]).score)
        scores.append(Score(name, value, str(metric.get_signature()), higher_is_better=name != "TER"))
    return tuple(scores)
