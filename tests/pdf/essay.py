"""An annotated essay made up for the tests: every part and every construct of the printed page, at any length."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch
from xml.sax.saxutils import escape

from reading import markup

from postil.document import (
    EDITIONS,
    ROLES,
    BibliographySettings,
    Book,
    Contributor,
    EditionSettings,
    Heading,
    Image,
    Limits,
    Matter,
    Opening,
    Part,
    Text,
    Title,
)
from postil.pdf import layout
from postil.pdf.book import PrintedBook
from postil.pdf.boxes import Layouter, PageBox
from postil.pdf.fragment import Page
from postil.source import Source

STYLES_FOLDER = Path(__file__).parents[2] / "styles"
STYLES = {path.name: Source(path.name, path.read_text("utf-8")) for path in sorted(STYLES_FOLDER.glob("*.css"))}


def with_rule(name: str, css: str, *, first: bool = False) -> Source:
    """A style sheet of the house with a rule more, behind all others or before them."""
    text = STYLES[name].text
    return Source(name, css + text if first else text + css)


SENTENCES = (
    "The lighthouse keeper entered every ship in the register, whether or not it had answered the signal.",
    "Nobody in the harbour office could say, thirty years afterwards, who had authorised the alteration.",
    "It was, by every contemporary account, an unremarkable winter.",
    "Correspondence between the two commissioners breaks off in March 1871 and resumes only in the autumn.",
    "What the engineers described as a temporary arrangement outlasted three governments and their successors.",
    "The parish had asked for a bell; it was sent a barometer.",
    "Such instruments were expensive, and their interpretation was considered a matter for specialists.",
    "A second survey, undertaken with considerably better equipment, placed the reef half a mile to the west.",
    "The published chart nevertheless repeated the older position until 1904.",
    "Insurance underwriters, who had every reason to be cautious, quoted the older figure as well.",
    "He remembered the evening differently in each of his three volumes of recollections.",
    "The difference between these estimates is larger than the quantity that they were meant to establish.",
    "Merchants on the northern shore preferred coin; those on the southern shore would accept letters of credit.",
    "This asymmetry explains more of the subsequent history than the treaties do.",
    "The committee reported in favour of the proposal, the inspectorate against it, and the matter rested there.",
    "Of the fourteen stations planned, nine were completed, six manned, and four ever heard from.",
    "Its author had never visited the coast that he described with such unhesitating confidence.",
    "Later historians have been kinder to the undertaking than the shareholders were.",
    "The quarrel, when it finally came, concerned neither money nor principle but the wording of an epitaph.",
    "Fishermen's almanacs of the period give the tide tables of a different river altogether.",
)
COINED = (
    "light dues",
    "the 1871 survey",
    "an unremarkable winter",
    "letters of credit",
    "the older position of the reef",
)
KINDS = ("gloss", "source", "correction", "context")


def title(edition: str, trim: str) -> Title:
    return Title(
        name="northern-lights",
        title="The Northern Lights Commission",
        subtitle="An Annotated Essay",
        language="en-GB",
        identifier="urn:uuid:6d2f0f0a-3b44-4a4e-9a5e-0f6f2f6f9a01",
        isbn={},
        date=date(2026, 11, 23),
        contributors=(Contributor("Ada Keeper", "Keeper, Ada", "aut"), Contributor("Ed Proctor", "Proctor, Ed", "edt")),
        publisher="Foreland Press",
        rights="",
        description="How a commission lit a coast.",
        subjects=("Lighthouses", "Navigation"),
        front=(),
        body=(),
        back=(),
        bibliography=BibliographySettings(),
        kinds={},
        editions={edition: EditionSettings(trim)},
        openings="run-on",
        cover=None,
        limits=Limits(),
    )


MAP = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 294 150" width="294" height="150">
<rect x="1" y="1" width="292" height="148" fill="none" stroke="#000"/>
<path d="M10 120 L60 80 L120 95 L180 40 L280 30" fill="none" stroke="#000" stroke-width="2"/>
<text x="64" y="76" font-family="Source Sans 3" font-size="9">Foreland</text></svg>"""


def book(edition: str = "annotated", trim: str = "7x10", stamp: str = "") -> Book:
    return Book(
        title=title(edition, trim),
        edition=EDITIONS[edition],
        sections=(),
        images={"figures/map.svg": Image("figures/map.svg", "image/svg+xml", MAP, 294, 150)},
        words={},
        stamp=stamp,
    )


