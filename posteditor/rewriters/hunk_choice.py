"""Choosing among hunks that can't all be made, and keeping together those that only make sense together."""

from collections.abc import Iterable, Sequence

from posteditor.core.suggestion import Edit
from posteditor.core.words import split_words


def clash(one: Edit, other: Edit) -> bool:
    """True when two hunks would change the same characters, or both put something in at the same place.

    Hunks that only touch do not clash: an insertion at the edge of a replaced word stands before or behind it.
    """
    if one.start == one.end == other.start == other.end:
        return True
    return max(one.start, other.start) < min(one.end, other.end) or _is_inside(one, other) or _is_inside(other, one)


def _is_inside(insertion: Edit, other: Edit) -> bool:
    return insertion.start == insertion.end and other.start < insertion.start < other.end


def first_that_fit(ranked: Iterable[Edit]) -> tuple[Edit, ...]:
    """Each hunk that does not clash with an earlier one of the ranking; sorted by place."""
    chosen: list[Edit] = []
    for edit in ranked:
        if not any(clash(edit, other) for other in chosen):
            chosen.append(edit)
    return tuple(sorted(chosen, key=lambda edit: (edit.start, edit.end)))


def linked(mt: str, edits: Sequence[Edit]) -> list[frozenset[int]]:
    """The hunks' indices in groups: those that take a word from one place and put it in another belong together.

    Made alone, one half of such a move would lose the word or say it twice.
    """
    taken = [_words(mt[edit.start : edit.end]) for edit in edits]
    given = [_words(edit.replacement) for edit in edits]
    groups: list[set[int]] = []
    for index in range(len(edits)):
        touching = [group for group in groups if any(_is_move(taken, given, index, other) for other in group)]
        groups = [group for group in groups if group not in touching]
        groups.append({index}.union(*touching))
    return [frozenset(group) for group in groups]


def _words(text: str) -> frozenset[str]:
    return frozenset(word.text.casefold() for word in split_words(text) if word.text[0].isalnum())


def _is_move(taken: Sequence[frozenset[str]], given: Sequence[frozenset[str]], one: int, other: int) -> bool:
    """One of the two loses a word that the other gains."""
    lost, gained = (taken[one] - given[one], given[one] - taken[one])
    return bool(lost & (given[other] - taken[other]) or gained & (taken[other] - given[other]))
