"""How like two mts must be for what was confirmed of one to count for the other; loads no array library."""

from collections.abc import Sequence

from rapidfuzz.distance import Indel

from posteditor.core.segment import Segment
from posteditor.rewriters.protocol import MemoryPair

LIKE_ENOUGH = 0.5
"""0-1: mts less similar tell nothing on each other."""


def may_change(pairs: Sequence[MemoryPair], segment: Segment) -> bool:
    """True if what was suggested for a segment may be another thing once a rewriter has learned these pairs."""
    return any(
        (pair.source is not None and pair.source == segment.source)
        or Indel.normalized_similarity(pair.mt, segment.mt) >= LIKE_ENOUGH
        for pair in pairs
    )
