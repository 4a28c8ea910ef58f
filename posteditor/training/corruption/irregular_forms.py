"""English words whose forms no rule gives, and the spelling rules for all others."""

from collections.abc import Iterator
from typing import NamedTuple

from posteditor.rewriters.english_spelling import with_ending

_VOWELS = frozenset("aeiou")


class VerbForms(NamedTuple):
    """The five forms of a verb."""

    base: str
    third: str
    """With he, she, it."""
    past: str
    participle: str
    gerund: str


_VERBS = """
arise arose arisen; awake awoke awoken; bear bore borne; beat beat beaten; become became become; begin began begun;
bend bent bent; bet bet bet; bid bid bid; bind bound bound; bite bit bitten; bleed bled bled; blow blew blown;
break broke broken; breed bred bred; bring brought brought; broadcast broadcast broadcast; build built built;
burn burned burned; burst burst burst; buy bought bought; cast cast cast; catch caught caught; choose chose chosen;
cling clung clung; come came come; cost cost cost; creep crept crept; cut cut cut; deal dealt dealt; dig dug dug;
draw drew drawn; dream dreamed dreamed; drink drank drunk; drive drove driven; dwell dwelt dwelt; eat ate eaten;
fall fell fallen; feed fed fed; feel felt felt; fight fought fought; find found found; fit fitted fitted;
flee fled fled; fling flung flung; fly flew flown; forbid forbade forbidden; forecast forecast forecast;
foresee foresaw foreseen; forget forgot forgotten; forgive forgave forgiven; freeze froze frozen; get got got;
give gave given; go went gone; grind ground ground; grow grew grown; hang hung hung; hear heard heard; hide hid hidden;
hit hit hit; hold held held; hurt hurt hurt; keep kept kept; kneel knelt knelt; know knew known; lay laid laid;
lead led led; lean leaned leaned; leap leapt leapt; learn learned learned; leave left left; lend lent lent; let let let;
lie lay lain; light lit lit; lose lost lost; make made made; mean meant meant; meet met met; mislead misled misled;
mistake mistook mistaken; outdo outdid outdone; overcome overcame overcome; overhear overheard overheard;
oversee oversaw overseen; overtake overtook overtaken; overthrow overthrew overthrown; pay paid paid;
prove proved proven; put put put; quit quit quit; read read read; rebuild rebuilt rebuilt; repay repaid repaid;
rewrite rewrote rewritten; rid rid rid; ride rode ridden; ring rang rung; rise rose risen; run ran run;
say said said; see saw seen; seek sought sought; sell sold sold; send sent sent; set set set; sew sewed sewn;
shake shook shaken; shed shed shed; shine shone shone; shoot shot shot; show showed shown; shrink shrank shrunk;
shut shut shut; sing sang sung; sink sank sunk; sit sat sat; sleep slept slept; slide slid slid; sow sowed sown;
speak spoke spoken; speed sped sped; spend spent spent; spin spun spun; split split split; spread spread spread;
spring sprang sprung; stand stood stood; steal stole stolen; stick stuck stuck; sting stung stung; strike struck struck;
strive strove striven; swear swore sworn; sweep swept swept; swell swelled swollen; swim swam swum; swing swung swung;
take took taken; teach taught taught; tear tore torn; tell told told; think thought thought; throw threw thrown;
thrust thrust thrust; undergo underwent undergone; understand understood understood; undertake undertook undertaken;
undo undid undone; uphold upheld upheld; upset upset upset; wake woke woken; wear wore worn; weave wove woven;
weep wept wept; win won won; wind wound wound; withdraw withdrew withdrawn; withhold withheld withheld;
withstand withstood withstood; wring wrung wrung; write wrote written
"""
_PLURALS = """
man men; woman women; child children; person people; foot feet; tooth teeth; goose geese; mouse mice; ox oxen;
life lives; wife wives; knife knives; leaf leaves; half halves; self selves; shelf shelves; wolf wolves; calf calves;
loaf loaves; thief thieves; hero heroes; potato potatoes; tomato tomatoes; echo echoes; veto vetoes; crisis crises;
analysis analyses; thesis theses; hypothesis hypotheses; basis bases; axis axes; oasis oases; criterion criteria;
phenomenon phenomena; bacterium bacteria; medium media; curriculum curricula; stimulus stimuli; nucleus nuclei;
fungus fungi; radius radii; alumnus alumni; index indices; matrix matrices; vertex vertices; larva larvae;
formula formulae; gentleman gentlemen; workman workmen; statesman statesmen; policeman policemen; fisherman fishermen;
nobleman noblemen; craftsman craftsmen; businessman businessmen; grandchild grandchildren; housewife housewives
"""


def irregular_verbs() -> Iterator[VerbForms]:
    """The verbs, "be", "have" and "do" left out, with the forms that rules give."""
    for entry in _VERBS.replace("\n", " ").split(";"):
        base, past, participle = entry.split()
        yield VerbForms(base, third_person(base), past, participle, gerund(base))


def irregular_plurals() -> Iterator[tuple[str, str]]:
    """Singular and plural."""
    for entry in _PLURALS.replace("\n", " ").split(";"):
        singular, plural = entry.split()
        yield singular, plural


def third_person(base: str) -> str:
    """ "goes" for "go", "tries" for "try"."""
    return base + "es" if base.endswith("o") else with_ending(base, "s")


def gerund(base: str) -> str:
    """ "running" for "run", "lying" for "lie"; a stressed last syllable is guessed."""
    if base.endswith("ie"):
        return base[:-2] + "ying"
    if base.endswith(("ee", "oe", "ye")):
        return base + "ing"
    return doubled(base) + "ing" if _doubles(base) else with_ending(base, "ing")


def doubled(base: str) -> str:
    """The word with its last letter twice."""
    return base + base[-1:]


def _doubles(base: str) -> bool:
    """True for a short word, or one with a stressed last syllable, that ends in consonant, vowel, consonant."""
    if len(base) < 3 or base[-1] in _VOWELS or base[-1] in "wxy" or base[-2] not in _VOWELS or base[-3] in _VOWELS:
        return False
    one_syllable = sum(letter in _VOWELS for letter in base) == 1
    return one_syllable or base in ("begin", "forget", "forbid", "upset") or base.endswith("quit")
