from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from annotated_sample import IMAGE, STYLES, Write, part
from hypothesis import given
from hypothesis import strategies as st

from postil import epub
from postil.document import ROLES, Book, Image, Markup, Section, Text
from postil.epub import gate
from postil.source import Position, Source


def refusal(write: Write, inside: str, **changes: Any) -> list[str]:
    """The codes with which a chapter of this markup is refused."""
    chapter = part("p", "chapter", f'<h1 id="p1">P</h1>{inside}', (1, "p1", "P"))
    with pytest.raises(epub.Refused) as refused:
        write(parts=(chapter,), **changes)
    return [diagnostic.code for diagnostic in refused.value.diagnostics]


ACTIVE = [
    "<script>alert(1)</script>",
    '<p onclick="alert(1)">x</p>',
    '<p ONCLICK="alert(1)">x</p>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" java\tscript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href="data:text/html,x">x</a>',
    '<a href="vbscript:x">x</a>',
    '<a href="file:///etc/passwd">x</a>',
    '<blockquote cite="javascript:x"><p>x</p></blockquote>',
    '<iframe src="https://example.org/"></iframe>',
    '<object data="x.swf"></object>',
    '<embed src="x.swf"/>',
    '<form action="https://example.org/"><input name="x"/></form>',
    "<style>p { color: red }</style>",
    '<link rel="stylesheet" href="https://example.org/x.css"/>',
    '<meta http-equiv="refresh" content="0"/>',
    '<base href="https://example.org/"/>',
    '<video src="x.mp4"></video>',
    '<p style="background: url(https://example.org/x.png)">x</p>',
    '<p style="background: u\\72l(https://example.org/x.png)">x</p>',
    '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    '<p xmlns:x="http://www.w3.org/1999/xlink" x:onclick="alert(1)">x</p>',
]


@pytest.mark.parametrize("inside", ACTIVE)
def test_nothing_active_gets_through(write: Write, inside: str) -> None:
    assert set(refusal(write, inside)) == {"P802"}


def nested(depth: int) -> Markup:
    """An element with others in one another below it."""
    made = Markup("b", (Text("x"),))
    for _ in range(depth):
        made = Markup("b", (made,))
    return made


BROKEN = [
    Markup("p", (Text("\0"),)),
    Markup("p", (Text("\ud800"),)),
    Markup("p", (), (("title", "\x1b"),)),
    Markup("p", (), (("one two", "three"),)),
    Markup("p", (), (("x><script", "three"),)),
    nested(10_000),
]


@pytest.mark.parametrize("inside", BROKEN, ids=range(len(BROKEN)))
def test_what_cannot_be_written_as_xml_is_refused(write: Write, inside: Markup) -> None:
    whole = part("p", "chapter", '<h1 id="p1">P</h1>', (1, "p1", "P"))
    broken = replace(whole, section=replace(whole.section, children=(*whole.section.children, inside)))
    with pytest.raises(epub.Refused) as refused:
        write(parts=(broken,))
    assert [diagnostic.code for diagnostic in refused.value.diagnostics] == ["P801"]


LOST = [
    ('<p><a href="#nowhere">x</a></p>', "P803"),
    ('<p><a href="other.html">x</a></p>', "P803"),
    ('<p><a href="//example.org/">x</a></p>', "P803"),
    ('<p id="p1">x</p>', "P803"),
    ('<p><img src="figures/none.png" alt="x"/></p>', "P804"),
    ('<p><img src="https://example.org/x.png" alt="x"/></p>', "P804"),
    ('<p><img src="figures/a map.svg"/></p>', "P804"),
]


@pytest.mark.parametrize(("inside", "code"), LOST)
def test_what_leads_nowhere_is_refused(write: Write, inside: str, code: str) -> None:
    assert refusal(write, inside) == [code]


