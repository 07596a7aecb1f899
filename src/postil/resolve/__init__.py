"""What the chapters refer to, found: notes and annotations numbered, citations and cross-references filled in.

Two passes over the same walk. The first, `streams`, lists the citations in the order in which a reader meets them, for
the citation processor; the second, `resolve`, puts its answers and every other generated number in their places.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from postil.bibliography import Formatted, Stream, reference_id
from postil.document import (
    ROLES,
    Book,
    Chapter,
    Edition,
    Element,
    Image,
    Matter,
    Opening,
    Presented,
    Reference,
    Section,
    Title,
    Words,
    part_id,
    plain,
    walk,
)
from postil.maths import Key
from postil.resolve.citations import series
from postil.resolve.examples import mistaken
from postil.resolve.headings import numbers, role
from postil.resolve.ids import HEADINGS, Ids, headings, identified, opening_heading, slug, without_signs
from postil.resolve.labels import labels
from postil.resolve.links import Home, Homes, elsewhere
from postil.resolve.signs import Numbering
from postil.resolve.text import Resolver, shortened
from postil.resolve.works import Works
from postil.source import Diagnostic
from postil.words import words

__all__ = ["resolve", "shortened", "streams", "without_signs"]

Chapters = Sequence[tuple[Chapter[Presented], Matter]]


def streams(title: Title, chapters: Chapters, nocite: Sequence[str] = ()) -> Sequence[tuple[Stream, Sequence[str]]]:
    """What is cited, as a stream for each list of works, with the paths of the chapters that it comes from."""
    if title.bibliography.per == "chapter":
        return [(series([[chapter]]), [chapter.source.path]) for chapter, _ in chapters]
    runs: list[list[Chapter[Presented]]] = []
    for (chapter, _), opening in zip(chapters, _openings(title, chapters), strict=True):
        if opening != "run-on":
            runs.append([])
        runs[-1].append(chapter)
    anew = title.notes.in_full == "chapter"
    return [(series(runs, in_full_anew=anew, nocite=tuple(nocite)), [chapter.source.path for chapter, _ in chapters])]


def resolve(  # noqa: PLR0913, PLR0917 -- the whole of an edition comes together here
    title: Title,
    edition: Edition,
    chapters: Chapters,
    formatted: Mapping[str, Formatted],
    references: Mapping[str, Reference],
    images: Mapping[str, Image],
    formulas: Mapping[Key, Words],
) -> tuple[Book, tuple[Diagnostic, ...]]:
    """The book that an edition of the title is, with every number but page numbers in it.

    `formatted` are the answers to `streams`, by the path of the chapter, and `formulas` those in MathML. Annotation
    keys count from the start within each chapter, or each run of chapters that run on, and so do notes unless the title
    has it otherwise: no page shows a sign twice.
    """
    terms = words(title.language, title.words)
    found: list[Diagnostic] = []
    ids = Ids(key for answer in formatted.values() for key, _ in answer.bibliography)
    openings = _openings(title, chapters)
    chapters = _linked(*identified(chapters, ids, found), found)
    named = labels(chapters, terms, formulas, numbers(chapters) if title.numbered else {})
    found += mistaken(chapters, references)
    whole = title.bibliography.per == "title"
    works: Works | None = None
    sections: list[Section] = []
    numbering = Numbering()
    for (chapter, matter), opening in zip(chapters, openings, strict=True):
        if opening != "run-on":
            numbering = Numbering(numbering.notes if title.notes.numbering == "title" else 0)
        if works is None or not whole:
            answer = formatted[chapter.source.path]
            entries = {key: reference_id(key) for key, _ in answer.bibliography}
            if not whole:
                entries = {key: ids.take(identifier) for key, identifier in entries.items()}
            works = Works(answer, references, title.bibliography, terms, entries)
        heading = opening_heading(chapter)
        identifier = (heading and heading.get("id")) or ids.take(slug(chapter.source.path.removesuffix(".md")))
        resolver = Resolver(chapter, identifier, title.language, works, named, formulas, ids, numbering, found)
        body = resolver.text()
        annotations = resolver.annotations()
        section = ids.take(part_id(identifier))
        sections.append(
            Section(
                id=section,
                role=role(heading, matter),
                matter=matter,
                opening=opening,
                headings=headings(body, section, chapter),
                body=body,
                notes=tuple(resolver.notes),
                annotations=annotations,
                works=None if whole else works.at_end_of(identifier, ids),
                source=chapter.source,
            )
        )
    if works is not None and whole and works.formatted.bibliography:
        place = next((i for i, section in enumerate(sections) if section.role is ROLES["colophon"]), len(sections))
        sections.insert(place, works.section(_opening(title.openings, "back", is_first=True), ids))
    return Book(title, edition, tuple(sections), images, terms), tuple(dict.fromkeys(found))


def _linked(chapters: Chapters, names: Mapping[str, Mapping[str, str]], found: list[Diagnostic]) -> Chapters:
    """The chapters with links to the ids of what they lead to."""
    homes: dict[str, Home] = {}
    for chapter, _ in chapters:
        every = [node for node in walk(chapter.body) if isinstance(node, Element) and node.tag in HEADINGS]
        opening = opening_heading(chapter) or next(iter(every), None)
        named = (node for node in every if node.named)
        others = {name: node.get("id") or "" for node in named for name in elsewhere(plain(node.children)) if name}
        path = chapter.source.path
        homes[path] = Home(chapter.source, opening.get("id") if opening else None, names[path], others)
    all_ = Homes(homes, found)
    return [(all_.led(chapter), matter) for chapter, matter in chapters]


def _openings(title: Title, chapters: Chapters) -> list[Opening]:
    """On which page each chapter opens."""
    before: list[Matter | None] = [None, *(matter for _, matter in chapters)]
    return [
        _opening(title.openings, matter, is_first=matter != last)
        for (_, matter), last in zip(chapters, before, strict=False)
    ]


def _opening(openings: Opening, matter: Matter, *, is_first: bool) -> Opening:
    if matter == "body":
        return "recto" if is_first else openings
    return "recto" if openings == "recto" else "page"
