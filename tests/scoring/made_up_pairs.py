"""Made-up texts and references for the metric tests: news-like, garbled, multilingual, empty, long."""

import random
from collections.abc import Iterator

_NEWS = (
    "the a of to and in aide declined elaborate minister said that talks would go on , . ; ( ) “ ” - 's 9,000 3.5 % "
    "on Tuesday after meeting river bank station U.S. well-known it's don't &amp; &quot; <b> x"
)
_SCRIPTS = "漢字 かな カタカナ 東京は 한국어 😀 👩\u200d👧 é ñandú ΑΣ İstanbul ß ﬁ עברית العربية ก็ \u200b \u00a0 - ! ?!"
_PLAIN = _NEWS.split()
_OTHER = _SCRIPTS.split(" ")


def words(rng: random.Random, longest: int) -> list[str]:
    """Up to so many words, now and then of other scripts, with repetitions."""
    vocabulary = rng.choice([_PLAIN[:4], _PLAIN, _PLAIN, _PLAIN + _OTHER])
    return [rng.choice(vocabulary) for _ in range(rng.randint(0, longest))]


def garbled(rng: random.Random, reference: list[str], changes: int) -> list[str]:
    """The words after some deletions, insertions, replacements and block moves."""
    text = list(reference)
    for _ in range(changes):
        at = rng.randrange(len(text) + 1)
        match rng.randrange(5):
            case 0:
                del text[at : at + 1]
            case 1:
                text.insert(at, rng.choice(_PLAIN))
            case 2:
                text[at : at + 1] = [rng.choice(_PLAIN)]
            case _:
                block = text[at : at + rng.randint(1, 12)]
                del text[at : at + len(block)]
                to = rng.randrange(len(text) + 1)
                text[to:to] = block
    return text


def word_pairs(seed: int, count: int, longest: int) -> Iterator[tuple[list[str], list[str]]]:
    """Lists of words: unrelated, garbled a little or a lot, of very different lengths, empty."""
    rng = random.Random(seed)
    for _ in range(count):
        reference = words(rng, rng.choice([3, longest // 4, longest]))
        if rng.random() < 0.25:
            yield words(rng, rng.choice([1, longest // 4, longest])), reference
        else:
            yield garbled(rng, reference, rng.choice([0, 1, 2, 4, 8, 12])), reference


def texts(seed: int, count: int, *, references: int = 1, longest: int = 30) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A text and its references, with odd white space here and there."""
    rng = random.Random(seed)
    for text, reference in word_pairs(seed, count, longest):
        others = [garbled(rng, reference, rng.randint(0, 4)) for _ in range(references - 1)]
        space = rng.choice([" ", " ", " ", "  ", "\u3000", "\t"])
        yield space.join(text) + rng.choice(["", "", " ", "\n"]), tuple(" ".join(one) for one in [reference, *others])
