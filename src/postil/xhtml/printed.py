"""The book composed for the printed page: notes and annotations stand where they are called."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from html import escape

from postil.document import (
    Annotation,
    Audience,
    Book,
    Call,
    Element,
    Footnote,
    Gloss,
    Node,
    PageNumber,
    Part,
    Reply,
    Section,
    Text,
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

COMMENTARY_WORDS = 250
LISTED = 4
"""From how many figures on there is a list of them: a reader finds fewer in the text."""
COPYRIGHT = "copyright-page"


def printed(book: Book) -> tuple[Part, ...]:
    """The parts of the book in the order of the bound volume (Chicago 18, 1.4)."""
    printers = [_Printer(book, section) for section in book.sections if section.role != COPYRIGHT]
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
        _copyright(book),
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
        *made("queries", wanted=book.edition == "proof"),
        *last,
    ]


class _Printer:
    """Writes one section, with each note and annotation behind its first call.

    What is called inside a note or annotation stands behind that, so that none holds another.
    """

    def __init__(self, book: Book, section: Section) -> None:
        self.book = book
        self.section = section
        self._headings = {heading.id: heading.plain for heading in section.headings}
        self._behind: list[str] | None = None
        self._calls = {} if book.title.notes.place == "foot" else _calls_of_what_notes_cite(book)
        self._pending: dict[str, Footnote | Gloss] = {
            **({note.id: note for note in section.notes} if book.title.notes.place == "foot" else {}),
            **{gloss.id: gloss for gloss in section.glosses},
        }

    def part(self) -> Part:
        text = self.markup(rewrite(self.section.body, self._prepared))
        if self.book.title.notes.place == "chapter" and self.section.notes:
            word = escape(self.book.words["notes"], quote=False)
            text += f"<h2>{word}</h2>\n{self.endnotes()}"
        return part(self.section, text + self.markup(rewrite(self.section.works, self._prepared)))

    def endnotes(self) -> str:
        """The notes of the section as a list, each with the annotations on it behind it."""
        items = ""
        for note in self.section.notes:
            self._behind = []
            text = led_by(self._sign(f"call-{note.id}", note.number), note.body, self.markup)
            items += f"<li{attributes((('id', note.id),))}>{text}{''.join(self._behind)}</li>\n"
        self._behind = None
        return f'<ol class="endnotes">\n{items}</ol>\n'

    def markup(self, nodes: tuple[Node, ...]) -> str:
        return markup(nodes, self.show)

    def show(self, node: Call | PageNumber) -> str:
        if isinstance(node, PageNumber):
            return f"{escape(self.book.words[node.of])}\N{NO-BREAK SPACE}{page_number(node)}"
        sign_class, word = ("call", "note_label") if node.kind == "note" else ("key", "annotation_label")
        label = self.book.words[word].format(sign=node.sign)
        call = link(node.target, node.sign, class_=sign_class, id=node.id, aria_label=label)
        note = self._pending.pop(node.target, None)
        return call if note is None else call + self._note(note, node)

    def _note(self, note: Footnote | Gloss, call: Call) -> str:
        around, self._behind = self._behind, []
        text = self._footnote(note, call) if isinstance(note, Footnote) else self._annotation(note, call)
        text += "".join(self._behind)
        self._behind = around
        if around is None:
            return text
        around.append(text)
        return ""

    def _prepared(self, node: Node) -> tuple[Node, ...] | None:
        """A heading says its own words for outline and running head; an entry links back without any ink."""
        match node:
            case Element(tag="h1" | "h2" | "h3" | "h4" | "h5" | "h6"):
                return (node.having(data_plain=self._headings.get(node.get("id") or "", "")),)
            case Element(tag="p") if "entry" in node.classes:
                return (self._entry(node),)
        return None

    def _entry(self, entry: Element) -> Element:
        """A work whose first words, up to a link of its own, lead back to where it is first cited.

        If the title has it so, the pages on which it is cited stand behind it.
        """
        *own, back = entry.children
        if not isinstance(back, Element) or "backlinks" not in back.classes:
            return entry
        links = [(link.get("href") or "")[1:] for link in back.children if isinstance(link, Element)]
        places = [self._calls.get(place, place) for place in links]
        ink = next((i for i, n in enumerate(own) if isinstance(n, Element)), len(own))
        if ink:
            own[:ink] = [Element("a", tuple(own[:ink]), (("class", "backlink"), ("href", f"#{places[0]}")))]
        if self.book.title.bibliography.cited_on:
            before, _, behind = self.book.words["cited_on"].partition("{pages}")
            pages = Element("span", (), (("data-pages-of", " ".join(places)),))
            words = (Text(f" {before}"), pages, Text(f"{behind}."))
            own.append(Element("span", words, (("class", "cited-on"),)))
        return replace(entry, children=tuple(own))

    def _footnote(self, note: Footnote, call: Call) -> str:
        sign = self._sign(call.id, note.number)
        text = self.markup(tuple(_paragraph(block) for block in note.body))
        return f"<span{attributes((('class', 'footnote'), ('id', note.id)))}>{sign} {text}</span>"

    def _annotation(self, gloss: Gloss, call: Call) -> str:
        if self.book.edition == "annotated" and gloss.words > COMMENTARY_WORDS:
            words = escape(self.book.words["see_commentary"])
            page = self.show(PageNumber(gloss.id))
            pointer = f"<p>{self.opening(gloss, call)} {words} {page}</p>"
            pairs = (("class", "annotation pointer"), ("id", f"pointer-{gloss.id}"), ("data-words", "5"))
            return f"<aside{attributes(pairs)}>{pointer}</aside>"
        pairs = (("class", kinds(gloss)), ("id", gloss.id), ("data-words", str(gloss.words)))
        return f"<aside{attributes(pairs)}>{self.annotation_text(gloss, call)}</aside>"

    def annotation_text(self, gloss: Gloss, call: Call) -> str:
        """An annotation's key, lemma, label and text, and in the proof what an editor needs to know of it."""
        text = led_by(self.opening(gloss, call), gloss.body, self.markup)
        if self.book.edition != "proof":
            return text
        annotation = gloss.annotation
        replies = "".join(self.reply(reply, reply.body) for reply in annotation.replies)
        return self._meta(annotation) + text + replies

    def reply(self, reply: Reply, body: tuple[Node, ...]) -> str:
        """One answer of an annotation's thread."""
        return f'<div class="reply">{_meta(reply.by, reply.at)}{self.markup(body)}</div>'

    def opening(self, gloss: Gloss, call: Call) -> str:
        """What an annotation begins with: its key, the lemma it repeats, and its label."""
        repeat = f' <b class="repeat">{escape(gloss.lemma, quote=False)}</b>' if gloss.lemma else ""
        label = f' <i class="label">{escape(gloss.label, quote=False)}</i>'
        return self._sign(call.id, gloss.key) + repeat + label

    def _sign(self, call: str, sign: str) -> str:
        """The sign before a note or annotation, which leads back to its call."""
        label = self.book.words["back_to_text"].format(sign=sign)
        return link(call, sign, class_="sign", aria_label=label)

    def _meta(self, annotation: Annotation) -> str:
        words = self.book.words
        waits = annotation.kind.audience is Audience.EDITOR
        status = words.get(f"status_{annotation.status or 'open'}", "") if annotation.status or waits else ""
        to = words["to"].format(name=annotation.to) if annotation.to else ""
        if annotation.closed_by:
            status = words["closed"].format(status=status, name=annotation.closed_by)
        return _meta(annotation.id, annotation.by, annotation.at, to, status)


