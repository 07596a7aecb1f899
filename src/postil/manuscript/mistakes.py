"""What is wrong with a `book.toml`, in words for the person who wrote it."""

from __future__ import annotations

import copy
import datetime as dt
import difflib
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from postil.manuscript.places import Key, Places
from postil.source import Diagnostic

_EXPECTED: Final = {
    "string_type": "text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "date_type": "a date",
    "list_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
}
# Types by the names that a writer of TOML knows; the first that fits, as bool is an int and datetime a date.
_TYPES: Final = (
    (bool, "true or false"),
    ((int, float), "a number"),
    (str, "text"),
    (list, "a list"),
    (dict, "a table"),
    (dt.datetime, "a date with a time"),
)
# What to do where one thing is expected and another is found, or (with "") anything else.
_REMEDIES: Final = {
    ("a date", ""): "write it without quotation marks and without a time, such as: {name} = 2026-11-23",
    ("a whole number", "text"): "write it without quotation marks",
    ("true or false", "text"): "write it without quotation marks",
    ("text", "a number"): "put it in quotation marks",
    ("text", "a date or time"): "put it in quotation marks",
    ("text", "true or false"): "put it in quotation marks",
    ("a list", "a table"): 'write a list in brackets: {name} = ["…"]',
    ("a list of tables", "a table"): "write [[{name}]], with two brackets",
    ("a list", "text"): 'put it in brackets: {name} = ["…"]',
    ("a table", ""): "write it as a table, under [{name}]",
}
_EXAMPLES: Final = {
    "title": 'write: title = "The Name of the Book"',
    "language": 'write: language = "en-GB"',
    "date": "write the day of publication, such as: date = 2026-11-23",
    "name": 'write: name = "A. Author"',
    "label": 'write the word that readers see, such as: label = "Variant reading"',
}
_PLACEHOLDERS: Final[dict[str | int, object]] = {
    "title": "?",
    "language": "en",
    "date": dt.date(2000, 1, 1),
    "name": "?",
    "label": "?",
}


def explain(error: ValidationError, at: Places, book: type[BaseModel]) -> tuple[Diagnostic, ...]:
    """A diagnostic for each mistake that validation found, at the key that it is about. `book` is the file's model.

    A validator of the model says its own code, message and hint: as the type and the context of its error.
    """
    return tuple(dict.fromkeys(_mistake(details, at, book) for details in error.errors(include_url=False)))


def mend(table: dict[str, Any], error: ValidationError) -> dict[str, Any]:
    """The table with what is wrong left out, and placeholders for what is missing, so that it validates."""
    mended = copy.deepcopy(table)
    # what nobody knows goes last, whatever else is wrong with it
    for details in sorted(error.errors(include_url=False), key=_is_unknown):
        key = _key(details)
        holder: Any = mended
        wrong: tuple[dict[Any, Any], str | int] = mended, key[0]
        for part in key[:-1]:
            if isinstance(holder, dict):
                wrong = holder, part
                holder = holder.get(part)
            elif isinstance(holder, list) and isinstance(part, int):
                holder = holder[part]
        if isinstance(holder, dict):
            wrong = holder, key[-1]
        inside, name = wrong
        if name in _PLACEHOLDERS and not _is_unknown(details):
            inside[name] = _PLACEHOLDERS[name]
        else:
            inside.pop(name, None)
    return mended


def _is_unknown(error: ErrorDetails) -> bool:
    """Whether a mistake is a key that nobody knows."""
    return error["type"] in {"extra_forbidden", "P911"}


def _key(error: ErrorDetails) -> Key:
    return tuple(part for part in error["loc"] if part != "[key]")


def _mistake(error: ErrorDetails, at: Places, book: type[BaseModel]) -> Diagnostic:
    key = _key(error)
    context: dict[str, Any] = error.get("ctx", {})
    name = next((part for part in reversed(key) if isinstance(part, str)), "")
    code, message, hint = "P914", "", None
    match error["type"]:
        case "extra_forbidden":
            code, message, hint = "P911", f"unknown key '{name}'", _nearest(name, _model(book, key[:-1]))
        case "missing":
            code, message, hint = "P912", f"{_table_name(key[:-1])} has no '{name}'", _EXAMPLES.get(name)
        case "literal_error":
            message = f"'{error['input']}' is not a value of '{name}'"
            hint = f"write {context['expected']}"
        case "empty":
            message, hint = f"'{name}' is empty", "write something, or leave the key out"
        case "greater_than_equal":
            message = f"'{name}' must be at least {context['ge']}"
        case "less_than_equal":
            message = f"'{name}' must be at most {context['le']}"
        case wrong if wrong in _EXPECTED:
            found = _kind_of(error["input"])
            code, message = "P913", f"'{name}' must be {_EXPECTED[wrong]}, not {found}"
            field = _model(book, key[:-1]).model_fields.get(name)
            of_tables = " of tables" if wrong == "list_type" and field and model_within(field.annotation) else ""
            hint = _remedy(name, f"{_EXPECTED[wrong]}{of_tables}", found)
        case code:
            message, hint = context["message"], context["hint"]
    return Diagnostic(code, message, at.position(*key), hint)


def _kind_of(value: object) -> str:
    return next((name for types, name in _TYPES if isinstance(value, types)), "a date or time")


def _remedy(name: str, expected: str, found: str) -> str | None:
    remedy = _REMEDIES.get((expected, found)) or _REMEDIES.get((expected, ""))
    return remedy.format(name=name) if remedy else None


def _table_name(key: Key) -> str:
    names = [part for part in key if isinstance(part, str)]
    return f"[{'.'.join(names)}]" if names else "book.toml"


def _nearest(name: str, table: type[BaseModel]) -> str:
    fields = sorted(table.model_fields)
    close = difflib.get_close_matches(name.lower(), fields, n=1)
    return f"did you mean '{close[0]}'?" if close else f"keys here are {', '.join(fields)}"


def _model(book: type[BaseModel], key: Key) -> type[BaseModel]:
    """The model of the table at a key."""
    model = book
    for part in key:
        if isinstance(part, str) and part in model.model_fields:
            model = model_within(model.model_fields[part].annotation) or model
    return model


def model_within(annotation: object) -> type[BaseModel] | None:
    """The model of the table, or of each of several, that a key has by its annotation; None if it has another value."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := model_within(part))), None)
