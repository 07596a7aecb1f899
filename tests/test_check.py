from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from postil import check
from postil.source import Position, codes

CONTAINER = """<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>
<rootfile media-type="application/oebps-package+xml" full-path="EPUB/content.opf"/></rootfiles></container>"""
OPF = """<package xmlns="http://www.idpf.org/2007/opf"><manifest>
<item id="one" href="one.xhtml"/>
<item id="two" href="two%20b.xhtml"/>
<item id="css" href="book.css"/></manifest></package>"""
ONE = """<html xmlns="http://www.w3.org/1999/xhtml">
<p id="a"><a href="two%20b.xhtml#b">b</a> <a href="#a">a</a></p></html>"""
TWO = '<html xmlns="http://www.w3.org/1999/xhtml"><p id="b"><a href="https://example.org/">x</a></p></html>'

SOUND = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": CONTAINER,
    "EPUB/content.opf": OPF,
    "EPUB/one.xhtml": ONE,
    "EPUB/two b.xhtml": TWO,
    "EPUB/book.css": "p { margin: 0 }",
}


def zipped(**changes: str | None) -> bytes:
    """The sound publication with other files, by name without folder; None takes one away."""
    names = {name.rpartition("/")[2].partition(".")[0].replace(" ", "_"): name for name in SOUND}
    members = SOUND | {names.get(key, f"EPUB/{key}.xhtml"): value for key, value in changes.items()}
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, text in members.items():
            if text is not None:
                archive.writestr(name, text, ZIP_STORED if name == "mimetype" else ZIP_DEFLATED)
    return buffer.getvalue()


def found(**changes: str | None) -> list[tuple[str, str]]:
    """Code and place of all that is wrong with the publication so changed."""
    diagnostics = check.check_epub(zipped(**changes), "b.epub")
    return [(d.code, d.position.path) for d in diagnostics if d.position]


def test_a_sound_publication_has_nothing_wrong_with_it() -> None:
    assert check.check_epub(zipped(), "b.epub") == ()


def test_what_is_no_zip_file_is_damaged() -> None:
    assert [d.code for d in check.check_epub(b"PK or so", "b.epub")] == ["P810"]


@pytest.mark.parametrize("signature", [None, "application/zip"])
def test_the_signature_must_be_there(signature: str | None) -> None:
    assert found(mimetype=signature) == [("P810", "b.epub")]


def test_without_package_document_it_is_damaged() -> None:
    assert ("P810", "b.epub") in found(content=None)


def test_a_file_that_is_not_well_formed_is_named_with_its_place() -> None:
    (diagnostic,) = check.check_epub(zipped(two_b=TWO.replace("</p>", "\n</b>")), "b.epub")[:1]
    assert diagnostic.code == "P811"
    assert diagnostic.position == Position("b.epub/EPUB/two b.xhtml", 2, 5)


def test_a_declared_file_must_be_there() -> None:
    assert ("P814", "b.epub/EPUB/content.opf") in found(book=None)


def test_a_file_that_is_there_must_be_declared() -> None:
    assert found(three=TWO) == [("P814", "b.epub/EPUB/content.opf")]


@pytest.mark.parametrize("reference", ["#z", "two%20b.xhtml#z", "three.xhtml", "../one.xhtml"])
def test_a_link_must_lead_somewhere(reference: str) -> None:
    assert found(one=ONE.replace("#a", reference)) == [("P812", "b.epub/EPUB/one.xhtml")]


def test_a_style_sheet_must_find_its_fonts() -> None:
    assert found(book='@font-face { src: url("fonts/x.ttf") }') == [("P812", "b.epub/EPUB/book.css")]


def test_an_id_stands_once_in_its_file() -> None:
    twice = ONE.replace("</p>", '<b id="a">x</b></p>')
    assert found(one=twice) == [("P813", "b.epub/EPUB/one.xhtml")]


@pytest.mark.parametrize("identifier", ["", "a b", " a"])
def test_an_id_is_one_word(identifier: str) -> None:
    assert found(two_b=TWO.replace("</p>", f'<b id="{identifier}">x</b></p>')) == [("P813", "b.epub/EPUB/two b.xhtml")]


def test_the_registry_names_each_check_once() -> None:
    names = [rule.__name__ for rule in check.EPUB_CHECKS]
    assert len(set(names)) == len(names)
    assert all(rule.__doc__ for rule in check.EPUB_CHECKS)


def test_the_codes_of_the_checks_are_documented() -> None:
    assert {"P810", "P811", "P812", "P813", "P814", "P820", "P821", "P822"} <= set(codes())


def test_what_epubcheck_needs_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("postil.check.shutil.which", lambda _: None)
    assert check.epubcheck_missing() == "Java is not installed"


@pytest.mark.slow
@pytest.mark.skipif(check.epubcheck_missing() is not None, reason=str(check.epubcheck_missing()))
def test_epubcheck_finds_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "b.epub"
    file.write_bytes(zipped())  # a package document without metadata
    diagnostics = check.epubcheck(file)
    assert {d.code for d in diagnostics} >= {"P820"}
    assert any(d.position and d.position.path == "b.epub/EPUB/content.opf" for d in diagnostics)
