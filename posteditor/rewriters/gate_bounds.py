"""Bounds on a suggestion as a whole: as long as the mt, of much the same words, complete, nothing over and over."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from posteditor.core.suggestion import Edit
from posteditor.rewriters.gate_change import Change, Reading, whole_reading, words_of

_LENGTH_RATIO = 1.8
"""Times as long or as short, in characters, after a slack for short segments."""
_LENGTH_SLACK = 15
_EDIT_RATE = 0.85
"""Share of the words, wherever they stand, that may go or come in segments that are not short."""
_SHORT = 6
"""Up to so many words every one of them may change."""
_STEM = 4
"""Words that begin with the same letters, so many, are forms of one word."""

_ENDS = set(".!?…。！？｡।:;")
_CLOSERS = "\"'”’»)]}」』）›“ "
"""What may stand behind the mark that ends a sentence."""
_UNFINISHED = 0.8
"""A suggestion without the mt's last mark and with fewer than this share of its words was cut off."""
_TAIL = 3
"""So many words at the end of the mt are looked for at the end of the suggestion."""
_LOST_END = 5
"""So many words gone from the end with nothing in their place were cut off, if they are not few of the whole."""
_LOST_SHARE = 0.25

_IN_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
"""What stands in brackets at the end may be left out."""

_LONGEST_PHRASE = 16
_TIMES_A_WORD, _TIMES_A_PHRASE, _TIMES_A_LONG_PHRASE = 4, 3, 2
"""So often in a row a word, a phrase, and one of this many words do not stand by chance."""
_LONG_PHRASE = 5


class Bounds:
    """The rule about length and amount of change."""

    name = "bounds"

    def read(self, change: Change) -> Reading | None:
        """The suggestion's fault, if it has one."""
        return whole_reading(change, _out_of_bounds(change))


class Truncation:
    """The rule about suggestions that stop before the mt does."""

    name = "truncation"

    def read(self, change: Change) -> Reading | None:
        """What is missing at the end, if anything is."""
        return whole_reading(change, _cut_off(change))


class Repetition:
    """The rule about models that say the same again and again."""

    name = "repetition"

    def read(self, change: Change) -> Reading | None:
        """The phrase that stands there too often in a row, if there is one that the mt does not repeat as well."""
        return whole_reading(change, _repeated(change))


def _out_of_bounds(change: Change) -> str:
    if not change.text.strip():
        return "nothing left"
    if not change.mt.strip():
        return "text where there was none"
    shorter, longer = sorted((len(change.mt), len(change.text)))
    if longer > _LENGTH_RATIO * shorter + _LENGTH_SLACK:
        return f"length {len(change.text) / max(1, len(change.mt)):.1f} times the mt's"
    touched = sum(max(edit.end - edit.start, len(edit.replacement)) for edit in change.edits)
    if 2 * touched < len(change.mt) or change.mt == change.source:
        return ""  # the usual case; or an mt that was left untranslated, of which every word has to go
    old, new = _stems(change.mt), _stems(change.text)
    words = max(old.total(), new.total())
    changed = words - (old & new).total()
    if min(old.total(), new.total()) > _SHORT and changed > _EDIT_RATE * words:
        return f"{changed} of {words} words changed"
    return ""


def _stems(text: str) -> Counter[str]:
    return Counter(word.text[:_STEM].lower() for word in words_of(text) if word.text[0].isalnum())


def _cut_off(change: Change) -> str:
    edits = change.edits
    if not edits or len(change.text) >= len(change.mt):
        return ""
    old, new = _letters(change.mt), _letters(change.text)
    if not new:
        return ""
    if len(new) >= _UNFINISHED * len(old):
        return ""
    is_unfinished = _is_ended(change.mt) and not _is_ended(change.text)
    if is_unfinished and not set(old[-_TAIL:]) & set(new[-_TAIL:]):
        return f"stops at {new[-1]}"
    last = edits[-1]
    if last.end < len(change.mt.rstrip(_CLOSERS + "".join(_ENDS))):
        return ""
    tail = _letters(_IN_BRACKETS.sub("", change.mt[last.start :]))
    gone = (Counter(tail) & (Counter(old) - Counter(new))).total()
    is_replaced = 4 * len(_letters(last.replacement)) > len(tail)
    return "" if is_replaced or gone < max(_LOST_END, _LOST_SHARE * len(old)) else f"{gone} words lost at the end"


def _letters(text: str) -> list[str]:
    return [word.text.lower() for word in words_of(text) if word.text[0].isalnum()]


def _is_ended(text: str) -> bool:
    return text.rstrip(_CLOSERS)[-1:] in _ENDS


def _repeated(change: Change) -> str:
    if not any(_may_repeat(edit) for edit in change.edits):
        return ""
    words = [word.text.lower() for word in words_of(change.text)]
    loops = set(_loops(words))
    if not loops:
        return ""
    known = set(_loops([word.text.lower() for word in words_of(change.mt)]))
    return next((f"“{' '.join(loop)}” again and again" for loop in sorted(loops - known, key=len)), "")


def _may_repeat(edit: Edit) -> bool:
    """False in the usual case: no word is brought twice, and no long phrase."""
    brought = edit.replacement.lower().split()
    return len(brought) >= _LONG_PHRASE or len(set(brought)) < len(brought)


def _loops(words: Sequence[str]) -> Iterable[tuple[str, ...]]:
    """The phrases that stand in ``words`` too often in a row."""
    longest = len(words) // 2
    sizes = [*range(1, min(_LONGEST_PHRASE, longest) + 1), *range(max(_LONGEST_PHRASE + 1, longest - 1), longest + 1)]
    for size in sizes:  # and the whole text twice
        times = _TIMES_A_WORD if size == 1 else _TIMES_A_LONG_PHRASE if size >= _LONG_PHRASE else _TIMES_A_PHRASE
        run = 0
        for at in range(len(words) - size):
            run = run + 1 if words[at] == words[at + size] else 0
            if run == size * (times - 1):
                phrase = tuple(words[at + 1 : at + size + 1])
                if any(word[0].isalnum() for word in phrase):
                    yield phrase
