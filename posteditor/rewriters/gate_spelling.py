"""When two spellings are one name: case, accents, transliteration, endings, countries and their adjectives."""

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

from posteditor.rewriters.gate_words import FUNCTION_WORDS

_RESPELT = 0.8
"""Share of letters in common from which a name counts as the same in another spelling."""
_COMMON_START = 5
"""Letters that two forms of one name share at least, where they end otherwise ("Athens", "Athenian")."""
_SUFFIX = re.compile(r"['’]s?$")
_SOUNDS = (
    ("ph", "f"), ("ck", "k"), ("tz", "z"), ("c", "k"), ("q", "k"), ("y", "i"), ("w", "v"), ("z", "s"), ("ß", "s"),
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1")
_EXACT = {
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march",
    "april", "june", "july", "august", "september", "october", "november", "december", "austria", "australia", "iran",
    "iraq", "slovakia", "slovenia", "niger", "nigeria", "paraguay", "uruguay", "sweden", "switzerland", "latvia",
    "lithuania", "mauritania", "mauritius", "zambia", "gambia", "guinea", "guyana", "mali", "malawi", "prussia",
    "russia", "dominica", "libya", "liberia",
}  # fmt: skip
"""Names that are never a misspelling of each other."""
_COUNTRIES = {
    "french": "france", "frenchman": "france", "frenchmen": "france", "spanish": "spain", "spaniard": "spain",
    "spaniards": "spain", "german": "germany", "germans": "germany", "dutch": "netherlands", "holland": "netherlands",
    "polish": "poland", "pole": "poland", "poles": "poland", "english": "england", "scottish": "scotland",
    "scots": "scotland", "welsh": "wales", "irish": "ireland", "danish": "denmark", "danes": "denmark",
    "swedish": "sweden", "swede": "sweden", "swedes": "sweden", "finnish": "finland", "finns": "finland",
    "turkish": "turkey", "turks": "turkey", "greek": "greece", "greeks": "greece", "chinese": "china",
    "swiss": "switzerland", "british": "britain", "norwegian": "norway", "norwegians": "norway", "european": "europe",
    "europeans": "europe", "iraqi": "iraq", "iraqis": "iraq", "iranian": "iran", "iranians": "iran",
    "icelandic": "iceland", "austrian": "austria", "austrians": "austria", "australian": "australia",
    "australians": "australia", "slovak": "slovakia", "slovaks": "slovakia", "slovene": "slovenia",
    "slovenian": "slovenia", "slovenians": "slovenia", "russian": "russia", "russians": "russia",
    "prussian": "prussia", "prussians": "prussia", "nigerian": "nigeria", "latvian": "latvia", "latvians": "latvia",
    "lithuanian": "lithuania", "lithuanians": "lithuania", "filipino": "philippines", "filipinos": "philippines",
}  # fmt: skip
_TITLES = """
mr mrs ms dr st sir lord lady king queen emperor empress prince princess duke count pope bishop saint god
president minister chancellor general captain chief director professor doctor member chairman mayor
mountain mount river lake sea ocean island islands province county city town village district street road
avenue square station highway railway line bridge park garden house hall palace castle temple shrine church
cathedral university college school institute museum library hospital company corporation society club
family clan dynasty empire kingdom republic state union federation department ministry office council
committee commission court parliament senate assembly government party army navy force forces war battle
treaty act law constitution book times age century period festival prize award university internet ok
important cultural imperial royal national international central headquarters headquarter
"""
NOT_NAMES = FUNCTION_WORDS.union(_TITLES.split())
"""Words that are often capitalised as part of a name or a title and yet are words like others."""


@lru_cache(maxsize=10_000)
def spelling(word: str) -> str:
    """The word without case, accents and possessive ending; a nation's adjective becomes the country."""
    bare = _SUFFIX.sub("", word.casefold())
    if not bare.isascii():
        bare = "".join(letter for letter in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(letter))
    return _COUNTRIES.get(bare, bare)


def is_same_name(name: str, other: str) -> bool:
    """True when two words, as ``spelling`` gives them, may be one name."""
    if name == other:
        return True
    if min(len(name), len(other)) < 3 or (name in _EXACT and other in _EXACT):
        return False
    name, other = _sound(name), _sound(other)
    shared = _common_start(name, other)
    if shared >= _COMMON_START and 2 * shared >= max(len(name), len(other)):
        return True
    matcher = SequenceMatcher(None, name, other, autojunk=False)
    return matcher.real_quick_ratio() >= _RESPELT and matcher.ratio() >= _RESPELT


def _common_start(name: str, other: str) -> int:
    length = 0
    while length < min(len(name), len(other)) and name[length] == other[length]:
        length += 1
    return length


@lru_cache(maxsize=10_000)
def _sound(word: str) -> str:
    for spelt, heard in _SOUNDS:
        word = word.replace(spelt, heard)
    return _DOUBLED.sub(r"\1", word)
