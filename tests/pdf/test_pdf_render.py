"""Whole titles, from parts to a finished PDF."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path

import essay
import pikepdf
import pypdfium2
import pytest

from postil import pdf
from postil.document import Part, Text
from postil.pdf import Printed
from postil.source import Position
from postil.xhtml import written
from postil.xhtml.breaks import breakable


def printed(parts: list[Part], edition: str = "annotated", trim: str = "7x10", stamp: str = "") -> Printed:
    return pdf.render(essay.book(edition, trim, stamp), parts, essay.STYLES)


def one(inside: str) -> list[Part]:
    return [essay.headed("x", "chapter", "body", "recto", "A Chapter", inside)]


@pytest.fixture(scope="module")
def title() -> Printed:
    return printed(essay.essay(chapters=3))


@pytest.fixture(scope="module")
def document(title: Printed) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(title.pdf))


@pytest.fixture(scope="module")
def texts(title: Printed) -> list[str]:
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(title.pdf)]


def test_a_sample_title_has_nothing_wrong(title: Printed) -> None:
    assert title.diagnostics == ()


def test_the_order_and_folios_are_those_of_a_book(title: Printed) -> None:
    folios = [title.folios[name] for name in ("tp", "toc", "abbr", "note-text", "c1")]
    assert folios == ["iii", "v", "vi", "vii", "1"]


def test_display_and_blank_pages_have_neither_folio_nor_head(texts: list[str]) -> None:
    assert texts[0].split() == ["The", "Northern", "Lights", "Commission"]
    assert texts[1].strip() == ""
    assert not re.search(r"\b(iii|iv)\b", texts[2] + texts[3])


def test_contents_have_the_folios_of_their_entries(title: Printed, texts: list[str]) -> None:
    for name, words in (
        ("c1", "A Commission Is Formed"),
        ("c2", "The Keeper and the Register"),
        ("colophon", "Colophon"),
    ):
        assert re.search(rf"{words}[ .]+{title.folios[name]}\b", texts[4])


def test_heads_are_the_title_on_versos_and_the_chapter_on_rectos(texts: list[str]) -> None:
    first = next(i for i, text in enumerate(texts) if "\n1" in text[-5:] and "A Commission Is Formed" in text)
    assert first % 2 == 0
    assert "The Northern Lights Commission" in texts[first + 1]
    assert "The Northern Lights Commission" not in texts[first + 2]


def test_every_id_is_a_named_destination(title: Printed, document: pikepdf.Pdf) -> None:
    names = {str(name) for name in list(document.Root.Names.Dests.Names)[::2]}
    assert set(title.folios) <= names


def test_every_link_within_the_title_has_a_destination(document: pikepdf.Pdf) -> None:
    names = {str(name) for name in list(document.Root.Names.Dests.Names)[::2]}
    links = [link for page in document.pages for link in page.obj.get("/Annots", []) if link.Subtype == "/Link"]
    targets = [str(link.Dest) for link in links if "/Dest" in link]
    assert targets
    assert set(targets) <= names
    assert {str(link.A.URI) for link in links if "/A" in link} == {f"https://example.org/{n}" for n in range(12)}


def test_calls_and_notes_are_linked_both_ways_on_one_page(document: pikepdf.Pdf) -> None:
    for page in document.pages:
        links = {str(link.Dest) for link in page.obj.get("/Annots", []) if "/Dest" in link}
        notes = {target for target in links if re.fullmatch(r"c\d+-n\d+", target)}
        assert {f"call-{note}" for note in notes} == {t for t in links if t.startswith("call-c")}


def test_there_is_one_outline_of_all_headings(document: pikepdf.Pdf) -> None:
    with document.open_outline() as outline:
        titles = [item.title for item in outline.root]
    assert titles[:4] == ["Contents", "Abbreviations", "A Note on the Text", "A Commission Is Formed"]
    assert titles[-1] == "Colophon"
    assert "The Northern Lights Commission" not in titles


def test_it_is_tagged_and_says_so(title: Printed) -> None:
    document = pikepdf.open(io.BytesIO(title.pdf))  # reading the metadata of one that is open changes it
    assert document.Root.MarkInfo.Marked
    assert str(document.Root.Lang) == "en-GB"
    assert len(list(document.Root.StructTreeRoot.K)) == 1
    with document.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "The Northern Lights Commission: An Annotated Essay"
        assert metadata["dc:creator"] == ["Ada Keeper"]


def test_metadata_are_those_of_the_title(document: pikepdf.Pdf) -> None:
    info = document.docinfo
    assert str(info["/Title"]) == "The Northern Lights Commission: An Annotated Essay"
    assert str(info["/Author"]) == "Ada Keeper"
    assert str(info["/Subject"]) == "How a commission lit a coast."
    assert str(info["/Keywords"]) == "Lighthouses, Navigation"
    assert str(info["/CreationDate"]) == "D:20261123000000Z"


def test_the_epoch_of_the_environment_dates_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    document = pikepdf.open(io.BytesIO(printed(one("<p>word</p>")).pdf))
    assert str(document.docinfo["/CreationDate"]) == "D:19700102000000Z"


def test_the_same_input_gives_the_same_bytes(title: Printed) -> None:
    assert printed(essay.essay(chapters=3)).pdf == title.pdf


def test_no_font_is_there_twice(document: pikepdf.Pdf) -> None:
    names = [
        str(obj.BaseFont).partition("+")[2]
        for obj in document.objects
        if isinstance(obj, pikepdf.Dictionary) and obj.get("/Type") == "/Font" and obj.get("/Subtype") == "/Type0"
    ]
    assert len(names) == len(set(names))
    assert {name.split("-")[1] for name in names} == {"Serif", "Sans", "Code"}


def test_the_file_is_whole(title: Printed, tmp_path: Path) -> None:
    path = tmp_path / "title.pdf"
    path.write_bytes(title.pdf)
    assert subprocess.run(["qpdf", "--check", path], capture_output=True, check=False).returncode == 0


def test_chapters_that_open_on_rectos_have_blanks_before_them() -> None:
    result = printed(essay.essay(chapters=3, words=200, opening="recto"))
    assert all(int(result.folios[f"c{n}"]) % 2 == 1 for n in (1, 2, 3))


def test_pages_are_laid_out_once_but_for_what_asks_for_more(title: Printed) -> None:
    for timing in title.timings:
        again = timing.overflows + timing.late_notes + timing.hyphens
        assert timing.layouts == timing.pages + again
        assert timing.outgrown == 0


def test_the_proof_numbers_its_lines_and_binds_them() -> None:
    inside = (
        '<p id="p">one<br/>two<br/>three <a class="key" id="key-a" href="#q">a</a></p>'
        '<p id="q">see <a class="page-number" href="#key-a" data-page-of="key-a">000</a>, line '
        '<span class="line-number" data-line-of="key-a">00</span>.</p>'
    )
    result = printed(one(inside), "proof", "A4", "Draft of today")
    text = pypdfium2.PdfDocument(result.pdf)[0].get_textpage().get_text_bounded()
    assert "see 1, line 4." in text  # the heading is line 1
    assert "Draft of today" in text


def test_the_line_of_what_stands_in_a_note_is_that_of_its_call() -> None:
    inside = (
        '<p>one<br/>two <a class="call" id="call-n" href="#n">1</a><span class="footnote" id="n"><span class="p">note '
        '<a class="key" id="call-m" href="#m">a</a></span></span><aside class="annotation" id="m"><p>more '
        '<b id="b">still</b></p></aside></p>'
        '<p>see line <span class="line-number" data-line-of="call-m">00</span> and '
        '<span class="line-number" data-line-of="b">00</span>.</p>'
    )
    result = printed(one(inside), "proof", "A4")
    text = pypdfium2.PdfDocument(result.pdf)[0].get_textpage().get_text_bounded()
    assert result.diagnostics == ()
    assert "see line 3 and 3." in text  # the heading is line 1


def test_small_capitals_are_copied_as_they_are_written() -> None:
    small = '<span style="font-variant-caps: all-small-caps">{}</span>'
    first, second = (
        "Source SOURCE of sources",
        "A copy of SO many words that it is broken over two LINES of the page",
    )
    result = printed(one(f"<p>{small.format(first)} and {small.format(second)}.</p>"))
    text = pypdfium2.PdfDocument(result.pdf)[0].get_textpage().get_text_bounded()
    assert f"{first} and {second}." in text.replace("\r\n", " ")


def test_a_missing_picture_is_an_error_that_names_it(caplog: pytest.LogCaptureFixture) -> None:
    result = printed(one('<figure><img src="figures/none.png" alt="nothing"/></figure>'))
    assert [(d.code, "figures/none.png" in d.message) for d in result.diagnostics] == [("P702", True)]
    assert not caplog.records


@pytest.mark.parametrize(
    "address", ["http://example.org/x.png", "file:///etc/passwd", "../../../etc/passwd", "data:image/png;base64,AA=="]
)
def test_nothing_outside_the_title_is_fetched(address: str) -> None:
    result = printed(one(f'<figure><img src="{address}" alt="x"/></figure>'))
    assert [d.code for d in result.diagnostics] == ["P702"]
    assert "not part of the title" in result.diagnostics[0].message


def test_a_style_sheet_that_is_wrong_is_named() -> None:
    sheet = essay.with_rule("print.css", "p { colour: red }\na:b:c::d { color: red }\n")
    result = pdf.render(essay.book(), one("<p>word</p>"), {**essay.STYLES, "print.css": sheet})
    last = sheet.text.count("\n")
    assert [(d.code, d.position) for d in result.diagnostics] == [
        ("P703", Position("print.css", last - 1, 5)),
        ("P703", Position("print.css", last, 1)),
    ]


def test_a_style_sheet_cannot_fetch_either() -> None:
    sheet = essay.with_rule("book.css", '@import "http://example.org/x.css";', first=True)
    styles = {**essay.STYLES, "book.css": sheet}
    result = pdf.render(essay.book(), one("<p>word</p>"), styles)
    assert [d.code for d in result.diagnostics] == ["P805"]


def test_a_character_without_a_font_is_an_error() -> None:
    result = printed(one("<p>one 字</p>"))
    assert [(d.code, "'字' (U+5B57)" in d.message) for d in result.diagnostics] == [("P704", True)]


def test_a_link_to_nowhere_is_an_error() -> None:
    result = printed(one('<p><a class="page-number" href="#none" data-page-of="none">000</a></p>'))
    assert {d.code for d in result.diagnostics} == {"P705"}


def test_what_cannot_be_laid_out_is_named_and_the_rest_is_set() -> None:
    deep = "<blockquote>" * 600 + "<p>x</p>" + "</blockquote>" * 600
    parts = [*one(deep), essay.headed("y", "chapter", "body", "page", "Another", "<p>word</p>")]
    result = printed(parts)
    assert [(d.code, d.message[:27]) for d in result.diagnostics] == [("P701", "'A Chapter' cannot be laid ")]
    assert "y" in result.folios


def test_no_note_is_lost_however_many_there_are() -> None:
    writer = essay.Essay()
    writer.section = "x"
    inside = "".join(writer.paragraph(notes=0.5, annotations=0.5) for _ in range(12))
    result = printed(one(inside))
    assert result.diagnostics == ()
    assert {f"x-n{n}" for n in range(1, writer.notes + 1)} <= set(result.folios)
    assert {f"x-a{n}" for n in range(1, writer.annotations + 1)} <= set(result.folios)


def test_notes_that_no_foot_has_room_for_are_set_in_the_text() -> None:
    writer = essay.Essay()
    writer.section = "x"
    calls = "".join(writer.annotation("", 240) for _ in range(12))
    result = printed(one(f"<p>{writer.words(200)}{calls}</p>" + f"<p>{writer.words(300)}</p>" * 3))
    assert {d.code for d in result.diagnostics} <= {"P706"}
    assert {f"x-a{n}" for n in range(1, 13)} <= set(result.folios)


def test_a_note_longer_than_a_page_is_printed_whole() -> None:
    writer = essay.Essay()
    writer.section = "x"
    result = printed(one(f"<p>word{writer.footnote(1500)}</p>"))
    text = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(result.pdf))
    assert len(text.split()) > 1450
    assert result.diagnostics == ()


def test_an_address_is_broken_before_its_slashes_and_hyphens_never_behind_them() -> None:
    address = "https://example.org/" + "/".join(f"part-{n}-of-the-way?x{n}-y.{n}.7" for n in range(40)) + "/"
    made = printed(one("<p>" + written(breakable(Text(f"See {address} there."))) + "</p>"))
    words = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(made.pdf))
    _, _, shown = words.partition("See")
    lines = shown.partition("there")[0].rstrip().split("\r\n")
    assert len(lines) > 5
    assert not [line for line in lines[:-1] if line.endswith(("-", "/", "?", "."))]
    # what is copied is the address
    assert "".join(lines).strip() == address
