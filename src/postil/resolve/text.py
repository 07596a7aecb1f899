"""The text of one chapter, with everything it refers to filled in."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby

from postil.bibliography import Formatted, as_sentence
from postil.document import (
    Annotation,
    Call,
    Change,
    Chapter,
    Citation,
    CrossReference,
    Element,
    Footnote,
    Gloss,
    Highlight,
    IndexTerm,
    Node,
    NoteCall,
    PageNumber,
    Point,
    Text,
    plain,
    rewrite,
    walk,
)
from postil.edition import open_queries
from postil.resolve.citations import name
from postil.resolve.targets import Target, numbered, slug, without_signs
from postil.source import Diagnostic, Span
from postil.words import words

PUNCTUATION = re.compile(r"[.,;:!?…]+[”’»\"']*|[”’»\"']+[.,;:!?…]*")
SENTENCE_END = re.compile(r"[.!?…][”’»\"']*$")
LEMMA_WORDS = 5


@dataclass(slots=True)
class Numbering:
    """How far the two series of signs have come: notes by number, annotations by letter."""

    notes: int = 0
    keys: int = 0

    def note(self) -> str:
        """The next number."""
        self.notes += 1
        return str(self.notes)

    def key(self) -> str:
        """The next letter: a to z, then aa and ab."""
        self.keys += 1
        return letters(self.keys)


def letters(number: int) -> str:
    """A number from 1 as a to z, then aa, ab and so on."""
    sign = ""
    while number:
        number, digit = divmod(number - 1, 26)
        sign = chr(ord("a") + digit) + sign
    return sign


def shortened(lemma: str) -> str:
    """A lemma as its note repeats it: whole up to five words, beyond that as first … last."""
    parts = lemma.split()
    return lemma if len(parts) <= LEMMA_WORDS else f"{parts[0]} … {parts[-1]}"


@dataclass(slots=True)
class Resolver:
    """Resolves one chapter: ask for its text first, then for the notes and glosses that were called there."""

    chapter: Chapter
    section: str
    language: str
    formatted: Formatted
    targets: Mapping[str, Target]
    numbering: Numbering
    cited: dict[str, list[str]]
    found: list[Diagnostic]
    notes: list[Footnote] = field(default_factory=list)
    _numbers: dict[str, Footnote] = field(default_factory=dict)
    _keys: dict[str, tuple[str, str]] = field(default_factory=dict)
    _lemmas: dict[str, list[str]] = field(default_factory=dict)
    _calls: dict[str, int] = field(default_factory=dict)
    _sentences: set[Span] = field(default_factory=set)
    _ids: int = 0

    @property
    def terms(self) -> Mapping[str, str]:
        """The generated words of the title's language."""
        return words(self.language)

    def text(self, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        """The running text: citations are notes where the style has notes, their calls behind the punctuation."""
        # French sets the call before the punctuation, as the manuscript has it
        if self.formatted.note_style and not self.language.lower().startswith("fr"):
            nodes = rewrite(nodes, _behind_punctuation)
        return rewrite(rewrite(nodes, self._in_text), _signs_told_apart)

    def glosses(self) -> tuple[Gloss, ...]:
        """The annotations that were called, in the order of their keys."""
        waiting = {annotation.id for annotation in open_queries(self.chapter)}
        return tuple(
            self._gloss(self.chapter.annotations[identifier], target, sign, is_open=identifier in waiting)
            for identifier, (target, sign) in self._keys.items()
        )

    def _gloss(self, annotation: Annotation, target: str, sign: str, *, is_open: bool) -> Gloss:
        body = self._held(annotation.body)
        replies = tuple(replace(reply, body=self._held(reply.body)) for reply in annotation.replies)
        return Gloss(
            id=target,
            key=sign,
            lemma=shortened(" … ".join(self._lemmas.get(annotation.id, ()))),
            annotation=replace(annotation, replies=replies),
            label=annotation.kind.label,
            body=body,
            words=len(plain(body).split()),
            is_open=is_open,
        )

    def _held(self, body: tuple[Node, ...]) -> tuple[Node, ...]:
        """The text of a note or an annotation."""
        self._sentences.update(span for node in walk(body) for span in _own_sentences(node))
        return rewrite(body, self._apart)

    def _in_text(self, node: Node) -> tuple[Node, ...] | None:
        match node:
            case NoteCall():
                return self._note(node)
            case Citation() if self.formatted.note_style:
                return self._citation_note(node)
            case Highlight():
                return self._lemma(node.children, node.annotations)
            case Point():
                return self._key(node.annotation)
            case Change():
                return self._change(node)
        return self._anywhere(node)

    def _apart(self, node: Node) -> tuple[Node, ...] | None:
        """In a note or an annotation citations stay in line, and nothing is noted again."""
        match node:
            case Highlight():
                return (Element("mark", node.children),)
            case Change():
                return self._both_texts(node)
            case NoteCall() | Point():
                return ()
        return self._anywhere(node)

    def _anywhere(self, node: Node) -> tuple[Node, ...] | None:
        match node:
            case Citation():
                return self._citation_in_line(node)
            case CrossReference():
                return self._cross_reference(node)
            case IndexTerm():
                attributes = (
                    ("class", "index-term"),
                    ("id", self._id("index")),
                    ("data-index", "!".join(node.entry) or plain(node.children)),
                )
                return (Element("span", node.children, attributes, node.span),)
            case Element(tag="a"):
                href = node.get("href") or ""
                if href.startswith("#") and href[1:] not in self.targets:
                    self._missing(href[1:], node.span)
            case Element(tag="figure"):
                return self._captioned(node)
        return None

    # --- notes and citations

    def _note(self, call: NoteCall) -> tuple[Node, ...]:
        note = self.chapter.notes.get(call.note)
        if note is None:
            return ()
        if call.note not in self._numbers:
            self._numbers[call.note] = self._footnote(self._held(note.body))
        footnote = self._numbers[call.note]
        return (self._call(footnote.number, footnote.id, "note"),)

    def _citation_note(self, citation: Citation) -> tuple[Node, ...]:
        identifier = name(self.chapter, citation)
        body = self.formatted.notes.get(identifier)
        if body is None:
            return ()
        footnote = self._footnote((Element("p", body),))
        call = self._call(footnote.number, footnote.id, "note")
        self._cite(citation, call.id)
        return (*self.formatted.in_text.get(identifier, ()), call)

    def _citation_in_line(self, citation: Citation) -> tuple[Node, ...]:
        body = self.formatted.inline.get(name(self.chapter, citation), ())
        if not body:
            return ()
        if citation.span in self._sentences:
            body = as_sentence(body)
        identifier = self._id("cite")
        self._cite(citation, identifier)
        return (Element("span", body, (("class", "citation"), ("id", identifier)), citation.span),)

    def _cite(self, citation: Citation, place: str) -> None:
        for key in dict.fromkeys(cite.key for cite in citation.cites):
            self.cited.setdefault(key, []).append(place)

    def _footnote(self, body: tuple[Node, ...]) -> Footnote:
        number = self.numbering.note()
        footnote = Footnote(f"note-{self.section}-{number}", number, body)
        self.notes.append(footnote)
        return footnote

    # --- marks and annotations

    def _lemma(self, children: tuple[Node, ...], annotations: tuple[str, ...]) -> tuple[Node, ...]:
        known = tuple(i for i in annotations if i in self.chapter.annotations)
        if not known:
            return (Element("mark", children),)
        keys: list[Node] = []
        for identifier in known:
            self._lemmas.setdefault(identifier, []).append(plain(without_signs(children)))
            keys += self._key(identifier)
        first = keys[0]
        of = first.id.removeprefix("call-") if isinstance(first, Call) else ""
        return (Element("span", children, (("class", "lemma"), ("id", f"lemma-{of}"))), *keys)

    def _key(self, identifier: str) -> tuple[Node, ...]:
        if identifier not in self.chapter.annotations:
            return ()
        if identifier not in self._keys:
            sign = self.numbering.key()
            self._keys[identifier] = (f"annotation-{self.section}-{sign}", sign)
        target, sign = self._keys[identifier]
        return (self._call(sign, target, "annotation"),)

    def _change(self, change: Change) -> tuple[Node, ...]:
        shown = self._both_texts(change)
        if any(i in self.chapter.annotations for i in change.annotations):
            return self._lemma(shown, change.annotations)
        return shown

    def _both_texts(self, change: Change) -> tuple[Node, ...]:
        texts = (("del", change.deleted), ("ins", change.inserted))
        return tuple(
            Element(tag, children, (("id", self._id(tag)),), change.span) for tag, children in texts if children
        )

    def _call(self, sign: str, target: str, kind: str) -> Call:
        self._calls[target] = count = self._calls.get(target, 0) + 1
        suffix = f"-{count}" if count > 1 else ""
        return Call(sign, target, "note" if kind == "note" else "annotation", f"call-{target}{suffix}")

    # --- cross-references

    def _cross_reference(self, reference: CrossReference) -> tuple[Node, ...]:
        target = self.targets.get(reference.target)
        if target is None:
            self._missing(reference.target, reference.span)
            return ()
        if reference.form == "page":
            return (PageNumber(reference.target),)
        return (Element("a", target.label, (("class", "xref"), ("href", f"#{reference.target}")), reference.span),)

    def _missing(self, target: str, span: Span | None) -> None:
        near = difflib.get_close_matches(target, self.targets, 1)
        hint = (
            f"did you mean '#{near[0]}'?" if near else "give a heading, figure or table this id with {#" + target + "}"
        )
        message = f"nothing in this edition has the id '{target}'"
        self.found.append(self.chapter.source.diagnostic("P302", span or 0, message, hint))

    def _captioned(self, figure: Element) -> tuple[Node, ...] | None:
        target = self.targets.get(figure.get("id") or "")
        if not numbered(figure) or target is None:
            return None
        words_of_label = plain(target.label).replace(" ", "\N{NO-BREAK SPACE}")
        label = Element(
            "span",
            (Text(words_of_label[0].upper() + words_of_label[1:] + "."),),
            (("class", "figure-label"),),
        )
        children = tuple(
            replace(child, children=(label, Text(" "), *child.children))
            if isinstance(child, Element) and child.tag == "figcaption"
            else child
            for child in figure.children
        )
        return (replace(figure, children=children),)

    def _id(self, what: str) -> str:
        self._ids += 1
        return f"{what}-{slug(self.section)}-{self._ids}"


def _own_sentences(node: Node) -> Iterator[Span]:
    """The citations that are a whole sentence, or all that a block says: those need no brackets."""
    children = node.children if isinstance(node, Element) else ()
    for index, child in enumerate(children):
        if isinstance(child, Citation) and not child.in_text:
            before = plain(children[:index])
            after = plain(children[index + 1 :])
            if (not before or SENTENCE_END.search(before)) and (not after or after.startswith(".")):
                yield child.span


def _behind_punctuation(node: Node) -> tuple[Node, ...] | None:
    """A citation that becomes a note: its call hugs the word before it, and follows the punctuation after it."""
    if not isinstance(node, Element | Highlight) or not any(isinstance(c, Citation) for c in node.children):
        return None
    children = list(node.children)
    for index, child in enumerate(children):
        if not isinstance(child, Citation) or child.in_text:
            continue
        before = children[index - 1] if index else None
        if isinstance(before, Text):
            children[index - 1] = before.cut(0, len(before.value.rstrip()))
        after = children[index + 1] if index + 1 < len(children) else None
        if isinstance(after, Text) and (found := PUNCTUATION.match(after.value)):
            children[index : index + 2] = [after.cut(0, found.end()), child, after.cut(found.end())]
    return (replace(node, children=tuple(c for c in children if not isinstance(c, Text) or c.value)),)


def _signs_told_apart(node: Node) -> tuple[Node, ...] | None:
    """Where signs fall together, letters stand before numbers, and a comma keeps each from the next."""
    if not isinstance(node, Element) or sum(isinstance(child, Call) for child in node.children) < 2:  # noqa: PLR2004
        return None
    children: list[Node] = []
    for together, group in groupby(node.children, key=lambda child: isinstance(child, Call)):
        if not together:
            children += group
            continue
        for call in sorted(group, key=lambda call: isinstance(call, Call) and call.kind == "note"):
            if children and isinstance(children[-1], Call):
                children.append(Element("span", (Text(","),), (("class", "between-signs"),)))
            children.append(call)
    return (replace(node, children=tuple(children)),)
