"""The parts of a book as units of layout: which parts run on together, and what a typesetter needs in their markup."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from urllib.parse import quote
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

from postil.document import Book, Matter, Opening, Part
from postil.pdf.folios import place
from postil.source import Position

PANEL_WORDS = 80
"""How long an annotation in the margin may be, in words."""

# Parts that are for display: neither folio nor running head, though their pages count.
DISPLAY = frozenset({"cover", "halftitle", "titlepage", "copyright-page", "dedication", "epigraph"})

FOOT_WORDS = 400
"""How long a note or annotation at the foot of a page may be, in words; a page cannot break it."""

CHARACTERS = 2300
"""How many characters fill a page, more or less."""

PAGES_OF = "data-pages-of"
"""What names the places whose pages are listed within an element, by their ids."""

_TEXT_AND_IDS = re.compile(r'([^<]*)(?:<(?:[^>]*? id="([^"]*)")?[^>]*>)?')
# Behind these a typesetter would break an address, which may only be broken before them (Chicago 18, 7.46).
_NO_BREAK = re.compile("(?:(?<!/)/|[-.,;?!|}])(?=[^/\N{ZERO WIDTH SPACE}])")
_SPACES = re.compile(r"[ \t\r\n]+")
_PRESERVED = frozenset({"pre", "textarea"})


@dataclass(frozen=True, slots=True)
class Unit:
    """Parts that are laid out together: the first opens a page, the others run on."""

    parts: tuple[Part, ...]

    @property
    def matter(self) -> Matter:
        """Front matter, body or back matter."""
        return self.parts[0].matter

    @property
    def opening(self) -> Opening:
        """The kind of page it opens on."""
        return self.parts[0].opening

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.parts[0].heading or self.parts[0].id

    @property
    def places(self) -> Iterator[Position]:
        """Where its blocks stand in the manuscript, as far as they come from there."""
        return (at for part in self.parts for at in part.places)

    @property
    def display(self) -> bool:
        """Whether its pages bear neither folio nor head."""
        return self.parts[0].role in DISPLAY


def units(parts: Iterable[Part]) -> tuple[Unit, ...]:
    """Group parts, in the order of the book, into units of layout."""
    groups: list[list[Part]] = []
    for part in parts:
        if groups and part.opening == "run-on" and _can_follow(part, groups[-1][0]):
            groups[-1].append(part)
        else:
            groups.append([part])
    return tuple(Unit(tuple(group)) for group in groups)


def blocks(unit: Unit) -> Iterator[tuple[Unit, Position]]:
    """Each block of a unit that comes from the manuscript as a unit of its own, and where it stands there."""
    for part in unit.parts:
        section = ET.fromstring(part.markup)  # noqa: S314 -- our own serializer wrote it
        for block, at in zip(list(section), part.places, strict=False):
            alone = Element("section", section.attrib)
            alone.append(block)
            yield Unit((replace(part, markup=ET.tostring(alone, "unicode")),)), at


def _can_follow(part: Part, first: Part) -> bool:
    return part.matter == first.matter and part.role not in DISPLAY and first.role not in DISPLAY


def expected_folios(parts: Iterable[Part]) -> dict[str, str]:
    """Rough page numbers by id, for the width that is kept for them before anything is laid out."""
    folios: dict[str, str] = {}
    characters = 0
    arabic = False
    for part in parts:
        if part.matter != "front" and not arabic:
            characters, arabic = 0, True
        for words, name in _TEXT_AND_IDS.findall(part.markup):
            characters += len(words)
            if name:
                folios[name] = str(1 + characters // CHARACTERS) if arabic else "00"
    return folios


def compose(unit: Unit, book: Book, numbers: Mapping[str, str], in_text: Collection[str] = ()) -> Element:
    """The unit as an HTML document, with the notes that have these ids set in the text.

    `numbers` has the words that keep the width of a number by the id of its target, where more is known than that
    a number will stand there.
    """
    root = blank(book)
    body = root[1]
    for part in unit.parts:
        section = ET.fromstring(part.markup)  # noqa: S314 -- our own serializer wrote it
        _close_up(section)
        _prepare(section, numbers, in_text)
        for image in section.iter("img"):
            image.set("src", quote(image.get("src", "")))
        if part is not unit.parts[0]:
            section.set("class", f"{section.get('class')} run-on")
        body.append(section)
    return root


def blank(book: Book) -> Element:
    """A document without any content, in the book's page and language."""
    trim = book.title.editions[book.edition.name].trim
    root = Element("html", {"lang": book.title.language, "class": f"{book.edition.name} trim-{trim}"})
    head = ET.SubElement(root, "head")
    ET.SubElement(head, "title").text = book.title.title
    ET.SubElement(root, "body")
    return root


