"""Records come back as they were, or not at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import Enum, StrEnum
from typing import Any, Literal, Optional, Union

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postil.document import Matter
from postil.pdf.fragment import Anchor, Content, Ink, Number, Page, PageKind, Rect, Slot, Stretch, Tag
from postil.records import RecordError, decoded, encoded, fingerprint
from postil.source import Diagnostic, Position, Severity, Source
from postil.targets import Timing

ORIGIN = Rect(0.0, 0.0, 0.0, 0.0)


class Colour(Enum):
    RED = 1
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Empty:
    pass


@dataclass(frozen=True, slots=True)
class Dot:
    at: float


@dataclass(frozen=True, slots=True)
class Disc:
    at: float
    fill: Colour = Colour.RED


@dataclass(frozen=True, slots=True)
class Tree:
    """A record with every kind of field, and others of its own in it."""

    word: str = ""
    number: int = 0
    length: float = 0.0
    sure: bool = False
    data: bytes = b""
    nothing: None = None
    matter: Matter = "body"
    some: Literal[1, True, "1"] | None = None
    colour: Colour = Colour.RED
    severity: Severity = Severity.NOTE
    rect: Rect = ORIGIN
    empty: Empty = Empty()
    none: tuple[()] = ()
    words: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str | int], ...] = ()
    mixed: tuple[int, float, bytes] = (0, 0.0, b"")
    ids: frozenset[str] = frozenset()
    dots: frozenset[Dot] = frozenset()
    places: Mapping[str, Rect] = field(default_factory=dict, hash=False)
    counts: dict[int, tuple[bytes, ...]] = field(default_factory=dict, hash=False)
    position: Position | None = None
    old: Optional[str] = None  # noqa: UP045 -- as typing wrote it once
    shape: Union[Dot, Disc, None] = None  # noqa: UP007
    any: str | float | bytes | Colour | Dot | tuple[str, ...] | frozenset[int] | None = None
    children: tuple[Tree, ...] = ()


TEXTS = st.text(st.characters(exclude_categories=()))  # lone surrogates, too: names of files have them
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
DOTS = st.builds(Dot, FLOATS)
COLOURS = st.sampled_from(Colour)
RECTS = st.builds(Rect, FLOATS, FLOATS, FLOATS, FLOATS)
TREES = st.recursive(
    st.builds(
        Tree,
        word=TEXTS,
        number=st.integers() | st.booleans(),
        length=FLOATS | st.integers(),
        sure=st.booleans(),
        data=st.binary(),
        matter=st.sampled_from(["front", "body", "back"]),
        some=st.sampled_from([1, True, "1", None]),
        colour=COLOURS,
        severity=st.sampled_from(Severity),
        rect=RECTS,
        words=st.lists(TEXTS).map(tuple),
        pairs=st.lists(st.tuples(TEXTS, TEXTS | st.integers())).map(tuple),
        mixed=st.tuples(st.integers(), FLOATS, st.binary()),
        ids=st.frozensets(TEXTS),
        dots=st.frozensets(DOTS),
        places=st.dictionaries(TEXTS, RECTS),
        counts=st.dictionaries(st.integers(), st.lists(st.binary()).map(tuple)),
        position=st.none() | st.builds(Position, TEXTS, st.integers(), st.integers()),
        old=st.none() | TEXTS,
        shape=st.none() | DOTS | st.builds(Disc, FLOATS, COLOURS),
        any=st.none()
        | TEXTS
        | FLOATS
        | st.binary()
        | COLOURS
        | DOTS
        | st.lists(TEXTS).map(tuple)
        | st.frozensets(st.integers()),
    ),
    lambda trees: st.builds(Tree, children=st.lists(trees, max_size=3).map(tuple)),
    max_leaves=4,
)


def told(value: object) -> object:
    """A value so that all that can be told apart is not equal: 1 and 1.0 and True, 0.0 and -0.0, the order of keys."""
    match value:
        case dict():
            return [(told(key), told(each)) for key, each in value.items()]
        case tuple():
            return ("tuple", *map(told, value))
        case frozenset():
            return sorted(map(repr, map(told, value)))
        case Enum():
            return value
        case _ if hasattr(value, "__dataclass_fields__"):
            return (type(value), [told(getattr(value, each.name)) for each in fields(value)])  # type: ignore[arg-type]
    return (type(value), repr(value))


# --- what comes back ---------------------------------------------------------------------------------------------


@given(TREES)
def test_a_record_comes_back_as_it_was(tree: Tree) -> None:
    data = encoded(tree)
    again = decoded(Tree, data)
    assert told(again) == told(tree)
    assert encoded(again) == data


def test_the_bytes_are_a_line_of_json_and_then_the_bytes() -> None:
    line, _, rest = encoded(Tree(data=b"\n\0\xff", mixed=(1, 2.5, b"PNG"))).partition(b"\n")
    written, plain = json.loads(line)
    assert written == fingerprint(Tree)
    assert plain[:5] == ["", 0, 0.0, False, {"bytes": 3}]
    assert plain[15] == [1, 2.5, {"bytes": 3}]
    assert rest == b"\n\0\xffPNG"


def test_a_page_comes_back() -> None:
    rect = Rect(1.0, 2, 3.25, -0.0)
    stretch = Stretch("Ωords", rect, ((0, 1, 2), (6, 0, 0)))
    page = Page(
        *(True, False, rect, rect, rect, 14.5, "Head", (), (stretch,), ("b", "a"), {"n2": "b", "n1": "a"}),
        *(
            {"x": rect},
            {},
            (),
            (Anchor("a", 1, 2.5),),
            (),
            (),
            PageKind(on_right=True, blank=False, name="", index=0, groups=()),
            {},
            rect,
        ),
        *(Ink(b"\0q Q", (Number(Slot("a", "page"), "00"),)), (Content(None, "begin"),)),
    )
    again = decoded(Page, encoded(page))
    assert told(again) == told(page)
    assert list(again.notes) == ["n2", "n1"]


@pytest.mark.parametrize(
    "record",
    [
        Diagnostic("P901", "file 'x' does not exist", Position("01.md", 1, 3), None),
        Timing("chapter-1", 3, 4),
        Tag("Link", None, (("Lang", "en"),), (("Layout", "Placement", "Block"), ("Table", "RowSpan", 2)), "so"),
        Source("01.md", "# One\n\nTwo\n"),
    ],
    ids=lambda record: type(record).__name__,
)
def test_records_of_the_book_come_back(record: object) -> None:
    assert told(decoded(type(record), encoded(record))) == told(record)


SAID = """
import sys
from dataclasses import dataclass
from postil.records import encoded

