"""Citations in the sentences of notes and annotations: the brackets around them, and those within."""

from __future__ import annotations

from dataclasses import replace

from postil.document import Element, Node, Text

SQUARE = str.maketrans("()", "[]")


def bracketed(shown: tuple[Node, ...], *, within: bool = False) -> tuple[Node, ...]:
    """A citation in round brackets, in which others become square (Chicago 18, 6.101); addresses stay as they are.

    One that stands `within` the sentence's own round brackets has square ones around it.
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
    """A citation in line that is a sentence of its own: without the round brackets around it."""
    match shown:
        case (Text() as only,) if only.value.startswith("(") and only.value.endswith(")"):
            return (Text(only.value[1:-1]),)
        case (Text() as first, *inside, Text() as last) if first.value.startswith("(") and last.value.endswith(")"):
            ends = (Text(first.value[1:]), *inside, Text(last.value[:-1]))
            return tuple(node for node in ends if node != Text(""))
    return shown
