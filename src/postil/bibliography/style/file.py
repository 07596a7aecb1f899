"""A file in the Citation Style Language, read as far as Postil has to know it; the engines read the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from postil.source import Diagnostic, Position

NAMESPACE = "http://purl.org/net/xbiblio/csl"


@dataclass(frozen=True, slots=True)
class Style:
    """A citation style: its name, whether its citations are notes, and `data`, its CSL.

    `bibliography` says whether it has a list of works at all, `ordered` whether that list has an order of its own and
    not that of the citations. `language` is the style's own, empty where it has none. `at` is where `book.toml` names
    the style.
    """

    name: str
    note: bool
    bibliography: bool
    ordered: bool
    language: str
    data: bytes = field(repr=False)
    at: Position | None = None


def read_style(name: str, data: bytes, at: Position | None = None) -> tuple[Style | None, tuple[Diagnostic, ...]]:
    """A style from the bytes of a CSL file, at whose mention in `book.toml` a mistake is reported.

    The file is not trusted. It must depend on no other style: pandoc would fetch that one from wherever the file says,
    whatever pandoc's sandbox.
    """
    try:
        said = _head(data)
    except (expat.ExpatError, _RefusedError) as error:
        return None, (_unusable(name, str(error), at),)
    if said.parent:
        return None, (_unusable(name, f"it depends on the style '{said.parent}'", at),)
    style = Style(name, said.kind == "note", said.bibliography, said.ordered, said.language, data, at)
    return style, ()


def parent(data: bytes) -> str:
    """The name of the style on which a CSL file depends; nothing where it is whole. Raises as `_head` does."""
    return _head(data).parent.rpartition("/")[2]


def _unusable(name: str, why: str, at: Position | None) -> Diagnostic:
    hint = "give the name of a style or the path of a CSL 1.0 file that is whole by itself"
    return Diagnostic("P205", f"the citation style '{name}' cannot be used: {why}", at, hint)


class _RefusedError(Exception):
    """Why a file is not taken as a style."""


@dataclass(slots=True)
class _Head:
    """What a CSL file says of itself; `kind` is `note` or `in-text`, `parent` the address of a style."""

    kind: str = ""
    bibliography: bool = False
    ordered: bool = False
    language: str = ""
    parent: str = ""


def _head(data: bytes) -> _Head:
    """What a CSL file says of itself. Raises ExpatError or _RefusedError where it is not a style to work with."""
    head = _Head()
    path: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")

    def start(name: str, attributes: dict[str, str]) -> None:
        path.append(name.removeprefix(f"{NAMESPACE} "))
        if len(path) == 1:
            if name != f"{NAMESPACE} style":
                message = "it is not a CSL style"
                raise _RefusedError(message)
            head.kind = attributes.get("class", "")
            head.language = attributes.get("default-locale", "")
        # On whatever element it stands, for pandoc does not look at the names of elements here either.
        elif "independent-parent" in attributes.values():
            head.parent = attributes.get("href", "") or name
        elif path[:2] == ["style", "bibliography"]:
            head.bibliography = True
            head.ordered = head.ordered or path[2:] == ["sort"]

    def end(_: str) -> None:
        path.pop()

    def doctype(*_: object) -> None:
        # it could define entities, which can grow without bound
        message = "it has a document type declaration"
        raise _RefusedError(message)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = doctype
    parser.Parse(data, True)  # noqa: FBT003 -- expat's way to say that this is all
    return head
