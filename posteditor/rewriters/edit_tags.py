"""Edit tags: one small operation for each word, and the edits that they amount to.

A text of n words has n + 1 slots: slot 0 stands before the first word and can only insert, slot i + 1 is word i. A tag
is written as its label, such as ``KEEP``, ``REPLACE:the`` or ``MOVE:+2``, which is also the name of a class of the
model. Everything that is no letter case or word choice, spaces above all, is worked out here and not by the model.

Source: Omelianchuk et al. (2020), GECToR: Grammatical Error Correction: Tag, Not Rewrite (BEA); moves and suffixes are
our own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from posteditor.core.suggestion import Edit
from posteditor.core.words import Word
from posteditor.rewriters.english_spelling import article_before, with_ending
from posteditor.rewriters.tag_categories import CLOSED_CLASS_WORDS, category_of
from posteditor.rewriters.tag_words import (
    capitalised,
    in_case_of,
    is_mark,
    space_between,
    starts_sentence,
    tag_words,
)

KEEP = "KEEP"
DELETE = "DELETE"


class TagKind(StrEnum):
    """What a tag does; the part of its label before the colon."""

    KEEP = "KEEP"
    DELETE = "DELETE"
    REPLACE = "REPLACE"
    """Another word, or several, in place of this one: ``REPLACE:of the``."""
    WORD = "WORD"
    """Another word in the letter case of this one: ``WORD:palace`` turns "Palais" into "Palace"."""
    APPEND = "APPEND"
    """One or more words after this one."""
    SUFFIX = "SUFFIX"
    """Another ending: ``SUFFIX:ed:ing`` turns "walked" into "walking", ``SUFFIX::s`` adds an s."""
    CASE = "CASE"
    """``CASE:capital``, ``CASE:lower``, ``CASE:upper``."""
    MOVE = "MOVE"
    """``MOVE:+2`` carries this word over the next two, ``MOVE:-1`` over the one before."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag, taken apart."""

    kind: TagKind
    value: str = ""
    """Words, letter case, ``old:new`` ending or signed distance; empty for keep and delete."""

    @property
    def label(self) -> str:
        """The tag as the model's classes name it; ``parse_tag`` reads it back."""
        return f"{self.kind}:{self.value}" if self.value else str(self.kind)


@dataclass(slots=True)
class _Piece:
    """A word of the result."""

    text: str
    origin: int | None
    """The word of the mt it stands for; None for an inserted one."""
    slots: list[int] = field(default_factory=list)
    """The slots whose tags changed it."""
    anchored: bool = False
    """True when it is an untouched word at its own place, where an edit may begin or end."""


def parse_tag(label: str) -> Tag:
    """The tag that ``label`` names.

    Raises:
        ValueError: There is no such kind of tag, or its value is malformed.
    """
    name, _, value = label.partition(":")
    tag = Tag(TagKind(name), value)
    if (
        (tag.kind is TagKind.SUFFIX and ":" not in value)
        or (tag.kind is TagKind.CASE and value not in ("capital", "lower", "upper"))
        or (tag.kind in (TagKind.REPLACE, TagKind.APPEND, TagKind.WORD) and not value.strip())
        or (tag.kind is TagKind.MOVE and int(value) == 0)
    ):
        raise ValueError(f"malformed edit tag {label!r}")
    return tag


def apply_to_word(tag: Tag, word: str) -> str:
    """What ``tag`` makes of the letters of ``word``; the word itself where it does not fit."""
    if tag.kind is TagKind.SUFFIX:
        old, _, new = tag.value.partition(":")
        if not word.endswith(old) or len(word) <= len(old):
            return word
        return word[: len(word) - len(old)] + new if old else with_ending(word, new)
    if tag.kind is TagKind.CASE:
        return {"capital": capitalised, "lower": str.lower, "upper": str.upper}[tag.value](word)
    if tag.kind is TagKind.WORD:
        return in_case_of(word, tag.value)
    return tag.value if tag.kind is TagKind.REPLACE else word


