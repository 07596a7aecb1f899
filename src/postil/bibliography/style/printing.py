"""What a style prints of a work, found by following its layout through macros and conditions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache

from lxml import etree

from postil.bibliography.style.file import NAMESPACE

PRINTED = frozenset(f"{{{NAMESPACE}}}{name}" for name in ("text", "number", "date", "names"))


@cache
def shows(style: bytes, variable: str, kind: str, given: frozenset[str]) -> bool:
    """Whether a style prints a variable of a work which is of this type and has the variables `given`.

    What counts is the style's list of works, or its citations where it has no list.
    """
    layouts = _layouts(style)
    followed = _followed(style, layouts[-1:], kind, given, doubtful=False)
    return any(e.tag in PRINTED and variable in e.get("variable", "").split() for e in followed)


@cache
def prints(style: bytes, variable: str, kind: str, given: frozenset[str]) -> bool:
    """Whether a style may print a variable of such a work anywhere, in a citation or in the list of works."""
    followed = _followed(style, _layouts(style), kind, given, doubtful=True)
    names = {variable, variable.removesuffix("-short") if variable.endswith("-short") else f"{variable}-short"}
    return any(e.tag in PRINTED and names & set(e.get("variable", "").split()) for e in followed)


def with_place(item: Mapping[str, object], style: bytes) -> Mapping[str, object]:
    """A work in which the note on something unpublished says where it is kept, if the style prints that and no notes.

    BibTeX has only the note for that: `note = {Box 12, Folder 3, Truman Library}`.
    """
    kind, given = str(item.get("type", "")), frozenset(item)
    if kind != "manuscript" or "note" not in item or "archive" in item or shows(style, "note", kind, given):
        return item
    kept = {name: value for name, value in item.items() if name != "note"} | {"archive": item["note"]}
    return kept if shows(style, "archive", kind, frozenset(kept)) else item


@cache
def cases(style: bytes, kind: str, given: frozenset[str]) -> Mapping[str, frozenset[str]]:
    """What a style does with the capitals of each variable of such a work: `title`, `sentence`, … or nothing, "".

    The short form of a variable is one of its own, such as `title-short`. A work is printed in different ways, as in a
    first note and in a later one: all of them count.
    """
    found: dict[str, set[str]] = {}
    for element in _followed(style, _layouts(style), kind, given, doubtful=True):
        if element.tag == _tag("text") and (variable := element.get("variable")):
            short = "-short" if element.get("form") == "short" else ""
            found.setdefault(variable + short, set()).add(element.get("text-case", ""))
    return {variable: frozenset(cases) for variable, cases in found.items()}


@cache
def _parsed(style: bytes) -> etree._Element:
    return etree.fromstring(style, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True))


def _layouts(style: bytes) -> Sequence[etree._Element]:
    """The layout of a style's citations and, behind it, that of its list of works if it has one."""
    found = (_parsed(style).find(f"{_tag(part)}/{_tag('layout')}") for part in ("citation", "bibliography"))
    return [layout for layout in found if layout is not None]


def _followed(
    style: bytes, layouts: Sequence[etree._Element], kind: str, given: frozenset[str], *, doubtful: bool
) -> Iterator[etree._Element]:
    """The elements of layouts and of the macros that they call, but for branches that such a work does not take.

    Conditions may ask for a work's type and variables. Where they ask for anything else, it is not so; `doubtful`
    branches are taken as well.
    """
    macros = {macro.get("name", ""): macro for macro in _parsed(style).iterfind(_tag("macro"))}
    ahead = list(layouts)
    called: set[str] = set()
    while ahead:
        element = ahead.pop()
        yield element
        macro = element.get("macro", "")
        if macro in macros and macro not in called:
            called.add(macro)
            ahead.append(macros[macro])
        if element.tag == _tag("choose"):
            ahead.extend(_taken(element, kind, given, doubtful=doubtful))
        else:
            ahead.extend(element)


def _taken(choose: etree._Element, kind: str, given: Collection[str], *, doubtful: bool) -> Iterator[etree._Element]:
    for branch in choose:
        is_sure = _holds(branch, kind, given, otherwise=False)
        if is_sure or (doubtful and _holds(branch, kind, given, otherwise=True)):
            yield branch
        if is_sure and (not doubtful or _holds(branch, kind, given, otherwise=True)):
            return


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _holds(branch: etree._Element, kind: str, given: Collection[str], *, otherwise: bool) -> bool:
    """Whether a branch is taken, which may ask for a work's type and variables; `otherwise` answers anything else."""
    if branch.tag == _tag("else"):
        return True
    known: Mapping[str, Collection[str]] = {"type": (kind,), "variable": given}
    tests = [
        value in known[str(name)] if name in known else otherwise
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
