"""One section of the printed book as markup: notes and annotations stand where they are called."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from postil.document import (
    Annotation,
    Attributes,
    Audience,
    Book,
    Call,
    Cited,
    Composed,
    Element,
    Footnote,
    Form,
    FormulaText,
    IndexTerm,
    KeyedAnnotation,
    LateNumber,
    Markup,
    Maths,
    NoteText,
    PageList,
    Part,
    Reply,
    Resolved,
    Section,
    Text,
    Work,
    plain,
    rewrite,
    walk,
)
from postil.source import Source
from postil.words import moment
from postil.xhtml.composer import SPACE, Composer, attributes, heading, led_by, link, listed, paragraph, part, span

COMMENTARY_WORDS = 250
"""How long an annotation in the text may be, in words; a longer one is part of the commentary."""
POINTER_WORDS = 5
"""How many words there are in what stands in the text for a longer one."""
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


class OnPaper(Composer):
    """Composes nodes for paper, where formulas are drawn; they stand in a `source`."""

    def __init__(self, book: Book, source: Source | None = None) -> None:
        super().__init__(book)
        self.source = source

    def formula(self, node: Maths) -> Markup:
        """A formula as a drawing in the line, as large as the text around it; its words stand where it does."""
        drawing = self.book.formulas.get((node.tex, node.display))
        if drawing is None:
            return super().formula(node)
        style = f"width:{drawing.width:.3f}em;vertical-align:{-drawing.depth:.3f}em"
        pairs = attributes(class_="formula", src=drawing.name, alt=" ".join(node.tex.split()), style=style)
        at = None if self.source is None else self.source.position(node.span.start)
        words = Text(node.words, tuple((index, node.span.start) for index in range(len(node.words))))
        return Markup("img", (words,), pairs, FormulaText(node.words, at), span=node.span)


class Printer(OnPaper):
    """Composes one section, with each note and annotation behind its first call.

    What is called inside a note or annotation stands behind that, so that none holds another.
    """

    def __init__(self, book: Book, section: Section) -> None:
        super().__init__(book, section.source)
        self.section = section
        self._headings = {heading.id: heading.plain for heading in section.headings}
        self._behind: list[Composed] | None = None
        self._pending: dict[str, Footnote | KeyedAnnotation] = {
            **({note.id: note for note in section.notes} if book.title.notes.place == "foot" else {}),
            **{annotation.id: annotation for annotation in section.annotations},
        }

    def part(self) -> Part:
        """The section, with its notes and its works behind it where the title has them there."""
        text = self.composed(rewrite(self.section.body, self._with_running_head))
        if self.book.title.notes.place == "chapter" and self.section.notes:
            text += (*heading(2, (Text(self.book.words["notes"]),)), *self.endnotes())
        if self.section.works:
            body = self.composed(rewrite(self.section.works.body, self._with_running_head))
            pairs = (("class", "bibliography"), ("aria-labelledby", self.section.works.heading))
            text += (Markup("section", body, pairs),)
        return part(self.section, text)

    def endnotes(self) -> tuple[Composed, ...]:
        """The notes of the section as a list, each with the annotations on it behind it."""
        items: list[Composed] = []
        for note in self.section.notes:
            self._behind = []
            text = led_by((self._sign(note.call, note.number),), note.body, self)
            shows = NoteText(note.id, "endnote", note.id, note.call)
            pairs = attributes(id=note.id)
            items += (Markup("li", (*text, *self._behind), pairs, shows, source=note.source), Text("\n"))
        self._behind = None
        return listed("ol", "endnotes", items)

    # --- what is shown in the printed book's own way -----------------------------------------------------------------

    def call(self, node: Call) -> tuple[Composed, ...]:
        """The call of a note or annotation, with that behind it if this is the first."""
        name, word = ("call", "note_label") if node.kind == "note" else ("key", "annotation_label")
        label = self.book.words[word].format(sign=node.sign)
        call = replace(link(node.target, (Text(node.sign),), class_=name, id=node.id, aria_label=label), shows=node)
        note = self._pending.pop(node.target, None)
        return (call,) if note is None else (call, *self._note(note, node))

    def late_number(self, node: LateNumber) -> tuple[Composed, ...]:
        """The place kept for a number that is known only after layout, with the word for it."""
        if node.of == "line":
            number = Markup("span", (Text("00"),), attributes(class_="line-number", data_line_of=node.target), node)
        else:
            number = link(node.target, (Text("000"),), class_="page-number", data_page_of=node.target)
        before, _, behind = self.book.words[node.of].partition("{number}")
        words = (Text(before), replace(number, shows=node), Text(behind))
        return tuple(each for each in words if not isinstance(each, Text) or each.value)

    def index_term(self, node: IndexTerm[Resolved]) -> Attributes:
        """What an index is made from."""
        return (*super().index_term(node), ("data-index", "!".join(node.entry) or plain(node.children)))

    def entry(self, work: Work[Resolved]) -> tuple[Composed, ...]:
        """A work whose first words, up to a link of its own, lead back to where it is first cited, without any ink.

        If the title has it so, the pages on which it is cited stand behind it.
        """
        if not work.cited_at:
            return self.composed(work.entry)
        places = tuple(self._calls.get(place, place) for place in work.cited_at)
        ink = next((i for i, node in enumerate(work.entry) if not isinstance(node, Text)), len(work.entry))
        first = self.composed(work.entry[:ink])
        back = (link(places[0], first, class_="backlink"),) if first else ()
        return (*back, *self.composed(work.entry[ink:]), *self._cited_on(places))

    def _cited_on(self, places: tuple[str, ...]) -> tuple[Composed, ...]:
        if not self.book.title.bibliography.cited_on:
            return ()
        before, _, behind = self.book.words["cited_on"].partition("{pages}")
        pages = Markup("span", (), attributes(data_pages_of=" ".join(places)), PageList(places))
        return (SPACE, span("cited-on", (Text(before), pages, Text(behind))))

    def _with_running_head(self, node: Resolved) -> tuple[Resolved, ...] | None:
        """A heading says its own words for outline and running head."""
        if isinstance(node, Element) and node.tag in HEADINGS:
            return (node.having(data_plain=self._headings.get(node.get("id") or "", "")),)
        return None

    @cached_property
    def _calls(self) -> dict[str, str]:
        """The calls of endnotes by the ids of the citations in them: these do not stand where the text has them."""
        if self.book.title.notes.place == "foot":
            return {}
        return {
            node.id: note.call
            for section in self.book.sections
            for note in section.notes
            for node in walk(note.body)
            if isinstance(node, Cited)
        }

    # --- notes and annotations ---------------------------------------------------------------------------------------

    def _note(self, note: Footnote | KeyedAnnotation, call: Call) -> tuple[Composed, ...]:
        around, self._behind = self._behind, []
        text = self._footnote(note, call) if isinstance(note, Footnote) else self._annotation(note, call)
        texts = (text, *self._behind)
        self._behind = around
        if around is None:
            return texts
        around.extend(texts)
        return ()

    def _footnote(self, note: Footnote, call: Call) -> Markup:
        text = (new for block in note.body for new in self._in_footnote(block))
        inside = (self._sign(call.id, note.number), SPACE, *text)
        shows = NoteText(note.id, "footnote", note.id, call.id)
        return Markup("span", inside, attributes(class_="footnote", id=note.id), shows)

    def _in_footnote(self, block: Resolved) -> tuple[Composed, ...]:
        """A block as part of a footnote, which stands inside a paragraph: no other can be in it."""
        if not isinstance(block, Element) or block.tag != "p":
            return self.composed((block,))
        made = self.element(block.having(class_=" ".join(("p", *sorted(block.classes)))))
        return (replace(made, tag="span", forms=made.forms | {Form.PARAGRAPH}),)

    def _annotation(self, annotation: KeyedAnnotation, call: Call) -> Markup:
        if self.book.edition.commentary and annotation.words > COMMENTARY_WORDS:
            words = Text(f" {self.book.words['see_commentary']} ")
            opening = self.opening(annotation, call.id)
            pointer = Markup("p", (*opening, words, *self.late_number(LateNumber(annotation.id))))
            shows = NoteText(f"pointer-{annotation.id}", "annotation", annotation.id, call.id, POINTER_WORDS)
            return _aside("annotation pointer", (pointer,), shows)
        shows = NoteText(annotation.id, "annotation", annotation.id, call.id, annotation.words)
        return _aside(kinds(annotation), self.annotation_text(annotation, call.id), shows)

    def annotation_text(self, annotation: KeyedAnnotation, call: str) -> tuple[Composed, ...]:
        """An annotation's key, lemma, label and text, and for editors what they need to know of it."""
        text = led_by(self.opening(annotation, call), annotation.body, self)
        if not self.book.edition.is_for_editors:
            return text
        thread = (answer(reply, self) for reply in annotation.annotation.replies)
        return (*facts(annotation.annotation, self.book), *text, *thread)

    def opening(self, annotation: KeyedAnnotation, call: str) -> tuple[Composed, ...]:
        """What an annotation begins with: its key, the lemma it repeats, and its label."""
        return (self._sign(call, annotation.key), *opening_words(annotation))

    def _sign(self, call: str, sign: str) -> Markup:
        """The sign before a note or annotation, which leads back to its call."""
        label = self.book.words["back_to_text"].format(sign=sign)
        back = link(call, (Text(sign),), class_="sign", aria_label=label)
        return replace(back, forms=frozenset({Form.SIGN}))


