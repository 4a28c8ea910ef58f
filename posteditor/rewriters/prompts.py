"""What a language model is asked for a segment, from a template that can be replaced, and what its answer says.

The template is ``templates/post_edit.jinja``; the environment variable ``POSTEDITOR_PROMPT`` names another file to use
in its place. It runs in Jinja's sandbox: it can look at the texts it is given and at nothing else.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from posteditor.core.segment import Neighbour, Segment
from posteditor.errors import ModelError
from posteditor.rewriters.answers import answer_text
from posteditor.rewriters.glossary import Glossary
from posteditor.rewriters.language_names import language_name
from posteditor.rewriters.prompt_text import free_number, harmless

PROMPT_VARIABLE = "POSTEDITOR_PROMPT"
"""Environment variable: a template file to use in place of the shipped one."""

_SHIPPED = Path(__file__).parent / "templates" / "post_edit.jinja"
_NEIGHBOUR_CHARACTERS = 600
"""So much of a neighbouring segment is shown, the part nearest to the segment."""
_TRIAL = "the text of a trial"
_TERMS = 40
"""So many entries of the glossary are shown for one segment."""
# What an expression of a user's template may raise beside Jinja's own errors.
_TEMPLATE_FAULTS = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError)

__all__ = ["PROMPT_VARIABLE", "Example", "Glossary", "Prompt", "answer_text"]


@dataclass(frozen=True, slots=True)
class Example:
    """A past correction, shown to the model as a pattern."""

    mt: str
    post_edit: str
    """What a person made of the mt."""
    source: str | None = None


class Prompt:
    """Makes the messages for one segment at a time; the same segment always gets the same ones."""

    def __init__(
        self,
        template: Path,
        *,
        glossary: Glossary | None = None,
        source_lang: str | None = None,
        target_lang: str | None = None,
    ) -> None:
        """Compile the template and try it once.

        Args:
            template: A Jinja file with a block "user" and perhaps a block "system".
            glossary: Terms to use; None for none.
            source_lang: BCP 47; None when nobody said.
            target_lang: BCP 47; None when nobody said.

        Raises:
            ModelError: The template can't be read or makes no message.
        """
        self._path = template
        self._glossary = glossary or Glossary()
        self._languages = {
            "source_language": None if source_lang is None else language_name(harmless(source_lang)),
            "target_language": None if target_lang is None else language_name(harmless(target_lang)),
        }
        text = _read(template)
        self._template = _compile(template, text)
        self.fingerprint: str = _digest(text, source_lang, target_lang, self._glossary.fingerprint)
        """The same for the same template, languages and glossary: 16 hexadecimal digits."""
        self._try()

    @classmethod
    def load(
        cls,
        glossary: Path | None = None,
        source_lang: str | None = None,
        target_lang: str | None = None,
        template: Path | None = None,
    ) -> "Prompt":
        """The prompt for these languages.

        Args:
            glossary: A table of two columns, see ``Glossary.read``; None for none.
            source_lang: BCP 47; None when nobody said.
            target_lang: BCP 47; None when nobody said.
            template: None for the one that POSTEDITOR_PROMPT names, else the shipped one.

        Raises:
            ModelError: The template can't be read or makes no message.
            CorpusError: The glossary can't be read.
        """
        if template is None:
            named = os.environ.get(PROMPT_VARIABLE)
            template = Path(named) if named else _SHIPPED
        terms = None if glossary is None else Glossary.read(glossary)
        return cls(template, glossary=terms, source_lang=source_lang, target_lang=target_lang)

    def messages(self, segment: Segment, examples: Sequence[Example] = ()) -> list[dict[str, str]]:
        """The chat messages, each with "role" and "content": system, where the template makes one, then user.

        Control characters and marks that steer chat models are taken out of the texts, see ``prompt_text``.

        Raises:
            ModelError: The template fails on this segment.
        """
        values = self._values(segment, examples)
        contents = ((role, self._render(role, values)) for role in ("system", "user"))
        return [{"role": role, "content": content} for role, content in contents if content or role == "user"]

    def _values(self, segment: Segment, examples: Sequence[Example]) -> dict[str, Any]:
        terms = self._glossary.terms_in(segment.mt if segment.source is None else segment.source)[:_TERMS]
        values: dict[str, Any] = {
            "mt": harmless(segment.mt.strip()),
            "source": _harmless(segment.source),
            "before": [_neighbour(each, keep_end=True) for each in segment.before],
            "after": [_neighbour(each, keep_end=False) for each in segment.after],
            "terms": [(harmless(term), harmless(translation)) for term, translation in terms],
            "examples": [Example(harmless(e.mt), harmless(e.post_edit), _harmless(e.source)) for e in examples],
        }
        return {**values, **self._languages, "n": free_number(_texts(values))}

    def _render(self, block: str, values: Mapping[str, Any]) -> str:
        make = self._template.blocks.get(block)
        if make is None:
            return ""
        try:
            return "".join(make(self._template.new_context(dict(values)))).strip()
        except _TEMPLATE_FAULTS as fault:
            raise ModelError(f"{self._path}: the block {block} fails: {fault}", hint=_hint(self._path)) from fault

    def _try(self) -> None:
        """With everything a segment can have, so that a misspelt name shows now and not at the first glossary term."""
        neighbours = (Neighbour("text", "source"),)
        segment = Segment(1, _TRIAL, source="source", before=neighbours, after=neighbours)
        values = self._values(segment, [Example("mt", "post-edit", "source")]) | {"terms": [("term", "translation")]}
        self._render("system", values)
        if _TRIAL not in self._render("user", values):
            raise ModelError(f"{self._path}: the block user does not show the mt", hint=_hint(self._path))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = "is not UTF-8" if isinstance(error, ValueError) else f"can't be read: {error.strerror}"
        raise ModelError(f"{path}: {reason}", hint=_hint(path)) from error


def _compile(path: Path, text: str) -> Template:
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    try:
        template = environment.from_string(text)
    except TemplateSyntaxError as error:
        raise ModelError(f"{path} line {error.lineno}: {error.message}", hint=_hint(path)) from error
    if "user" not in template.blocks:
        raise ModelError(f"{path}: there is no block user in this template", hint=_hint(path))
    return template


def _hint(path: Path) -> str:
    if path == _SHIPPED:
        return "Reinstall posteditor in a fresh environment: pip install posteditor"
    return f"The template that {PROMPT_VARIABLE} names needs the blocks of the shipped one, {_SHIPPED}"


def _digest(*parts: str | None) -> str:
    return sha256(repr(parts).encode("utf-8", "backslashreplace")).hexdigest()[:16]


def _harmless(text: str | None) -> str | None:
    return None if text is None else harmless(text.strip())


def _neighbour(neighbour: Neighbour, *, keep_end: bool) -> Neighbour:
    return Neighbour(
        _clipped(neighbour.text, keep_end=keep_end),
        None if neighbour.source is None else _clipped(neighbour.source, keep_end=keep_end),
    )


def _clipped(text: str, *, keep_end: bool) -> str:
    text = harmless(text.strip())
    if len(text) <= _NEIGHBOUR_CHARACTERS:
        return text
    return "… " + text[-_NEIGHBOUR_CHARACTERS:] if keep_end else text[:_NEIGHBOUR_CHARACTERS] + " …"


def _texts(values: Mapping[str, Any]) -> list[str]:
    """All the texts of a segment's values, however deep they lie."""
    neighbours = [*values["before"], *values["after"]]
    return [
        values["mt"],
        values["source"] or "",
        *(text or "" for neighbour in neighbours for text in (neighbour.text, neighbour.source)),
        *(text for pair in values["terms"] for text in pair),
        *(text or "" for each in values["examples"] for text in (each.mt, each.post_edit, each.source)),
    ]
