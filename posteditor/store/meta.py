"""What a project knows about itself: small facts by name, as JSON values."""

import json
from collections.abc import Mapping
from typing import Any

from posteditor.store.connection import Database


class Meta:
    """The ``meta`` table. Keys are plain words; values anything that JSON can hold."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a key; ``default`` when it was never set."""
        row = self._database.one("SELECT value FROM meta WHERE key = ?", (key,))
        return default if row is None else json.loads(row[0])

    def set(self, key: str, value: Any) -> None:
        """Store one value."""
        self.update({key: value})

    def update(self, values: Mapping[str, Any]) -> None:
        """Store several values in one transaction."""
        rows = [(key, json.dumps(value, ensure_ascii=False)) for key, value in values.items()]
        with self._database.atomic():
            self._database.execute_many(
                "INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", rows
            )

    def remove(self, key: str) -> None:
        """Forget a key, known or not."""
        with self._database.atomic():
            self._database.execute("DELETE FROM meta WHERE key = ?", (key,))
