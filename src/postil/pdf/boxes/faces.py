"""Faces of fonts: told from those that WeasyPrint has drawn with, and found again to be embedded in a PDF."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pydyf
import weasyprint
from weasyprint.pdf.fonts import Font, build_fonts_dictionary
from weasyprint.text.constants import PANGO_STRETCH
from weasyprint.text.ffi import ffi, gobject, pango
from weasyprint.text.fonts import FontConfiguration

from postil.pdf.fragment import Face, Glyph, Named
from postil.pdf.pieces import Pieces

_TO_UNITS = 1024
"""Pango's units in a pixel."""


def drawn_with(fonts: Mapping[Any, Any]) -> tuple[tuple[Face, tuple[Glyph, ...]], ...]:
    """The faces that have been drawn with, and the glyphs of each, in the order in which they were first drawn."""
    return tuple(
        (
            _face(font),
            tuple(Glyph(number, reads, font.widths.get(number, 0)) for number, reads in font.to_unicode.items()),
        )
        for font in fonts.values()
    )


def _face(font: Any) -> Face:
    # what follows the family's name there is said in words, such as "Semi-Condensed-Bold-Italic"
    described = font.name.decode().partition("+")[2]
    words = f"{described.removeprefix(font.family.replace(' ', '-'))}-"
    stretches = [name for name in PANGO_STRETCH if f"-{name.title()}-" in words]
    return Face(
        font.hash,
        described,
        font.family,
        font.style,
        font.weight,
        PANGO_STRETCH[max(stretches, key=len, default="normal")],
        ",".join(f"{axis}={value:g}" for axis, value in font.variations.items()),
        round(font.font_size * _TO_UNITS),
    )


def embedded(
    configuration: FontConfiguration, faces: Iterable[tuple[Face, Iterable[Glyph]]], *, subset: bool
) -> tuple[Mapping[str, str], Named]:
    """Faces as a PDF has them, each with its glyphs: the names of their objects by their own, and all objects."""
    found = {}
    for face, glyphs in faces:
        font = found[face.name] = _found(configuration, face)
        for glyph in glyphs:
            font.to_unicode[glyph.number] = glyph.reads
            font.widths[glyph.number] = glyph.width
    options = weasyprint.DEFAULT_OPTIONS | {"pdf_version": "1.7"}
    pdf = pydyf.PDF()
    own = len(pdf.objects)
    names = build_fonts_dictionary(pdf, found, True, subset, options)  # noqa: FBT003 -- its own parameters
    pieces = Pieces()
    called: dict[bytes, str] = {}
    for made in pdf.objects[own:]:  # each behind those that it refers to
        called[made.reference] = pieces.keep(made, references=called)
    return {name: called[made] for name, made in names.items()}, pieces.kept


def _found(configuration: FontConfiguration, face: Face) -> Any:
    """A face as WeasyPrint embeds it, found among the fonts of a configuration."""
    description = ffi.gc(pango.pango_font_description_new(), pango.pango_font_description_free)
    family = ffi.new("char[]", face.family.encode())
    pango.pango_font_description_set_family(description, family)
    pango.pango_font_description_set_style(description, face.style)
    pango.pango_font_description_set_weight(description, face.weight)
    pango.pango_font_description_set_stretch(description, face.stretch)
    pango.pango_font_description_set_absolute_size(description, face.size)
    if face.variations:
        pango.pango_font_description_set_variations(description, face.variations.encode())
    font_map = configuration.font_map
    context = ffi.gc(pango.pango_font_map_create_context(font_map), gobject.g_object_unref)
    loaded = ffi.gc(pango.pango_font_map_load_font(font_map, context, description), gobject.g_object_unref)
    font = Font(loaded, description, face.size / _TO_UNITS)
    font.hash, font.name = face.name, f"/{face.name}+{face.described}".encode()
    return font
