"""From a table of a rules file to a rule: every setting has a name, a kind and bounds, all others are refused.

The settings of a rule are the fields of its dataclass that do not start with ``_``. A field may be annotated as bool,
int, float, str, ``tuple[str, ...]`` (a text or a list of texts), ``PerSide`` (a number, or a list of two: for source
and target), ``Literal["a", "b"]`` or ``Path`` (taken from the folder of the rules file); with ``| None`` it may also be
``false``, which TOML has and which is None then. The class attribute ``BOUNDS`` has least and greatest values. A method
``check`` may refuse what can't stand together, with a ``SettingError``.
"""

import math
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from difflib import get_close_matches
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

PerSide = tuple[float, float]
"""A threshold for the source and one for the target."""


class SettingError(ValueError):
    """A setting that makes no sense.

    Attributes:
        setting: Its name; empty when it concerns the whole table.
        problem: What is wrong.
        hint: What to do.
    """

    def __init__(self, setting: str, problem: str, hint: str = "") -> None:
        super().__init__(problem)
        self.setting = setting
        self.problem = problem
        self.hint = hint


def build(kind: type[Any], table: Mapping[str, Any], folder: Path) -> Any:
    """The rule or fixer of class ``kind`` with the settings of ``table``.

    Args:
        folder: Where paths start.

    Raises:
        SettingError: A setting is unknown, missing, of a wrong kind or out of bounds.
    """
    known = {field.name: field for field in fields(kind) if not field.name.startswith("_")}
    hints = get_type_hints(kind)
    for name in table:
        if name not in known:
            raise _unknown(name, tuple(known))
    values = {name: _value(name, given, hints[name], folder) for name, given in table.items()}
    for name, field in known.items():
        if name not in values and _is_required(field):
            raise SettingError("", f"{name} is missing", hint=f"Add {name} = ….")
    bounds: Mapping[str, tuple[float, float]] = getattr(kind, "BOUNDS", {})
    for name in values.keys() & bounds.keys():
        if values[name] is not None:
            _check_bounds(name, values[name], *bounds[name])
    made = kind(**values)
    _check_order(made)
    if hasattr(made, "check"):
        made.check()
    return made


def _is_required(field: "Field[Any]") -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _unknown(name: str, known: tuple[str, ...]) -> SettingError:
    near = get_close_matches(name, known, 1)
    meant = f"Did you mean {near[0]}? " if near else ""
    listed = ", ".join(known) or "none"
    return SettingError(name, f"there is no setting {name[:60]!r} here", hint=f"{meant}Known are: {listed}.")


def _value(name: str, given: object, hint: Any, folder: Path) -> Any:
    if get_origin(hint) in (Union, UnionType) and NoneType in get_args(hint):
        if given is False:
            return None
        hint = next(each for each in get_args(hint) if each is not NoneType)
    if get_origin(hint) is Literal:
        return _choice(name, given, get_args(hint))
    if hint == PerSide:
        return _per_side(name, given)
    if get_origin(hint) is tuple:
        return _texts(name, given)
    if hint is Path:
        return folder / _checked(name, given, isinstance(given, str) and given != "", "a path in quotes")
    if hint is bool:
        return _checked(name, given, isinstance(given, bool), "true or false")
    if hint is int:
        return _checked(name, given, isinstance(given, int) and not isinstance(given, bool), "a whole number")
    if hint is float:
        return float(_checked(name, given, _is_number(given), "a number"))
    return _checked(name, given, isinstance(given, str), "a text in quotes")


def _checked(name: str, given: Any, fits: bool, expected: str) -> Any:
    if not fits:
        raise SettingError(name, f"{name} = {str(given)[:60]}", hint=f"It must be {expected}.")
    return given


def _is_number(given: object) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool) and not math.isnan(given)


def _choice(name: str, given: object, choices: tuple[str, ...]) -> Any:
    listed = " or ".join(f'"{choice}"' for choice in choices)
    return _checked(name, given, given in choices and isinstance(given, str), listed)


def _per_side(name: str, given: object) -> PerSide:
    both: list[Any] = given if isinstance(given, list) else [given, given]
    _checked(name, given, len(both) == 2 and all(map(_is_number, both)), "a number, or two: [source, target]")
    return float(both[0]), float(both[1])


def _texts(name: str, given: object) -> tuple[str, ...]:
    listed = given if isinstance(given, list) else [given]
    fits = all(isinstance(text, str) and text for text in listed)
    _checked(name, given, fits, "a text in quotes, or a list of them")
    return tuple(listed)


def _check_bounds(name: str, value: Any, low: float, high: float) -> None:
    for number in value if isinstance(value, tuple) else (value,):
        if not low <= number <= high:
            allowed = f"at least {low:g}" if high == math.inf else f"from {low:g} to {high:g}"
            raise SettingError(name, f"{name} = {number:g}", hint=f"It must be {allowed}.")


def _check_order(made: Any) -> None:
    """Refuse a min above the max: nothing would be kept."""
    low, high = getattr(made, "min", None), getattr(made, "max", None)
    if low is None or high is None:
        return
    lows, highs = (value if isinstance(value, tuple) else (value,) for value in (low, high))
    if any(least > most for least, most in zip(lows, highs, strict=True)):
        raise SettingError("min", "min is above max", hint="No pair would be kept: exchange them.")
