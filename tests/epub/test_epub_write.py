from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from annotated_sample import IMAGE, MODIFIED, STYLES, WORDS, Opened, Write, part, parts

from postil import epub, words
from postil.document import EDITIONS, Book, Contributor, Image

NAV, OPF = "nav.xhtml", "content.opf"
BEGINNINGS = "text/beginnings.xhtml"


def test_every_word_that_is_needed_is_there_in_each_language() -> None:
    for language in ("en", "fr", "de", "es", "ur"):
        assert set(WORDS) <= set(words.words(language))


def test_same_input_same_bytes(sample: bytes, book: Book) -> None:
    assert epub.write(book, parts(), STYLES, MODIFIED) == sample


def test_the_zone_of_the_time_makes_no_difference(sample: bytes, book: Book) -> None:
    elsewhere = MODIFIED.astimezone(timezone(timedelta(hours=5)))
    assert epub.write(book, parts(), STYLES, elsewhere) == sample


# --- files and links ---------------------------------------------------------------------------------------------


def test_each_part_is_a_file_in_reading_order(opened: Opened) -> None:
    order = [item.get("idref") for item in opened.find(OPF, "//opf:itemref")]
    hrefs = {item.get("id"): item.get("href") for item in opened.find(OPF, "//opf:item")}
    assert [hrefs[i] for i in order] == [
        "text/cover.xhtml",
        "text/title-page.xhtml",
        "text/copyright.xhtml",
        "nav.xhtml",
        "text/on-the-text.xhtml",
        "text/beginnings.xhtml",
        "text/wars.xhtml",
        "text/notes.xhtml",
        "text/annotations.xhtml",
        "text/glossary.xhtml",
        "text/bibliography.xhtml",
        "text/colophon.xhtml",
    ]


def test_a_note_call_and_its_note_lead_to_each_other(opened: Opened) -> None:
    (call,) = opened.find(BEGINNINGS, "//h:a[@id='call-n1']")
    (note,) = opened.find("text/notes.xhtml", "//h:aside[@id='n1']")
    (back,) = opened.find("text/notes.xhtml", "//h:aside[@id='n1']//h:a[@role='doc-backlink']")
    assert call.get("href") == "notes.xhtml#n1"
    assert back.get("href") == "beginnings.xhtml#call-n1"
    assert note.xpath("string()").startswith("1")  # Kindle wants the way back at the start


def test_links_within_a_file_and_into_the_world_stay(opened: Opened) -> None:
    (xref, *_) = opened.find(BEGINNINGS, "//h:a[@class='xref']")
    assert xref.get("href") == "#map"
    assert opened.find("text/wars.xhtml", "//h:a[@href='https://example.org/']")


def test_spaces_between_inline_elements_stay_as_they_are(write: Write) -> None:
    inside = '<h1 id="p1">P</h1><p><em>un</em><strong>be</strong> <i>lievable</i>\n</p>'
    text = part("p", "chapter", inside, (1, "p1", "P"))
    (paragraph,) = write(parts=(text,)).find("text/p.xhtml", "//h:p")
    assert paragraph.xpath("string()") == "unbe lievable\n"


def test_elements_without_content_are_closed_by_a_tag_of_their_own(write: Write) -> None:
    text = part("p", "chapter", '<h1 id="p1">P</h1><p><span id="here"/><br/></p>', (1, "p1", "P"))
    markup = write(parts=(text,)).files["EPUB/text/p.xhtml"]
    assert b'<span id="here"></span><br/>' in markup


def test_comments_and_instructions_are_left_out(write: Write) -> None:
    text = part("p", "chapter", '<h1 id="p1">P</h1><p>a<!-- no --><?no no?>b</p>', (1, "p1", "P"))
    assert b"<p>ab</p>" in write(parts=(text,)).files["EPUB/text/p.xhtml"]


