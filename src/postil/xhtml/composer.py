"""Resolved nodes as markup: what is the same in every output."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal, assert_never

from postil.document import (
    BLOCKS,
    WRITTEN,
    Attributes,
    Book,
    Call,
    Caption,
    Cited,
    Comma,
    Composed,
    Element,
    Form,
    Heading,
    IndexTerm,
    LateNumber,
    Lemma,
    Markup,
    Maths,
    Part,
    Resolved,
    Revision,
    Section,
    Text,
    Words,
    Work,
    WorkList,
    elements,
    plain,
)
from postil.xhtml.addresses import sound
from postil.xhtml.breaks import breakable
from postil.xhtml.lists import indent, numbers
from postil.xhtml.pictures import sized

NEWLINE = Text("\n")
"""What stands between blocks, for whoever reads the file."""
SPACE = Text(" ")


class Composer:
    """Composes nodes. What outputs have each in its own way is what a reader sees of calls, numbers and works."""

    def __init__(self, book: Book) -> None:
        self.book = book

    def composed(self, nodes: Iterable[Resolved]) -> tuple[Composed, ...]:
        """The nodes as markup."""
        return tuple(new for node in nodes for new in self._composed(node))

    def element(self, node: Element[Resolved]) -> Markup:
        """An element with its content."""
        node = sized(node, self.book.images)
        forms = frozenset(WRITTEN[name] for name in node.classes if name in WRITTEN)
        return Markup(node.tag, self.composed(node.children), _attributes(node), None, forms, node.span)

    def call(self, node: Call) -> tuple[Composed, ...]:
        """The sign that calls a note or annotation; words that are repeated elsewhere have none."""
        del node
        return ()

    def late_number(self, node: LateNumber) -> tuple[Composed, ...]:
        """A number that is known only after layout; words that are repeated elsewhere have none."""
        del node
        return ()

    def index_term(self, node: IndexTerm[Resolved]) -> Attributes:
        """What is noted of words that are marked for the index."""
        return attributes(class_="index-term", id=node.id)

    def entry(self, work: Work[Resolved]) -> tuple[Composed, ...]:
        """How a work reads in the bibliography, with the ways to where it is cited."""
        return self.composed(work.entry)

    def formula(self, node: Maths) -> Markup:
        """A formula, which reading systems set themselves."""
        made = _mathml(node.mathml)
        return replace(made, attributes=(*made.attributes, ("alttext", " ".join(node.tex.split()))), span=node.span)

    def _composed(self, node: Resolved) -> tuple[Composed, ...]:  # noqa: C901, PLR0911, PLR0912 -- one case a node
        match node:
            case Text():
                return breakable(node)
            case Element():
                return ended(self.element(node))
            case Revision():
                tag = "del" if node.kind == "deletion" else "ins"
                return (Markup(tag, self.composed(node.children), attributes(id=node.id), span=node.span),)
            case Lemma():
                shows: Lemma[Composed] = Lemma(node.id, (), node.annotations)
                return (span("lemma", self.composed(node.children), shows, id=node.id),)
            case Comma():
                return (span("between-signs", (Text(","),)),)
            case Cited():
                pairs = attributes(class_="citation in-text" if node.in_text else "citation", id=node.id)
                return (Markup("span", self.composed(node.children), pairs, span=node.span),)
            case Caption():
                inside = (span("figure-label", (Text(node.label),)), SPACE, *self.composed(node.children))
                return ended(Markup("figcaption", inside, node.attributes, span=node.span))
            case IndexTerm():
                return (Markup("span", self.composed(node.children), self.index_term(node), span=node.span),)
            case Work():
                entry = Markup("p", self.entry(node), attributes(class_="entry"))
                notes = (new for note in node.notes for new in ended(Markup("p", self.composed(note))))
                pairs = attributes(id=node.id)
                item = Markup("li", (*ended(entry), *notes), pairs, span=node.span, source=node.source)
                return ended(item)
            case WorkList():
                forms = frozenset({Form.WORKS})
                works = Markup("ul", self.composed(node.children), attributes(class_="references"), None, forms)
                return ended(works)
            case Maths():
                return (self.formula(node),)
            case Call():
                return self.call(node)
            case LateNumber():
                return self.late_number(node)
            case _:
                assert_never(node)


def _attributes(node: Element[Resolved]) -> Attributes:
    """The attributes of an element, as both outputs have them."""
    match node.tag:
        case "a":
            return tuple((name, sound(value) if name == "href" else value) for name, value in node.attributes)
        case "ol":
            values = [each.get("value") for each in node.children if isinstance(each, Element)]
            counted = numbers(node.get("start"), values, down=node.get("reversed") is not None)
            kind = "example" if any(WRITTEN.get(name) is Form.EXAMPLES for name in node.classes) else node.get("type")
            if (ems := indent(kind, counted)) is not None:
                return (*node.attributes, ("style", f"padding-inline-start: {ems}em"))
    return node.attributes


def _mathml(node: Words) -> Markup:
    """MathML as markup."""
    if not isinstance(node, Element):
        return Markup("mtext", (Text(plain((node,))),))
    inside = (child if isinstance(child, Text) else _mathml(child) for child in node.children)
    return Markup(node.tag, tuple(inside), node.attributes)


# --- pieces of markup --------------------------------------------------------------------------------------------


def attributes(**values: str) -> Attributes:
    """Attributes by name (`class_` for class, `epub_type` for epub:type, else `_` for `-`); without a value none."""
    return tuple((_name(name), value) for name, value in values.items() if value)


def _name(name: str) -> str:
    return "epub:type" if name == "epub_type" else name.rstrip("_").replace("_", "-")


def ended(element: Markup) -> tuple[Composed, ...]:
    """An element, and behind a block the end of its line."""
    return (element, NEWLINE) if element.tag in BLOCKS else (element,)


def span(name: str, inside: tuple[Composed, ...], shows: Lemma[Composed] | None = None, **more: str) -> Markup:
    """Words of some class."""
    return Markup("span", inside, attributes(class_=name, **more), shows)


def paragraph(name: str, words: str) -> tuple[Composed, ...]:
    """A paragraph of some class."""
    return ended(Markup("p", (Text(words),), attributes(class_=name)))


def link(target: str, inside: tuple[Composed, ...], **more: str) -> Markup:
    """A link to a place in the title; `more` are its other attributes (`class_` for class)."""
    return Markup("a", inside, (*attributes(**more), ("href", f"#{target}")))


def listed(tag: Literal["ol", "ul"], name: str, items: Iterable[Composed], *forms: Form) -> tuple[Composed, ...]:
    """A list of some class, a line to each item."""
    return ended(Markup(tag, (NEWLINE, *items), attributes(class_=name), None, frozenset(forms)))


def led_by(opening: tuple[Composed, ...], body: tuple[Resolved, ...], composer: Composer) -> tuple[Composed, ...]:
    """Blocks with `opening` at the start of the first paragraph."""
    first, rest = (body[0], body[1:]) if body else (None, ())
    if not isinstance(first, Element) or first.tag != "p":
        return (Markup("p", opening), *composer.composed(body))
    led = composer.element(first)
    return (replace(led, children=(*opening, SPACE, *led.children)), *composer.composed(rest))


def part(section: Section, inside: tuple[Composed, ...], *more: tuple[str, str]) -> Part:
    """A section with its markup: what an output writes."""
    pairs = (("id", section.id), ("class", f"part {section.role.name}"), *more)
    whole = Markup("section", (NEWLINE, *inside), pairs)
    source = section.source
    return Part(section.id, section.role, section.matter, section.opening, section.headings, whole, source)


def heading(level: int, words: tuple[Composed, ...], **values: str) -> tuple[Composed, ...]:
    """A heading of a level."""
    return ended(Markup(f"h{level}", words, attributes(**values)))


def subheading(section: Section, composer: Composer) -> tuple[Composed, ...]:
    """The heading of what a part at the back gathers from a section; nothing for one that has none itself."""
    words = composer.composed(section.headings[0].text)
    return ended(Markup("h2", words, source=section.source)) if words else ()


def has(inside: Iterable[Composed], own: Heading) -> bool:
    """Whether a part's heading is on its pages."""
    return any(element.get("id") == own.id for element in elements(inside))
