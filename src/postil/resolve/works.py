"""The works cited, as lists in the book: one at the end of the title, or one at the end of each chapter."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from postil.bibliography import Formatted, grouped, paragraphs, reference_id
from postil.document import (
    BibliographySettings,
    Element,
    Heading,
    Node,
    Opening,
    Reference,
    Section,
    Text,
    plain,
    rewrite,
)
from postil.resolve.targets import Ids, slug

HEADING = "bibliography"
NUMBER = re.compile(r"^(?:\[\d+\]|\d+\.)\s+")
DASH = re.compile(r"^(?:———|---|–––)[.,]?\s+")


@dataclass(slots=True)
class Works:
    """One list of works, and the places that cite each of them, which grow as chapters are resolved.

    `ids` are those of its entries, by the keys of the works.
    """

    formatted: Formatted
    references: Mapping[str, Reference]
    settings: BibliographySettings
    terms: Mapping[str, str]
    ids: Mapping[str, str]
    cited: dict[str, list[str]] = field(default_factory=dict)
    _targets: dict[str, tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        """Find what a link to each entry says of it."""
        self._targets = {}
        author = ""
        for key, entry in self.formatted.bibliography:
            words = NUMBER.sub("", plain(entry))
            # a dash stands for the author of the entry above
            words = DASH.sub(author, words)
            author = words.partition(". ")[0] + ". "
            self._targets[f"#{reference_id(key)}"] = f"#{self.ids[key]}", words

    def linked(self, shown: tuple[Node, ...]) -> tuple[Node, ...]:
        """A citation with links to the entries of this list, which say what is to be found there."""

        def link(node: Node) -> tuple[Node, ...] | None:
            if not isinstance(node, Element) or "cite" not in node.classes:
                return None
            href, words = self._targets.get(node.get("href") or "", ("", ""))
            # a style may leave works out of the bibliography
            return (node.having(href=href, title=words),) if href else node.children

        return rewrite(shown, link)

    def cite(self, key: str, place: str) -> None:
        """Note that a work is cited at a place, which has this id."""
        self.cited.setdefault(key, []).append(place)

    def section(self, opening: Opening, ids: Ids) -> Section:
        """The list as a section of the book."""
        word = self.terms["bibliography"]
        body, headings = self._list(1, HEADING, ids)
        own = Heading(1, HEADING, (Text(word),), word)
        return Section(f"part-{HEADING}", HEADING, "back", opening, (own, *headings), body)

    def at_end_of(self, chapter: str, ids: Ids) -> tuple[Node, ...]:
        """The list as the end of a chapter that has this id; nothing where nothing is cited."""
        if not self.formatted.bibliography:
            return ()
        identifier = ids.take(f"{HEADING}-{chapter}")
        body, _ = self._list(2, identifier, ids)
        return (Element("section", body, (("class", HEADING), ("aria-labelledby", identifier))),)

    def _list(self, level: int, identifier: str, ids: Ids) -> tuple[tuple[Node, ...], tuple[Heading, ...]]:
        """The list under a heading with this id, and the headings of its divisions."""
        body: list[Node] = [_heading(level, identifier, self.terms["bibliography"])]
        headings: list[Heading] = []
        entries = dict(self.formatted.bibliography)
        for group, keys in grouped(list(entries), self.references, self.settings.groups):
            if not keys:
                continue
            if self.settings.groups:
                title = self.terms["other_works"] if group is None else group.title
                headings.append(Heading(level + 1, ids.take(f"{identifier}-{slug(title)}"), (Text(title),), title))
                body.append(_heading(level + 1, headings[-1].id, title))
            shown = tuple(self._entry(key, entries[key]) for key in keys)
            body.append(Element("ul", shown, (("class", "references"),)))
        return tuple(body), tuple(headings)

    def _entry(self, key: str, shown: tuple[Node, ...]) -> Node:
        """A work with links back to the places that cite it, and with what the bibliography says of it."""
        entry = Element("p", (*shown, *_backlinks(self.cited.get(key, ()), self.terms)), (("class", "entry"),))
        about = self.references[key].item.get("annote") if self.settings.annotated else None
        notes = paragraphs(str(about)) if about else ()
        return Element("li", (entry, *(Element("p", note) for note in notes)), (("id", self.ids[key]),))


def _heading(level: int, identifier: str, words: str) -> Element:
    return Element(f"h{level}", (Text(words),), (("id", identifier),))


def _backlinks(places: Sequence[str], terms: Mapping[str, str]) -> tuple[Node, ...]:
    if not places:
        return ()
    links: list[Node] = []
    for number, place in enumerate(places, 1):
        label = f"{terms['cited_in']} {number}"
        attributes = (("class", "backlink"), ("href", f"#{place}"), ("aria-label", label))
        links += [Text(" " if links else "\N{NO-BREAK SPACE}"), Element("a", (Text(str(number)),), attributes)]
    return (
        Element(
            "span",
            (Text(" \N{LEFTWARDS ARROW WITH HOOK}\N{VARIATION SELECTOR-15}"), *links),
            (("class", "backlinks"),),
        ),
    )
