"""Carrying the work of an old project over to a new one that was made from a changed source file.

The old project is attached as ``old``. Segments are paired by id, then by source and mt, then by source, then by mt;
of equal texts the first with the first, the second with the second.
"""

from dataclasses import dataclass

from posteditor.core.segment import Status
from posteditor.store.connection import Database
from posteditor.store.journal import now

ACTOR = "update"
"""Stands in the history where an update took back a confirmation."""

_KEYS = (("source", "mt"), ("source",), ("mt",))


@dataclass(frozen=True, slots=True)
class Carried:
    """What an update found, in segments."""

    kept: int
    """In both files with the same source and mt."""
    changed: int
    """In both, with another source or mt; the work on them is kept, confirmations of other sources become drafts."""
    new: int
    """Only in the new file."""
    gone: int
    """Only in the old file; the work on them is kept in the project as history."""


def carry_over(database: Database) -> Carried:
    """Copy all work from ``old``; segments and counters of the new project are complete already."""
    _pair(database)
    _copy_work(database)
    _reopen_changed(database)
    _copy_suggestions(database)
    _keep_departed(database)
    _copy_meta(database)
    database.execute(
        """UPDATE segment_status SET status = (SELECT s.status FROM state s WHERE s.position = segment_status.position)
        WHERE position IN (SELECT position FROM state)"""
    )
    return _count(database)


def _pair(database: Database) -> None:
    database.execute("CREATE TEMP TABLE pair (new INTEGER PRIMARY KEY, old INTEGER NOT NULL UNIQUE)")
    database.execute("INSERT INTO pair SELECT n.position, o.position FROM segment n JOIN old.segment o ON o.id = n.id")
    for columns in _KEYS:
        key = ", ".join(columns)
        unpaired = " UNION ALL ".join(_unpaired(side, columns) for side in ("new", "old"))
        # Both sides in one grouping: sorted once, and no join that the planner could turn into a product.
        database.execute(
            f"""INSERT INTO pair SELECT max(iif(side = 'new', position, NULL)), max(iif(side = 'old', position, NULL))
            FROM ({unpaired}) GROUP BY {key}, nth HAVING count(*) = 2"""
        )


def _unpaired(side: str, columns: tuple[str, ...]) -> str:
    key = ", ".join(columns)
    filled = " AND ".join(f"{column} <> ''" for column in columns)
    return f"""SELECT '{side}' AS side, position, {key},
        row_number() OVER (PARTITION BY {key} ORDER BY position) AS nth
        FROM {"main" if side == "new" else "old"}.segment
        WHERE position NOT IN (SELECT {side} FROM pair) AND {filled}"""


def _copy_work(database: Database) -> None:
    database.execute(
        """INSERT INTO revision SELECT r.number, p.new, r.parent, r.text, r.status, r.actor, r.rewriter, r.hunks, r.time
        FROM old.revision r JOIN pair p ON p.old = r.position ORDER BY r.number"""
    )
    database.execute(
        """INSERT INTO state SELECT p.new, s.head, s.text, s.status, s.note, s.folded
        FROM old.state s JOIN pair p ON p.old = s.position ORDER BY p.new"""
    )


def _reopen_changed(database: Database) -> None:
    """A confirmation vouched for a translation of the old source (of the old mt where there is no source)."""
    before = database.one("SELECT coalesce(max(number), 0) FROM revision")
    assert before is not None
    database.execute(
        """INSERT INTO revision (position, parent, text, status, actor, time)
        SELECT s.position, s.head, s.text, ?, ?, ? FROM state s JOIN pair p ON p.new = s.position
        JOIN segment n ON n.position = p.new JOIN old.segment o ON o.position = p.old
        WHERE s.status IN (?, ?) AND (n.source IS NOT o.source OR n.source IS NULL AND n.mt <> o.mt)""",
        (Status.DRAFT.value, ACTOR, now(), Status.CONFIRMED.value, Status.REVIEWED.value),
    )
    database.execute(
        """UPDATE state SET head = r.number, status = r.status FROM revision r
        WHERE r.number > ? AND r.position = state.position""",
        before,
    )


def _copy_suggestions(database: Database) -> None:
    """Their hunks point into the mt, so only where that is the same."""
    database.execute(
        """INSERT INTO suggestion SELECT p.new, g.rewriter, g.model_revision, g.text, g.rank, g.body, g.time
        FROM old.suggestion g JOIN pair p ON p.old = g.position JOIN segment n ON n.position = p.new
        JOIN old.segment o ON o.position = p.old WHERE n.mt = o.mt ORDER BY p.new"""
    )


def _keep_departed(database: Database) -> None:
    columns = "time, id, source, mt, target, status, note, revisions"
    database.execute(f"INSERT INTO departed ({columns}) SELECT {columns} FROM old.departed ORDER BY number")
    database.execute(
        f"""INSERT INTO departed ({columns}) SELECT ?, o.id, o.source, o.mt, s.text, s.status, s.note, (
            SELECT json_group_array(json_object('number', r.number, 'parent', r.parent, 'text', r.text, 'status',
            r.status, 'actor', r.actor, 'rewriter', r.rewriter, 'hunks', json(r.hunks), 'time', r.time))
            FROM old.revision r WHERE r.position = o.position)
        FROM old.segment o JOIN old.state s ON s.position = o.position
        WHERE o.position NOT IN (SELECT old FROM pair) ORDER BY o.position""",
        (now(),),
    )


def _copy_meta(database: Database) -> None:
    database.execute("INSERT INTO meta SELECT key, value FROM old.meta WHERE true ON CONFLICT DO NOTHING")
    database.execute("DELETE FROM meta WHERE key = 'owner'")
    database.execute(
        """UPDATE meta SET value = coalesce(
            (SELECT CAST(new AS TEXT) FROM pair WHERE old >= CAST(meta.value AS INTEGER) ORDER BY old LIMIT 1), '1')
        WHERE key = 'last_position'"""
    )


def _count(database: Database) -> Carried:
    row = database.one(
        """SELECT count(*), coalesce(sum(n.source IS o.source AND n.mt = o.mt), 0) FROM pair p
        JOIN segment n ON n.position = p.new JOIN old.segment o ON o.position = p.old"""
    )
    assert row is not None
    paired, same = row
    totals = [database.one(f"SELECT count(*) FROM {schema}.segment") for schema in ("main", "old")]
    new, old = (total[0] if total else 0 for total in totals)
    return Carried(kept=same, changed=paired - same, new=new - paired, gone=old - paired)
