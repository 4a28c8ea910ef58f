"""Judging a rewrite as a whole, for the tests of the gate's rules."""

from posteditor.core.diff import word_diff
from posteditor.core.segment import Neighbour, Segment
from posteditor.core.suggestion import Suggestion, suggestion_from_edits
from posteditor.rewriters.gate import Gate, rule_of


def judged(mt: str, rewrite: str, source: str | None = None, *, before: tuple[Neighbour, ...] = ()) -> Suggestion:
    """What the gate makes of the hunks between the two texts."""
    suggestion = suggestion_from_edits(mt, word_diff(mt, rewrite), "test")
    return Gate().judge(Segment(1, mt, source, before=before), suggestion)


def assert_refused(rule: str, mt: str, rewrite: str, source: str | None = None) -> None:
    """All of the rewrite is withdrawn, for this rule alone."""
    suggestion = judged(mt, rewrite, source)
    assert {rule_of(refused.reason) for refused in suggestion.refused} == {rule}, suggestion.refusal
    assert suggestion.text == mt


def assert_passes(mt: str, rewrite: str, source: str | None = None) -> None:
    """The rewrite comes through as it is."""
    suggestion = judged(mt, rewrite, source)
    assert (suggestion.text, suggestion.refusal) == (rewrite, "")