def test_each_file_says_its_language_direction_title_and_matter(opened: Opened) -> None:
    root = opened.tree(BEGINNINGS)
    assert (root.get("lang"), root.get("dir")) == ("en-GB", "ltr")
    assert opened.find(BEGINNINGS, "//h:title/text()") == ["Beginnings"]
    assert opened.find(BEGINNINGS, "//h:body[@epub:type='bodymatter']")
    assert opened.find("text/notes.xhtml", "//h:body[@epub:type='backmatter']")


def test_a_title_in_urdu_runs_from_right_to_left(write: Write, book: Book) -> None:
    urdu = write(book=replace(book, title=replace(book.title, language="ur")))
    assert urdu.tree(BEGINNINGS).get("dir") == "rtl"
    assert urdu.find(OPF, "//opf:spine[@page-progression-direction='rtl']")


def test_file_names_are_plain_and_differ(write: Write) -> None:
    ids = ("глава", "Über uns", "uber-uns", "cover", "a/../b")
    chapters = [part(i, "chapter", "<p>x</p>", (1, i, "X")) for i in ids]
    names = write(parts=tuple(chapters)).names
    assert [n for n in names if n.startswith("EPUB/text/")] == [
        "EPUB/text/cover.xhtml",
        "EPUB/text/part.xhtml",
        "EPUB/text/uber-uns.xhtml",
        "EPUB/text/uber-uns-2.xhtml",
        "EPUB/text/cover-2.xhtml",
        "EPUB/text/a-b.xhtml",
    ]


def test_a_file_name_is_short_whatever_the_heading(write: Write) -> None:
    words = "-".join(["margins"] * 70)
    chapters = [part(i, "chapter", "<p>x</p>", (1, i, "X")) for i in (words, f"{words}-2", "x" * 300, "y" * 64)]
    names = [n for n in write(parts=tuple(chapters)).names if n.startswith("EPUB/text/")]
    assert names == [
        "EPUB/text/cover.xhtml",
        f"EPUB/text/{'-'.join(['margins'] * 8)}.xhtml",
        f"EPUB/text/{'-'.join(['margins'] * 8)}-2.xhtml",
        f"EPUB/text/{'x' * 64}.xhtml",
        f"EPUB/text/{'y' * 64}.xhtml",
    ]


def test_a_picture_is_packed_where_it_is_shown_and_only_then(opened: Opened, write: Write, book: Book) -> None:
    assert opened.find(BEGINNINGS, "//h:img[@src='../images/a-map.svg']")
    assert opened.files["EPUB/images/a-map.svg"] == IMAGE.data
    spare = replace(IMAGE, path="figures/spare.svg")
    assert "EPUB/images/spare.svg" not in write(book=replace(book, images={**book.images, spare.path: spare})).names


def test_the_style_sheets_for_epubs_are_linked_in_order_and_no_others(write: Write) -> None:
    css = {"epub-clean.css": "", "epub-annotated.css": "", "print.css": "@page {}", "epub.css": "", "book.css": ""}
    links = write(css=css).find(BEGINNINGS, "//h:link/@href")
    assert [link.rpartition("/")[2] for link in links] == ["fonts.css", "book.css", "epub.css", "epub-annotated.css"]


# --- ways in -----------------------------------------------------------------------------------------------------


def test_contents_nest_as_headings_do(opened: Opened) -> None:
    top = opened.find(NAV, "//h:nav[@epub:type='toc']/h:ol/h:li/h:a/text()")
    under = opened.find(NAV, "//h:nav[@epub:type='toc']/h:ol/h:li/h:ol/h:li/h:a")
    assert top[:3] == ["A Note on the Text", "Beginnings", "Wars"]
    assert [(a.text, a.get("href")) for a in under] == [
        ("The Figure", "text/beginnings.xhtml#b1"),
        ("The Table", "text/beginnings.xhtml#b2"),
    ]


def test_contents_list_what_comes_after_them(opened: Opened) -> None:
    assert "Title page" not in opened.find(NAV, "//h:nav[@epub:type='toc']//h:a/text()")


