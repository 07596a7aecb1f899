"""The structure that a tagged PDF has: of elements by themselves, and in a finished file."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import essay
import pikepdf
import pypdfium2
import pytest
from reading import markup

from postil import pdf
from postil.pdf.composition import Document
from postil.pdf.structure import Marked, Node, Structure, Tagging, sign

# --- elements by themselves ------------------------------------------------------------------------------------------


def instructions(page: Any) -> Iterator[tuple[Any, Any]]:
    """What a page is drawn with."""
    return ((each.operands, each.operator) for each in pikepdf.parse_content_stream(page))


def read(inside: str) -> Document:
    """Markup as a document."""
    document = Document("en", "annotated")
    document.body.append(document.grow(markup(f"<section>{inside}</section>")))
    return document


def structure(inside: str) -> str:
    """The structure of markup in which each element has content, as types in brackets."""
    document = read(inside)
    tagging = Tagging(document)
    made = Structure([tagging.tags])
    for element in document.root.iter():
        if (element.text or "").strip():
            made.node(0, tagging.places.get(element)).kids.append(Marked(0, 0))
    made.prune()
    (section,) = made.root.nodes
    return " ".join(map(_show, section.nodes))


def _show(node: Node) -> str:
    inside = " ".join(map(_show, node.nodes))
    return f"{node.type}[{inside}]" if inside else node.type


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<p>one <em>two</em> <span>three</span></p>", "P"),
        ("<p/><p>one</p>", "P"),
        ('<p><span lang="ur">one</span></p>', "P[Span]"),
        ('<p><abbr title="United Nations">UN</abbr></p>', "P[Span]"),
        ("<p><del>one</del><ins>two</ins></p>", "P[Span Span]"),
        ('<p><a href="#x">one</a> <a id="y">two</a></p>', "P[Link]"),
        ("<ul><li>one<ul><li>two</li></ul></li></ul>", "L[LI[LBody[L[LI[LBody]]]]]"),
        ("<dl><dt>one</dt><dd>two</dd><dt>three</dt><dd>four</dd></dl>", "L[LI[Lbl LBody] LI[Lbl LBody]]"),
        (
            '<figure class="table"><figcaption>one</figcaption><table><tr><th>2</th><td>3</td></tr></table></figure>',
            "Table[Caption TR[TH TD]]",
        ),
        ('<figure><img alt="one">one</img><figcaption>two</figcaption></figure>', "Div[Figure Caption]"),
        ('<div class="verse"><p><span class="line">one</span></p></div>', "BlockQuote[P]"),
        (
            '<ol class="contents"><li><a href="#x"><span class="entry">one</span></a></li></ol>',
            "TOC[TOCI[Reference[Link]]]",
        ),
        (
            '<p><a class="call" href="#n">1</a><span class="footnote"><a class="sign" href="#c">1</a> two</span></p>',
            "P[Reference[Link] Note[Lbl[Link]]]",
        ),
        (
            '<h1>one<a class="key" href="#n">a</a><aside class="annotation" id="n"><p>two</p></aside></h1>',
            "H1[Reference[Link]] Note[P]",
        ),
        ("<h1>one</h1><h3>two</h3><h3>three</h3><h2>four</h2><h1>five</h1>", "H1 H2 H2 H2 H1"),
    ],
)
def test_markup_has_the_structure_that_it_means(inside: str, expected: str) -> None:
    assert structure(inside) == expected


def test_an_empty_cell_stays() -> None:
    document = read("<table><tr><td/></tr></table>")
    tagging = Tagging(document)
    made = Structure([tagging.tags])
    made.node(0, tagging.places[next(document.root.iter("td"))])
    made.prune()
    assert _show(made.root) == "Document[Sect[Table[TR[TD]]]]"


@pytest.mark.parametrize(
    ("inside", "scope"),
    [
        ("<thead><tr><th/></tr></thead>", "Column"),
        ("<tbody><tr><th/></tr></tbody>", "Row"),
        ('<tbody><tr><th scope="col"/></tr></tbody>', "Column"),
        ('<thead><tr><th scope="row"/></tr></thead>', "Row"),
    ],
)
def test_a_head_says_whether_it_is_of_its_column_or_of_its_row(inside: str, scope: str) -> None:
    (head,) = [tag for tag in Tagging(read(f"<table>{inside}</table>")).tags if tag.type == "TH"]
    assert head.attributes == (("Table", "Scope", scope),)


@pytest.mark.parametrize(
    ("inside", "numbering"),
    [
        ("<ul><li/></ul>", "Disc"),
        ("<ol><li/></ol>", "Decimal"),
        ('<ol type="1"><li/></ol>', "Decimal"),
        ('<ol type="a"><li/></ol>', "LowerAlpha"),
        ('<ol type="A"><li/></ol>', "UpperAlpha"),
        ('<ol type="i"><li/></ol>', "LowerRoman"),
        ('<ol type="I"><li/></ol>', "UpperRoman"),
    ],
)
def test_a_list_says_how_it_counts(inside: str, numbering: str) -> None:
    """ISO 32000-1, table 347."""
    (list_,) = [tag for tag in Tagging(read(inside)).tags if tag.type == "L"]
    assert list_.attributes == (("List", "ListNumbering", numbering),)


def test_the_number_of_an_item_stands_before_its_body() -> None:
    document = read("<ol><li/></ol>")
    tagging = Tagging(document)
    made = Structure([tagging.tags])
    item = tagging.places[next(document.root.iter("li"))]
    for tag in (item, sign(tagging.tags, item), sign(tagging.tags, item)):
        made.node(0, tag).kids.append(Marked(0, 0))
    assert _show(made.root) == "Document[Sect[L[LI[Lbl LBody]]]]"


# --- a finished file -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["annotated", "proof"])
def file(request: pytest.FixtureRequest) -> Any:
    trim = {"annotated": "7x10", "proof": "A4"}[request.param]
    book = essay.book(request.param, trim, "Draft")
    return pdf.render(book, essay.essay(request.param, chapters=3), essay.STYLES).pdf


@pytest.fixture(scope="module")
def document(file: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(file))


def elements(node: Any) -> Iterator[Any]:
    """A structure element and all below it, in reading order."""
    yield node
    for kid in kids(node):
        if not isinstance(kid, int) and "/S" in kid:
            yield from elements(kid)


def kids(node: Any) -> list[Any]:
    return list(node.K) if "/K" in node else []


def every(document: pikepdf.Pdf) -> list[Any]:
    return list(elements(document.Root.StructTreeRoot.K[0]))


def links(document: pikepdf.Pdf) -> list[Any]:
    return [link for page in document.pages for link in page.obj.get("/Annots", [])]


def linked(node: Any) -> list[Any]:
    """The link annotations that belong to an element."""
    return [kid.Obj for kid in kids(node) if not isinstance(kid, int) and "/Obj" in kid]


def contents(node: Any) -> Iterator[tuple[Any, int]]:
    """The marked content of an element and all below it: page and number."""
    for each in elements(node):
        for kid in kids(each):
            if isinstance(kid, int):
                yield each.Pg.objgen, kid
            elif kid.get("/Type") == "/MCR":
                yield kid.Pg.objgen, kid.MCID


def test_each_piece_of_content_is_in_the_structure_once(document: pikepdf.Pdf) -> None:
    root = document.Root.StructTreeRoot
    listed = Counter(contents(root.K[0]))
    drawn: set[tuple[Any, int]] = set()
    for page in document.pages:
        for operands, operator in instructions(page):
            if str(operator) == "BDC" and "/MCID" in operands[1]:
                drawn.add((page.obj.objgen, int(operands[1].MCID)))
    assert listed == Counter(drawn)


def test_content_and_links_find_back_to_their_elements(document: pikepdf.Pdf) -> None:
    numbers = list(document.Root.StructTreeRoot.ParentTree.Nums)
    parents = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
    for page in document.pages:
        marks = parents[int(page.obj.StructParents)]
        for number, parent in enumerate(marks):
            assert not parent or number in [mark for _, mark in contents(parent)]
    for link in links(document):
        assert link.objgen in [each.objgen for each in linked(parents[int(link.StructParent)])]


def test_every_note_and_annotation_is_read_once_right_behind_its_call(document: pikepdf.Pdf) -> None:
    calls = [
        (each, after)
        for parent in every(document)
        for each, after in pairwise(kid for kid in kids(parent) if not isinstance(kid, int) and "/S" in kid)
        if each.S == "/Reference" and after.S == "/Note"
    ]
    notes = [str(each.ID) for each in every(document) if each.S == "/Note"]
    assert notes
    assert len(set(notes)) == len(notes)
    for call, note in calls:
        (link,) = {str(each.Dest) for each in linked(call.K[0])}
        assert str(note.ID) == link
    assert len(calls) == len(notes)


def test_notes_are_found_by_their_ids(document: pikepdf.Pdf) -> None:
    names = list(document.Root.StructTreeRoot.IDTree.Names)
    found = {str(name): note for name, note in zip(names[::2], names[1::2], strict=True)}
    assert list(found) == sorted(found)
    assert all(str(note.ID) == name for name, note in found.items())


def test_each_link_is_in_the_structure_and_says_what_it_is(document: pikepdf.Pdf) -> None:
    listed = Counter(link.objgen for each in every(document) if each.S == "/Link" for link in linked(each))
    assert listed == Counter(link.objgen for link in links(document))
    assert all(str(link.Contents).strip() for link in links(document))


def test_no_two_links_lie_on_each_other(document: pikepdf.Pdf) -> None:
    for page in document.pages:
        places = [(str(link.get("/Dest", "")), *map(float, link.Rect)) for link in page.obj.get("/Annots", [])]
        assert len(set(places)) == len(places)


def test_no_element_is_empty_but_for_cells(document: pikepdf.Pdf) -> None:
    assert not [each for each in every(document) if not kids(each) and each.S not in ("/TD", "/TH")]


def test_headings_nest(document: pikepdf.Pdf) -> None:
    levels = [int(str(each.S)[2:]) for each in every(document) if re.fullmatch("/H[1-6]", str(each.S))]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_paragraph_that_is_broken_over_two_pages_is_one(document: pikepdf.Pdf) -> None:
    over_two = [each for each in every(document) if each.S == "/P" and len({page for page, _ in contents(each)}) > 1]
    assert over_two


def test_heads_folios_and_line_numbers_are_no_part_of_the_text(file: bytes, document: pikepdf.Pdf) -> None:
    outside = [
        str(operands[1].get("/Type"))
        for page in document.pages
        for operands, operator in instructions(page)
        if str(operator) == "BDC" and operands[0] == "/Artifact"
    ]
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(file)]
    assert set(outside) == {"/Pagination"}
    assert len(outside) >= sum(bool(page.strip()) for page in pages) - 4  # the display pages


def test_a_picture_says_what_it_shows_and_where_it_is(document: pikepdf.Pdf) -> None:
    (figure,) = [each for each in every(document) if each.S == "/Figure"]
    left, bottom, right, top = map(float, figure.A.BBox)
    assert str(figure.Alt) == "The coast from Foreland to Skerry"
    assert (right - left) / (top - bottom) == pytest.approx(294 / 150, abs=0.01)
    assert 0 < bottom < top < float(figure.Pg.MediaBox[3])


def test_the_head_of_a_broken_table_is_read_once() -> None:
    rows = "<tr><td>x</td></tr>" * 90
    inside = f"<table><thead><tr><th>Head</th></tr></thead><tbody>{rows}</tbody></table>"
    printed = pdf.render(essay.book(), [essay.headed("x", "chapter", "body", "recto", "X", inside)], essay.STYLES)
    document = pikepdf.open(io.BytesIO(printed.pdf))
    (head,) = [each for each in every(document) if each.S == "/TH"]
    assert len(document.pages) > 1
    assert len(list(contents(head))) == 1
    assert len([each for each in every(document) if each.S == "/Table"]) == 1
