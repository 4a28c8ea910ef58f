"""Negative words: those that deny by themselves, those that can stand for one, and idioms that deny nothing."""

import re

FIRM = {
    "not", "no", "never", "none", "nobody", "nothing", "nowhere", "neither", "nor", "cannot", "without", "noone",
    "dont", "doesnt", "didnt", "isnt", "wasnt", "arent", "werent", "wont", "cant", "couldnt", "wouldnt", "shouldnt",
    "hasnt", "havent", "hadnt",
}  # fmt: skip
FIRM_ENDING = re.compile(r"n['’]t$")
ANTONYM_PREFIX = re.compile(r"(?:un|in|im|il|ir|dis|non-?)(?=\w{3})")
IMPLICIT = re.compile(
    r"declin|refus|fail|den(?:y|ied|ies|ial)|lack|prevent|avoid|abstain|refrain|reject|forb[aio]|prohibit|exclud|excus"
    r"|ceas|stop|quit|miss|absen|ignor|neglect|doubt|omit|unless|until|except|hardly|barely|scarcely|rarely|seldom"
    r"|otherwise|instead|few|little|far$|free$|only$|yet$|against|despite|unlike|regardless|loss|lost|lose|leav|left$"
    r"|un(?!i[^nm]|der|til|cle)\w{3}|non-|nonsens|nonexist|\w+less(?:ly|ness)?$"
    r"|dis(?:agre|allow|appear|approv|continu|like|miss|regard)"
    r"|im(?:possib|prob|mob|perfect)|in(?:ab|cap|compl|correct|adequ|suff|val|vis|frequent|direct|def|expl|signif)"
    r"|il(?:leg|log)|ir(?:reg|rel|resp|rev)"
)
"""How words begin that can stand for a negation, some of them rarely; they may come and go."""
STRONG = re.compile(
    r"refus(?:e|es|ed|ing|al)|fail(?:s|ed|ing)?|den(?:y|ies|ied|ying)|unable|hardly|barely|scarcely|unless|lack(?:s|ed|ing)?"
)
"""Those of them that deny whatever stands beside them: one may not vanish or appear without any other negative word."""
IDIOMS = {
    "not": {"only", "just", "merely", "least", "simply", "solely"},
    "no": {"matter", "doubt", "sooner"},
}
"""Words before which "not" and "no" deny nothing; the two together are as good as one word with a prefix."""
IDIOM_WORDS = frozenset().union(*IDIOMS.values())

_LISTS = {
    "de": ("nicht nichts kein keine keinen keinem keiner keines nie niemals niemand niemanden nirgends weder ohne",
           r"ablehn|abgelehnt|lehn|weiger|verweiger|verneint|verhinder|vermeid|vermied|fehl|mangel|kaum|un\w{4}|verb[ioe]t|los$"),
    "fr": ("pas jamais rien aucun aucune nul nulle sans ni",
           r"refus|manqu|évit|empêch|interdi|impossible|in\w{5}|im\w{5}|personne|guère|peine|sauf"),
    "es": ("no nunca jamás nada nadie ningún ninguno ninguna sin ni tampoco",
           r"rech|neg|niega|niegan|falt|evit|imp\w{4}|in\w{5}|des\w{4}|apenas"),
    "it": ("non mai niente nulla nessun nessuno nessuna senza né",
           r"rifiut|neg|manc|evit|imp\w{4}|in\w{5}|dis\w{4}|appena"),
    "pt": ("não nunca jamais nada ninguém nenhum nenhuma sem nem",
           r"recus|neg|falt|evit|imp\w{4}|in\w{5}|des\w{4}|mal$"),
    "nl": ("niet niets geen nooit niemand nergens noch zonder",
           r"weiger|ontken|ontbre|vermijd|voorkom|on\w{4}|nauwelijks|verb[oi]"),
    "sv": ("inte inget inga ingen aldrig ej utan icke", r"vägra|neka|sakna|undvik|o\w{4}|knappt"),
    "pl": ("nie nigdy nic nikt żaden żadna żadne bez", r"odm[aó]w|brak|unik|zaprzecz|nie\w{3}|ledwie"),
}  # fmt: skip
OTHER_LANGUAGES = {
    language: (frozenset(firm.split()), re.compile(implicit)) for language, (firm, implicit) in _LISTS.items()
}
"""By BCP 47 tag: the words for "not", and how words begin that can stand for one."""
