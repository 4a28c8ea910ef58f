"""Inline tags as placeholders in plain text: ``<1>`` and ``</1>`` for a pair, ``<2/>`` for one that stands alone.

Formats with inline markup (XLIFF, TMX) give each element a number and keep its raw form for themselves; everything else
sees the placeholders. In front of what is one, or looks like one, each ``<`` of the text is doubled, so that nothing is
ambiguous: ``<<1>`` is the text "<1>", ``<<<1>`` the text "<" before a tag.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from posteditor.core.segment import Neighbour, Segment
from posteditor.core.suggestion import Edit, RefusedEdit, Suggestion, apply_edits

REFUSED = "inline tag"
"""Why an edit across a tag is withdrawn."""

_LOOKS_LIKE_ONE = re.compile(r"(?<!<)(<+)((?:/[0-9]{1,9}|[0-9]{1,9}/?)>)")
_TOKEN = re.compile(r"(?<!<)(?:<<)*(?P<tag><(?:/(?P<close>[0-9]{1,9})|(?P<open>[0-9]{1,9})(?P<empty>/?))>)")


class TagKind(StrEnum):
    """What a tag does."""

    OPEN = "open"
    CLOSE = "close"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One tag in a text."""

    number: int
    """From 1; an opening and a closing tag of the same element share it."""
    kind: TagKind

    def __str__(self) -> str:
        if self.kind is TagKind.CLOSE:
            return f"</{self.number}>"
        return f"<{self.number}/>" if self.kind is TagKind.EMPTY else f"<{self.number}>"


def protected(text: str) -> str:
    """A whole text of a file without tags, so that nothing in it is taken for a placeholder."""
    return _LOOKS_LIKE_ONE.sub(r"\1\1\2", text) if "<" in text else text


def joined(parts: Iterable[str | Placeholder]) -> str:
    """Texts, as the file holds them, and placeholders as one text; ``pieces`` takes it apart again."""
    found: list[str] = []
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += part
            continue
        found.append(protected(text))
        found.append("<" * (len(text) - len(text.rstrip("<"))))
        found.append(str(part))
        text = ""
    found.append(protected(text))
    return "".join(found)


