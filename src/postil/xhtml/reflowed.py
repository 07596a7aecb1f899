"""The book composed for a reading system: a file for each part, notes and annotations in files of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from postil.document import (
    ROLES,
    Book,
    Call,
    Caption,
    Composed,
    Element,
    LateNumber,
    Markup,
    Part,
    Resolved,
    Section,
    Text,
    Work,
    plain,
    walk,
)
from postil.source import Source
from postil.xhtml.composer import (
    NEWLINE,
    Composer,
    attributes,
    has,
    heading,
    led_by,
    link,
    listed,
    part,
    span,
    subheading,
)
from postil.xhtml.front import copyright_page, generated, title_page
from postil.xhtml.illustrations import illustrations, listed_as
from postil.xhtml.passages import directed
from postil.xhtml.printer import answer, facts, kinds, opening_words


def reflowed(book: Book) -> tuple[Part, ...]:
    """The parts of the book in reading order."""
    writer = _Writer(book)
    rights, last = ROLES["copyright-page"], ROLES["colophon"]
    title = generated(book, "titlepage", "title_page")
    own = [writer.part(s) for s in book.sections if s.role is rights]
    made = _semantic(generated(book, rights.name, "copyright"), copyright_page(book, "epub"))
    texts = [writer.part(s) for s in book.sections if s.role not in (rights, last)]
    place = next((i for i, text in enumerate(texts) if not text.role.display), len(texts))
    parts = (
        _semantic(title, title_page(book, title.headings[0])),
        *(own or [made]),
        *texts[:place],
        *_illustrations(book),  # where the contents come before it
        *texts[place:],
        *writer.gathered("notes", writer.notes),
        *writer.gathered("annotations", writer.annotations),
        *(writer.part(s) for s in book.sections if s.role is last),
    )
    return directed(parts, book)


@dataclass(frozen=True, slots=True)
class _Note:
    """A note or annotation as an item of a list: its id, its sign, the id of its call, and its classes.

    Its text is led by the words of the `opening`, and stands in `source`. `before` and `behind` it stands what editors
    say of it.
    """

    id: str
    sign: str
    call: str
    names: str
    opening: tuple[Composed, ...]
    body: tuple[Resolved, ...]
    source: Source
    before: tuple[Composed, ...] = ()
    behind: tuple[Composed, ...] = ()


class _Writer(Composer):
    """Composes sections; note calls become links to the parts that gather notes and annotations."""

    def __init__(self, book: Book) -> None:
        super().__init__(book)
        self._headings = {heading.id: heading for section in book.sections for heading in section.headings}

    def part(self, section: Section) -> Part:
        """A section of the book, with its own list of works behind it if there is one."""
        text = self.composed(section.body)
        if section.works:
            role = ROLES["bibliography"]
            pairs = attributes(epub_type=role.epub_type, role=role.aria, class_=role.name)
            text += (Markup("section", self.composed(section.works.body), (*pairs, _labelled(section.works.heading))),)
        return _semantic(section, text)

    # --- what is shown in the way of reading systems -----------------------------------------------------------------

    def call(self, node: Call) -> tuple[Composed, ...]:
        """A link that a reading system may show as a pop-up."""
        name, word = ("call", "note_label") if node.kind == "note" else ("key", "annotation_label")
        label = self.book.words[word].format(sign=node.sign)
        pairs = attributes(epub_type="noteref", role="doc-noteref", class_=name, id=node.id, aria_label=label)
        return (Markup("a", (Text(node.sign),), (*pairs, ("href", f"#{node.target}")), node),)

    def late_number(self, node: LateNumber) -> tuple[Composed, ...]:
        """The heading that a reference leads to: a reading system has no pages to name."""
        return (link(node.target, (Text(self._place(node.target)),), class_="xref"),)

    def entry(self, work: Work[Resolved]) -> tuple[Composed, ...]:
        """A work with links back to the places that cite it."""
        entry = self.composed(work.entry)
        if not work.cited_at:
            return entry
        links: list[Composed] = []
        for number, place in enumerate(work.cited_at, 1):
            label = self.book.words["cited_in"].format(number=number)
            pairs = (*attributes(class_="backlink"), ("href", f"#{place}"), ("aria-label", label))
            links += [Text(" " if links else "\N{NO-BREAK SPACE}"), Markup("a", (Text(str(number)),), pairs)]
        arrow = Text(" \N{LEFTWARDS ARROW WITH HOOK}\N{VARIATION SELECTOR-15}")
        return (*entry, span("backlinks", (arrow, *links)))

    # --- notes and annotations ---------------------------------------------------------------------------------------

    def notes(self, section: Section) -> Iterable[_Note]:
        """The notes of a section."""
        return (_Note(n.id, n.number, n.call, "footnote", (), n.body, n.source) for n in section.notes)

    def annotations(self, section: Section) -> Iterable[_Note]:
        """The annotations of a section."""
        for_editors = self.book.edition.is_for_editors
        for a in section.annotations:
            note = _Note(a.id, a.key, a.call, kinds(a), opening_words(a), a.body, a.source)
            before = facts(a.annotation, self.book) if for_editors else ()
            behind = tuple(answer(reply, self) for reply in a.annotation.replies) if for_editors else ()
            yield replace(note, before=before, behind=behind)

    def gathered(self, role: str, notes: Callable[[Section], Iterable[_Note]]) -> list[Part]:
        """The part with all notes of one kind, under the headings of the sections that call them."""
        gathered = generated(self.book, role, role, matter="back")
        own = gathered.headings[0]
        inside: list[Composed] = []
        for section in self.book.sections:
            items = [node for note in notes(section) for node in (self._item(note), Text("\n"))]
            if items:
                inside += (*subheading(section, self), *listed("ol", role, items))
        if not inside:
            return []
        return [_semantic(gathered, (*heading(1, (Text(own.plain),), id=own.id), *inside))]

    def _item(self, note: _Note) -> Markup:
        label = self.book.words["back_to_text"].format(sign=note.sign)
        pairs = attributes(epub_type="backlink", role="doc-backlink", class_="sign", aria_label=label)
        back = Markup("a", (Text(note.sign),), (*pairs, ("href", f"#{note.call}")))
        text = (*note.before, *led_by((back, *note.opening), note.body, self), *note.behind)
        of_note = attributes(epub_type="footnote", role="doc-footnote", class_=note.names, id=note.id)
        return Markup("li", (Markup("aside", text, of_note, source=note.source),))

    def _place(self, target: str) -> str:
        """The words of the heading that a place stands under."""
        if target in self._headings:
            return self._headings[target].plain
        for section in self.book.sections:
            under = section.headings[0]
            for node in walk(section.body):
                if isinstance(node, Element | Caption):
                    identifier = dict(node.attributes).get("id", "")
                    under = self._headings.get(identifier, under)
                    if identifier == target:
                        return under.plain
        return target


def _illustrations(book: Book) -> Iterator[Part]:
    section = generated(book, "loi", "illustrations")
    own = section.headings[0]
    lines = ((Markup("li", (link(each.figure, (listed_as(each),)),)), NEWLINE) for each in illustrations(book))
    if items := [node for line in lines for node in line]:
        yield _semantic(section, (*heading(1, (Text(own.plain),), id=own.id), *listed("ol", "contents", items)))


def _semantic(section: Section, inside: tuple[Composed, ...]) -> Part:
    """A section that says what it is, in the terms of EPUB and of ARIA."""
    role, own = section.role, section.headings[0]
    if not role.epub_type:
        return part(section, inside)
    label = _labelled(own.id) if has(inside, own) else ("aria-label", plain(own.text) or section.heading)
    return part(section, inside, *attributes(epub_type=role.epub_type, role=role.aria), label)


def _labelled(identifier: str) -> tuple[str, str]:
    return "aria-labelledby", identifier
