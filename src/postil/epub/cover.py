"""A cover made from a book's own words: its text and its margin, in the book's typefaces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont, ImageOps

from postil.direction import direction
from postil.document import Font, FontSettings, Title
from postil.epub.typefaces import ARABIC, HEBREW, SANS, SERIF
from postil.fonts import Address, Shelf, instance, slug

WIDTH, HEIGHT = 1600, 2560  # px, what retailers ask for
_PAPER, _INK = 0, 63  # places in the palette, with the shades of a letter's edge between them
_GREY, _RED = 64, 65
_COLOURS = {_PAPER: (0xF5, 0xF0, 0xE6), _INK: (0x20, 0x24, 0x2E), _GREY: (0xBD, 0xB4, 0xA3), _RED: (0x9B, 0x2C, 0x1F)}
_LEFT, _RULE, _MARGIN = 150, 1230, 1300  # px from the left: the text, the line beside it, the notes in the margin
_MEASURE = _RULE - 80 - _LEFT
_TOP, _FOOT = 420, 2330
_LEADING = 1.14
_NOTES = ((210, 170, 195, 90), (190, 215, 120))  # px: the lengths of the lines of two notes in the margin


@dataclass(frozen=True, slots=True)
class _Setting:
    """How words are set: their face, the sizes to try, largest first, and the height they may fill, in px."""

    family: str
    style: str
    axes: Mapping[str, int]
    sizes: range
    height: int


_TITLE = _Setting(SERIF, "normal", {"wght": 600, "opsz": 60}, range(230, 8, -6), 1180)
_SUBTITLE = _Setting(SERIF, "italic", {"wght": 400, "opsz": 40}, range(76, 8, -4), 380)
_AUTHOR = _Setting(SANS, "normal", {"wght": 600}, range(68, 8, -4), 84)
_PUBLISHER = _Setting(SANS, "normal", {"wght": 400}, range(40, 8, -4), 60)


def draw(title: Title, own: Iterable[Font] = ()) -> bytes:
    """The cover as a PNG, `WIDTH` by `HEIGHT` px. Words in a script that no typeface here has are left out."""
    # drawn as numbers of colours: a palette takes a third of the bytes, and need not be looked for afterwards
    image = Image.new("L", (WIDTH, HEIGHT), _PAPER)
    _draw_margin(ImageDraw.Draw(image))
    leftward = direction(title.language) == "rtl"
    pen = ImageDraw.Draw(image := ImageOps.mirror(image) if leftward else image)
    page = _Page(pen, leftward, Shelf(own), _families(title.fonts))
    below = page.set(title.title, _TOP, _TITLE)
    page.set(title.subtitle, below + 90, _SUBTITLE)
    authors = [person.name for person in title.authors]
    foot = _FOOT - _AUTHOR.height * len(authors)
    for name in authors:
        foot = page.set(name, foot, _AUTHOR)
    if title.publisher not in authors:
        page.set(title.publisher, _FOOT + 60, _PUBLISHER)
    image.putpalette(_palette())
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _families(settings: FontSettings) -> tuple[str, ...]:
    """What words are set in for which the cover's own typefaces lack letters: the first that has all of them."""
    named = (settings.headings, settings.text, *(family for _, family in settings.scripts))
    return (*filter(None, named), ARABIC, HEBREW)


def _palette() -> bytes:
    paper, ink = _COLOURS[_PAPER], _COLOURS[_INK]
    shades = [
        tuple(round(light + (dark - light) * step / _INK) for light, dark in zip(paper, ink, strict=True))
        for step in range(_INK + 1)
    ]
    return bytes(value for colour in (*shades, _COLOURS[_GREY], _COLOURS[_RED]) for value in colour)


def _draw_margin(pen: ImageDraw.ImageDraw) -> None:
    """The line beside the text, and two notes in the margin, each called from the text by a red sign."""
    pen.rectangle((_RULE, 0, _RULE + 4, HEIGHT), fill=_RED)
    for number, lengths in enumerate(_NOTES):
        top = _TOP + 110 + 340 * number
        pen.regular_polygon((_RULE - 50, top, 11), 4, rotation=45, fill=_RED)
        for line, length in enumerate(lengths):
            pen.rectangle((_MARGIN, top + 30 * line, _MARGIN + length, top + 4 + 30 * line), fill=_GREY)


@dataclass(frozen=True, slots=True)
class _Page:
    """The cover's text column; `leftward` where the text runs from right to left."""

    pen: ImageDraw.ImageDraw
    leftward: bool
    shelf: Shelf
    families: tuple[str, ...]

    def set(self, words: str, top: int, setting: _Setting) -> int:
        """Set words at the largest size at which they fit; the place below them, in px from the top."""
        words = re.sub(r"[ \t\r\n]+", " ", words.replace("\u202f", "\u00a0")).strip(" ")
        having = (each for each in (setting.family, *self.families) if set(words) <= self.shelf.letters(each))
        if not words or (family := next(having, None)) is None:
            return top
        setting = replace(setting, family=family)
        for size in setting.sizes:
            font = _font(setting, size, self.shelf)
            lines = _lines(words, font)
            leading = round(size * _LEADING)
            if len(lines) * leading <= setting.height and all(font.getlength(line) <= _MEASURE for line in lines):
                break
        for line in lines[: setting.height // leading]:
            top += leading
            place, anchor = (WIDTH - _LEFT, "rs") if self.leftward else (_LEFT, "ls")
            self.pen.text((place, top), line, font=font, fill=_INK, anchor=anchor)
        return top


def _lines(words: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """The words broken into as few lines as the measure allows, about equally long."""
    lines = _broken(words, font, _MEASURE)
    for percent in range(97, 50, -3):
        narrower = _broken(words, font, _MEASURE * percent / 100)
        if len(narrower) > len(lines):
            break
        lines = narrower
    return lines


def _broken(words: str, font: ImageFont.FreeTypeFont, measure: float) -> list[str]:
    """The words in lines of at most `measure` px where a line can be broken: behind a space or a dash."""
    lines = [""]
    for piece in re.split(r"(?<=[ –—-])(?=[^ –—-])", words):
        if lines[-1] and font.getlength((lines[-1] + piece).rstrip()) > measure:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def _font(setting: _Setting, size: int, shelf: Shelf) -> ImageFont.FreeTypeFont:
    axes = tuple((axis, float(place)) for axis, place in setting.axes.items())
    for style in (setting.style, "normal"):
        wanted = Address(slug(setting.family), style, axes)
        if (font := shelf.find(wanted)) is not None:
            return ImageFont.truetype(BytesIO(instance(font, wanted)), size)
    raise LookupError(setting.family)