class Essay:
    """Writes parts; the same seed gives the same essay."""

    def __init__(self, edition: str = "annotated", seed: int = 7) -> None:
        self.edition, self.random = edition, random.Random(seed)  # noqa: S311 -- chooses sentences
        self.notes = self.annotations = 0
        self.section = ""

    def words(self, count: int) -> str:
        text = ""
        while len(text.split()) < count:
            text += self.random.choice(SENTENCES) + " "
        return " ".join(text.split()[:count]).rstrip(",;") + "."

    def footnote(self, words: int | None = None) -> str:
        self.notes += 1
        name = f"{self.section}-n{self.notes}"
        text = escape(self.words(words or self.random.choice((8, 14, 22, 45))))
        return (
            f'<a class="call" id="call-{name}" href="#{name}">{self.notes}</a><span class="footnote" id="{name}">'
            f'<a class="sign" href="#call-{name}">{self.notes}</a> <span class="p">{text}</span></span>'
        )

    def annotation(self, lemma: str, words: int) -> str:
        self.annotations += 1
        name = f"{self.section}-a{self.annotations}"
        key = letters(self.annotations)
        kind = self.random.choice(KINDS)
        head = f'<a class="sign" href="#key-{name}">{key}</a> '
        text = escape(self.words(words))
        marked = ""
        if lemma:
            head += f'<b class="repeat">{escape(lemma)}</b> '
            marked = f'<span class="lemma" id="lemma-{name}">{escape(lemma)}</span>'
        if self.edition == "proof" and self.annotations % 3 == 0:
            classes = "annotation editor kind-query status-open"
            before = f'<p class="meta">{name} · E. Proctor · 2026-11-20 · to A. Keeper · open</p>'
            after = '<div class="reply"><p class="meta">A. Keeper · 2026-11-21</p><p>So the register says.</p></div>'
        else:
            classes, before, after = f"annotation kind-{kind}", "", ""
        return (
            f'{marked}<a class="key" id="key-{name}" href="#{name}">{key}</a>'
            f'<aside class="{classes}" id="{name}" data-words="{words}">{before}'
            f'<p>{head}<i class="label">{kind.capitalize()}</i> {text}</p>{after}</aside>'
        )

    def paragraph(self, *, notes: float = 0.12, annotations: float = 0.08, others: tuple[str, ...] = ()) -> str:
        if self.edition == "clean":
            annotations = 0
        out = []
        for _ in range(self.random.randint(3, 7)):
            sentence = escape(self.random.choice(SENTENCES))
            chance = self.random.random()
            if chance < notes:
                sentence += self.footnote()
            elif chance < notes + annotations:
                lemma = self.random.choice(COINED)
                note = self.annotation(lemma, self.random.choice((12, 20, 28, 40, 60, 75, 110)))
                sentence = f"{sentence[:-1]}, as {note} has it."
            elif chance < notes + annotations + 0.04 and others:
                target = self.random.choice(others)
                sentence = (
                    f"{sentence[:-1]} (see page\N{NO-BREAK SPACE}"
                    f'<a class="page-number" href="#{target}" data-page-of="{target}">000</a>).'
                )
            elif chance < notes + annotations + 0.08:
                sentence = f"<em>{sentence[:-1]}</em>."
            elif chance < notes + annotations + 0.12 and self.edition == "proof":
                sentence = f"{sentence[:-1]}<del> on the whole</del><ins>, in short</ins>."
            out.append(sentence)
        return f"<p>{' '.join(out)}</p>\n"

    def chapter(
        self, number: int, heading: str, words: int, *, opening: Opening = "run-on", others: tuple[str, ...] = ()
    ) -> Part:
        self.section, self.notes, self.annotations = f"c{number}", 0, 0
        out = [f'<h1 id="c{number}" data-plain="{escape(heading)}">{escape(heading)}</h1>\n']
        headings = [Heading(1, f"c{number}", (Text(heading),), heading)]
        count, subheads = 0, 0
        while count < words:
            if count > subheads * 900 + 700:
                subheads += 1
                name = f"c{number}s{subheads}"
                headings.append(Heading(2, name, (Text("A Question of Weather"),), "A Question of Weather"))
                out.append(f'<h2 id="{name}" data-plain="A Question of Weather">A Question of Weather</h2>\n')
            paragraph = self.paragraph(others=others)
            out.append(paragraph)
            count += len(paragraph.split())
        return part(f"part-c{number}", "chapter", "body", opening, tuple(headings), "".join(out))


