r"""Frozen records as bytes, and bytes as the same records again, as the types of their fields say.

The bytes are a line of JSON, and behind it the contents of all fields that are `bytes`, one after the other, as they
are. A record is the list of its fields in their order:

    Picture("map", Rect(1.0, 2.0, 3.0, 4.5), b"\x89PNG…")

    ["4f0c…",["map",[1.0,2.0,3.0,4.5],{"bytes":8104}]]
    \x89PNG…

In front stands the `fingerprint` of its type, so that what was written of other fields is never read as these. What is
read may be anybody's: nothing of it can be run, and it is a record of this type or a RecordError.

A field may be a str, int, float, bool, bytes or None, a Literal of these, an Enum, a frozen dataclass, a tuple, a
frozenset or a Mapping, or one of several of these. What a class makes itself of its other fields (`init=False`) is not
written. A list is no field: it could change.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from hashlib import sha256
from math import isfinite
from operator import attrgetter
from typing import Any, Final, Literal, NoReturn, TypeVar, get_args, get_origin, get_type_hints

from postil.garbage import collecting_rarely

T = TypeVar("T")

_VERSION: Final = "1"
"""Of the way in which this module writes."""


class RecordError(ValueError):
    """These bytes are no record of the type, or a field of a record has a value that its type does not allow."""


def encoded(record: object) -> bytes:
    """A frozen dataclass as bytes: the same for records that cannot be told apart, in every process.

    Raises RecordError where a field has a value of another type, or a float that is no number, or where there are more
    levels than Python can go down.
    """
    kind = type(record)
    parts: list[bytes] = []

    def apart(value: bytes) -> Mapping[str, int]:
        parts.append(value)
        return {"bytes": len(value)}

    schema = _schema(kind)
    try:
        with collecting_rarely():
            plain = [schema.fingerprint, schema.form.plain(record)]
            line = json.dumps(plain, default=apart, check_circular=False, ensure_ascii=False, separators=(",", ":"))
    except (ValueError, OverflowError, RecursionError) as error:
        raise RecordError(f"a {kind.__name__} cannot be written: {error}") from error
    return b"".join((line.encode("utf-8", "surrogatepass"), b"\n", *parts))


def decoded(kind: type[T], data: bytes) -> T:
    """The record of this type that was written as `data`. Raises RecordError where that is anything else."""
    schema = _schema(kind)
    end = data.find(b"\n")
    parts = _Parts(data, end + 1)
    try:
        line = data[: max(end, 0)].decode("utf-8", "surrogatepass")
        with collecting_rarely():
            match json.loads(line, object_hook=parts, parse_constant=_refuse):
                case [schema.fingerprint, plain]:
                    record: T = schema.form.read(plain)
                case _:
                    raise RecordError("it was written by another version, or as another type")
        parts.end()
    # a class may refuse its fields in any way it likes
    except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError) as error:
        raise RecordError(f"this is no {kind.__name__}: {error}") from error
    return record


def fingerprint(kind: type) -> str:
    """A name for the fields of a record, their types and the fields of these: it is another when any of it changes."""
    return _schema(kind).fingerprint


def _refuse(value: object) -> NoReturn:
    raise RecordError(f"{repr(value)[:80]} does not belong where it stands")


class _Parts:
    """The bytes behind the line, which its fields take one after the other, so that none is taken twice."""

    def __init__(self, data: bytes, start: int) -> None:
        self._data = data
        self._start = start

    def __call__(self, written: Mapping[str, object]) -> bytes:
        """The bytes that an object of the JSON stands for."""
        size = written.get("bytes")
        start = self._start
        if len(written) != 1 or type(size) is not int or not 0 <= size <= len(self._data) - start:
            _refuse(written)
        self._start += size
        return self._data[start : self._start]

    def end(self) -> None:
        """Refuse what no field has taken."""
        if self._start != len(self._data):
            raise RecordError("there are bytes that no field has")


# --- how each type is written and read ---------------------------------------------------------------------------


@dataclass(slots=True)
class _Form:
    """How values of a type are written: `plain` makes of one what JSON has, and `read` one of what JSON has.

    Both raise RecordError for anything else. `types` are those of its values. If these stand in JSON for themselves,
    `bare` are the types of the annotation. `parts` are the forms of what is in it; those of a record have the names of
    its fields.

    It is filled in when its parts are known, since a record may have others of its type in it.
    """

    name: str
    types: frozenset[type]
    plain: Callable[[Any], Any] = _refuse
    read: Callable[[Any], Any] = _refuse
    bare: frozenset[type] = frozenset()
    parts: Sequence[tuple[str, _Form]] = field(default=())


_Known = dict[type, _Form]
"""The forms of records that are known, or being made."""

_NONE: Final = type(None)
# Where typing lets a number stand for another kind of number, as in `width: float = 0`, it is read as it was: else a
# page that comes from disk might say "0.0" where one that was just made says "0".
_BARE: Final[Mapping[Any, frozenset[type]]] = {
    str: frozenset({str}),
    int: frozenset({int, bool}),
    float: frozenset({float, int, bool}),
    bool: frozenset({bool}),
    bytes: frozenset({bytes}),
    _NONE: frozenset({_NONE}),
}
"""The types that JSON has (bytes stand behind it), and those that values of each may have."""


@dataclass(frozen=True, slots=True)
class _Schema:
    """The form of a record, and the fingerprint of all its parts."""

    form: _Form
    fingerprint: str


_schemas: dict[type, _Schema] = {}
"""Those that have been asked for, for they take a while to make."""


def _schema(kind: type) -> _Schema:
    """The schema of a record. Raises TypeError where its class has a field of which no form is known."""
    if kind not in _schemas:
        if not is_dataclass(kind):
            raise TypeError(f"{_named(kind)} is no dataclass")
        form = _form(kind, {})
        _schemas[kind] = _Schema(form, _fingerprint(form))
    return _schemas[kind]


def _fingerprint(form: _Form) -> str:
    digest = sha256(_VERSION.encode())
    seen: set[int] = set()
    waiting = [form]
    while waiting:
        form = waiting.pop()
        if id(form) not in seen:
            seen.add(id(form))
            digest.update(repr((form.name, [(name, part.name) for name, part in form.parts])).encode())
            waiting += (part for _, part in form.parts)
    return digest.hexdigest()


def _form(hint: Any, known: _Known) -> _Form:  # noqa: ANN401, PLR0911 -- a type as annotations have it; one row for each
    origin, inner = get_origin(hint), get_args(hint)
    if hint in _BARE:
        return _bare(frozenset({hint}))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _enum(hint)
    if is_dataclass(hint) and isinstance(hint, type):
        return known[hint] if hint in known else _record(hint, known)
    if origin is Literal:
        return _literal(inner)
    if origin is tuple and inner[1:] == (Ellipsis,):
        return _series(_form(inner[0], known))
    if origin is tuple:
        return _tuple([_form(each, known) for each in inner])
    if origin is frozenset:
        return _set(_form(inner[0], known))
    if origin in {Mapping, dict}:
        return _mapping(_form(inner[0], known), _form(inner[1], known))
    if origin in {typing.Union, types.UnionType}:
        return _union(inner, known)
    raise TypeError(f"a record cannot have a field of the type {hint}")


def _bare(kinds: frozenset[type]) -> _Form:
    """Of a type that JSON has, or one of several."""
    allowed = frozenset[type]().union(*(_BARE[kind] for kind in kinds))
    finite = {float} if int in kinds else {float, int}  # an int may be larger than any float

    def same(value: Any) -> object:  # noqa: ANN401
        if type(value) not in allowed or (type(value) in finite and float in kinds and not isfinite(value)):
            _refuse(value)
        return value

    return _Form(_either(kind.__name__ for kind in kinds), allowed, same, same, kinds)


def _enum(kind: type[Enum]) -> _Form:
    """A member of an enumeration, by its name."""
    members = {member.name: member for member in kind}

    def plain(value: Enum) -> str:
        return value.name if type(value) is kind else _refuse(value)

    def read(value: object) -> Enum:
        return members[value] if type(value) is str and value in members else _refuse(value)

    values = [(name, member.value) for name, member in members.items()]
    return _Form(f"{_named(kind)}{values}", frozenset({kind}), plain, read)


def _literal(values: tuple[object, ...]) -> _Form:
    """One of some values. They are told apart by their types, too: 1 and True are equal."""
    allowed = {(type(value), value) for value in values}
    kinds = frozenset(kind for kind, _ in allowed)
    if not kinds <= _BARE.keys():
        raise TypeError(f"a record cannot have one of {values}")

    def same(value: object) -> object:
        if type(value) not in kinds or (type(value), value) not in allowed:
            _refuse(value)
        return value

    return _Form(f"Literal{sorted(map(repr, values))}", kinds, same, same)


def _record(kind: type, known: _Known) -> _Form:
    """A frozen dataclass, as the list of its fields."""
    form = known[kind] = _Form(_named(kind), frozenset({kind}))
    hints = get_type_hints(kind)
    given = [each for each in fields(kind) if each.init]
    frozen: bool = kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    if not frozen or any(each.kw_only for each in given):
        raise TypeError(f"{form.name} is not frozen, or takes fields by their names alone")
    form.parts = [(each.name, _form(hints[each.name], known)) for each in given]
    names = [each.name for each in given]

    def few(record: object) -> tuple[Any, ...]:
        return tuple(getattr(record, name) for name in names)

    _fill(form, kind, attrgetter(*names) if len(names) > 1 else few, kind)
    return form


def _tuple(parts: Sequence[_Form]) -> _Form:
    """A tuple with a type for each of its values."""
    name = f"tuple[{', '.join(part.name for part in parts)}]"
    form = _Form(name, frozenset({tuple}), parts=[("", part) for part in parts])
    _fill(form, tuple, tuple, lambda *values: values)
    return form


def _fill(form: _Form, kind: type, values_of: Callable[[Any], tuple[Any, ...]], made_of: Callable[..., object]) -> None:
    """Let a form write and read values of a kind that have a value for each of its parts.

    Most have numbers or words only, as the sides of a rectangle. These are compared with their types all at once, which
    takes a fifth of the time. Where that fails, as for an int in the place of a float, each is looked at.
    """
    parts = [part for _, part in form.parts]
    bare = [next(iter(part.bare)) for part in parts if len(part.bare) == 1]
    numbers = set(bare) == {float}
    usual = tuple(bare) if len(bare) == len(parts) and (numbers or float not in bare) else None

    def plain(value: object) -> Sequence[Any]:
        if type(value) is not kind:
            _refuse(value)
        values = values_of(value)
        if tuple(map(type, values)) == usual and (not numbers or all(map(isfinite, values))):
            return values
        return [part.plain(each) for part, each in zip(parts, values, strict=True)]

    def read(value: object) -> object:
        if type(value) is not list:
            _refuse(value)
        if tuple(map(type, value)) == usual and (not numbers or all(map(isfinite, value))):
            return made_of(*value)
        return made_of(*[part.read(each) for part, each in zip(parts, value, strict=True)])

    form.plain, form.read = plain, read


def _series(part: _Form) -> _Form:
    """A tuple of any length, all of whose values have one type."""

    def plain(value: object) -> Sequence[Any]:
        return list(map(part.plain, value)) if type(value) is tuple else _refuse(value)

    def read(value: object) -> tuple[Any, ...]:
        return tuple(map(part.read, value)) if type(value) is list else _refuse(value)

    return _Form(f"tuple[{part.name}, ...]", frozenset({tuple}), plain, read, parts=[("", part)])


def _set(part: _Form) -> _Form:
    """A frozenset, in an order that is the same in every process."""

    def plain(value: object) -> Sequence[Any]:
        return sorted(map(part.plain, value), key=repr) if type(value) is frozenset else _refuse(value)

    def read(value: object) -> frozenset[Any]:
        return frozenset(map(part.read, value)) if type(value) is list else _refuse(value)

    return _Form(f"frozenset[{part.name}]", frozenset({frozenset}), plain, read, parts=[("", part)])


def _mapping(key: _Form, part: _Form) -> _Form:
    """A dictionary in its order, as a list of pairs: names in an object of JSON could be strings only."""
    pairs = _series(_tuple([key, part]))

    def plain(value: object) -> Sequence[Any]:
        written: Sequence[Any] = pairs.plain(tuple(value.items())) if type(value) is dict else _refuse(value)
        return written

    return _Form(
        f"dict[{key.name}, {part.name}]",
        frozenset({dict}),
        plain,
        lambda value: dict(pairs.read(value)),
        parts=pairs.parts,
    )


def _union(hints: tuple[Any, ...], known: _Known) -> _Form:
    """One of several types.

    What JSON has stands for itself. Anything else has its number before it, among all others in the order of their
    names, unless there is nothing else but None.
    """
    bare = _bare(frozenset(hint for hint in hints if hint in _BARE))
    others = sorted((_form(hint, known) for hint in hints if hint not in _BARE), key=lambda form: form.name)
    if not others:
        return bare
    name = _either(form.name for form in (bare, *others) if form.name)
    parts = [("", form) for form in (bare, *others)]
    if bare.bare == {_NONE} and len(others) == 1:
        (other,) = others
        return _Form(
            name,
            other.types | {_NONE},
            lambda value: None if value is None else other.plain(value),
            lambda value: None if value is None else other.read(value),
            parts=parts,
        )
    by_type = {kind: (number, form) for number, form in enumerate(others) for kind in form.types}
    if len(by_type.keys() | bare.types) < sum(len(form.types) for _, form in parts):
        raise TypeError(f"values of these cannot be told apart: {name}")

    def plain(value: object) -> object:
        if type(value) not in by_type:
            return bare.plain(value)
        number, form = by_type[type(value)]
        return [number, form.plain(value)]

    def read(value: object) -> object:
        match value:
            case [int(number), other] if type(number) is int and 0 <= number < len(others):
                return others[number].read(other)
        return bare.read(value)

    return _Form(name, frozenset(by_type) | bare.types, plain, read, parts=parts)


def _either(names: Iterable[str]) -> str:
    return " | ".join(sorted(names))


def _named(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"
