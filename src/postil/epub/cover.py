"""A cover made from a book's own words: its text and its margin, in the book's typefaces."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO

import fontpkg
from PIL import Image, ImageDraw, ImageFont

from postil.document import Title
from postil.epub.typefaces import SANS, SERIF, variable

WIDTH, HEIGHT = 1600, 2560  # px, what retailers ask for
_PAPER, _INK, _GREY, _RED = "#f5f0e6", "#20242e", "#bdb4a3", "#9b2c1f"
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


def draw(title: Title) -> bytes:
    """The cover as a PNG, `WIDTH` by `HEIGHT` px. Words in a script that the typefaces do not have are left out."""
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((_RULE, 0, _RULE + 4, HEIGHT), fill=_RED)
    below = _set(pen, title.title, _TOP, _TITLE)
    _set(pen, title.subtitle, below + 90, _SUBTITLE)
    for number, lengths in enumerate(_NOTES):
        _note(pen, "ab"[number], _TOP + 60 + 340 * number, lengths)
    authors = [person.name for person in title.contributors if person.role == "aut"]
    foot = _FOOT - _AUTHOR.height * len(authors)
    for name in authors:
        foot = _set(pen, name, foot, _AUTHOR)
    _set(pen, title.publisher, _FOOT + 60, _PUBLISHER)
    # Paper, ink and what lies between are few colours: a palette takes a third of the bytes.
    buffer = BytesIO()
    image.quantize(64, dither=Image.Dither.NONE).save(buffer, "PNG", compress_level=9)
    return buffer.getvalue()


def _set(pen: ImageDraw.ImageDraw, words: str, top: int, setting: _Setting) -> int:
    """Set words at the largest size at which they fit; the place below them, in px from the top."""
    words = " ".join(words.split())
    if not words or not set(words) <= _characters(setting.family, setting.style):
        return top
    for size in setting.sizes:
        font = _font(setting, size)
        lines = _lines(words, font)
        leading = round(size * _LEADING)
        if len(lines) * leading <= setting.height and all(font.getlength(line) <= _MEASURE for line in lines):
            break
    for line in lines[: setting.height // leading]:
        top += leading
        pen.text((_LEFT, top), line, font=font, fill=_INK, anchor="ls")
    return top


def _note(pen: ImageDraw.ImageDraw, key: str, top: int, lengths: tuple[int, ...]) -> None:
    font = _font(_SUBTITLE, 54)
    pen.text((_RULE - 40, top + 60), key, font=font, fill=_RED, anchor="rs")
    for number, length in enumerate(lengths):
        pen.rectangle((_MARGIN, top + 50 + 30 * number, _MARGIN + length, top + 54 + 30 * number), fill=_GREY)


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
    for piece in re.split(r"(?<=[\s–—-])(?=\S)", words):
        if lines[-1] and font.getlength((lines[-1] + piece).rstrip()) > measure:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def _font(setting: _Setting, size: int) -> ImageFont.FreeTypeFont:
    path = fontpkg.path(setting.family, weight=setting.axes["wght"], style=setting.style)
    font = ImageFont.truetype(path, size)
    font.set_variation_by_axes([setting.axes[name] for name in _axes(setting.family, setting.style)])
    return font


@cache
def _axes(family: str, style: str) -> tuple[str, ...]:
    """The names of a font's axes, in its own order."""
    return tuple(axis.tag for axis in variable(family, style).axis_infos)


@cache
def _characters(family: str, style: str) -> frozenset[str]:
    """All characters that a font has."""
    return frozenset(map(chr, variable(family, style).unicodes))
