"""Names of rules and fixers, and the classes behind them: ours, and those of installed plug-ins."""

from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from posteditor.cleaning.settings import SettingError

ENTRY_POINT_GROUP = "posteditor.rules"
"""Each entry point names the class of a rule, or of a fixer: a class with ``fix``."""
DUPLICATES = "duplicates"
"""The rule that looks at all pairs together; the pipeline knows it by name."""

_RULES = {
    "empty": "length_rules:EmptyRule",
    "identical": "length_rules:IdenticalRule",
    "length": "length_rules:LengthRule",
    "length_ratio": "length_rules:LengthRatioRule",
    "longest_word": "length_rules:LongestWordRule",
    "repetition": "repetition_rule:RepetitionRule",
    "script": "script_rule:ScriptRule",
    "language": "language_rule:LanguageRule",
    "numbers": "number_rule:NumberRule",
    "tags": "markup_rules:TagRule",
    "urls": "markup_rules:UrlRule",
    "brackets": "markup_rules:BracketRule",
    "punctuation": "punctuation_rule:PunctuationRule",
    "mojibake": "character_rules:MojibakeRule",
    "control_characters": "character_rules:ControlCharacterRule",
    "terms": "term_rule:TermRule",
    "expression": "expression_rule:ExpressionRule",
    DUPLICATES: "duplicates.settings:DuplicateSettings",
}
_FIXERS = {
    "mojibake": "character_rules:MojibakeFixer",
    "control_characters": "character_rules:ControlCharacterFixer",
    "white_space": "character_rules:WhiteSpaceFixer",
}


def find_class(name: str, *, is_fixer: bool) -> type[Any]:
    """The class of a rule, or of a fixer.

    Raises:
        SettingError: There is none of that name, or its plug-in can't be loaded.
    """
    setting = "fix" if is_fixer else "rule"
    own = (_FIXERS if is_fixer else _RULES).get(name)
    if own is not None:
        module, _, attribute = own.partition(":")
        found: type[Any] = getattr(import_module(f"posteditor.cleaning.{module}"), attribute)
        return found
    for point in entry_points(group=ENTRY_POINT_GROUP, name=name):
        loaded = _loaded(point, setting)
        if hasattr(loaded, "fix") == is_fixer:
            return loaded
    raise _unknown(name, setting, is_fixer=is_fixer)


def known_names(*, is_fixer: bool) -> list[str]:
    """All names, those of plug-ins behind ours; a plug-in may be named for both."""
    own = list(_FIXERS if is_fixer else _RULES)
    return own + sorted({point.name for point in entry_points(group=ENTRY_POINT_GROUP)} - set(own))


def _loaded(point: Any, setting: str) -> type[Any]:
    try:
        found: type[Any] = point.load()
    except (ImportError, AttributeError) as error:
        raise SettingError(
            setting, f"the plug-in {point.value} can't be loaded: {error}", hint="Install it anew, or take it out."
        ) from error
    return found


def _unknown(name: str, setting: str, *, is_fixer: bool) -> SettingError:
    known = known_names(is_fixer=is_fixer)
    near = get_close_matches(name, known, 1)
    meant = f"Did you mean {near[0]}? " if near else ""
    kind = "fixer" if is_fixer else "rule"
    return SettingError(setting, f"there is no {kind} {name[:60]!r}", hint=f"{meant}Known are: {', '.join(known)}.")
