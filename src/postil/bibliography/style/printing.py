"""What a style prints of a work, found by following its layout through macros and conditions."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from lxml import etree

from postil.bibliography.style.file import NAMESPACE

PRINTED = frozenset(f"{{{NAMESPACE}}}{name}" for name in ("text", "number", "date", "names"))


@cache
def shows(style: bytes, variable: str, kind: str, given: frozenset[str]) -> bool:
    """Whether a style prints a variable of a work which is of this type and has the variables `given`.

    What counts is the style's list of works, or its citations where it has no list.
    """
    root = etree.fromstring(style, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True))
    macros = {macro.get("name", ""): macro for macro in root.iterfind(_tag("macro"))}
    layout = root.find(f"{_tag('bibliography')}/{_tag('layout')}")
    if layout is None:
        layout = root.find(f"{_tag('citation')}/{_tag('layout')}")

    ahead = [] if layout is None else [layout]
    followed: set[str] = set()
    while ahead:
        element = ahead.pop()
        if element.tag in PRINTED and variable in element.get("variable", "").split():
            return True
        macro = element.get("macro", "")
        if macro in macros and macro not in followed:
            followed.add(macro)
            ahead.append(macros[macro])
        if element.tag == _tag("choose"):
            ahead.extend(next(([branch] for branch in element if _holds(branch, kind, given)), []))
        else:
            ahead.extend(element)
    return False


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _holds(branch: etree._Element, kind: str, given: Collection[str]) -> bool:
    """Whether a branch is taken, which may ask for a work's type and variables; whatever else it asks is not so."""
    if branch.tag == _tag("else"):
        return True
    tests = [
        (name == "type" and value == kind) or (name == "variable" and value in given)
        for name, values in branch.attrib.items()
        if name != "match"
        for value in str(values).split()
    ]
    match branch.get("match", "all"):
        case "any":
            return any(tests)
        case "none":
            return not any(tests)
        case _:
            return all(tests)
