"""The book's typefaces, cut down to the characters it uses, as fonts that any reading system can load.

Source Serif 4 and Source Sans 3 come as variable fonts. Many reading systems show only the default cut of those, so
each style is written out as a font of its own. HarfBuzz does both at once, in milliseconds. Amiri and Frank Ruhl Libre
stand in for what neither has: Arabic and Hebrew script. Families of the title's own come before these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Final

import uharfbuzz as harfbuzz

from postil.document import Font, FontSettings
from postil.fonts import SIGNS, Address, Shelf, face, slug

SERIF = "Source Serif 4"
SANS = "Source Sans 3"
ARABIC = "Amiri"
HEBREW = "Frank Ruhl Libre"
_FIGURES = ("lnum", "onum", "pnum", "tnum")  # beside what is kept anyway: kerning, ligatures, marks, local forms
_SMALL_CAPITALS = ("smcp",)
_TEXT_SIZE = 10.0  # the optical size for text, in pt: the default cut is for display
_LICENCE = (13, 14)  # the names under which a font keeps its licence and where that is
_OPENTYPE = b"OTTO"  # what a font with outlines of PostScript begins with


@dataclass(frozen=True, slots=True)
class Family:
    """A family that a book is set in, or the letters of one script in it (ISO 15924)."""

    name: str
    script: str = ""

    @property
    def alias(self) -> str:
        """What style sheets call it."""
        return f"{self.name} {self.script}".rstrip()


@dataclass(frozen=True, slots=True)
class Face:
    """One style of a family."""

    family: str
    style: str
    weight: int
    script: str = ""
    opentype: bool = False

    @property
    def file_name(self) -> str:
        """Its file's name in the publication."""
        slope = "-italic" if self.style == "italic" else ""
        script = f"-{self.script.lower()}" if self.script else ""
        name = slug(self.family)
        name = name if name.isascii() else f"font-{sha256(name.encode()).hexdigest()[:8]}"
        return f"{name}{script}-{self.weight}{slope}.{'otf' if self.opentype else 'ttf'}"

    @property
    def media_type(self) -> str:
        """The media type of its file."""
        return "font/otf" if self.opentype else "font/ttf"

    @property
    def rule(self) -> str:
        """Its `@font-face` rule, for a style sheet beside the folder `fonts`."""
        kind = "opentype" if self.opentype else "truetype"
        return (
            f'@font-face {{ font-family: "{Family(self.family, self.script).alias}"; font-style: {self.style}; '
            f'font-weight: {self.weight}; src: url("../fonts/{self.file_name}") format("{kind}"); }}'
        )


_STAND_INS = (Family(ARABIC), Family(HEBREW))
_HOUSE: Final[Mapping[str, tuple[Family, ...]]] = {
    "text": (Family(SERIF), *_STAND_INS),
    "footnotes": (Family(SERIF), *_STAND_INS),
    "annotations": (Family(SANS), *_STAND_INS),
    "headings": (Family(SERIF), *_STAND_INS),
    "code": (),
}
"""The families of the house style by what they are for: a character is set in the first that has it."""
_SETTINGS: Final = {"footnotes": ("notes", "text"), "annotations": ("notes",), "headings": ("headings", "text")}
_SELECTORS: Final = {
    "text": ("body", "serif"),
    "footnotes": (".notes, .footnote", "serif"),
    "annotations": (".annotations, .annotation, figcaption", "sans-serif"),
    "headings": ("h1, h2, h3, h4, h5, h6", "serif"),
    "code": ("pre, code, kbd, samp", "monospace"),
}
_NO_SETTINGS: Final = FontSettings()


def families(use: str, settings: FontSettings) -> tuple[Family, ...]:
    """The families that are for some use, in the order in which a character is looked for in them."""
    scripts = tuple(Family(name, script) for script, name in settings.scripts if script not in SIGNS)
    signs = tuple(Family(name, script) for script, name in settings.scripts if script in SIGNS)
    own = next(filter(None, (getattr(settings, name) for name in _SETTINGS.get(use, (use,)))), "")
    return (*scripts, *((Family(own),) if own else ()), *_HOUSE[use], *signs)


def rules(settings: FontSettings) -> str:
    """What a title's own fonts are for, as a style sheet; nothing where it has none."""
    if settings == _NO_SETTINGS:
        return ""
    lines: list[str] = []
    for use, (selectors, generic) in _SELECTORS.items():
        names = [f'"{family.alias}"' for family in families(use, settings)]
        lines.append(f"{selectors} {{ font-family: {', '.join((*names, generic))}; }}\n")
    return "".join(lines)


def cut(
    characters: Mapping[str, frozenset[str]],
    *,
    small_capitals: bool,
    settings: FontSettings = _NO_SETTINGS,
    own: Iterable[Font] = (),
) -> Mapping[Face, bytes]:
    """The fonts for a book that uses `characters` for each purpose; a family that sets none is left out."""
    shelf = Shelf(own)
    features = _FIGURES + _SMALL_CAPITALS if small_capitals else _FIGURES
    used: dict[Family, set[str]] = {}
    for use, wanted in characters.items():
        rest = set(wanted)
        for family in families(use, settings):
            found = rest & shelf.letters(family.name, family.script)
            used.setdefault(family, set()).update(found)
            rest -= found
    made: dict[Face, bytes] = {}
    for family, found in used.items():
        for address, weight in shelf.faces(family.name, family.script, opsz=_TEXT_SIZE) if found else ():
            font = shelf.find(address)
            if font is not None:
                data = _cut(font, address, frozenset(found), features)
                made[Face(family.name, address.style, weight, family.script, data[:4] == _OPENTYPE)] = data
    return made


def source(family: str, style: str = "normal") -> harfbuzz.Face:
    """The font that a family's upright (`normal`) or italic styles are cut from."""
    font = Shelf().find(Address(slug(family), style))
    if font is None:
        raise LookupError(family)
    return face(font)


@cache
def letters(family: str) -> frozenset[str]:
    """All characters that a family has."""
    return Shelf().letters(family)


def _cut(font: Font, address: Address, characters: frozenset[str], features: tuple[str, ...]) -> bytes:
    """A font with no more than some characters; the whole of it where its licence does not let it be cut."""
    if not font.subset:
        return font.data
    found = face(font)
    wanted = harfbuzz.SubsetInput()
    wanted.flags = harfbuzz.SubsetFlags.NO_HINTING | harfbuzz.SubsetFlags.NOTDEF_OUTLINE
    wanted.unicode_set.update(map(ord, characters))
    wanted.layout_feature_tag_set.update(int.from_bytes(feature.encode(), "big") for feature in features)
    wanted.name_id_set.update(_LICENCE)
    places = dict(address.axes)
    for axis in found.axis_infos:
        wanted.pin_axis_location(found, axis.tag, places.get(axis.tag, axis.default_value))
    return bytes(harfbuzz.subset(found, wanted).blob.data)