def test_contents_are_never_without_a_line(write: Write) -> None:
    nothing = write(parts=(part("p", "chapter", "<p>x</p>"),))
    assert nothing.find(NAV, "//h:nav[@epub:type='toc']//h:a/text()") == ["A Tale of Two Margins"]


def test_a_skipped_level_nests_once(write: Write) -> None:
    inside = '<h1 id="p1">One</h1><h3 id="p2">Three</h3><h2 id="p3">Two</h2>'
    text = part("p", "chapter", inside, (1, "p1", "One"), (3, "p2", "Three"), (2, "p3", "Two"))
    entries = write(parts=(text,)).find(NAV, "//h:nav[@epub:type='toc']/h:ol/h:li/h:ol/h:li/h:a/text()")
    assert entries == ["Three", "Two"]


def test_the_ncx_has_two_levels_at_most(write: Write) -> None:
    levels = tuple((level, f"h{level}", f"Level {level}") for level in (1, 2, 3))
    text = part("p", "chapter", "".join(f'<h{n} id="{i}">{w}</h{n}>' for n, i, w in levels), *levels)
    ncx = write(parts=(text,))
    assert ncx.find("toc.ncx", "//ncx:text/text()") == ["A Tale of Two Margins", "Level 1", "Level 2"]
    assert ncx.find("toc.ncx", "//ncx:meta[@name='dtb:depth']/@content") == ["2"]


def test_landmarks(opened: Opened) -> None:
    marks = opened.find(NAV, "//h:nav[@epub:type='landmarks']//h:a")
    epub_type = "{http://www.idpf.org/2007/ops}type"
    assert [(a.get(epub_type), a.text, a.get("href")) for a in marks] == [
        ("cover", "Cover", "text/cover.xhtml"),
        ("toc", "Contents", "nav.xhtml"),
        ("titlepage", "Title page", "text/title-page.xhtml"),
        ("copyright-page", "Copyright", "text/copyright.xhtml"),
        ("bodymatter", "Text", "text/beginnings.xhtml"),
        ("endnotes", "Notes", "text/notes.xhtml"),
        ("endnotes", "Annotations", "text/annotations.xhtml"),
        ("glossary", "Glossary", "text/glossary.xhtml"),
        ("bibliography", "Bibliography", "text/bibliography.xhtml"),
    ]


# --- metadata ----------------------------------------------------------------------------------------------------


def test_title_and_subtitle_are_told_apart(opened: Opened) -> None:
    titles = [(t.text, t.get("id")) for t in opened.find(OPF, "//dc:title")]
    assert titles == [("A Tale of Two Margins", "title"), ("With a Postil", "subtitle")]
    assert opened.metadata("title-type") == ["main", "subtitle"]


def test_contributors_have_role_and_sort_name(opened: Opened) -> None:
    assert opened.find(OPF, "//dc:creator/text()") == ["Ada Example"]
    assert opened.find(OPF, "//dc:contributor/text()") == ["Émile Éditeur"]
    assert opened.metadata("role") == ["aut", "edt"]
    assert opened.metadata("file-as") == ["Tale of Two Margins, A", "Example, Ada", "Éditeur, Émile"]


@pytest.mark.parametrize(
    ("language", "name", "sorted_name"),
    [
        ("en", "The Footnote", "Footnote, The"),
        ("en-GB", "Theories", "Theories"),
        ("fr", "Le Rouge et le Noir", "Rouge et le Noir, Le"),
        ("de", "Die Leiden des jungen Werthers", "Leiden des jungen Werthers, Die"),
        ("en", "Die Another Day", "Die Another Day"),
        ("ur", "The", "The"),
    ],
)
def test_a_catalogue_files_a_title_without_its_article(language: str, name: str, sorted_name: str) -> None:
    assert epub.metadata.sorted_title(name, language) == sorted_name


