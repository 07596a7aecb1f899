"""The tokens of a style sheet, however deep they stand, and the names that it has rules for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import tinycss2
from tinycss2.ast import Node

FETCHING: Final = frozenset({"src", "image", "image-set", "cross-fade", "expression"})
"""Functions that take in something else, besides `url()`."""


def tokens(css: str) -> Iterator[tuple[Node, int]]:
    """The tokens of a style in their order, each with the number of functions and blocks that it stands in."""
    todo = [(node, 0) for node in reversed(tinycss2.parse_component_value_list(css))]
    while todo:
        node, depth = todo.pop()
        yield node, depth
        inside = node.arguments if node.type == "function" else getattr(node, "content", None)
        todo.extend((inner, depth + 1) for inner in reversed(inside or ()))


def address(node: Node) -> str | None:
    """What a token refers to, if it is a `url()`."""
    if node.type == "url":
        return str(node.value)
    if node.type == "function" and node.lower_name == "url":
        return "".join(argument.value for argument in node.arguments if argument.type == "string")
    return None


def names(css: str) -> Iterator[str]:
    """The classes and the `data-` attributes that a style sheet's selectors name."""
    before: Node | None = None
    for node, _ in tokens(css):
        # a number such as .5 is one token: a full stop by itself begins a class
        is_class = before is not None and before.type == "literal" and before.value == "."
        if node.type == "ident" and (is_class or node.value.startswith("data-")):
            yield str(node.value)
        before = node
