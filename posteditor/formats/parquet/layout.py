"""Which columns of a Parquet table are source, mt, target and so on.

Source: the ``Translation`` feature of Hugging Face datasets: a struct with a text for each language.
"""

import json
from dataclasses import dataclass
from typing import Any

from posteditor.errors import CorpusError, UsageError
from posteditor.formats.columns import NAMES, reference_number
from posteditor.formats.languages import meant
from posteditor.formats.options import ReadOptions

TRANSLATION = "translation"
REFERENCES = "references"
"""A list of texts for each row, in files of ours; ``reference``, ``reference_2`` … are read too."""
_FEATURES = b"huggingface"
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class TableLayout:
    """Where a table has what."""

    columns: tuple[str, ...]
    """The plain ones that are read, by the names that are ours."""
    translation: str | None
    """The column with a struct of languages."""
    source_lang: str | None
    """The field of that struct; else what the person says."""
    target_lang: str | None
    has_references: bool
    """There is a column with lists of references."""
    names: tuple[str, ...]
    """All columns."""

    @property
    def read(self) -> list[str]:
        """The columns that have to be read, as pyarrow names them."""
        fields = [f"{self.translation}.{lang}" for lang in (self.source_lang, self.target_lang)]
        return [
            *self.columns,
            *(fields if self.translation is not None else ()),
            *([REFERENCES] if self.has_references else ()),
        ]


def find_layout(schema: Any, options: ReadOptions, name: str) -> TableLayout:
    """The layout of a table.

    Args:
        schema: A pyarrow schema.
        options: Their languages decide which fields of a translation are meant.
        name: The file, for messages.

    Raises:
        CorpusError: It has no texts, or a column is there twice or of a wrong type.
        UsageError: It has more than two languages, and the options don't say which.
    """
    import pyarrow.types as types

    names = tuple(schema.names)
    for column in names:
        if names.count(column) > 1:
            raise CorpusError(name, f"the column {column[:60]!r} is there twice", hint="rename one of them")
    plain = tuple(column for column in names if column in NAMES or reference_number(column))
    for column in plain:
        found = schema.field(column).type
        if not _is_text(found) and not (column == "id" and types.is_integer(found)):
            raise CorpusError(name, f"the column {column} has {found} instead of texts", hint="rename or convert it")
    translation = _translation(schema)
    source, target = options.source_lang, options.target_lang
    if translation is not None:
        source, target = _pair(schema, translation, options, name)
    elif "mt" not in plain:
        raise CorpusError(
            name,
            f"there is no column mt or translation; the columns are {', '.join(map(repr, names[:_SHOWN]))}",
            hint="rename the column of the machine translation to mt",
        )
    references = schema.field(REFERENCES).type if REFERENCES in names else None
    has_references = references is not None and types.is_list(references) and _is_text(references.value_type)
    return TableLayout(plain, translation, source, target, has_references, names)


def _translation(schema: Any) -> str | None:
    import pyarrow.types as types

    for column in (TRANSLATION, *_declared(schema)):
        if column in schema.names and types.is_struct(schema.field(column).type):
            fields = list(schema.field(column).type)
            texts = [field for field in fields if _is_text(field.type)]
            if len(texts) > 1 and all(types.is_null(field.type) for field in fields if field not in texts):
                return column
    return None


def _declared(schema: Any) -> dict[str, list[str]]:
    """The columns that a Hugging Face data set declares as translations, and the languages of each."""
    try:
        features = json.loads((schema.metadata or {})[_FEATURES])["info"]["features"]
        found = {name: feature for name, feature in features.items() if feature.get("_type") == "Translation"}
        return {name: [str(language) for language in feature["languages"]] for name, feature in found.items()}
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
        return {}  # what is not as they write it says nothing


def _pair(schema: Any, translation: str, options: ReadOptions, name: str) -> tuple[str, str]:
    """The fields of source and target: of two the first is the source, unless the options say otherwise.

    Hugging Face sorts the fields; their metadata has the languages in the order of the data set.
    """
    tags = [field.name for field in schema.field(translation).type if _is_text(field.type)]
    declared = _declared(schema).get(translation, [])
    if sorted(declared) == sorted(tags):
        tags = declared
    source, target = (_field(wanted, tags, name) for wanted in (options.source_lang, options.target_lang))
    if source is not None and source == target:
        raise UsageError(f"source and target are both {source}", hint="say two different languages")
    if source is None and target is None and len(tags) == 2:
        return tags[0], tags[1]
    others = [tag for tag in tags if tag not in (source, target)]
    if (source is None or target is None) and len(others) != 1:
        raise UsageError(
            f"{name}: it has the languages {', '.join(tags[:_SHOWN])}",
            hint="say which two with --source-lang and --target-lang",
        )
    return source or others[0], target or others[0]


def _field(wanted: str | None, tags: list[str], name: str) -> str | None:
    if wanted is None:
        return None
    found = meant(wanted, tags)
    if len(found) != 1:
        what = f"{wanted} can be any of {', '.join(found)}" if found else f"it has no {wanted}, only {', '.join(tags)}"
        raise UsageError(f"{name}: {what}", hint="say one of these")
    return found[0]


def _is_text(kind: Any) -> bool:
    import pyarrow.types as types

    if types.is_dictionary(kind):
        kind = kind.value_type
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))
