"""One set of fonts and style sheets, with which every unit of a book is laid out and drawn."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import as_file, files
from typing import Any
from urllib.parse import quote, unquote

import cssselect2  # type: ignore[import-untyped]
import weasyprint
from weasyprint import document as writer
from weasyprint.css.counters import CounterStyle
from weasyprint.formatting_structure import build
from weasyprint.images import get_image_from_uri
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from postil.document import Drawing
from postil.pdf.boxes.cascade import computed_once
from postil.pdf.boxes.drawing import Canvas
from postil.pdf.boxes.faces import embedded
from postil.pdf.boxes.formulas import FormulaImage
from postil.pdf.boxes.furniture import Furnisher
from postil.pdf.boxes.layouter import Layouter
from postil.pdf.composition import Document
from postil.pdf.fragment import Face, Glyph, Named, Picture
from postil.pdf.pieces import Pieces

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
    """One set of fonts and style sheets, with which every unit of a book is laid out and drawn."""

    def __init__(self, fetcher: URLFetcher, formulas: Iterable[Drawing] = (), *, whole_fonts: bool = False) -> None:
        """With `whole_fonts`, no font is cut down to the letters of the book when it is embedded."""
        self._whole_fonts = whole_fonts
        # fontconfig begins with no font of the system
        with as_file(files("postil") / "data/fonts.conf") as config, _environment("FONTCONFIG_FILE", str(config)):
            self._fonts = FontConfiguration()
        self._fetcher = fetcher
        self._counters = CounterStyle()
        self._styles: list[weasyprint.CSS] = []
        self.counts_pages = False
        """Whether some style sheet knows a page by its number."""
        self._images: dict[str, object] = {f"{BASE}{each.name}": FormulaImage(each) for each in formulas}

    def add_styles(self, css: str) -> None:
        """Add a style sheet, above the others in the cascade."""
        self.counts_pages |= "nth(" in css
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
        return Layouter(document, *self._boxes(document), recto=recto, at_foot=at_foot)

    def furnisher(self, document: Document) -> Furnisher:
        """What draws the heads and folios of pages, in the styles that an empty document has."""
        return Furnisher(*self._boxes(document))

    def canvas(self) -> Canvas:
        """What a unit that has been laid out is drawn on."""
        pictures = {
            id(image): unquote(address.removeprefix(BASE))
            for address, image in self._images.items()
            if hasattr(image, "get_x_object")
        }
        return Canvas(pictures)

    def _boxes(self, document: Document) -> tuple[Any, Any, Any]:
        """A document as WeasyPrint has it, what it is laid out with, and its boxes."""
        html = weasyprint.HTML(string="<html/>", base_url=BASE, url_fetcher=self._fetcher)
        html.wrapper_element = cssselect2.ElementWrapper.from_html_root(document.root, content_language=None)
        html.etree_element = html.wrapper_element.etree_element
        options = weasyprint.DEFAULT_OPTIONS | {"stylesheets": self._styles, "cache": self._images}
        with computed_once():
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
        return html, context, tree

    def embedded(self, faces: Iterable[tuple[Face, Iterable[Glyph]]]) -> tuple[Mapping[str, str], Named]:
        """Faces as a PDF has them, each with its glyphs: the names of their objects by their own, and all objects."""
        return embedded(self._fonts, faces, subset=not self._whole_fonts)

    def picture(self, picture: Picture) -> tuple[str, Named]:
        """A picture of the title as a PDF has it: the name of its object, and all objects."""
        address = f"{BASE}{quote(picture.path)}"
        image = get_image_from_uri(self._images, self._fetcher, weasyprint.DEFAULT_OPTIONS, address)
        pieces = Pieces()
        name = pieces.keep(image.get_x_object(picture.smooth, 1))
        return name, pieces.kept
