"""What the panel says about a hunk."""

import pytest

from posteditor.core.hunks import hunks_of
from posteditor.core.suggestion import Edit, Suggestion, suggestion_from_edits
from posteditor.tui.panel_view import PanelView
from posteditor.tui.segment_panel import panel_content


@pytest.mark.parametrize(
    ("sources", "facts"),
    [
        ((), "(article, 91%, open)"),
        (("default",), "(article, 91% by default, open)"),
        (("default", "memory"), "(article, 91% by default and memory, open)"),
        (("evil\x1b[31m",), "(article, 91% by evil␛[31m, open)"),
    ],
)
def test_the_hunk_in_hand_says_who_proposed_it(sources: tuple[str, ...], facts: str) -> None:
    edit = Edit(0, 1, "the", "article", 0.91, sources)
    suggestion = suggestion_from_edits("a dog", [edit], "default+memory")
    assert Suggestion.from_json(suggestion.to_json()) == suggestion
    assert ("sources" in edit.to_json()) is bool(sources)
    view = PanelView("a dog", suggestions=[suggestion], hunks=hunks_of("a dog", "a dog", suggestion))
    assert facts in panel_content(view, 100).plain
