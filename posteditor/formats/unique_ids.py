"""Ids that a file repeats made different, in constant memory."""

import re
from collections.abc import Sequence

_NUMBER = re.compile("0|[1-9][0-9]{0,17}")
_BITS = 27
_MASK = (1 << _BITS) - 1
# An odd number without pattern: its product with an id spreads over all bits.
_FACTOR = 0x9E3779B97F4A7C15F39CC0605CEDC8341082276B


class UniqueIds:
    """Gives each id of a file back, or, from its second time on, with the place of its segment.

    What was there before is remembered in a Bloom filter of 16 MiB, the same in every run: of a million different ids
    some ten, of ten millions some 20,000 are taken for repeated ones, which only makes them longer.
    """

    def __init__(self) -> None:
        self._seen: bytearray | None = None
        self._numbers: range | None = None
        """Ids that are numbers one after the other from the first on, which are remembered for nothing."""

    def unique(self, name: str | None, position: int) -> str | None:
        """``name``, or ``name#position`` when it was there before; None for no name, or an empty one.

        Args:
            position: 1-based place of the segment.
        """
        if not name:
            return None
        numbers = self._numbers
        if numbers is None:
            self._numbers = numbers = _numbers_from(name)
        if self._seen is None and name == str(numbers.stop):
            self._numbers = range(numbers.start, numbers.stop + 1)
            return name
        if not _is_in(name, numbers) and self._add(name):
            return name
        name = f"{name}#{position}"
        while not self._add(name):
            name += "#"
        return name

    def unique_all(self, names: Sequence[str | None], first: int) -> list[str | None]:
        """The same for segments in a row.

        Args:
            first: 1-based place of the first one.
        """
        if self._numbers is None and names and names[0]:
            self._numbers = _numbers_from(names[0])
        if self._numbers is not None and self._seen is None:
            numbers = range(self._numbers.stop, self._numbers.stop + len(names))
            if names == list(map(str, numbers)):
                self._numbers = range(self._numbers.start, numbers.stop)
                return list(names)
        return [self.unique(name, position) for position, name in enumerate(names, first)]

    def _add(self, name: str) -> bool:
        """Remember an id; False if it was there before."""
        seen = self._seen
        if seen is None:
            seen = self._seen = bytearray(1 << (_BITS - 3))
        # hash() of a number is the number modulo a prime, in every process; that of a text is another in each.
        spread = hash(int.from_bytes(name.encode("utf-8", "surrogatepass"), "little") + 1) * _FACTOR >> 24
        first, second, third = spread & _MASK, (spread >> 32) & _MASK, (spread >> 64) & _MASK
        was_there = (
            seen[first >> 3] >> (first & 7) & seen[second >> 3] >> (second & 7) & seen[third >> 3] >> (third & 7)
        )
        if was_there & 1:
            return False
        seen[first >> 3] |= 1 << (first & 7)
        seen[second >> 3] |= 1 << (second & 7)
        seen[third >> 3] |= 1 << (third & 7)
        return True


def _numbers_from(first: str) -> range:
    """No numbers yet; the next would be the first id, if it is one."""
    start = int(first) if _NUMBER.fullmatch(first) else 0
    return range(start, start)


def _is_in(name: str, numbers: range) -> bool:
    return _NUMBER.fullmatch(name) is not None and int(name) in numbers