def letters(number: int) -> str:
    """a, b … z, aa, bb."""
    return chr(96 + (number - 1) % 26 + 1) * ((number - 1) // 26 + 1)


def part(  # noqa: PLR0913, PLR0917 -- what a part is made of
    name: str, role: str, matter: Matter, opening: Opening, headings: tuple[Heading, ...], inside: str
) -> Part:
    whole = f'<section id="{name}" class="part {role}">\n{inside}</section>'
    return Part(name, ROLES[role], matter, opening, headings, markup(whole))


@dataclass(frozen=True)
class Sheet:
    """A page of a title that is laid out: what is known of it, and how it is drawn."""

    page: Page
    layouter: Layouter
    box: PageBox

    def __getattr__(self, name: str) -> Any:
        return getattr(self.page, name)

    @property
    def number(self) -> int:
        return self.box.number

    @property
    def called(self) -> Any:
        return self.layouter.called(self.box)

    def size(self, note: str) -> Any:
        return self.layouter.size(self.box, note)


class Opened(PrintedBook):
    """A book that keeps the boxes of its pages, by their identity, which it lets go of otherwise."""

    def __init__(self, edition: Book, styles: Mapping[str, Source]) -> None:
        super().__init__(edition, styles)
        self.boxes: dict[int, tuple[Layouter, PageBox]] = {}

    def set(self, parts: Sequence[Part], progress: Callable[[str, float], None]) -> None:
        draw = layout._Setting.drawn

        def drawn(setting: Any) -> Any:
            made = draw(setting)
            boxes = zip(made[0], setting.boxes, strict=True)
            self.boxes.update((id(page), (setting.layouter, box)) for page, box in boxes)
            return made

        with patch.object(layout._Setting, "drawn", drawn):
            super().set(parts, progress)


def sheets(edition: Book, parts: Sequence[Part]) -> list[Sheet]:
    """The pages of some parts in the style of the house, laid out and numbered."""
    return sheets_of(laid_out(edition, parts, STYLES))


def laid_out(edition: Book, parts: Sequence[Part], styles: Mapping[str, Source]) -> Opened:
    """Some parts, laid out and numbered."""
    printed = Opened(edition, styles)
    printed.set(parts, lambda _unit, _share: None)
    return printed


def sheets_of(printed: Opened) -> list[Sheet]:
    """The pages of a book that is laid out."""
    return [Sheet(page, *printed.boxes[id(page)]) for fragment in printed.fragments for page in fragment.pages]


def headed(  # noqa: PLR0913, PLR0917 -- likewise
    name: str, role: str, matter: Matter, opening: Opening, heading: str, inside: str
) -> Part:
    title = f'<h1 id="{name}" data-plain="{heading}">{heading}</h1>\n'
    return part(f"part-{name}", role, matter, opening, (Heading(1, name, (Text(heading),), heading),), title + inside)


def contents(entries: list[tuple[int, Matter, str, str]]) -> str:
    items = "".join(
        f'<li class="level-{level} {matter}"><a href="#{name}"><span class="entry">{escape(words)}</span>'
        f'<span class="folio" data-page-of="{name}">000</span></a></li>\n'
        for level, matter, name, words in entries
    )
    return f'<ol class="contents">{items}</ol>'


SHOWPIECE = """
<div class="epigraph"><p>No light is seen by those who tend it.</p><p>Harbour proverb</p></div>
<p>The commission's first act was to publish a map (<a class="xref" href="#fig-map">figure 1</a>) and its second to
withdraw it. The order of the stations is given in <a class="xref" href="#tbl-stations">table 1</a>.</p>
<figure id="fig-map"><img src="figures/map.svg" alt="The coast from Foreland to Skerry"/><figcaption><span
class="figure-label">Figure 1.</span> The coast from <em>Foreland</em> to Skerry, after the survey of 1871.</figcaption>
</figure>
<p>The inspector's own words, in a letter that he seems not to have sent, are these:</p>
<blockquote><p>I have counted the lamps, and I have counted the keepers, and in neither case do I arrive at the number
for which the Treasury has been paying these eleven years.</p></blockquote>
<p>A song of the period is less guarded.</p>
<div class="verse"><p>The light on the headland is trimmed and is burning,<br/>The keeper asleep in his chair;<br/>
The ships on the water are turning and turning<br/>and none of them know that the reef is out there.</p></div>
<figure class="table" id="tbl-stations"><figcaption><span class="figure-label">Table 1.</span> Stations, with the year
of first lighting and annual expense</figcaption><table><thead><tr><th>Station</th><th>Lit</th><th
style="text-align: right">Expense (£)</th></tr></thead><tbody>%s</tbody></table></figure>
<p>Three things were wanted:</p>
<ol><li>a lamp that would burn in a gale;</li><li>a keeper who would stay awake, which the commission thought
a matter of character and the inspectorate of pay;</li><li>a reef where the chart had it.</li></ol>
<p>And of these:</p>
<ul><li>the first was bought,</li><li>the second was found, late,<ul><li>twice,</li></ul></li>
<li>the third never.</li></ul>
<p>The signal code itself was terse:</p>
<pre><code>FLASH  2s  DARK 4s    # Foreland
FLASH  1s  DARK 1s    # Skerry, in fog only
</code></pre>
<p>A keeper's log would write <code>F2/4</code> and leave it at that.</p>
<dl><dt>Light dues</dt><dd>A charge on every ship that passed, lit or unlit.</dd></dl>
"""


def showpiece(name: str = "show", rows: int = 12) -> Part:
    """A section with one of each kind of displayed matter."""
    body = "".join(
        f'<tr><td>Station {n}</td><td>{1860 + n}</td><td style="text-align: right">{n * 317:,}</td></tr>'
        for n in range(1, rows + 1)
    )
    inside = (SHOWPIECE % body).replace("fig-map", f"{name}-map").replace("tbl-stations", f"{name}-stations")
    return headed(name, "chapter", "body", "run-on", "Plates and Tables", inside)


def essay(
    edition: str = "annotated",
    *,
    chapters: int = 6,
    words: int = 900,
    opening: Opening = "run-on",
    seed: int = 7,
) -> list[Part]:
    """A whole title: front matter, chapters, back matter; about 330 words make a page."""
    writer = Essay(edition, seed)
    names = ("A Commission Is Formed", "The Keeper and the Register", "Two Surveys", "A Reef in the Wrong Place",
             "Letters of Credit", "What the Inspectorate Saw", "Settlement", "An Epitaph")  # fmt: skip
    body = []
    for number in range(1, chapters + 1):
        body.append(
            writer.chapter(
                number,
                names[(number - 1) % len(names)],
                words,
                opening="recto" if number == 1 else opening,
                others=tuple(f"c{n}" for n in range(1, chapters + 1)),
            )
        )
        if number == 2:
            body.append(showpiece())
    references = "".join(
        f'<li id="ref-{n}">Keeper, Ada. <em>{escape(SENTENCES[n][:-1])}</em>. Foreland: Foreland Press, {1950 + n}. '
        f'<a href="https://example.org/{n}">https://example.org/{n}</a>.</li>'
        for n in range(12)
    )
    glossary = "".join(f"<dt>Keeper {letters(n)}</dt><dd>{escape(writer.words(18))}</dd>" for n in range(1, 9))
    back = [
        headed("glossary", "glossary", "back", "page", "People", f"<dl>{glossary}</dl>"),
        headed(
            "bibliography", "bibliography", "back", "page", "Bibliography", f'<ul class="references">{references}</ul>'
        ),
        headed("colophon", "colophon", "back", "page", "Colophon", f"<p>{escape(writer.words(40))}</p>"),
    ]
    if edition == "proof":
        items = "".join(
            f'<li><p class="where">page\N{NO-BREAK SPACE}<a class="page-number" href="#key-c1-a{n}" '
            f'data-page-of="key-c1-a{n}">000</a>, line\N{NO-BREAK SPACE}<span class="line-number" '
            f'data-line-of="key-c1-a{n}">00</span></p><p>Which register?</p></li>'
            for n in (1, 2)
        )
        back.append(headed("queries", "queries", "back", "page", "Open Queries", f'<ol class="queries">{items}</ol>'))
    note = headed(
        "note-text", "note-on-the-text", "front", "page", "A Note on the Text", f"<p>{escape(writer.words(120))}</p>"
    )
    abbreviations = headed(
        "abbr",
        "abbreviations",
        "front",
        "page",
        "Abbreviations",
        "<dl><dt>NLC</dt><dd>Northern Lights Commission</dd></dl>",
    )
    entries: list[tuple[int, Matter, str, str]] = [
        (heading.level, each.matter, heading.id, heading.plain)
        for each in (abbreviations, note, *body, *back)
        for heading in each.headings
    ]
    return [
        part("halftitle", "halftitle", "front", "recto", (), '<p class="title">The Northern Lights Commission</p>'),
        part("titlepage", "titlepage", "front", "recto", (),
             '<h1 class="title" id="tp">The Northern Lights Commission</h1><p class="subtitle">An Annotated Essay</p>'
             '<p class="author">Ada Keeper</p><p class="contributor">edited by Ed Proctor</p>'
             '<p class="publisher">Foreland Press</p>'),
        part("copyright", "copyright-page", "front", "page", (),
             "<p>© 2026 Ada Keeper</p><p>Published by Foreland Press</p><p>ISBN 978-0-00-000000-2</p>"),
        headed("toc", "toc", "front", "recto", "Contents", contents(entries)),
        abbreviations,
        note,
        *body,
        *back,
    ]  # fmt: skip
