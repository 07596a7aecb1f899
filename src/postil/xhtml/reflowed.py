"""The book composed for a reading system: a file for each part, notes and annotations in files of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape

from postil.document import (
    Book,
    Call,
    Element,
    Gloss,
    Heading,
    Node,
    PageNumber,
    Part,
    Section,
    plain,
    rewrite,
    walk,
)
from postil.xhtml.markup import attributes, copyright_page, generated, link, markup, part, subheading, title_page
from postil.xhtml.printer import kinds, led_by

# role of a part -> its name in the EPUB Structural Semantics vocabulary, and the role that DPUB-ARIA 1.1 gives it
SEMANTICS = {
    "titlepage": ("titlepage", "region"),
    "copyright-page": ("copyright-page", "region"),
    "dedication": ("dedication", "doc-dedication"),
    "epigraph": ("epigraph", "doc-epigraph"),
    "foreword": ("foreword", "doc-foreword"),
    "preface": ("preface", "doc-preface"),
    "introduction": ("introduction", "doc-introduction"),
    "acknowledgments": ("acknowledgments", "doc-acknowledgments"),
    "note-on-the-text": ("preface", "doc-preface"),
    "abbreviations": ("glossary", "doc-glossary"),
    "prologue": ("prologue", "doc-prologue"),
    "chapter": ("chapter", "doc-chapter"),
    "epilogue": ("epilogue", "doc-epilogue"),
    "conclusion": ("conclusion", "doc-conclusion"),
    "afterword": ("afterword", "doc-afterword"),
    "appendix": ("appendix", "doc-appendix"),
    "chronology": ("appendix", "doc-appendix"),
    "glossary": ("glossary", "doc-glossary"),
    "bibliography": ("bibliography", "doc-bibliography"),
    "notes": ("endnotes", "doc-endnotes"),
    "annotations": ("endnotes", "doc-endnotes"),
    "colophon": ("colophon", "doc-colophon"),
}


def reflowed(book: Book) -> tuple[Part, ...]:
    """The parts of the book in reading order."""
    writer = _Writer(book)
    own = [section for section in book.sections if section.role == "copyright-page"]
    title = generated(book, "titlepage", "title_page")
    rights = generated(book, "copyright-page", "copyright")
    front = [_semantic(title, title_page(book, title.headings[0]))]
    front += [writer.part(s) for s in own] or [_semantic(rights, copyright_page(book, "epub"))]
    text = [writer.part(s) for s in book.sections if s.role not in ("copyright-page", "colophon")]
    last = [writer.part(s) for s in book.sections if s.role == "colophon"]
    notes = writer.gathered("notes", lambda s: [(n.id, n.number, "footnote", writer.note(n.body)) for n in s.notes])
    annotations = writer.gathered(
        "annotations", lambda s: [(g.id, g.key, kinds(g), writer.gloss(g)) for g in s.glosses]
    )
    return (*front, *text, *notes, *annotations, *last)


Notes = Callable[[Section], list[tuple[str, str, str, Callable[[str], str]]]]


class _Writer:
    """Writes sections; note calls become links to the parts that gather notes and annotations."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._headings = {heading.id: heading for section in book.sections for heading in section.headings}

    def part(self, section: Section) -> Part:
        return _semantic(section, self.markup(rewrite((*section.body, *section.works), _reflowable)))

    def markup(self, nodes: tuple[Node, ...]) -> str:
        return markup(nodes, self.show)

    def show(self, node: Call | PageNumber) -> str:
        if isinstance(node, PageNumber):
            return link(node.target, escape(self._place(node.target), quote=False), class_="xref")
        kind = "note_label" if node.kind == "note" else "annotation_label"
        return link(
            node.target,
            node.sign,
            **{"epub:type": "noteref"},
            role="doc-noteref",
            class_="call" if node.kind == "note" else "key",
            id=node.id,
            aria_label=self.book.words[kind].format(sign=node.sign),
        )

    def note(self, body: tuple[Node, ...]) -> Callable[[str], str]:
        return lambda sign: led_by(sign, body, self.markup)

    def gloss(self, gloss: Gloss) -> Callable[[str], str]:
        repeat = f' <b class="repeat">{escape(gloss.lemma, quote=False)}</b>' if gloss.lemma else ""
        label = f' <i class="label">{escape(gloss.label, quote=False)}</i>'
        return lambda sign: led_by(sign + repeat + label, gloss.body, self.markup)

    def gathered(self, role: str, notes: Notes) -> list[Part]:
        """The part with all notes of one kind, under the headings of the sections that call them."""
        gathered = generated(self.book, role, role, matter="back")
        heading = gathered.headings[0]
        inside = f"<h1{attributes((('id', heading.id),))}>{escape(heading.plain, quote=False)}</h1>\n"
        empty = True
        for section in self.book.sections:
            rows = notes(section)
            if not rows:
                continue
            empty = False
            items = "".join(self._item(*row) for row in rows)
            inside += f'{subheading(section)}<ol class="{role}">\n{items}</ol>\n'
        return [] if empty else [_semantic(gathered, inside)]

    def _item(self, identifier: str, sign: str, names: str, text: Callable[[str], str]) -> str:
        back = link(
            f"call-{identifier}",
            sign,
            **{"epub:type": "backlink"},
            role="doc-backlink",
            class_="sign",
            aria_label=self.book.words["back_to_text"].format(sign=sign),
        )
        pairs = (("epub:type", "footnote"), ("role", "doc-footnote"), ("class", names), ("id", identifier))
        return f"<li><aside{attributes(pairs)}>{text(back)}</aside></li>\n"

    def _place(self, target: str) -> str:
        """The heading a page reference leads to: a reading system has no pages to name."""
        if target in self._headings:
            return self._headings[target].plain
        for section in self.book.sections:
            heading: Heading = section.headings[0]
            for node in walk(section.body):
                if isinstance(node, Element):
                    identifier = node.get("id") or ""
                    heading = self._headings.get(identifier, heading)
                    if identifier == target:
                        return heading.plain
        return target


def _reflowable(node: Node) -> tuple[Node, ...] | None:
    if isinstance(node, Element) and "index-term" in node.classes:
        return (replace(node, attributes=tuple(pair for pair in node.attributes if pair[0] != "data-index")),)
    if isinstance(node, Element) and node.tag == "section":
        epub_type, role = SEMANTICS["bibliography"]
        return (replace(node, attributes=(("epub:type", epub_type), ("role", role), *node.attributes)),)
    return None


def _semantic(section: Section, inside: str) -> Part:
    epub_type, role = SEMANTICS.get(section.role, ("", ""))
    labelled = (("aria-labelledby", section.headings[0].id),) if f'id="{section.headings[0].id}"' in inside else ()
    label = labelled or (("aria-label", plain(section.headings[0].text) or section.heading),)
    semantics = (("epub:type", epub_type), ("role", role), *label) if epub_type else ()
    return part(section, inside, semantics)