def edits_from_tags(mt: str, tags: Sequence[Tag | str], confidences: Sequence[float] | None = None) -> tuple[Edit, ...]:
    """The edits that ``tags`` make together: sorted, not overlapping, neighbouring changes merged into one.

    A tag that does not fit its word (an ending it has not, a move beyond the end) does as much of it as can be done.

    Args:
        mt: The text.
        tags: One for each slot: one more than ``tag_words(mt)``.
        confidences: 0-1 for each slot; an edit gets the lowest of those it is made of.

    Raises:
        ValueError: There are not as many tags as slots, or a label is malformed.
    """
    return tuple(edit for edit, _ in edits_with_slots(mt, tags, confidences))


def edits_with_slots(
    mt: str, tags: Sequence[Tag | str], confidences: Sequence[float] | None = None
) -> list[tuple[Edit, list[int]]]:
    """What ``edits_from_tags`` gives, each edit with the slots whose tags it is made of."""
    words = tag_words(mt)
    parsed = [parse_tag(tag) if isinstance(tag, str) else tag for tag in tags]
    if len(parsed) != len(words) + 1:
        raise ValueError(f"{len(parsed)} tags for {len(words)} words, expected one more than words")
    if not words or all(tag.kind is TagKind.KEEP for tag in parsed):
        return []
    pieces = _pieces(words, parsed)
    _adjust_articles(pieces)
    _capitalise_first(words, pieces)
    found = []
    for left, between, right in _stretches(words, pieces):
        if edit := _edit(mt, words, left, between, right):
            slots = _slots(parsed, words, left, between, right)
            confidence = min((confidences[slot] for slot in slots), default=1.0) if confidences else 1.0
            category = category_of(edit, mt, frozenset(parsed[slot].kind for slot in slots))
            found.append((Edit(edit.start, edit.end, edit.replacement, category, confidence), slots))
    return found


def _pieces(words: list[Word], tags: list[Tag]) -> list[_Piece]:
    """The words of the result in order."""
    moved_to: dict[int, list[int]] = {}
    passed: set[int] = set()
    for index, tag in enumerate(tags[1:]):
        if tag.kind is TagKind.MOVE:
            after = _destination(index, int(tag.value), len(words))
            if after != index - 1:
                moved_to.setdefault(after, []).append(index)
                passed.update(range(min(index, after + 1), max(index, after) + 1))
    moved = {index for group in moved_to.values() for index in group}
    pieces = []
    for index in range(-1, len(words)):
        tag = tags[index + 1]
        if index >= 0 and index not in moved and tag.kind is not TagKind.DELETE:
            pieces.append(_word_piece(words, index, tag, anchored=index not in passed))
        if tag.kind is TagKind.APPEND:
            pieces.append(_Piece(tag.value, None, [index + 1]))
        pieces += [_Piece(words[origin].text, origin, [origin + 1]) for origin in moved_to.get(index, ())]
    return pieces


def _destination(index: int, distance: int, count: int) -> int:
    """The word after which a moved word comes to stand, -1 for the beginning."""
    return min(index + distance, count - 1) if distance > 0 else max(index + distance - 1, -1)


def _word_piece(words: list[Word], index: int, tag: Tag, *, anchored: bool) -> _Piece:
    old = words[index].text
    new = apply_to_word(tag, old)
    if tag.kind is TagKind.REPLACE and old[0].isupper() and starts_sentence(words, index):
        new = capitalised(new)
    return _Piece(new, index, [index + 1] if new != old else [], anchored and new == old)


def _adjust_articles(pieces: list[_Piece]) -> None:
    """Make an "a" or "an" of the mt fit a word that has newly come after it; before its own word it stays."""
    for article, word in pairwise(pieces):
        if article.text.lower() not in ("a", "an") or not article.anchored or not word.text[0].isalpha():
            continue
        is_new = not word.anchored or word.origin != _origin(article) + 1
        text = article_before(word.text, article.text)
        if is_new and word.text.lower() not in CLOSED_CLASS_WORDS and text != article.text:
            article.text, article.anchored = text, False


