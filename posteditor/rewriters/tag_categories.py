"""What to call an edit in a word or two, for the person who takes or refuses it."""

from collections.abc import Set

from posteditor.core.suggestion import Edit
from posteditor.rewriters.tag_words import is_mark, tag_words, word_set

_ARTICLES = word_set("a an the")
_PREPOSITIONS = word_set(
    "about above across after against along among around as at before behind below beneath beside between beyond by "
    "despite down during for from in inside into like near of off on onto out outside over past per since than through "
    "throughout to toward towards under until up upon via with within without"
)
_PRONOUNS = word_set(
    "he her hers herself him himself his i it its itself me mine my myself one our ours ourselves she their theirs "
    "them themselves they us we who whom whose which that you your yours this these those"
)
_AUXILIARIES = word_set(
    "am are be been being can could did do does had has have having is may might must shall should was were will would "
    "not n't"
)
_CONJUNCTIONS = word_set("and but or nor so because although though while if when where that whereas yet")
_CLASSES = (
    ("article", _ARTICLES),
    ("preposition", _PREPOSITIONS),
    ("auxiliary", _AUXILIARIES),
    ("pronoun", _PRONOUNS),
    ("conjunction", _CONJUNCTIONS),
)
CLOSED_CLASS_WORDS = _ARTICLES | _PREPOSITIONS | _PRONOUNS | _AUXILIARIES | _CONJUNCTIONS
"""Small words that carry grammar rather than content."""

_STEM = 4
"""So many equal first letters make two words forms of one."""


def category_of(edit: Edit, mt: str, kinds: Set[str]) -> str:
    """A name such as "article" or "word order" for ``edit``, which tags of these ``kinds`` have made."""
    old = [word.text.lower() for word in tag_words(mt[edit.start : edit.end])]
    new = [word.text.lower() for word in tag_words(edit.replacement)]
    if "MOVE" in kinds or (old != new and sorted(old) == sorted(new)):
        return "word order"
    if old == new:
        return "casing" if mt[edit.start : edit.end].split() != edit.replacement.split() else "spacing"
    changed = _only_in(old, new) + _only_in(new, old)
    if all(is_mark(word) for word in changed):
        return "punctuation"
    for name, members in _CLASSES:
        if all(word in members or is_mark(word) for word in changed):
            return name
    if not new:
        return "deletion"
    if not old:
        return "insertion"
    return "word form" if _same_stem(old, new) else "word choice"


def _only_in(words: list[str], others: list[str]) -> list[str]:
    return [word for word in words if word not in others]


def _same_stem(old: list[str], new: list[str]) -> bool:
    """True when the content words on both sides are forms of each other, one by one."""
    first, second = ([word for word in words if word not in CLOSED_CLASS_WORDS] for words in (old, new))
    return (
        bool(first) and len(first) == len(second) and all(is_form_of(a, b) for a, b in zip(first, second, strict=True))
    )


def is_form_of(first: str, second: str) -> bool:
    """True when two words, in small letters, look like forms of one: they begin alike."""
    stem = min(_STEM, len(first), len(second))
    return stem >= min(3, len(first)) and first[:stem] == second[:stem] and abs(len(first) - len(second)) <= 4
