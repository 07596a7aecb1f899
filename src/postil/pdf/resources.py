"""What a page may fetch, and what becomes of WeasyPrint's complaints."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import unquote

from weasyprint.urls import URLFetcher, URLFetcherResponse

from postil.document import Image
from postil.fonts import Shelf, instance, parsed
from postil.pdf.boxes import BASE
from postil.source import Diagnostic, Position, Source

# Pango has nothing to fall back on without any font, and crashes; and there is no grid without a leading.
FONTS_OF_LAST_RESORT = """
@font-face { font-family: "Source Serif 4"; src: url("font:source-serif-4/normal?opsz=10&wght=400") }
html { font: 10pt/14pt "Source Serif 4" }
"""


class RefusedError(ValueError):
    """An address that is neither a picture or style sheet of the title nor a font."""


class Fetcher(URLFetcher):  # type: ignore[misc]
    """Serves pictures and style sheets by name, and fonts.

    `postil.fonts` says how a style sheet names a font.
    """

    def __init__(self, images: Mapping[str, Image], styles: Mapping[str, Source], fonts: Shelf) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._images, self._styles, self._fonts = images, styles, fonts

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """The bytes at an address; anything else is refused."""
        del headers
        if (wanted := parsed(url)) and (font := self._fonts.find(wanted)):
            return URLFetcherResponse(url, instance(font, wanted), {"Content-Type": "font/ttf"})
        path = unquote(url.removeprefix(BASE)) if url.startswith(BASE) else ""
        if image := self._images.get(path):
            return URLFetcherResponse(url, image.data, {"Content-Type": image.media_type})
        if path in self._styles:
            return URLFetcherResponse(url, self._styles[path].text, {"Content-Type": "text/css"})
        raise RefusedError(f"'{path or url}' is not part of the title")


class Messages:
    """The diagnostics of a PDF while it is made; the same one twice is one.

    `images` say where they are shown.
    """

    def __init__(self, images: Mapping[str, Image]) -> None:
        self._images = images
        self._diagnostics: dict[Diagnostic, None] = {}

    def add(self, code: str, message: str, at: Position | None, hint: str | None = None) -> None:
        """Note what is wrong, and where in the title."""
        self._diagnostics[Diagnostic(code, message, at, hint)] = None

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All of them, in the order in which they came."""
        return tuple(self._diagnostics)

    @contextmanager
    def listening(self, at: Position | None, sheet: Source | None = None) -> Iterator[None]:
        """Make diagnostics of what WeasyPrint complains of meanwhile, instead of letting it log that.

        It works on what stands at a place in the title, or on a style sheet.
        """
        logger = logging.getLogger("weasyprint")
        listener = _Listener()
        handlers, propagate, level = logger.handlers, logger.propagate, logger.level
        logger.handlers, logger.propagate = [listener], False
        logger.setLevel(logging.WARNING)
        try:
            yield
        finally:
            logger.handlers, logger.propagate = handlers, propagate
            logger.setLevel(level)
            for complaint in listener.heard:
                self._diagnostics |= dict.fromkeys(self._translated(complaint, at, sheet))

    def _translated(self, complaint: str, at: Position | None, sheet: Source | None) -> Iterator[Diagnostic]:
        if complaint.startswith("Anchor defined twice"):
            return  # an annotation is set twice, for margin and foot, and printed once
        message = f"{complaint[0].lower()}{complaint[1:].rstrip('.')}"
        if found := re.match(r"\.notdef glyph .*: \"(.+)\" \((U\+\w+)\)", complaint, re.DOTALL):
            character, number = found.groups()
            yield Diagnostic("P704", f"no font of the book has the character '{character}' ({number})", at)
        elif found := re.match(r"Failed to load image at '(.*?)': (?:RefusedError: )?(.*)", complaint, re.DOTALL):
            path, reason = unquote(found[1].removeprefix(BASE)), found[2].splitlines()[0]
            yield Diagnostic("P702", f"picture '{path}' cannot be shown: {reason}", self._shown_at(path, at))
        elif found := re.match(r"Failed to render SVG image (\S+)", complaint):
            path = unquote(found[1].removeprefix(BASE))
            hint = "save it as plain SVG, or as PNG with at least 300 pixels to the inch"
            yield Diagnostic("P702", f"picture '{path}' cannot be drawn", self._shown_at(path, at), hint)
        elif found := re.match(r"No anchor #(.*) for internal URI reference", complaint):
            yield Diagnostic("P705", f"no page has '{found[1]}', to which there is a link", at)
        elif RefusedError.__name__ in complaint:
            yield Diagnostic("P805", message, at if sheet is None else _place(complaint, sheet))
        else:
            yield Diagnostic("P703", message, at if sheet is None else _place(complaint, sheet))

    def _shown_at(self, path: str, at: Position | None) -> Position | None:
        """Where a picture is first shown, if it is one of the title's."""
        image = self._images.get(path)
        return at if image is None or image.at is None else image.at


class _Listener(logging.Handler):
    """Keeps each complaint once."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: dict[str, None] = {}

    def emit(self, record: logging.LogRecord) -> None:
        self.heard[record.getMessage()] = None


def _place(complaint: str, sheet: Source) -> Position:
    """The place in a style sheet that a complaint is about: it ends with line and column, or quotes a selector."""
    if found := re.search(r"\bat ([0-9]+):([0-9]+)\b", complaint):
        return Position(sheet.path, int(found[1]), int(found[2]))
    if found := re.search(r"'(.+)'", complaint, re.DOTALL):
        return sheet.position(max(0, sheet.text.find(found[1].strip())))
    return sheet.position(0)