def test_a_heading_that_is_not_in_its_part_is_refused(write: Write) -> None:
    with pytest.raises(epub.Refused, match="heading 'Two' with the id 'p2'"):
        write(parts=(part("p", "chapter", '<h1 id="p1">One</h1>', (1, "p1", "One"), (2, "p2", "Two")),))


def test_all_faults_of_all_parts_are_told_at_once(write: Write) -> None:
    one = part("one", "chapter", '<h1 id="a">A</h1>', (1, "a", "A"))
    one = replace(one, section=replace(one.section, children=(Text("\0"),)))
    two = part("two", "chapter", '<h1 id="b">B</h1><p onclick="x"><a href="#c">x</a></p>', (1, "b", "B"))
    with pytest.raises(epub.Refused) as refused:
        write(parts=(one, two))
    assert [d.code for d in refused.value.diagnostics] == ["P801", "P802", "P803"]


def test_a_fault_stands_in_the_file_that_its_part_is_from(write: Write, book: Book) -> None:
    section = Section("p", ROLES["chapter"], "body", "page", (), (), source=Source("01-wars.md", "x"))
    with pytest.raises(epub.Refused) as refused:
        write(book=replace(book, sections=(section,)), parts=(part("p", "chapter", "<script/>", (1, "p", "P")),))
    assert [d.position for d in refused.value.diagnostics] == [Position("01-wars.md")]


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<rect onload="alert(1)"/>',
        '<a href="javascript:alert(1)"/>',
        '<image href="https://example.org/x.png"/>',
        '<style>@import "https://example.org/x.css";</style>',
        "<foreignObject/>",
        '<animate attributeName="href" to="javascript:alert(1)"/>',
        "<rect>",
    ],
)
def test_a_picture_with_anything_active_is_refused(write: Write, book: Book, inside: str) -> None:
    data = f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>'.encode()
    images = {IMAGE.path: replace(IMAGE, data=data)}
    assert refusal(write, "<p>x</p>", book=replace(book, images=images)) == ["P804"]


def test_a_picture_may_use_its_own_gradient(write: Write, book: Book) -> None:
    data = b'<svg xmlns="http://www.w3.org/2000/svg"><style>rect { fill: url(#g) }</style><use href="#r"/></svg>'
    write(book=replace(book, images={IMAGE.path: replace(IMAGE, data=data)}))


def test_a_picture_that_reading_systems_need_not_show_is_refused(write: Write, book: Book) -> None:
    tiff = Image("figures/old.tiff", "image/tiff", b"II*\0", 1, 1)
    assert refusal(write, "<p>x</p>", book=replace(book, images={tiff.path: tiff})) == ["P804"]


def test_a_cover_that_is_not_there_is_refused(write: Write, book: Book) -> None:
    titled = replace(book, title=replace(book.title, cover="cover.jpg"))
    assert refusal(write, "<p>x</p>", book=titled) == ["P804"]


@pytest.mark.parametrize(
    "css",
    [
        "p { background: url(ground.png) }",
        "p { background: url('https://example.org/x.png') }",
        "p { background: u\\72l(x.png) }",
        "@import 'more.css';",
        "@media print { p { background: image-set('x.png' 1x) } }",
        "@font-face { font-family: X; src: url(x.ttf) }",
    ],
)
def test_a_style_sheet_that_loads_a_file_is_refused(write: Write, css: str) -> None:
    assert refusal(write, "<p>x</p>", css={**STYLES, "epub-annotated.css": css}) == ["P805"]


@given(st.lists(st.sampled_from("\t\n\r \0\x01"), min_size=11, max_size=11))
def test_no_white_space_hides_a_scheme(between: list[str]) -> None:
    url = "".join(letter + space for letter, space in zip("javascript:", between, strict=True))
    assert gate.scheme(url) == "javascript"


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")))
def test_text_comes_out_as_it_went_in(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert "".join(map(str, gate.parse(f"<p>{escaped}</p>").itertext())) == text
