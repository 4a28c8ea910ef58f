"""Negation: a "not" may neither come nor go, unless another negative word makes up for it.

Implicit negatives count: "will not comment" -> "declined to comment" is right, "will comment" is refused. A word and
its antonym ("able", "unable") count as the word with and without "not".
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Set

from posteditor.core.words import Word
from posteditor.rewriters.gate_change import Change, Fact, FactsReading

_NEGATION = "not"
_WITH_PREFIX, _WITHOUT_PREFIX = "~", "+"
"""What the values of the facts about antonyms begin with."""
_FIRM = {
    "not", "no", "never", "none", "nobody", "nothing", "nowhere", "neither", "nor", "cannot", "without", "noone",
    "dont", "doesnt", "didnt", "isnt", "wasnt", "arent", "werent", "wont", "cant", "couldnt", "wouldnt", "shouldnt",
    "hasnt", "havent", "hadnt",
}  # fmt: skip
_FIRM_ENDING = re.compile(r"n['’]t$")
_PREFIX = re.compile(r"(?:un|in|im|il|ir|dis|non-?)(?=\w{3})")
_IMPLICIT = re.compile(
    r"declin|refus|fail|den(?:y|ied|ies|ial)|lack|prevent|avoid|abstain|refrain|reject|forb[aio]|prohibit|exclud|excus"
    r"|ceas|stop|quit|miss|absen|ignor|neglect|doubt|omit|unless|until|except|hardly|barely|scarcely|rarely|seldom"
    r"|otherwise|instead|few|little|far$|free$|only$|yet$|against|despite|unlike|regardless|loss|lost|lose|leav|left$"
    r"|un(?!i[^nm]|der|til|cle)\w{3}|non-|nonsens|nonexist|\w+less(?:ly|ness)?$|dis(?:agre|allow|appear|approv|continu|like|miss|regard)"
    r"|im(?:possib|prob|mob|perfect)|in(?:ab|cap|compl|correct|adequ|suff|val|vis|frequent|direct|def|expl|signif)"
    r"|il(?:leg|log)|ir(?:reg|rel|resp|rev)"
)
"""How words begin that can stand for a negation, some of them rarely; they may come and go."""
_IDIOMS = {
    "not": {"only", "just", "merely", "least", "simply", "solely"},
    "no": {"matter", "doubt", "sooner"},
}
"""Words before which "not" and "no" deny nothing; the two together are as good as one word with a prefix."""
_IDIOM_WORDS = frozenset().union(*_IDIOMS.values())


class Negation:
    """The rule about negation."""

    name = "negation"

    def read(self, change: Change) -> FactsReading:
        """The negative words that the change loses and gains."""
        stems = _stems(change.old_words) | _stems(change.new_words)
        old = list(_find(change.old_words, stems))
        new = list(_find(change.new_words, stems))
        return FactsReading(change.shifts(old, new), _compare)


def _stems(words: Iterable[Word]) -> set[str]:
    """The words without their prefix, of those that begin like an antonym."""
    matches = ((word.text.lower(), _PREFIX.match(word.text.lower())) for word in words)
    return {lower[match.end() :] for lower, match in matches if match}


def _find(words: Iterable[Word], stems: Set[str]) -> Iterator[Fact]:
    previous = ""
    for word, following in _with_following(words):
        lower = word.text.lower()
        if not lower[0].isalpha():
            previous = lower
            continue
        is_idiom = following in _IDIOMS.get(lower, ())
        if lower in _FIRM or _FIRM_ENDING.search(lower):
            is_firm = not (is_idiom or (lower == "not" and previous == "or") or (lower == "no" and following == "."))
            yield Fact(word.start, word.end, _NEGATION, is_firm)
        elif _IMPLICIT.match(lower):
            yield Fact(word.start, word.end, _NEGATION, is_firm=False)
        if is_idiom:
            yield Fact(word.start, word.end, _WITH_PREFIX + following, is_firm=False)
        elif lower in stems or (lower in _IDIOM_WORDS and previous not in _IDIOMS):
            yield Fact(word.start, word.end, _WITHOUT_PREFIX + lower, is_firm=False)
        if (match := _PREFIX.match(lower)) is not None:
            yield Fact(word.start, word.end, _WITH_PREFIX + lower[match.end() :], is_firm=False)
        previous = lower


def _with_following(words: Iterable[Word]) -> Iterator[tuple[Word, str]]:
    """Each word with the next one in small letters."""
    held: Word | None = None
    for word in words:
        if held is not None:
            yield held, word.text.lower()
        held = word
    if held is not None:
        yield held, ""


def _compare(lost: list[Fact], gained: list[Fact]) -> str:
    less, more = Counter(fact.value for fact in lost), Counter(fact.value for fact in gained)
    firm = sum(fact.is_firm for fact in gained) - sum(fact.is_firm for fact in lost)
    implicit = more[_NEGATION] - less[_NEGATION] - firm
    turned = _turned(less, more) - _turned(more, less)
    firm, implicit = firm + turned, implicit - turned
    if firm < 0 and implicit < -firm:
        return "lost"
    if firm > 0 and -implicit < firm:
        return "added"
    return ""


def _turned(without: Counter[str], into: Counter[str]) -> int:
    """How many words of ``without`` have their antonym with a prefix in ``into``."""
    plain = {value[1:]: count for value, count in without.items() if value[0] == _WITHOUT_PREFIX}
    return sum(min(count, into[_WITH_PREFIX + stem]) for stem, count in plain.items())
