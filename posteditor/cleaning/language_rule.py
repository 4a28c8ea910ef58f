"""The rule about the language that a text is in, told offline by the Compact Language Detector 2 (pycld2)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from typing import Any, ClassVar, Literal, Self

from posteditor.cleaning.rule import SIDES, Bound, BoundedRule, Languages, Numbers
from posteditor.cleaning.settings import PerSide, SettingError

_UNKNOWN = "un"
_NAMES = {"he": "iw", "jv": "jw", "nb": "no", "fil": "tl", "cmn": "zh", "in": "id"}
"""Codes of the detector that are not those of BCP 47."""
_ALSO = {"zh": ("zh-Hant",), "no": ("nn",), "sr": ("bs", "hr"), "hr": ("bs", "sr"), "bs": ("hr", "sr")}
"""Codes that it gives to texts of a language as well: it can't keep these apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageRule(BoundedRule):
    """A side is in another language. Score: the share of it that is in the expected one, 0-1, in hundredths.

    It is 0 where another language has a greater share.
    """

    source: tuple[str, ...] = ()
    """Codes as the detector has them; empty for that of ``--source-lang``."""
    target: tuple[str, ...] = ()
    min: PerSide = (0.5, 0.5)
    unsure: Literal["keep", "reject"] = "keep"
    """What to do with texts whose language can't be told for certain, as that of most short ones: with "keep" they
    score 1, and between languages that are much alike the expected one is preferred; with "reject" the detector's guess
    counts, and none is 0."""
    IS_COSTLY: ClassVar[bool] = True
    parts: ClassVar[Sequence[str]] = SIDES
    BOUNDS: ClassVar[Mapping[str, tuple[float, float]]] = {"min": (0, 1)}

    def check(self) -> None:
        """Refuse to start without the detector."""
        if find_spec("pycld2") is None:
            raise SettingError(
                "rule",
                "the language rule needs pycld2, which is not installed",
                hint="pip install 'posteditor[clean]', or take the rule out of a copy of the rules (--print-rules).",
            )
        for setting, codes in (("source", self.source), ("target", self.target)):
            for code in codes:
                if code not in _known_codes():
                    problem = f"{code[:60]!r} is no language that pycld2 can tell"
                    raise SettingError(setting, problem, hint="Codes are its own: de, zh, zh-Hant, iw for Hebrew ….")

    def for_languages(self, languages: Languages) -> Self:
        """With the codes of the languages where none are set."""
        return replace(
            self,
            source=self.source or _codes("source", languages.source),
            target=self.target or _codes("target", languages.target),
        )

    def columns(self, sources: Sequence[str], targets: Sequence[str]) -> tuple[Numbers, ...]:
        """The share of each side."""
        return self._shares(sources, self.source), self._shares(targets, self.target)

    def bounds(self) -> tuple[Bound, ...]:
        """As set."""
        return Bound(self.min[0]), Bound(self.min[1])

    def details(self, source: str, target: str) -> str:
        """Which languages the sides seem to be in that are not in the expected ones."""
        found = []
        for side, text, wanted in (("source", source, self.source), ("target", target, self.target)):
            code = _detected(text, self._hint(wanted))[1]
            if code not in wanted and text:
                found.append(f"the {side} {'is in no language known' if code == _UNKNOWN else f'seems to be {code}'}")
        return ", ".join(found)

    def _hint(self, wanted: tuple[str, ...]) -> str | None:
        return wanted[0] if wanted and self.unsure == "keep" else None

    def _shares(self, texts: Sequence[str], wanted: tuple[str, ...]) -> list[float]:
        lenient, hint = self.unsure == "keep", self._hint(wanted)
        found = []
        for text in texts:
            if not text:
                found.append(1.0)
                continue
            is_reliable, code, percent = _detected(text, hint)
            if lenient and (not is_reliable or code == _UNKNOWN):
                found.append(1.0)
            else:
                found.append(round(percent / 100, 2) if code in wanted else 0.0)
        return found


@cache
def _detector() -> tuple[Callable[..., Any], type[Exception]]:
    import pycld2

    return pycld2.detect, pycld2.error


def _detected(text: str, hint: str | None) -> tuple[bool, str, int]:
    """Whether the detector is sure, the code of the first language, and what percentage of the text is in it."""
    detect, error = _detector()
    try:
        found = detect(text) if hint is None else detect(text, hintLanguage=hint)
        is_reliable, _, ((_, code, percent, _), *_) = found
    except (error, UnicodeEncodeError):  # characters that it does not take
        return False, _UNKNOWN, 0
    return is_reliable, code, percent


def _codes(side: str, language: str | None) -> tuple[str, ...]:
    if language is None:
        raise SettingError("", f"the language of the {side} is not known", hint=f"Say --{side}-lang, or {side} = ….")
    parts = language.replace("_", "-").lower().split("-")
    code = _NAMES.get(parts[0], parts[0])
    if find_spec("pycld2") is not None and code not in _known_codes():
        raise SettingError(
            "", f"{language} is no language that pycld2 can tell", hint=f"Leave the rule out, or say {side} = …."
        )
    return code, *_ALSO.get(code, ())


@cache
def _known_codes() -> frozenset[str]:
    import pycld2

    detected = set(pycld2.DETECTED_LANGUAGES)
    return frozenset(code for name, code in pycld2.LANGUAGES if name in detected)
