from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

import pytest
from annotated_sample import MODIFIED
from ebooklib import VERSION, epub

from postil.epub.container import Entry, Item, Package, pack

PACKAGE = Package(
    identifier="urn:uuid:5a9f4c1c-6f0b-5c7e-9d55-1b2a3c4d5e6f",
    title="Margins",
    language="en",
    direction="ltr",
    metadata=(),
    items=(Item("one", "text/one.xhtml", "application/xhtml+xml", b"<html/>"),),
    spine=("one",),
    contents=(Entry("One", "text/one.xhtml"),),
    landmarks=(),
)


def test_ebooklib_is_the_version_whose_private_methods_are_known() -> None:
    assert VERSION == (0, 20, 0)
    for name in ("_write_container", "_write_opf", "_write_opf_file", "_write_items", "_get_ncx"):
        assert callable(getattr(epub.EpubWriter, name))


def test_the_signature_comes_first_and_uncompressed() -> None:
    with ZipFile(BytesIO(pack(PACKAGE, MODIFIED))) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type, first.extra) == ("mimetype", ZIP_STORED, b"")
        assert archive.read(first) == b"application/epub+zip"


def test_files_come_out_as_they_went_in() -> None:
    with ZipFile(BytesIO(pack(PACKAGE, MODIFIED))) as archive:
        assert archive.read("EPUB/text/one.xhtml") == b"<html/>"


def test_every_member_has_the_time_of_the_last_change() -> None:
    with ZipFile(BytesIO(pack(PACKAGE, MODIFIED))) as archive:
        assert {member.date_time for member in archive.infolist()} == {(2026, 11, 23, 10, 0, 0)}


@pytest.mark.parametrize("year", [1970, 1979])
def test_a_time_before_zip_files_is_the_earliest_they_know(year: int) -> None:
    with ZipFile(BytesIO(pack(PACKAGE, datetime(year, 1, 1, tzinfo=UTC)))) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_nothing_of_ebooklib_is_in_the_package_document() -> None:
    with ZipFile(BytesIO(pack(PACKAGE, MODIFIED))) as archive:
        package = archive.read("EPUB/content.opf").decode()
    assert "generator" not in package
    assert package.count("<dc:identifier") == 1
