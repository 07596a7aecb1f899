"""Where the links of a title lead: to ids of their own chapter, of another one, or of a file that they name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from posixpath import normpath
from typing import TypeVar
from urllib.parse import unquote

from postil.dialect.links import place
from postil.document import Chapter, CrossReference, Element, Presented, rewritten
from postil.guesses import Guesses
from postil.source import Diagnostic, Source, Span

V = TypeVar("V")

KIND = re.compile(r"(?P<kind>[^\W\d_]+)(?P<sign>[:-])(?=.)")
OTHER_SIGN = {":": "-", "-": ":"}


@dataclass(frozen=True, slots=True)
class Home:
    """The places of one chapter: the id that each has, by the name that the manuscript has for it.

    `opening` is the id of the chapter's heading, or of its first one of a lower level; `others` are the names that
    headings have in other programs.
    """

    source: Source
    opening: str | None
    names: Mapping[str, str]
    others: Mapping[str, str]

    def find(self, target: str) -> str | None:
        """The id of the place that a link means, if it is in this chapter."""
        spelled = (self.names.get(name) for name in _spellings(target))
        return next(filter(None, spelled), None) or self.others.get(unquote(target))


@dataclass(slots=True)
class Homes:
    """All places of a title."""

    homes: Mapping[str, Home]
    found: list[Diagnostic]
    _names: dict[str, str] = field(init=False)
    _others: dict[str, str] = field(init=False)
    _stems: dict[str, Home] = field(init=False)
    _openings: dict[str, Home] = field(init=False)
    _guesses: Guesses = field(init=False)
    _within: dict[str, Guesses] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Look up once what is where; of two with one name, the first has it."""
        every = tuple(self.homes.values())
        self._names = _first(home.names for home in every)
        self._others = _first(home.others for home in every)
        self._stems = _first({_stem(home.source.path): home} for home in every)
        self._openings = _first({home.opening: home} for home in every if home.opening)
        self._guesses = Guesses(self.homes.keys())

    def led(self, chapter: Chapter[Presented]) -> Chapter[Presented]:
        """The chapter with its links to places of the title by the ids that those have."""
        home = self.homes[chapter.source.path]

        def lead(node: Presented) -> tuple[Presented, ...] | None:
            match node:
                case CrossReference(file=""):
                    found = self._find(node.target, home)
                    return (replace(node, target=found),) if found and found != node.target else None
                case CrossReference():
                    found = self._in_file(node.file, node.target, home, node.span)
                    return (replace(node, target=found, file=""),) if found else None
                case Element(tag="a") if (href := node.get("href")) is not None:
                    found = self._of_link(href, home, node.span)
                    return (node.having(href=f"#{found}"),) if found else None
            return None

        return rewritten(chapter, lead)

    def _of_link(self, href: str, home: Home, span: Span | None) -> str | None:
        leads = place(href)
        if leads is None:
            return None
        file, target = leads
        return self._in_file(file, target, home, span) if file else self._find(target, home)

    def _find(self, target: str, home: Home) -> str | None:
        """The id of a place, in the chapter itself or in another one."""
        own = home.find(target)
        if own:
            return own
        spelled = (self._names.get(name) for name in _spellings(target))
        return next(filter(None, spelled), None) or self._others.get(unquote(target))

    def _in_file(self, file: str, target: str, here: Home, span: Span | None) -> str | None:
        home = self._home(unquote(file), here)
        at = span or 0
        if home is None:
            near = self._guesses.of(PurePosixPath(_stem(unquote(file))).name + ".md")
            otherwise = "lead to a chapter's file or an id, as in '#sec-war', or write the whole address with https://"
            hint = f"did you mean '{near}'?" if near else otherwise
            message = f"'{file}' leads to no place in this title"
            self.found.append(here.source.diagnostic("P312", at, message, hint))
            return None
        place = home.find(target) if target else home.opening
        if place is None:
            near = self._guesses_in(home).of(unquote(target)) if target else None
            hint = f"did you mean '{file}#{near}'?" if near else "give a heading, figure or table there an id with {#…}"
            what = f"has the id '{target}'" if target else "is a heading to lead to"
            self.found.append(here.source.diagnostic("P302", at, f"nothing in {home.source.path} {what}", hint))
        return place

    def _guesses_in(self, home: Home) -> Guesses:
        """What is near to what in a chapter, looked for once."""
        return self._within.setdefault(home.source.path, Guesses(home.names))

    def _home(self, file: str, here: Home) -> Home | None:
        """The chapter that a file is: from where the link stands, from the title's folder, or by its heading's id.

        bookdown names the file of a chapter by the id of its heading, and puts all of them into one folder.
        """
        beside = PurePosixPath(here.source.path).parent / file
        stems = (_stem(str(beside)), _stem(file.lstrip("/")))
        known = (self._stems.get(stem) for stem in stems)
        return next(filter(None, known), None) or self._openings.get(PurePosixPath(_stem(file)).name)


def elsewhere(words: str) -> Iterator[str]:
    """The ids that other programs make of the words of a heading.

    Pandoc ("auto_identifiers" in its manual): letters, digits, `_`, `-` and `.`, spaces as hyphens, from the first
    letter on. GitHub, and mdBook like it: the same without full stops, whatever it begins with.
    """
    lower = unicodedata.normalize("NFC", words).lower()
    pandoc = re.sub(r"[^\w\s.-]", "", lower)
    yield re.sub(r"^[\W\d_]+", "", "-".join(pandoc.split()))
    yield re.sub(r"[^\w\s-]", "", lower).strip().replace(" ", "-")


def _spellings(target: str) -> Iterator[str]:
    """The ways in which an id may be spelled: as it is, without the signs of an address, `fig:x` for `fig-x`."""
    yield target
    plain = unquote(target)
    yield plain
    yield unicodedata.normalize("NFC", plain)
    if found := KIND.match(plain):
        yield f"{found['kind']}{OTHER_SIGN[found['sign']]}{plain[found.end() :]}"


def _stem(path: str) -> str:
    return unicodedata.normalize("NFC", normpath(PurePosixPath(path).with_suffix("").as_posix()))


def _first(tables: Iterable[Mapping[str, V]]) -> dict[str, V]:
    """Tables as one, in which a name is what it is in the first that has it."""
    return {name: value for table in reversed(tuple(tables)) for name, value in table.items()}
