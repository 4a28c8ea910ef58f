"""Which scripts languages are usually written in.

Source: the languages and scripts of CLDR (supplementalData, languageData), for languages with much written text.
"""

_LATIN = (
    "af az bs br ca ceb co cs cy da de dsb en eo es et eu fi fil fo fr fur fy ga gd gl gn gsw haw hr hsb ht hu id ig "
    "is it jv ku la lb lt lv mg mi ms mt nb nds nl nn no nso oc pl pt qu rm ro sk sl sm sn so sq st su sv sw tk tl tn "
    "tr ts uz vi wa wo xh yo zu"
)
_OTHERS = {
    "Arabic": "ar arz ckb fa ps sd ug ur",
    "Armenian": "hy",
    "Bengali": "as bn",
    "Cyrillic": "ab ba be bg ce cv kk ky mk mn os ru sah tg tt uk",
    "Devanagari": "bho hi mai mr ne sa",
    "Ethiopic": "am ti",
    "Georgian": "ka",
    "Greek": "el grc",
    "Gujarati": "gu",
    "Gurmukhi": "pa",
    "Han": "zh yue cmn lzh",
    "Hebrew": "he iw yi",
    "Kannada": "kn",
    "Khmer": "km",
    "Lao": "lo",
    "Latin": _LATIN,
    "Malayalam": "ml",
    "Myanmar": "my",
    "Oriya": "or",
    "Sinhala": "si",
    "Tamil": "ta",
    "Telugu": "te",
    "Thai": "th",
    "Tibetan": "bo dz",
    "Thaana": "dv",
}
_SEVERAL = {
    "ja": ("Han", "Hiragana", "Katakana"),
    "ko": ("Hangul", "Han"),
    "sr": ("Cyrillic", "Latin"),
}
_BY_LANGUAGE = {code: (script,) for script, codes in _OTHERS.items() for code in codes.split()} | _SEVERAL
_BY_SUBTAG = {
    "arab": "Arabic", "cyrl": "Cyrillic", "deva": "Devanagari", "grek": "Greek", "guru": "Gurmukhi", "hans": "Han",
    "hant": "Han", "hebr": "Hebrew", "latn": "Latin", "beng": "Bengali", "mong": "Mongolian", "tfng": "Tifinagh",
}  # fmt: skip
"""Script subtags of BCP 47 (ISO 15924)."""


def scripts_of(language: str) -> tuple[str, ...]:
    """The Unicode names of a language's scripts, or of the one that its tag names; none where that is not known.

    Args:
        language: BCP 47.
    """
    first, *subtags = language.replace("_", "-").lower().split("-")
    named = [_BY_SUBTAG[subtag] for subtag in subtags if subtag in _BY_SUBTAG]
    return (named[0],) if named else _BY_LANGUAGE.get(first, ())
