"""The rules file: TOML with a list of steps, each a rule or a fixer with its settings.

::

    [[steps]]
    rule = "length"          # or fix = "mojibake"
    name = "length in words" # in reports; otherwise that of the rule, or "fix" and that of the fixer
    optional = true          # left out, with a remark, where it needs a language that nobody said
    unit = "words"
    max = 150
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from posteditor.cleaning.registry import DUPLICATES, find_class
from posteditor.cleaning.rule import Fixer, Languages, Rule, WantsLanguages, all_settings, scoring_settings
from posteditor.cleaning.settings import SettingError, build
from posteditor.core.toml_lines import line_of
from posteditor.errors import CorpusError

DEFAULT_RULES = Path(__file__).parent / "default.toml"
"""The rules that are used where nobody names others."""

_STEPS = "steps"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_ .:-]{0,59}")
_TAKEN = ("input", "unreadable")
"""Names that reports use for something else."""
_HINT = "The rules that come with posteditor are an example: posteditor clean --print-rules"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the pipeline: a rule or a fixer."""

    name: str
    kind: str
    """The rule's or the fixer's name in the registry."""
    rule: Rule | None = None
    fixer: Fixer | None = None

    def about(self) -> dict[str, Any]:
        """All that decides what it does, as plain JSON values."""
        return {"name": self.name, "kind": self.kind, "settings": all_settings(self.rule or self.fixer)}

    def about_scores(self) -> dict[str, Any]:
        """All that decides the scores behind it."""
        return {"name": self.name, "kind": self.kind, "settings": scoring_settings(self.rule or self.fixer)}


@dataclass(frozen=True, slots=True)
class Pipeline:
    """All steps in order."""

    steps: tuple[Step, ...]
    duplicates: Any = None
    """The settings of the last step where that is the one on duplicates; else None."""
    duplicates_name: str = DUPLICATES
    remarks: tuple[str, ...] = ()
    """What was left out and why, in words."""

    @property
    def names(self) -> tuple[str, ...]:
        """Those of all steps."""
        return (*(step.name for step in self.steps), *((self.duplicates_name,) if self.has_duplicates else ()))

    @property
    def has_duplicates(self) -> bool:
        """Whether duplicates are looked for."""
        return self.duplicates is not None

    def about(self) -> list[dict[str, Any]]:
        """All that decides what comes out, as plain JSON values."""
        found = [step.about() for step in self.steps]
        if self.has_duplicates:
            settings = all_settings(self.duplicates)
            found.append({"name": self.duplicates_name, "kind": DUPLICATES, "settings": settings})
        return found

    def about_scores(self) -> list[dict[str, Any]]:
        """All that decides the scores."""
        return [step.about_scores() for step in self.steps]


def read_rules(path: Path, languages: Languages) -> Pipeline:
    """The steps in a rules file.

    Raises:
        CorpusError: It can't be read, or something in it makes no sense; with the line.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CorpusError(path, f"can't be read: {error.strerror}", hint="Check the name and the folder.") from error
    except UnicodeDecodeError as error:
        raise CorpusError(path, f"is not UTF-8 at byte {error.start + 1}", hint=_HINT) from error
    return _Reading(path, text.replace("\r\n", "\n"), languages).pipeline()


class _Reading:
    def __init__(self, path: Path, text: str, languages: Languages) -> None:
        self._path = path
        self._text = text
        self._languages = languages
        self._steps: list[Step] = []
        self._duplicates: tuple[str, Any] | None = None
        self._remarks: list[str] = []

    def pipeline(self) -> Pipeline:
        for index, table in enumerate(self._tables()):
            try:
                self._add(table)
            except SettingError as error:
                line = line_of(self._text, error.setting, table=_STEPS, index=index)
                raise CorpusError(self._path, error.problem, line=line, hint=error.hint or _HINT) from error
        if not self._steps and self._duplicates is None:
            raise CorpusError(self._path, "there is no step in it", hint=_HINT)
        name, settings = self._duplicates or (DUPLICATES, None)
        return Pipeline(tuple(self._steps), settings, name, tuple(self._remarks))

    def _tables(self) -> Sequence[Mapping[str, Any]]:
        try:
            content = tomllib.loads(self._text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            place = re.search(r"at line (\d+)", str(error))
            problem = f"is not valid TOML: {error or 'nested too deeply'}"
            raise CorpusError(self._path, problem, line=int(place[1]) if place else 0, hint=_HINT) from error
        for name in content:
            if name != _STEPS:
                line = line_of(self._text, name) or line_of(self._text, "", table=name)
                raise CorpusError(self._path, f"there is no setting {name[:60]!r} here", line=line, hint=_HINT)
        steps = content.get(_STEPS, [])
        if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
            raise CorpusError(self._path, "steps is no list of tables: each begins with [[steps]]", hint=_HINT)
        return steps

    def _add(self, table: Mapping[str, Any]) -> None:
        settings = dict(table)
        kind, is_fixer = _kind(settings)
        is_optional = settings.pop("optional", False)
        if not isinstance(is_optional, bool):
            raise SettingError("optional", f"optional = {str(is_optional)[:60]}", hint="It must be true or false.")
        name = self._checked_name(settings.pop("name", f"fix {kind}" if is_fixer else kind))
        if self._duplicates is not None:
            raise SettingError("", f"{name} stands behind {self._duplicates[0]}", hint="Duplicates are the last step.")
        made = build(find_class(kind, is_fixer=is_fixer), settings, self._path.parent)
        try:
            made = made.for_languages(self._languages) if isinstance(made, WantsLanguages) else made
        except SettingError as error:
            if not is_optional:
                raise
            self._remarks.append(f"{name} is left out: {error.problem}. {error.hint}")
            return
        self._keep(name, kind, made, is_fixer=is_fixer)

    def _keep(self, name: str, kind: str, made: Any, *, is_fixer: bool) -> None:
        if is_fixer:
            self._steps.append(Step(name, kind, fixer=cast(Fixer, made)))
        elif kind != DUPLICATES:
            self._steps.append(Step(name, kind, rule=cast(Rule, made)))
        else:
            self._duplicates = (name, made)

    def _checked_name(self, name: object) -> str:
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            hint = "A name has at most 60 letters, digits, spaces and _.:-"
            raise SettingError("name", f"{str(name)[:60]!r} is no name for a step", hint=hint)
        if name in _TAKEN:
            raise SettingError("name", f"the name {name} is taken", hint="Give it another: name = …")
        if name in {step.name for step in self._steps}:
            raise SettingError(
                "name",
                f"there is a step {name} already",
                hint=f'Give one of them another name: name = "{name} 2".',
            )
        return name


def _kind(settings: dict[str, Any]) -> tuple[str, bool]:
    """Takes the name of the rule or fixer out of the settings; and whether it is a fixer."""
    is_fixer = "fix" in settings
    key = "fix" if is_fixer else "rule"
    if is_fixer == ("rule" in settings):
        raise SettingError(key if is_fixer else "", "a step is either a rule or a fixer", hint='Say rule = "…".')
    kind = settings.pop(key)
    if not isinstance(kind, str):
        raise SettingError(key, "the name is no text", hint='Say rule = "length".')
    return kind, is_fixer
