"""What is asked of the scoring process and what it answers, as dataclasses and as the JSON lines between the two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from posteditor.core.inline_tags import plain_text
from posteditor.scoring.metrics import Statistics


@dataclass(frozen=True, slots=True)
class ScoreRequest:
    """Texts of one segment to be scored against its references."""

    key: str
    """What is scored, such as a segment; a newer live request with the same key takes the place of an older one."""
    number: int
    """Goes up with every request; an answer carries the number of its request."""
    texts: Mapping[str, str] = field(hash=False)
    """By name, such as mt, suggestion and target; scored in this order."""
    references: tuple[str, ...]
    """At least one."""
    metrics: tuple[str, ...] = ()
    """Names of the metrics wanted; empty for all that the process was started with."""
    has_tags: bool = False
    """The texts hold placeholders of inline tags, which are not scored."""

    def to_json(self) -> dict[str, Any]:
        """The request as plain JSON values; ``from_json`` reads it back, the tags taken out."""
        text_of = plain_text if self.has_tags else str
        return {
            "key": self.key,
            "number": self.number,
            "texts": {name: text_of(text) for name, text in self.texts.items()},
            "references": list(map(text_of, self.references)),
            "metrics": list(self.metrics),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "ScoreRequest":
        """A request from what ``to_json`` gave."""
        return cls(value["key"], value["number"], value["texts"], tuple(value["references"]), tuple(value["metrics"]))


@dataclass(frozen=True, slots=True)
class ScoredText:
    """One text's statistics and sentence score for one metric."""

    key: str
    number: int
    name: str
    """The name of the text in its request."""
    metric: str
    """The name of the metric in the registry."""
    statistics: Statistics
    value: float
    """The sentence score on 0-100."""
    reference_count: int
    """How many references it was scored against."""

    def to_json(self) -> list[Any]:
        """The answer as plain JSON values; ``from_json`` reads it back."""
        return [self.key, self.number, self.name, self.metric, list(self.statistics), self.value, self.reference_count]

    @classmethod
    def from_json(cls, value: Sequence[Any]) -> "ScoredText":
        """An answer from what ``to_json`` gave."""
        key, number, name, metric, statistics, score, reference_count = value
        return cls(key, number, name, metric, tuple(statistics), score, reference_count)
