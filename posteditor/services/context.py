"""Giving segments their neighbours, for rewriters that read more than one sentence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from posteditor.core.segment import Neighbour, Segment
from posteditor.store.segments import Row

BEFORE = 2
"""Neighbours shown in front of a segment."""
AFTER = 1
"""Neighbours shown behind it."""


def with_neighbours(segments: Iterable[Segment]) -> Iterator[Segment]:
    """The same segments in the same order, each with those around it; reads one segment ahead.

    In a batch no human text is known for certain, so every neighbour is shown as the mt.
    """
    window: list[Segment] = []
    at = 0
    for segment in segments:
        window.append(segment)
        if len(window) > at + AFTER:
            yield _placed(window, at)
            at += 1
        if at > BEFORE:
            del window[0]
            at -= 1
    for index in range(at, len(window)):
        yield _placed(window, index)


def positions_around(positions: Iterable[int], count: int) -> list[int]:
    """The positions of these segments and of all their neighbours in a file of ``count`` segments, ascending."""
    near = {position + step for position in positions for step in range(-BEFORE, AFTER + 1)}
    return sorted(position for position in near if 1 <= position <= count)


def in_context(segments: Sequence[Segment], rows: Mapping[int, Row]) -> list[Segment]:
    """The segments with their neighbours, of which the target counts where there is one.

    Args:
        rows: By position, of all neighbours that exist.
    """
    return [
        replace(
            segment,
            before=_neighbours(rows, range(segment.position - BEFORE, segment.position)),
            after=_neighbours(rows, range(segment.position + 1, segment.position + 1 + AFTER)),
        )
        for segment in segments
    ]


def _placed(window: Sequence[Segment], at: int) -> Segment:
    return replace(
        window[at],
        before=tuple(Neighbour(each.mt, each.source) for each in window[max(0, at - BEFORE) : at]),
        after=tuple(Neighbour(each.mt, each.source) for each in window[at + 1 : at + 1 + AFTER]),
    )


def _neighbours(rows: Mapping[int, Row], positions: Iterable[int]) -> tuple[Neighbour, ...]:
    found = [rows[position] for position in positions if position in rows]
    return tuple(Neighbour(row.mt if row.target is None else row.target, row.source) for row in found)
