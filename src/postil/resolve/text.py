"""The text of one chapter, with everything it refers to filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

from postil.bibliography import as_sentence, bracketed, stop_inside
from postil.document import (
    Audience,
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
from postil.guesses import Guesses
from postil.resolve.citations import name
from postil.resolve.signs import Numbering, settled
from postil.resolve.targets import Ids, Target, numbered, slug, without_signs
from postil.resolve.works import Works
from postil.source import Diagnostic, Span

# words behind which a citation is a part of the sentence and needs no brackets
SIGNAL = re.compile(r"(?:^|[\s(])(?:[Ss]ee(?: also)?|[Cc]f\.|[Cc]ompare|[Aa]s in)$")
SENTENCE_END = re.compile(r"[.!?…][”’»\"']*$")
LEMMA_WORDS = 5


def shortened(*passages: str) -> str:
    """A lemma as its note repeats it, from its passages: whole up to five words, beyond that as first … last."""
    words = " ".join(filter(None, passages)).split(" ")  # not where a French quotation mark keeps to its word
    return " … ".join(filter(None, passages)) if len(words) <= LEMMA_WORDS else f"{words[0]} … {words[-1]}"


@dataclass(slots=True)
class Resolver:
    """Resolves one chapter: ask for its text first, then for the notes and glosses that were called there."""

    chapter: Chapter
    section: str
    language: str
    works: Works
    targets: Mapping[str, Target]
    ids: Ids
    numbering: Numbering
    found: list[Diagnostic]
    notes: list[Footnote] = field(default_factory=list)
    _numbers: dict[str, Footnote] = field(default_factory=dict)
    _glosses: dict[str, Gloss] = field(default_factory=dict)
    _lemmas: dict[str, list[str]] = field(default_factory=dict)
    _called: set[str] = field(default_factory=set)
    _from_citations: set[str] = field(default_factory=set)
    _sentences: set[Span] = field(default_factory=set)
    _within_brackets: set[Span] = field(default_factory=set)
    _queries: frozenset[str] = field(init=False)
    _guesses: Guesses = field(init=False)
    _count: int = 0

    def __post_init__(self) -> None:
        """Look once for what is open."""
        self._guesses = Guesses(self.targets)
        self._queries = frozenset(annotation.id for annotation in open_queries(self.chapter))

    def text(self) -> tuple[Node, ...]:
        """The running text: citations are notes where the style has notes, their calls behind the punctuation."""
        return self._settled(rewrite(self.chapter.body, self._in_text))

    def glosses(self) -> tuple[Gloss, ...]:
        """The annotations that were called, in the order of their keys."""
        return tuple(
            replace(gloss, lemma=shortened(*self._lemmas.get(identifier, ())))
            for identifier, gloss in self._glosses.items()
        )

    def _held(self, body: tuple[Node, ...]) -> tuple[Node, ...]:
        """The text of a note or an annotation: citations stay in line, and there are no notes."""
        for node in walk(body):
            for citation, before, after in _citations(node):
                if _is_sentence(citation, before, after):
                    self._sentences.add(citation.span)
                elif before.count("(") > before.count(")"):
                    self._within_brackets.add(citation.span)
        return self._settled(rewrite(body, self._anywhere))

    def _settled(self, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        # French sets the call before the punctuation, as the manuscript has it
        behind = not self.language.lower().startswith("fr")
        return settled(rewrite(nodes, self._with_one_stop), self._from_citations, behind=behind)

    def _with_one_stop(self, node: Node) -> tuple[Node, ...] | None:
        """A sentence that ends with a citation has one full stop: that of "Jones et al.", or within American quotes."""
        if not isinstance(node, Element):
            return None
        children = list(node.children)
        for index, (cited, rest) in enumerate(pairwise(children), 1):
            if not isinstance(rest, Text) or not rest.value.startswith("."):
                continue
            if isinstance(cited, Element) and "citation" in cited.classes:
                if self.works.formatted.american and plain(cited.children).endswith("”"):
                    children[index - 1] = replace(cited, children=stop_inside((*cited.children, Text("."))))
                    children[index] = rest.cut(1)
                    continue
            elif not isinstance(cited, Call) or cited.id not in self._from_citations:
                continue
            if plain(children[:index]).endswith("."):
                children[index] = rest.cut(1)
        return (replace(node, children=tuple(children)),) if children != list(node.children) else None

    def _in_text(self, node: Node) -> tuple[Node, ...] | None:
        match node:
            case NoteCall():
                return self._note(node)
            case Citation() if self.works.formatted.note_style:
                return self._citation_note(node)
        return self._anywhere(node)

    def _anywhere(self, node: Node) -> tuple[Node, ...] | None:  # noqa: C901, PLR0911 -- one case a node
        match node:
            case Highlight():
                words = plain(without_signs(node.children))
                return self._lemma(node.children, words, node.annotations)
            case Point():
                return self._key(node.annotation)
            case Change():
                return self._change(node)
            case NoteCall():
                return ()
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
        body = self.works.formatted.notes.get(identifier)
        if body is None:
            return ()
        footnote = self._footnote((Element("p", self.works.linked(body)),))
        call = self._call(footnote.number, footnote.id, "note")
        self._cite(citation, call.id)
        self._from_citations.add(call.id)
        return (*self.works.linked(self.works.formatted.in_text.get(identifier, ())), call)

    def _citation_in_line(self, citation: Citation) -> tuple[Node, ...]:
        body = self.works.linked(self.works.formatted.inline.get(name(self.chapter, citation), ()))
        if not body:
            return ()
        if self.works.formatted.note_style:
            if not citation.in_text and citation.span not in self._sentences:
                body = bracketed(body, within=citation.span in self._within_brackets)
        elif citation.span in self._sentences and any(map(str.isalpha, plain(body))):
            # a number by itself would be no citation
            body = as_sentence(body)
        identifier = self._id("cite")
        self._cite(citation, identifier)
        classes = "citation in-text" if citation.in_text else "citation"
        return (Element("span", body, (("class", classes), ("id", identifier)), citation.span),)

    def _cite(self, citation: Citation, place: str) -> None:
        for key in dict.fromkeys(cite.key for cite in citation.cites):
            self.works.cite(key, place)

    def _footnote(self, body: tuple[Node, ...]) -> Footnote:
        number = self.numbering.note()
        footnote = Footnote(self.ids.of_note(f"note-{self.section}-{number}"), number, body)
        self.notes.append(footnote)
        return footnote

    # --- marks and annotations

    def _lemma(self, shown: tuple[Node, ...], words: str, annotations: tuple[str, ...]) -> tuple[Node, ...]:
        """A marked passage with the keys of its annotations; `words` are what these repeat of it."""
        keys = tuple(key for identifier in annotations for key in self._key(identifier))
        if not keys:
            return (Element("mark", shown),)
        for identifier in annotations:
            self._lemmas.setdefault(identifier, []).append(words)
        first = keys[0].id.removeprefix("call-")
        return (Element("span", shown, (("class", "lemma"), ("id", f"lemma-{first}"))), *keys)

    def _key(self, identifier: str) -> tuple[Call, ...]:
        annotation = self.chapter.annotations.get(identifier)
        if annotation is None:
            return ()
        if identifier not in self._glosses:
            sign = self.numbering.key()
            target = self.ids.of_note(f"annotation-{self.section}-{sign}")
            self._glosses[identifier] = Gloss(target, sign, "", annotation, annotation.kind.label, (), 0)
            self._glosses[identifier] = self._with_text(self._glosses[identifier])
        gloss = self._glosses[identifier]
        return (self._call(gloss.key, gloss.id, "annotation"),)

    def _with_text(self, gloss: Gloss) -> Gloss:
        annotation = gloss.annotation
        body = self._held(annotation.body)
        replies = tuple(replace(reply, body=self._held(reply.body)) for reply in annotation.replies)
        is_open = annotation.id in self._queries
        on_change = annotation.kind.audience is Audience.EDITOR and not is_open
        status = annotation.status or ("proposed" if on_change else None)
        return replace(
            gloss,
            annotation=replace(annotation, status=status, replies=replies),
            body=body,
            words=len(plain(body).split()),
            is_open=is_open,
        )

    def _change(self, change: Change) -> tuple[Node, ...]:
        shown = self._both_texts(change)
        if not any(i in self.chapter.annotations for i in change.annotations):
            return shown
        words = plain(without_signs(change.inserted or change.deleted or ()))
        return self._lemma(shown, words, change.annotations)

    def _both_texts(self, change: Change) -> tuple[Node, ...]:
        texts = (("del", change.deleted), ("ins", change.inserted))
        return tuple(
            Element(tag, children, (("id", self._id(tag)),), change.span) for tag, children in texts if children
        )

    def _call(self, sign: str, target: str, kind: Literal["note", "annotation"]) -> Call:
        first = f"call-{target}"
        again = target in self._called
        self._called.add(target)
        return Call(sign, target, kind, self.ids.take(first) if again else first)

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
        near = self._guesses.of(target)
        hint = f"did you mean '#{near}'?" if near else "give a heading, figure or table this id with {#" + target + "}"
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
        self._count += 1
        return self.ids.take(f"{what}-{slug(self.section)}-{self._count}")


def _citations(node: Node) -> Iterator[tuple[Citation, str, str]]:
    """The citations right below a node, with the words before and behind each."""
    children = node.children if isinstance(node, Element) else ()
    for index, child in enumerate(children):
        if isinstance(child, Citation) and not child.in_text:
            yield child, plain(children[:index]), plain(children[index + 1 :])


def _is_sentence(citation: Citation, before: str, after: str) -> bool:
    """Whether a citation is a whole sentence, all that a block says, or what "see" is said of: it needs no brackets."""
    if SIGNAL.search(before):
        return not after or after[0] in ".,;:)"
    begins = not before or SENTENCE_END.search(before) or citation.cites[0].prefix[:1].isupper()
    return bool(begins) and (not after or after.startswith("."))
