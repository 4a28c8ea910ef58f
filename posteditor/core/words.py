"""Cutting text into words with their offsets, for diffs and hunks (metrics have tokenizers of their own)."""

import re
from typing import NamedTuple

# Scripts written without spaces: every character stands alone, so that a diff shows less than a whole sentence.
_UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\u1780-\u17ff"  # Myanmar, Khmer
    "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # Han, kana
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_WORD = re.compile(
    rf"[{_UNSPACED}][\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u3099\u309a\ufe00-\ufe0f]*"
    rf"|[^\W{_UNSPACED}](?:[^\W{_UNSPACED}]|[\u0300-\u036f\u200c\u200d]|[.,](?=\d)|['’\-](?=\w))*"
    r"|[^\w\s](?:[\u0300-\u036f\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]|(?<=\u200d)[^\w\s])*"
    r"|\s+"
)


class Word(NamedTuple):
    """A word, a punctuation mark or a run of white space; ``text`` is the string between ``start`` and ``end``."""

    start: int
    end: int
    text: str

    @property
    def is_space(self) -> bool:
        """True for a run of white space."""
        return self.text.isspace()


def split_words(text: str) -> list[Word]:
    """All of ``text`` as words, marks and white space in order: joined, they give ``text`` again."""
    words: list[Word] = []
    done = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        if start > done:  # a character no alternative takes, such as a lone combining mark
            words.append(Word(done, start, text[done:start]))
        words.append(Word(start, end, text[start:end]))
        done = end
    if done < len(text):
        words.append(Word(done, len(text), text[done:]))
    return words
