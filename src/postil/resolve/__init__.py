"""What the chapters refer to, found: notes and annotations numbered, citations and cross-references filled in.

Two passes over the same walk. The first, `series`, lists the citations in the order in which a reader meets them, for
the citation processor; the second, `resolve`, puts its answers and every other generated number in their places.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from postil.bibliography import Formatted
from postil.document import ROLES, Book, Chapter, EditionName, Image, Matter, Opening, Section, Title
from postil.resolve.citations import bibliography, series
from postil.resolve.signs import Numbering
from postil.resolve.targets import Ids, headings, identified, opening_heading, slug, targets, without_signs
from postil.resolve.text import Resolver, shortened
from postil.source import Diagnostic
from postil.words import words

__all__ = ["resolve", "series", "shortened", "without_signs"]

DEFAULT_ROLES: Mapping[Matter, str] = {"front": "preface", "body": "chapter", "back": "appendix"}


def resolve(  # noqa: PLR0913 -- the whole of an edition comes together here
    title: Title,
    edition: EditionName,
    chapters: Sequence[tuple[Chapter, Matter]],
    formatted: Formatted,
    images: Mapping[str, Image],
    *,
    stamp: str = "",
) -> tuple[Book, tuple[Diagnostic, ...]]:
    """The book that an edition of the title is, with every number but page numbers in it.

    Notes and annotation keys count from the start within each chapter, or each run of chapters that run on: no page
    shows a number twice.
    """
    terms = words(title.language)
    found: list[Diagnostic] = []
    ids = Ids(key for key, _ in formatted.bibliography)
    chapters = identified(chapters, ids, found)
    named = targets(chapters, terms)
    cited: dict[str, list[str]] = {}
    sections: list[Section] = []
    numbering = Numbering()
    before: Matter | None = None
    for chapter, matter in chapters:
        opening = _opening(title.openings, matter, is_first=matter != before)
        before = matter
        if opening != "run-on":
            numbering = Numbering()
        heading = opening_heading(chapter)
        identifier = (heading and heading.get("id")) or ids.take(slug(chapter.source.path.removesuffix(".md")))
        resolver = Resolver(chapter, identifier, title.language, formatted, named, ids, numbering, cited, found)
        body = resolver.text()
        section = ids.take(f"part-{identifier}")
        role = min(heading.classes & ROLES, default="") if heading else ""
        sections.append(
            Section(
                id=section,
                role=role or DEFAULT_ROLES[matter],
                matter=matter,
                opening=opening,
                headings=headings(body, section, chapter),
                body=body,
                notes=tuple(resolver.notes),
                glosses=resolver.glosses(),
                source=chapter.source,
            )
        )
    if formatted.bibliography:
        place = next((i for i, section in enumerate(sections) if section.role == "colophon"), len(sections))
        opening = _opening(title.openings, "back", is_first=True)
        sections.insert(place, bibliography(formatted, cited, terms, opening))
    return Book(title, edition, tuple(sections), images, terms, stamp), tuple(dict.fromkeys(found))


def _opening(openings: Opening, matter: Matter, *, is_first: bool) -> Opening:
    if matter == "body":
        return "recto" if is_first else openings
    return "recto" if openings == "recto" else "page"
