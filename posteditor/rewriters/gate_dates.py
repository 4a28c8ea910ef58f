"""Dates and times of day: "3 May 2021", "May 3, 2021" and "2021-05-03" are the same, "10:30 pm" and "22:30" too."""

import re
from collections.abc import Iterator, Sequence

from posteditor.core.words import Word
from posteditor.rewriters.gate_change import Fact

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
"""In small letters, in order."""
SHORT_MONTHS = {month[:3]: month for month in MONTHS} | {"sept": "september"}
_ALSO_WORDS = {"may", "march"}
"""At the beginning of a sentence these are months only beside a number."""
_DATE = re.compile(
    r"(?<![\w.,/-])(?:(?P<iso>\d{4})-(?P<iso_month>\d{1,2})-(?P<iso_day>\d{1,2})"
    r"|(?P<first>\d{1,2})(?P<mark>[./-])[ \u00a0]?(?P<second>\d{1,2})(?P=mark)[ \u00a0]?(?P<year>\d{4}))"
    r"(?![\w/-])(?![.,]\d)"
)
_TIME = re.compile(
    r"(?<![\w.,:/])(?:(?P<hour>[01]?\d|2[0-4])(?P<mark>[:.])(?P<minute>[0-5]\d)(?![\w:/])(?![.,]\d)"
    r"(?:[ \u00a0]?(?P<half>[ap])\.?m\b\.?)?"
    r"|(?P<full>1[0-2]|0?[1-9])[ \u00a0]?(?P<half_of_full>[ap])\.?m\b\.?)",
    re.IGNORECASE,
)
Span = tuple[int, int]


def find_dates(text: str) -> Iterator[tuple[Span, list[Fact]]]:
    """Dates and times in digits: where each stands, and the facts in it."""
    for match in _DATE.finditer(text):
        if facts := _date(match):
            yield match.span(), facts
    for match in _TIME.finditer(text):
        if facts := _time(match):
            yield match.span(), facts


def month_of(word: str) -> str:
    """The month that a word, such as "May" or "mid-May", may name, in full; empty when it can't be one."""
    name = word.rpartition("-")[2]
    lower = name.lower()
    if lower == name:  # "april" is a slip, "may" is another word
        return lower if lower in MONTHS and lower not in _ALSO_WORDS else ""
    return lower if lower in MONTHS else SHORT_MONTHS.get(lower, "")


def is_month(words: Sequence[Word], at: int, month: str) -> bool:
    """True when the word at index ``at``, which may name ``month``, does so."""
    _, hyphen, name = words[at].text.lower().rpartition("-")
    is_inside = bool(hyphen) or (at > 0 and words[at - 1].text[0].isalnum())
    if name == month and (month not in _ALSO_WORDS or is_inside):
        return True
    return _is_beside_number(words, at)


def _is_beside_number(words: Sequence[Word], at: int) -> bool:
    beside = [words[place] for place in (at - 1, at + 1, at + 2) if 0 <= place < len(words)]
    return any(word.text[0].isdecimal() for word in beside)


def _date(match: re.Match[str]) -> list[Fact]:
    if match["iso"]:
        year, month, day = (int(match[name]) for name in ("iso", "iso_month", "iso_day"))
        return _day(match, day, month, year)
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    if match["mark"] == "/" and max(first, second) <= len(MONTHS) and first != second:
        # Which is the month is anyone's guess: either may be.
        numbers = [_fact(match, str(value)) for value in (first, second, year)]
        return numbers + [_fact(match, _name(value), is_firm=False) for value in (first, second)]
    return _day(match, first, second, year) or _day(match, second, first, year)


def _day(match: re.Match[str], day: int, month: int, year: int) -> list[Fact]:
    if not (1 <= day <= 31 and 1 <= month <= len(MONTHS)):
        return []
    return [
        _fact(match, str(day)),
        _fact(match, _name(month)),
        _fact(match, str(month), is_firm=False),
        _fact(match, str(year)),
    ]


def _time(match: re.Match[str]) -> list[Fact]:
    hour, minute = int(match["hour"] or match["full"]), match["minute"] or "00"
    half = (match["half"] or match["half_of_full"] or "").lower()
    if match["mark"] == "." and not half:
        return []  # a number with decimals, most of the time
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    value = f"{hour}:{minute}"
    return [_fact(match, value), _fact(match, f"{hour}.{minute}", is_firm=False)]


def as_time(number: str) -> str:
    """A number with two decimals as the time that it may be: "22.30" is "22:30"; empty where it is none."""
    match = _TIME.fullmatch(number)
    return f"{int(match['hour'])}:{match['minute']}" if match and match["mark"] == "." and not match["half"] else ""


def _fact(match: re.Match[str], value: str, *, is_firm: bool = True) -> Fact:
    return Fact(match.start(), match.end(), value, is_firm)


def _name(month: int) -> str:
    return MONTHS[month - 1].capitalize()
