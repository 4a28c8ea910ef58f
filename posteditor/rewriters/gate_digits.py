"""Digits of any script in one notation, and Roman numerals."""

import re
from decimal import Decimal

_ROMAN = re.compile(r"(?=[IVX]{2})X{0,3}(?:IX|IV|V?I{0,3})")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10}


def plain_notation(digits: str) -> str:
    """Digits of any script, with or without separators, in plain notation: "1.234,50" is "1234.50"."""
    sign = "-" if digits[0] in "-\u2212" else ""
    groups = re.split(r"[^\d]+", digits.lstrip("-\u2212"))
    if digits.count(".") > 1 and any(len(group) != 3 for group in groups[1:]) and "," not in digits:
        return digits  # a version, an address of the internet, a section
    has_decimals = len(groups) > 1 and len(groups[-1]) != 3
    whole = "".join(groups[:-1] if has_decimals else groups)
    number = str(int(whole)) if len(whole) < 100 else whole
    return sign + number + ("." + _ascii(groups[-1]) if has_decimals else "")


def _ascii(digits: str) -> str:
    return "".join(str(int(digit)) for digit in digits)


def canonical(number: Decimal) -> str:
    """A number without an exponent and without zeros behind its decimals."""
    value = f"{number:f}"
    return value.rstrip("0").rstrip(".") if "." in value else value


def is_roman(word: str) -> bool:
    """True for a Roman numeral of two letters and more up to 39, as centuries and kings have them."""
    return _ROMAN.fullmatch(word) is not None


def roman_value(numeral: str) -> int:
    """The value of what ``is_roman`` takes for a numeral."""
    values = [_ROMAN_DIGITS[letter] for letter in numeral]
    return sum(-value if value < max(values[at:]) else value for at, value in enumerate(values))