def test_the_rest_of_the_metadata(opened: Opened) -> None:
    expected = {
        "publisher": ["Example Press"],
        "date": ["2026-11-23"],
        "rights": ["CC BY 4.0"],
        "description": ["An essay about margins & notes."],
        "subject": ["Marginalia", "Books"],
        "language": ["en-GB"],
    }
    assert {name: opened.find(OPF, f"//dc:{name}/text()") for name in expected} == expected
    assert opened.metadata("dcterms:modified") == ["2026-11-23T10:00:00Z"]


def identifiers(file: Opened) -> list[str]:
    return file.find(OPF, "//dc:identifier/text()")


def test_the_isbn_of_the_epub_identifies_it(write: Write, book: Book) -> None:
    isbn = replace(book.title, isbn={"epub": "978-0-306-40615-7", "pdf": "978-1-86197-876-9"})
    found = identifiers(write(book=replace(book, title=isbn)))
    assert found == ["urn:isbn:9780306406157", book.title.identifier]


def test_each_edition_has_an_identifier_of_its_own(write: Write, book: Book) -> None:
    annotated, clean = identifiers(write()), identifiers(write(book=replace(book, edition=EDITIONS["clean"])))
    assert annotated == [book.title.identifier]
    assert clean != annotated
    assert clean[0].startswith("urn:uuid:")


# --- accessibility -----------------------------------------------------------------------------------------------


def test_accessibility_of_a_book_with_pictures_and_notes(opened: Opened) -> None:
    assert opened.metadata("schema:accessMode") == ["textual", "visual"]
    assert opened.metadata("schema:accessModeSufficient") == ["textual", "textual,visual"]
    assert {"alternativeText", "annotations", "tableOfContents"} <= set(opened.metadata("schema:accessibilityFeature"))
    assert opened.metadata("schema:accessibilityHazard") == ["none"]
    (summary,) = opened.metadata("schema:accessibilitySummary")
    assert summary == " ".join(WORDS[key] for key in ("summary_structure", "summary_images", "summary_notes"))


def test_accessibility_of_plain_prose(write: Write) -> None:
    prose = write(parts=(part("p", "chapter", '<h1 id="p1">P</h1><p>x</p>', (1, "p1", "P")),))
    assert prose.metadata("schema:accessMode") == ["textual"]
    assert prose.metadata("schema:accessModeSufficient") == ["textual"]
    assert not {"alternativeText", "annotations", "index"} & set(prose.metadata("schema:accessibilityFeature"))
    assert prose.metadata("schema:accessibilitySummary") == [WORDS["summary_structure"]]


def test_a_picture_that_may_move_is_an_unknown_hazard(write: Write, book: Book) -> None:
    gif = Image("figures/a map.svg", "image/gif", b"GIF89a", 1, 1)
    assert write(book=replace(book, images={gif.path: gif})).metadata("schema:accessibilityHazard") == ["unknown"]


def test_no_conformance_is_claimed(opened: Opened) -> None:
    assert not opened.metadata("dcterms:conformsTo")


# --- the cover ---------------------------------------------------------------------------------------------------


def test_the_cover_says_whose_book_it_is(opened: Opened) -> None:
    (image,) = opened.find("text/cover.xhtml", "//h:img")
    assert image.get("alt") == "Cover: A Tale of Two Margins, by Ada Example"
    assert opened.find(OPF, "//opf:item[@properties='cover-image']/@href") == ["images/cover.png"]


def test_a_cover_without_author_does_not_name_one(write: Write, book: Book) -> None:
    editor = (Contributor("Émile Éditeur", "Éditeur, Émile", "edt"),)
    edited = write(book=replace(book, title=replace(book.title, contributors=editor)))
    assert edited.find("text/cover.xhtml", "//h:img/@alt") == ["Cover: A Tale of Two Margins"]


def test_a_cover_of_the_title_own_is_taken(write: Write, book: Book) -> None:
    own = write(book=replace(book, title=replace(book.title, cover=IMAGE.path)))
    assert own.find(OPF, "//opf:item[@properties='cover-image']/@href") == ["images/a-map.svg"]
    assert "EPUB/images/cover.png" not in own.names
