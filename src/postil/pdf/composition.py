"""A unit as the document that a typesetter gets: the markup of its parts, with what only a page has need of.

Notes that are too long for the foot of a page, or find no room there, become blocks behind their paragraphs; other
annotations are there twice, as set for the margin and as set for the foot, since only layout knows which it will be.
Each number that is bound later is a word of its likely width.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from types import MappingProxyType
from typing import Literal
from urllib.parse import quote
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

from postil.direction import direction
from postil.document import (
    Call,
    Composed,
    Form,
    LateNumber,
    Markup,
    Meaning,
    NoteText,
    PageList,
    Part,
    Text,
    words_of,
)
from postil.pdf.folio import place
from postil.pdf.fragment import Slot
from postil.xhtml import numbers

PANEL_WORDS = 80
"""How long an annotation in the margin may be, in words."""

FOOT_WORDS = 400
"""How long a note or annotation at the foot of a page may be, in words; a page cannot break it."""

# Behind these a typesetter would break an address, which may only be broken before them (Chicago 18, 7.46).
_NO_BREAK = re.compile("(?:(?<!/)/|[-.,;?!|}])(?=[^/\N{ZERO WIDTH SPACE}])")
_SPACE = " \t\r\n\f"
"""The white space of HTML: others, such as that which does not break, are there to be seen."""
_SPACES = re.compile(f"[{_SPACE}]+")
_TAB = 4
"""How many columns there are from one tab stop to the next, as in the dialect."""
_PRESERVED = frozenset({"pre", "textarea"})
# what a block that is moved out of a paragraph may stand behind
_BREAKABLE = frozenset(
    {"p", "ul", "ol", "dl", "figure", "blockquote", "pre", "table", "h1", "h2", "h3", "h4", "h5", "h6"}
)
_BLOCKS = _BREAKABLE - {"pre"} | frozenset(
    {"li", "dt", "dd", "td", "th", "caption", "figcaption", "div", "section", "aside", "thead", "tbody", "tr"}
)


Lists = Mapping[tuple[str, ...], Sequence[tuple[str, str]]]
"""Lists of pages by all the ids that they name: of each page the first of the ids on it, and its number."""


class Document:
    """An HTML document, as its typesetter has it, and what each element of it was made from."""

    def __init__(self, language: str, names: str) -> None:
        """Begin a document without any content; `names` are the classes that its styles know it by."""
        self.root = Element("html", {"lang": language, "dir": direction(language), "class": names})
        ET.SubElement(self.root, "head")
        self.body = ET.SubElement(self.root, "body")
        self.set_as: dict[Element, Literal["beside", "foot", "block"]] = {}
        """For which place a note is set."""
        self._markup: dict[Element, Markup] = {}
        self._texts: dict[Element, dict[int, Text]] = {}
        self._count = 0  # of the texts so far

    @property
    def is_rightward(self) -> bool:
        """Whether its lines run from left to right, and so its pages."""
        return self.root.get("dir") != "rtl"

    def shows(self, element: Element | None) -> Meaning | None:
        """What an element was made for."""
        made = None if element is None else self._markup.get(element)
        return None if made is None else made.shows

    def note(self, element: Element | None) -> NoteText | None:
        """The note or annotation whose text an element is."""
        shows = self.shows(element)
        return shows if isinstance(shows, NoteText) else None

    def forms(self, element: Element | None) -> frozenset[Form]:
        """How an element is set."""
        made = None if element is None else self._markup.get(element)
        return frozenset() if made is None else made.forms

    def texts(self, element: Element) -> Mapping[int, Text]:
        """The words right within an element, as they were before they were set, by their numbers in the document."""
        return self._texts.get(element, {})

    def close(self) -> None:
        """Let go of what elements were made from: nobody asks for that once the pages are known."""
        for kept in (self.set_as, self._markup, self._texts):
            kept.clear()

    # --- making it ---------------------------------------------------------------------------------------------------

    def grow(self, markup: Markup) -> Element:
        """An element with all that is in it."""
        element = self.new(markup)
        texts = self._texts[element]
        last: Element | None = None
        for child in markup.children:
            if isinstance(child, Text):
                _append(element, last, child.value)
                texts[self._count] = child
                self._count += 1
            elif child.tag == "wbr":
                _append(element, last, "\N{ZERO WIDTH SPACE}")
            else:
                last = self.grow(child)
                element.append(last)
        if element.tag == "ol":
            _count(element)
        if Form.ADDRESS in markup.forms:
            element.text = _NO_BREAK.sub("\\g<0>\N{WORD JOINER}", element.text or "")
        return element

    def new(self, markup: Markup) -> Element:
        """An element without anything in it."""
        element = Element(markup.tag, dict(markup.attributes))
        if markup.tag == "img":
            element.set("src", quote(element.get("src", "")))
        self._markup[element] = markup
        self._texts[element] = {}
        return element

    def copy(self, element: Element) -> Element:
        """An element and all in it a second time."""
        made = deepcopy(element)
        for old, new in zip(element.iter(), made.iter(), strict=True):
            if old in self._markup:
                self._markup[new], self._texts[new] = self._markup[old], self._texts[old]
        return made

    def part_lines(self, stanza: Element) -> None:
        """Make each line of a stanza, parted by `br`, a block, so that what runs over is indented further."""
        texts = _by_lines(self._markup[stanza].children, iter(self._texts[stanza].items()))
        lines = [Element("span", {"class": "line"})]
        lines[0].text = stanza.text
        for child in list(stanza):
            stanza.remove(child)
            if child.tag == "br":
                lines.append(Element("span", {"class": "line"}))
                lines[-1].text = (child.tail or "").lstrip(_SPACE)
            else:
                lines[-1].append(child)
        stanza.text = None
        stanza.extend(lines)
        for line, text in zip(lines, texts, strict=True):
            self._texts[line] = text


def compose(
    document: Document,
    parts: Sequence[Part],
    numbers: Mapping[Slot, str] = MappingProxyType({}),
    lists: Lists = MappingProxyType({}),
    in_text: Collection[str] = (),
) -> Document:
    """The document, with parts in it, and the notes that have these ids set in the text.

    `numbers` has what a late number is laid out as, by its place; `lists` the same of the numbers in lists of pages.
    """
    for part in parts:
        section = document.grow(part.section)
        _close_up(section)
        _Preparation(document, section).carry_out(numbers, lists, in_text)
        if part is not parts[0]:
            section.set("class", f"{section.get('class')} run-on")
        document.body.append(section)
    return document


def endnotes(document: Document) -> Mapping[str, str]:
    """The notes that are set as a list: the ids of their calls by their own."""
    notes = filter(None, map(document.note, document.root.iter()))
    return {note.id: note.call for note in notes if note.kind == "endnote"}


def long_annotations(document: Document) -> Sequence[str]:
    """The ids of annotations too long for the margin."""
    notes = (document.note(each) for each, place in document.set_as.items() if place == "beside")
    return [note.id for note in notes if note and note.words > PANEL_WORDS]


def pages_of(targets: Iterable[str], numbers: Mapping[str, str]) -> dict[str, str]:
    """The pages on which some ids stand, each once and in order, with the first of the ids on it."""
    first: dict[str, str] = {}
    for target in targets:
        if target in numbers:
            first.setdefault(numbers[target], target)
    return dict(sorted(first.items(), key=lambda page: place(page[0])))


def _count(numbered: Element) -> None:
    """Give the items of a list their numbers, where these do not count up from 1.

    A typesetter knows of styles only, not what `start`, `reversed` and `value` mean.
    """
    items = numbered.findall("li")
    values = [item.get("value") for item in items]
    expected = 1
    for item, number in zip(
        items, numbers(numbered.get("start"), values, down="reversed" in numbered.attrib), strict=True
    ):
        if number != expected:
            item.set("style", f"counter-set: list-item {number}; counter-increment: none")
        expected = number + 1


def _append(element: Element, last: Element | None, words: str) -> None:
    """Add words to an element, behind the last of those in it."""
    if last is None:
        element.text = (element.text or "") + words
    else:
        last.tail = (last.tail or "") + words


def _by_lines(nodes: Iterable[Composed], texts: Iterator[tuple[int, Text]]) -> list[dict[int, Text]]:
    """The words right within a stanza, with their numbers, line by line."""
    lines: list[dict[int, Text]] = [{}]
    for node in nodes:
        if isinstance(node, Text):
            number, text = next(texts)
            lines[-1][number] = text
        elif node.tag == "br":
            lines.append({})
    return lines


def _close_up(element: Element) -> None:
    """Take out white space that a page does not show, at the edges of blocks and inside notes."""
    if element.tag in _PRESERVED:
        _expand(element)
        return
    for child in element:
        _close_up(child)
    _collapse(element)
    if element.tag in _BLOCKS:
        if element.text and not element.text.strip(_SPACE):
            element.text = None
        elif element.text:
            element.text = element.text.lstrip(_SPACE)
        if len(element):
            last = element[-1]
            last.tail = (last.tail or "").rstrip(_SPACE) or None
        elif element.text:
            element.text = element.text.rstrip(_SPACE)


def _expand(element: Element, column: int = 0) -> int:
    """Make spaces of the tabs in code, so that lines stand by columns; the column in which the next letter stands."""
    element.text, column = _expanded(element.text, column)
    for child in element:
        column = _expand(child, column)
        child.tail, column = _expanded(child.tail, column)
    return column


def _expanded(words: str | None, column: int) -> tuple[str | None, int]:
    if not words:
        return words, column
    set_ = (" " * column + words).expandtabs(_TAB)
    return set_[column:], len(set_) - set_.rfind("\n") - 1


def _collapse(element: Element) -> None:
    if element.text:
        element.text = _SPACES.sub(" ", element.text)
    for child in element:
        if child.tail:
            child.tail = _SPACES.sub(" ", child.tail)


class _Preparation:
    """Makes of a section what a typesetter needs."""

    def __init__(self, document: Document, section: Element) -> None:
        self._document, self._section = document, section
        self._parents = {child: parent for parent in section.iter() for child in parent}

    def carry_out(self, numbers: Mapping[Slot, str], lists: Lists, in_text: Collection[str]) -> None:
        """Move and double notes, keep signs apart, part verse into lines, and give numbers their likely width."""
        document = self._document
        self._lift_notes()
        for call in [each for each in self._section.iter() if self._is_call(each)]:
            # a line may end between a full stop and a figure, but not beside a box without a space
            parent = self._parents[call]
            parent.insert(list(parent).index(call), self._between(call, parent))
        self._provide_for_foot(in_text)
        for verse in [each for each in self._section.iter("div") if Form.VERSE in document.forms(each)]:
            for stanza in verse.iter("p"):
                document.part_lines(stanza)
        for element in list(self._section.iter()):
            shows = document.shows(element)
            if isinstance(shows, LateNumber):
                element.text = numbers.get(Slot(shows.target, shows.of), "00")
            elif isinstance(shows, PageList):
                self._list_pages(element, lists.get(shows.targets, ()))

    def _is_call(self, element: Element) -> bool:
        return isinstance(self._document.shows(element), Call)

    def _is_annotation(self, element: Element) -> bool:
        note = self._document.note(element)
        return note is not None and note.kind == "annotation"

    def _is_note(self, element: Element) -> bool:
        """Whether an element is a note or annotation that stands where it is called."""
        note = self._document.note(element)
        return note is not None and note.kind in ("annotation", "footnote")

    def _list_pages(self, element: Element, pages: Iterable[tuple[str, str]]) -> None:
        for target, number in pages:
            if len(element):
                element[-1].tail = ", "
            attributes = (("href", f"#{target}"), ("class", "page-number"), ("data-page-of", target))
            link = self._document.new(Markup("a", (), attributes, LateNumber(target)))
            link.text = number
            element.append(link)

    def _between(self, call: Element, parent: Element) -> Element:
        """What stands before a call: nothing, or a comma if another call comes right before, as *ab* is a key too."""
        before = None
        for child in parent:
            if child is call:
                break
            if not self._is_note(child) or child.tail:
                before = child
        box = Element("span", {"class": "between"})
        if before is not None and self._is_call(before) and not before.tail:
            box.text = ","
        return box

    # --- notes and annotations ---------------------------------------------------------------------------------------

    def _lift_notes(self) -> None:
        """Put the annotations on an annotation behind it: they stand beside the same line."""
        inside: set[Element] = set()
        for annotation in [each for each in self._section.iter() if self._is_annotation(each)]:
            if annotation in inside:
                continue
            inner = [each for each in annotation.iter() if each is not annotation and self._is_annotation(each)]
            inside.update(inner)
            for note in reversed(inner):
                _take_out(note, self._parents[note])
                note.tail, annotation.tail = annotation.tail, None
                around = self._parents[annotation]
                around.insert(list(around).index(annotation) + 1, note)
                self._parents[note] = around

    def _provide_for_foot(self, in_text: Collection[str]) -> None:
        """Double each annotation, for margin and foot, and move what is too long for either."""
        for note in [each for each in self._section.iter() if self._is_note(each)]:
            if note.get("id") in in_text or len(words_of("".join(note.itertext()))) > FOOT_WORDS:
                self._set_as_block(note)
            elif self._is_annotation(note):
                parent = self._parents[note]
                parent.insert(list(parent).index(note), self._at_foot(note))
                note.set("class", f"{note.get('class')} beside")
                self._document.set_as[note] = "beside"

    def _at_foot(self, annotation: Element) -> Element:
        foot = self._document.copy(annotation)
        foot.set("class", f"{annotation.get('class')} panel")
        foot.tail = None
        self._document.set_as[foot] = "foot"
        return foot

    def _set_as_block(self, note: Element) -> None:
        """Move a note behind the block that calls it, as a block of its own that can be broken over pages."""
        parents = self._parents
        parent = parents[note]
        self._take_in(note)
        _take_out(note, parent)
        note.tag = "div"
        note.set(
            "class", " ".join(sorted({*(note.get("class") or "").split()} - {"annotation", "footnote"} | {"long-note"}))
        )
        self._document.set_as[note] = "block"
        block = parent
        while block.tag not in _BREAKABLE and parents[block] in parents:
            block = parents[block]
        around = parents[block]
        behind = list(around).index(block) + 1
        while behind < len(around) and self._document.set_as.get(around[behind]) == "block":
            behind += 1
        around.insert(behind, note)
        parents[note] = around

    def _take_in(self, note: Element) -> None:
        """Put the annotations on a note, which stand behind it, behind their keys: it may end on a later page."""
        keys: dict[str, Element] = {}
        for each in note.iter("a"):
            call = self._document.shows(each)
            if isinstance(call, Call) and call.kind == "annotation":
                keys[call.target] = each
        parents = self._parents
        for annotation in list(parents[note]):
            text = self._document.note(annotation)
            if text is not None and text.kind == "annotation" and (key := keys.get(text.of)) is not None:
                _take_out(annotation, parents[note])
                annotation.tail, key.tail = key.tail, None
                parents[annotation] = parents[key]
                parents[key].insert(list(parents[key]).index(key) + 1, annotation)


def _take_out(element: Element, parent: Element) -> None:
    """Take an element out of its parent, leaving the text behind it."""
    index = list(parent).index(element)
    if index:
        parent[index - 1].tail = (parent[index - 1].tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)
    element.tail = None
