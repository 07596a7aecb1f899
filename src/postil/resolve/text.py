"""The text of one chapter, with everything it refers to filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from typing import Any, Literal, assert_never

from postil.bibliography import as_sentence, bracketed, stop_inside
from postil.document import (
    THEOREMS,
    Annotation,
    Audience,
    Call,
    Caption,
    Chapter,
    Citation,
    Cited,
    CrossReference,
    Element,
    Footnote,
    Formula,
    Highlight,
    IndexTerm,
    KeyedAnnotation,
    LateNumber,
    Lemma,
    NoteCall,
    Parent,
    Point,
    Presented,
    PresentedOf,
    Reply,
    Resolved,
    Revision,
    Text,
    Theorem,
    Words,
    fold,
    is_spaceless,
    plain,
    rewrite,
    walk,
    words_of,
)
from postil.guesses import Guesses
from postil.maths import Key
from postil.resolve.citations import name
from postil.resolve.formulas import set_formula
from postil.resolve.ids import HEADINGS, Ids, is_examples, slug, statement, without_signs
from postil.resolve.labels import Label, numbered
from postil.resolve.signs import Numbering, settled
from postil.resolve.works import Works
from postil.source import Diagnostic, Span
from postil.words import signals

SENTENCE_END = re.compile(r"[.!?…。！？۔؟।][”’»“‘«」』\"']*$")
LEMMA_WORDS = 5
STATED = re.compile(rf"(?:{'|'.join(each.prefix for each in THEOREMS.values())})[:-]")
"""How the ids of theorems and the like begin, where they say what it is."""
COUNTED = re.compile(rf"(?:fig|tbl|tab|lst|eq)[:-]|{STATED.pattern}")
"""How the ids of what has a number begin, where they say what it is."""
PLACES = frozenset({"chapter", "section", "appendix"})
"""The series of headings: what has no number of its own has that of the heading that it is under."""


def shortened(*passages: str) -> str:
    """A lemma as its note repeats it, from its passages: whole up to five words, beyond that as first … last."""
    words = words_of(" ".join(filter(None, passages)), " ")  # not where a French quotation mark keeps to its word
    if len(words) <= LEMMA_WORDS:
        return " … ".join(filter(None, passages))
    last = "".join(words[-2:])[-2:] if is_spaceless(words[-1]) else words[-1]  # of pairs of signs the last may be half
    return f"{words[0]} … {last}"


@dataclass(slots=True)
class Resolver:
    """Resolves one chapter: ask for its text first, then for the notes and annotations that were called there."""

    chapter: Chapter[Presented]
    section: str
    language: str
    works: Works
    labels: Mapping[str, Label]
    formulas: Mapping[Key, Words]
    ids: Ids
    numbering: Numbering
    found: list[Diagnostic]
    notes: list[Footnote] = field(default_factory=list)
    _numbers: dict[str, Footnote] = field(default_factory=dict)
    _annotations: dict[str, KeyedAnnotation] = field(default_factory=dict)
    _lemmas: dict[str, list[str]] = field(default_factory=dict)
    _called: set[str] = field(default_factory=set)
    _from_citations: set[str] = field(default_factory=set)
    _sentences: set[Span] = field(default_factory=set)
    _within_brackets: set[Span] = field(default_factory=set)
    _guesses: Guesses = field(init=False)
    _count: int = 0

    def __post_init__(self) -> None:
        """Look once for what is near to what."""
        self._guesses = Guesses(self.labels)

    def text(self) -> tuple[Resolved, ...]:
        """The running text: citations are notes where the style has notes, their calls behind the punctuation."""
        return self._settled(fold(self.chapter.body, self._in_text))

    def annotations(self) -> tuple[KeyedAnnotation, ...]:
        """The annotations that were called, in the order of their keys."""
        return tuple(
            replace(annotation, lemma=shortened(*self._lemmas.get(identifier, ())))
            for identifier, annotation in self._annotations.items()
        )

    def _held(self, body: tuple[Presented, ...]) -> tuple[Resolved, ...]:
        """The text of a note or an annotation: citations stay in line, and there are no notes."""
        for node in walk(body):
            for citation, before, after in _citations(node):
                if _is_sentence(citation, before, after, _signal(self.language)):
                    self._sentences.add(citation.span)
                elif before.count("(") > before.count(")"):
                    self._within_brackets.add(citation.span)
        return self._settled(fold(body, self._anywhere))

    def _settled(self, nodes: tuple[Resolved, ...]) -> tuple[Resolved, ...]:
        # French sets the call before the punctuation, as the manuscript has it
        behind = not self.language.lower().startswith("fr")
        return settled(rewrite(nodes, self._with_one_stop), self._from_citations, behind=behind)

    def _with_one_stop(self, node: Resolved) -> tuple[Resolved, ...] | None:
        """A sentence that ends with a citation has one full stop: that of "Jones et al.", or within American quotes."""
        if not isinstance(node, Parent):
            return None
        children = list(node.children)
        for index, (cited, rest) in enumerate(pairwise(children), 1):
            if not isinstance(rest, Text) or not rest.value.startswith("."):
                continue
            if isinstance(cited, Cited):
                if self.works.formatted.american and plain(cited.children).endswith("”"):
                    children[index - 1] = replace(cited, children=stop_inside((*cited.children, Text("."))))
                    children[index] = rest.cut(1)
                    continue
            elif not isinstance(cited, Call) or cited.id not in self._from_citations:
                continue
            if plain(children[:index]).endswith("."):
                children[index] = rest.cut(1)
        return (replace(node, children=tuple(children)),) if children != list(node.children) else None

    def _in_text(self, node: PresentedOf[Resolved]) -> tuple[Resolved, ...]:
        if isinstance(node, NoteCall):
            return self._note(node)
        if isinstance(node, Citation) and self.works.formatted.note_style:
            return self._citation_note(node)
        return self._anywhere(node)

    def _anywhere(self, node: PresentedOf[Resolved]) -> tuple[Resolved, ...]:  # noqa: C901, PLR0911, PLR0912 -- one case a node
        match node:
            case Text():
                return (node,)
            case Highlight():
                return self._lemma(node)
            case Point():
                return self._key(node.annotation)
            case Revision():
                return (replace(node, id=self._id("del" if node.kind == "deletion" else "ins")),)
            case NoteCall():
                return ()
            case Citation():
                return self._citation_in_line(node)
            case CrossReference():
                return self._cross_reference(node)
            case IndexTerm():
                return (replace(node, id=self._id("index")),)
            case Formula():
                return set_formula(node, self.formulas)
            case Element(tag="a"):
                href = node.get("href") or ""
                if href.startswith("#") and href[1:] not in self.labels:
                    self._missing(href[1:], node.span)
                calls = tuple(call for call in walk(node.children) if isinstance(call, Call))
                return (replace(node, children=rewrite(node.children, _unlinked)), *calls)
            case Element():
                if is_examples(node):
                    return (self._counting(node),)
                if kind := statement(node):
                    return (self._stated(node, kind),)
                if node.tag in HEADINGS:
                    return (self._headed(node),)
                return (self._captioned(node) if numbered(node) else self._named(node),)
            case _:
                assert_never(node)

    # --- notes and citations

    def _note(self, call: NoteCall) -> tuple[Resolved, ...]:
        note = self.chapter.notes.get(call.note)
        if note is None:
            return ()
        if call.note not in self._numbers:
            self._numbers[call.note] = self._footnote(self._held(note.body))
        footnote = self._numbers[call.note]
        return (self._call(footnote, footnote.number, "note"),)

    def _citation_note(self, citation: Citation) -> tuple[Resolved, ...]:
        identifier = name(self.chapter, citation)
        body = self.works.formatted.notes.get(identifier)
        if body is None:
            return ()
        footnote = self._footnote((Element("p", self.works.linked(body)),))
        call = self._call(footnote, footnote.number, "note")
        self._cite(citation, call.id)
        self._from_citations.add(call.id)
        return (*self.works.linked(self.works.formatted.in_text.get(identifier, ())), call)

    def _citation_in_line(self, citation: Citation) -> tuple[Resolved, ...]:
        body = self.works.formatted.inline.get(name(self.chapter, citation), ())
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
        return (Cited(identifier, self.works.linked(body), citation.in_text, citation.span),)

    def _cite(self, citation: Citation, place: str) -> None:
        for key in dict.fromkeys(cite.key for cite in citation.cites):
            self.works.cite(key, place)

    def _footnote(self, body: tuple[Resolved, ...]) -> Footnote:
        number = self.numbering.note()
        identifier, call = self.ids.of_note(f"note-{self.section}-{number}")
        footnote = Footnote(identifier, call, number, body, self.chapter.source)
        self.notes.append(footnote)
        return footnote

    # --- marks and annotations

    def _lemma(self, mark: Highlight[Resolved]) -> tuple[Resolved, ...]:
        """A marked passage with the keys of its annotations, which repeat its words."""
        keys = tuple(key for identifier in mark.annotations for key in self._key(identifier))
        if not keys:
            return (Element("mark", mark.children),)
        # what is only deleted has no other words
        words = plain(without_signs(mark.children)) or plain(without_signs(_deleted(mark.children)))
        for identifier in mark.annotations:
            self._lemmas.setdefault(identifier, []).append(words)
        return (
            Lemma(self.ids.take(f"lemma-{keys[0].target}"), mark.children, tuple(key.target for key in keys)),
            *keys,
        )

    def _key(self, identifier: str) -> tuple[Call, ...]:
        annotation = self.chapter.annotations.get(identifier)
        if annotation is None:
            return ()
        if identifier not in self._annotations:
            sign = self.numbering.key()
            target, call = self.ids.of_note(f"annotation-{self.section}-{sign}")
            keyed = KeyedAnnotation(
                target, call, sign, "", _with(annotation, (), ()), annotation.kind.label, 0, self.chapter.source
            )
            self._annotations[identifier] = keyed  # before its text, in which others may be called
            self._annotations[identifier] = self._with_text(keyed, annotation)
        keyed = self._annotations[identifier]
        return (self._call(keyed, keyed.key, "annotation"),)

    def _with_text(self, keyed: KeyedAnnotation, annotation: Annotation[Presented]) -> KeyedAnnotation:
        body = self._held(annotation.body)
        replies = tuple(Reply(reply.by, reply.at, self._held(reply.body), reply.span) for reply in annotation.replies)
        # one of an editor's that waits for nobody is on a change, which has a status of its own
        on_change = annotation.kind.audience is Audience.EDITOR and not annotation.is_open
        status = annotation.status or ("proposed" if on_change else None)
        resolved = replace(_with(annotation, body, replies), status=status)
        return replace(keyed, annotation=resolved, words=len(words_of(plain(body))))

    def _call(self, of: Footnote | KeyedAnnotation, sign: str, kind: Literal["note", "annotation"]) -> Call:
        again = of.id in self._called
        self._called.add(of.id)
        return Call(sign, of.id, kind, self.ids.take(of.call) if again else of.call)

    # --- cross-references

    def _cross_reference(self, reference: CrossReference) -> tuple[Resolved, ...]:
        if reference.file:
            return ()  # that leads nowhere, as has been said
        label = self.labels.get(reference.target)
        if label is None:
            self._missing(reference.target, reference.span)
            return ()
        if reference.form == "page":
            return (LateNumber(reference.target),)
        words = label.capital if reference.capital else label.words
        is_own = label.series is not None and label.series not in PLACES
        if (COUNTED.match(reference.target) and not is_own) or (reference.form == "bare" and not label.number):
            self._unnumbered(reference)
        elif reference.form == "bare":
            words = (Text(label.number),)
        return (Element("a", words, (("class", "xref"), ("href", f"#{reference.target}")), reference.span),)

    def _unnumbered(self, reference: CrossReference) -> None:
        label = self.labels[reference.target]
        instead = "number of its section stands" if label.number else "words of its heading stand"
        message = f"what has the id '{reference.target}' has no number: the {instead} here"
        hint = (
            f"write '[](#{reference.target})' where its words are meant; headings have numbers where book.toml says "
            "'numbered = true' under [chapters]"
        )
        if COUNTED.match(reference.target):
            hint = "give it a caption: then it is counted"
        if STATED.match(reference.target):
            hint = f"write '::: {{#{reference.target}}}' before it and ':::' behind it, without {{.unnumbered}}"
        self.found.append(self.chapter.source.diagnostic("P305", reference.span, message, hint))

    def _missing(self, target: str, span: Span | None) -> None:
        near = self._guesses.of(target)
        hint = f"did you mean '#{near}'?" if near else "give a heading, figure or table this id with {#" + target + "}"
        if target in self.works.references:
            hint = f"to cite the work with this key, write '@{{{target}}}'"
        message = f"nothing in this edition has the id '{target}'"
        self.found.append(self.chapter.source.diagnostic("P302", span or 0, message, hint))

    def _named(self, box: Element[Resolved]) -> Element[Resolved]:
        """A box that waits for a title has the name of its kind as one; any other element is as it was."""
        match box.children:
            case (Element(tag="p", children=()) as title, *rest) if "box-title" in title.classes:
                name = next((self.works.terms[kind] for kind in sorted(box.classes) if kind in self.works.terms), "")
                return replace(box, children=(replace(title, children=(Text(name),)), *rest))
            case _:
                return box

    def _headed(self, heading: Element[Resolved]) -> Element[Resolved]:
        """A heading with its number, if it has one."""
        label = self.labels.get(heading.get("id") or "")
        if label is None or label.series not in PLACES:
            return heading
        number: Element[Resolved] = Element("span", (Text(label.opens),), (("class", "heading-number"),))
        return replace(heading, children=(number, Text(" "), *heading.children))

    def _stated(self, box: Element[Resolved], kind: Theorem) -> Element[Resolved]:
        """A theorem with its label, "Theorem 1 (Its name).", at the head of its first paragraph."""
        label = self.labels.get(box.get("id") or "")
        opens = label.opens if label and label.series == kind.name else _alone(self.works.terms[kind.name])
        before, _, behind = self.works.terms["caption"].partition("{label}")
        name: tuple[Resolved, ...] = ()
        children = box.children
        if children and isinstance(title := children[0], Element) and "box-title" in title.classes:
            name, children = (Text(" ("), *title.children, Text(")")), children[1:]
        inside = (Text(f"{before}{opens}"), *name, Text(behind))
        words: Element[Resolved] = Element("span", inside, (("class", "statement-label"),))
        if children and isinstance(first := children[0], Element) and first.tag == "p":
            led = replace(first, children=(words, Text(" "), *first.children))
            return replace(box, children=(led, *children[1:]))
        return replace(box, children=(Element("p", (words,)), *children))

    def _counting(self, examples: Element[Resolved]) -> Element[Resolved]:
        """A list of examples, which counts on from those before it."""
        label = self.labels.get(examples.get("id") or "")
        return examples if label is None or label.number == "1" else examples.having(start=label.number)

    def _captioned(self, figure: Element[Resolved]) -> Element[Resolved]:
        """A figure with its number in its caption, a formula with its number behind it."""
        identifier = figure.get("id") or ""
        label = self.labels.get(identifier)
        if label is None or label.series is None:
            return figure
        if label.series == "equation":
            behind: Element[Resolved] = Element("span", (Text(f"({label.number})"),), (("class", "equation-number"),))
            return replace(figure, children=(*figure.children, behind))
        children = tuple(
            Caption(label.opens, child.children, label.series, identifier, child.attributes, child.span)
            if isinstance(child, Element) and child.tag == "figcaption"
            else child
            for child in figure.children
        )
        return replace(figure, children=children)

    def _id(self, what: str) -> str:
        self._count += 1
        return self.ids.take(f"{what}-{slug(self.section)}-{self._count}")


def _alone(word: str) -> str:
    """The word of what is numbered, where it has no number: "Remark" for "remark {number}"."""
    words = word.format(number="").strip(" .\N{NO-BREAK SPACE}")
    return f"{words[0].upper()}{words[1:]}"


def _with(
    annotation: Annotation[Presented], body: tuple[Resolved, ...], replies: tuple[Reply[Resolved], ...]
) -> Annotation[Resolved]:
    """An annotation with its texts resolved."""
    whole: Any = replace  # of another shape than the one it is made from
    made: Annotation[Resolved] = whole(annotation, body=body, replies=replies)
    return made


def _unlinked(node: Resolved) -> tuple[Resolved, ...] | None:
    """Words of a link without the links and calls in them: XHTML has no link within a link."""
    match node:
        case Element(tag="a"):
            return node.children
        case Call():
            return ()
    return None


def _deleted(nodes: tuple[Resolved, ...]) -> tuple[Resolved, ...]:
    """What is deleted in a passage, right below it, as if it were not."""
    return tuple(inner for node in nodes if isinstance(node, Revision) for inner in node.children)


def _citations(node: Presented) -> Iterator[tuple[Citation, str, str]]:
    """The citations right below a node, with the words before and behind each."""
    children = node.children if isinstance(node, Element) else ()
    for index, child in enumerate(children):
        if isinstance(child, Citation) and not child.in_text:
            yield child, plain(children[:index]), plain(children[index + 1 :])


@cache
def _signal(language: str) -> re.Pattern[str]:
    """The words behind which a citation is a part of the sentence and needs no brackets."""
    return re.compile(rf"(?:^|\W)(?:{'|'.join(map(re.escape, signals(language)))})$", re.IGNORECASE)


def _is_sentence(citation: Citation, before: str, after: str, signal: re.Pattern[str]) -> bool:
    """Whether a citation is a whole sentence, all that a block says, or what "see" is said of: it needs no brackets."""
    if signal.search(before):
        return not after or after[0] in ".,;:)。，；：）،؛۔।"
    begins = not before or SENTENCE_END.search(before) or plain(citation.cites[0].prefix)[:1].isupper()
    return bool(begins) and (not after or after[0] in ".。۔।")
