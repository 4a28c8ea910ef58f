"""Dataclasses of plain values to JSON and back, by their annotations."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def to_json(value: Any) -> Any:
    """Plain JSON values for a dataclass, or for tuples, dictionaries and simple values."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: to_json(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): to_json(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(each) for each in value]
    return value


def from_json(kind: type[T], value: Any) -> T:
    """A dataclass from what ``to_json`` gave; names that it does not have are passed over.

    Raises:
        ValueError: Something is missing or of another type.
    """
    found: T = _read(kind, value)
    return found


def _read(kind: Any, value: Any) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        if value is None and NoneType in inner:
            return None
        (kind,) = (one for one in inner if one is not NoneType)
        return _read(kind, value)
    if origin is Literal:
        if value not in inner:
            raise ValueError(f"{value!r} where one of {', '.join(map(str, inner))} was expected")
        return value
    if origin is tuple:
        return tuple(_read(inner[0], each) for each in _of_type(list, value))
    if origin is dict:
        return {name: _read(inner[1], each) for name, each in _of_type(dict, value).items()}
    if is_dataclass(kind):
        plain = _of_type(dict, value)
        hints = get_type_hints(kind)
        try:
            return kind(**{one.name: _read(hints[one.name], plain[one.name]) for one in fields(kind)})  # type: ignore[operator]
        except KeyError as error:
            raise ValueError(f"{getattr(kind, '__name__', kind)} has no {error}") from None
    if kind is float:
        return float(_of_type((int, float), value))
    return _of_type(kind, value)


def _of_type(kind: Any, value: Any) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise ValueError(f"{value!r} where {kind} was expected")
    return value
