"""When two spellings are one name: case, accents, transliteration, endings, countries and their adjectives."""

import re
from functools import lru_cache

from posteditor.rewriters.gate_places import COUNTRIES, PLACES
from posteditor.rewriters.gate_transliteration import in_latin
from posteditor.rewriters.gate_words import FUNCTION_WORDS

_RESPELT = 0.8
"""Share of letters in common from which a name counts as the same in another spelling."""
_LONGEST_NAME = 40
"""Letters; comparing longer ones takes too long."""
_BENT = 0.66
"""The same for a name and the word of a source that bends it or has another alphabet."""
_COMMON_START = 5
"""Letters that two forms of one name share at least, where they end otherwise ("Athens", "Athenian")."""
_SHORT_START = 4
"""The same for a name and the word of a source that bends it: "Anna", "Annale"."""
_LONGEST_ACRONYM = 4
"""Letters up to which an acronym has them in another order in another language: IA and AI, OTAN and NATO."""
_SUFFIX = re.compile(r"['’]s?$")
_SOUNDS = (
    ("ph", "f"), ("ck", "k"), ("tz", "z"), ("c", "k"), ("q", "k"), ("y", "i"), ("w", "v"), ("z", "s"), ("ß", "s"),
)  # fmt: skip
_VOICELESS = str.maketrans("gdb", "ktp")
_DOUBLED = re.compile(r"(.)\1")
_DAYS_AND_MONTHS = """
monday tuesday wednesday thursday friday saturday sunday
january february march april may june july august september october november december
"""
EXACT = PLACES.union(COUNTRIES.values(), _DAYS_AND_MONTHS.split())
"""Names that are never a misspelling of each other, and that other languages write in their own way."""
_TITLES = """
mr mister mrs ms dr st sir lord lady king queen emperor empress prince princess duke duchess count earl baron knight
pope bishop archbishop cardinal saint god goddess father mother brother sister master president minister chancellor
governor ambassador secretary general captain colonel major admiral chief director professor doctor member chairman
mayor senator judge officer sergeant lieutenant commander mount mt mountain mountains river lake sea ocean bay gulf
island islands peninsula valley forest desert coast province county city town village district region territory
municipality capital street road avenue square station highway railway line bridge park garden gardens house hall
palace castle fort tower gate temple shrine church cathedral chapel abbey monastery university college school academy
institute museum library hospital company corporation society club association federation family clan dynasty empire
kingdom republic state states union commonwealth department ministry office council agency committee commission court
parliament senate assembly congress government party movement army navy fleet force forces guard regiment division war
wars battle siege revolution uprising rebellion revolt treaty peace alliance act law constitution code charter
declaration agreement convention book books bible gospel chapter volume tale tales story novel poem song album film
movie series show opera symphony magazine newspaper journal times news press age ages era period century festival
ceremony prize award medal cup league championship championships tournament games olympics race team group band
orchestra theatre theater cinema arena stadium hotel restaurant bar café market bank archduke hetman khan sultan
caliph shah emir bc ad bce ce sect order sutra buddha buddhism buddhist christianity christian islam islamic muslim
jewish catholic orthodox protestant hindu shinto religion scripture heaven hell paradise earth moon sun world universe
internet web ok important cultural imperial royal national international federal central civil public social
democratic communist socialist supreme high great grand holy sacred old middle early late modern ancient medieval main
headquarters headquarter iron bronze stone crown spirit tsar czar hill tomb highschool statistical little census tour
fair unions independence freedom victory achievement lifetime honour honor students workers soldiers nature science
art arts music history culture education defence defense health agriculture trade finance justice treasure treasures
property properties heritage legend chronicle record records rules section part article type class day night morning
evening spring summer autumn winter christmas easter year
"""
NOT_NAMES = FUNCTION_WORDS.union(_TITLES.split())
"""Words that are often capitalised as part of a name or a title and yet are words like others."""


@lru_cache(maxsize=10_000)
def spelling(word: str) -> str:
    """The word in plain Latin small letters, without possessive ending; a nation's adjective becomes the country."""
    bare = _SUFFIX.sub("", word.casefold())
    if not bare.isascii():
        bare = in_latin(bare)
    return COUNTRIES.get(bare, bare)


@lru_cache(maxsize=10_000)
def is_same_name(name: str, other: str) -> bool:
    """True when two words, as ``spelling`` gives them, may be one name."""
    if name == other:
        return True
    if name in EXACT and other in EXACT:
        return False
    if len(name) == len(other) <= _LONGEST_ACRONYM and sorted(name) == sorted(other):
        return True
    if min(len(name), len(other)) < 3:
        return False
    name, other = _sound(name), _sound(other)
    shared = _common_start(name, other)
    if shared >= _COMMON_START and 2 * shared >= max(len(name), len(other)):
        return True
    return _are_alike(name, other, _RESPELT)


@lru_cache(maxsize=10_000)
def is_bent(name: str, other: str) -> bool:
    """True when ``other``, a word of the source, may be ``name`` with an ending or in the source's own spelling."""
    if is_same_name(name, other):
        return True
    name, other = _sound(name).translate(_VOICELESS), _sound(other).translate(_VOICELESS)
    shared = _common_start(name, other)
    if shared >= min(_SHORT_START, len(name)) >= 3 and len(name) - shared <= 2 and len(other) - shared <= 5:
        return True
    return shared > 0 and min(len(name), len(other)) > _SHORT_START and _are_alike(name, other, _BENT)


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


def _are_alike(name: str, other: str, least: float) -> bool:
    """True when the longest common subsequence makes up the share ``least`` (0-1) of both; very long ones never are.

    Training runs the gate on machines that have no library for this.
    """
    needed = least * (len(name) + len(other)) / 2
    if max(len(name), len(other)) > _LONGEST_NAME or min(len(name), len(other)) < needed:
        return False
    if sum(min(name.count(letter), other.count(letter)) for letter in set(name)) < needed:
        return False  # nearly always
    line = [0] * (len(other) + 1)
    for letter in name:
        corner = 0
        for column, match in enumerate(other, start=1):
            corner, line[column] = line[column], corner + 1 if letter == match else max(line[column], line[column - 1])
    return line[-1] >= needed
