"""One section of the printed book as markup: notes and annotations stand where they are called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
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
    rewrite,
    walk,
)
from postil.xhtml.markup import attributes, link, markup, part

COMMENTARY_WORDS = 250
"""How long an annotation in the text may be, in words; a longer one is part of the commentary."""


class Printer:
    """Writes one section, with each note and annotation behind its first call.

    What is called inside a note or annotation stands behind that, so that none holds another.
    """

    def __init__(self, book: Book, section: Section) -> None:
        self.book = book
        self.section = section
        self._headings = {heading.id: heading.plain for heading in section.headings}
        self._behind: list[str] | None = None
        self._pending: dict[str, Footnote | Gloss] = {
            **({note.id: note for note in section.notes} if book.title.notes.place == "foot" else {}),
            **{gloss.id: gloss for gloss in section.glosses},
        }

    def part(self) -> Part:
        """The section, with its notes and its works behind it where the title has them there."""
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
        """Nodes as markup, with the notes that they are the first to call."""
        return markup(nodes, self.show)

    def show(self, node: Call | PageNumber) -> str:
        """The call of a note or annotation, with it if this is the first, or the place kept for a number."""
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
            words = (Text(before), pages, Text(f"{behind}."))
            own += [Text(" "), Element("span", words, (("class", "cited-on"),))]
        return replace(entry, children=tuple(own))

    @cached_property
    def _calls(self) -> dict[str, str]:
        """The calls of endnotes by the ids of the citations in them: these do not stand where the text has them."""
        if self.book.title.notes.place == "foot":
            return {}
        return {
            node.get("id") or "": f"call-{note.id}"
            for section in self.book.sections
            for note in section.notes
            for node in walk(note.body)
            if isinstance(node, Element) and "citation" in node.classes
        }

    def _footnote(self, note: Footnote, call: Call) -> str:
        sign = self._sign(call.id, note.number)
        text = self.markup(tuple(_paragraph(block) for block in note.body))
        return f"<span{attributes((('class', 'footnote'), ('id', note.id)))}>{sign} {text}</span>"

    def _annotation(self, gloss: Gloss, call: Call) -> str:
        if self.book.edition.commentary and gloss.words > COMMENTARY_WORDS:
            words = escape(self.book.words["see_commentary"])
            page = self.show(PageNumber(gloss.id))
            pointer = f"<p>{self.opening(gloss, call)} {words} {page}</p>"
            pairs = (("class", "annotation pointer"), ("id", f"pointer-{gloss.id}"), ("data-words", "5"))
            return f"<aside{attributes(pairs)}>{pointer}</aside>"
        pairs = (("class", kinds(gloss)), ("id", gloss.id), ("data-words", str(gloss.words)))
        return f"<aside{attributes(pairs)}>{self.annotation_text(gloss, call)}</aside>"

    def annotation_text(self, gloss: Gloss, call: Call) -> str:
        """An annotation's key, lemma, label and text, and for editors what they need to know of it."""
        text = led_by(self.opening(gloss, call), gloss.body, self.markup)
        if not self.book.edition.is_for_editors:
            return text
        annotation = gloss.annotation
        replies = "".join(self.reply(reply, reply.body) for reply in annotation.replies)
        return self._meta(annotation) + text + replies

    def reply(self, reply: Reply, body: tuple[Node, ...]) -> str:
        """One answer of an annotation's thread."""
        return f'<div class="reply">{meta(reply.by, reply.at)}{self.markup(body)}</div>'

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
        return meta(annotation.id, annotation.by, annotation.at, to, status)


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


def meta(*parts: str | None) -> str:
    """What an editor needs to know of an annotation, in a line."""
    words = " · ".join(escape(part, quote=False) for part in parts if part)
    return f'<p class="meta">{words}</p>' if words else ""


def page_number(node: PageNumber) -> str:
    """The place kept for a number that is known only after layout."""
    if node.of == "line":
        return f'<span class="line-number"{attributes((("data-line-of", node.target),))}>00</span>'
    return link(node.target, "000", class_="page-number", data_page_of=node.target)
