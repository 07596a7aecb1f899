"""The parts that every book has and no chapter makes: title page and copyright page."""

from __future__ import annotations

import re

from postil.document import ROLES, Book, Composed, Heading, Matter, Opening, Section, Text, part_id
from postil.words import written_out
from postil.xhtml.composer import heading, paragraph


def generated(book: Book, role: str, word: str, matter: Matter = "front", opening: Opening = "page") -> Section:
    """A section that the book has without a chapter for it; `word` is the key of its heading in the generated words."""
    own = Heading(1, role, (Text(book.words[word]),), book.words[word])
    return Section(part_id(role), ROLES[role], matter, opening, (own,), ())


def contributors(book: Book) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names that stand on the title page: the authors', and those of others with what they did."""
    credit = {"edt": "edited_by", "trl": "translated_by", "ctb": "with"}
    return (
        tuple(person.name for person in book.title.authors),
        tuple(book.words[credit[p.role]].format(name=p.name) for p in book.title.contributors if p.role in credit),
    )


def title_page(book: Book, own: Heading) -> tuple[Composed, ...]:
    """The inside of a title page."""
    authors, others = contributors(book)
    lines = [heading(1, (Text(display(book.title.title)),), class_="title", id=own.id)]
    if book.title.subtitle:
        lines.append(paragraph("subtitle", book.title.subtitle))
    lines += [paragraph("author", name) for name in authors]
    lines += [paragraph("contributor", name) for name in others]
    if book.title.publisher and book.title.publisher not in authors:
        lines.append(paragraph("publisher", book.title.publisher))
    return tuple(node for line in lines for node in line)


def display(words: str) -> str:
    """The words of a title page: at that size a compound is not broken at its dash."""
    return re.sub("(?<=[–-])", "\N{WORD JOINER}", words)


def copyright_page(book: Book, output: str) -> tuple[Composed, ...]:
    """The inside of a copyright page, for a title that has none of its own."""
    title, words = book.title, book.words
    owner = ", ".join(contributors(book)[0]) or title.publisher
    lines = [title.rights or f"© {title.date.year} {owner}".rstrip()]
    if title.publisher:
        lines.append(words["published_by"].format(publisher=title.publisher))
    # an ISBN is that of one edition in one format
    if book.edition.main and (isbn := title.isbn.get(output)):
        lines.append(f"ISBN {isbn}")
    lines.append(written_out(title.date, title.language))
    return tuple(node for line in lines for node in paragraph("", line))