def _calls_of_what_notes_cite(book: Book) -> dict[str, str]:
    """The calls of notes by the ids of the citations in them: endnotes do not stand where the text has them."""
    return {
        node.get("id") or "": f"call-{note.id}"
        for section in book.sections
        for note in section.notes
        for node in walk(note.body)
        if isinstance(node, Element) and "citation" in node.classes
    }


def _paragraph(block: Node) -> Node:
    """A paragraph as part of a footnote, which stands inside another one."""
    if not isinstance(block, Element) or block.tag != "p":
        return block
    return replace(block, tag="span").having(class_=" ".join(("p", *sorted(block.classes))))


def kinds(gloss: Gloss) -> str:
    """The classes of an annotation: what style sheets tell its kinds apart by."""
    kind = gloss.annotation.kind
    if kind.audience is Audience.EDITOR:
        return f"annotation kind-{kind.name} editor status-{gloss.annotation.status or 'open'}"
    return f"annotation kind-{kind.name}"


def led_by(opening: str, body: tuple[Node, ...], write: Callable[[tuple[Node, ...]], str]) -> str:
    """Blocks as markup, with `opening` at the start of the first paragraph."""
    first, rest = (body[0], body[1:]) if body else (None, ())
    if isinstance(first, Element) and first.tag == "p":
        return f"<p{attributes(first.attributes)}>{opening} {write(first.children)}</p>" + write(rest)
    return f"<p>{opening}</p>" + write(body)


def _meta(*parts: str | None) -> str:
    words = " · ".join(escape(part, quote=False) for part in parts if part)
    return f'<p class="meta">{words}</p>' if words else ""


def page_number(node: PageNumber) -> str:
    """The place kept for a number that is known only after layout."""
    if node.of == "line":
        return f'<span class="line-number"{attributes((("data-line-of", node.target),))}>00</span>'
    return link(node.target, "000", class_="page-number", data_page_of=node.target)


# --- the parts that no chapter makes ---------------------------------------------------------------------------------


def _half_title(book: Book) -> Part:
    section = generated(book, "halftitle", "half_title", opening="recto")
    return part(section, f'<p class="title">{display(book.title.title)}</p>\n')


def _copyright(book: Book) -> Part:
    own = next((section for section in book.sections if section.role == COPYRIGHT), None)
    if own is not None:
        return _Printer(book, replace(own, opening="page")).part()
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
        printer = _Printer(book, place)
        text += subheading(place)
        for gloss in glosses:
            call = Call(gloss.key, gloss.id, "annotation", f"call-{gloss.id}")
            text += f'<div class="comment" id="{escape(gloss.id)}">{printer.annotation_text(gloss, call)}</div>\n'
    return part(section, text)


def _endnotes(printers: Sequence[_Printer], _book: Book, section: Section) -> Part:
    places = (printer for printer in printers if printer.section.notes)
    return part(section, _heading(section) + "".join(subheading(p.section) + p.endnotes() for p in places))


def _long(book: Book) -> list[tuple[Section, list[Gloss]]]:
    """The sections with annotations that are too long for a page, where the edition moves those to the back."""
    if book.edition != "annotated":
        return []
    places = [(section, [g for g in section.glosses if g.words > COMMENTARY_WORDS]) for section in book.sections]
    return [(section, glosses) for section, glosses in places if glosses]


def _queries(book: Book, section: Section) -> Part:
    items = ""
    for place in book.sections:
        printer = _Printer(book, place)
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
                + _meta(annotation.id, annotation.by, annotation.at, to)
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
