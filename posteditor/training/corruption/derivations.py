"""Words of different kinds from one stem: by endings, and nations with their adjectives from a table."""

from collections.abc import Container, Iterator, Mapping, Set

_ENDINGS = (
    ("", "ion"), ("e", "ion"), ("e", "ation"), ("", "ation"), ("ify", "ification"), ("de", "sion"), ("d", "sion"),
    ("", "ment"), ("", "ness"), ("y", "iness"), ("", "ity"), ("e", "ity"), ("ble", "bility"), ("", "al"), ("e", "al"),
    ("y", "ical"), ("y", "ic"), ("", "ic"), ("", "ical"), ("t", "ce"), ("t", "cy"), ("ous", "ity"), ("", "ism"),
    ("", "ist"), ("ist", "ism"), ("ic", "icism"), ("", "ful"), ("", "ous"), ("e", "ous"), ("y", "ous"), ("", "able"),
    ("e", "able"), ("", "ive"), ("e", "ive"), ("ion", "ive"), ("", "ly"), ("le", "ly"), ("y", "ily"), ("ic", "ically"),
    ("", "ship"), ("", "ance"), ("", "ence"), ("e", "ence"), ("y", "iance"), ("", "ary"), ("", "ian"), ("", "y"),
)  # fmt: skip
_AGENTS = (("", "er"), ("e", "er"), ("", "or"), ("e", "or"))
"""Only from verbs: a corner is nobody who corns."""
_SHORTEST = 4
_SHORT_STEMS = frozenset(("act", "sun", "art", "use", "age", "joy"))
_NATIONS = """
Israel Israeli; Iraq Iraqi; Pakistan Pakistani; Kuwait Kuwaiti; Yemen Yemeni; Spain Spanish; Britain British;
Poland Polish; Sweden Swedish; Denmark Danish; Finland Finnish; Turkey Turkish; Ireland Irish; Scotland Scottish;
England English; France French; Netherlands Dutch; Wales Welsh; Greece Greek; Switzerland Swiss; Germany German;
Russia Russian; Italy Italian; Austria Austrian; Hungary Hungarian; Romania Romanian; Bulgaria Bulgarian;
Serbia Serbian; Croatia Croatian; Bosnia Bosnian; Albania Albanian; Ukraine Ukrainian; Belgium Belgian;
Norway Norwegian; Estonia Estonian; Latvia Latvian; Lithuania Lithuanian; Georgia Georgian; Armenia Armenian;
Egypt Egyptian; Syria Syrian; Iran Iranian; Persia Persian; Jordan Jordanian; Libya Libyan; Algeria Algerian;
Morocco Moroccan; Tunisia Tunisian; Nigeria Nigerian; Kenya Kenyan; Ghana Ghanaian; Ethiopia Ethiopian; India Indian;
Indonesia Indonesian; Malaysia Malaysian; Australia Australian; America American; Canada Canadian; Mexico Mexican;
Brazil Brazilian; Argentina Argentine; Chile Chilean; Peru Peruvian; Colombia Colombian; Cuba Cuban; Africa African;
Europe European; Asia Asian; Palestine Palestinian; Japan Japanese; China Chinese; Portugal Portuguese;
Vietnam Vietnamese; Lebanon Lebanese; Iceland Icelandic; Rome Roman; Korea Korean; Afghanistan Afghan; Tibet Tibetan
"""
NAMES_AND_ADJECTIVES = tuple(
    (name, adjective) for name, adjective in (entry.split() for entry in _NATIONS.replace("\n", " ").split(";"))
)
"""Names of nations, regions and Rome with their adjectives."""


def derived_pairs(vocabulary: Set[str], verbs: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Pairs of words of ``vocabulary`` (small letters) that endings relate, in alphabetical order of the first.

    Args:
        vocabulary: The words there are.
        verbs: Has the base forms of verbs as keys.
    """
    by_ending = {old: [new for stem, new in _ENDINGS if stem == old] for old, _ in _ENDINGS}
    for word in sorted(vocabulary):
        yield from _from_word(word, by_ending, vocabulary)
        if word in verbs:
            for old, new in _AGENTS:
                if word.endswith(old) and (agent := word[: len(word) - len(old)] + new) in vocabulary:
                    yield word, agent


def _from_word(word: str, endings: Mapping[str, list[str]], vocabulary: Container[str]) -> Iterator[tuple[str, str]]:
    for old, news in endings.items():
        if not word.endswith(old):
            continue
        stem = word[: len(word) - len(old)]
        if len(stem) < _SHORTEST and (word not in _SHORT_STEMS or old):
            continue
        for new in news:
            if stem + new in vocabulary:
                yield word, stem + new