@dataclass(frozen=True)
class Ids:
    names: frozenset[str]

sys.stdout.buffer.write(encoded(Ids(frozenset(map(str, range(50))))))
"""


def test_equal_records_have_the_same_bytes_in_every_process() -> None:
    def said(seed: str) -> bytes:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        return subprocess.run([sys.executable, "-c", SAID], env=environment, capture_output=True, check=True).stdout

    assert len(set(map(said, "123"))) == 1


def test_in_a_union_each_is_told_from_the_others() -> None:
    assert decoded(Tree, encoded(Tree(shape=Dot(1.0)))).shape == Dot(1.0)
    assert decoded(Tree, encoded(Tree(shape=Disc(1.0)))).shape == Disc(1.0)
    for value in ("RED", Colour.RED, ("RED",), 0, 0.0, b"RED", frozenset({0}), None):
        assert told(decoded(Tree, encoded(Tree(any=value))).any) == told(value)


# --- what does not -----------------------------------------------------------------------------------------------


def first(wrong: Mapping[str, object]) -> str:
    return next(iter(wrong))


class Name(StrEnum):
    A = "a"


@pytest.mark.parametrize(
    "wrong",
    [
        {"word": 1},
        {"word": None},
        {"word": Name.A},
        {"number": 1.0},
        {"number": "1"},
        {"length": float("nan")},
        {"length": float("inf")},
        {"rect": Rect(0.0, 0.0, 0.0, float("inf"))},
        {"rect": Rect(0.0, 0.0, 0.0, None)},  # type: ignore[arg-type]
        {"rect": (0.0, 0.0, 0.0, 0.0)},
        {"sure": 1},
        {"data": "x"},
        {"data": bytearray()},
        {"matter": "middle"},
        {"some": 1.0},
        {"colour": "RED"},
        {"words": ["a"]},
        {"words": ("a", 1)},
        {"mixed": (1, 2.0)},
        {"mixed": (1, 2.0, b"", b"")},
        {"ids": {"a"}},
        {"places": {1: ORIGIN}},
        {"places": {"a": None}},
        {"shape": ORIGIN},
        {"any": Empty()},
        {"length": 10**400},
        {"number": 10**5000},
    ],
    ids=first,
)
def test_a_value_of_another_type_is_not_written(wrong: Mapping[str, Any]) -> None:
    with pytest.raises(RecordError, match="a Tree cannot be written"):
        encoded(Tree(**wrong))


def test_a_class_below_that_of_the_field_is_another_type() -> None:
    @dataclass(frozen=True)
    class Spot(Dot):
        name: str = ""

    with pytest.raises(RecordError):
        encoded(Tree(shape=Spot(1.0)))


def line_of(plain: object, rest: bytes = b"", kind: type = Tree) -> bytes:
    """The bytes of what may be no record."""
    return json.dumps([fingerprint(kind), plain]).encode() + b"\n" + rest


def written(record: object, **other: object) -> tuple[list[Any], bytes]:
    """What stands in the bytes of a record, with other fields."""
    line, _, rest = encoded(record).partition(b"\n")
    values = json.loads(line)[1]
    for name, value in other.items():
        values[[each.name for each in fields(record)].index(name)] = value  # type: ignore[arg-type]
    return values, rest


DEEP = 100_000


@pytest.mark.parametrize(
    "other",
    [
        {"word": 1},
        {"word": ["a"]},
        {"word": {"bytes": 0}},
        {"number": 1.0},
        {"length": "1"},
        {"data": ""},
        {"data": {"bytes": 1}},
        {"data": {"bytes": -1}},
        {"data": {"bytes": True}},
        {"data": {"bytes": 0, "more": 1}},
        {"data": {"octets": 0}},
        {"data": {}},
        {"matter": "middle"},
        {"matter": []},
        {"some": 1.0},
        {"colour": 1},
        {"colour": "GREEN"},
        {"colour": []},
        {"rect": [0.0, 0.0, 0.0]},
        {"rect": [0.0, 0.0, 0.0, 0.0, 0.0]},
        {"rect": [0.0, 0.0, 0.0, "0"]},
        {"rect": None},
        {"rect": {"left": 0.0}},
        {"empty": [1]},
        {"none": [1]},
        {"words": "abc"},
        {"words": [None]},
        {"pairs": [["a"]]},
        {"ids": [["a"]]},
        {"places": {"a": [0.0, 0.0, 0.0, 0.0]}},
        {"places": [["a"]]},
        {"places": [[1, [0.0, 0.0, 0.0, 0.0]]]},
        {"position": ["a", 1]},
        {"shape": [2, [1.0]]},
        {"shape": [-1, [1.0]]},
        {"shape": [True, [1.0]]},
        {"shape": [0]},
        {"shape": [1.0]},
        {"any": [0, "GREEN"]},
        {"any": 10**400},
        {"rect": [0.0, 0.0, 0.0, 10**400]},
        {"children": [1]},
        {"children": [[]]},
    ],
    ids=first,
)
def test_what_is_of_another_type_is_not_read(other: Mapping[str, object]) -> None:
    with pytest.raises(RecordError, match="this is no Tree"):
        decoded(Tree, line_of(*written(Tree(), **other)))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1" * 400 + ".0", "1" * 5000])
@pytest.mark.parametrize("kind", [Dot, Rect])
def test_what_is_no_number_is_not_read(number: str, kind: type) -> None:
    values = ", ".join([number] * len(fields(kind)))
    with pytest.raises(RecordError):
        decoded(kind, f'["{fingerprint(kind)}", [{values}]]\n'.encode())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"{}",
        b"[]\n",
        b"null\n",
        b"\xff\xfe\n",
        b"[" * DEEP + b"\n",
        b'{"a":' * DEEP + b"\n",
        b"[" * DEEP + b"]" * DEEP + b"\n",
        encoded(Dot(1.0)),
        encoded(Tree())[:-1],
        encoded(Tree()) + b"x",
        encoded(Tree(data=b"123"))[:-1],
        encoded(Tree()).replace(b'["', b'[["', 1),
    ],
    ids=lambda data: repr(data[:12]),
)
def test_what_is_no_record_is_not_read(data: bytes) -> None:
    with pytest.raises(RecordError):
        decoded(Tree, data)


def test_what_is_too_deep_is_neither_written_nor_read() -> None:
    tree, values = Tree(), written(Tree())[0]
    for _ in range(50):
        tree = Tree(children=(tree,))
    assert decoded(Tree, encoded(tree)) == tree
    for _ in range(3000):
        tree = Tree(children=(tree,))
    with pytest.raises(RecordError):
        encoded(tree)
    level = json.dumps(values)[: -len("]]")]
    with pytest.raises(RecordError):
        decoded(Tree, f'["{fingerprint(Tree)}", {level * 3000}{"]]" * 3000}]\n'.encode())


@given(st.data())
def test_bytes_that_are_changed_are_a_record_or_refused(data: st.DataObject) -> None:
    whole = encoded(data.draw(TREES))
    at = data.draw(st.integers(0, len(whole)))
    cut = data.draw(st.integers(0, 9))
    changed = (
        whole[:at]
        + data.draw(st.binary(max_size=4) | st.sampled_from([b"[", b"{", b"1e999", b"null"]))
        + whole[at + cut :]
    )
    try:
        record = decoded(Tree, changed)
    except RecordError:
        return
    assert type(record) is Tree
    assert told(decoded(Tree, encoded(record))) == told(record)


def test_what_a_class_refuses_is_no_record() -> None:
    with pytest.raises(RecordError, match="no Even"):
        decoded(Even, line_of([1], kind=Even))


@dataclass(frozen=True)
class Even:
    number: int

    def __post_init__(self) -> None:
        if self.number % 2:
            raise ZeroDivisionError("odd")


# --- types -------------------------------------------------------------------------------------------------------


def record_with(annotation: object) -> type:
    """A frozen record with one field of a type."""
    return dataclass(frozen=True)(type("Made", (), {"__annotations__": {"field": annotation}}))


@pytest.mark.parametrize(
    "annotation",
    [
        list[str],
        set[str],
        tuple,
        Any,
        object,
        complex,
        type[int],
        Literal[Colour.RED],
        dict[str, list[int]],
        str | list[str],
    ],
    ids=str,
)
def test_there_are_types_that_a_record_cannot_have(annotation: object) -> None:
    for _ in range(2):  # and it is no less so when asked again
        with pytest.raises(TypeError, match="a record cannot have"):
            fingerprint(record_with(annotation))


@pytest.mark.parametrize(
    "annotation",
    [tuple[int, ...] | tuple[str, ...], str | bool | Literal["x"], dict[str, int] | Mapping[str, str]],  # noqa: PYI051
    ids=str,
)
def test_a_union_whose_values_cannot_be_told_apart_is_none(annotation: object) -> None:
    with pytest.raises(TypeError, match="cannot be told apart"):
        fingerprint(record_with(annotation))


def test_only_frozen_dataclasses_are_records() -> None:
    @dataclass
    class Loose:
        x: int

    with pytest.raises(TypeError, match="not frozen"):
        encoded(Loose(1))
    with pytest.raises(TypeError, match="no dataclass"):
        encoded("words")


def test_a_fingerprint_is_that_of_all_names_and_types() -> None:
    def kind(**fields: object) -> type:
        return dataclass(frozen=True)(type("Made", (), {"__annotations__": fields}))

    class One(Enum):
        A = 1

    def inner(**fields: object) -> type:
        return dataclass(frozen=True)(type("Inner", (), {"__annotations__": fields}))

    kinds = [
        kind(a=int),
        kind(b=int),
        kind(a=str),
        kind(a=int, b=int),
        kind(b=int, a=int),
        kind(a=int | None),
        kind(a=Literal["x"]),
        kind(a=Literal["x", "y"]),
        kind(a=One),
        kind(a=Colour),
        kind(a=tuple[int, ...]),
        kind(a=tuple[int]),
        kind(a=inner(x=int)),
        kind(a=inner(x=float)),
        kind(a=tuple[inner(x=float), ...]),  # type: ignore[misc]
        kind(a=tuple[inner(y=float), ...]),  # type: ignore[misc]
    ]
    assert len({fingerprint(each) for each in kinds}) == len(kinds)
    assert fingerprint(kind(a=int)) == fingerprint(kind(a=int))


def test_the_order_in_which_a_union_is_written_means_nothing() -> None:
    one, other = record_with(Dot | Disc | str), record_with(str | Disc | Dot)
    assert fingerprint(one) == fingerprint(other)
    assert decoded(other, encoded(one(Disc(1.0)))) == other(Disc(1.0))
