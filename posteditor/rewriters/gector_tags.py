"""The labels of GECToR models and what they do to a word, as our own edit tags.

Source: Omelianchuk et al. (2020), GECToR: Grammatical Error Correction: Tag, Not Rewrite (BEA), and the label lists
that its models come with: $KEEP, $DELETE, $APPEND_x, $REPLACE_x, $TRANSFORM_...
"""

from collections.abc import Mapping
from pathlib import Path

from posteditor.errors import ModelError
from posteditor.rewriters.edit_tags import Tag, TagKind
from posteditor.rewriters.english_spelling import with_ending

VERB_FORMS_FILE = "verb-form-vocab.txt"
"""Where a model's folder has it: lines such as ``go_goes:VB_VBZ``, which say how verbs change their form."""
_CASES = {"CASE_CAPITAL": "capital", "CASE_LOWER": "lower", "CASE_UPPER": "upper"}

VerbForms = Mapping[tuple[str, str], str]
"""From a verb in small letters and a change of form (``VB_VBZ``) to the other form."""


def is_gector_label(label: str) -> bool:
    """Whether a class is named as GECToR names its labels."""
    return label.startswith("$")


def read_verb_forms(folder: Path) -> dict[tuple[str, str], str]:
    """The verb forms in a model's folder; none where it has no such file.

    Raises:
        ModelError: The file can't be read.
    """
    path = folder / VERB_FORMS_FILE
    if not path.is_file():
        return {}
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, ValueError) as error:
        raise ModelError(f"{path}: can't be read: {error}", hint="Copy the model's folder again.") from error
    forms: dict[tuple[str, str], str] = {}
    for line in lines:
        words, _, change = line.strip().partition(":")
        old, _, new = words.partition("_")
        if new and change:
            forms.setdefault((old, change), new)
    return forms


def tag_for(label: str, word: str, verb_forms: VerbForms) -> Tag | None:
    """What ``label`` does to ``word``; None for nothing, and where nobody knows how.

    Args:
        label: A GECToR label.
        word: The word it stands on; empty for the place before the first one.
        verb_forms: See ``read_verb_forms``.
    """
    name, _, value = label.removeprefix("$").partition("_")
    if name == "DELETE" and word:
        return Tag(TagKind.DELETE)
    if name == "APPEND" and value.strip():
        return Tag(TagKind.APPEND, value)
    if name == "REPLACE" and value.strip() and word:
        return Tag(TagKind.REPLACE, value)
    if name == "TRANSFORM" and word:
        return _transformed(value, word, verb_forms)
    return None


def _transformed(change: str, word: str, verb_forms: VerbForms) -> Tag | None:
    if change in _CASES:
        return Tag(TagKind.CASE, _CASES[change])
    new = _other_form(change, word, verb_forms)
    return None if new is None or new == word else Tag(TagKind.REPLACE, new)


def _other_form(change: str, word: str, verb_forms: VerbForms) -> str | None:
    if change == "CASE_CAPITAL_1":
        return word[:1] + word[1:2].upper() + word[2:]
    if change == "CASE_UPPER_-1":
        return word[:-1].upper() + word[-1:]
    if change == "AGREEMENT_PLURAL":
        return with_ending(word, "s")
    if change == "AGREEMENT_SINGULAR":
        return word[:-1] if word.endswith("s") and len(word) > 1 else None
    if change == "SPLIT_HYPHEN":
        return " ".join(word.split("-")) if "-" in word.strip("-") else None
    if change.startswith("VERB_"):
        form = verb_forms.get((word.lower(), change.removeprefix("VERB_")))
        return form if form is None or word.islower() else form[:1].upper() + form[1:]
    return None
