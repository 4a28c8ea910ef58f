"""Names that the mt has mangled although the source shows how they are written."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from itertools import product

from posteditor.core.suggestion import Edit
from posteditor.core.words import Word
from posteditor.rewriters.tag_words import is_mark, word_set

_SHORTEST = 3
_FARTHEST = 0.75
"""Share of a name's letters that may be different."""
_LONGEST_ENDING = 4

# Of the edits on MLQE-PE train that change the sentence's TER, the share that lowers it; as many leave it as it is.
_BOTH_NEIGHBOURS = 0.79
_ONE_NEIGHBOUR = 0.78

_POSSESSIVE = re.compile(r"['’]s?$")
_NAME = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ][A-Za-zÀ-ɏḀ-ỿ'’\-]*")
_UNDECOMPOSED = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ı": "i"})
_ENDINGS = word_set(
    "i a u e o s l d t n le lt st te de es as us is il al ul ei ii ga ni ks id ega iga aga ile ale ele ast ist asse "
    "isse lui ului elor ilor om em ou ami"
)
"""Case endings of languages that bend names: a name that is nearest without one can't be copied as it stands."""


def copied_names(mt: list[Word], source: list[Word], known_words: Collection[str]) -> Iterator[Edit]:
    """Edits that put a name of the source in place of an unknown word that stands where it should be.

    Both words are capitalised, neither has a relative on the other side, and the word before or after is the same on
    both sides.

    Args:
        mt: The words of the mt without white space.
        source: Those of the source.
        known_words: Ordinary words in small letters, which no name takes the place of.
    """
    plain = [_plain(_POSSESSIVE.sub("", word.text)) for word in mt]
    plain_source = [_plain(word.text) for word in source]
    missing = [
        at
        for at, word in enumerate(source)
        if at and _is_name(word.text) and not any(_are_relatives(each, plain_source[at]) for each in plain)
    ]
    if not missing:
        return
    for at, word in enumerate(mt):
        name = _POSSESSIVE.sub("", word.text)
        if not at or not _is_name(name) or plain[at] in known_words:
            continue
        if any(_are_relatives(plain[at], each) for each in plain_source):
            continue
        if (place := _nearest(plain[at], missing, plain_source)) is None:
            continue
        if neighbours := _same_neighbours(plain, at, plain_source, place):
            confidence = _BOTH_NEIGHBOURS if neighbours == 2 else _ONE_NEIGHBOUR
            yield Edit(word.start, word.start + len(name), source[place].text, "name", confidence)


def _nearest(name: str, missing: list[int], source: list[str]) -> int | None:
    """Which of the missing names is most like ``name``; None when none is or when it is so only without its ending."""
    ranked = []
    for place, ending in product(missing, ("", *_ENDINGS)):
        whole = source[place]
        form = whole.removesuffix(ending)
        if (ending and form == whole) or len(form) < _SHORTEST:
            continue
        ranked.append((_distance(name, form) / max(len(name), len(form)), form != whole, place))
    share, is_bent, place = min(ranked, default=(1.0, True, 0))
    return None if is_bent or share > _FARTHEST else place


def _same_neighbours(mt: list[str], at: int, source: list[str], place: int) -> int:
    """How many of the two words around are the same on both sides."""
    before = place > 0 and mt[at - 1] == source[place - 1]
    after = at + 1 < len(mt) and place + 1 < len(source) and mt[at + 1] == source[place + 1]
    return before + after


def _is_name(text: str) -> bool:
    return len(text) >= _SHORTEST and text[0].isupper() and not is_mark(text) and _NAME.fullmatch(text) is not None


def _are_relatives(first: str, second: str) -> bool:
    """True when the source's word is the other one or bends it: "Viljandi" and "Viljandis"."""
    return first == second or (
        len(first) >= _SHORTEST and second.startswith(first) and len(second) - len(first) <= _LONGEST_ENDING
    )


def _plain(text: str) -> str:
    """Small letters without accents."""
    parts = unicodedata.normalize("NFD", text.lower().translate(_UNDECOMPOSED))
    return "".join(part for part in parts if not unicodedata.combining(part))


def _distance(first: str, second: str) -> int:
    """How many letters must be put in, left out or replaced (Levenshtein 1966)."""
    row = list(range(len(second) + 1))
    for number, letter in enumerate(first, start=1):
        above, row = row, [number]
        for at, other in enumerate(second):
            row.append(min(above[at + 1] + 1, row[at] + 1, above[at] + (letter != other)))
    return row[-1]
