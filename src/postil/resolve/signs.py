"""The signs of notes and annotations: how they count, and where they stand in the sentence."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from postil.document import Call, Comma, Element, Lemma, Parent, Resolved, Text, rewrite

CLOSING = r"[”’»›“‘«‹\"']"  # which of them close depends on the language, but none stands open before a space
STOP = "[.,;:!?…،؛؟۔]"
PUNCTUATION = re.compile(rf"{STOP}+(?:{CLOSING}+(?!\w))?|{CLOSING}++(?!\w){STOP}*")
EMPHASES = frozenset({"em", "strong", "i", "b"})


@dataclass(slots=True)
class Numbering:
    """How far the two series of signs have come: notes by number, annotations by letter."""

    notes: int = 0
    keys: int = 0

    def note(self) -> str:
        """The next number."""
        self.notes += 1
        return str(self.notes)

    def key(self) -> str:
        """The next letter: a to z, then aa and ab."""
        self.keys += 1
        return letters(self.keys)


def letters(number: int) -> str:
    """A number from 1 as a to z, then aa, ab and so on."""
    sign = ""
    while number:
        number, digit = divmod(number - 1, 26)
        sign = chr(ord("a") + digit) + sign
    return sign


def settled(nodes: tuple[Resolved, ...], made: Container[str], *, behind: bool) -> tuple[Resolved, ...]:
    """A text with its signs where they belong.

    `made` are the ids of the calls that citations made: these hug the word before them and, if `behind`, follow the
    punctuation after it, with the calls beside them. Where signs fall together, letters stand before numbers, and a
    comma keeps each from the next.
    """

    def settle(node: Resolved) -> tuple[Resolved, ...] | None:
        if not isinstance(node, Parent):
            return None
        children = [inner for child in node.children for inner in _without_last_calls(child)]
        if not any(isinstance(child, Call) for child in children):
            return None
        return (replace(node, children=_settled(children, made, behind=behind)),)

    return rewrite(rewrite(nodes, settle), _told_apart)


def _without_last_calls(node: Resolved) -> tuple[Resolved, ...]:
    """Emphasis or a lemma, with the calls of notes at its end behind it."""
    if not isinstance(node, Lemma) and not (isinstance(node, Element) and node.tag in EMPHASES):
        return (node,)
    words = list(node.children)
    calls: list[Resolved] = []
    while words and isinstance(words[-1], Call) and words[-1].kind == "note":
        calls.insert(0, words.pop())
    return (*((replace(node, children=tuple(words)),) if words else ()), *calls) if calls else (node,)


def _settled(children: list[Resolved], made: Container[str], *, behind: bool) -> tuple[Resolved, ...]:
    result: list[Resolved] = []
    at = 0
    while at < len(children):
        calls, end = _run(children, at, made)
        if not any(call.id in made for call in calls):
            result += calls or [children[at]]
            at = max(end, at + 1)
            continue
        before = result[-1] if result and calls[0].id in made else None
        if isinstance(before, Text):
            result[-1:] = _filled(before.cut(0, len(before.value.rstrip())))
        after = children[end] if end < len(children) else None
        if behind and isinstance(after, Text) and (found := PUNCTUATION.match(after.value)):
            result += [call for call in calls if call.kind == "annotation"]
            result.append(after.cut(0, found.end()))
            result += [call for call in calls if call.kind == "note"]
            children[end : end + 1] = _filled(after.cut(found.end()))
        else:
            result += calls
        at = end
    return tuple(result)


def _run(children: Sequence[Resolved], start: int, made: Container[str]) -> tuple[list[Call], int]:
    """The calls that stand together from `start` on, and where they end; those that citations made may have spaces."""
    calls: list[Call] = []
    at = start
    while at < len(children):
        child = children[at]
        if isinstance(child, Call):
            calls.append(child)
        elif calls and isinstance(child, Text) and child.value.isspace():
            following = children[at + 1] if at + 1 < len(children) else None
            if not isinstance(following, Call) or following.id not in made:
                break
        else:
            break
        at += 1
    return calls, at


def _filled(text: Text) -> list[Resolved]:
    return [text] if text.value else []


def _told_apart(node: Resolved) -> tuple[Resolved, ...] | None:
    """Where signs fall together, letters stand before numbers, and a comma keeps each from the next."""
    if not isinstance(node, Parent) or sum(isinstance(child, Call) for child in node.children) < 2:  # noqa: PLR2004
        return None
    children: list[Resolved] = []
    for together, group in groupby(node.children, key=lambda child: isinstance(child, Call)):
        if not together:
            children += group
            continue
        for call in sorted(group, key=lambda call: isinstance(call, Call) and call.kind == "note"):
            if children and isinstance(children[-1], Call):
                children.append(Comma())
            children.append(call)
    return (replace(node, children=tuple(children)),)
