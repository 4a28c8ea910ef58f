"""What the source shows to be wrong without being translated: numbers, repetitions, honorifics and names.

Each rule looks for something that stands in the mt and can't come from the source, such as a phrase said twice in a row
where the source says nothing twice. Languages are not asked for: the source only has to be written with spaces between
its words.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from posteditor.core.suggestion import Edit, apply_edits
from posteditor.core.words import Word
from posteditor.rewriters.edit_composition import compose_edits
from posteditor.rewriters.source_names import copied_names
from posteditor.rewriters.tag_categories import CLOSED_CLASS_WORDS
from posteditor.rewriters.tag_words import is_mark, tag_words, word_set

_MOST_WORDS = 300
"""Longer texts are left alone: a segment of that size is no sentence."""
_MOST_ROUNDS = 8
_LONGEST_PHRASE = 8
_NEAR = 4
"""Words within which a source that repeats itself is taken to do so on purpose."""
_TIMES_BEYOND_DOUBT = 4
"""Nobody says a thing so often in a row, whatever the source does."""
_STEM = 5

# Of the edits of a rule on MLQE-PE train (et-en, ro-en, ru-en) that change the sentence's TER, the share that lowers
# it; a third leaves it as it is, since people wrote the place anew. Tried and left out, since they did harm there
# or on its development set: decimal commas and points in thousands, apostrophes taken for quotes, final punctuation,
# quotes and brackets, capitals, transliterated names.
_REPEATED_WORD = 0.94
_REPEATED_PHRASE = 0.86
_REPEATED_AFTER_OF = 0.88
_ORDINAL_YEAR = 0.88
_MISSPELT_NUMBER = 0.83
_HONORIFIC = 0.98

_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w]|[.,]\d)")
_ORDINAL = re.compile(r"(?<![\w.,])(\d{4})(?:st|nd|rd|th)\b")
_TITLES = re.compile(r"\b(?:Mr|Mrs|Ms)\.? (?=[^\W\d_])")
_HONORIFICS = word_set(
    "mr mrs ms miss mister hr härra proua prl preili herr herra frau fru fräulein rouva domnul domnului dl dlui "
    "doamna doamnei dna domnișoara señor señora señorita sr sra srta senhor senhora senyor senyora signor signora "
    "signore sig monsieur madame mademoiselle mme mlle pan pana pani panna pán paní úr bay bayan ponas ponia "
    "kungs kundze gospodin gospođa gospa sir madam heer mevrouw dhr mevr m don doña"
)
_LATIN = re.compile("[A-Za-zÀ-ɏḀ-ỿ]")


@dataclass(frozen=True, slots=True)
class _Pair:
    mt: str
    source: str
    mt_words: list[Word]
    source_words: list[Word]


def copy_edits(mt: str, source: str, *, known_words: Collection[str] = frozenset()) -> tuple[Edit, ...]:
    """The edits of ``mt`` that ``source`` calls for, sorted, not overlapping, each with a category and a confidence.

    The categories are "repetition", "number", "title" and "name". An edit's confidence is the share of
    its rule's edits that bring a sentence of MLQE-PE nearer to its human post-edit, among those that change its TER.
    Applied, the edits leave nothing more to be done: a second call gives none.

    Args:
        mt: A machine translation into English.
        source: What it was made from, in any language; an empty one calls for nothing.
        known_words: Ordinary English words in small letters, say the whole words of a tokenizer's vocabulary. A name is
            respelt only where it is none of them; without any, names are left alone.
    """
    edits: tuple[Edit, ...] = ()
    text = mt
    for _ in range(_MOST_ROUNDS):
        found = _one_round(text, source, known_words)
        if not found:
            return edits
        edits = compose_edits(mt, edits, found)
        text = apply_edits(mt, edits)
    return ()  # a text that does not settle is none that people write


def most_certain(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Of edits to one text the most certain ones of which no two touch, in order."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (-edit.confidence, edit.start, edit.end)):
        if all(edit.end < other.start or other.end < edit.start for other in kept):
            kept.append(edit)
    return tuple(sorted(kept, key=lambda edit: edit.start))


def _one_round(mt: str, source: str, known_words: Collection[str]) -> tuple[Edit, ...]:
    pair = _Pair(mt, source, tag_words(mt), tag_words(source))
    if not pair.source_words or len(pair.mt_words) > _MOST_WORDS or len(pair.source_words) > _MOST_WORDS:
        return ()
    candidates: list[Edit] = []
    for rule in (_repetitions, _misspelt_number, _ordinal_years, _honorifics):
        candidates += rule(pair)
    if known_words:
        candidates += copied_names(pair.mt_words, pair.source_words, known_words)
    return most_certain(candidates)


def _repetitions(pair: _Pair) -> Iterator[Edit]:
    """Words and phrases said twice or more in a row, or twice with "of" between, by the mt alone."""
    least = _TIMES_BEYOND_DOUBT if _repeats_itself(pair.source_words) else 2
    words = [word.text.lower() for word in pair.mt_words]
    at = 0
    while at < len(words):
        for size in range(1, min(_LONGEST_PHRASE, (len(words) - at) // 2) + 1):
            phrase = words[at : at + size]
            if not any(_is_content(word) for word in phrase) or is_mark(phrase[0]):
                continue
            times = 1
            while words[at + times * size : at + (times + 1) * size] == phrase:
                times += 1
            last = at + times * size - 1
            if times >= least and not (size == 2 and times == 2 and any(is_mark(word) for word in phrase)):
                confidence = _REPEATED_WORD if size == 1 else _REPEATED_PHRASE
                yield _removal(pair.mt_words, at + size, last, confidence)
                at = last
                break
            if least == 2 and (after := _said_again_after_of(pair.mt_words, at, size)) is not None:
                yield _removal(pair.mt_words, at + size, after, _REPEATED_AFTER_OF)
                at = after
                break
        at += 1


def _said_again_after_of(words: list[Word], at: int, size: int) -> int | None:
    """The last word of "of the PHRASE" where the phrase of ``size`` words at ``at`` stands before it.

    Case counts, but for the first word of the text: "the port of Port Harcourt" says nothing twice.
    """
    texts = [word.text for word in words[at : at + 2 * size + 2]]
    if at == 0:
        texts[0] = texts[0].lower()
    if texts[size : size + 1] != ["of"]:
        return None
    again = size + 2 if texts[size + 1 : size + 2] in (["the"], ["a"], ["an"]) else size + 1
    return at + again + size - 1 if texts[again : again + size] == texts[:size] else None


def _removal(words: list[Word], first: int, last: int, confidence: float) -> Edit:
    """Takes out some words together with the space before them."""
    return Edit(words[first - 1].end, words[last].end, "", "repetition", confidence)


def _repeats_itself(words: list[Word]) -> bool:
    """True when a word of the source comes back, perhaps in another form, within a few words."""
    stems = [word.text.lower()[:_STEM] for word in words if word.text[0].isalpha() and len(word.text) > 3]
    return any(stem in stems[at + 1 : at + _NEAR] for at, stem in enumerate(stems))


def _is_content(word: str) -> bool:
    return word[0].isalpha() and word not in CLOSED_CLASS_WORDS


def _misspelt_number(pair: _Pair) -> Iterator[Edit]:
    """The only figure that the source does not have, for the only one of the source that is missing."""
    ours, theirs = (list(_NUMBER.finditer(text)) for text in (pair.mt, pair.source))
    here, there = (Counter(_digits(match) for match in matches) for matches in (ours, theirs))
    strange = [match for match in ours if _digits(match) not in there]
    missing = [match for match in theirs if _digits(match) not in here]
    if len(strange) == len(missing) == 1 and len(ours) == len(theirs):
        wanted = missing[0].group()
        if len(wanted) > 2 and wanted.isdigit() and _is_one_slip(_digits(strange[0]), wanted):
            yield Edit(strange[0].start(), strange[0].end(), wanted, "number", _MISSPELT_NUMBER)


def _is_one_slip(wrong: str, right: str) -> bool:
    """True when one digit was left out, put in or written wrong."""
    head = 0
    while head < min(len(wrong), len(right)) and wrong[head] == right[head]:
        head += 1
    skip = (head + (len(wrong) >= len(right)), head + (len(right) >= len(wrong)))
    return wrong != right and wrong[skip[0] :] == right[skip[1] :]


def _digits(match: re.Match[str]) -> str:
    return match.group().replace(".", "").replace(",", "")


def _ordinal_years(pair: _Pair) -> Iterator[Edit]:
    """ "The 1871st census": languages that write a full stop after a year make an ordinal of it."""
    for match in _ORDINAL.finditer(pair.mt):
        if match.group(1) in pair.source:
            yield Edit(match.end(1), match.end(), "", "number", _ORDINAL_YEAR)


def _honorifics(pair: _Pair) -> Iterator[Edit]:
    """A "Mr" that a model put before a name out of habit, where the source has nothing of the kind."""
    if not _LATIN.search(pair.source) or any(word.text.lower() in _HONORIFICS for word in pair.source_words):
        return
    for match in _TITLES.finditer(pair.mt):
        if pair.mt[match.end()].isupper():
            yield Edit(match.start(), match.end(), "", "title", _HONORIFIC)
