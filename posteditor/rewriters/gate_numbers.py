"""Numbers in digits and in English words, percentages and currencies: none may appear, vanish or change its value.

"1,000", "1000" and "one thousand" are the same, "2" may become "twice" or "both". A number that the source writes in
digits may be put in.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from posteditor.core.words import Word
from posteditor.rewriters.gate_change import Change, Fact, FactsReading

_DIGITS = re.compile(
    r"(?:(?<![\w)\]%.,-])[-\u2212](?=\d))?"
    r"(?:\d{1,3}(?:[,.' \u00a0\u2009\u202f\u2019]\d{3})+(?!\d)|\d+)(?:[.,]\d+)?"
)
_BETWEEN = re.compile(r"[\s\-\u2010\u2011]*")
_BETWEEN_WITH_AND = re.compile(r"[\s\-\u2010\u2011]*(?:and\s+)?")
_SYMBOLS = {"%": "percent", "$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "‰": "permille"}
_SYMBOL_WORDS = {
    **dict.fromkeys(("percent", "percents", "procent"), "percent"),
    **dict.fromkeys(("dollar", "dollars"), "dollar"),
    **dict.fromkeys(("euro", "euros"), "euro"),
    "yen": "yen",
}
_LOOSE_SYMBOL_WORDS = {"pound": "pound", "pounds": "pound", "cent": "percent", "percentage": "percent"}

_UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
_SMALL = {
    **{word: value for value, word in enumerate(_UNITS, 1)},
    **{word: value for value, word in enumerate(_TEENS, 10)},
    **{word: 10 * value for value, word in enumerate(_TENS, 2)},
    **_ORDINALS,
    "zero": 0,
    "fourty": 40,
    "ninteen": 19,
    "hundred": 100,
    "hundredth": 100,
}
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "milliard": 10**9}
_LOOSE = {"one", "first", "second"}
"""Number words with another life: pronoun, adverb, unit of time."""
_STAND_INS = {
    "a": 1, "an": 1, "once": 1, "single": 1, "sole": 1, "only": 1, "twice": 2, "both": 2, "couple": 2, "pair": 2,
    "double": 2, "two-thirds": 2, "thrice": 3, "triple": 3, "trio": 3, "dozen": 12, "firstly": 1, "secondly": 2,
    "thirdly": 3, "none": 0, "no": 0,
}  # fmt: skip
_VAGUE = {"hundreds", "thousands", "millions", "billions", "dozens"}


@dataclass(frozen=True, slots=True)
class _Item:
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

    def read(self, change: Change) -> FactsReading:
        """The numbers that the change loses and gains."""
        old = list(find_numbers(change.mt, change.old_words))
        new = list(find_numbers(change.text, change.new_words))
        in_source = {_plain(match.group()) for match in _DIGITS.finditer(change.source)} if change.source else set()

        def compare(lost: list[Fact], gained: list[Fact]) -> str:
            return _compare(lost, gained, in_source)

        return FactsReading(change.shifts(old, new), compare)


def find_numbers(text: str, words: Iterable[Word]) -> Iterator[Fact]:
    """The numbers of ``text`` in canonical notation, whose words are ``words``; not in order."""
    pending: list[_Item] = []
    for item in _items(text, words):
        if pending and not _joins(text, pending, item):
            yield _number(pending)
            pending = []
        pending.append(item)
    if pending:
        yield _number(pending)
    for word in words:
        yield from _other(word)


def _items(text: str, words: Iterable[Word]) -> list[_Item]:
    items = [_Item(m.start(), m.end(), "", _plain(m.group())) for m in _DIGITS.finditer(text)]
    for word in words:
        at = word.start
        for part in word.text.split("-"):
            lower = part.lower()
            if lower in _SMALL or lower in _SCALES:
                items.append(_Item(at, at + len(part), lower))
            at += len(part) + 1
    return sorted(items, key=lambda item: item.start)


def _other(word: Word) -> Iterator[Fact]:
    lower = word.text.lower()
    if lower in _SYMBOLS or lower in _SYMBOL_WORDS:
        yield Fact(word.start, word.end, _SYMBOLS.get(lower) or _SYMBOL_WORDS[lower])
    elif lower in _LOOSE_SYMBOL_WORDS:
        yield Fact(word.start, word.end, _LOOSE_SYMBOL_WORDS[lower], is_firm=False)
    elif lower in _STAND_INS:
        yield Fact(word.start, word.end, str(_STAND_INS[lower]), is_firm=False)
    elif lower in _VAGUE:
        yield Fact(word.start, word.end, lower)


def _plain(digits: str) -> str:
    """Digits of any script, with or without separators, in plain notation: "1.234,50" is "1234.50"."""
    sign = "-" if digits[0] in "-\u2212" else ""
    groups = re.split(r"[^\d]+", digits.lstrip("-\u2212"))
    has_decimals = len(groups) > 1 and len(groups[-1]) != 3
    whole = "".join(groups[:-1] if has_decimals else groups)
    number = str(int(whole)) if len(whole) < 100 else whole
    return sign + number + ("." + _ascii(groups[-1]) if has_decimals else "")


def _ascii(digits: str) -> str:
    return "".join(str(int(digit)) for digit in digits)


def _joins(text: str, items: list[_Item], item: _Item) -> bool:
    """True when ``item`` goes on with the number that ``items`` began."""
    last = items[-1]
    if not item.word:
        return False
    takes_and = last.word == "hundred" or last.word in _SCALES
    between = text[last.end : item.start]
    if not (_BETWEEN_WITH_AND if takes_and else _BETWEEN).fullmatch(between):
        return False
    if item.word in _SCALES:
        return last.word not in _SCALES or _SCALES[item.word] > _SCALES[last.word]
    if not last.word:
        return False
    value, before = _SMALL[item.word], _SMALL.get(last.word, 1000)
    if value == 100:
        return before < 100
    if before == 100 or before == 1000:
        return True
    return before in range(20, 100, 10) and 0 < value < 10


def _number(items: list[_Item]) -> Fact:
    total = current = Decimal(0)
    for item in items:
        if item.word in _SCALES:
            total, current = total + (current or Decimal(1)) * _SCALES[item.word], Decimal(0)
        elif item.word in ("hundred", "hundredth"):
            current = (current or Decimal(1)) * 100
        elif item.word:
            current += _SMALL[item.word]
        elif len(items) == 1:
            return Fact(item.start, item.end, item.digits)
        else:
            current = Decimal(item.digits)
    value = f"{total + current:f}"
    if "." in value:
        value = value.rstrip("0").rstrip(".")
    is_firm = len(items) > 1 or items[0].word not in _LOOSE
    return Fact(items[0].start, items[-1].end, value, is_firm)


def _compare(lost: list[Fact], gained: list[Fact], in_source: set[str]) -> str:
    gone, come = _count(lost, is_firm=True), _count(gained, is_firm=True)
    missing = gone - come - _count(gained, is_firm=False)
    extra = come - gone - _count(lost, is_firm=False)
    corrected = sum(extra[value] for value in extra if value in in_source)
    extra = Counter({value: count for value, count in extra.items() if value not in in_source})
    wrong_in_source = [value for value in missing.elements() if value not in in_source]
    for value in wrong_in_source[:corrected]:
        missing[value] -= 1
    if extra:
        return f"{next(extra.elements())} added"
    return f"{next(missing.elements())} lost" if +missing else ""


def _count(facts: list[Fact], *, is_firm: bool) -> Counter[str]:
    return Counter(fact.value for fact in facts if fact.is_firm is is_firm)
