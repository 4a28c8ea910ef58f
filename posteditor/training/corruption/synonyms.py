"""What an engine makes of words on a round trip, found by aligning round trips with their originals."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from posteditor.rewriters.tag_categories import CLOSED_CLASS_WORDS, is_form_of
from posteditor.rewriters.tag_derivation import tags_from_pair
from posteditor.rewriters.tag_words import tag_words
from posteditor.training.corruption.sentence import is_protected

_REPLACE = "REPLACE:"
_SHORTEST = 3


def mine_synonyms(pairs: Iterable[tuple[str, str]], *, least: int = 3, count: int = 6) -> dict[str, tuple[str, ...]]:
    """Content words, in small letters, and what they came back as, the most frequent first.

    Forms of the same word are left out; those are for other rules.

    Args:
        pairs: (round trip, original).
        least: A word must have come back so so often.
        count: Most synonyms of a word.
    """
    seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for trip, original in pairs:
        if not trip or trip == original:
            continue
        labels = tags_from_pair(original, trip)[1:]
        for token, label in zip(tag_words(original), labels, strict=False):
            if label.startswith(_REPLACE):
                word, new = token.text, label.removeprefix(_REPLACE)
                if _is_content(word) and _is_content(new) and not is_form_of(word, new):
                    seen[word][new] += 1
    mined = {}
    for word in sorted(seen):
        ranked = sorted(seen[word].items(), key=lambda item: (-item[1], item[0]))
        if found := tuple(other for other, times in ranked[:count] if times >= least):
            mined[word] = found
    return mined


def _is_content(word: str) -> bool:
    return (
        len(word) >= _SHORTEST
        and word.isascii()
        and word.isalpha()
        and word.islower()
        and word not in CLOSED_CLASS_WORDS
        and not is_protected(word)
    )
