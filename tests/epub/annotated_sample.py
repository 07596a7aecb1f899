"""A small annotated edition that uses the whole XHTML vocabulary, as parts for an EPUB."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from lxml import etree
from reading import markup

from postil.document import (
    ROLES,
    BibliographySettings,
    Contributor,
    EditionSettings,
    Heading,
    Image,
    Limits,
    Part,
    Text,
    Title,
)

HOUSE = Path(__file__).parents[2] / "styles"
MODIFIED = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "epub": "http://www.idpf.org/2007/ops",
    "h": "http://www.w3.org/1999/xhtml",
    "ncx": "http://www.daisy.org/z3986/2005/ncx/",
    "opf": "http://www.idpf.org/2007/opf",
}

# The keys of the generated words that an EPUB needs.
WORDS = {
    "contents": "Contents",
    "cover": "Cover",
    "cover_of": "Cover: {title}, by {authors}",
    "landmarks": "Landmarks",
    "summary_images": "Images have text alternatives.",
    "summary_notes": "Notes and annotations are linked both ways.",
    "summary_structure": "Headings, contents and landmarks give the structure of the text.",
    "text": "Text",
}

MAP = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 120"><title>Map</title>
<path d="M10 60 C60 10 140 110 190 60" fill="none" stroke="#000" stroke-width="3"/>
<text x="70" y="30" font-size="14">Kasur</text></svg>"""

SEMANTICS = {
    "titlepage": 'epub:type="titlepage" role="region"',
    "copyright-page": 'epub:type="copyright-page" role="region"',
    "chapter": 'epub:type="chapter" role="doc-chapter"',
    "notes": 'epub:type="endnotes" role="doc-endnotes"',
    "annotations": 'epub:type="endnotes" role="doc-endnotes"',
    "glossary": 'epub:type="glossary" role="doc-glossary"',
    "bibliography": 'epub:type="bibliography" role="doc-bibliography"',
    "colophon": 'epub:type="colophon" role="doc-colophon"',
}


def part(identifier: str, role: str, inside: str, *headings: tuple[int, str, str], matter: str = "body") -> Part:
    """A part from the inside of its section; headings are (level, id, words)."""
    semantics = SEMANTICS.get(role, "")
    own = headings and f'id="{headings[0][1]}"' in inside
    label = f'aria-labelledby="{headings[0][1]}"' if own else 'aria-label="Part"'
    return Part(
        id=identifier,
        role=ROLES[role],
        matter=matter,  # type: ignore[arg-type] # a literal
        opening="page",
        headings=tuple(Heading(level, place, (Text(words),), words) for level, place, words in headings),
        section=markup(f'<section id="{identifier}" class="part {role}" {semantics} {label}>{inside}</section>'),
    )


def call(identifier: str, sign: str, kind: str = "call") -> str:
    """A reference to a note or annotation."""
    return (
        f'<a class="{kind}" epub:type="noteref" role="doc-noteref" id="{kind}-{identifier}" '
        f'href="#{identifier}">{sign}</a>'
    )


def pop_up(identifier: str, sign: str, text: str, kind: str = "call") -> str:
    """A note or annotation."""
    return (
        f'<li><aside epub:type="footnote" role="doc-footnote" id="{identifier}"><p><a epub:type="backlink" '
        f'role="doc-backlink" class="sign" href="#{kind}-{identifier}" '
        f'aria-label="Back to the text, {sign}">{sign}</a> {text}</p></aside></li>'
    )


