"""Finding segments by text and status over a whole project, first hits first."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain, cycle, islice

from posteditor.core.segment import Status
from posteditor.store.project import Project

_FIRST_SPAN = 500
_LONGEST_SPAN = 20_000
_THREADS = 2

_OTHER_FORMS = frozenset("kKsSfF")
"""Letters that another character folds to."""
_TAILS = frozenset("nNiIlLtT")
"""Letters that end the folded form of another character."""
_HEADS = frozenset("iIjJhHtTwWyYaA")
"""Letters that begin one."""


@dataclass(frozen=True, slots=True)
class FindQuery:
    """What to look for; a segment has to fit all of it."""

    text: str = ""
    """Found anywhere in source, mt or target, whatever the case; empty fits every segment."""
    statuses: frozenset[Status] | None = None
    """None fits every status."""


def search(project: Project, query: FindQuery, *, start: int, should_stop: Callable[[], bool]) -> Iterator[list[int]]:
    """Positions that fit, in ascending batches from ``start`` to the end and then from 1.

    Spans of the project are looked through by two threads with connections of their own (SQLite works outside the
    interpreter's lock) and answered in order.
    """
    with ExitStack() as stack:
        finders = [_Finder(stack.enter_context(project.reader()), query) for _ in range(_THREADS)]
        pool = stack.enter_context(ThreadPoolExecutor(_THREADS, thread_name_prefix="find"))
        count = finders[0].count
        spans = chain(_spans(max(start, 1), count), _spans(1, min(start - 1, count)))
        jobs = zip(cycle(finders), spans)  # noqa: B905 - one of them is endless
        running = deque(pool.submit(finder.between, *span) for finder, span in islice(jobs, 2 * _THREADS))
        try:
            while running and not should_stop():
                found = running.popleft().result()
                running.extend(pool.submit(finder.between, *span) for finder, span in islice(jobs, 1))
                if found:
                    yield found
        finally:
            for future in running:
                future.cancel()


def _spans(first: int, last: int) -> Iterator[tuple[int, int]]:
    """Cut a range into spans that start short, for a quick first answer, and grow."""
    length = _FIRST_SPAN
    while first <= last:
        yield first, min(first + length - 1, last)
        first += length
        length = min(length * 2, _LONGEST_SPAN)


class _Finder:
    def __init__(self, project: Project, query: FindQuery) -> None:
        self._project = project
        self.count = project.segments.count()
        self._statuses = query.statuses
        self._text = query.text.casefold()
        self._pattern = like_pattern(query.text)

    def between(self, first: int, last: int) -> list[int]:
        if not self._text:
            if self._statuses is None:
                return list(range(first, last + 1))
            return self._project.segments.with_status(self._statuses, first, last)
        candidates = self._candidates(first, last)
        if self._statuses is not None and candidates:
            candidates &= set(self._project.segments.with_status(self._statuses, first, last))
        return self._verified(sorted(candidates))

    def _candidates(self, first: int, last: int) -> set[int]:
        database, pattern = self._project.database, self._pattern
        rows = database.execute(
            r"""SELECT position FROM segment WHERE position BETWEEN ?1 AND ?2
            AND (mt LIKE ?3 ESCAPE '\' OR source LIKE ?3 ESCAPE '\' OR target LIKE ?3 ESCAPE '\')
            UNION SELECT position FROM state WHERE position BETWEEN ?1 AND ?2 AND text LIKE ?3 ESCAPE '\'
            UNION SELECT position FROM draft WHERE position BETWEEN ?1 AND ?2 AND text LIKE ?3 ESCAPE '\'""",
            (first, last, pattern),
        )
        return {position for (position,) in rows}

    def _verified(self, candidates: list[int]) -> list[int]:
        """What really has the text now: an imported target may have been replaced, and LIKE was only a sieve."""
        found = []
        for begin in range(0, len(candidates), 500):
            found += [
                row.position
                for row in self._project.segments.rows(candidates[begin : begin + 500])
                if any(self._text in text.casefold() for text in (row.mt, row.source, row.target) if text)
            ]
        return found


def like_pattern(text: str) -> str:
    r"""A LIKE pattern (with ``\`` as its escape) that lets through at least what contains ``text`` in any case.

    SQLite's LIKE knows the case of ASCII letters only. So other characters become wildcards, and so do the ASCII
    letters where they may be, or be a part of, another character's folded form.

    Source: Unicode CaseFolding.txt, statuses C and F: the characters outside ASCII whose folding has an ASCII letter
    are the Kelvin sign, long s, sharp s, the Latin ligatures, dotted capital I, and n, j, h, t, w, y, a with a mark.
    """
    kept = [" " <= char <= "~" and char not in _OTHER_FORMS for char in text]
    parts = []
    for index, char in enumerate(text):
        starts = index == 0 or not kept[index - 1]
        ends = index + 1 == len(text) or not kept[index + 1]
        if not kept[index] or (starts and char in _TAILS) or (ends and char in _HEADS):
            parts.append("%")
        else:
            parts.append(f"\\{char}" if char in "%_\\" else char)
    return re.sub("%+$", "", re.sub(r"(?<!\\)%+", "%", f"%{''.join(parts)}")) + "%"
