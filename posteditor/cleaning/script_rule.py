"""The rule about the script that a text is written in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import ClassVar, Self

import numpy as np
import regex
from numpy.typing import NDArray

from posteditor.cleaning.language_scripts import scripts_of
from posteditor.cleaning.rule import SIDES, Bound, BoundedRule, Languages, Numbers
from posteditor.cleaning.settings import PerSide, SettingError
from posteditor.cleaning.text_column import CharacterSet, column

_COMMON = ("Common", "Inherited")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptRule(BoundedRule):
    """A side is written in another script. Score: the share of its letters in the expected ones, 0-1; 1 without any.

    Letters and scripts are those of Unicode (the properties Alphabetic and Script).
    """

    source: tuple[str, ...] = ()
    """Scripts such as ``Latin``; empty for those of the language."""
    target: tuple[str, ...] = ()
    min: PerSide = (0.7, 0.7)
    strict: bool = False
    """Whether letters that many scripts share, such as ``ː``, belong to none of the expected ones."""
    parts: ClassVar[Sequence[str]] = SIDES
    BOUNDS: ClassVar[Mapping[str, tuple[float, float]]] = {"min": (0, 1)}

    def check(self) -> None:
        """Refuse names that Unicode does not have."""
        for setting, scripts in (("source", self.source), ("target", self.target)):
            for script in scripts:
                _check_script(setting, script)

    def for_languages(self, languages: Languages) -> Self:
        """With the scripts of the languages where none are set."""
        return replace(
            self,
            source=self.source or _scripts("source", languages.source),
            target=self.target or _scripts("target", languages.target),
        )

    def columns(self, sources: Sequence[str], targets: Sequence[str]) -> tuple[Numbers, ...]:
        """The share of each side."""
        return self._shares(sources, self.source), self._shares(targets, self.target)

    def bounds(self) -> tuple[Bound, ...]:
        """As set."""
        return Bound(self.min[0]), Bound(self.min[1])

    def _shares(self, texts: Sequence[str], scripts: tuple[str, ...]) -> NDArray[np.float64]:
        known = column(texts)
        foreign = known.counts(_foreign(scripts if self.strict else (*scripts, *_COMMON)))
        shares = np.ones(len(known))
        some = np.flatnonzero(foreign)
        if len(some):
            letters = known.counts(_LETTERS)[some]
            shares[some] = (letters - foreign[some]) / letters
        return shares


@cache
def _foreign(scripts: tuple[str, ...]) -> CharacterSet:
    """The letters that belong to none of the scripts."""
    own = "".join(rf"\p{{Script={script}}}" for script in scripts)
    return CharacterSet(pattern=rf"(?V1)[\p{{Alphabetic}}--[{own}]]+")


_LETTERS = CharacterSet(pattern=r"\p{Alphabetic}+")


def _scripts(side: str, language: str | None) -> tuple[str, ...]:
    if language is None:
        raise SettingError("", f"the language of the {side} is not known", hint=f"Say --{side}-lang, or {side} = ….")
    found = scripts_of(language)
    if not found:
        raise SettingError(
            "", f"the script of {language} is not known here", hint=f'Say it: {side} = "Latin", for example.'
        )
    return found


def _check_script(setting: str, script: str) -> None:
    try:
        if not script.replace("_", "").isalpha():
            raise regex.error(script)
        regex.compile(rf"\p{{Script={script}}}")
    except regex.error:
        raise SettingError(
            setting,
            f"there is no script {script[:60]!r}",
            hint="Names are those of Unicode: Latin, Cyrillic, Han, Hiragana, Arabic, Devanagari ….",
        ) from None
