"""Words that carry little meaning of their own, and the words that hunks move about."""

from collections.abc import Iterable

from posteditor.core.words import Word
from posteditor.rewriters.gate_change import Change, Fact, FactsReading

_LISTED = """
a an the this that these those i me my mine myself you your yours he him his himself she her hers herself it
its itself we us our ours they them their theirs who whom whose which what where when why how as at by for
from in into of off on onto out over to under up upon with within about above across after again along among
around before behind below between beyond down during near since than then there here through till toward
towards until via and but or nor so yet if because while although though unless whether am is are was were be
been being do does did doing done have has had having will would shall should can could may might must ought
not no yes also too very just only even still more most much many some any all both each every either other
another such own same one ones oneself
"""
FUNCTION_WORDS = frozenset(_LISTED.split())
"""English words that hold a sentence together, lower case."""


class Moves:
    """Not a rule of its own: keeps together the hunks that take a word from one place and put it in another."""

    name = "move"

    def read(self, change: Change) -> FactsReading:
        """The words of some weight that the change takes and gives."""
        return FactsReading(change.shifts(_find(change.old_words), _find(change.new_words)), _allow)


def _find(words: Iterable[Word]) -> list[Fact]:
    return [
        Fact(word.start, word.end, word.text.casefold())
        for word in words
        if word.text[0].isalpha() and word.text.casefold() not in FUNCTION_WORDS
    ]


def _allow(lost: list[Fact], gained: list[Fact]) -> str:
    return ""
