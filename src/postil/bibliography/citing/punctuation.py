"""The brackets around a citation and within it, and the full stop at its end, which its place in a sentence decides."""

from __future__ import annotations

import re
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


# the end of a quotation within another, or of one in italics, which has a stop or comma behind it
NESTED = re.compile(r"(‘[^‘“”]*)’([.,])”")
QUOTED = re.compile(r"‘[^‘]*’”$|”$")


def stops_inside(shown: tuple[Words, ...]) -> tuple[Words, ...]:
    """Words with each full stop and comma as America has it (Chicago 18, 6.9 and 6.11): within all closing marks.

    Engines move it into one pair of marks, but not into two, “A Study of ‘Quoted Words’,” nor into marks in italics.
    """
    result: list[Words] = []
    for node in shown:
        if isinstance(node, Text):
            value = NESTED.sub(r"\1\2’”", node.value)
            before = result[-1] if result else None
            if value[:1] in (".", ",") and isinstance(before, Element | WorkLink) and QUOTED.search(plain((before,))):
                result[-1] = replace(before, children=_before_marks(value[0], before.children))
                value = value[1:]
            result += [Text(value)] if value else []
        else:
            result.append(replace(node, children=stops_inside(node.children)))
    return tuple(result)


def _before_marks(stop: str, shown: tuple[Words, ...]) -> tuple[Words, ...]:
    """Words with a stop before the closing marks at their end, unless another mark stands there."""
    *rest, last = shown
    if isinstance(last, Text):
        marks = QUOTED.search(last.value)
        at = len(last.value) - (len("’”") if marks and len(marks[0]) > 1 else len("”"))
        kept = "" if last.value[:at].endswith((".", "?", "!", ",")) else stop
        return (*rest, Text(last.value[:at] + kept + last.value[at:]))
    return (*rest, replace(last, children=_before_marks(stop, last.children)))


def _before_quotes(shown: tuple[N, ...]) -> tuple[N, ...]:
    """Words with a full stop before their last quotation marks, unless another mark stands there."""
    *rest, last = shown or (None,)
    if isinstance(last, Text):
        inside = last.value.rstrip("”’")
        stop = "" if inside.endswith((".", "?", "!")) else "."
        return cast("tuple[N, ...]", (*rest, Text(inside + stop + last.value[len(inside) :])))
    return cast("tuple[N, ...]", (*rest, last.mapped(_before_quotes))) if isinstance(last, Parent) else shown