def parts() -> tuple[Part, ...]:
    """The parts of the edition in reading order."""
    return (
        part("title-page", "titlepage", '<h1 id="t">A Tale of Two Margins</h1><p class="subtitle">With a '
             'Postil</p><p class="author">Ada Example</p>', (1, "titlepage", "Title page"), matter="front"),
        part("copyright", "copyright-page", "<p>© 2026 Example Press</p>",
             (1, "copyright-page", "Copyright"), matter="front"),
        part("on-the-text", "note-on-the-text", '<h1 id="n">A Note on the Text</h1><p>The signs.</p>',
             (1, "n", "A Note on the Text"), matter="front"),
        part(
            "beginnings",
            "chapter",
            '<h1 id="b">Beginnings</h1><div class="epigraph"><p>Marginalia are the most immediate index.</p>'
            f'</div><p>In the beginning was the margin,{call("n1", "1")} and the margin was <span class="lemma" '
            f'id="lemma-g1">wide and white</span>{call("g1", "a", "key")}. See <a class="xref" href="#map">figure '
            '1</a>, <a class="xref" href="#numbers">table 1</a> and <a class="cite" href="#ref-kux2001">Kux '
            '2001</a>; <span class="smallcaps">sco</span>; <span lang="ur" dir="rtl">پاکستان</span>.</p>'
            '<h2 id="b1">The Figure</h2><figure id="map"><img src="figures/a map.svg" alt="A line from Karachi to '
            'Kasur"/><figcaption><span class="figure-label">Figure 1.</span> The pipeline.</figcaption></figure>'
            '<h2 id="b2">The Table</h2><figure class="table" id="numbers"><figcaption><span class="figure-label">'
            'Table 1.</span> Numbers.</figcaption><table><thead><tr><th scope="col">Year</th><th scope="col" '
            'style="text-align: right;">Trade</th></tr></thead><tbody><tr><td>2021</td><td style="text-align: '
            'right;">697</td></tr></tbody></table></figure>',
            (1, "b", "Beginnings"), (2, "b1", "The Figure"), (2, "b2", "The Table"),
        ),
        part(
            "wars",
            "chapter",
            f'<h1 id="w">Wars</h1><p>Then came the second note.{call("n2", "1")}</p><div class="verse"><p>Two '
            'roads diverged<br/>in a yellow wood</p></div><blockquote><p>An extract.</p></blockquote>'
            f'<p>And a point{call("g2", "a", "key")} after it. Back to <a class="xref" href="#b1">The Figure</a>, '
            'and to <a href="https://example.org/">the world</a>.</p>',
            (1, "w", "Wars"),
        ),
        part("notes", "notes", '<h1 id="notes-h">Notes</h1><h2 id="notes-b">Beginnings</h2><ol class="notes">'
             + pop_up("n1", "1", 'Compare <a class="cite" href="#ref-kux2001">Kux</a>.')
             + '</ol><h2 id="notes-w">Wars</h2><ol class="notes">' + pop_up("n2", "1", "A second note.") + "</ol>",
             (1, "notes-h", "Notes"), matter="back"),
        part("annotations", "annotations", '<h1 id="annotations-h">Annotations</h1><h2>Beginnings</h2>'
             '<ol class="annotations">' + pop_up("g1", "a",
                      '<b class="repeat">wide and white</b> <i class="label">Gloss</i> As Jackson has it.', "key")
             + pop_up("g2", "a", '<i class="label">Context</i> A point.', "key") + "</ol>",
             (1, "annotations-h", "Annotations"), matter="back"),
        part("glossary", "glossary", '<h1 id="gl">Glossary</h1><dl><dt id="term-margin">margin</dt><dd>The white '
             "around a text.</dd></dl>", (1, "gl", "Glossary"), matter="back"),
        part("bibliography", "bibliography", '<h1 id="bib">Bibliography</h1><ul class="references"><li '
             'id="ref-kux2001">Kux, Dennis. <i>The United States and Pakistan</i>. 2001.</li></ul>',
             (1, "bib", "Bibliography"), matter="back"),
        part("colophon", "colophon", '<h1 id="col">Colophon</h1><p>Set in Source Serif 4.</p>',
             (1, "col", "Colophon"), matter="back"),
    )  # fmt: skip


def title() -> Title:
    """The title of the edition."""
    return Title(
        name="margins",
        title="A Tale of Two Margins",
        subtitle="With a Postil",
        language="en-GB",
        identifier="urn:uuid:5a9f4c1c-6f0b-5c7e-9d55-1b2a3c4d5e6f",
        isbn={},
        date=date(2026, 11, 23),
        contributors=(
            Contributor("Ada Example", "Example, Ada", "aut"),
            Contributor("Émile Éditeur", "Éditeur, Émile", "edt"),
        ),
        publisher="Example Press",
        rights="CC BY 4.0",
        description="An essay about margins & notes.",
        subjects=("Marginalia", "Books"),
        front=(),
        body=(),
        back=(),
        bibliography=BibliographySettings(),
        kinds={},
        editions={"annotated": EditionSettings("7x10")},
        openings="page",
        cover=None,
        limits=Limits(),
    )


IMAGE = Image("figures/a map.svg", "image/svg+xml", MAP, 200, 120)
STYLES = {path.name: path.read_text("utf-8") for path in HOUSE.glob("*.css")}


class Opened:
    """An EPUB's files, and what tests ask of them."""

    def __init__(self, data: bytes) -> None:
        with ZipFile(BytesIO(data)) as archive:
            self.names = archive.namelist()
            self.files = {name: archive.read(name) for name in self.names}

    def tree(self, name: str) -> Any:
        return etree.fromstring(self.files[f"EPUB/{name}"])

    def find(self, name: str, path: str) -> list[Any]:
        """What an XPath finds in a file; prefixes as usual."""
        return list(self.tree(name).xpath(path, namespaces=NAMESPACES))

    def metadata(self, prop: str) -> list[str]:
        return [e.text for e in self.find("content.opf", f"//opf:meta[@property='{prop}']")]


Write = Callable[..., Opened]
"""Writes the edition with another `book`, other `parts` or another `css`, and opens the result."""
