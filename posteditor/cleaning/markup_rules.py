"""Rules about what is no language: tags and placeholders, addresses, brackets."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import ClassVar, Literal

from posteditor.cleaning.rule import Bound, BoundedRule, Numbers
from posteditor.cleaning.text_column import column

_TAG = r"</?[A-Za-z][^<>]*>|</?[0-9]{1,9}/?>"
_PLACEHOLDER = (
    r"\$?\{[A-Za-z0-9_.:-]{0,40}\}"  # {0} {name} ${name}
    r"|%(?:[0-9]{1,2}\$)?(?:\([A-Za-z0-9_]{1,40}\))?[-+0#]{0,3}[0-9]{0,3}(?:\.[0-9]{1,2})?[sdiufxX@](?![A-Za-z])"
    r"|%[1-9](?![0-9%])"  # %1, as in Qt
)
_OPENING_TAG = re.compile(r"<[A-Za-z]")
_MARKUP = re.compile(f"{_TAG}|{_PLACEHOLDER}")
_SPACE = re.compile(r"\s+")
_ADDRESS = re.compile(r"(?:https?://|ftp://|www\.)[^\s<>\"'）)\]」]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_MOST_TOLD = 5

_BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"))
_SAME_BRACKETS = str.maketrans("（）［］｛｝【】〔〕", "()[]{}[][]")
_HAS_BRACKET = re.compile(r"[()\[\]{}（）［］｛｝【】〔〕]")


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRule(BoundedRule):
    """The sides have different tags or placeholders (``<b>``, ``<1/>``, ``{name}``, ``%s``).

    Score: how many have no partner on the other side. With ``allowed = "none"`` it is 1 where a side has an opening
    tag at all, as HTML knows them, else 0.
    """

    allowed: Literal["matching", "none"] = "matching"
    max: float = 0
    BOUNDS: ClassVar[Mapping[str, tuple[float, float]]] = {"max": (0, inf)}

    def columns(self, sources: Sequence[str], targets: Sequence[str]) -> tuple[Numbers, ...]:
        """The number of each pair."""
        count, marks = (_any_tag, "<") if self.allowed == "none" else (_lonely_markup, "<{%")
        found = [0.0] * len(sources)
        for place in _with_marks(marks, sources, targets):
            found[place] = count(sources[place], targets[place])
        return (found,)

    def bounds(self) -> tuple[Bound, ...]:
        """As set."""
        return (Bound(high=self.max),)

    def details(self, source: str, target: str) -> str:
        """Those without a partner."""
        return _told(_markup(source), _markup(target))


def _with_marks(marks: str, sources: Sequence[str], targets: Sequence[str]) -> list[int]:
    """The places of pairs that have one of some characters."""
    found: set[int] = set()
    for texts in (column(sources), column(targets)):
        for mark in marks:
            if mark in texts.joined:
                found.update(place for place, text in enumerate(texts) if mark in text)
    return sorted(found)


def _any_tag(source: str, target: str) -> float:
    return 1.0 if any("<" in text and _OPENING_TAG.search(text) for text in (source, target)) else 0.0


def _lonely_markup(source: str, target: str) -> float:
    ones, others = _markup(source), _markup(target)
    return 0.0 if ones == others else float(_lonely(ones, others))


def _markup(text: str) -> list[str]:
    if not ("<" in text or "{" in text or "%" in text):
        return []
    return [_SPACE.sub("", found) for found in _MARKUP.findall(text)]


def _lonely(ones: list[str], others: list[str]) -> int:
    if not (ones and others):
        return len(ones) + len(others)
    first, second = Counter(ones), Counter(others)
    return (first - second).total() + (second - first).total()


def _told(ones: list[str], others: list[str]) -> str:
    first, second = Counter(ones), Counter(others)
    only = [("source", first - second), ("target", second - first)]
    return ", ".join(
        f"only the {side} has {' '.join(list(found.elements())[:_MOST_TOLD])}" for side, found in only if found
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlRule(BoundedRule):
    """The sides have different web or mail addresses. Score: how many have no partner on the other side."""

    max: float = 0
    BOUNDS: ClassVar[Mapping[str, tuple[float, float]]] = {"max": (0, inf)}

    def columns(self, sources: Sequence[str], targets: Sequence[str]) -> tuple[Numbers, ...]:
        """The number of each pair."""
        return (
            [
                float(_lonely(_addresses(source), _addresses(target)))
                for source, target in zip(sources, targets, strict=True)
            ],
        )

    def bounds(self) -> tuple[Bound, ...]:
        """As set."""
        return (Bound(high=self.max),)

    def details(self, source: str, target: str) -> str:
        """Those without a partner."""
        return _told(_addresses(source), _addresses(target))


def _addresses(text: str) -> list[str]:
    if not ("://" in text or "@" in text or "www." in text.lower()):
        return []
    return [found.rstrip(".,;:!?…。、").lower() for found in _ADDRESS.findall(text)]


@dataclass(frozen=True, slots=True, kw_only=True)
class BracketRule(BoundedRule):
    """A bracket is open on one side of the pair and not on the other.

    Score: over all kinds of brackets, by how much the surplus of opening over closing ones differs between the sides.
    An enumeration such as ``a)`` on both sides is no fault.
    """

    max: float = 0
    BOUNDS: ClassVar[Mapping[str, tuple[float, float]]] = {"max": (0, inf)}

    def columns(self, sources: Sequence[str], targets: Sequence[str]) -> tuple[Numbers, ...]:
        """The number of each pair."""
        return (list(map(_surplus_difference, sources, targets)),)

    def bounds(self) -> tuple[Bound, ...]:
        """As set."""
        return (Bound(high=self.max),)


def _surplus_difference(source: str, target: str) -> float:
    ones, others = _surpluses(source), _surpluses(target)
    return 0.0 if ones == others else float(sum(abs(one - other) for one, other in zip(ones, others, strict=True)))


_NO_SURPLUS = (0, 0, 0)


def _surpluses(text: str) -> tuple[int, ...]:
    if not _HAS_BRACKET.search(text):
        return _NO_SURPLUS
    plain = text if text.isascii() else text.translate(_SAME_BRACKETS)
    return tuple(plain.count(opening) - plain.count(closing) for opening, closing in _BRACKETS)
