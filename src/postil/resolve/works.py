"""The works cited, as lists in the book: one at the end of the title, or one at the end of each chapter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from postil.bibliography import Formatted, grouped, paragraphs
from postil.document import (
    ROLES,
    BibliographySettings,
    ChapterWorks,
    Element,
    Heading,
    Opening,
    Reference,
    Resolved,
    Section,
    Text,
    Words,
    WordsOf,
    Work,
    WorkLink,
    WorkList,
    fold,
    part_id,
    plain,
)
from postil.resolve.ids import Ids, slug

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
            self._targets[key] = f"#{self.ids[key]}", words

    def linked(self, shown: tuple[Words, ...]) -> tuple[Resolved, ...]:
        """A citation with links to the entries of this list, which say what is to be found there."""

        def link(node: WordsOf[Resolved]) -> tuple[Resolved, ...]:
            if not isinstance(node, WorkLink):
                return (node,)
            href, words = self._targets.get(node.key, ("", ""))
            # a style may leave works out of the bibliography
            attributes = (("class", "cite"), ("href", href), ("title", words))
            return (Element("a", node.children, attributes),) if href else node.children

        return fold(shown, link)

    def cite(self, key: str, place: str) -> None:
        """Note that a work is cited at a place, which has this id."""
        self.cited.setdefault(key, []).append(place)

    def section(self, opening: Opening, ids: Ids) -> Section:
        """The list as a section of the book."""
        role = ROLES["bibliography"]
        word = self.terms["bibliography"]
        body, headings = self._list(1, role.name, ids)
        own = Heading(1, role.name, (Text(word),), word)
        return Section(part_id(role.name), role, "back", opening, (own, *headings), body)

    def at_end_of(self, chapter: str, ids: Ids) -> ChapterWorks | None:
        """The list as the end of a chapter that has this id; nothing where nothing is cited."""
        if not self.formatted.bibliography:
            return None
        identifier = ids.take(f"bibliography-{chapter}")
        body, _ = self._list(2, identifier, ids)
        return ChapterWorks(identifier, body)

    def _list(self, level: int, identifier: str, ids: Ids) -> tuple[tuple[Resolved, ...], tuple[Heading, ...]]:
        """The list under a heading with this id, and the headings of its divisions."""
        body: list[Resolved] = [_heading(level, identifier, self.terms["bibliography"])]
        headings: list[Heading] = []
        entries = dict(self.formatted.bibliography)
        for group, keys in grouped(list(entries), self.references, self.settings.groups):
            if not keys:
                continue
            if self.settings.groups:
                title = self.terms["other_works"] if group is None else group.title
                headings.append(Heading(level + 1, ids.take(f"{identifier}-{slug(title)}"), (Text(title),), title))
                body.append(_heading(level + 1, headings[-1].id, title))
            body.append(WorkList(tuple(self._work(key, entries[key]) for key in keys)))
        return tuple(body), tuple(headings)

    def _work(self, key: str, shown: tuple[Words, ...]) -> Work[Resolved]:
        """A work with the places that cite it, and with what the bibliography says of it."""
        reference = self.references[key]
        about = reference.item.get("annote") if self.settings.annotated else None
        return Work(
            self.ids[key],
            key,
            reference.type,
            self.linked(shown),
            tuple(self.cited.get(key, ())),
            tuple(self.linked(note) for note in paragraphs(str(about))) if about else (),
            reference.source,
            reference.span,
        )


def _heading(level: int, identifier: str, words: str) -> Element[Resolved]:
    return Element(f"h{level}", (Text(words),), (("id", identifier),))
