"""Citations through pandoc's own processor: the engine that comes along."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from lxml import etree

from postil.bibliography import pandoc, tree
from postil.bibliography.corrections import with_dashes
from postil.bibliography.engine import Answer, EngineError, Occurrence, Question
from postil.bibliography.sentence import as_sentence
from postil.bibliography.style import NAMESPACE
from postil.document import Citation, Cite, Node

ARGUMENTS = ("--from=json", "--to=json", "--citeproc", "--csl=style.csl", "--bibliography=references.json")
PAGES = re.compile(r"\d+(?::\d+)?(?:[–, ]+\d+(?::\d+)?)*")
# keep a citation behind them within its sentence
WORDS = "x "


def answer(question: Question, cache: Path | None) -> Answer:
    """Ask pandoc, in one call for the whole book."""
    files = {
        "style.csl": _with_names(question.style.data),
        "references.json": json.dumps(question.items, ensure_ascii=False).encode(),
    }
    links = question.style.bibliography
    text = tree.document(_blocks(question.occurrences), question.locale, question.nocite, links=links)
    try:
        raw = pandoc.run(ARGUMENTS, text, files, cache)
    except pandoc.PandocError as error:
        raise EngineError(str(error)) from None
    found = tree.divisions(raw)
    nodes = partial(tree.nodes, joined=tree.JOINER in raw)
    shown: dict[str, tuple[tuple[Node, ...], tuple[Node, ...]]] = {}
    for occurrence in question.occurrences:
        if occurrence.id:
            before, note = tree.apart(found[occurrence.id])
            if occurrence.within:
                # pandoc has put it in brackets, unless a capital begins it
                shown[occurrence.id] = (), as_sentence(nodes(note[len(tree.words(WORDS)) :]))
            else:
                shown[occurrence.id] = nodes(before), nodes(note)
    return Answer(shown, tuple((key, nodes(inlines)) for key, inlines in tree.references(found)))


def _with_names(style: bytes) -> bytes:
    """A style with the names before each label written out: where they are implied, pandoc puts the label first."""
    root = etree.fromstring(style, etree.XMLParser(resolve_entities=False, no_network=True))
    names, name, label = (f"{{{NAMESPACE}}}{tag}" for tag in ("names", "name", "label"))
    for element in root.iter(names):
        children = [child.tag for child in element]
        if label in children and name not in children:
            element.insert(children.index(label), element.makeelement(name))
    return etree.tostring(root, encoding="utf-8")


def _blocks(occurrences: tuple[Occurrence, ...]) -> Iterator[tree.Json]:
    for occurrence in occurrences:
        if occurrence.anew:
            yield tree.ANEW
        cited = _cite(occurrence.citation, occurrence.number)
        yield tree.division(occurrence.id, [tree.note([*tree.words(WORDS), cited]) if occurrence.within else cited])


def _cite(citation: Citation, number: int) -> tree.Json:
    """A citation as pandoc takes it, in the note of this number."""
    return tree.cite(
        tree.work(cite.key, cite.prefix, _suffix(cite), _mode(cite, in_text=citation.in_text and not index), number)
        for index, cite in enumerate(citation.cites)
    )


def _mode(cite: Cite, *, in_text: bool) -> str:
    return "AuthorInText" if in_text else "SuppressAuthor" if cite.suppress_author else "NormalCitation"


def _suffix(cite: Cite) -> str:
    """Locator and suffix as pandoc's syntax has them: braces say where the locator ends.

    Numbers alone are pages, which pandoc knows only where they stand without braces.
    """
    locator = with_dashes(re.sub(r"[{}]", "", cite.locator)).strip()
    suffix = cite.suffix if not cite.suffix or cite.suffix[0] in ",.;:)" else f" {cite.suffix.lstrip()}"
    if PAGES.fullmatch(locator) and not re.match(r"\W*\w*\d", suffix):
        return f", {locator}{suffix}"
    return f", {{{locator}}}{suffix}" if locator or suffix else ""
