"""The book composed for the printed page: notes and annotations stand where they are called."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from postil.document import (
    ROLES,
    Book,
    Call,
    Caption,
    Cited,
    Comma,
    Composed,
    Element,
    Form,
    IndexTerm,
    KeyedAnnotation,
    LateNumber,
    Lemma,
    Markup,
    Maths,
    NoteText,
    Part,
    Resolved,
    Revision,
    Section,
    Text,
    Work,
    WorkList,
    rewrite,
)
from postil.xhtml.composer import attributes, heading, led_by, link, listed, part, span, subheading
from postil.xhtml.front import copyright_page, display, generated, title_page
from postil.xhtml.illustrations import illustrations, listed_as
from postil.xhtml.passages import directed, gathered
from postil.xhtml.printer import COMMENTARY_WORDS, OnPaper, Printer, answer, meta, said_at

COPYRIGHT = ROLES["copyright-page"]


def printed(book: Book) -> tuple[Part, ...]:
    """The parts of the book in the order of the bound volume (Chicago 18, 1.4)."""
    # the copyright page stands behind the title page, whatever the openings
    placed = (replace(s, opening="page") if s.role is COPYRIGHT else s for s in book.sections)
    printers = [Printer(book, section) for section in placed]
    texts = {printer.section.id: printer.part() for printer in printers}
    front = [texts[s.id] for s in book.sections if s.matter == "front" and s.role is not COPYRIGHT]
    body = [texts[s.id] for s in book.sections if s.matter == "body"]
    made: dict[str, Callable[[Book, Section], Part]] = {
        "commentary": _commentary,
        "notes": lambda _, section: _endnotes(printers, section),
        "queries": _queries,
    }
    back = [texts.get(s.id) or made[s.role.name](book, s) for s in _back(book)]
    title = generated(book, "titlepage", "title_page", opening="recto")
    parts = (
        _half_title(book),
        part(title, title_page(book, title.headings[0])),
        next((texts[s.id] for s in book.sections if s.role is COPYRIGHT), None) or _copyright(book),
        _contents(book),
        *_illustrations(book),
        *front,
        *body,
        *back,
    )
    return gathered(directed(parts, book), book)


def _back(book: Book) -> list[Section]:
    """The sections of the back matter, with those that no chapter makes (Chicago 18, 1.4)."""
    own = [section for section in book.sections if section.matter == "back"]
    last = [section for section in own if section.role is ROLES["colophon"]]
    rest = [section for section in own if section not in last]
    lists = next((i for i, s in enumerate(rest) if s.role.reference_list), len(rest))
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
    words = Markup("p", (Text(display(book.title.title)),), attributes(class_="title"))
    return part(section, (words, Text("\n")))


def _copyright(book: Book) -> Part:
    return part(generated(book, COPYRIGHT.name, "copyright"), copyright_page(book, "pdf"))


def _contents(book: Book) -> Part:
    section = generated(book, "toc", "contents", opening="recto")
    listed_ = [s for s in book.sections if s.matter != "back" and s.role is not COPYRIGHT] + _back(book)
    composer = OnPaper(book)
    items: list[Composed] = []
    for place in listed_:
        for entry in place.headings:
            if entry.level <= 2 and entry.text and entry.listed:  # noqa: PLR2004 -- chapters and their sections
                words = replace(span("entry", composer.composed(entry.text)), source=place.source)
                items += _line(f"level-{entry.level} {place.matter}", entry.id, words)
    return part(section, (*_heading(section), *listed("ol", "contents", items, Form.CONTENTS)))


def _line(names: str, target: str, words: Markup) -> tuple[Composed, ...]:
    """A line of a list that leads to pages of the book."""
    folio = Markup("span", (Text("000"),), attributes(class_="folio", data_page_of=target), LateNumber(target))
    return (Markup("li", (link(target, (words, folio)),), attributes(class_=names)), Text("\n"))


def _illustrations(book: Book) -> Iterator[Part]:
    section = generated(book, "loi", "illustrations", opening="run-on")
    lines = (_line("level-1", each.figure, span("entry", (listed_as(each),))) for each in illustrations(book))
    if items := [node for line in lines for node in line]:
        yield part(section, (*_heading(section), *listed("ol", "contents", items, Form.CONTENTS)))


def _commentary(book: Book, section: Section) -> Part:
    text: list[Composed] = [*_heading(section)]
    for place, long in _long(book):
        printer = Printer(book, place)
        text += subheading(place, printer)
        for annotation in long:
            shows = NoteText(annotation.id, "comment", annotation.id, annotation.call, annotation.words)
            inside = printer.annotation_text(annotation, annotation.call)
            pairs = attributes(class_="comment", id=annotation.id)
            text += (Markup("div", inside, pairs, shows, source=annotation.source), Text("\n"))
    return part(section, tuple(text))


def _endnotes(printers: Sequence[Printer], section: Section) -> Part:
    text: list[Composed] = [*_heading(section)]
    for printer in printers:
        if printer.section.notes:
            # the notes of a chapter without a heading are parted from those above
            text += subheading(printer.section, printer) or (Markup("hr"), Text("\n"))
            text += printer.endnotes()
    return part(section, tuple(text))


def _long(book: Book) -> list[tuple[Section, list[KeyedAnnotation]]]:
    """The sections with annotations that are too long for a page, where the edition moves those to the back."""
    if not book.edition.commentary:
        return []
    places = [(section, [a for a in section.annotations if a.words > COMMENTARY_WORDS]) for section in book.sections]
    return [(section, annotations) for section, annotations in places if annotations]


def _queries(book: Book, section: Section) -> Part:
    items: list[Composed] = []
    for place in book.sections:
        printer = Printer(book, place)
        for keyed in place.annotations:
            if keyed.annotation.is_open:
                items += (_query(printer, keyed), Text("\n"))
    empty = (Markup("p", (Text(book.words["no_queries"]),)), Text("\n"))
    return part(section, (*_heading(section), *(listed("ol", "queries", items) if items else empty)))


def _query(printer: Printer, keyed: KeyedAnnotation) -> Markup:
    """An open query with the place that it is about, and all that has been said of it."""
    annotation = keyed.annotation
    page, line = (printer.late_number(LateNumber(keyed.call, of)) for of in ("page", "line"))
    to = printer.book.words["to"].format(name=annotation.to) if annotation.to else None
    replies = (replace(reply, body=rewrite(reply.body, _without_id)) for reply in annotation.replies)
    inside = (
        Markup("p", (*page, Text(", "), *line), attributes(class_="where")),
        *meta(annotation.id, annotation.by, said_at(annotation.at, printer.book), to),
        *led_by(printer.opening(keyed, keyed.call), rewrite(keyed.body, _without_id), printer),
        *(answer(reply, printer) for reply in replies),
    )
    return Markup("li", inside, source=keyed.source)


def _without_id(node: Resolved) -> tuple[Resolved, ...] | None:
    """The same words a second time on the pages: their ids stay with the first, and so do keys."""
    match node:
        case Call():
            return ()
        case Lemma() | Cited() | Revision() | IndexTerm():
            return (replace(node, id=""),)
        case Element() if node.get("id") is not None:
            return (node.without("id"),)
        case Text() | Element() | Comma() | LateNumber() | Caption() | Work() | WorkList() | Maths():
            return None
        case _:
            assert_never(node)


def _heading(section: Section) -> tuple[Composed, ...]:
    own = section.headings[0]
    return heading(1, (Text(own.plain),), id=own.id, data_plain=own.plain)
