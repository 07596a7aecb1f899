from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postil.manuscript.places import Key, places
from postil.source import Source

EVERYTHING = '''\
title = "a [ # ] = b"
"sub title" = 'x\\' # comment = [
a.b = 1.5

[[row]]
name = """
[not] = a table
"""
tags = ["a", {k = [1, 2]},
  "c",
]
[[row]]
name = "y"
[[row.inner]]
z = 1
[x.y]
z = {q = 1, r.s = 2}
'''


@pytest.mark.parametrize(
    ("key", "line", "column"),
    [
        (("title",), 1, 1),
        (("sub title",), 2, 1),
        (("a", "b"), 3, 1),
        (("row",), 5, 3),
        (("row", 0, "name"), 6, 1),
        (("row", 0, "tags", 0), 9, 9),
        (("row", 0, "tags", 1, "k", 1), 9, 23),
        (("row", 0, "tags", 2), 10, 3),
        (("row", 1), 12, 3),
        (("row", 1, "name"), 13, 1),
        (("row", 1, "inner", 0, "z"), 15, 1),
        (("x", "y", "z", "q"), 17, 6),
        (("x", "y", "z", "r", "s"), 17, 13),
    ],
)
def test_the_place_of_a_key(key: Key, line: int, column: int) -> None:
    place = places(Source("book.toml", EVERYTHING)).position(*key)
    assert (place.line, place.column) == (line, column)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (r'"tit\u006ce"', "title"),
        (r'"a \"b\" \\ \t"', 'a "b" \\ \t'),
        (r"'tit\u006ce'", r"tit\u006ce"),
        ("\"it's'\"", "it's'"),
        ("'\"a\"'", '"a"'),
        ('""', ""),
    ],
)
def test_a_quoted_key_has_its_place_under_the_name_that_it_means(written: str, name: str) -> None:
    text = f"a = 1\n\n{written} = 2\n[b]\nc = {{{written} = 1}}\n[d.{written}]\n"
    assert name in tomllib.loads(text)
    found = places(Source("book.toml", text))
    lines = [found.position(*key).line for key in ((name,), ("b", "c", name), ("d", name))]
    assert lines == [3, 5, 6]


@pytest.mark.parametrize("key", ['"', "'", '"\\', '"\\u12"', '"a\\'])
def test_a_quoted_key_that_is_broken_is_passed_over(key: str) -> None:
    places(Source("book.toml", f"{key} = 1\ntitle = 2\n"))


def test_what_is_not_there_has_the_place_of_what_is_around_it() -> None:
    found = places(Source("book.toml", EVERYTHING))
    assert found.position("row", 1, "role") == found.position("row", 1)
    assert found.position("nothing").line == 1


def keys(value: object, key: Key = ()) -> set[Key]:
    """Every key of a parsed file, by the parser's own account."""
    inside: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inside = list(value.items())
    elif isinstance(value, list):
        inside = list(enumerate(value))
    return {key} | {found for part, child in inside for found in keys(child, (*key, part))}


NAMES = st.text("abc_-1", min_size=1, max_size=4)
WORDS = st.text("ab =[]{},.#'\n", max_size=8)


def toml(value: object) -> str:
    match value:
        case str():
            return '"""' + value.replace('"', "") + '"""' if "\n" in value else f'"{value}"'
        case list():
            return "[" + ", ".join(map(toml, value)) + "]"
        case dict():
            return "{" + ", ".join(f"{name} = {toml(child)}" for name, child in value.items()) + "}"
        case _:
            return str(value).lower()


VALUES = st.recursive(
    st.integers() | st.booleans() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(NAMES, VALUES, max_size=4), st.lists(st.dictionaries(NAMES, VALUES, max_size=3), max_size=3))
def test_every_key_that_the_parser_finds_has_a_place(table: dict[str, object], rows: list[dict[str, object]]) -> None:
    text = "".join(f"{name} = {toml(value)}\n" for name, value in table.items())
    for row in rows:
        text += "[[the_rows]]\n" + "".join(f"{name} = {toml(value)}\n" for name, value in row.items())
    assert set(places(Source("book.toml", text)).offsets) | {()} == keys(tomllib.loads(text))


@given(st.text("[]{}=,.\"'\\#\na ", max_size=60))
def test_the_scan_never_fails(text: str) -> None:
    found = places(Source("book.toml", text))
    assert all(0 <= offset < len(text) for offset in found.offsets.values())


@pytest.mark.parametrize("text", ["[" * 200_000, "a." * 200_000, '"""\\"' * 50_000, "a=[" * 50_000, "[[a]]\n" * 20_000])
def test_hostile_files_take_no_time(text: str) -> None:
    """Each would take minutes if the scan were quadratic."""
    places(Source("book.toml", text))
