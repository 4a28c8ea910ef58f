"""The words that edit tags stand on, and the spaces and capitals that new words get between them."""

from posteditor.core.words import Word, split_words

_CLOSING = frozenset(",.;:!?)]}»”%…。、，")
_OPENING = frozenset("([{«“$€£¿¡")
_GLUE = frozenset("-–—/\"'‘’`")
"""Marks whose spaces depend on where they stand: they keep the spaces they have."""
_SENTENCE_END = frozenset(".!?…")


def tag_words(text: str) -> list[Word]:
    """The words and marks of ``text`` without its white space: word ``i`` has tag slot ``i + 1``."""
    return [word for word in split_words(text) if not word.is_space]


def word_set(text: str) -> frozenset[str]:
    """The words of a list written with spaces between them."""
    return frozenset(text.split())


def is_mark(text: str) -> bool:
    """True when nothing in ``text`` is a letter or a digit."""
    return not any(character.isalnum() for character in text)


def space_between(left: str, right: str, *, after: str | None, before: str | None) -> str:
    """The white space between two words that were not neighbours before.

    Args:
        left: The word before.
        right: The word after.
        after: The white space that followed ``left`` where it came from; None when it is new there.
        before: The white space that stood before ``right`` where it came from; None when it is new there.
    """
    gaps = [gap for gap in (after, before) if gap is not None]
    unusual = [gap for gap in gaps if gap.strip(" ")]
    if unusual:
        return max(unusual, key=len)
    if not left or not right:
        return ""
    if right[0] in _CLOSING:  # a text that sets its marks apart keeps to it
        return " " if before else ""
    if left[-1] in _OPENING:
        return " " if after else ""
    if right[0] in _GLUE or left[-1] in _GLUE:
        return " " if all(gaps) else ""
    if _is_unspaced(left[-1]) and _is_unspaced(right[0]):
        return ""
    return " "


def starts_sentence(words: list[Word], index: int) -> bool:
    """True for the first word of the text and for one after a full stop, with quotes and brackets passed over."""
    before = index - 1
    while before >= 0 and is_mark(words[before].text) and words[before].text[0] not in _SENTENCE_END:
        before -= 1
    return before < 0 or words[before].text[-1] in _SENTENCE_END


def capitalised(text: str) -> str:
    """``text`` with a capital first letter, its other letters as they are."""
    return text[:1].upper() + text[1:]


def in_case_of(word: str, new: str) -> str:
    """``new``, given in small letters, in the letter case of ``word``: small, with a capital, or in capitals."""
    if len(word) > 1 and word.isupper():
        return new.upper()
    return capitalised(new) if word[:1].isupper() else new


def uncapitalised(text: str) -> str:
    """``text`` with a small first letter, unless it is the pronoun I or written in capitals."""
    first = text.split("'")[0].split("’")[0]
    if first == "I" or (len(first) > 1 and first.isupper()):
        return text
    return text[:1].lower() + text[1:]


def _is_unspaced(character: str) -> bool:
    return character >= "\u2e80" or "\u0e00" <= character <= "\u0eff"
