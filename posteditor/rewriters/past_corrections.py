"""Past corrections of texts like the one at hand, as examples for a prompt."""

from collections.abc import Iterable

from posteditor.core.segment import Segment
from posteditor.rewriters.memory_index import PairIndex
from posteditor.rewriters.prompts import Example
from posteditor.rewriters.protocol import MemoryPair

_EXAMPLES = 3
_LOOKED_AT = 12
"""Similar pairs among which examples are chosen: those that a person left as they were show less."""
_LIKE_ENOUGH = 0.4
"""0-1: less similar mts are no examples."""
_LONGEST = 1_000
"""Characters of an mt or a target; longer ones would crowd the prompt."""


class PastCorrections:
    """What was confirmed so far; knows nothing at first."""

    def __init__(self) -> None:
        self._index = PairIndex()

    @property
    def digest(self) -> str:
        """The same for the same pairs in the same order; empty when there are none."""
        return self._index.digest[:16]

    def learn(self, pairs: Iterable[MemoryPair]) -> None:
        """Remember more pairs."""
        for pair in pairs:
            self._index.add(pair)

    def examples_for(self, segment: Segment) -> tuple[Example, ...]:
        """A few corrections of mts like this one, the most similar last; never the segment's own."""
        if not self.digest or len(segment.mt) > _LONGEST:
            return ()
        found = self._index.like(segment.mt, least=_LIKE_ENOUGH, most=_LOOKED_AT, but=segment.position)
        pairs = [each.pair for each in found if each.pair.mt != each.pair.target]
        short = [pair for pair in pairs if max(len(pair.mt), len(pair.target)) <= _LONGEST]
        return tuple(Example(pair.mt, pair.target, pair.source) for pair in reversed(short[:_EXAMPLES]))
