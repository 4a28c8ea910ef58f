"""A sentence in words, as rules see it, and the faults they put into it.

The capital of the first word is taken off while rules work, and put on whatever comes first in the end.
"""

from collections.abc import Set
from dataclasses import dataclass
from functools import lru_cache

from posteditor.core.words import split_words
from posteditor.rewriters.english_spelling import article_before
from posteditor.rewriters.tag_categories import CLOSED_CLASS_WORDS
from posteditor.rewriters.tag_words import capitalised, is_mark, space_between, starts_sentence

_NUMBER_WORDS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion first second
third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth
seventeenth eighteenth nineteenth twentieth hundreds thousands millions billions dozen dozens half halves quarter
quarters once twice thrice both couple pair double triple single percent per cent dollar dollars euro euros pound pounds
yen firstly secondly thirdly
"""
_NEGATIONS = "no not never none nobody nothing nowhere neither nor cannot without hardly unless"
_PROTECTED = frozenset((*_NUMBER_WORDS.split(), *_NEGATIONS.split()))
_CURRENCIES = frozenset("$€£¥%‰°")


@dataclass(frozen=True, slots=True)
class Fault:
    """Words ``start:end`` of a sentence become other words: none drops them, an empty range puts words in."""

    start: int
    end: int
    words: tuple[str, ...]


@dataclass(slots=True)
class Sentence:
    """Words and the white space around them."""

    words: list[str]
    gaps: list[str]
    """``gaps[i]`` stands before word i; one more at the end."""
    fixed: list[bool]
    """Words that no fault may change, drop, double or move: numbers, negations, and what a fault has made already."""
    capital: bool
    """True when the first word begins with a capital because it is the first."""

    def lower(self, index: int) -> str:
        """The word in small letters; empty beyond either end."""
        return self.words[index].lower() if 0 <= index < len(self.words) else ""

    def free(self, start: int, end: int) -> bool:
        """True when all words ``start:end`` exist and may be changed."""
        return 0 <= start <= end <= len(self.words) and not any(self.fixed[start:end])

    def is_word(self, index: int) -> bool:
        """True when there is a word, no mark, at ``index``."""
        return 0 <= index < len(self.words) and not is_mark(self.words[index])

    def open(self, index: int) -> bool:
        """True when words may be put in before word ``index`` (at the end for their number)."""
        if not 0 <= index <= len(self.words):
            return False
        if index == len(self.words):
            return bool(self.words) and not is_mark(self.words[-1])
        if index and (not self.gaps[index] or self.words[index - 1][-1] in _CURRENCIES):
            return False
        return self.words[index][0] not in _CURRENCIES

    def apply(self, fault: Fault) -> None:
        """Make ``fault``: spaces follow, and an "a" or "an" before it fits what comes after."""
        start, end = fault.start, fault.end
        gaps = self._gaps(fault)
        following = self.words[end] if end < len(self.words) else ""
        old_next = self.words[start] if end > start else following
        self.words[start:end] = fault.words
        self.gaps[start : end + 1] = gaps
        self.fixed[start:end] = [True] * len(fault.words)
        if not fault.words:  # what has lost its neighbour is no place for another fault
            for index in (start - 1, start):
                if 0 <= index < len(self.fixed):
                    self.fixed[index] = True
        self._adjust_article(start - 1, old_next)

    def text(self) -> str:
        """The sentence as it reads now."""
        words = list(self.words)
        if self.capital and (first := first_word(words)) < len(words):
            words[first] = capitalised(words[first])
        return "".join(gap + word for gap, word in zip(self.gaps, [*words, ""], strict=True))

    def _gaps(self, fault: Fault) -> list[str]:
        """The white space before each new word and after the last one."""
        start, end, new = fault.start, fault.end, fault.words
        if len(new) == end - start and all(
            is_mark(a) == is_mark(b) for a, b in zip(self.words[start:end], new, strict=True)
        ):
            return self.gaps[start : end + 1]
        around = [self.words[start - 1] if start else "", *new, self.words[end] if end < len(self.words) else ""]
        last = len(around) - 2
        gaps = []
        for at in range(last + 1):
            if (at == 0 and not start) or (at == last and end == len(self.words)):  # the ends of the text stay
                gaps.append(self.gaps[start] if at == 0 and not start else self.gaps[end])
                continue
            after = self.gaps[start] if at == 0 else None
            before = self.gaps[end] if at == last else None
            gaps.append(space_between(around[at], around[at + 1], after=after, before=before))
        return gaps

    def _adjust_article(self, index: int, old_next: str) -> None:
        if index < 0 or index + 1 >= len(self.words) or self.lower(index) not in ("a", "an"):
            return
        article, following = self.words[index], self.words[index + 1]
        if following[0].isalpha() and old_next[:1].isalpha() and following.lower() not in CLOSED_CLASS_WORDS:
            was_right = article_before(old_next, article) == article
            self.words[index] = article_before(following, article) if was_right else article


def read_sentence(text: str, common: Set[str]) -> Sentence:
    """``text`` for rules to work on.

    Args:
        text: A sentence; several are fine.
        common: Words, in small letters, that are no names: only those lose the capital of a first word.
    """
    words: list[str] = []
    gaps = [""]
    split = split_words(text)
    for word in split:
        if word.is_space:
            gaps[-1] += word.text
        else:
            words.append(word.text)
            gaps.append("")
    tokens = [word for word in split if not word.is_space]
    fixed = [is_protected(word) for word in words]
    first = first_word(words)
    for index in range(first + 1, len(words)):  # a capital of an inner sentence's first word is nobody's to move
        fixed[index] = fixed[index] or (words[index][0].isupper() and starts_sentence(tokens, index))
    capital = first < len(words) and words[first][0].isupper()
    if capital and not _is_acronym(words[first]) and is_common(words[first].lower(), common):
        words[first] = words[first][0].lower() + words[first][1:]
    return Sentence(words, gaps, fixed, capital)


def first_word(words: list[str]) -> int:
    """The index of the first word that is no mark; the number of words where there is none."""
    return next((index for index, word in enumerate(words) if not is_mark(word)), len(words))


def is_common(word: str, common: Set[str]) -> bool:
    """True for a word, in small letters, that is no name."""
    return word in common or (word in CLOSED_CLASS_WORDS and word != "i")


def _is_acronym(word: str) -> bool:
    return word == "I" or word.startswith(("I'", "I’")) or (len(word) > 1 and word[1:] != word[1:].lower())


@lru_cache(maxsize=1 << 16)
def is_protected(word: str) -> bool:
    """True for numbers in digits or words, currencies and negations: what no fault may touch."""
    lower = word.lower()
    return (
        lower in _PROTECTED
        or lower.endswith(("n't", "n’t"))
        or any(character.isnumeric() or character in _CURRENCIES for character in word)
        or ("-" in word and any(part in _PROTECTED for part in lower.split("-")))
    )
