"""From the matches of a LanguageTool server to hunks."""

from collections.abc import Mapping
from itertools import accumulate
from typing import Any, TypeVar

from posteditor.core.suggestion import Edit
from posteditor.errors import ModelError
from posteditor.rewriters.hunk_choice import first_that_fit

T = TypeVar("T")

_CATEGORIES = {
    "CASING": "casing",
    "COLLOCATIONS": "word choice",
    "COLLOQUIALISMS": "style",
    "COMPOUNDING": "spelling",
    "CONFUSED_WORDS": "word choice",
    "FALSE_FRIENDS": "word choice",
    "GENDER_NEUTRALITY": "style",
    "GRAMMAR": "grammar",
    "PLAIN_ENGLISH": "style",
    "PUNCTUATION": "punctuation",
    "REDUNDANCY": "redundancy",
    "REGIONALISMS": "word choice",
    "REPETITIONS": "repetition",
    "REPETITIONS_STYLE": "repetition",
    "SEMANTICS": "word choice",
    "STYLE": "style",
    "TYPOGRAPHY": "punctuation",
    "TYPOS": "spelling",
}
"""By the id of the rule's category."""
_OTHER = "grammar"

_CONFIDENCE = {
    "duplication": 0.9,
    "grammar": 0.8,
    "inconsistency": 0.7,
    "locale-violation": 0.6,
    "misspelling": 0.75,
    "numbers": 0.6,
    "register": 0.5,
    "style": 0.5,
    "typographical": 0.85,
    "whitespace": 0.9,
}
"""By the rule's ``issueType`` (the names of ITS 2.0). LanguageTool gives no probabilities; these are judgements, not
measurements: mechanical faults are surest, matters of taste are shown to a person and never made in a batch."""
_OTHER_CONFIDENCE = 0.6
_OF_SEVERAL = 0.9
"""A first replacement among two or three is that much less sure."""
_OF_MANY = 0.75
"""Among more than three, as spelling checkers list them for unknown words, the first is often a guess."""
_MANY = 3


def edits_of(answer: object, text: str, *, least: float) -> tuple[Edit, ...]:
    """The hunks in the answer to a check of ``text``: the first replacement of each match.

    Of matches that overlap the surer one is taken, then the earlier, then the longer one.

    Args:
        answer: The server's JSON.
        least: 0-1: less certain ones are left out.

    Raises:
        ModelError: The answer has not the form of LanguageTool's, or a match lies outside the text.
    """
    matches = _field(_mapping(answer, "the answer"), "matches", list)
    places = _code_points(text)
    edits = [_edit(_mapping(match, "a match"), places) for match in matches]
    wanted = [
        edit
        for edit in edits
        if edit is not None and edit.confidence >= least and edit.replacement != text[edit.start : edit.end]
    ]
    wanted.sort(key=lambda edit: (-edit.confidence, edit.start, -edit.end, edit.replacement))
    return first_that_fit(wanted)


def _edit(match: Mapping[str, Any], places: Mapping[int, int]) -> Edit | None:
    """The hunk of a match; None when LanguageTool only complains and proposes nothing."""
    offset, length = _field(match, "offset", int), _field(match, "length", int)
    try:
        start, end = places[offset], places[offset + length]
    except KeyError:
        raise ModelError(f"LanguageTool's match at {offset}, {length} long, does not lie in the text") from None
    if end < start:
        raise ModelError(f"LanguageTool's match at {offset} has the length {length}")
    replacements = [
        _field(_mapping(item, "a replacement"), "value", str) for item in _field(match, "replacements", list)
    ]
    if not replacements:
        return None
    rule = _mapping(match.get("rule", {}), "a rule")
    category = _mapping(rule.get("category", {}), "a category")
    return Edit(
        start,
        end,
        replacements[0],
        _CATEGORIES.get(str(category.get("id")), _OTHER),
        _confidence(str(rule.get("issueType")), len(replacements)),
    )


def _confidence(issue: str, replacements: int) -> float:
    of_several = 1.0 if replacements == 1 else _OF_SEVERAL if replacements <= _MANY else _OF_MANY
    return round(_CONFIDENCE.get(issue, _OTHER_CONFIDENCE) * of_several, 4)


def _code_points(text: str) -> dict[int, int]:
    """From offsets in UTF-16 code units, as Java counts, to our own; the middle of a surrogate pair is none."""
    units = accumulate((2 if character > "\uffff" else 1 for character in text), initial=0)
    return {unit: place for place, unit in enumerate(units)}


def _mapping(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ModelError(f"LanguageTool's answer can't be understood: {what} is no JSON object")
    return value


def _field(value: Mapping[str, Any], name: str, kind: type[T]) -> T:
    found = value.get(name)
    if not isinstance(found, kind) or isinstance(found, bool):
        raise ModelError(f"LanguageTool's answer can't be understood: {name!r} is missing or has the wrong type")
    return found
