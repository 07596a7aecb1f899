"""The engine that comes along: pandoc with the processor of citations that it has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import partial

from lxml import etree

from postil.bibliography.citing.corrections import with_dashes
from postil.bibliography.citing.engines import pandoc_document as document
from postil.bibliography.citing.locators import located
from postil.bibliography.citing.punctuation import as_sentence
from postil.bibliography.citing.question import Answer, EngineError, Question
from postil.bibliography.markup.inlines import JOINER, Json, inlines_of, nodes, words
from postil.bibliography.style.file import NAMESPACE, Style
from postil.document import Citation, Cite, Words, plain
from postil.programs import pandoc
from postil.store import Store

ARGUMENTS = ("--from=json", "--to=json", "--citeproc", "--csl=style.csl", "--bibliography=references.json")
PAGES = re.compile(r"\d+(?::\d+)?(?:[–, ]+\d+(?::\d+)?)*")
# pages that pandoc does not know as such: in roman numbers, or with a word between them
OTHER_PAGES = re.compile(r"(?:[ivxlc]+|\d+)(?:(?:[–, &]|\b(?:and|und|et|y|e)\b)+(?:[ivxlc]+|\d+))*")
# the abbreviation of "page", by language
PAGE = {"de": "S.", "en": "p.", "es": "p.", "fr": "p.", "it": "p.", "nl": "p.", "pt": "p."}
WORDS = "x "
"""What stands before a citation that is to be set as one within a sentence; it is taken away from the answer."""


def answer(question: Question, cache: Store | None) -> Answer:
    """Ask pandoc, in one call for the whole book."""
    files = {
        "style.csl": _with_names(question.style.data),
        "references.json": json.dumps(question.items, ensure_ascii=False).encode(),
    }
    links = question.style.bibliography
    text = document.document(_blocks(question), question.locale, question.nocite, links=links)
    try:
        return pandoc.run(ARGUMENTS, text, files, cache, partial(_read, question))
    except pandoc.PandocError as error:
        raise EngineError(str(error)) from None


def _read(question: Question, answer: str) -> Answer:
    """What pandoc answers. Raises ValueError and the like where it is not what was asked for."""
    found = document.divisions(answer)
    read = partial(nodes, joined=JOINER in answer)
    shown: dict[str, tuple[tuple[Words, ...], tuple[Words, ...]]] = {}
    for occurrence in question.occurrences:
        if occurrence.id:
            before, note = document.apart(found[occurrence.id])
            if occurrence.within:
                # pandoc has put it in brackets, unless a capital begins it
                shown[occurrence.id] = (), as_sentence(read(note[len(words(WORDS)) :]))
            else:
                shown[occurrence.id] = read(before), read(note)
    return Answer(shown, question.listed((key, read(inlines)) for key, inlines in document.references(found)))


def _with_names(style: bytes) -> bytes:
    """A style in which each label of names has a `name` before it.

    Where a style leaves `name` out, it means the names to come first: "Coll, ed.". But pandoc puts the label first.
    """
    root = etree.fromstring(style, etree.XMLParser(resolve_entities=False, no_network=True))
    names, name, label = (f"{{{NAMESPACE}}}{tag}" for tag in ("names", "name", "label"))
    for element in root.iter(names):
        children = [child.tag for child in element]
        if label in children and name not in children:
            element.insert(children.index(label), element.makeelement(name))
    return etree.tostring(root, encoding="utf-8")


def _blocks(question: Question) -> Iterator[Json]:
    page = PAGE.get(question.locale.partition("-")[0], "")
    for occurrence in question.occurrences:
        if occurrence.anew:
            yield document.ANEW
        cited = _cite(occurrence.citation, occurrence.number, page, question.style)
        yield document.division(occurrence.id, [document.note([*words(WORDS), cited]) if occurrence.within else cited])


def _cite(citation: Citation, number: int, page: str, style: Style) -> Json:
    """A citation as pandoc takes it, in the note of this number; `page` is the language's word for one."""
    modes = (_mode(cite, in_text=citation.in_text and not index) for index, cite in enumerate(citation.cites))
    return document.cite(
        document.work(cite.key, inlines_of(cite.prefix), _suffix(cite, page, style), mode, number)
        for cite, mode in zip(citation.cites, modes, strict=True)
    )


def _mode(cite: Cite, *, in_text: bool) -> str:
    return "AuthorInText" if in_text else "SuppressAuthor" if cite.suppress_author else "NormalCitation"


def _suffix(cite: Cite, page: str, style: Style) -> Sequence[Json]:
    """Locator and suffix as pandoc reads them, with braces that say where the locator ends: ", {fig. 5} and elsewhere".

    Numbers without a label are pages. Pandoc knows arabic ones as pages only where they have no braces around them, and
    roman ones only where the word "page" stands before them. Empty braces say that there is no locator.
    """
    if cite.locator.isdecimal() and not cite.suffix:
        return words(f", {cite.locator}")
    found = located(re.sub(r"[{}]", "", cite.locator).strip(), style)
    locator = with_dashes(found.for_engine)
    said = plain(cite.suffix)
    space = " " if said and said[0] not in ",.;:)" else ""
    if found.as_written:
        before = f"{{}}, {found.as_written}"
    elif PAGES.fullmatch(locator) and not re.match(r"\W*\w*\d", said):
        before = f", {locator}"
    else:
        if page and OTHER_PAGES.fullmatch(locator) and not locator.isdecimal():
            locator = f"{page} {locator}"
        before = f", {{{locator}}}"
    return [*words(before + space), *inlines_of(cite.suffix)] if cite.locator or said else ()
