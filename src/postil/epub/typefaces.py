"""The book's typefaces, cut down to the characters it uses, as fonts that any reading system can load.

Source Serif 4 and Source Sans 3 come as variable fonts. Many reading systems show only the default cut of those, so
each style is written out as a font of its own. HarfBuzz does both at once, in milliseconds. Amiri stands in for what
neither has: passages in Arabic script.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import fontpkg
import uharfbuzz as harfbuzz

SERIF = "Source Serif 4"
SANS = "Source Sans 3"
ARABIC = "Amiri"
MEDIA_TYPE = "font/ttf"
_FIGURES = ("lnum", "onum", "pnum", "tnum")  # beside what is kept anyway: kerning, ligatures, marks, local forms
_SMALL_CAPITALS = ("smcp",)
_TEXT_SIZE = 10.0  # the optical size for text, in pt: the default cut is for display
_LICENCE = (13, 14)  # the names under which a font keeps its licence and where that is


@dataclass(frozen=True, slots=True)
class Face:
    """One style of a family."""

    family: str
    style: str
    weight: int

    @property
    def file_name(self) -> str:
        """Its file's name in the publication."""
        slope = "-italic" if self.style == "italic" else ""
        return f"{self.family.lower().replace(' ', '-')}-{self.weight}{slope}.ttf"

    @property
    def rule(self) -> str:
        """Its `@font-face` rule, for a style sheet beside the folder `fonts`."""
        return (
            f'@font-face {{ font-family: "{self.family}"; font-style: {self.style}; font-weight: {self.weight}; '
            f'src: url("../fonts/{self.file_name}") format("truetype"); }}'
        )


FACES = (
    *(
        Face(family, style, weight)
        for family in (SERIF, SANS)
        for style, weight in (("normal", 400), ("italic", 400), ("normal", 600))
    ),
    Face(ARABIC, "normal", 400),
)


def cut(characters: Mapping[str, frozenset[str]], *, small_capitals: bool) -> Mapping[Face, bytes]:
    """The fonts for a book that sets `characters` in each family; a family that sets none is left out."""
    features = _FIGURES + _SMALL_CAPITALS if small_capitals else _FIGURES
    everything = frozenset().union(*characters.values())
    used = {**characters, ARABIC: everything & (letters(ARABIC) - letters(SERIF))}
    return {face: _cut(face, used[face.family], features) for face in FACES if used.get(face.family)}


def source(family: str, style: str = "normal") -> harfbuzz.Face:
    """The font that a family's upright (`normal`) or italic styles are cut from."""
    return harfbuzz.Face(harfbuzz.Blob.from_file_path(str(fontpkg.path(family, style=style))))


@cache
def letters(family: str) -> frozenset[str]:
    """All characters that a family has."""
    return frozenset(map(chr, source(family).unicodes))


def _cut(face: Face, characters: frozenset[str], features: tuple[str, ...]) -> bytes:
    font = source(face.family, face.style)
    wanted = harfbuzz.SubsetInput()
    wanted.flags = harfbuzz.SubsetFlags.NO_HINTING | harfbuzz.SubsetFlags.NOTDEF_OUTLINE
    wanted.unicode_set.update(map(ord, characters))
    wanted.layout_feature_tag_set.update(int.from_bytes(feature.encode(), "big") for feature in features)
    wanted.name_id_set.update(_LICENCE)
    place = {"wght": float(face.weight), "opsz": _TEXT_SIZE}
    for axis in font.axis_infos:
        wanted.pin_axis_location(font, axis.tag, place[axis.tag])
    return bytes(harfbuzz.subset(font, wanted).blob.data)
