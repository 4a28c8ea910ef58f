"""Counting over a whole project: what ``posteditor stats`` shows of the history."""

from collections.abc import Iterator
from dataclasses import dataclass

from posteditor.core.segment import Status
from posteditor.store.connection import Database


@dataclass(frozen=True, slots=True)
class HistoryTotals:
    """Sums over the history of all segments."""

    revisions: int
    days: int
    """Different days (UTC) on which a revision was made."""
    first: str | None
    """Time of the first revision, ISO 8601; None when there is none."""
    last: str | None


@dataclass(frozen=True, slots=True)
class TakenSuggestions:
    """What became of suggestions that change something, counted once per segment and rewriter."""

    whole: int
    """All hunks were taken (in one step or several)."""
    in_part: int
    refused: int
    """The person decided about the segment and took nothing."""


def history_totals(database: Database) -> HistoryTotals:
    """Revisions, undone ones included, and the days on which they were made."""
    row = database.one("SELECT count(*), count(DISTINCT substr(time, 1, 10)), min(time), max(time) FROM revision")
    assert row is not None
    return HistoryTotals(*row)


def taken_suggestions(database: Database) -> TakenSuggestions:
    """Judged by the hunks in the history of a segment and by the hunks of the suggestion that is stored for it.

    A suggestion that was taken but is no longer stored counts as whole.
    """
    row = database.one(
        """WITH taken AS (
            SELECT position, rewriter,
                (SELECT count(DISTINCT json_extract(h.value, '$.start') || ' ' || json_extract(h.value, '$.end'))
                 FROM revision t, json_each(t.hunks) h
                 WHERE t.position = r.position AND t.rewriter = r.rewriter) AS hunks,
                max(r.text) AS text
            FROM revision r WHERE rewriter IS NOT NULL GROUP BY position, rewriter)
        SELECT coalesce(sum(whole), 0), count(*) - coalesce(sum(whole), 0) FROM (
            SELECT s.body IS NULL OR t.hunks >= json_array_length(s.body, '$.edits') OR EXISTS (
                SELECT 1 FROM revision r
                WHERE r.position = t.position AND r.rewriter = t.rewriter AND r.text = s.text) AS whole
            FROM taken t LEFT JOIN suggestion s ON s.position = t.position AND s.rewriter = t.rewriter)"""
    )
    refused = database.one(
        """SELECT count(*) FROM suggestion s JOIN segment_status t ON t.position = s.position
        WHERE s.rank > 0 AND t.status IN (?, ?, ?) AND NOT EXISTS (
            SELECT 1 FROM revision r WHERE r.position = s.position AND r.rewriter = s.rewriter)""",
        (Status.CONFIRMED.value, Status.REVIEWED.value, Status.REJECTED.value),
    )
    assert row is not None
    assert refused is not None
    return TakenSuggestions(row[0], row[1], refused[0])


def worked_texts(database: Database) -> Iterator[list[tuple[str, str, int]]]:
    """For every segment that was worked on and has a target: mt, target, 1 if the target is what a suggestion gave."""
    return database.iterate(
        """SELECT mt, text, EXISTS (SELECT 1 FROM revision r
            WHERE r.position = w.position AND r.rewriter IS NOT NULL AND r.text = w.text)
        FROM (SELECT g.position, g.mt, coalesce(d.text, s.text) AS text FROM state s
            JOIN segment g ON g.position = s.position LEFT JOIN draft d ON d.position = s.position
            UNION ALL SELECT g.position, g.mt, d.text FROM draft d JOIN segment g ON g.position = d.position
            WHERE d.position NOT IN (SELECT position FROM state)) w
        WHERE text IS NOT NULL"""
    )


def departed_count(database: Database) -> int:
    """How many segments with work an update of the source file left behind."""
    row = database.one("SELECT count(*) FROM departed")
    return row[0] if row else 0
