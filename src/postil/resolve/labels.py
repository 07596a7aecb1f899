"""What a reference to each id of a title says: the number of a figure, or the words of a heading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import assert_never

from postil.document import (
    THEOREMS,
    WRITTEN,
    Chapter,
    Citation,
    CrossReference,
    Element,
    Form,
    Formula,
    Highlight,
    IndexTerm,
    Matter,
    NoteCall,
    Point,
    Presented,
    PresentedOf,
    Resolved,
    Revision,
    Series,
    Text,
    Words,
    fold,
    walk,
)
from postil.maths import Key
from postil.resolve.formulas import set_formula
from postil.resolve.headings import UNNUMBERED, Numbered
from postil.resolve.ids import HEADINGS, Shown, is_examples, is_figure, opening_heading, statement, without_signs
from postil.resolve.signs import letters

SERIES: Mapping[Form, Series] = {Form.TABLE: "table", Form.LISTING: "listing"}
"""The series of what is set in some form; anything else that has a caption is a figure."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a reference says: its `words`, as in "figure 3a"; what has a number is of a `series`, and has it by itself.

    `opens` is what its caption opens with, "Figure 3." or "(a)", or a heading, "2.1", or a theorem, "Theorem 1".
    """

    words: tuple[Resolved, ...]
    series: Series | None = None
    number: str = ""
    opens: str = ""

    @property
    def capital(self) -> tuple[Resolved, ...]:
        """The words as they begin a sentence."""
        return _capital(self.words)


def labels(
    chapters: Sequence[tuple[Chapter[Presented], Matter]],
    terms: Mapping[str, str],
    formulas: Mapping[Key, Words],
    headings: Mapping[str, Numbered],
) -> Mapping[str, Label]:
    """Every id of the title with its label: its number, or that of the heading it is under, or the words of that.

    Some of the `headings` may be numbered.
    """
    words: dict[str, tuple[Presented, ...]] = {}
    under: dict[str, Label] = {}
    counted: dict[str, Label] = {}
    counts: Counter[Series] = Counter()
    for node, heading in _places(chapter for chapter, _ in chapters):
        identifier = node.get("id")
        if not identifier:
            continue
        words[identifier] = without_signs(heading.children) if heading else ()
        if found := headings.get((heading and heading.get("id")) or ""):
            said = terms[found.series].format(number=found.number)
            under[identifier] = Label((Text(said),), found.series, found.number, found.number)
        if (series := numbered(node)) and identifier not in counted:
            counts[series] += 1
            number = str(counts[series])
            counted[identifier] = _counted(terms, series, number)
            counted |= _parts(node, terms, series, number)
        if is_examples(node):
            counted |= _examples(node, counts)

    def filled(reference: CrossReference) -> tuple[Resolved, ...]:
        """A link that fills itself, in a label: the words that it will have, but for links in those."""
        if reference.form == "page":
            return ()
        if label := counted.get(reference.target) or under.get(reference.target):
            return label.words
        return _repeated(words.get(reference.target, ()), lambda _: (), formulas)

    return {
        name: counted.get(name) or under.get(name) or Label(_repeated(place, filled, formulas))
        for name, place in words.items()
    }


def _places(
    chapters: Iterable[Chapter[Presented]],
) -> Iterator[tuple[Element[Presented], Element[Presented] | None]]:
    """Every element, with the heading that it is, or is under."""
    for chapter in chapters:
        for text in chapter.texts:
            place = opening_heading(chapter) if text is not chapter.body else None
            for node in walk(text):
                if isinstance(node, Element):
                    place = node if node.tag in HEADINGS else place
                    yield node, place


def numbered(node: Element[Shown]) -> Series | None:
    """The series in which a figure that has a caption is counted, an equation that has an id, or a theorem."""
    forms = {WRITTEN[name] for name in node.classes if name in WRITTEN}
    if kind := statement(node):
        return None if UNNUMBERED in node.classes else kind.name
    if is_figure(node):
        return next((series for form, series in SERIES.items() if form in forms), "figure")
    return "equation" if Form.EQUATION in forms and node.get("id") else None


def _counted(terms: Mapping[str, str], series: Series, number: str) -> Label:
    words = terms[series].format(number=number)
    if series in THEOREMS:
        return Label((Text(words),), series, number, f"{words[0].upper()}{words[1:]}")
    opens = terms["caption"].format(label=f"{words[0].upper()}{words[1:]}").replace(" ", "\N{NO-BREAK SPACE}")
    return Label((Text(words),), series, number, opens)


def _parts(whole: Element[Presented], terms: Mapping[str, str], series: Series, number: str) -> dict[str, Label]:
    """The parts of a figure that have captions, by letters."""
    captioned = (node for node in walk(whole.children) if isinstance(node, Element) and is_figure(node))
    return {
        identifier: replace(_counted(terms, series, f"{number}{letter}"), series="part", opens=f"({letter})")
        for letter, part in zip(map(letters, count(1)), captioned, strict=False)
        if (identifier := part.get("id"))
    }


def _examples(examples: Element[Presented], counts: Counter[Series]) -> dict[str, Label]:
    """A list of examples with the number of its first, and each of them that has a label."""
    made: dict[str, Label] = {}
    for node in (examples, *examples.children):
        number = str(counts["examples"] + 1)
        if isinstance(node, Element) and (identifier := node.get("id")):
            made[identifier] = Label((Text(f"({number})"),), "examples", number)
        counts["examples"] += isinstance(node, Element) and node.tag == "li"
    return made


def _capital(nodes: tuple[Resolved, ...]) -> tuple[Resolved, ...]:
    match nodes:
        case (Text(value), *rest):
            return (Text(f"{value[:1].upper()}{value[1:]}"), *rest)
        case (Element() as first, *rest):
            return (replace(first, children=_capital(first.children)), *rest)
    return nodes


def _repeated(
    words: tuple[Presented, ...],
    link: Callable[[CrossReference], tuple[Resolved, ...]],
    formulas: Mapping[Key, Words],
) -> tuple[Resolved, ...]:
    """Words without signs as they read at another place, where they have no place in the source."""

    def again(node: PresentedOf[Resolved]) -> tuple[Resolved, ...]:
        match node:
            case Text():
                return (Text(node.value),)
            case Element():
                return (replace(node, span=None),)
            case CrossReference():
                return link(node)
            case Highlight() | IndexTerm() | Revision():
                return node.children
            case Formula():
                return set_formula(node, formulas)
            case Point() | NoteCall() | Citation():
                return ()
            case _:
                assert_never(node)

    return fold(words, again)
