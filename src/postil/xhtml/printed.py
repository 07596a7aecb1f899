"""The book composed for the printed page: notes and annotations stand where they are called."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from html import escape

from postil.document import (
    Book,
    Call,
    Element,
    Gloss,
    Node,
    PageNumber,
    Part,
    Section,
    plain,
    rewrite,
    walk,
)
from postil.resolve import without_signs
from postil.xhtml.markup import (
    attributes,
    copyright_page,
    display,
    generated,
    link,
    markup,
    no_signs,
    part,
    subheading,
    title_page,
)
from postil.xhtml.printer import COMMENTARY_WORDS, Printer, led_by, meta

LISTED = 4
"""From how many figures on there is a list of them: a reader finds fewer in the text."""
COPYRIGHT = "copyright-page"


def printed(book: Book) -> tuple[Part, ...]:
    """The parts of the book in the order of the bound volume (Chicago 18, 1.4)."""
    # the copyright page stands behind the title page, whatever the openings
    placed = (replace(s, opening="page") if s.role == COPYRIGHT else s for s in book.sections)
    printers = [Printer(book, section) for section in placed]
    texts = {printer.section.id: printer.part() for printer in printers}
    front = [texts[s.id] for s in book.sections if s.matter == "front" and s.role != COPYRIGHT]
    body = [texts[s.id] for s in book.sections if s.matter == "body"]
    made: dict[str, Callable[[Book, Section], Part]] = {
        "commentary": _commentary,
        "notes": partial(_endnotes, printers),
        "queries": _queries,
    }
    back = [texts.get(s.id) or made[s.role](book, s) for s in _back(book)]
    return (
        _half_title(book),
        part(
            title := generated(book, "titlepage", "title_page", opening="recto"),
            title_page(book, title.headings[0]),
        ),
        next((texts[s.id] for s in book.sections if s.role == COPYRIGHT), None) or _copyright(book),
        _contents(book),
        *_illustrations(book),
        *front,
        *body,
        *back,
    )


def _back(book: Book) -> list[Section]:
    """The sections of the back matter, with those that no chapter makes (Chicago 18, 1.4)."""
    own = [section for section in book.sections if section.matter == "back"]
    last = [section for section in own if section.role == "colophon"]
    rest = [section for section in own if section not in last]
    lists = next((i for i, s in enumerate(rest) if s.role in ("glossary", "bibliography")), len(rest))
    at_end = book.title.notes.place == "end" and any(section.notes for section in book.sections)

    def made(role: str, *, wanted: bool) -> list[Section]:
        return [generated(book, role, role, matter="back")] if wanted else []

    return [
        *made("commentary", wanted=bool(_long(book))),
        *rest[:lists],
        *made("notes", wanted=at_end),
        *rest[lists:],
        *made("queries", wanted=book.edition.lists_queries),
        *last,
    ]


# --- the parts that no chapter makes ---------------------------------------------------------------------------------


def _half_title(book: Book) -> Part:
    section = generated(book, "halftitle", "half_title", opening="recto")
    return part(section, f'<p class="title">{display(book.title.title)}</p>\n')


def _copyright(book: Book) -> Part:
    return part(generated(book, COPYRIGHT, "copyright"), copyright_page(book, "pdf"))


def _contents(book: Book) -> Part:
    section = generated(book, "toc", "contents", opening="recto")
    listed = [s for s in book.sections if s.matter != "back" and s.role != COPYRIGHT] + _back(book)
    entries = [(s.matter, heading) for s in listed for heading in s.headings if heading.level <= 2]  # noqa: PLR2004 -- chapters and their sections
    items = "".join(
        f'<li class="level-{heading.level} {matter}">'
        + link(
            heading.id,
            f'<span class="entry">{markup(heading.text, no_signs)}</span>'
            f'<span class="folio"{attributes((("data-page-of", heading.id),))}>000</span>',
        )
        + "</li>\n"
        for matter, heading in entries
        if heading.text
    )
    return part(section, _heading(section) + f'<ol class="contents">\n{items}</ol>\n')


def _illustrations(book: Book) -> Iterator[Part]:
    section = generated(book, "loi", "illustrations", opening="run-on")
    figures = [
        (node.get("id") or "", caption)
        for place in book.sections
        for node in walk(place.body)
        if isinstance(node, Element) and node.tag == "figure" and "table" not in node.classes
        for caption in node.children
        if isinstance(caption, Element) and caption.tag == "figcaption"
    ]
    if len(figures) < LISTED:
        return
    items = "".join(
        '<li class="level-1">'
        + link(
            identifier,
            f'<span class="entry">{_first_sentence(caption)}</span>'
            f'<span class="folio"{attributes((("data-page-of", identifier),))}>000</span>',
        )
        + "</li>\n"
        for identifier, caption in figures
    )
    yield part(section, _heading(section) + f'<ol class="contents">\n{items}</ol>\n')


def _first_sentence(caption: Element) -> str:
    label, _, words = plain(without_signs(caption.children)).partition(". ")
    return escape(f"{label}. {words.split('. ')[0].rstrip('.')}", quote=False)


def _commentary(book: Book, section: Section) -> Part:
    text = _heading(section)
    for place, glosses in _long(book):
        printer = Printer(book, place)
        text += subheading(place)
        for gloss in glosses:
            call = Call(gloss.key, gloss.id, "annotation", f"call-{gloss.id}")
            text += f'<div class="comment" id="{escape(gloss.id)}">{printer.annotation_text(gloss, call)}</div>\n'
    return part(section, text)


def _endnotes(printers: Sequence[Printer], _book: Book, section: Section) -> Part:
    places = [printer for printer in printers if printer.section.notes]
    # the notes of a chapter without a heading are parted from those above
    notes = "".join((subheading(place.section) or "<hr/>\n") + place.endnotes() for place in places)
    return part(section, _heading(section) + notes)


def _long(book: Book) -> list[tuple[Section, list[Gloss]]]:
    """The sections with annotations that are too long for a page, where the edition moves those to the back."""
    if not book.edition.commentary:
        return []
    places = [(section, [g for g in section.glosses if g.words > COMMENTARY_WORDS]) for section in book.sections]
    return [(section, glosses) for section, glosses in places if glosses]


def _queries(book: Book, section: Section) -> Part:
    items = ""
    for place in book.sections:
        printer = Printer(book, place)
        for gloss in place.glosses:
            if not gloss.is_open:
                continue
            annotation = gloss.annotation
            page, line = PageNumber(f"call-{gloss.id}"), PageNumber(f"call-{gloss.id}", "line")
            where = f"{printer.show(page)}, {printer.show(line)}"
            call = Call(gloss.key, gloss.id, "annotation", f"call-{gloss.id}")
            to = book.words["to"].format(name=annotation.to) if annotation.to else None
            items += (
                f'<li><p class="where">{where}</p>'
                + meta(annotation.id, annotation.by, annotation.at, to)
                + led_by(printer.opening(gloss, call), rewrite(gloss.body, _without_id), printer.markup)
                + "".join(printer.reply(reply, rewrite(reply.body, _without_id)) for reply in annotation.replies)
                + "</li>\n"
            )
    empty = f"<p>{escape(book.words['no_queries'])}</p>\n"
    return part(section, _heading(section) + (f'<ol class="queries">\n{items}</ol>\n' if items else empty))


def _without_id(node: Node) -> tuple[Node, ...] | None:
    """The same words a second time on the pages: their ids stay with the first, and so do keys."""
    if isinstance(node, Call):
        return ()
    if not isinstance(node, Element) or node.get("id") is None:
        return None
    return (replace(node, attributes=tuple(pair for pair in node.attributes if pair[0] != "id")),)


def _heading(section: Section) -> str:
    heading = section.headings[0]
    pairs = (("id", heading.id), ("data-plain", heading.plain))
    return f"<h1{attributes(pairs)}>{escape(heading.plain, quote=False)}</h1>\n"
