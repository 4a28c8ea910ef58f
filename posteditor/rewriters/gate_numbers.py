"""Numbers in digits and in words, dates, percentages, currencies and units: none may appear, vanish or change.

"1,000", "1000" and "one thousand" are the same, "2" may become "twice" or "both". A number that the source has and the
mt has not may be put in, and may take the place of one that the source does not have.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from posteditor.rewriters.gate_change import TEXTS_REMEMBERED, Change, Fact, Reading, facts_reading, words_of
from posteditor.rewriters.gate_dates import MONTHS, as_time, find_dates, is_month, month_of
from posteditor.rewriters.gate_digits import canonical, is_roman, plain_notation, roman_value
from posteditor.rewriters.gate_number_words import (
    CODES,
    HAN_SCALES,
    LOOSE,
    LOOSE_SIGN_WORDS,
    MEASURES,
    SCALES,
    SHORT_SCALES,
    SIGN_WORDS,
    SIGNS,
    SMALL,
    STAND_INS,
    VAGUE,
)
from posteditor.rewriters.gate_spelling import is_same_name, spelling

_DIGIT = re.compile(r"\d")
_DIGITS = re.compile(
    r"(?:(?<![\w)\]%.,-])[-\u2212](?=\d))?"
    r"(?:\d+(?:\.\d+){2,}(?![\d,])|\d{1,3}(?:[,.' \u00a0\u2009\u202f\u2019]\d{3})+(?!\d)|\d+)(?:[.,]\d+)?"
)
_BETWEEN = re.compile(r"[\s\-\u2010\u2011]*")
_BETWEEN_WITH_AND = re.compile(r"[\s\-\u2010\u2011]*(?:and\s+)?")
_MINUS = re.compile(r"\bminus\s+$", re.IGNORECASE)
_MONEY = re.compile(r"[$€£¥₽₹₩₺₴₪]\s?$")
_AMOUNT = re.compile(r"[$€£¥₽₹₩₺₴₪]\s?[\d.,]+$")
_LONGEST_AMOUNT = 20
_SHORT_SCALE = re.compile(rf"\s?({'|'.join(sorted(SHORT_SCALES, key=len, reverse=True))})\b", re.IGNORECASE)
_MEASURE = re.compile(
    rf"(?<=\d)[\s\u00a0-]?({'|'.join(sorted(map(re.escape, MEASURES), key=len, reverse=True))})(?![\w/])", re.IGNORECASE
)
_ALL_SCALES = {**SCALES, **HAN_SCALES}


class _Item(NamedTuple):
    """A run of digits or a number word, before neighbours are put together."""

    start: int
    end: int
    word: str
    """Lower case; empty for digits."""
    digits: str = ""
    """In plain notation, a point before the decimals."""


class Numbers:
    """The rule about numbers."""

    name = "number"

    def read(self, change: Change) -> Reading | None:
        """The numbers that the change loses and gains."""
        old = find_numbers(change.mt)
        shifts = change.shifts(old, find_numbers(change.text))
        if not any(shifts) or not change.source:
            return facts_reading(shifts, _compare_without_source)
        source = _in_source(change.source)
        in_mt = Counter(fact.value for fact in old if fact.is_firm)
        missing_in_mt, too_many = source - in_mt, in_mt - source
        if any(fact.value.lower() in MONTHS for fact, _ in shifts[1]):
            missing_in_mt.update(_months(change.source))

        def compare(lost: list[Fact], gained: list[Fact]) -> str:
            return _compare(lost, gained, source, missing_in_mt, too_many)

        return facts_reading(shifts, compare)


@lru_cache(maxsize=TEXTS_REMEMBERED)
def find_numbers(text: str) -> tuple[Fact, ...]:
    """The numbers of ``text`` in canonical notation; not in order."""
    words = words_of(text)
    facts: list[Fact] = []
    items: list[_Item] = []
    rest = text
    if _DIGIT.search(text):
        for (start, end), found in find_dates(text):
            facts += found
            rest = rest[:start] + "_" * (end - start) + rest[end:]
        facts += (Fact(*match.span(1), MEASURES[match.group(1).lower()]) for match in _measures(text))
        items += (_digits(rest, match) for match in _DIGITS.finditer(rest))
    for at, (word_start, word_end, word) in enumerate(words):
        if (meaning := _meaning(word)) is None:
            continue
        items += (_Item(word_start + start, word_start + end, part) for start, end, part in meaning.parts)
        facts += (Fact(word_start, word_end, value, is_firm) for value, is_firm in meaning.facts)
        if meaning.month and is_month(words, at, meaning.month):
            facts.append(Fact(word_start, word_end, meaning.month.capitalize()))
            facts.append(Fact(word_start, word_end, str(MONTHS.index(meaning.month) + 1), is_firm=False))
    facts += _numbers(rest, sorted(items))
    if not text.isascii():  # fractions, raised and circled numbers
        facts += (Fact(at, at + 1, sign) for at, sign in enumerate(text) if unicodedata.category(sign) == "No")
    return tuple(facts)


def _measures(text: str) -> Iterator[re.Match[str]]:
    """The units behind digits, without the m of "$5m"."""
    for match in _MEASURE.finditer(text):
        if not _AMOUNT.search(text, max(0, match.start() - _LONGEST_AMOUNT), match.start()):
            yield match


def _numbers(text: str, items: Iterable[_Item]) -> Iterator[Fact]:
    pending: list[_Item] = []
    for item in items:
        if pending and not _joins(text, pending, item):
            yield from _number(text, pending)
            pending = []
        if pending or item.word not in HAN_SCALES:
            pending.append(item)
    if pending:
        yield from _number(text, pending)


class _Meaning(NamedTuple):
    """What a word has to do with numbers."""

    parts: tuple[tuple[int, int, str], ...]
    """The number words between its hyphens: where they begin and end."""
    facts: tuple[tuple[str, bool], ...]
    """What it stands for by itself, and whether firmly: signs, their words, stand-ins, Roman numbers."""
    month: str
    """In full, where it may be one."""


@lru_cache(maxsize=20_000)
def _meaning(word: str) -> _Meaning | None:
    """None for a word that has nothing to do with numbers."""
    meaning = _Meaning(tuple(_number_words(word)), tuple(_stands_for(word)), month_of(word))
    return meaning if any(meaning) else None


def _number_words(word: str) -> Iterator[tuple[int, int, str]]:
    at = 0
    for part in word.lower().split("-"):
        if part in SMALL or part in _ALL_SCALES:
            yield at, at + len(part), part
        at += len(part) + 1


def _digits(text: str, match: re.Match[str]) -> _Item:
    start, end = match.span()
    value = plain_notation(match.group())
    if _MINUS.search(text, max(0, start - 8), start) and not value.startswith("-"):
        value = "-" + value
    if _MONEY.search(text, max(0, start - 2), start) and (scale := _SHORT_SCALE.match(text, end)):
        end = scale.end()
        value = canonical(Decimal(value) * SHORT_SCALES[scale.group(1).lower()])
    return _Item(start, end, "", value)


def _stands_for(word: str) -> Iterator[tuple[str, bool]]:
    lower = word.lower()
    firm = SIGNS.get(lower) or CODES.get(word) or SIGN_WORDS.get(lower) or (lower if lower in VAGUE else "")
    if not firm and is_roman(word):
        firm = str(roman_value(word))
    if firm:
        yield firm, True
    if lower in LOOSE_SIGN_WORDS:
        yield LOOSE_SIGN_WORDS[lower], False
    if lower in MEASURES:  # behind a number word
        yield MEASURES[lower], False
    if lower in STAND_INS:
        yield str(STAND_INS[lower]), False


def _joins(text: str, items: list[_Item], item: _Item) -> bool:
    """True when ``item`` goes on with the number that ``items`` began."""
    last = items[-1]
    if not item.word:
        return False
    takes_and = last.word == "hundred" or last.word in SCALES
    between = text[last.end : item.start]
    if not (_BETWEEN_WITH_AND if takes_and else _BETWEEN).fullmatch(between):
        return False
    if item.word in HAN_SCALES:
        return not last.word and not between
    if item.word in SCALES:
        return last.word not in SCALES or SCALES[item.word] > SCALES[last.word]
    if not last.word:
        return False
    value, before = SMALL[item.word], SMALL.get(last.word, 1000)
    if value == 100:
        return before < 100
    if before == 100 or before == 1000:
        return True
    return before in range(20, 100, 10) and 0 < value < 10


def _number(text: str, items: list[_Item]) -> Iterator[Fact]:
    start, end = items[0].start, items[-1].end
    if len(items) == 1 and not items[0].word:
        yield Fact(start, end, items[0].digits)
        if time := as_time(text[start:end]):
            yield Fact(start, end, time, is_firm=False)
        return
    total = current = Decimal(0)
    for item in items:
        if item.word in _ALL_SCALES:
            total, current = total + (current or Decimal(1)) * _ALL_SCALES[item.word], Decimal(0)
        elif item.word in ("hundred", "hundredth"):
            current = (current or Decimal(1)) * 100
        elif item.word:
            current += SMALL[item.word]
        else:
            current = Decimal(item.digits)
    yield Fact(start, end, canonical(total + current), len(items) > 1 or items[0].word not in LOOSE)


@lru_cache(maxsize=TEXTS_REMEMBERED)
def _in_source(source: str) -> Counter[str]:
    return Counter(fact.value for fact in find_numbers(source) if fact.is_firm)


@lru_cache(maxsize=TEXTS_REMEMBERED)
def _months(source: str) -> tuple[str, ...]:
    """The months that the source seems to name in its own language: "Augustis"."""
    words = [spelling(word.text) for word in words_of(source) if word.text[0].isalpha()]
    return tuple(month.capitalize() for month in MONTHS if any(is_same_name(month, word) for word in words))


def _compare_without_source(lost: list[Fact], gained: list[Fact]) -> str:
    nothing: Counter[str] = Counter()
    return _compare(lost, gained, nothing, nothing, nothing)


def _compare(
    lost: list[Fact],
    gained: list[Fact],
    source: Counter[str],
    missing_in_mt: Counter[str],
    too_many: Counter[str],
) -> str:
    """What is lost or added.

    Args:
        lost: Of these hunks.
        gained: Of these hunks.
        source: The numbers of the source.
        missing_in_mt: Those of them that the mt does not have.
        too_many: Those of the mt that the source does not have as often.
    """
    gone, come = _count(lost, is_firm=True), _count(gained, is_firm=True)
    missing = gone - come - _count(gained, is_firm=False)
    extra = come - gone - _count(lost, is_firm=False)
    corrected = (extra & missing_in_mt).total()
    extra -= missing_in_mt
    for value in [value for value in missing.elements() if value not in source][:corrected]:
        missing[value] -= 1
    for value in missing.keys() & source.keys():  # said twice in the mt
        missing[value] -= too_many[value]
    if extra:
        return f"{next(extra.elements())} added"
    return f"{next(missing.elements())} lost" if +missing else ""


def _count(facts: list[Fact], *, is_firm: bool) -> Counter[str]:
    return Counter(fact.value for fact in facts if fact.is_firm is is_firm)
