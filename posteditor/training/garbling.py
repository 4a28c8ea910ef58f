"""The pairs of a source as a recipe wants them: read from its files, and garbled where it asks for that.

A garbled pair is a clean sentence, and what rules or a round trip through an engine made of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from posteditor.training.corruption.corruptor import Corruptor, make_corruptor
from posteditor.training.corruption.rates import DEFAULT_RATES, read_rates
from posteditor.training.corruption.round_trips import available_pivots, round_trips
from posteditor.training.many_processes import in_processes
from posteditor.training.pairs import Pair, Source, passes, read_pairs
from posteditor.training.partial_faults import with_fewer_faults

RULES = "rules"
_LEARNED_FROM = 50_000
"""Sentences from which word forms are taken."""


@dataclass(frozen=True, slots=True)
class PairMaker:
    """Makes the pairs of one recipe's sources."""

    data: Path
    """The folder with the files that the sources name."""
    cache: Path
    """Where finished round trips are kept."""
    encoder: Path
    """The base encoder, whose embeddings give the rules wrong senses."""
    seed: int
    """Another seed draws other pairs and makes other faults."""
    on_message: Callable[[str], None] = lambda _: None
    """Told when an engine is missing."""

    def pairs(self, source: Source) -> list[Pair]:
        """The pairs of ``source`` that pass its filters, in the order of the file; none where its engine is missing.

        Raises:
            CorpusError: A file is missing or broken.
        """
        pairs = read_pairs(source, self.data, seed=self.seed)
        if source.garble:
            garbled = self._garbled(source, [pair.target for pair in pairs])
            made = (Pair(mt, pair.target, line=pair.line) for mt, pair in zip(garbled, pairs, strict=False) if mt)
            pairs = [pair for pair in made if passes(pair, source)]
        if source.few_faults:
            pairs = in_processes(partial(with_fewer_faults, share=source.few_faults, seed=self.seed), pairs)
        return pairs

    def _garbled(self, source: Source, targets: Sequence[str]) -> list[str]:
        """An mt for each target; empty where there is none, and no mts at all without the engine."""
        if source.garble == RULES:
            rates = read_rates(self.data / source.rates) if source.rates else DEFAULT_RATES
            learned = targets[:_LEARNED_FROM]
            return _by_rules(make_corruptor(learned, encoder=self.encoder, rates=rates, seed=self.seed), targets)
        if source.garble in available_pivots():
            return list(round_trips(targets, source.garble, self.cache, on_message=self.on_message))
        self.on_message(f"{source.name} skipped: there is no apertium with {source.garble} on the PATH")
        return []


def _by_rules(corruptor: Corruptor, sentences: Sequence[str]) -> list[str]:
    return in_processes(partial(_corrupt, corruptor), sentences)


def _corrupt(corruptor: Corruptor, sentence: str) -> str:
    return corruptor.corrupt(sentence).text
