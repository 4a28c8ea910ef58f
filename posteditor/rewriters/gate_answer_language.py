"""A suggestion stays in the language and the script of the mt."""

import re
from collections import Counter
from collections.abc import Iterable

from posteditor.core.words import Word
from posteditor.rewriters.gate_change import Change, Fact, Reading, facts_reading, whole_reading, words_of
from posteditor.rewriters.gate_languages import are_near, function_words, language_of, parts
from posteditor.rewriters.gate_scripts import LATIN, script_of

_FEWEST_LETTERS = 4
"""Fewer letters than these are of no script."""
_FEWEST_WORDS = 3
"""New function words of another language that it takes."""
_SHARE = 0.2
"""Share of the new words that they must be."""
_LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_COPIED = 0.3
"""Share of the new words that words of the source must be to show that it was copied."""
_LONG_WORD = 4
_TIMES = 3
"""So many for each one of the mt's own language among the new words."""


class Language:
    """The rule about language: no answer in another one, no words in a script that the mt does not have."""

    name = "language"

    def read(self, change: Change) -> Reading | None:
        """The switch, if there is one; else the words in foreign scripts that the change loses and gains."""
        old_scripts = _scripts(change.mt)
        new_scripts = _scripts(change.text)
        if new_scripts.keys() <= {LATIN} and old_scripts.keys() <= {LATIN}:
            return whole_reading(change, _other_language(change))
        if fault := _other_script(old_scripts, new_scripts):
            return whole_reading(change, fault)
        strange = new_scripts.keys() - old_scripts.keys()
        if not strange:
            return whole_reading(change, _other_language(change))
        old = _in_scripts(words_of(change.mt), strange)
        new = _in_scripts(words_of(change.text), strange)
        return facts_reading(change.shifts(old, new), _no_more)


def _scripts(text: str) -> Counter[str]:
    """How many letters of each script."""
    if text.isascii():
        return Counter({LATIN: len(text)})
    return Counter(script_of(character) for character in text if character.isalpha())


def _other_script(old: Counter[str], new: Counter[str]) -> str:
    """The fault of a suggestion mostly in a script that the mt hardly has."""
    if min(old.total(), new.total()) < _FEWEST_LETTERS:
        return ""
    (script, count), *_ = new.most_common(1)
    if 2 * count > new.total() and 10 * old[script] < old.total() and not (script == "Han" and old["kana"]):
        return f"{script} letters in place of {old.most_common(1)[0][0]} ones"
    if old["kana"] >= _FEWEST_LETTERS and not new["kana"] and new["Han"] >= _FEWEST_LETTERS:
        return "Chinese in place of Japanese"
    return ""


def _other_language(change: Change) -> str:
    """The fault of new words that are in another language than the mt; only on strong evidence."""
    gained = {part for edit in change.edits for word in _LETTERS.findall(edit.replacement) for part in parts(word)}
    if len(gained) < _FEWEST_WORDS:
        return ""
    copied = gained.intersection((change.source or "").split())
    if max(len(copied), *function_words(gained).values(), 0) < _FEWEST_WORDS:
        return ""  # the usual case, before the words of the mt are looked at
    old = {part for word in words_of(change.mt) for part in parts(word.text)}
    gained -= old
    if change.source and _are_copied(gained, change.source):
        return "words of the source"
    counts = function_words(gained)
    if not counts:
        return ""
    language, count = counts.most_common(1)[0]
    if count < max(_FEWEST_WORDS, _SHARE * len(gained)) or are_near(language, own := language_of(change.mt)):
        return ""
    source = language_of(change.source) if change.source else ""
    if not own:  # a short mt: only what came over from the source is certain
        return f"{language}, as the source" if are_near(language, source) and not function_words(old)[language] else ""
    if count < _TIMES * counts[own] or own == source:  # where the mt was left in the source's language, it is put right
        return ""
    return f"{language} in place of {own}"


def _are_copied(words: set[str], source: str) -> bool:
    """True when many of these words stand in small letters in the source, so that they are no names."""
    copied = [word for word in words.intersection(source.split()) if len(word) >= _LONG_WORD]
    return len(copied) >= _FEWEST_WORDS and len(copied) >= _COPIED * len(words)


def _in_scripts(words: Iterable[Word], scripts: Iterable[str]) -> list[Fact]:
    wanted = set(scripts)
    facts = []
    for word in words:
        found = {script_of(letter) for letter in word.text if letter.isalpha()} & wanted
        # One Greek letter alone is a sign: α, μ, Ω.
        if found and not (found == {"Greek"} and len(word.text) == 1):
            facts.append(Fact(word.start, word.end, min(found)))
    return facts


def _no_more(lost: list[Fact], gained: list[Fact]) -> str:
    more = Counter(fact.value for fact in gained) - Counter(fact.value for fact in lost)
    return f"{next(more.elements())} letters added" if more else ""
