"""The brackets around a citation and within it, and the full stop at its end, which its place in a sentence decides."""

from __future__ import annotations

from dataclasses import replace

from postil.document import Element, Node, Text, plain

SQUARE = str.maketrans("()", "[]")


def bracketed(shown: tuple[Node, ...], *, within: bool = False) -> tuple[Node, ...]:
    """A citation in round brackets, its own brackets made square (Chicago 18, 6.101): "(Coll, *Wars* [2004], 5)".

    Where it stands `within` round brackets of the sentence, the brackets around it are square, and its own stay round.
    Addresses keep the brackets that they have.
    """
    if within:
        return (Text("["), *shown, Text("]"))
    return (Text("("), *_within_brackets(shown), Text(")"))


def _within_brackets(shown: tuple[Node, ...]) -> tuple[Node, ...]:
    def squared(node: Node) -> Node:
        match node:
            case Text(value=value):
                return Text(value.translate(SQUARE))
            case Element(tag="a") if "cite" not in node.classes:
                return node
            case Element():
                return replace(node, children=tuple(map(squared, node.children)))
        return node

    return tuple(map(squared, shown))


def as_sentence(shown: tuple[Node, ...]) -> tuple[Node, ...]:
    """A citation without the round brackets around it, as it is where it stands alone."""
    match shown:
        case (Text() as only,) if only.value.startswith("(") and only.value.endswith(")"):
            return (Text(only.value[1:-1]),)
        case (Text() as first, *inside, Text() as last) if first.value.startswith("(") and last.value.endswith(")"):
            ends = (Text(first.value[1:]), *inside, Text(last.value[:-1]))
            return tuple(node for node in ends if node != Text(""))
    return shown


def without_stop(shown: tuple[Node, ...]) -> tuple[Node, ...]:
    """A citation without its full stop."""
    match shown:
        case (*rest, Text() as last):
            kept = last.value.removesuffix(".")
            return (*rest, Text(kept)) if kept else tuple(rest)
    return shown


def stop_inside(shown: tuple[Node, ...]) -> tuple[Node, ...]:
    """A note with its full stop as America has it, within quotation marks: “Ghost Wars.” where it was “Ghost Wars”."""
    bare = without_stop(shown)
    return _before_quotes(bare) if bare != shown and plain(bare).endswith("”") else shown


def _before_quotes(shown: tuple[Node, ...]) -> tuple[Node, ...]:
    """Words with a full stop before their last quotation marks, unless another mark stands there."""
    match shown:
        case (*rest, Element(children=children) as last):
            return (*rest, replace(last, children=_before_quotes(children)))
        case (*rest, Text() as last):
            inside = last.value.rstrip("”’")
            stop = "" if inside.endswith((".", "?", "!")) else "."
            return (*rest, Text(inside + stop + last.value[len(inside) :]))
    return shown
