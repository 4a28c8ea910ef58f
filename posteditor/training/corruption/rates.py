"""How often each kind of fault occurs, learned from real machine translations and what people made of them."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posteditor.core.suggestion import Edit
from posteditor.errors import CorpusError
from posteditor.rewriters.edit_tags import edits_from_tags
from posteditor.rewriters.tag_categories import CLOSED_CLASS_WORDS
from posteditor.rewriters.tag_derivation import tags_from_pair
from posteditor.rewriters.tag_words import is_mark, tag_words

CATEGORIES = (
    "article", "preposition", "pronoun", "function word", "agreement", "verb form", "number", "derivation",
    "wrong sense", "compound", "word order", "dropped word", "doubled word", "punctuation", "casing",
)  # fmt: skip
"""The kinds of faults that rules make."""
_SAME_NAME = frozenset(("article", "preposition", "pronoun", "punctuation", "casing"))
_AGREEING = ({"is", "are"}, {"was", "were"}, {"has", "have"}, {"does", "do"})
_VERB_ENDINGS = ("ed", "ing", "d", "en", "es")
_MOST_FAULTS = 8
_LONGEST_CHOICE = 2
"""More words than these are put in other words rather than chosen wrongly."""


@dataclass(frozen=True, slots=True)
class Rates:
    """How faults are shared out."""

    categories: Mapping[str, float]
    """Share of each category among faults; those that are not named don't occur."""
    faults: tuple[float, ...]
    """Share of sentences with 0, 1, 2 ... faults."""

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.categories) - set(CATEGORIES)):
            raise ValueError(f"unknown category {unknown[0]!r}")
        for values in (self.categories.values(), self.faults):
            if not values or min(values) < 0 or sum(values) <= 0:
                raise ValueError("shares must not be negative and not all zero")

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"categories": dict(self.categories), "faults": list(self.faults)}


DEFAULT_RATES = Rates(
    categories={
        "article": 0.0968, "preposition": 0.0566, "pronoun": 0.0255, "function word": 0.0163, "agreement": 0.003,
        "verb form": 0.0377, "number": 0.0212, "derivation": 0.0561, "wrong sense": 0.3484, "compound": 0.0058,
        "word order": 0.0734, "dropped word": 0.1106, "doubled word": 0.0002, "punctuation": 0.1172, "casing": 0.0314,
    },
    faults=(0.2192, 0.287, 0.2095, 0.1313, 0.0737, 0.0394, 0.0188, 0.0093, 0.0118),
)  # fmt: skip
"""Learned from 10,000 revisions of human translations (kyoto-revisions) and 10,000 post-edits of neural machine
translation (mlqe-pe: Estonian, Romanian, Russian), the mean of the two."""


def read_rates(path: Path) -> Rates:
    """The rates in a JSON file.

    Raises:
        CorpusError: It can't be read or holds something else.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return Rates({str(name): float(share) for name, share in values["categories"].items()}, tuple(values["faults"]))
    except OSError as error:
        raise CorpusError(path, f"can't be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CorpusError(path, f"holds no rates: {error}", hint="Write it with learn_rates(...).to_json().") from error


def write_rates(path: Path, rates: Rates) -> None:
    """``rates`` as JSON that ``read_rates`` reads."""
    path.write_text(json.dumps(rates.to_json(), indent=2) + "\n", encoding="utf-8")


def learn_rates(pairs: Iterable[tuple[str, str]]) -> Rates:
    """The shares of categories and of numbers of faults in (mt, target) pairs.

    Edits that no rule can make the reverse of, such as content words that the mt has too many, are not counted.

    Raises:
        ValueError: No pair has a fault that counts.
    """
    categories: Counter[str] = Counter()
    faults: Counter[int] = Counter()
    for mt, target in pairs:
        names = fault_categories(edits_from_tags(mt, tags_from_pair(mt, target)), mt)
        categories.update(names)
        faults[min(len(names), _MOST_FAULTS)] += 1
    if not categories:
        raise ValueError("no pair has a fault that a rule could make")
    return Rates(
        {name: round(categories[name] / categories.total(), 4) for name in CATEGORIES if categories[name]},
        tuple(round(faults[number] / faults.total(), 4) for number in range(max(faults) + 1)),
    )


def fault_categories(edits: Sequence[Edit], mt: str) -> list[str]:
    """The categories of the faults that ``edits`` mend, those of no rule left out.

    Two edits one after the other that undo an "of" together are one compound.
    """
    names: list[str] = []
    at = 0
    while at < len(edits):
        pair = edits[at : at + 2]
        if len(pair) == 2 and _undoes_of(
            [word for edit in pair for word in _old(edit, mt)], [word for edit in pair for word in _new(edit)]
        ):
            names.append("compound")
            at += 2
            continue
        names.append(rule_category(edits[at], mt))
        at += 1
    return [name for name in names if name]


def rule_category(edit: Edit, mt: str) -> str:
    """The category of the rule that makes the fault which ``edit`` mends; empty when there is none."""
    old, new = _old(edit, mt), _new(edit)
    if _undoes_of(old, new):
        return "compound"
    if edit.category in _SAME_NAME:
        return edit.category
    if not new:
        return "doubled word" if _is_repeated(edit, mt, old) else _one_sided(edit, "function word")
    if not old:
        return _one_sided(edit, "dropped word") or "dropped word"
    match edit.category:
        case "auxiliary":
            return "agreement" if any({*old, *new} == pair for pair in _AGREEING) else "verb form"
        case "conjunction":
            return "function word"
        case "word form":
            return _form_category(old, new)
        case "word choice":
            return "wrong sense" if max(len(old), len(new)) <= _LONGEST_CHOICE else ""
        case "word order":
            return "word order"
    return ""


def _old(edit: Edit, mt: str) -> list[str]:
    return [word.text.lower() for word in tag_words(mt[edit.start : edit.end])]


def _new(edit: Edit) -> list[str]:
    return [word.text.lower() for word in tag_words(edit.replacement)]


def _undoes_of(old: list[str], new: list[str]) -> bool:
    content = _content(old)
    return "of" in old and "of" not in new and bool(content) and content == _content(new)


def _content(words: list[str]) -> list[str]:
    """Content words without endings, in alphabetical order: what a compound and its "of" have in common."""
    stems = (word.removesuffix("'s").removesuffix("’s").removesuffix("s") for word in words)
    return sorted(stem for stem in stems if stem and stem not in CLOSED_CLASS_WORDS and not is_mark(stem))


def _one_sided(edit: Edit, name: str) -> str:
    return name if edit.category in ("auxiliary", "conjunction") else ""


def _is_repeated(edit: Edit, mt: str, old: list[str]) -> bool:
    before = [word.text.lower() for word in tag_words(mt[: edit.start])]
    after = [word.text.lower() for word in tag_words(mt[edit.end :])]
    return before[-len(old) :] == old or after[: len(old)] == old


def _form_category(old: list[str], new: list[str]) -> str:
    """Number, verb form or derivation, by the endings of the first two words that differ."""
    first, second = next(((a, b) for a, b in zip(old, new, strict=False) if a != b), ("", ""))
    short, long = sorted((first, second), key=len)
    if long in (short + "s", short + "es", short.removesuffix("y") + "ies"):
        return "number"
    if any(word.endswith(_VERB_ENDINGS) for word in (first, second)):
        return "verb form"
    return "derivation"
