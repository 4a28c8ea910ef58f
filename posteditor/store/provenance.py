"""Where the target of a segment comes from, out of its history."""

import json

from posteditor.core.segment import Provenance
from posteditor.core.suggestion import Edit
from posteditor.store.connection import Database

# From the head back to the imported state: the newest revision says who and when, the newest with a rewriter which.
_CHAIN = """WITH RECURSIVE chain (parent, actor, rewriter, hunks, time, depth) AS (
        SELECT r.parent, r.actor, r.rewriter, r.hunks, r.time, 0
        FROM revision r JOIN state s ON s.head = r.number WHERE s.position = ?
        UNION ALL
        SELECT r.parent, r.actor, r.rewriter, r.hunks, r.time, c.depth + 1
        FROM revision r JOIN chain c ON r.number = c.parent
    )
    SELECT actor, rewriter, hunks, time FROM chain ORDER BY depth"""


class ProvenanceReader:
    """Who worked on the segments of a project, which suggestion they took, and when."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, position: int) -> Provenance | None:
        """That of a segment's target as it is now, drafts aside; None for one that nobody has worked on."""
        rows = self._database.execute(_CHAIN, (position,))
        if not rows:
            return None
        author, _, _, time = rows[0]
        rewriter, confidence = next(((row[1], _confidence(row[2])) for row in rows if row[1]), ("", None))
        return Provenance(author, rewriter, confidence, time)


def _confidence(hunks: str | None) -> float | None:
    """That of the least certain hunk taken; None where none is recorded."""
    edits = [Edit.from_json(hunk) for hunk in json.loads(hunks)] if hunks else []
    return min((edit.confidence for edit in edits), default=None)