def pieces(text: str) -> Iterator[str | Placeholder]:
    """The texts, as the file is to hold them, and the placeholders, in order; no text is empty."""
    done = 0
    for match in _TOKEN.finditer(text):
        start = match.start("tag")
        if start > done:
            before = _unprotected(text[done : match.start()]) + "<" * ((start - match.start()) // 2)
            yield before
        yield _placeholder(match)
        done = match.end()
    if done < len(text):
        yield _unprotected(text[done:])


def placeholders(text: str) -> list[Placeholder]:
    """The tags of a text, in order."""
    return [_placeholder(match) for match in _TOKEN.finditer(text)] if "<" in text else []


def without_tags(text: str) -> str:
    """The text alone."""
    return _TOKEN.sub(_before, text) if "<" in text else text


def plain_text(text: str) -> str:
    """The text alone as a file without tags holds it."""
    return "".join(piece for piece in pieces(text) if isinstance(piece, str)) if "<" in text else text


def tag_problem(target: str, original: str) -> str:
    """What is wrong with the tags of a target, as a sentence without its end; empty when nothing is.

    Args:
        original: The text whose tags it should have, each as often: the mt, or the source where that has more.
    """
    found, wanted = placeholders(target), placeholders(original)
    if found == wanted:
        return ""
    has, should = Counter(found), Counter(wanted)
    for tag in [*wanted, *found]:
        if has[tag] < should[tag]:
            return f"the tag {tag} is missing"
        if has[tag] > should[tag]:
            return f"the tag {tag} is there {'twice' if should[tag] else 'but not in the original'}"
    return nesting_problem(found) if not nesting_problem(wanted) else ""


def tagged_original(segment: Segment) -> str:
    """The text whose tags the target of a segment is to have: the source, or the mt where that has none."""
    return segment.source if segment.source and placeholders(segment.source) else segment.mt


def missing_tags(target: str, original: str) -> list[Placeholder]:
    """The tags that a target still needs, in the order of the original."""
    has = Counter(placeholders(target))
    missing: list[Placeholder] = []
    for tag in placeholders(original):
        if has[tag]:
            has[tag] -= 1
        else:
            missing.append(tag)
    return missing


def tag_spans(text: str) -> list[tuple[int, int]]:
    """Where the tags of a text start and end, in code points."""
    return [match.span("tag") for match in _TOKEN.finditer(text)] if "<" in text else []


def whole_tags(text: str, start: int, end: int) -> tuple[int, int]:
    """A span of a text grown to hold the whole of every tag that it holds a part of.

    An empty span inside a tag moves behind it.
    """
    for match in _TOKEN.finditer(text):
        first, last = match.span("tag")
        if start == end:
            if first < start < last:
                return last, last
        elif first < end and start < last:
            start, end = min(start, first), max(end, last)
    return start, end


def nesting_problem(tags: Sequence[Placeholder]) -> str:
    """What is wrong with the order of tags; empty when each is closed, the last opened first."""
    opened: list[int] = []
    for tag in tags:
        if tag.kind is TagKind.OPEN:
            opened.append(tag.number)
        elif tag.kind is TagKind.CLOSE:
            if not opened or opened[-1] != tag.number:
                return f"the tag {tag} is in the wrong place"
            opened.pop()
    return f"the tag <{opened[-1]}> is not closed" if opened else ""


def plain_segment(segment: Segment) -> Segment:
    """The segment without tags in any text that a rewriter reads; the same object where there are none."""
    near = (*segment.before, *segment.after)
    if not any("<" in (text or "") for text in (segment.mt, segment.source, *(one.text for one in near))):
        return segment
    return replace(
        segment,
        mt=without_tags(segment.mt),
        source=None if segment.source is None else without_tags(segment.source),
        before=tuple(map(_plain_neighbour, segment.before)),
        after=tuple(map(_plain_neighbour, segment.after)),
    )


def with_plain_texts(segment: Segment) -> Segment:
    """The segment with all texts as a file without tags holds them."""
    return with_texts(segment, plain_text)


def with_texts(segment: Segment, change: Callable[[str], str]) -> Segment:
    """The segment with another form of each of its texts."""
    return replace(
        segment,
        mt=change(segment.mt),
        source=None if segment.source is None else change(segment.source),
        target=None if segment.target is None else change(segment.target),
        references=tuple(map(change, segment.references)),
    )


def with_tags(mt: str, suggestion: Suggestion) -> Suggestion:
    """A suggestion for ``without_tags(mt)`` as one for ``mt``: every tag keeps its place between the words.

    An edit of words on both sides of a tag is withdrawn: where the tag would belong can't be known.
    """
    places = _places(mt)
    if not places:
        return suggestion
    kept: list[Edit] = []
    refused: list[RefusedEdit] = []
    for edit in suggestion.edits:
        moved, crosses = _moved(edit, places)
        if crosses:
            refused.append(RefusedEdit(moved, REFUSED))
        else:
            kept.append(moved)
    before = tuple(replace(item, edit=_moved(item.edit, places)[0]) for item in suggestion.refused)
    return replace(suggestion, text=apply_edits(mt, kept), edits=tuple(kept), refused=(*before, *refused))


def _placeholder(match: re.Match[str]) -> Placeholder:
    if match["close"]:
        return Placeholder(int(match["close"]), TagKind.CLOSE)
    return Placeholder(int(match["open"]), TagKind.EMPTY if match["empty"] else TagKind.OPEN)


def _before(match: re.Match[str]) -> str:
    """What stands before the tag, which is not its own."""
    return match[0][: match.start("tag") - match.start()]


def _unprotected(text: str) -> str:
    return _LOOKS_LIKE_ONE.sub(lambda match: match[1][: len(match[1]) // 2] + match[2], text) if "<<" in text else text


def _plain_neighbour(neighbour: Neighbour) -> Neighbour:
    source = neighbour.source
    return Neighbour(without_tags(neighbour.text), None if source is None else without_tags(source))


@dataclass(frozen=True, slots=True)
class _Place:
    """A tag: its offset in the text without tags, where it ends in the text with them, and whether it closes."""

    plain: int
    start: int
    end: int
    closes: bool


def _places(mt: str) -> list[_Place]:
    places: list[_Place] = []
    taken = 0
    for match in _TOKEN.finditer(mt):
        start, end = match.span("tag")
        places.append(_Place(start - taken, start, end, match["close"] is not None))
        taken += end - start
    return places


def _moved(edit: Edit, places: Sequence[_Place]) -> tuple[Edit, bool]:
    """The edit in the text with tags, and whether it goes across one.

    A replacement stays behind the tags at its start and before those at its end; an insertion goes behind the last
    closing one and before what opens after it.
    """
    here = [place for place in places if place.plain == edit.start]
    if edit.start == edit.end:
        here = here[: max((index + 1 for index, place in enumerate(here) if place.closes), default=0)]
    inside = [place for place in places if edit.start < place.plain < edit.end]
    before = [place for place in places if place.plain < edit.start]
    shift = sum(place.end - place.start for place in (*before, *here))
    width = sum(place.end - place.start for place in inside)
    return replace(edit, start=edit.start + shift, end=edit.end + shift + width), bool(inside)
