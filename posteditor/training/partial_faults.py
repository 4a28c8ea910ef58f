"""Taking most faults out of a garbled text and leaving a few.

What an engine of rules garbles is garbled all over. A good machine translation has one fault or two in fluent text, and
that is what a rewriter must learn to see: so of some pairs only a few differences stay.
"""

from dataclasses import replace
from difflib import SequenceMatcher
from random import Random

from posteditor.core.words import Word
from posteditor.rewriters.tag_words import tag_words
from posteditor.training.pairs import Pair

_MOST_LEFT = 3


def with_fewer_faults(pair: Pair, *, share: float, seed: int) -> Pair:
    """``pair``, or with the probability ``share`` one whose mt differs from the target in one to three places only.

    Args:
        pair: A garbled text and its target.
        share: 0-1.
        seed: The same seed and pair give the same.
    """
    random = Random(f"{seed} {pair.mt}")
    if random.random() >= share:
        return pair
    old, new = tag_words(pair.mt), tag_words(pair.target)
    matcher = SequenceMatcher(None, [word.text for word in old], [word.text for word in new], autojunk=False)
    operations = matcher.get_opcodes()
    places = [place for place, operation in enumerate(operations) if operation[0] != "equal"]
    if len(places) < 2:
        return pair
    left = set(random.sample(places, random.randint(1, min(_MOST_LEFT, len(places) - 1))))
    parts = []
    for place, (kind, start, end, goal, goal_end) in enumerate(operations):
        stays = kind == "equal" or place in left
        parts.append(_text(pair.mt, old, start, end) if stays else _text(pair.target, new, goal, goal_end))
    return replace(pair, mt="".join(parts).strip())


def _text(text: str, words: list[Word], start: int, end: int) -> str:
    """Words ``start`` to ``end`` with the white space before each."""
    begin = words[start - 1].end if start else 0
    return text[begin : words[end - 1].end] if end > start else ""
