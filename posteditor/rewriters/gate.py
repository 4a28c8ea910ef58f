"""The gate that every suggestion passes."""

from posteditor.core.segment import Segment
from posteditor.core.suggestion import Suggestion, suggestion_from_edits


class Gate:
    """Judges suggestions."""

    def judge(self, segment: Segment, suggestion: Suggestion) -> Suggestion:
        """The suggestion, rebuilt from its edits."""
        return suggestion_from_edits(
            segment.mt, suggestion.edits, suggestion.rewriter, seconds=suggestion.seconds, refused=suggestion.refused
        )
