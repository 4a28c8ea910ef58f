"""Per-segment statistics of metrics, kept so that a file's score is there at once when the project is opened again.

What the numbers mean is the business of scoring; here they are added up.
"""

import hashlib
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from posteditor.store.connection import Database

Which = Literal["mt", "target"]
Numbers = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class StatisticsTotal:
    """The sums of one metric's statistics over the segments that have any."""

    count: int
    """How many segments are in the sums."""
    mt: Numbers
    """The sum over the mts; empty when ``count`` is 0."""
    current: Numbers
    """The sum over the targets, the mt standing in where a segment has no target statistics."""


class StatisticsTable:
    """Statistics by position, metric and text, with running sums."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, position: int, which: Which, metric: str, text: str) -> Numbers | None:
        """The stored numbers; None when there are none or they belong to another text."""
        row = self._database.one(
            "SELECT text_hash, numbers FROM statistic WHERE position = ? AND metric = ? AND which = ?",
            (position, metric, which),
        )
        return _unpack(row[1]) if row is not None and row[0] == _hash(text) else None

    def store(self, rows: Iterable[tuple[int, Which, str, str, Numbers]]) -> None:
        """Store numbers for (position, which, metric, text), several in one transaction.

        A segment's mt goes before or with its target: the target's count for nothing until the mt's are there.
        """
        with self._database.atomic():
            sums: dict[str, _Sums] = {}
            for position, which, metric, text, numbers in rows:
                if metric not in sums:
                    sums[metric] = self._load_sums(metric)
                before = self._pair(position, metric)
                self._database.execute(
                    """INSERT INTO statistic VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET text_hash = excluded.text_hash, numbers = excluded.numbers""",
                    (position, metric, which, _hash(text), _pack(numbers)),
                )
                after = (numbers, before[1]) if which == "mt" else (before[0], numbers)
                sums[metric].replace(before, after)
            self._save_sums(sums)

    def drop_target(self, position: int) -> None:
        """Forget the target's numbers of a segment whose target is gone: its mt stands in again."""
        with self._database.atomic():
            metrics = self._database.execute(
                "SELECT metric FROM statistic WHERE position = ? AND which = 'target'", (position,)
            )
            sums = {metric: self._load_sums(metric) for (metric,) in metrics}
            for metric, total in sums.items():
                before = self._pair(position, metric)
                total.replace(before, (before[0], None))
            self._database.execute("DELETE FROM statistic WHERE position = ? AND which = 'target'", (position,))
            self._save_sums(sums)

    def total(self, metric: str) -> StatisticsTotal:
        """The running sums of one metric, in constant time."""
        sums = self._load_sums(metric)
        return StatisticsTotal(sums.count, tuple(sums.mt), tuple(sums.current))

    def _pair(self, position: int, metric: str) -> "_Pair":
        rows = self._database.execute(
            "SELECT which, numbers FROM statistic WHERE position = ? AND metric = ?", (position, metric)
        )
        found = {which: _unpack(numbers) for which, numbers in rows}
        return (found.get("mt"), found.get("target"))

    def _load_sums(self, metric: str) -> "_Sums":
        rows = self._database.execute("SELECT which, count, numbers FROM statistic_total WHERE metric = ?", (metric,))
        found = {which: (count, _unpack(numbers)) for which, count, numbers in rows}
        count, mt = found.get("mt", (0, ()))
        return _Sums(count, list(mt), list(found.get("current", (0, ()))[1]))

    def _save_sums(self, sums: dict[str, "_Sums"]) -> None:
        self._database.execute_many(
            """INSERT INTO statistic_total VALUES (?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET count = excluded.count, numbers = excluded.numbers""",
            [
                (metric, which, total.count, _pack(tuple(numbers)))
                for metric, total in sums.items()
                for which, numbers in (("mt", total.mt), ("current", total.current))
            ],
        )


_Pair = tuple[Numbers | None, Numbers | None]
"""The numbers of a segment's mt and target."""


@dataclass(slots=True)
class _Sums:
    count: int
    mt: list[float]
    current: list[float]

    def replace(self, before: _Pair, after: _Pair) -> None:
        for (mt, target), sign in ((before, -1), (after, 1)):
            if mt is None:
                continue
            self.count += sign
            _add(self.mt, mt, sign)
            _add(self.current, mt if target is None else target, sign)


def _add(total: list[float], numbers: Numbers, sign: int) -> None:
    if not total:
        total.extend([0.0] * len(numbers))
    for index, (old, new) in enumerate(zip(total, numbers, strict=True)):
        total[index] = old + sign * new


def _hash(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def _pack(numbers: Numbers) -> bytes:
    """Two bytes a number where all are small counts, as they mostly are; else eight."""
    if all(0 <= number <= 0xFFFF and number == int(number) for number in numbers):
        return b"H" + struct.pack(f"<{len(numbers)}H", *map(int, numbers))
    return b"d" + struct.pack(f"<{len(numbers)}d", *numbers)


def _unpack(packed: bytes) -> Numbers:
    width = 2 if packed[:1] == b"H" else 8
    return tuple(map(float, struct.unpack(f"<{(len(packed) - 1) // width}{packed[:1].decode()}", packed[1:])))
