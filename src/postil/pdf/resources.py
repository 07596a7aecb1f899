"""What a page may fetch, and what becomes of WeasyPrint's complaints."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, unquote

import fontpkg
import uharfbuzz as harfbuzz
from weasyprint.urls import URLFetcher, URLFetcherResponse

from postil.css import address, tokens
from postil.document import Image
from postil.pdf.boxes import BASE
from postil.source import Diagnostic, Position, Source

_FONT = re.compile(r"font:(?P<family>[a-z0-9-]+)/(?P<style>normal|italic)(?:\?(?P<axes>[a-z]{4}=\d+(&[a-z]{4}=\d+)?))?")


# Pango has nothing to fall back on without any font, and crashes; and there is no grid without a leading.
FONTS_OF_LAST_RESORT = """
@font-face { font-family: "Source Serif 4"; src: url("font:source-serif-4/normal?opsz=10&wght=400") }
html { font: 10pt/14pt "Source Serif 4" }
"""
FONTS = (
    "name one that has them in the title's styles/print.css, as the house style names Amiri: "
    "fonts come as packages called fontpkg-…"
)
"""What to do about characters that no font has."""


class RefusedError(ValueError):
    """An address that is neither a picture or style sheet of the title nor a packaged font."""


class Fetcher(URLFetcher):  # type: ignore[misc]
    """Serves pictures and style sheets by name, and packaged fonts.

    A font is `font:family/normal` or `font:family/italic`, with places on the axes of a variable one, as in
    `font:source-serif-4/normal?opsz=10&wght=400`.
    """

    def __init__(self, images: Mapping[str, Image], styles: Mapping[str, Source]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._images, self._styles = images, styles

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """The bytes at an address; anything else is refused."""
        del headers
        if found := _FONT.fullmatch(url):
            axes = dict(parse_qsl(found["axes"] or ""))
            return URLFetcherResponse(url, _font(found["family"], found["style"], axes), {"Content-Type": "font/ttf"})
        path = unquote(url.removeprefix(BASE)) if url.startswith(BASE) else ""
        if image := self._images.get(path):
            return URLFetcherResponse(url, image.data, {"Content-Type": image.media_type})
        if path in self._styles:
            return URLFetcherResponse(url, self._styles[path].text, {"Content-Type": "text/css"})
        raise RefusedError(f"'{path or url}' is not part of the title")


def _font(family: str, style: str, axes: Mapping[str, str]) -> bytes:
    """A packaged font, with its axes pinned where places on them are given.

    WeasyPrint pins them itself, but in each PDF anew, and fails where a family has not the axis that a style sets.
    """
    path = fontpkg.path(family, style=style)
    if not axes:
        return bytes(path.read_bytes())
    font = harfbuzz.Face(harfbuzz.Blob.from_file_path(str(path)))
    wanted = harfbuzz.SubsetInput()
    wanted.keep_everything()
    for axis in font.axis_infos:
        wanted.pin_axis_location(font, axis.tag, float(axes.get(axis.tag, axis.default_value)))
    return bytes(harfbuzz.subset(font, wanted).blob.data)


def fonts(css: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The packaged fonts that some style sheets name, with the digests of their files."""
    return tuple((f"{family}/{style}", _digest(path)) for family, style, path in _files(css))


def characters(css: Iterable[str]) -> tuple[frozenset[str], ...]:
    """The characters of each packaged font that some style sheets name."""
    return tuple(_characters(path) for _, _, path in _files(css))


def _files(css: Iterable[str]) -> Iterator[tuple[str, str, Path]]:
    """The family, the style and the file of each font that is named; of one that there is not, layout says so."""
    addresses = (target for sheet in css for node, _ in tokens(sheet) if (target := address(node)))
    for family, style in sorted({(f["family"], f["style"]) for target in addresses if (f := _FONT.fullmatch(target))}):
        try:
            yield family, style, Path(fontpkg.path(family, style=style))
        except LookupError:
            continue


@cache
def _digest(font: Path) -> str:
    with font.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def _characters(font: Path) -> frozenset[str]:
    return frozenset(map(chr, harfbuzz.Face(harfbuzz.Blob.from_file_path(str(font))).unicodes))


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
            yield Diagnostic("P704", f"no font of the book has the character '{character}' ({number})", at, FONTS)
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