def _close_up(element: Element) -> None:
    """Take out white space that a page does not show, at the edges of blocks and inside notes."""
    if element.tag in _PRESERVED:
        return
    for child in element:
        _close_up(child)
    _collapse(element)
    if element.tag in _BLOCKS:
        if element.text and not element.text.strip():
            element.text = None
        elif element.text:
            element.text = element.text.lstrip()
        if len(element):
            last = element[-1]
            last.tail = (last.tail or "").rstrip() or None
        elif element.text:
            element.text = element.text.rstrip()


def _collapse(element: Element) -> None:
    if element.text:
        element.text = _SPACES.sub(" ", element.text)
    for child in element:
        if child.tail:
            child.tail = _SPACES.sub(" ", child.tail)


_CALLS = frozenset({"call", "key"})

# What a block that is moved out of a paragraph may stand behind.
_BREAKABLE = frozenset(
    {"p", "ul", "ol", "dl", "figure", "blockquote", "pre", "table", "h1", "h2", "h3", "h4", "h5", "h6"}
)

_BLOCKS = frozenset(
    [
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "dt",
        "dd",
        "td",
        "th",
        "caption",
        "figcaption",
        "div",
        "section",
        "aside",
        "blockquote",
        "figure",
        "table",
        "thead",
        "tbody",
        "tr",
        "ul",
        "ol",
        "dl",
    ]
)


def _prepare(section: Element, numbers: Mapping[str, str], in_text: Collection[str]) -> None:
    """Make of the markup what a typesetter needs.

    What is too long for the foot of a page, or finds no room there, is set as a block behind its paragraph; other
    annotations are doubled, for margin and foot; lines of verse become blocks; a number that is bound after layout is
    given its likely width.
    """
    _lift_notes(section)
    parents = _parents(section)
    for opportunity in list(section.iter("wbr")):
        parent = parents[opportunity]
        opportunity.tail = "\N{ZERO WIDTH SPACE}" + (opportunity.tail or "")
        _take_out(opportunity, parent)
    for address in [each for each in section.iter("span") if "url" in _classes(each)]:
        address.text = _NO_BREAK.sub("\\g<0>\N{WORD JOINER}", address.text or "")
    for call in [each for each in section.iter("a") if _classes(each) & _CALLS]:
        # a line may end between a full stop and a figure, but not beside a box without a space
        parents[call].insert(list(parents[call]).index(call), _between(call, parents[call]))
    _provide_for_foot(section, parents, in_text)
    for verse in [each for each in section.iter("div") if "verse" in _classes(each)]:
        for stanza in verse.iter("p"):
            _part_lines(stanza)
    for element in list(section.iter()):
        if (target := element.get("data-page-of")) is not None:
            element.text = numbers.get(target, "00")
        elif (targets := element.get(PAGES_OF)) is not None:
            _list_pages(element, pages_of(targets, numbers))


def endnotes(unit: Element) -> frozenset[str]:
    """The ids of the notes that are set as a list."""
    lists = (each for each in unit.iter("ol") if "endnotes" in _classes(each))
    return frozenset(note.get("id", "") for each in lists for note in each)


def page_lists(markup: str) -> Sequence[str]:
    """The places whose pages are listed in some markup, list by list."""
    return re.findall(rf'{PAGES_OF}="([^"]*)"', markup)


def pages_of(targets: str, numbers: Mapping[str, str]) -> dict[str, str]:
    """The pages on which some ids stand, each once and in order, with the first of the ids on it."""
    first: dict[str, str] = {}
    for target in targets.split():
        if target in numbers:
            first.setdefault(numbers[target], target)
    return dict(sorted(first.items(), key=lambda page: place(page[0])))


def _list_pages(element: Element, pages: Mapping[str, str]) -> None:
    for number, target in pages.items():
        if len(element):
            element[-1].tail = ", "
        link = {"href": f"#{target}", "class": "page-number", "data-page-of": target}
        ET.SubElement(element, "a", link).text = number


