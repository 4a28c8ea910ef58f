"""Two rounds of edits made into one: edits on a text, and edits on what they gave, as edits on the text."""

from collections.abc import Iterator, Sequence
from itertools import chain

from posteditor.core.suggestion import Edit, apply_edits


def compose_edits(text: str, first: Sequence[Edit], second: Sequence[Edit]) -> tuple[Edit, ...]:
    """The edits on ``text`` that do what ``first`` does, then ``second`` on the result.

    Edits of the two rounds that touch become one, with the lower confidence and the first one's category. What comes
    out as it went in is left out.
    """
    if not second:
        return tuple(first)
    between = apply_edits(text, first)
    spans = list(_spans_of_results(first))
    composed = []
    for start, end in _joined(sorted([*spans, *((edit.start, edit.end) for edit in second)])):
        mine = [edit for edit, span in zip(first, spans, strict=True) if start <= span[0] and span[1] <= end]
        later = [edit for edit in second if start <= edit.start and edit.end <= end]
        old_start, old_end = _original(start, first, spans, up=False), _original(end, first, spans, up=True)
        moved = (Edit(edit.start - start, edit.end - start, edit.replacement) for edit in later)
        replacement = apply_edits(between[start:end], moved)
        if text[old_start:old_end] != replacement:
            confidence = min(edit.confidence for edit in chain(mine, later))
            category = next(edit.category for edit in chain(mine, later))
            composed.append(Edit(old_start, old_end, replacement, category, confidence))
    return tuple(composed)


def _spans_of_results(edits: Sequence[Edit]) -> Iterator[tuple[int, int]]:
    """Where each edit's replacement lies in the result."""
    shift = 0
    for edit in edits:
        start = edit.start + shift
        yield start, start + len(edit.replacement)
        shift += len(edit.replacement) - (edit.end - edit.start)


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted spans, those that overlap or touch made into one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _original(place: int, first: Sequence[Edit], spans: Sequence[tuple[int, int]], *, up: bool) -> int:
    """The place in the text of a ``place`` in the result; at the edge of a replacement the outer edge of its edit."""
    shift = 0
    for edit, (start, end) in zip(first, spans, strict=True):
        if place < start or (place == start and not up):
            break
        shift = edit.end - end
    return place + shift
