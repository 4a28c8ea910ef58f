"""Characters with a function: tags, placeholders and addresses; brackets and quotes; control characters."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Set

from posteditor.rewriters.gate_change import Change, Fact, FactsReading

_PROTECTED = re.compile(
    r"https?://[^\s<>\"”]+|www\.[^\s<>\"”]+"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|</?[A-Za-z][^<>]*>|</?\d+/?>"
    r"|\$?\{\{?[^{}\s][^{}]*\}?\}|%\(\w+\)[sdif]|%\d*\$?[sdif]\b"
    r"|&(?:[a-zA-Z]{2,8}|#\d{1,7}|#x[0-9a-fA-F]{1,6});"
    r"|\\[nrt](?![a-z])"
)
_TRAILING = ".,;:!?)]'"
_PAIRS = {"(": ")", "[": "]", "{": "}", "（": "）", "「": "」", "『": "』", "【": "】", "《": "》"}
_CLOSING = {closing: opening for opening, closing in _PAIRS.items()}
_QUOTES = set('"“”„‟«»')


class Placeholders:
    """The rule about tags, placeholders and addresses: each stays as it is, wherever it goes."""

    name = "placeholder"

    def read(self, change: Change) -> FactsReading:
        """The placeholders that the change loses and gains."""
        return FactsReading(change.shifts(_protected(change.mt), _protected(change.text)), _same_values)


class Controls:
    """The rule about control characters and line breaks: a rewriter has none to give."""

    name = "control character"

    def read(self, change: Change) -> FactsReading:
        """The control characters that the change gains."""
        return FactsReading(change.shifts(_controls(change.mt), _controls(change.text)), _no_more)


class Enclosures:
    """The rule about brackets and quotes: what was paired stays paired."""

    name = "unpaired"

    def read(self, change: Change) -> "_EnclosureReading":
        """The brackets and quotes that each hunk takes and gives."""
        return _EnclosureReading(change)


class _EnclosureReading:
    def __init__(self, change: Change) -> None:
        self._before = _balance(change.mt)
        self._deltas = [
            _difference(_balance(edit.replacement), _balance(change.mt[edit.start : edit.end])) for edit in change.edits
        ]

    def links(self) -> Iterable[Collection[int]]:
        """The hunks that leave the same kind of mark open."""
        for kind in {kind for delta in self._deltas for kind in delta}:
            yield [index for index, delta in enumerate(self._deltas) if delta[kind]]

    def fault(self, hunks: Set[int]) -> str:
        """The mark that is less well paired with these hunks than without."""
        total: Counter[str] = Counter()
        for index in hunks:
            total.update(self._deltas[index])
        for kind, delta in total.items():
            before = self._before[kind]
            after = (before + delta) % 2 if kind == '"' else before + delta
            if abs(after) > abs(before):
                return kind
        return ""


def _balance(text: str) -> Counter[str]:
    """Opening minus closing brackets by kind; for quotes, whichever way they look, 1 when their number is odd."""
    counts: Counter[str] = Counter()
    for character in text:
        if character in _PAIRS:
            counts[character] += 1
        elif character in _CLOSING:
            counts[_CLOSING[character]] -= 1
        elif character in _QUOTES:
            counts['"'] ^= 1
    return counts


def _difference(after: Counter[str], before: Counter[str]) -> Counter[str]:
    kinds = {*after, *before}
    return Counter({kind: after[kind] - before[kind] for kind in kinds if after[kind] != before[kind]})


def _protected(text: str) -> list[Fact]:
    facts = []
    for match in _PROTECTED.finditer(text):
        value = match.group()
        if value.startswith(("http", "www.")):
            value = value.rstrip(_TRAILING)
        facts.append(Fact(match.start(), match.start() + len(value), value))
    return facts


def _controls(text: str) -> list[Fact]:
    if text.isprintable():
        return []
    return [
        Fact(at, at + 1, f"U+{ord(character):04X}")
        for at, character in enumerate(text)
        if not character.isprintable() and unicodedata.category(character) in ("Cc", "Zl", "Zp", "Cs")
    ]


def _same_values(lost: list[Fact], gained: list[Fact]) -> str:
    gone, come = Counter(fact.value for fact in lost), Counter(fact.value for fact in gained)
    if gone - come:
        return f"{next((gone - come).elements())} lost"
    return f"{next((come - gone).elements())} added" if come - gone else ""


def _no_more(lost: list[Fact], gained: list[Fact]) -> str:
    more = Counter(fact.value for fact in gained) - Counter(fact.value for fact in lost)
    return f"{next(more.elements())} added" if more else ""
