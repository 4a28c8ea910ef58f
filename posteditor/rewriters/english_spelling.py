"""Small rules of English spelling, applied where an edit brings a stem and an ending or two words together anew."""

import re

_SIBILANT = re.compile(r"(?:s|x|z|ch|sh)$")
_CONSONANT_Y = re.compile(r"[^aeiou]y$")
_SILENT_E = re.compile(r"[^eoy\W]e$")
_VOWEL_ENDINGS = ("ing", "ed", "er", "est", "ation", "able")
_SHORTEST_WITH_SILENT_E = 4
_VOWEL_SOUND = re.compile(
    r"(?!eu|uni(?!n|m)|us[aei]|ut[ei]|one\b|once\b|ur[aiou]|ubi)[aeiou]|hour|honou?r|honest|heir", re.I
)


def with_ending(stem: str, ending: str) -> str:
    """``stem`` with ``ending`` put on as English spells it: "lose" and "ing" give "losing", "city" and "s" "cities"."""
    if ending == "s" and _CONSONANT_Y.search(stem) and stem.islower():
        return stem[:-1] + "ies"
    if ending == "s" and _SIBILANT.search(stem):
        return stem + "es"
    if ending in _VOWEL_ENDINGS and len(stem) >= _SHORTEST_WITH_SILENT_E and _SILENT_E.search(stem):
        return stem[:-1] + ending
    return stem + ending


def article_before(word: str, article: str) -> str:
    """ "a" or "an" as the sound of ``word`` asks, with the capital of ``article``; by rules, so not always right."""
    right = "an" if _VOWEL_SOUND.match(word) else "a"
    return right.capitalize() if article[:1].isupper() else right
