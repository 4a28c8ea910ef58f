"""Rules and fixers about characters that have no business in a text: control characters and mojibake."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import inf
from typing import ClassVar

from posteditor.cleaning.rule import SIDES, Bound, BoundedRule, Numbers
from posteditor.cleaning.settings import PerSide, SettingError

_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Controls but for tab and line ends, byte order marks, interlinear marks, tag and non-characters, half surrogates."""
_LINE_CONTROLS = re.compile("[\x0b\x0c\x85]+")
"""Controls that stand for white space."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlCharacterRule(BoundedRule):
    """A side has control characters, or U+FFFD where a character was lost. Score: how many."""

    max: PerSide = (0, 0)
    parts: ClassVar[Sequence[str]] = SIDES
    BOUNDS: ClassVar[Mapping[str, tuple[float, float]]] = {"max": (0, inf)}

    def columns(self, sources: Sequence[str], targets: Sequence[str]) -> tuple[Numbers, ...]:
        """The number of each side."""
        return list(map(_controls, sources)), list(map(_controls, targets))

    def bounds(self) -> tuple[Bound, ...]:
        """As set."""
        return Bound(high=self.max[0]), Bound(high=self.max[1])


def _controls(text: str) -> int:
    # U+FFFD counts as printable.
    found = 0 if text.isprintable() else len(_CONTROLS.findall(text))
    return found if text.isascii() else found + text.count("\ufffd")


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlCharacterFixer:
    """Takes control characters out; those that separate lines or pages become a space. U+FFFD can't be put right."""

    sides: tuple[str, ...] = SIDES

    def check(self) -> None:
        """Refuse sides that no pair has."""
        check_sides(self.sides)

    def fix(self, text: str) -> str:
        """The text without them."""
        return text if text.isprintable() else _CONTROLS.sub("", _LINE_CONTROLS.sub(" ", text))


@dataclass(frozen=True, slots=True, kw_only=True)
class WhiteSpaceFixer:
    """Takes white space off both ends, and makes one space of several."""

    sides: tuple[str, ...] = SIDES

    def check(self) -> None:
        """Refuse sides that no pair has."""
        check_sides(self.sides)

    def fix(self, text: str) -> str:
        """The text with single spaces."""
        return " ".join(text.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class MojibakeRule(BoundedRule):
    """A side was decoded wrongly somewhere ("cafÃ©"). Score: how many signs of it ftfy finds."""

    max: PerSide = (0, 0)
    parts: ClassVar[Sequence[str]] = SIDES
    BOUNDS: ClassVar[Mapping[str, tuple[float, float]]] = {"max": (0, inf)}

    def columns(self, sources: Sequence[str], targets: Sequence[str]) -> tuple[Numbers, ...]:
        """The number of each side."""
        return list(map(_badness, sources)), list(map(_badness, targets))

    def bounds(self) -> tuple[Bound, ...]:
        """As set."""
        return Bound(high=self.max[0]), Bound(high=self.max[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class MojibakeFixer:
    """Decodes rightly what was decoded wrongly, where ftfy is sure how; other texts stay as they are."""

    sides: tuple[str, ...] = SIDES

    def check(self) -> None:
        """Refuse sides that no pair has."""
        check_sides(self.sides)

    def fix(self, text: str) -> str:
        """The text as it was meant."""
        if text.isascii():
            return text
        may_be, _, fixed = _ftfy()
        return fixed(text) if may_be(text) else text


def check_sides(sides: Sequence[str]) -> None:
    """Refuse sides that no pair has.

    Raises:
        SettingError: There is one.
    """
    if not sides or not set(sides) <= set(SIDES) or len(set(sides)) != len(sides):
        raise SettingError("sides", "these are no sides of a pair", hint='They are "source" and "target".')


def _badness(text: str) -> int:
    if text.isascii():
        return 0
    may_be, badness, _ = _ftfy()
    return badness(text) if may_be(text) else 0


@cache
def _ftfy() -> tuple[Callable[[str], object], Callable[[str], int], Callable[[str], str]]:
    """Whether a text may be mojibake at all, its badness, and what it should have been."""
    from ftfy import fix_encoding
    from ftfy.badness import badness

    return _SUSPICIOUS.search, badness, fix_encoding


# What UTF-8 looks like when its bytes are taken for characters of one byte each: nearly always two or more of these
# in a row, or a first byte and a space. All texts that ftfy finds bad and that are no such row have a C1 control.
_SUSPICIOUS = re.compile("[\x80-\x9f]|[\xa0-\u07ff\u2010-\u2bff\ufb00-\ufb4f\ufffd]{2}|[ÂÃÅàáâãä] ")
