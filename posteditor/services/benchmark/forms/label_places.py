"""Where names go beside their points, so that none covers another or a mark."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

_GAP = 11.0
"""From the middle of a mark to its name."""
_ASCENT, _DESCENT = 10.0, 3.0
_MARK = 7.0
_ROWS = (0, -1, 1, -2, 2, -3, 3, -4, 4)
_ROW = 14.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """A name to be placed."""

    x: float
    y: float
    """The middle of its mark."""
    width: float


class Placed(NamedTuple):
    """Where a name stands."""

    x: float
    """Of its anchor."""
    y: float
    """Its base line."""
    anchor: str
    """Start, middle or end: the part of it that lies at x, so that a wider letter moves the far end."""
    is_far: bool
    """So far from its mark that it wants a line to it."""


class _Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def common(self, other: "_Box") -> float:
        """The area that both cover."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return width * height if width > 0 and height > 0 else 0.0


def placed(names: Sequence[Wanted], left: float, top: float, right: float, bottom: float) -> list[Placed]:
    """A place for each name: the nearest free one, or the one that covers least; it stays between the four edges."""
    marks = [_Box(one.x - _MARK, one.y - _MARK, one.x + _MARK, one.y + _MARK) for one in names]
    taken: list[_Box] = list(marks)
    found = {}
    for place in sorted(range(len(names)), key=lambda place: (names[place].y, names[place].x)):
        candidates = list(_candidates(names[place], left, top, right, bottom))
        best = min(candidates, key=lambda one: sum(one[1].common(other) for other in taken) + one[2])
        found[place] = best[0]
        taken.append(best[1])
    return [found[place] for place in range(len(names))]


def _candidates(
    one: Wanted, left: float, top: float, right: float, bottom: float
) -> Iterator[tuple[Placed, _Box, float]]:
    """Places with their boxes, and what distance costs, small against any cover."""
    for cost, row in enumerate(_ROWS):
        sides = (("start", one.x + _GAP, 0.0), ("end", one.x - _GAP, 1.0), ("middle", one.x, 0.5))
        for side, (anchor, x, before) in enumerate(sides):
            if anchor == "middle" and row == 0:
                continue
            y, begin = one.y + 4 + row * _ROW, x - before * one.width
            box = _Box(begin, y - _ASCENT, begin + one.width, y + _DESCENT)
            outside = max(0.0, left - box.left) + max(0.0, box.right - right)
            outside += max(0.0, top - box.top) + max(0.0, box.bottom - bottom)
            yield Placed(x, y, anchor, abs(row) > 1), box, cost + side / 2 + 40 * outside