def _aside(names: str, inside: tuple[Composed, ...], shows: NoteText) -> Markup:
    return Markup("aside", inside, attributes(class_=names, id=shows.id, data_words=str(shows.words)), shows)


def opening_words(annotation: KeyedAnnotation) -> tuple[Composed, ...]:
    """What stands behind an annotation's key: the lemma it repeats, and its label."""
    repeat = (SPACE, Markup("b", (Text(annotation.lemma),), attributes(class_="repeat"))) if annotation.lemma else ()
    return (*repeat, SPACE, Markup("i", (Text(annotation.label),), attributes(class_="label")))


def kinds(annotation: KeyedAnnotation) -> str:
    """The classes of an annotation: what style sheets tell its kinds apart by."""
    kind = annotation.annotation.kind
    if kind.audience is Audience.EDITOR:
        return f"annotation kind-{kind.name} editor status-{annotation.annotation.status or 'open'}"
    return f"annotation kind-{kind.name}"


def meta(*parts: str | None) -> tuple[Composed, ...]:
    """What an editor needs to know of an annotation, in a line."""
    words = " · ".join(part for part in parts if part)
    return paragraph("meta", words)[:1] if words else ()


def facts(annotation: Annotation[Resolved], book: Book) -> tuple[Composed, ...]:
    """What an editor needs to know of an annotation of the book."""
    words = book.words
    waits = annotation.kind.audience is Audience.EDITOR
    status = words.get(f"status_{annotation.status or 'open'}", "") if annotation.status or waits else ""
    to = words["to"].format(name=annotation.to) if annotation.to else ""
    if annotation.closed_by:
        status = words["closed"].format(status=status, name=annotation.closed_by)
    return meta(annotation.id, annotation.by, said_at(annotation.at, book), to, status)


def answer(reply: Reply[Resolved], composer: Composer) -> Markup:
    """One answer of an annotation's thread."""
    opening = meta(reply.by, said_at(reply.at, composer.book))
    return Markup("div", (*opening, *composer.composed(reply.body)), attributes(class_="reply"))


def said_at(at: str | None, book: Book) -> str:
    """When something was said, as the title's language writes it."""
    return moment(at or "", book.title.language)
