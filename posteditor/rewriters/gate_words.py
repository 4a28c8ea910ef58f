"""Words that carry little meaning of their own, and the words that hunks move about."""

import re

from posteditor.rewriters.gate_change import Change, Fact, FactsReading, Reading, Shifted

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

_WORD = re.compile(r"[^\W\d_][\w'’-]*")


class Moves:
    """Not a rule of its own: keeps together the hunks that take a word from one place and put it in another."""

    name = "move"

    def read(self, change: Change) -> Reading | None:
        """The words of some weight that the change takes and gives."""
        lost = [
            _shifted(word, at)
            for at, edit in enumerate(change.edits)
            for word in _find(change.mt[edit.start : edit.end])
        ]
        gained = [_shifted(word, at) for at, edit in enumerate(change.edits) for word in _find(edit.replacement)]
        return FactsReading((lost, gained), _allow) if lost and gained else None


def _find(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.lower()) if word not in FUNCTION_WORDS]


def _shifted(word: str, hunk: int) -> Shifted:
    return Shifted(Fact(0, 0, word), range(hunk, hunk + 1))


def _allow(lost: list[Fact], gained: list[Fact]) -> str:
    return ""
