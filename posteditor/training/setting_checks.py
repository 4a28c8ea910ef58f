"""Checks on the settings of a recipe: kinds of values, bounds, and what can't stand together."""

import math
from collections.abc import Mapping
from types import GenericAlias
from typing import Any, get_args, get_origin

from posteditor.errors import UsageError

_KINDS = {str: "a text in quotes", int: "a whole number", float: "a number", bool: "true or false"}


class SettingError(UsageError):
    """A setting that makes no sense, alone or beside another one.

    Attributes:
        setting: Its name; empty when it is missing or concerns the whole table.
        table: ``sources`` or ``dev`` when it stands in such a table; empty for the recipe's own settings.
        index: Which table of that name, from 0.
    """

    def __init__(self, setting: str, problem: str, *, table: str = "", index: int = 0, hint: str = "") -> None:
        super().__init__(problem, hint=hint)
        self.setting = setting
        self.table = table
        self.index = index


def misfit(value: object, kind: Any) -> str:
    """What ``value`` should have been to fit the annotation ``kind``, in words; empty when it fits.

    Whole numbers pass as numbers, truth values do not; nan and infinity are no numbers here.
    """
    if isinstance(kind, GenericAlias):
        return _generic_misfit(value, kind)
    if kind is float:
        fits = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    elif kind is int:
        fits = isinstance(value, int) and not isinstance(value, bool)
    else:
        fits = isinstance(value, kind)
    return "" if fits else _in_words(kind)


def _generic_misfit(value: object, kind: GenericAlias) -> str:
    inner = get_args(kind)
    if get_origin(kind) is dict:
        fits = isinstance(value, dict) and not any(misfit(each, inner[1]) for each in value.values())
        return "" if fits else f"a table of {_in_words(inner[1])}"
    fits = isinstance(value, list | tuple) and not any(misfit(each, inner[0]) for each in value)
    if fits and get_origin(kind) is tuple and inner[-1] is not Ellipsis:
        fits = isinstance(value, list | tuple) and len(value) == len(inner)
    return "" if fits else _in_words(kind)


def _in_words(kind: Any) -> str:
    inner = get_args(kind)
    if not inner:
        return _KINDS.get(kind, str(kind))
    if get_origin(kind) is tuple and inner[-1] is not Ellipsis:
        return f"a list of {len(inner)} values, each {_in_words(inner[0])}"
    return f"a list, each {_in_words(inner[0])}"


def check_bounds(settings: object, bounds: Mapping[str, tuple[float, float]], *, where: str = "") -> None:
    """Hold the numbers of ``settings`` to their bounds, both included.

    Args:
        settings: Anything with attributes of these names.
        bounds: Lowest and highest value by name; infinity where there is none.
        where: Begins the message.

    Raises:
        SettingError: One lies outside.
    """
    for name, (low, high) in bounds.items():
        value = getattr(settings, name)
        if not low <= value <= high:
            allowed = f"at least {low:g}" if high == math.inf else f"from {low:g} to {high:g}"
            raise SettingError(name, f"{where}{name} = {value}", hint=f"It must be {allowed}.")
