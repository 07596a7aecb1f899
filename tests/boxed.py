"""Chapters with every block in every box, each word of them another, so that what must come out is known beforehand.

They are made as trees, and so have also what the dialect has no signs for.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from postil.bibliography import Formatted
from postil.document import (
    EDITIONS,
    Annotation,
    Attributes,
    Audience,
    BibliographySettings,
    Book,
    Chapter,
    Contributor,
    EditionSettings,
    Element,
    Kind,
    Limits,
    Note,
    NoteCall,
    NoteSettings,
    Parsed,
    Point,
    Reply,
    Text,
    Title,
)
from postil.document.title import NotePlace
from postil.edition import present
from postil.resolve import resolve
from postil.source import Source, Span

NOWHERE = Span(0, 0)
GLOSS, QUERY = Kind("gloss", "Gloss", Audience.READER), Kind("query", "Query", Audience.EDITOR)
TRIMS = {"annotated": "7x10", "clean": "6x9", "proof": "A4"}
BULLET = "•"
TYPES = ("", "1", "a", "A", "i", "I")
"""The values of `type` that an `ol` can have; without one it counts as with the second."""
ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def element(tag: str, children: tuple[Parsed, ...] = (), attributes: Attributes = ()) -> Element[Parsed]:
    return Element(tag, children, attributes)


def sign(kind: str, number: int) -> str:
    """What stands before an item by the type of its list (HTML Standard, 4.4.5): a digit, a letter, a roman numeral."""
    if number < 1:
        return f"{number}."
    letters, roman, rest = "", "", number
    while rest:
        rest, last = divmod(rest - 1, 26)
        letters = chr(97 + last) + letters
    rest = number
    for value, name in ROMAN:
        roman += name * (rest // value)
        rest %= value
    shown = {"a": letters, "A": letters.upper(), "i": roman, "I": roman.upper()}.get(kind, str(number))
    return f"{shown}."


@dataclass(slots=True)
class Truth:
    """What must come out.

    `words` are all of them, in their order, and `answers` those of replies, which are for editors only. `signs` are
    those of list items, from the outside in, by the word that they stand before. `indents` says of a line of code or
    verse by how many spaces it is further in than the line of its block that is not: by the first words of both.
    """

    words: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    signs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    indents: dict[tuple[str, str], int] = field(default_factory=dict)


class Maker:
    """Makes chapters; the same seed makes the same."""

    def __init__(self, seed: int) -> None:
        self.random, self.truth = random.Random(seed), Truth()  # noqa: S311 -- chooses blocks
        self.notes: dict[str, Note[Parsed]] = {}
        self.annotations: dict[str, Annotation[Parsed]] = {}
        self._signs: list[str] = []  # of the items that have begun without a word so far
        self._inside_note = False
        self._in_table = 0

    def word(self) -> str:
        """A word that stands nowhere else. Neither is it hyphenated nor has it ligatures."""
        word = f"w{len(self.truth.words):04d}"
        self.truth.words.append(word)
        if self._signs:
            self.truth.signs[word] = tuple(self._signs)
            self._signs = []
        return word

    def words(self, count: int) -> str:
        return " ".join(self.word() for _ in range(count))

    # --- blocks ------------------------------------------------------------------------------------------------------

    def block(self, depth: int) -> Element[Parsed]:
        """Any block, with others in it as deep as that."""
        flat: list[Callable[[], Element[Parsed]]] = [self.paragraph, self.code, self.verse]
        flat += [] if self._in_table else [self.table]
        deep: tuple[Callable[[int], Element[Parsed]], ...] = (
            self.numbered, self.numbered, self.bulleted, self.definitions, self.quotation, self.container, self.cells,
        )  # fmt: skip
        if depth and self.random.random() < 0.6:
            return self.random.choice(deep)(depth - 1)
        return self.random.choice(flat)()

    def blocks(self, depth: int, most: int = 3) -> tuple[Parsed, ...]:
        return tuple(self.block(depth) for _ in range(self.random.randint(1, most)))

    def paragraph(self, count: int | None = None) -> Element[Parsed]:
        inside: list[Parsed] = [
            Text(self.words(count or self.random.choice((1, 3) if self._in_table else (1, 3, 12, 40))))
        ]
        if self.random.random() < 0.3:
            inside.append(element("em", (Text(f" {self.word()}"),)))
        inside += self.calls()
        return element("p", tuple(inside))

    def calls(self) -> tuple[Parsed, ...]:
        """Perhaps a note or an annotation, with any blocks in it."""
        chance = self.random.random()
        if self._inside_note or self._signs or chance > 0.2:
            return ()
        self._inside_note = True
        opening = (self.paragraph(),) if self.random.random() < 0.7 else ()
        body = (*opening, *self.blocks(2))
        if chance < 0.08:
            call: Parsed = self.note(body)
        else:
            call = self.annotation(body, self.replies())
        self._inside_note = False
        return (call,)

    def replies(self) -> tuple[Reply[Parsed], ...]:
        first = len(self.truth.words)
        replies = (Reply("B. Author", None, self.blocks(1), NOWHERE),) if self.random.random() < 0.2 else ()
        self.truth.answers += self.truth.words[first:]
        return replies

    def note(self, body: tuple[Parsed, ...]) -> NoteCall:
        name = f"n{len(self.notes)}"
        self.notes[name] = Note(name, body, NOWHERE)
        return NoteCall(name, NOWHERE)

    def annotation(self, body: tuple[Parsed, ...], replies: tuple[Reply[Parsed], ...] = ()) -> Point:
        name = f"a{len(self.annotations)}"
        nothing = (None,) * 7
        self.annotations[name] = Annotation(name, GLOSS, body, *nothing, replies, NOWHERE)
        return Point(name, NOWHERE)

    def numbered(self, depth: int) -> Element[Parsed]:
        """A list that counts in any way, from any number, up or down, with a number in between."""
        kind = self.random.choice(TYPES)
        count, start = self.random.randint(1, 3), self.random.choice((None, 0, 1, 3, 9, 26, 44, 1986))
        down = self.random.random() < 0.2
        number = start if start is not None else count if down else 1
        items = []
        for _ in range(count):
            given = self.random.choice((None, None, None, 7))
            number = number if given is None else given
            items.append(self.item(sign(kind, number), depth, *((("value", str(given)),) if given else ())))
            number += -1 if down else 1
        pairs = (("type", kind), ("start", "" if start is None else str(start)), ("reversed", "reversed" * down))
        return element("ol", tuple(items), tuple(pair for pair in pairs if pair[1]))

    def bulleted(self, depth: int) -> Element[Parsed]:
        return element("ul", tuple(self.item(BULLET, depth) for _ in range(self.random.randint(1, 3))))

    def item(self, before: str, depth: int, *pairs: tuple[str, str]) -> Element[Parsed]:
        self._signs.append(before)
        tight: tuple[Parsed, ...] = (Text(self.words(3)), *self.calls()) if self.random.random() < 0.5 else ()
        return element("li", (*tight, *(self.blocks(depth, 2) if depth or not tight else ())), pairs)

    def definitions(self, depth: int) -> Element[Parsed]:
        pairs = range(self.random.randint(1, 2))
        return Element(
            "dl",
            tuple(
                part
                for _ in pairs
                for part in (element("dt", (Text(self.word()),)), element("dd", self.blocks(depth, 2)))
            ),
        )

    def quotation(self, depth: int) -> Element[Parsed]:
        return element("blockquote", self.blocks(depth, 2))

    def container(self, depth: int) -> Element[Parsed]:
        name = self.random.choice(("note", "extract", "epigraph", "dialogue", "center"))
        # lines of verse are centred there, too
        inside = (self.paragraph(),) if name == "center" else self.blocks(depth, 2)
        return element("div", inside, (("class", name),))

    def table(self) -> Element[Parsed]:
        rows = [self.row("th", lambda: (Text(self.word()),))]
        rows += [self.row("td", lambda: (Text(self.word()), *self.calls())) for _ in range(2)]
        return element("table", (element("thead", (rows[0],)), element("tbody", tuple(rows[1:]))))

    def cells(self, _depth: int) -> Element[Parsed]:
        """A table with blocks in its cell."""
        return element("table", (element("tbody", (self.row("td", lambda: self.blocks(0, 2), of=1),)),))

    def row(self, tag: str, inside: Callable[[], tuple[Parsed, ...]], of: int = 2) -> Element[Parsed]:
        self._in_table += 1  # a table in a table is too narrow for its words
        row = element("tr", tuple(element(tag, inside()) for _ in range(of)))
        self._in_table -= 1
        return row

    def code(self) -> Element[Parsed]:
        return element("pre", (element("code", (Text(self._lines("\n", " ", blank=True) + "\n"),)),))

    def verse(self) -> Element[Parsed]:
        lines = self._lines("\n", "\N{NO-BREAK SPACE}").split("\n")
        inside = [node for line in lines for node in (Text(line), element("br"))]
        return element("div", (element("p", tuple(inside[:-1])),), (("class", "verse"),))

    def _lines(self, end: str, space: str, *, blank: bool = False) -> str:
        """Some lines, the second of them not indented, the others perhaps."""
        indents = [self.random.choice((0, 2, 4)), 0, *(self.random.choice((0, 1, 4, 8)) for _ in range(2))]
        text = ""
        words = []
        for number, indent in enumerate(indents):
            words.append(self.word())
            text += space * indent + f"{words[-1]} {self.word()}"
            text += end * (2 if blank and self.random.random() < 0.2 else 1) if number < len(indents) - 1 else ""
        self.truth.indents |= {(words[1], word): indent for word, indent in zip(words, indents, strict=True)}
        return text

    # --- chapters ----------------------------------------------------------------------------------------------------

    def chapter(self, body: tuple[Parsed, ...]) -> Chapter[Parsed]:
        heading: Element[Parsed] = element("h1", (Text("Boxes"),), (("id", "boxes"),))
        notes, annotations = self.notes, self.annotations
        self.notes, self.annotations = {}, {}
        return Chapter(Source("a.md", "x"), (heading, *body), notes, annotations)

    def any(self, blocks: int = 6) -> Chapter[Parsed]:
        return self.chapter(tuple(self.block(3) for _ in range(blocks)))


def title(notes: NotePlace = "foot") -> Title:
    return Title(
        name="boxes",
        title="T",
        subtitle="",
        language="en",
        identifier="urn:uuid:6d2f0f0a-3b44-4a4e-9a5e-0f6f2f6f9a02",
        isbn={},
        date=date(2026, 1, 1),
        contributors=(Contributor("A. Author", "Author, A.", "aut"),),
        publisher="",
        rights="",
        description="",
        subjects=(),
        front=(),
        body=("a.md",),
        back=(),
        bibliography=BibliographySettings(),
        kinds={"gloss": GLOSS, "query": QUERY},
        editions={name: EditionSettings(trim) for name, trim in TRIMS.items()},
        openings="run-on",
        cover=None,
        limits=Limits(),
        notes=NoteSettings(notes),
    )


def book(chapter: Chapter[Parsed], edition: str = "annotated", notes: NotePlace = "foot") -> Book:
    """The book that has this chapter alone."""
    about = title(notes)
    shown, _ = present(chapter, EDITIONS[edition], about.editions[edition])
    formatted = {chapter.source.path: Formatted({}, {}, {}, (), note_style=True)}
    made, found = resolve(about, EDITIONS[edition], [(shown, "body")], formatted, {}, {}, {})
    assert found == ()
    return made
