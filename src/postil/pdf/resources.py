"""What a page may fetch, and what becomes of WeasyPrint's complaints."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import parse_qsl, unquote

import fontpkg
import uharfbuzz as harfbuzz  # type: ignore[import-untyped]
from weasyprint.urls import URLFetcher, URLFetcherResponse

from postil.document import Image
from postil.pdf.boxes import BASE
from postil.source import Diagnostic

_FONT = re.compile(r"font:(?P<family>[a-z0-9-]+)/(?P<style>normal|italic)(?:\?(?P<axes>[a-z]{4}=\d+(&[a-z]{4}=\d+)?))?")


class RefusedError(ValueError):
    """An address that is neither a picture or style sheet of the title nor a packaged font."""


class Shelf(URLFetcher):  # type: ignore[misc]
    """Serves pictures and style sheets by name, and packaged fonts.

    A font is `font:family/normal` or `font:family/italic`, with places on the axes of a variable one, as in
    `font:source-serif-4/normal?opsz=10&wght=400`.
    """

    def __init__(self, images: Mapping[str, Image], styles: Mapping[str, str]) -> None:
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
            return URLFetcherResponse(url, self._styles[path], {"Content-Type": "text/css"})
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


class Messages:
    """The diagnostics of a PDF while it is made; the same one twice is one."""

    def __init__(self) -> None:
        self._diagnostics: dict[Diagnostic, None] = {}

    def add(self, code: str, message: str, hint: str | None = None) -> None:
        """Note what is wrong."""
        self._diagnostics[Diagnostic(code, message, None, hint)] = None

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All of them, in the order in which they came."""
        return tuple(self._diagnostics)

    @contextmanager
    def listening(self, place: str) -> Iterator[None]:
        """Make diagnostics of what WeasyPrint complains of meanwhile, instead of letting it log that."""
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
                self._diagnostics |= dict.fromkeys(_translated(complaint, place))


class _Listener(logging.Handler):
    """Keeps each complaint once."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: dict[str, None] = {}

    def emit(self, record: logging.LogRecord) -> None:
        self.heard[record.getMessage()] = None


def _translated(complaint: str, place: str) -> Iterator[Diagnostic]:
    if complaint.startswith("Anchor defined twice"):
        return  # an annotation is set twice, for margin and foot, and printed once
    if found := re.match(r"\.notdef glyph .*: \"(.+)\" \((U\+\w+)\)", complaint, re.DOTALL):
        character, number = found.groups()
        message = f"{place}: no font of the house style has the character '{character}' ({number})"
        yield Diagnostic("P704", message, None, "name a packaged font that has it in print.css")
    elif found := re.match(r"Failed to load image at '(.*?)': (?:RefusedError: )?(.*)", complaint, re.DOTALL):
        path, reason = found[1].removeprefix(BASE), found[2].splitlines()[0]
        yield Diagnostic("P702", f"{place}: picture '{unquote(path)}' cannot be shown: {reason}")
    elif found := re.match(r"Failed to render SVG image (\S+)", complaint):
        yield Diagnostic("P702", f"{place}: picture '{unquote(found[1].removeprefix(BASE))}' cannot be drawn")
    elif found := re.match(r"No anchor #(.*) for internal URI reference", complaint):
        yield Diagnostic("P705", f"no page has '{found[1]}', to which there is a link")
    elif RefusedError.__name__ in complaint:
        yield Diagnostic("P805", f"{place}: {complaint[0].lower()}{complaint[1:]}")
    else:
        yield Diagnostic("P703", f"{place}: {complaint[0].lower()}{complaint[1:].rstrip('.')}")
