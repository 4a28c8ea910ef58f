"""Suggestions that were made once are kept, so that a model need not run again when the person comes back."""

import json

from posteditor.core.suggestion import Suggestion
from posteditor.store.connection import Database
from posteditor.store.journal import now


class SuggestionTable:
    """At most one suggestion per segment and rewriter; a newer one takes the older one's place."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def store(self, position: int, suggestion: Suggestion, model_revision: str, mt: str) -> None:
        """Keep a suggestion; ``model_revision`` says which weights or settings made it."""
        body = json.dumps(suggestion.to_json(), ensure_ascii=False)
        values = (position, suggestion.rewriter, model_revision, suggestion.text, _rank(suggestion, mt), body, now())
        with self._database.atomic():
            self._database.execute(
                """INSERT INTO suggestion VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
                model_revision = excluded.model_revision, text = excluded.text, rank = excluded.rank,
                body = excluded.body, time = excluded.time""",
                values,
            )

    def of(self, position: int) -> list[tuple[Suggestion, str]]:
        """The suggestions of a segment with their model revisions, best first."""
        rows = self._database.execute(
            "SELECT body, model_revision FROM suggestion WHERE position = ? ORDER BY rank DESC, rewriter", (position,)
        )
        return [(Suggestion.from_json(json.loads(body)), revision) for body, revision in rows]


def _rank(suggestion: Suggestion, mt: str) -> float:
    """Any change ranks above none, a failure lowest; between changes the confidence decides."""
    if suggestion.error:
        return -1.0
    return 0.0 if suggestion.text == mt else 1.0 + suggestion.confidence
