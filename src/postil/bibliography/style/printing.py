"""What a style prints of a work, found by following its layout through macros and conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from lxml import etree

from postil.bibliography.style.file import NAMESPACE

PRINTED = frozenset(("text", "number", "date", "names"))


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a layout: the variables that it prints, what it does with their capitals, and the macro that it calls.

    A `choice` takes one of its parts, by the conditions that these have.
    """

    variables: tuple[str, ...]
    case: str
    macro: str
    choice: bool
    condition: _Condition | None
    parts: tuple[_Part, ...]


@dataclass(frozen=True, slots=True)
class _Condition:
    """What a branch asks: the types and the variables that a work may have, and whether anything else."""

    match: str
    types: frozenset[str]
    variables: frozenset[str]
    more: bool

    def answers(self, kind: str, given: frozenset[str]) -> tuple[bool, bool]:
        """Whether the branch is taken if all that it asks besides types and variables is not so, and if it is so."""
        match self.match:
            case "any":
                known = kind in self.types or not given.isdisjoint(self.variables)
                return known, known or self.more
            case "none":
                known = kind not in self.types and given.isdisjoint(self.variables)
                return known, known and not self.more
            case _:
                known = self.types <= {kind} and self.variables <= given
                return known and not self.more, known


@dataclass(frozen=True, slots=True)
class _Layout:
    """The layouts of citations and, behind it, of the list of works if there is one; the macros, and what is asked."""

    parts: tuple[_Part, ...]
    macros: Mapping[str, _Part]
    asked: frozenset[str]


def shows(style: bytes, variable: str, kind: str, given: frozenset[str]) -> bool:
    """Whether a style prints a variable of a work which is of this type and has the variables `given`.

    What counts is the style's list of works, or its citations where it has no list.
    """
    return variable in _shown(style, kind, given & _layout(style).asked)


def cases(style: bytes, kind: str, given: frozenset[str]) -> Mapping[str, frozenset[str]]:
    """What a style may print of such a work anywhere, and what it does with the capitals of each variable.

    That is `title`, `sentence`, … or nothing, "". The short form of a variable is one of its own, such as
    `title-short`. A work is printed in different ways, as in a first note and in a later one: all of them count.
    """
    return _cases(style, kind, given & _layout(style).asked)


@cache
def _shown(style: bytes, kind: str, given: frozenset[str]) -> frozenset[str]:
    layout = _layout(style)
    followed = _followed(layout, layout.parts[-1:], kind, given, doubtful=False)
    return frozenset(variable.removesuffix(SHORT) for part in followed for variable in part.variables)


@cache
def _cases(style: bytes, kind: str, given: frozenset[str]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    layout = _layout(style)
    for part in _followed(layout, layout.parts, kind, given, doubtful=True):
        for variable in part.variables:
            found.setdefault(variable.replace(SHORT, "-short"), set()).add(part.case)
    return {variable: frozenset(cases) for variable, cases in found.items()}


def with_place(item: Mapping[str, object], style: bytes) -> Mapping[str, object]:
    """A work in which the note on something unpublished says where it is kept, if the style prints that and no notes.

    BibTeX has only the note for that: `note = {Box 12, Folder 3, Truman Library}`.
    """
    kind, given = str(item.get("type", "")), frozenset(item)
    if kind != "manuscript" or "note" not in item or "archive" in item or shows(style, "note", kind, given):
        return item
    kept = {name: value for name, value in item.items() if name != "note"} | {"archive": item["note"]}
    return kept if shows(style, "archive", kind, frozenset(kept)) else item


def _followed(
    layout: _Layout, parts: Sequence[_Part], kind: str, given: frozenset[str], *, doubtful: bool
) -> Iterator[_Part]:
    """The parts of layouts and of the macros that they call, but for branches that such a work does not take.

    Where conditions ask for anything but a work's type and variables, it is not so; `doubtful` branches are taken as
    well.
    """
    ahead = list(parts)
    called: set[str] = set()
    while ahead:
        part = ahead.pop()
        if part.variables:
            yield part
        if part.macro and part.macro not in called and part.macro in layout.macros:
            called.add(part.macro)
            ahead.append(layout.macros[part.macro])
        ahead.extend(_taken(part, kind, given, doubtful=doubtful) if part.choice else part.parts)


def _taken(choice: _Part, kind: str, given: frozenset[str], *, doubtful: bool) -> Iterator[_Part]:
    for branch in choice.parts:
        first, second = (True, True) if branch.condition is None else branch.condition.answers(kind, given)
        if first or (doubtful and second):
            yield branch
        if first and (second or not doubtful):
            return


# --- reading ----------------------------------------------------------------------------------------------------

SHORT = "\0short"
"""What stands behind the name of a variable that is printed in its short form."""


@cache
def _layout(style: bytes) -> _Layout:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    root = etree.fromstring(style, parser)
    found = (root.find(f"{_tag(part)}/{_tag('layout')}") for part in ("citation", "bibliography"))
    asked = {
        variable
        for element in root.iter(_tag("if"), _tag("else-if"))
        for variable in element.get("variable", "").split()
    }
    macros = {macro.get("name", ""): _part(macro) for macro in root.iterfind(_tag("macro"))}
    return _Layout(tuple(_part(layout) for layout in found if layout is not None), macros, frozenset(asked))


def _part(element: etree._Element) -> _Part:
    name = str(element.tag).rpartition("}")[2]
    short = SHORT if element.get("form") == "short" and name == "text" else ""
    variables = element.get("variable", "").split() if name in PRINTED else ()
    return _Part(
        tuple(f"{variable}{short}" for variable in variables),
        element.get("text-case", ""),
        element.get("macro", ""),
        name == "choose",
        _condition(element) if name in ("if", "else-if") else None,
        tuple(map(_part, element)),
    )


def _condition(branch: etree._Element) -> _Condition:
    asked = {str(name): str(values).split() for name, values in branch.attrib.items() if name != "match"}
    types, variables = asked.pop("type", ()), asked.pop("variable", ())
    return _Condition(branch.get("match", "all"), frozenset(types), frozenset(variables), any(asked.values()))


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
