"""The brackets around a citation and within it, and the full stop at its end, which its place in a sentence decides."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar, assert_never, cast

from postil.document import Element, Parent, Text, Words, WorkLink, plain

SQUARE = str.maketrans("()", "[]")


def bracketed(shown: tuple[Words, ...], *, within: bool = False) -> tuple[Words, ...]:
    """A citation in round brackets, its own brackets made square (Chicago 18, 6.101): "(Coll, *Wars* [2004], 5)".

    Where it stands `within` round brackets of the sentence, the brackets around it are square, and its own stay round.
    Addresses keep the brackets that they have.
    """
    if within:
        return (Text("["), *shown, Text("]"))
    return (Text("("), *_within_brackets(shown), Text(")"))


def _within_brackets(shown: tuple[Words, ...]) -> tuple[Words, ...]:
    def squared(node: Words) -> Words:
        match node:
            case Text(value=value):
                return Text(value.translate(SQUARE))
            case Element(tag="a"):
                return node
            case Element() | WorkLink():
                return replace(node, children=tuple(map(squared, node.children)))
            case _:
                assert_never(node)

    return tuple(map(squared, shown))


def as_sentence(shown: tuple[Words, ...]) -> tuple[Words, ...]:
    """A citation without the round brackets around it, as it is where it stands alone."""
    match shown:
        case (Text() as only,) if only.value.startswith("(") and only.value.endswith(")"):
            return (Text(only.value[1:-1]),)
        case (Text() as first, *inside, Text() as last) if first.value.startswith("(") and last.value.endswith(")"):
            ends = (Text(first.value[1:]), *inside, Text(last.value[:-1]))
            return tuple(node for node in ends if node != Text(""))
    return shown


N = TypeVar("N")


def without_stop(shown: tuple[N, ...]) -> tuple[N, ...]:
    """A citation without its full stop."""
    *rest, last = shown or (None,)
    if not isinstance(last, Text):
        return shown
    kept = last.value.removesuffix(".")
    return cast("tuple[N, ...]", (*rest, Text(kept)) if kept else tuple(rest))


def stop_inside(shown: tuple[N, ...]) -> tuple[N, ...]:
    """A note with its full stop as America has it, within quotation marks: “Ghost Wars.” where it was “Ghost Wars”."""
    bare: Any = without_stop(shown)
    return _before_quotes(bare) if bare != shown and plain(bare).endswith("”") else shown


def _before_quotes(shown: tuple[N, ...]) -> tuple[N, ...]:
    """Words with a full stop before their last quotation marks, unless another mark stands there."""
    *rest, last = shown or (None,)
    if isinstance(last, Text):
        inside = last.value.rstrip("”’")
        stop = "" if inside.endswith((".", "?", "!")) else "."
        return cast("tuple[N, ...]", (*rest, Text(inside + stop + last.value[len(inside) :])))
    return cast("tuple[N, ...]", (*rest, last.mapped(_before_quotes))) if isinstance(last, Parent) else shown
