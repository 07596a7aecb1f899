"""One set of fonts and style sheets, with which every unit of a book is laid out and the book is written."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.resources import as_file, files
from typing import Any
from xml.etree.ElementTree import Element

import cssselect2  # type: ignore[import-untyped]
import weasyprint
from weasyprint.css.counters import CounterStyle
from weasyprint.document import Document, Page
from weasyprint.formatting_structure import build
from weasyprint.pdf.metadata import DocumentMetadata
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from postil.pdf.boxes.galley import Galley
from postil.pdf.boxes.sheet import Sheet
from postil.pdf.boxes.tags import tagging
from postil.pdf.boxes.tree import walk

BASE = "https://title.invalid/"
"""What relative addresses in the title's markup are relative to: a host that cannot exist."""


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    """Let a variable of the environment, which a library reads, have a value for a while."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


class Press:
    """One set of fonts and style sheets, with which every unit of a book is laid out and the book is written."""

    def __init__(self, fetcher: URLFetcher) -> None:
        # fontconfig begins with no font of the system
        with as_file(files("postil") / "data/fonts.conf") as config, _environment("FONTCONFIG_FILE", str(config)):
            self._fonts = FontConfiguration()
        self._fetcher = fetcher
        self._counters = CounterStyle()
        self._sheets: list[weasyprint.CSS] = []
        self._images: dict[str, object] = {}

    def add_styles(self, css: str) -> None:
        """Add a style sheet, above the others in the cascade."""
        self._sheets.append(
            weasyprint.CSS(string=css, base_url=BASE, url_fetcher=self._fetcher, font_config=self._fonts)
        )

    def galley(self, root: Element, *, recto: bool, at_foot: Iterable[str] = ()) -> Galley:
        """Begin to lay out a unit, given as an `html` element, on a recto or a verso."""
        html = weasyprint.HTML(string="<html/>", base_url=BASE, url_fetcher=self._fetcher)
        html.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        html.etree_element = html.wrapper_element.etree_element
        options = weasyprint.DEFAULT_OPTIONS | {"stylesheets": self._sheets, "cache": self._images}
        context = Document._build_layout_context(html, self._fonts, self._counters, {}, options)
        tree = build.build_formatting_structure(
            html.etree_element,
            context.style_for,
            context.get_image_from_uri,
            html.base_url,
            context.target_collector,
            self._counters,
            context.footnotes,
        )
        return Galley(html, context, tree, recto=recto, at_foot=at_foot)

    def write(self, sheets: Sequence[Sheet], metadata: Mapping[str, Any], *, identifier: bytes, moment: int) -> bytes:
        """Write the pages as one PDF with one outline, one structure tree and shared fonts.

        `moment`, in seconds since 1970, is what the fonts' instances are dated to.
        """
        _number_bookmarks_once(sheets)
        pages = [Page(sheet.box) for sheet in sheets]
        for page in pages:  # what is inside of a link is in its rectangle already
            page.links = [link for link in page.links if link[3].link]
        document = Document(pages, DocumentMetadata(**metadata), self._fetcher, self._fonts, {}, None)
        documents = list(dict.fromkeys(sheet.galley.document for sheet in sheets))
        with _environment("SOURCE_DATE_EPOCH", str(moment)), tagging(documents):
            pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier)
        return pdf


def _number_bookmarks_once(sheets: Sequence[Sheet]) -> None:
    """Keep one outline entry for a heading that is broken over two pages."""
    seen: set[int] = set()
    for sheet in sheets:
        for box in walk(sheet.box):
            if box.bookmark_label:
                if id(box.element) in seen:
                    box.bookmark_label = ""
                seen.add(id(box.element))