def _provide_for_foot(section: Element, parents: dict[Element, Element], in_text: Collection[str]) -> None:
    """Double each annotation, for margin and foot, and move what is too long for either."""
    for note in [each for each in section.iter() if _classes(each) & {"annotation", "footnote"}]:
        if note.get("id") in in_text or len("".join(note.itertext()).split()) > FOOT_WORDS:
            _set_as_block(note, parents)
        elif "annotation" in _classes(note):
            parents[note].insert(list(parents[note]).index(note), _at_foot(note))
            note.set("class", f"{note.get('class')} beside")


def _between(call: Element, parent: Element) -> Element:
    """What stands before a call: nothing, or a comma if another call comes right before, as *ab* is a key too."""
    before = None
    for child in parent:
        if child is call:
            break
        if not _classes(child) & {"annotation", "footnote"} or child.tail:
            before = child
    box = Element("span", {"class": "between"})
    if before is not None and _classes(before) & _CALLS and not before.tail:
        box.text = ","
    return box


def _parents(section: Element) -> dict[Element, Element]:
    return {child: parent for parent in section.iter() for child in parent}


def _lift_notes(section: Element) -> None:
    """Put the annotations on an annotation behind it: they stand beside the same line."""
    parents = _parents(section)
    inside: set[Element] = set()
    for annotation in [each for each in section.iter() if "annotation" in _classes(each)]:
        if annotation in inside:
            continue
        inner = [each for each in annotation.iter() if each is not annotation and "annotation" in _classes(each)]
        inside.update(inner)
        for note in reversed(inner):
            _take_out(note, parents[note])
            note.tail, annotation.tail = annotation.tail, None
            around = parents[annotation]
            around.insert(list(around).index(annotation) + 1, note)


def _take_out(element: Element, parent: Element) -> None:
    """Take an element out of its parent, leaving the text behind it."""
    index = list(parent).index(element)
    if index:
        parent[index - 1].tail = (parent[index - 1].tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)
    element.tail = None


def _classes(element: Element) -> set[str]:
    return set((element.get("class") or "").split())


def _set_as_block(note: Element, parents: dict[Element, Element]) -> None:
    """Move a note behind the block that calls it, as a block of its own that can be broken over pages."""
    parent = parents[note]
    _take_in(note, parents)
    _take_out(note, parent)
    note.tag = "div"
    note.set("class", " ".join(sorted(_classes(note) - {"annotation", "footnote"} | {"long-note"})))
    block = parent
    while block.tag not in _BREAKABLE and parents[block] in parents:
        block = parents[block]
    around = parents[block]
    behind = list(around).index(block) + 1
    while behind < len(around) and "long-note" in _classes(around[behind]):
        behind += 1
    around.insert(behind, note)
    parents[note] = around


def _take_in(note: Element, parents: dict[Element, Element]) -> None:
    """Put the annotations on a note, which stand behind it, behind their keys: it may end on a later page."""
    keys = {key.get("href", "")[1:]: key for key in note.iter("a") if "key" in _classes(key)}
    for annotation in list(parents[note]):
        key = keys.get(annotation.get("id", "").removeprefix("pointer-"))
        if key is not None and "annotation" in _classes(annotation):
            _take_out(annotation, parents[note])
            annotation.tail, key.tail = key.tail, None
            parents[annotation] = parents[key]
            parents[key].insert(list(parents[key]).index(key) + 1, annotation)


def _part_lines(stanza: Element) -> None:
    """Make each line of a stanza, parted by `br`, a block, so that what runs over is indented further."""
    lines = [Element("span", {"class": "line"})]
    lines[0].text = stanza.text
    for child in list(stanza):
        stanza.remove(child)
        if child.tag == "br":
            lines.append(Element("span", {"class": "line"}))
            lines[-1].text = (child.tail or "").lstrip()
        else:
            lines[-1].append(child)
    stanza.text = None
    stanza.extend(lines)


def _at_foot(annotation: Element) -> Element:
    foot = deepcopy(annotation)
    foot.set("class", f"{annotation.get('class')} panel")
    foot.tail = None
    return foot


def long_annotations(unit: Element) -> Sequence[str]:
    """The ids of annotations too long for the margin."""
    return [
        aside.get("id", "")
        for aside in unit.iter("aside")
        if "beside" in _classes(aside) and int(aside.get("data-words", "0")) > PANEL_WORDS
    ]
