"""Finding segments by text and status over a whole project, first hits first."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain, cycle, islice

from posteditor.core.segment import Status
from posteditor.store.folding import like_pattern
from posteditor.store.project import Project

_FIRST_SPAN = 500
_LONGEST_SPAN = 20_000
_THREADS = 2


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
        jobs = zip(cycle(finders), spans)  # one of them is endless
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
        found = self._with_text(first, last)
        if self._statuses is not None and found:
            found &= set(self._project.segments.with_status(self._statuses, first, last))
        return sorted(found)

    def _with_text(self, first: int, last: int) -> set[int]:
        execute = self._project.database.execute
        imported = execute(
            r"""SELECT position FROM segment WHERE position BETWEEN ?1 AND ?2 AND (mt LIKE ?3 ESCAPE '\'
            OR source LIKE ?3 ESCAPE '\' OR target LIKE ?3 ESCAPE '\' OR folded LIKE ?3 ESCAPE '\')""",
            (first, last, self._pattern),
        )
        worked_on = execute(
            r"""SELECT position FROM state WHERE position BETWEEN ?1 AND ?2
            AND (text LIKE ?3 ESCAPE '\' OR folded LIKE ?3 ESCAPE '\')
            UNION SELECT position FROM draft WHERE position BETWEEN ?1 AND ?2""",
            (first, last, self._pattern),
        )
        found = {position for rows in (imported, worked_on) for (position,) in rows}
        return found - self._without_text_by_now(found, first, last)

    def _without_text_by_now(self, found: set[int], first: int, last: int) -> set[int]:
        """Those of ``found`` that had the text only in a target which has been replaced since."""
        touched = self._project.database.execute(
            """SELECT position FROM state WHERE position BETWEEN ?1 AND ?2
            UNION SELECT position FROM draft WHERE position BETWEEN ?1 AND ?2""",
            (first, last),
        )
        doubtful = [position for (position,) in touched if position in found]
        return {
            row.position
            for begin in range(0, len(doubtful), 500)
            for row in self._project.segments.rows(doubtful[begin : begin + 500])
            if not any(self._text in text.casefold() for text in (row.mt, row.source, row.target) if text)
        }
