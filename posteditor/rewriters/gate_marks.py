"""Characters with a function: tags, placeholders and addresses; brackets and quotes; control characters."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Set
from functools import lru_cache

from posteditor.rewriters.gate_change import TEXTS_REMEMBERED, Change, Fact, Reading, facts_reading

_FILE_TYPES = (
    "csv tsv txt pdf html? xml json ya?ml toml ini cfg log md py js ts java c cpp h sh bat exe zip gz tar "
    "docx? xlsx? pptx? odt png jpe?g gif svg mp[34] wav avi dll db sql"
)
_DOMAINS = (
    "com org net edu gov int info io eu uk de fr es it nl pl ru ua cz ro ee fi se no dk ch at jp cn in br ca au us "
    "example"
)
_PROTECTED = re.compile(
    r"https?://[^\s<>\"”]+|www\.[^\s<>\"”]+"
    r"|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,9}"
    rf"|\b(?:[A-Za-z0-9-]{{1,63}}\.){{1,9}}(?:{'|'.join(_DOMAINS.split())})\b(?:/[^\s<>\"”]*)?"
    rf"|\b[\w-]{{1,99}}\.(?:{'|'.join(_FILE_TYPES.split())})\b"
    r"|</?[A-Za-z][^<>]*>|</?\d+/?>"
    r"|[$%#]?\{\{?[^{}\s][^{}]*\}?\}|\{\}|%\(\w+\)[sdif]|%(?:\d+\$)?[-+0]?\d*(?:\.\d+)?[sdifuxg@](?![A-Za-z])"
    r"|&(?:[a-zA-Z]{2,8}|#\d{1,7}|#x[0-9a-fA-F]{1,6});"
    r"|\\[nrt](?![a-z])|@@\w+@@|__[A-Z]\w*__|(?<!\w)\$[A-Z_]{2,}\b|(?<!\S)--[a-z][\w-]*|(?<![\w@])[@#][A-Za-z]\w+"
    r"|(?<!\S)(?:~?/[\w.-]+){2,}/?|\b[A-Za-z]:\\[^\s<>\"”]+"
)
_SIGNS_OF_THEM = re.compile(r"[<{%&\\@#$/]|--|__|\w\.\w")
"""Without one of these a text has no placeholder."""
_TRAILING = ".,;:!?)]'"
_PAIRS = {
    "(": ")", "[": "]", "{": "}", "（": "）", "「": "」", "『": "』", "【": "】", "《": "》", "〈": "〉",
    "‹": "›", "⟦": "⟧",
}  # fmt: skip
_CLOSING = {closing: opening for opening, closing in _PAIRS.items()}
_QUOTES = set('"“”„‟«»')
_SINGLE = "'"
_MARK = re.compile("[" + re.escape("".join((*_PAIRS, *_CLOSING, *_QUOTES))) + "'‘’‚]")
_SINGLES = set("'‘’‚")
_SINGLE_OPENING = re.compile(r"(?<!\w)['‘‚](?=\w)(?!(?:em|tis|twas|til|cause|n)\b|\d0s)")
_SINGLE_CLOSING = re.compile(r"(?<=[^\Ws])['’](?!\w)|(?<=[.,!?;:)])['’](?!\w)")
"""Not behind an s, where it may be a genitive."""


class Placeholders:
    """The rule about tags, placeholders and addresses: each stays as it is, wherever it goes."""

    name = "placeholder"

    def read(self, change: Change) -> Reading | None:
        """The placeholders that the change loses and gains."""
        return facts_reading(change.shifts(_protected(change.mt), _protected(change.text)), _same_values)


class Controls:
    """The rule about control characters and line breaks: a rewriter has none to give."""

    name = "control character"

    def read(self, change: Change) -> Reading | None:
        """The control characters that the change gains."""
        return facts_reading(change.shifts(_controls(change.mt), _controls(change.text)), _no_more)


class Enclosures:
    """The rule about brackets and quotes: what was paired stays paired."""

    name = "unpaired"

    def read(self, change: Change) -> Reading | None:
        """The brackets and quotes that each hunk takes and gives."""
        has_marks = any(
            _MARK.search(edit.replacement) or _MARK.search(change.mt, edit.start, edit.end) for edit in change.edits
        )
        return _EnclosureReading(change) if has_marks else None


class _EnclosureReading:
    def __init__(self, change: Change) -> None:
        self._deltas = [
            _difference(_balance(change.text, *span), _balance(change.mt, edit.start, edit.end))
            for edit, span in zip(change.edits, change.new_spans, strict=True)
        ]
        self._takes_or_gives_quotes = [
            any(mark in _QUOTES for mark in change.mt[edit.start : edit.end] + edit.replacement)
            for edit in change.edits
        ]
        self._before = _balance(change.mt, 0, len(change.mt)) if any(self._deltas) else Counter()

    def links(self) -> Iterable[Collection[int]]:
        """The hunks that leave the same kind of mark open."""
        for kind in {kind for delta in self._deltas for kind in delta}:
            yield [index for index, delta in enumerate(self._deltas) if delta[kind]]

    def fault(self, hunks: Set[int]) -> str:
        """The mark that is less well paired with these hunks than without."""
        total: Counter[str] = Counter()
        for index in hunks:
            total.update(self._deltas[index])
        changes_quotes = any(self._takes_or_gives_quotes[index] for index in hunks)
        for kind, delta in total.items():
            if kind == _SINGLE and changes_quotes:
                continue  # double quotes became single ones
            before = self._before[kind]
            after = (before + delta) % 2 if kind == '"' else before + delta
            if abs(after) > abs(before):
                return kind
        return ""


def _balance(text: str, start: int, end: int) -> Counter[str]:
    """Opening minus closing marks by kind; for double quotes, whichever way they look, 1 when their number is odd."""
    counts: Counter[str] = Counter()
    if not _MARK.search(text, start, end):
        return counts
    has_singles = False
    for character in text[start:end]:
        if character in _PAIRS:
            counts[character] += 1
        elif character in _CLOSING:
            counts[_CLOSING[character]] -= 1
        elif character in _QUOTES:
            counts['"'] ^= 1
        elif character in _SINGLES:
            has_singles = True
    if has_singles:
        for pattern, step in ((_SINGLE_OPENING, 1), (_SINGLE_CLOSING, -1)):
            counts[_SINGLE] += step * sum(start <= match.start() < end for match in pattern.finditer(text))
    return counts


def _difference(after: Counter[str], before: Counter[str]) -> Counter[str]:
    kinds = {*after, *before}
    return Counter({kind: after[kind] - before[kind] for kind in kinds if after[kind] != before[kind]})


@lru_cache(maxsize=TEXTS_REMEMBERED)
def _protected(text: str) -> tuple[Fact, ...]:
    if not _SIGNS_OF_THEM.search(text):
        return ()
    facts = []
    for match in _PROTECTED.finditer(text):
        value = match.group()
        if value.startswith(("http", "www.")):
            value = value.rstrip(_TRAILING)
        facts.append(Fact(match.start(), match.start() + len(value), value))
    return tuple(facts)


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