def _capitalise_first(words: list[Word], pieces: list[_Piece]) -> None:
    """Hand the capital of the first word on to the one that has taken its place, or leave it where it is."""
    if pieces and words[0].text[0].isupper():
        first = pieces[0]
        if (text := capitalised(first.text)) != first.text:
            first.text, first.anchored = text, False


def _stretches(words: list[Word], pieces: list[_Piece]) -> Iterator[tuple[_Piece | None, list[_Piece], _Piece | None]]:
    """The changed stretches: the untouched word before, the new words, the untouched word after."""
    left: _Piece | None = None
    between: list[_Piece] = []
    for piece in pieces:
        if not piece.anchored:
            between.append(piece)
            continue
        before = -1 if left is None or left.origin is None else left.origin
        if between or piece.origin != before + 1:
            yield left, between, piece
        left, between = piece, []
    last = -1 if left is None or left.origin is None else left.origin
    if between or last != len(words) - 1:
        yield left, between, None


def _edit(mt: str, words: list[Word], left: _Piece | None, between: list[_Piece], right: _Piece | None) -> Edit | None:
    """The stretch as one edit without the white space it leaves alone; None when nothing changes."""
    start = words[0].start if left is None else words[_origin(left)].end
    end = words[-1].end if right is None else words[_origin(right)].start
    parts: list[str] = []
    before = left
    for piece in (*between, right):
        if before is not None and piece is not None:
            parts.append(_gap(mt, words, before, piece))
        if piece is not None and piece is not right:
            parts.append(piece.text)
        before = piece
    old, new = mt[start:end], "".join(parts)
    while old[:1] == new[:1] and old[:1].isspace():
        start, old, new = start + 1, old[1:], new[1:]
    while old[-1:] == new[-1:] and old[-1:].isspace():
        end, old, new = end - 1, old[:-1], new[:-1]
    return None if old == new else Edit(start, end, new)


def _gap(mt: str, words: list[Word], left: _Piece, right: _Piece) -> str:
    after = None if None in (left.origin, right.origin) else _gap_after(mt, words, _origin(left))
    before = None if right.origin in (None, 0) else _gap_after(mt, words, _origin(right) - 1)
    neighbours = left.origin is not None and right.origin == left.origin + 1
    if neighbours and after is not None and not _changes_nature(words, left) and not _changes_nature(words, right):
        return after
    return space_between(
        left.text,
        right.text,
        after=None if _changes_nature(words, left) else after,
        before=None if _changes_nature(words, right) else before,
    )


def _changes_nature(words: list[Word], piece: _Piece) -> bool:
    """True when a mark has become a word or a word a mark: its old spaces then say nothing."""
    return piece.origin is not None and is_mark(piece.text) != is_mark(words[piece.origin].text)


def _gap_after(mt: str, words: list[Word], index: int) -> str | None:
    return mt[words[index].end : words[index + 1].start] if index + 1 < len(words) else None


def _origin(piece: _Piece) -> int:
    if piece.origin is None:
        raise AssertionError("an inserted word has no place in the mt")
    return piece.origin


def _slots(
    tags: list[Tag], words: list[Word], left: _Piece | None, between: list[_Piece], right: _Piece | None
) -> list[int]:
    """The slots whose tags made the stretch: those of its words, and the insertion after the word before it."""
    first = 0 if left is None else _origin(left) + 1
    last = len(words) if right is None else _origin(right)
    return [slot for slot in range(first, last + 1) if tags[slot].kind is not TagKind.KEEP and _acts(slot, first, tags)]


def _acts(slot: int, first: int, tags: list[Tag]) -> bool:
    """The slot of the untouched word before the stretch takes part only by what it appends."""
    return slot != first or tags[slot].kind is TagKind.APPEND or slot == 0
