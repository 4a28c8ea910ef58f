"""A text with what it changes in the mt marked: pieces for whoever draws them, safe for a terminal. No widgets."""

from typing import Literal, NamedTuple

from posteditor.core.diff import word_diff
from posteditor.core.suggestion import Edit, Suggestion
from posteditor.tui.visible import visible

_WORDS_UP_TO = 6_000
"""Characters; a word diff of a longer text would be felt, and its hunks as they were suggested do as well."""


class Piece(NamedTuple):
    """A part of a text; what was taken out (``old``) and put in (``new``) is in brackets that need no colour."""

    kind: Literal["same", "old", "new"]
    text: str


def diff_pieces(mt: str, suggestion: Suggestion) -> list[Piece]:
    """The mt as the suggestion has it, in order: the words that stay, [-those that went-] and {+those that came+}."""
    pieces: list[Piece] = []
    done = 0
    for edit in _edits(mt, suggestion):
        pieces.append(Piece("same", visible(mt[done : edit.start])))
        if edit.start < edit.end:
            pieces.append(Piece("old", f"[-{visible(mt[edit.start : edit.end])}-]"))
        if edit.replacement:
            pieces.append(Piece("new", f"{{+{visible(edit.replacement)}+}}"))
        done = edit.end
    pieces.append(Piece("same", visible(mt[done:])))
    return [piece for piece in pieces if piece.text]


def _edits(mt: str, suggestion: Suggestion) -> tuple[Edit, ...]:
    if max(len(mt), len(suggestion.text)) > _WORDS_UP_TO:
        return suggestion.edits
    return word_diff(mt, suggestion.text)
