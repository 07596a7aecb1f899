"""The settings of `book.toml` in words, from the models that check it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from postil.manuscript.mistakes import model_within


@dataclass(frozen=True, slots=True)
class Setting:
    """A key: what it is called, what its value is, what that is where the key is left out, and what it means.

    The `default` is written as in TOML. It is "required" where the key cannot be left out, and empty where nothing
    stands for it.
    """

    name: str
    type: str
    default: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its header as it is written, empty for the keys above all tables, what it is about, and its keys."""

    header: str
    meaning: str
    settings: tuple[Setting, ...]


def described(model: type[BaseModel], name: str = "", header: str = "", meaning: str = "") -> Iterator[Table]:
    """The table of a model, where it has keys of its own, and then the tables in it."""
    inner = {key: field for key, field in model.model_fields.items() if model_within(field.annotation)}
    own = (_setting(key, field) for key, field in model.model_fields.items() if key not in inner)
    if settings := tuple(own):
        yield Table(header, meaning, settings)
    for key, field in inner.items():
        path = f"{name}.{key}".strip(".")
        if get_origin(field.annotation) is dict:
            path = f"{path}.NAME"
        written = f"[[{path}]]" if get_origin(field.annotation) is list else f"[{path}]"
        if table := model_within(field.annotation):
            yield from described(table, path, written, field.description or "")


def _setting(key: str, field: FieldInfo) -> Setting:
    return Setting(key, _type(field.annotation, field.metadata), _default(field), field.description or "")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    return json.dumps(field.default) if field.default not in (None, "", [], {}) else ""


_SEVERAL = {list: "a list", dict: "a table"}
_SIMPLE = {str: "text", bool: "true or false", dt.date: "a date"}


def _type(annotation: Any, bounds: list[Any]) -> str:  # noqa: ANN401 -- an annotation can be anything
    """What a value is, in the words of somebody who writes TOML."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type(arguments[0], [*arguments[1:]])
    if origin in {Union, UnionType}:
        return _type(next(each for each in arguments if each is not NoneType), bounds)
    if origin is Literal:
        *others, last = map(json.dumps, arguments)
        return f"{', '.join(others)} or {last}"
    if origin in _SEVERAL:
        return f"{_SEVERAL[origin]} of {_type(arguments[-1], [])}s"
    if annotation is int:
        least = next(bound.ge for bound in bounds if hasattr(bound, "ge"))
        most = next(bound.le for bound in bounds if hasattr(bound, "le"))
        return f"a whole number from {least} to {most}"
    return _SIMPLE[annotation]
