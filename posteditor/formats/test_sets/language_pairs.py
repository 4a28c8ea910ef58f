"""Language pairs in the names of files and folders: ``de-en``, ``en-zh_CN``."""

import re
from typing import NamedTuple

# ISO 639-1 without the codes withdrawn from it. Three-letter codes are only taken beside a two-letter one, as in the
# WMT's liv-en and hsb-de: otherwise half of all words with a hyphen would be language pairs.
_TWO_LETTERS = re.compile(
    "aa|ab|ae|af|ak|am|an|ar|as|av|ay|az|ba|be|bg|bi|bm|bn|bo|br|bs|ca|ce|ch|co|cr|cs|cu|cv|cy|da|de|dv|dz|ee|el|en|"
    "eo|es|et|eu|fa|ff|fi|fj|fo|fr|fy|ga|gd|gl|gn|gu|gv|ha|he|hi|ho|hr|ht|hu|hy|hz|ia|id|ie|ig|ii|ik|io|is|it|iu|ja|"
    "jv|ka|kg|ki|kj|kk|kl|km|kn|ko|kr|ks|ku|kv|kw|ky|la|lb|lg|li|ln|lo|lt|lu|lv|mg|mh|mi|mk|ml|mn|mr|ms|mt|my|na|nb|"
    "nd|ne|ng|nl|nn|no|nr|nv|ny|oc|oj|om|or|os|pa|pi|pl|ps|pt|qu|rm|rn|ro|ru|rw|sa|sc|sd|se|sg|si|sk|sl|sm|sn|so|sq|"
    "sr|ss|st|su|sv|sw|ta|te|tg|th|ti|tk|tl|tn|to|tr|ts|tt|tw|ty|ug|uk|ur|uz|ve|vi|vo|wa|wo|xh|yi|yo|za|zh|zu"
)
_CODE = r"[a-z]{2,3}(?:_[A-Za-z]{2,4})*"
PAIR = rf"{_CODE}-{_CODE}"
"""Pattern of a language pair as the WMT writes it."""
_IN_A_NAME = re.compile(rf"(?<![A-Za-z0-9])(?=({_CODE})-({_CODE})(?![A-Za-z0-9]))")
_WORDS = frozenset({"all", "dev", "hyp", "new", "old", "out", "raw", "ref", "src", "tok", "tst"})


class LanguagePair(NamedTuple):
    """Two languages, in BCP 47."""

    source: str
    target: str

    def __str__(self) -> str:
        return f"{self.source}-{self.target}"


def pair_of(text: str) -> LanguagePair:
    """The pair that a text matching ``PAIR`` says; subtags are joined with ``_`` there and with ``-`` in BCP 47."""
    source, _, target = text.partition("-")
    return LanguagePair(bcp47(source), bcp47(target))


def bcp47(code: str) -> str:
    """The language ``zh-CN`` of a code ``zh_CN``."""
    return code.replace("_", "-")


def pair_in(name: str) -> LanguagePair | None:
    """The first language pair in a name such as ``ro-en-dev`` or ``dev.si-en``; None if there is none."""
    for found in _IN_A_NAME.finditer(name):
        languages = [code.partition("_")[0] for code in found.groups()]
        longer = [code for code in languages if not _TWO_LETTERS.fullmatch(code)]
        if not longer or (len(longer) == 1 and len(longer[0]) == 3 and longer[0] not in _WORDS):
            return LanguagePair(bcp47(found[1]), bcp47(found[2]))
    return None
