"""One set of fonts and style sheets, with which every unit of a book is laid out and the book is written."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.resources import as_file, files
from typing import Any

import cssselect2  # type: ignore[import-untyped]
import pydyf
import weasyprint
from weasyprint import document as writer
from weasyprint.css.counters import CounterStyle
from weasyprint.formatting_structure import build
from weasyprint.pdf.metadata import DocumentMetadata
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from postil.document import Drawing
from postil.pdf.boxes.copying import copied_as_written
from postil.pdf.boxes.formulas import FormulaImage
from postil.pdf.boxes.geometry import walk
from postil.pdf.boxes.layouter import Layouter
from postil.pdf.boxes.page import PageBox
from postil.pdf.boxes.tags import tagging
from postil.pdf.composition import Document
from postil.pdf.fragment import Fragment

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


class Engine:
    """One set of fonts and style sheets, with which every unit of a book is laid out and the book is written."""

    def __init__(self, fetcher: URLFetcher, formulas: Iterable[Drawing] = (), *, whole_fonts: bool = False) -> None:
        """With `whole_fonts`, no font is cut down to the letters of the book when that is written."""
        self._whole_fonts = whole_fonts
        # fontconfig begins with no font of the system
        with as_file(files("postil") / "data/fonts.conf") as config, _environment("FONTCONFIG_FILE", str(config)):
            self._fonts = FontConfiguration()
        self._fetcher = fetcher
        self._counters = CounterStyle()
        self._styles: list[weasyprint.CSS] = []
        self._images: dict[str, object] = {f"{BASE}{each.name}": FormulaImage(each) for each in formulas}

    def add_styles(self, css: str) -> None:
        """Add a style sheet, above the others in the cascade."""
        self._styles.append(
            weasyprint.CSS(
                string=css,
                base_url=BASE,
                url_fetcher=self._fetcher,
                font_config=self._fonts,
                counter_style=self._counters,
            )
        )

    def begin(self, document: Document, *, recto: bool, at_foot: Iterable[str] = ()) -> Layouter:
        """Begin to lay out a unit, on a recto or a verso, with these of its annotations at the foot of their pages."""
        html = weasyprint.HTML(string="<html/>", base_url=BASE, url_fetcher=self._fetcher)
        html.wrapper_element = cssselect2.ElementWrapper.from_html_root(document.root, content_language=None)
        html.etree_element = html.wrapper_element.etree_element
        options = weasyprint.DEFAULT_OPTIONS | {"stylesheets": self._styles, "cache": self._images}
        context = writer.Document._build_layout_context(html, self._fonts, self._counters, {}, options)
        tree = build.build_formatting_structure(
            html.etree_element,
            context.style_for,
            context.get_image_from_uri,
            html.base_url,
            context.target_collector,
            self._counters,
            context.footnotes,
        )
        return Layouter(document, html, context, tree, recto=recto, at_foot=at_foot)

    def write(
        self, fragments: Sequence[Fragment], metadata: Mapping[str, Any], *, identifier: bytes, moment: int
    ) -> bytes:
        """Write the pages of all fragments as one PDF with one outline, one structure tree and shared fonts.

        `moment`, in seconds since 1970, is what the fonts' instances are dated to.
        """
        laid_out: list[PageBox] = [page.box for fragment in fragments for page in fragment.drawn]
        _number_bookmarks_once(laid_out)
        pages = [writer.Page(page.box) for page in laid_out]
        for page in pages:  # what is inside of a link is in its rectangle already
            page.links = [link for link in page.links if link[3].link]
        whole = writer.Document(pages, DocumentMetadata(**metadata), self._fetcher, self._fonts, {}, None)
        leftward = any(not page.document.is_rightward for page in laid_out[:1])
        with _environment("SOURCE_DATE_EPOCH", str(moment)), tagging(fragments), copied_as_written():
            pdf: bytes = whole.write_pdf(
                pdf_variant="pdf/ua-1",
                pdf_identifier=identifier,
                full_fonts=self._whole_fonts,
                finisher=_read_leftward if leftward else None,
            )
        return pdf


def _read_leftward(_: writer.Document, pdf: Any) -> None:
    """Have viewers put the pages of a book that is read from right to left beside each other in that order."""
    pdf.catalog.setdefault("ViewerPreferences", pydyf.Dictionary())["Direction"] = "/R2L"


def _number_bookmarks_once(pages: Sequence[PageBox]) -> None:
    """Keep one outline entry for a heading that is broken over two pages."""
    seen: set[int] = set()
    for page in pages:
        for box in walk(page.box):
            if box.bookmark_label:
                if id(box.element) in seen:
                    box.bookmark_label = ""
                seen.add(id(box.element))
